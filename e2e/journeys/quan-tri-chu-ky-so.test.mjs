// Quản trị chữ ký số: trust, keys, images, custody, as administrators and clerks see them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openOffice } from '../support/office.mjs';

const office = openOffice();

const OF_PROVINCE = [
  ['', 'tong-quan'],
  ['/trust', 'danh-sach-tin-cay'],
  ['/algorithms', 'thuat-toan'],
  ['/evidence', 'bang-chung-thu-hoi'],
  ['/time-stamp', 'dau-thoi-gian'],
  ['/providers', 'noi-luu-khoa'],
  ['/providers/new?kind=csc', 'noi-luu-khoa-csc'],
];

const OF_AGENCY = [
  ['', 'co-quan'],
  ['/certificates', 'chung-thu'],
  ['/certificates/new', 'gan-chung-thu'],
  ['/images', 'hinh-anh'],
  ['/images/new', 'dat-hinh-anh'],
  ['/custody', 'giao-giu'],
  ['/uses', 'nhat-ky-khoa'],
];

test('quản trị của tỉnh xem và sắp xếp việc ký số', async () => {
  for (const phone of [false, true]) {
    const province = await office.asPerson('datdt.ubnd', { phone });
    for (const [path, name] of OF_PROVINCE) {
      await province.page.goto(`/administration/signing${path}`);
      await province.look(`quan-tri-ky-so-${name}`);
    }
    await province.page.goto('/administration/signing/trust');
    await province.page.getByRole('link', { name: /Chứng thư gốc thử nghiệm/ }).click();
    await province.look('quan-tri-ky-so-chung-thu-goc');
  }
});

test('quản trị của cơ quan thấy chứng thư, hình ảnh và người giữ thiết bị', async () => {
  for (const phone of [false, true]) {
    const administrator = await office.asPerson('tupa.stttt', { phone });
    for (const [path, name] of OF_AGENCY) {
      await administrator.page.goto(`/administration/signing${path}`);
      await administrator.look(`quan-tri-ky-so-${name}`);
    }
    await administrator.page.goto('/administration/signing/certificates');
    await administrator.page.getByRole('link', { name: 'Đặng Minh Hưng' }).click();
    await administrator.look('quan-tri-ky-so-mot-chung-thu');
    const text = await administrator.page.locator('main').innerText();
    assert.match(text, /HỢP LỆ/);
    assert.match(text, /chỉ dùng thử/);
  }
});

test('bàn giao thiết bị lưu khóa có văn bản cho phép và biên bản', async () => {
  const administrator = await office.asPerson('tupa.stttt');
  const { page } = administrator;
  await page.goto('/administration/signing/custody');
  await page.getByRole('link', { name: /Khóa phần mềm của cơ quan/ }).click();
  await page.getByLabel('Người nhận').selectOption({ index: 1 });
  await page.getByLabel('Văn bản giao nhiệm vụ').fill('Quyết định số 12/QĐ-STTTT ngày 02/01/2026');
  await page.getByLabel('Biên bản bàn giao').fill('Biên bản số 03/BB-STTTT');
  await page.getByRole('button', { name: 'Ghi nhận bàn giao' }).click();
  await page.getByText('Đã ghi nhận bàn giao.').waitFor();
  await administrator.look('quan-tri-ky-so-ho-so-thiet-bi');
  const clerk = await office.asPerson('anhltn.stttt');
  await clerk.page.goto('/administration/signing/custody');
  await clerk.page.getByRole('link', { name: /Khóa phần mềm của cơ quan/ }).click();
  await clerk.page.getByText('Biên bản số 03/BB-STTTT').waitFor();
  assert.equal(await clerk.page.getByRole('button', { name: 'Ghi nhận bàn giao' }).count(), 0);
});
