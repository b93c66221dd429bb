import { fileSize } from "./text.ts";

/** What is wrong with a chosen file, and whether it can be sent all the same. */
export interface FileFinding {
  sentence: string;
  /** The server will certainly refuse it. */
  blocking: boolean;
}

const NAME_LIMIT = 50;

/**
 * A first look at a chosen file (Quyết định 01/2022/QĐ-UBND, Điều 8): size, kind and name. The server decides; a name
 * that it would correct is only announced, so `blocking` is false for names.
 */
export function checkFile(name: string, bytes: number, accept: string, maxMegabytes: number): FileFinding[] {
  const found: FileFinding[] = [];
  if (bytes === 0) found.push({ sentence: "Tệp rỗng, hãy chọn tệp khác.", blocking: true });
  if (bytes > maxMegabytes * 1024 * 1024) {
    found.push({
      sentence: `Tệp ${fileSize(bytes)}, vượt quá ${maxMegabytes} MB cho phép. Hãy giảm dung lượng hoặc tách tệp.`,
      blocking: true,
    });
  }
  const dot = name.lastIndexOf(".");
  const extension = dot < 0 ? "" : name.slice(dot).toLowerCase();
  const accepted = accept.split(",").map((kind) => kind.trim().toLowerCase()).filter((kind) => kind.startsWith("."));
  if (accepted.length > 0 && !accepted.includes(extension)) {
    found.push({ sentence: `Không nhận loại tệp này. Các loại được nhận: ${accepted.join(", ")}.`, blocking: true });
  }
  const stem = dot < 0 ? name : name.slice(0, dot);
  if ([...name].length > NAME_LIMIT) {
    found.push({ sentence: `Tên tệp dài quá ${NAME_LIMIT} ký tự; hệ thống sẽ đề nghị tên rút gọn.`, blocking: false });
  } else if (!/^[A-Za-z0-9_.-]+$/.test(stem)) {
    found.push({ sentence: "Tên tệp có dấu, dấu cách hoặc ký tự đặc biệt; hệ thống sẽ đề nghị tên không dấu.", blocking: false });
  }
  return found;
}
