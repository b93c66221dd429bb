import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./build.mjs";

const { fold, matches, fileSize, spellDay } = await load("text.ts");
const { checkFile } = await load("file-check.ts");
const { KeySequence } = await load("key-sequence.ts");

test("accents, case, đ and the two ways to write a letter make no difference", () => {
  assert.equal(fold("Đắk  Nông"), "dak nong");
  assert.equal(fold("Đắk Nông".normalize("NFD")), fold("Đắk Nông".normalize("NFC")));
});

test("each typed word must begin a word of the name", () => {
  assert.ok(matches("Phòng Kế hoạch – Tài chính", "tai ke"));
  assert.ok(matches("Sở TT&TT (Văn phòng)", "vp") === false);
  assert.ok(!matches("Phòng Kế hoạch – Tài chính", "hinh"));
  assert.ok(matches("bất kỳ", "  "));
});

test("sizes read as the server writes them", () => {
  assert.equal(fileSize(812), "812 B");
  assert.equal(fileSize(1025), "2 KB");
  assert.equal(fileSize(1_572_864), "1,5 MB");
});

test("a date is spelt with its weekday, day before month", () => {
  assert.equal(spellDay("2026-12-01"), "Thứ Ba, 01/12/2026");
  assert.equal(spellDay("2026-11-22"), "Chủ nhật, 22/11/2026");
  assert.equal(spellDay(""), "");
});

test("a file that the server would refuse is stopped, a name that it would correct is only announced", () => {
  const limit = 50 * 1024 * 1024;
  assert.deepEqual(checkFile("QD01_2022.pdf", limit, ".pdf,.docx", 50), []);
  assert.ok(checkFile("a.pdf", limit + 1, ".pdf", 50)[0].blocking);
  assert.ok(checkFile("a.pdf", 0, ".pdf", 50)[0].blocking);
  assert.ok(checkFile("a.exe", 10, ".pdf,.docx", 50)[0].sentence.includes(".pdf, .docx"));
  assert.deepEqual(checkFile("quyết định.pdf", 10, ".pdf", 50).map((found) => found.blocking), [false]);
  assert.deepEqual(checkFile(`${"a".repeat(47)}.pdf`, 10, "", 50).map((found) => found.blocking), [false]);
  assert.deepEqual(checkFile(`${"a".repeat(46)}.PDF`, 10, ".pdf", 50), []);
});

test("a pair of keys counts only within a second, and not after it was used", () => {
  const keys = new KeySequence();
  assert.deepEqual(keys.press("g", 0), ["g"]);
  assert.deepEqual(keys.press("h", 900), ["g h", "h"]);
  keys.clear();
  assert.deepEqual(keys.press("h", 950), ["h"]);
  assert.deepEqual(keys.press("x", 2500), ["x"]);
});
