// Where signature, number and day may stand on a PDF that was made elsewhere, read from its text. Only a suggestion: a
// person looks at it before it is kept. Everything is in millimetres from the upper left corner of the page as it is seen.

const MM = 25.4 / 72;

/** A piece of text on one line. */
export interface Run {
  text: string;
  x: number;
  baseline: number;
  width: number;
  /** Height of the letters. */
  size: number;
}

/** A blank within a line. */
export interface Blank {
  x: number;
  width: number;
  baseline: number;
}

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** One letter with its edges. */
interface Glyph {
  char: string;
  x: number;
  right: number;
}

interface Line {
  baseline: number;
  glyphs: Glyph[];
  text: string;
}

/** What pdf.js tells of a piece of text, as far as it is needed here. */
export interface PdfText {
  str: string;
  transform: number[];
  width: number;
  height: number;
}

/** A piece of text of pdf.js as it is seen through a viewport of scale 1; `null` for nothing, and for text that is turned. */
export function runOf(item: PdfText, viewport: number[]): Run | null {
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = viewport;
  const [ia = 1, ib = 0, , , ix = 0, iy = 0] = item.transform;
  if (item.str === "") return null;
  const along = a * ia + c * ib;
  const across = b * ia + d * ib;
  if (along <= 0 || Math.abs(across) > along * 0.02) return null;
  // A page may count in units larger than points: the viewport then enlarges.
  const scale = Math.hypot(a, b);
  return {
    text: item.str.normalize("NFC"),
    x: (a * ix + c * iy + e) * MM,
    baseline: (b * ix + d * iy + f) * MM,
    width: item.width * scale * MM,
    size: item.height * scale * MM,
  };
}

/** How wide a letter is in comparison with the others, as in the usual serif type; only the parts of a run are split by it. */
function weight(char: string): number {
  const base = char.normalize("NFD").charAt(0);
  if (/[\s.,:;/'|ijltI]/.test(base)) return 0.28;
  if (/[frsJ()\-]/.test(base)) return 0.36;
  if (/[mwMW…]/.test(base)) return 0.85;
  if (/\p{Lu}|Đ/u.test(base)) return 0.68;
  return 0.5;
}

function glyphsOf(run: Run): Glyph[] {
  const chars = [...run.text];
  const whole = chars.reduce((sum, char) => sum + weight(char), 0);
  let x = run.x;
  return chars.map((char) => {
    const left = x;
    x += (run.width * weight(char)) / whole;
    return { char, x: left, right: x };
  });
}

/** The lines of a page, from its top. Two columns that stand level are one line; what lies between them counts as space. */
export function linesOf(runs: Run[]): Line[] {
  const rows: { baseline: number; runs: Run[] }[] = [];
  for (const run of runs.toSorted((one, other) => one.baseline - other.baseline)) {
    const row = rows.at(-1);
    if (row && run.baseline - row.baseline < 1) row.runs.push(run);
    else rows.push({ baseline: run.baseline, runs: [run] });
  }
  return rows.map(({ baseline, runs: pieces }) => {
    const glyphs: Glyph[] = [];
    for (const run of pieces.toSorted((one, other) => one.x - other.x)) {
      const last = glyphs.at(-1);
      if (last && run.x - last.right > run.size * 0.15) glyphs.push({ char: " ", x: last.right, right: run.x });
      glyphs.push(...glyphsOf(run));
    }
    return { baseline, glyphs, text: glyphs.map((glyph) => glyph.char.charAt(0)).join("") };
  });
}

const LEAST_BLANK = 4;

/** The blanks that the groups of `pattern` find in the first line in which all of them are wide enough to be written in. */
function blanks(lines: Line[], pattern: RegExp): Blank[] | null {
  for (const line of lines) {
    const found = pattern.exec(line.text);
    if (!found?.indices) continue;
    const places = found.indices.slice(1).map((span) => {
      const [from, to] = span ?? [0, 0];
      const x = line.glyphs[from - 1]?.right ?? 0;
      return { x, width: (line.glyphs[to]?.x ?? x) - x, baseline: line.baseline };
    });
    if (places.every((place) => place.width >= LEAST_BLANK)) return places;
  }
  return null;
}

/** Ô 3: what lies between “Số:” and the slash of the symbol. */
export function numberBlank(runs: Run[]): Blank | null {
  return blanks(linesOf(runs), /(?<!\p{L})số\s?:([\s.…_]*)\//diu)?.[0] ?? null;
}

/** Ô 4: what lies between “ngày”, “tháng” and “năm”. */
export function dayBlanks(runs: Run[]): { day: Blank; month: Blank } | null {
  const [day, month] = blanks(linesOf(runs), /ngày([\s.…_]*)tháng([\s.…_]*)năm/diu) ?? [];
  return day && month ? { day, month } : null;
}

/** Letters and digits alone, without case: spaces may stand anywhere in the text of a PDF. */
function plain(char: string): string {
  return /[\p{L}\p{N}]/u.test(char) ? char.toLowerCase() : "";
}

const USUAL = { width: 40, height: 20 };
/** Height of letters above their line, and what hangs below it. */
const ABOVE = 5;
const BELOW = 1.5;
const LEAST_GAP = 10;
const MOST_GAP = 70;

/**
 * Ô 7c: centred over the signer's name, between the name and what stands above it. A name with a line of text right above
 * it is only spoken of, so an earlier one is looked for.
 */
export function signatureBox(runs: Run[], signer: string): Box | null {
  const wanted = [...signer.normalize("NFC")].map(plain).join("");
  if (wanted === "") return null;
  const lines = linesOf(runs);
  for (const line of lines.toReversed()) {
    const letters = line.glyphs.filter((glyph) => plain(glyph.char) !== "");
    const start = letters.map((glyph) => plain(glyph.char)).join("").lastIndexOf(wanted);
    const first = letters[start];
    const last = letters[start + wanted.length - 1];
    if (start < 0 || !first || !last) continue;
    const centre = (first.x + last.right) / 2;
    const above = lines.findLast(
      (other) =>
        other.baseline < line.baseline - 1 &&
        other.glyphs.some((glyph) => glyph.char.trim() !== "" && glyph.right > centre - 15 && glyph.x < centre + 15),
    );
    const bottom = line.baseline - ABOVE;
    const gap = above ? bottom - above.baseline - BELOW : MOST_GAP;
    if (gap < LEAST_GAP) continue;
    const height = Math.min(USUAL.height, gap);
    const width = (USUAL.width * height) / USUAL.height;
    const middle = gap >= MOST_GAP ? bottom - height / 2 : bottom - gap / 2;
    return { x: Math.max(centre - width / 2, 0), y: Math.max(middle - height / 2, 0), width, height };
  }
  return null;
}
