// Đăng ký văn bản đến không phải gõ: văn thư chọn tệp PDF có lớp chữ, nhìn qua rồi nhấn Enter
// (CN-106; NĐ 30 Điều 22.3b, Phụ lục VI Phần I III.1g).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { press, registered, waitFor } from '../support/desk.mjs';
import { openOffice } from '../support/office.mjs';
import { PEOPLE } from '../support/people.mjs';

const office = openOffice();

/** A document that UBND tỉnh issued: its PDF, its number and symbol as its page says them. */
async function issued() {
  const clerk = await office.asPerson(PEOPLE.province.clerk);
  await (await waitFor(clerk.page, 'dispatched', '')).click();
  await clerk.page.getByRole('heading', { level: 1 }).waitFor();
  const link = clerk.page.locator('a[href^="/files/"]').first();
  const answer = await clerk.context.request.get(await link.getAttribute('href'));
  const said = await clerk.page.locator('main').innerText();
  const symbol = said.match(/\d{2,}\/[\p{L}\p{N}/.-]+/u)[0];
  const file = { name: 'van_ban_giay.pdf', mimeType: 'application/pdf', buffer: await answer.body() };
  return { file, symbol, subject: await clerk.page.getByRole('heading', { level: 1 }).innerText() };
}

for (const phone of [false, true]) {
  test(`văn thư đăng ký văn bản mà không gõ chữ nào${phone ? ', trên điện thoại' : ''}`, async () => {
    const { file, symbol } = await issued();
    const clerk = await office.asPerson(phone ? PEOPLE.commune.clerk : PEOPLE.district.clerk, { phone });
    const { page } = clerk;
    await page.goto('/incoming/paper');
    await clerk.look('dang-ky-trong');
    await page.locator('input[name=main_file]').setInputFiles(file);
    const ready = page.locator('.read-note button');
    await ready.waitFor();
    assert.match(await page.locator('.read-note').innerText(), /Đã điền \d+ ô từ tệp/);
    const [number, sign] = symbol.split(/\/(.*)/);
    assert.equal(Number(await page.getByLabel('Số', { exact: true }).inputValue()), Number(number));
    assert.equal(await page.getByLabel('Ký hiệu').inputValue(), sign);
    assert.equal(await page.getByLabel('Nơi gửi').inputValue(), 'Ủy ban nhân dân tỉnh Đắk Nông');
    assert.notEqual(await page.getByLabel('Trích yếu nội dung').inputValue(), '');
    await clerk.look('dang-ky-da-doc');
    // One glance and Enter: the button already has the focus.
    assert.equal(await ready.evaluate((button) => button === document.activeElement), true);
    await page.keyboard.press('Enter');
    await registered(page);
    assert.ok((await page.locator('main').innerText()).includes(symbol), symbol);
    await clerk.look('dang-ky-xong');
  });
}

test('không có JavaScript thì một nút đọc tệp, và bản chụp không có chữ được báo rõ', async () => {
  const { file, symbol } = await issued();
  const clerk = await office.asPerson(PEOPLE.department.clerk, { javaScript: false });
  const { page } = clerk;
  const pixel = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI7wAAAABJRU5ErkJggg==', 'base64');
  await page.goto('/incoming/paper');
  await page.getByLabel('Ghi chú').fill('Bản giấy ở tủ 2');
  await page.locator('input[name=main_file]').setInputFiles({ name: 'ban_chup.png', mimeType: 'image/png', buffer: pixel });
  await press(page, 'Đọc thông tin từ tệp');
  await page.getByText('không có lớp chữ nên không tự điền được').waitFor();
  await page.locator('input[name=main_file]').setInputFiles(file);
  await press(page, 'Đọc thông tin từ tệp');
  await page.getByText(/Đã điền \d+ ô từ tệp/).waitFor();
  assert.equal(await page.getByLabel('Ghi chú').inputValue(), 'Bản giấy ở tủ 2');
  await page.locator('.read-note button').click();
  await registered(page);
  assert.ok((await page.locator('main').innerText()).includes(symbol), symbol);
});
