// Đặt vị trí chữ ký: a file made in a word processor is uploaded; the program suggests where signature, number and day
// stand, people correct it, and what is signed and issued stands there (NĐ 30 Phụ lục I, mục II, 3, 4, 7).
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { demoRoot, judge } from '../support/judge.mjs';
import { openOffice } from '../support/office.mjs';
import { OUT } from '../support/out.mjs';
import { PEOPLE } from '../support/people.mjs';
import { wordPdf } from '../support/word-pdf.mjs';

const office = openOffice();
const UNPLACED = 'Chưa đặt vị trí chữ ký, số, ngày trên tệp tải lên.';

/** Presses a button, and says yes when asked. */
async function press(page, name) {
  await page.getByRole('button', { name }).first().click();
  const sure = page.locator('dialog[open]').getByRole('button').last();
  if (await sure.isVisible().catch(() => false)) await sure.click();
  await page.waitForLoadState('load');
}

const value = async (page, field) => Number(await page.locator(`input[name=${field}]`).inputValue());
const near = (found, wanted, within, what) =>
  assert.ok(Math.abs(found - wanted) <= within, `${what}: ${found} thay vì ${wanted} ± ${within}`);

for (const phone of [false, true]) {
  test(`tệp tải lên được gợi ý, chỉnh vị trí, ký và phát hành${phone ? ', trên điện thoại' : ''}`, async () => {
    const known = new Map();
    const person = async (account) => {
      if (!known.has(account)) known.set(account, await office.asPerson(account, { phone }));
      return known.get(account);
    };
    const subject = `Thành lập Ban chỉ đạo chuyển đổi số${phone ? ' giai đoạn hai' : ''}`;
    const drafter = await person(PEOPLE.province.drafter);
    const { page } = drafter;
    const pdf = await wordPdf(drafter.context, { subject, title: 'CHỦ TỊCH', signer: 'Trần Quốc Khải' });

    await page.goto('/outgoing/new');
    await page.getByLabel('Loại văn bản').selectOption('quyet_dinh');
    await page.getByLabel('Trích yếu nội dung').fill(subject);
    await page.locator('input[name=main_kind][value=file]').check();
    await page.locator('input[name=main_file]').setInputFiles({ name: 'quyet_dinh.pdf', mimeType: 'application/pdf', buffer: pdf });
    await page.locator('input[name=recipients]').and(page.getByLabel('Sở Thông tin và Truyền thông', { exact: false })).first().check();
    await press(page, 'Lưu dự thảo');
    await page.getByText(UNPLACED).waitFor();
    await drafter.look('dat-vi-tri-chua-dat');
    const document = page.url();

    // The suggestion: read from the text of the file.
    await page.getByRole('link', { name: 'Đặt vị trí' }).first().click();
    await page.locator('place-marks[data-ready]').waitFor();
    await page.getByText('là gợi ý đọc từ nội dung tệp').waitFor();
    assert.equal(await value(page, 'page'), 2, 'trang có tên người ký ở chỗ ký, không phải trang nhắc đến tên');
    assert.deepEqual([await value(page, 'width'), await value(page, 'height')], [40, 20]);
    near(await value(page, 'number_width'), 12, 1, 'chỗ trống của số');
    near((await value(page, 'month_x')) - (await value(page, 'day_x')), 20, 5, 'từ ngày đến tháng');
    await drafter.look('dat-vi-tri-goi-y');

    // By the pointer: what is pulled is written into the fields.
    await page.getByRole('button', { name: 'Xem khung chữ ký' }).click();
    const grab = page.getByRole('button', { name: 'Dời khung Chữ ký' });
    const frame = page.locator('.place-mark[data-mark=signature]');
    const perPixel = 210 / (await page.locator('.pdf-over').nth(1).evaluate((over) => over.clientWidth));
    const before = { x: await value(page, 'x'), y: await value(page, 'y') };
    await pull(drafter, grab, -10, 4);
    near(await value(page, 'x'), before.x - 10 * perPixel, 0.2, 'kéo ngang');
    near(await value(page, 'y'), before.y + 4 * perPixel, 0.2, 'kéo dọc');
    await pull(drafter, page.getByRole('button', { name: 'Đổi cỡ khung Chữ ký' }), 8, 0);
    near(await value(page, 'width'), 40 + 8 * perPixel, 0.2, 'kéo rộng');

    // By the keyboard: 1 mm, with shift a tenth.
    await grab.focus();
    const from = await value(page, 'x');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Shift+ArrowRight');
    near(await value(page, 'x'), from + 1.1, 0.001, 'phím mũi tên');
    await page.getByText(/^Khung Chữ ký: cách trái/).waitFor({ state: 'attached' });
    await page.getByRole('button', { name: 'Đổi cỡ khung Số' }).focus();
    const room = await value(page, 'number_width');
    await page.keyboard.press('ArrowLeft');
    near(await value(page, 'number_width'), room - 1, 0.001, 'đổi cỡ bằng phím');

    // By the fields: the rectangle follows.
    await page.locator('input[name=width]').fill('40');
    await page.locator('input[name=height]').fill('18');
    near((await frame.boundingBox()).height * perPixel, 18, 1, 'khung theo ô số');
    await page.getByRole('button', { name: 'Xem khung chữ ký' }).click();
    await drafter.look('dat-vi-tri-da-chinh');
    const placed = { x: await value(page, 'x'), y: await value(page, 'y') };
    await press(page, 'Lưu vị trí');
    await page.waitForURL(document);
    assert.equal(await page.getByText(UNPLACED).count(), 0);

    // What was kept is shown again, and nothing is suggested over it.
    await page.getByRole('link', { name: 'Đặt vị trí chữ ký, số, ngày' }).click();
    await page.locator('place-marks[data-ready]').waitFor();
    assert.deepEqual({ x: await value(page, 'x'), y: await value(page, 'y') }, placed);
    assert.equal(await page.getByText('là gợi ý đọc từ nội dung tệp').isVisible(), false);
    await page.goto(document);
    await press(page, 'Trình dự thảo');

    for (const [account, button] of [
      [PEOPLE.province.unitHead, 'Xác nhận nội dung'],
      [PEOPLE.province.clerk, 'Xác nhận thể thức'],
      [PEOPLE.province.head, 'Duyệt và ký số'],
    ]) {
      const one = await person(account);
      await one.page.goto(document);
      await press(one.page, button);
      await one.page.locator('[data-flash]').first().waitFor();
    }

    // Once it is signed, the signature stays where it is; the clerk may still move number and day.
    const clerk = await person(PEOPLE.province.clerk);
    await clerk.page.goto(`${document}/place`);
    await clerk.page.locator('place-marks[data-ready]').waitFor();
    assert.equal(await clerk.page.getByRole('button', { name: 'Dời khung Chữ ký' }).count(), 0);
    await clerk.look('dat-vi-tri-da-ky');
    await clerk.page.goto(document);
    await press(clerk.page, 'Cấp số, ký số cơ quan và phát hành');
    await clerk.page.getByText('Có giá trị pháp lý như văn bản giấy').first().waitFor();
    await clerk.look('dat-vi-tri-phat-hanh');
    await stands(clerk, placed);
  });
}

