// Bản sao điện tử: văn thư sao y văn bản giấy sang bản điện tử, cơ quan ký số
// (CN-223, CN-224; NĐ 30 Điều 25 đến 27, Phụ lục I Phần II).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { press, registered, waitFor } from '../support/desk.mjs';
import { openOffice } from '../support/office.mjs';
import { PEOPLE } from '../support/people.mjs';

const office = openOffice();

/** A document that UBND tỉnh issued, as if it had come on paper and been scanned. */
async function scanned() {
  const clerk = await office.asPerson(PEOPLE.province.clerk);
  await (await waitFor(clerk.page, 'dispatched', '')).click();
  await clerk.page.getByRole('heading', { level: 1 }).waitFor();
  const link = clerk.page.locator('a[href^="/files/"]').first();
  const answer = await clerk.context.request.get(await link.getAttribute('href'));
  return { name: 'van_ban_giay.pdf', mimeType: 'application/pdf', buffer: await answer.body() };
}

for (const phone of [false, true]) {
  test(`văn thư lập bản sao điện tử của văn bản giấy${phone ? ', trên điện thoại' : ''}`, async () => {
    const file = await scanned();
    const clerk = await office.asPerson(phone ? PEOPLE.department.clerk : PEOPLE.district.clerk, { phone });
    const { page } = clerk;
    await page.goto('/incoming/paper');
    await page.locator('input[name=main_file]').setInputFiles(file);
    const ready = page.locator('.read-note button');
    await ready.waitFor();
    await ready.click();
    await registered(page);
    await page.getByRole('link', { name: 'Sao văn bản' }).first().click();
    await page.getByRole('link', { name: 'Bản điện tử' }).first().click();
    await page.getByRole('button', { name: 'Cấp số và ký số' }).waitFor();
    await clerk.look('copy-form');
    await press(page, 'Cấp số và ký số');
    await page.getByText(/Đã cấp số và ký số bản sao điện tử/).waitFor();
    await clerk.look('copy-signed');
    const copy = page.locator('main a[href^="/files/"]').first();
    const signed = await clerk.context.request.get(await copy.getAttribute('href'));
    assert.equal(signed.ok(), true);
    const bytes = await signed.body();
    assert.ok(bytes.includes('/ByteRange'), 'bản sao mang chữ ký số');
    await page.goto('/registers/copies');
    await page.getByText('Bản điện tử').first().waitFor();
    await clerk.look('copy-book');
  });
}
