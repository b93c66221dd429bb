import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./build.mjs";

const { runOf, numberBlank, dayBlanks, signatureBox } = await load("place-suggestion.ts");

const run = (text, x, baseline, width) => ({ text, x, baseline, width, size: 4.6 });
const near = (value, wanted, within = 0.5) => assert.ok(Math.abs(value - wanted) <= within, `${value} is not ${wanted} ± ${within}`);

const HEAD = [
  run("ỦY BAN NHÂN DÂN", 40, 24, 45),
  run("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 100, 24, 90),
  run("Số:", 45, 37.5, 7),
  run("/QĐ-UBND", 64, 37.5, 22),
  run("Đắk Nông, ngày", 106, 37.6, 29),
  run("tháng", 143, 37.6, 11),
  run("năm 2026", 162, 37.6, 18),
  run("Căn cứ Nghị định ngày 05 tháng 3 năm 2020 của Chính phủ;", 30, 60, 110),
];

test("the number goes between “Số:” and the slash, whatever pieces the line comes in", () => {
  const pieces = numberBlank(HEAD);
  near(pieces.x, 52);
  near(pieces.width, 12);
  near(pieces.baseline, 37.5);
  const spaces = numberBlank([run("Số:         /QĐ-UBND", 45, 37.5, 48)]);
  assert.ok(spaces.x > 50 && spaces.x < 60 && spaces.width > 8, JSON.stringify(spaces));
  const dots = numberBlank([run("Số: ………/BC-STTTT", 45, 37.5, 48)]);
  assert.ok(dots.width > 10, JSON.stringify(dots));
});

test("a number that is there already, or that has no room, is not suggested", () => {
  assert.equal(numberBlank([run("Số: 12/QĐ-UBND", 45, 37.5, 40)]), null);
  assert.equal(numberBlank([run("Số:/QĐ-UBND", 45, 37.5, 30)]), null);
  assert.equal(numberBlank([]), null);
});

test("day and month go into the blanks of the line of the place, not into a date that is spoken of", () => {
  const { day, month } = dayBlanks(HEAD);
  near(day.x, 135);
  near(day.width, 8);
  near(month.x, 154);
  near(month.width, 8);
  assert.equal(dayBlanks([run("Căn cứ Nghị định ngày 05 tháng 3 năm 2020", 30, 60, 110)]), null);
});

test("the signature stands centred over the signer's name, below the title, 40 by 20 mm", () => {
  const end = [
    run("Trần Quốc Khải làm Tổ trưởng;", 40, 180, 60),
    run("và các thành viên khác.", 40, 174, 50),
    run("Nơi nhận:", 30, 210, 18),
    run("CHỦ TỊCH", 130, 210, 24),
    run("- Lưu: VT.", 30, 216, 18),
    run("Trần Quốc", 124, 245, 22),
    run("Khải", 147, 245, 9),
  ];
  const box = signatureBox(end, "Trần Quốc Khải");
  assert.deepEqual([box.width, box.height], [40, 20]);
  near(box.x + 20, 140);
  near(box.y + 10, (211.5 + 240) / 2);
});

test("a narrow gap makes a smaller signature; a name within the text is passed over", () => {
  const narrow = signatureBox([run("GIÁM ĐỐC", 130, 210, 24), run("Đặng Minh Hưng", 126, 229, 32)], "Đặng Minh Hưng");
  near(narrow.height, 12.5, 0.01);
  near(narrow.width, 25, 0.01);
  assert.equal(signatureBox([run("Giao ông", 40, 100, 30), run("Đặng Minh Hưng", 40, 106, 30)], "Đặng Minh Hưng"), null);
  assert.equal(signatureBox(HEAD, "Đặng Minh Hưng"), null);
  assert.equal(signatureBox(HEAD, ""), null);
});

test("letters with their accents apart are the same name", () => {
  const apart = runOf({ str: "Trần Quốc Khải".normalize("NFD"), transform: [13, 0, 0, 13, 360, 150], width: 90, height: 13 }, [1, 0, 0, -1, 0, 842]);
  near(apart.x, 127, 0.01);
  near(apart.baseline, (842 - 150) * (25.4 / 72), 0.01);
  assert.notEqual(signatureBox([apart], "Trần Quốc Khải"), null);
});

test("a turned page is read as it is seen, turned text is left out", () => {
  const item = { str: "Số:", transform: [0, 13, -13, 0, 100, 50], width: 20, height: 13 };
  assert.equal(runOf(item, [1, 0, 0, -1, 0, 842]), null);
  const seen = runOf(item, [0, 1, 1, 0, 0, 0]); // a page with /Rotate 90
  near(seen.x, 50 * (25.4 / 72), 0.01);
  near(seen.baseline, 100 * (25.4 / 72), 0.01);
});
