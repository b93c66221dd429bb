// Danh mục trục liên thông: quản trị tìm, nhập từ tệp, đóng khi sáp nhập; chuyên viên tìm và chọn nơi nhận ngoài hệ thống.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openOffice } from '../support/office.mjs';
import { PEOPLE } from '../support/people.mjs';

const office = openOffice();
const LIST = '/administration/directory';

const FILE = [
  'Mã định danh,Mã cũ,Tên,Mã cấp trên,Cấp,Thư điện tử',
  'H96,000.00.00.H96,Ủy ban nhân dân tỉnh Đồng Xanh,,1,vanthu@dongxanh.example',
  'H96.05,000.00.05.H96,Sở Nội vụ tỉnh Đồng Xanh,H96,2,',
  'H96.06,,,H96,2,',
  'H98.05,,Sở Nội vụ và Lao động tỉnh Thử Nghiệm,H98,2,',
  'H96.07,,Sở Y tế tỉnh Đồng Xanh,H96,hai,',
].join('\n');

for (const phone of [false, true]) {
  const where = phone ? ', trên điện thoại' : '';

  test(`quản trị của tỉnh tìm trong danh mục và xem một cơ quan${where}`, async () => {
    const administrator = await office.asPerson('datdt.ubnd', { phone });
    const { page } = administrator;
    await page.goto(LIST);
    await administrator.look('danh-muc');
    await page.getByLabel('Tên hoặc mã định danh').fill('noi vu thu nghiem');
    await page.getByRole('button', { name: 'Tìm', exact: true }).click();
    await page.getByRole('link', { name: /Sở Nội vụ .*tỉnh Thử Nghiệm/ }).click();
    await administrator.look('danh-muc-mot-co-quan');
    assert.match(await page.locator('main').innerText(), /000\.00\.05\.H98/);
    for (const [path, name] of [['/new', 'them'], ['/import', 'nhap-tep'], ['/proposals', 'doi-chieu']]) {
      await page.goto(LIST + path);
      await administrator.look(`danh-muc-${name}`);
    }
  });

  test(`chuyên viên tìm nơi nhận ngoài hệ thống trong khi soạn thảo${where}`, async () => {
    const officer = await office.asPerson(PEOPLE.province.drafter, { phone });
    const { page } = officer;
    await page.goto('/outgoing/new');
    await page.getByLabel('Trích yếu nội dung').fill('V/v phối hợp thực hiện');
    const field = page.getByLabel('Tìm theo tên hoặc mã định danh');
    await field.fill('so tai chinh thu');
    const row = page.locator('.axis-row').filter({ hasText: 'Sở Tài chính tỉnh Thử Nghiệm' });
    await row.getByRole('combobox').selectOption({ label: 'Để thực hiện' });
    // What was chosen stays while something else is looked for.
    await field.fill('G99.15');
    const other = page.locator('.axis-row').filter({ hasText: 'Cục Chuyển đổi số' });
    await other.getByRole('combobox').selectOption({ label: 'Để biết' });
    assert.equal(await row.getByRole('combobox').inputValue(), 'act:H98.06');
    await field.scrollIntoViewIfNeeded();
    await officer.look('noi-nhan-truc-dang-tim');
    await field.fill('Sở Nội vụ tỉnh Ví Dụ\nG99.01\nKhông có nơi này');
    await page.getByRole('button', { name: 'Tìm nơi nhận' }).click();
    await page.getByText('Không tìm thấy “Không có nơi này”').waitFor();
    assert.equal(await page.getByLabel('Trích yếu nội dung').inputValue(), 'V/v phối hợp thực hiện');
    assert.equal(await page.locator('.axis-row select').filter({ has: page.locator('option[value^="act:"]:checked') }).count(), 3);
    await officer.look('noi-nhan-truc-dan-danh-sach');
    await page.getByRole('button', { name: 'Lưu dự thảo' }).click();
    await page.getByText('Đã lưu dự thảo.').waitFor();
    const text = await page.locator('main').innerText();
    assert.match(text, /Sở Tài chính tỉnh Thử Nghiệm \(bản giấy\)/);
    assert.match(text, /Cục Chuyển đổi số, Bộ Mẫu \(bản giấy\) \(để biết\)/);
    await officer.look('noi-nhan-truc-da-luu');
  });
}

test('nơi nhận ngoài hệ thống tìm được khi trình duyệt không chạy mã', async () => {
  const officer = await office.asPerson(PEOPLE.province.drafter, { javaScript: false });
  const { page } = officer;
  await page.goto('/outgoing/new');
  await page.getByLabel('Tìm theo tên hoặc mã định danh').fill('suoi mo');
  await page.getByRole('button', { name: 'Tìm nơi nhận' }).click();
  await page.locator('.axis-row').filter({ hasText: 'xã Suối Mơ' }).getByRole('combobox').selectOption({ label: 'Để thực hiện' });
  await page.getByLabel('Trích yếu nội dung').fill('V/v không chạy mã');
  await page.getByRole('button', { name: 'Lưu dự thảo' }).click();
  await page.getByText('Ủy ban nhân dân xã Suối Mơ (bản giấy)').waitFor();
});

test('danh mục nhập từ tệp được xem trước, chỉ dòng đúng được nạp', async () => {
  const administrator = await office.asPerson('datdt.ubnd');
  const { page } = administrator;
  await page.goto(`${LIST}/import`);
  await page.getByLabel('Tệp danh mục').setInputFiles({ name: 'danh-muc.csv', mimeType: 'text/csv', buffer: Buffer.from(FILE) });
  await page.getByRole('button', { name: 'Đọc và xem trước' }).click();
  await page.getByRole('heading', { name: 'Dòng có lỗi' }).waitFor();
  await administrator.look('danh-muc-xem-truoc');
  const text = await page.locator('main').innerText();
  assert.match(text, /Thiếu tên cơ quan/);
  assert.match(text, /Cấp “hai” không phải số/);
  assert.match(text, /tên “Sở Nội vụ tỉnh Thử Nghiệm”/);
  const onPhone = await office.asPerson('datdt.ubnd', { phone: true });
  await onPhone.page.goto(new URL(page.url()).pathname);
  await onPhone.look('danh-muc-xem-truoc');
  await page.getByRole('button', { name: 'Nạp vào danh mục' }).click();
  for (let attempt = 0; attempt < 20 && !(await page.getByText('Đã nạp xong.').count()); attempt += 1) {
    await page.waitForTimeout(500);
    await page.reload();
  }
  await administrator.look('danh-muc-da-nap');
  await page.goto(`${LIST}?q=dong+xanh`);
  assert.equal(await page.locator('tbody tr').count(), 2);
});

test('cơ quan sáp nhập được đóng, cơ quan tiếp nhận đứng thay', async () => {
  const administrator = await office.asPerson('datdt.ubnd');
  const { page } = administrator;
  await page.goto(`${LIST}?q=H98.32`);
  await page.getByRole('link', { name: /phường Đồi Thông/ }).click();
  await page.getByLabel('Mã cơ quan tiếp nhận').fill('H98.31');
  await page.getByLabel('Lý do, căn cứ').fill('Nghị quyết về sắp xếp đơn vị hành chính');
  await page.getByRole('button', { name: 'Đóng mục này' }).click();
  await page.locator('dialog[open]').getByRole('button').last().click();
  await page.getByText('Đã đóng mục này.').waitFor();
  assert.match(await page.locator('main').innerText(), /Ủy ban nhân dân xã Suối Mơ \(H98\.31\)/);
  await administrator.look('danh-muc-da-dong');
});
