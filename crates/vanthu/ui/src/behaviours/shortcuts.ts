import { KeySequence } from "../key-sequence.ts";
import { el } from "../text.ts";

/** Keys that every page knows, besides its `[data-shortcut]` elements. */
const COMMON: [string, string][] = [
  ["j", "Xuống dòng dưới trong danh sách"],
  ["k", "Lên dòng trên trong danh sách"],
  ["Enter", "Mở văn bản đang chọn"],
  ["x", "Đánh dấu chọn dòng"],
  ["?", "Bảng phím tắt này"],
];

/** Keyboard: `[data-shortcut]` elements, rows of a list with j/k/x, `?` for the table of keys. */
export function listenToKeys(): void {
  const sequence = new KeySequence();
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
    for (const keys of sequence.press(event.key, event.timeStamp)) {
      if (!act(keys)) continue;
      event.preventDefault();
      sequence.clear();
      return;
    }
  });
}

/** Buttons that open the table of keys. */
export function offerKeyTable(): void {
  for (const opener of document.querySelectorAll("[data-shortcuts-open]")) opener.addEventListener("click", showTable);
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button", "submit", "file"].includes(target.type);
}

function act(keys: string): boolean {
  if (keys === "?") {
    showTable();
    return true;
  }
  if (keys === "j" || keys === "k") return moveRow(keys === "j" ? 1 : -1);
  if (keys === "x") return tickRow();
  for (const target of document.querySelectorAll<HTMLElement>("[data-shortcut]")) {
    if (target.dataset["shortcut"] !== keys || target.getAttribute("aria-disabled") === "true" || !target.checkVisibility()) continue;
    if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) {
      target.focus();
      target.select();
    } else {
      target.click();
    }
    return true;
  }
  return false;
}

function rows(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("[data-row]")];
}

function moveRow(step: number): boolean {
  const all = rows();
  if (all.length === 0) return false;
  const now = all.findIndex((row) => row.contains(document.activeElement));
  const next = all[now < 0 ? 0 : Math.min(Math.max(now + step, 0), all.length - 1)];
  next?.querySelector("a")?.focus();
  next?.scrollIntoView({ block: "nearest" });
  return true;
}

function tickRow(): boolean {
  const box = rows()
    .find((row) => row.contains(document.activeElement))
    ?.querySelector<HTMLInputElement>("input[type=checkbox]");
  if (!box) return false;
  box.checked = !box.checked;
  box.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}

function showTable(): void {
  const dialog = el("dialog", "sheet", "", { "aria-labelledby": "keys-title" });
  const list = el("dl", "shortcut-list");
  const seen = new Set<string>();
  const add = (keys: string, label: string): void => {
    if (seen.has(keys)) return;
    seen.add(keys);
    const term = el("dt");
    for (const key of keys.split(" ")) term.append(el("kbd", "", key), " ");
    list.append(term, el("dd", "", label));
  };
  for (const target of document.querySelectorAll<HTMLElement>("[data-shortcut]")) {
    if (target.checkVisibility()) add(target.dataset["shortcut"] ?? "", target.dataset["shortcutLabel"] ?? target.textContent?.trim() ?? "");
  }
  for (const [keys, label] of COMMON) if (rows().length > 0 || keys === "?") add(keys, label);
  const close = el("form", "form-acts", "", { method: "dialog" });
  close.append(el("button", "btn", "Đóng"));
  dialog.append(el("h2", "", "Phím tắt", { id: "keys-title" }), list, close);
  document.querySelector<HTMLElement>("#who-menu:popover-open")?.hidePopover();
  document.body.append(dialog);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.showModal();
}