/** Pulls by the mouse, on the phone by a finger. */
async function pull({ page, phone, context }, button, dx, dy) {
  const box = await button.boundingBox();
  const at = (part) => ({ x: box.x + box.width / 2 + dx * part, y: box.y + box.height / 2 + dy * part });
  if (phone) {
    const finger = await context.newCDPSession(page);
    const send = (type, ...touchPoints) => finger.send('Input.dispatchTouchEvent', { type, touchPoints });
    await send('touchStart', at(0));
    await send('touchMove', at(0.5));
    await send('touchMove', at(1));
    await send('touchEnd');
    await finger.detach();
    return;
  }
  await page.mouse.move(at(0).x, at(0).y);
  await page.mouse.down();
  await page.mouse.move(at(0.5).x, at(0.5).y);
  await page.mouse.move(at(1).x, at(1).y);
  await page.mouse.up();
}

/** The issued file: valid for an outside judge, its signature within the box where it was placed. */
async function stands(person, placed) {
  const link = person.page.locator('a[href^="/files/"]').first();
  const pdf = await (await person.context.request.get(await link.getAttribute('href'))).body();
  await writeFile(join(OUT, `dat-vi-tri${person.phone ? '-phone' : ''}.pdf`), pdf);
  const signatures = await judge(pdf, await demoRoot(office.server.data));
  assert.ok(signatures.length >= 3, 'người ký, cơ quan hai lần');
  for (const one of signatures) assert.ok(one.bottom_line, `pyHanko: ${one.field} ${one.problem} ${one.error ?? ''}`);
  const mm = 72 / 25.4;
  const boxes = [...pdf.toString('latin1').matchAll(/\/Rect\s*\[([^\]]+)\]/g)].map((found) => found[1].trim().split(/\s+/).map(Number));
  const within = ([left, bottom, right, top]) =>
    left >= (placed.x - 0.5) * mm && right <= (placed.x + 40.5) * mm && top <= 842 - (placed.y - 0.5) * mm && bottom >= 842 - (placed.y + 18.5) * mm && right > left;
  assert.ok(boxes.some(within), `không chữ ký nào đứng trong khung đã đặt: ${JSON.stringify(boxes)}`);
}
