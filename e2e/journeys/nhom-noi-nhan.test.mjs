// Nhóm nơi nhận: chuyên viên lập nhóm, đưa cả nhóm vào dự thảo; nhóm sửa hoặc xóa sau đó không đổi nơi nhận của dự thảo (CN-215).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { press } from '../support/desk.mjs';
import { openOffice } from '../support/office.mjs';
import { PEOPLE } from '../support/people.mjs';

const office = openOffice();
const NAME = 'Các nơi thường gửi';
// In the order of the form.
const ACT = ['Sở Nội vụ', 'Sở Thông tin và Truyền thông'];
const KNOW = 'Ủy ban nhân dân huyện Đắk Mil';
const PAPER = 'Báo Đắk Nông (để biết) | Chưa kết nối hệ thống';

/** The box of this agency in a list of the form: `recipients`, to act, or `to_know`. */
const box = (page, field, name) => page.locator(`input[name=${field}]`).and(page.getByLabel(name, { exact: false })).first();

test('nhóm nơi nhận được lập, dùng, sửa, xóa; dự thảo giữ nguyên nơi nhận', async () => {
  const officer = await office.asPerson(PEOPLE.province.drafter);
  const { page } = officer;

  // Lập nhóm, từ cột bên trái.
  await page.locator('.side-link').filter({ hasText: 'Nhóm nơi nhận' }).click();
  await page.getByText('Chưa có nhóm nơi nhận').waitFor();
  await page.getByRole('link', { name: 'Lập nhóm mới' }).click();
  await page.getByLabel('Tên nhóm').fill(NAME);
  for (const name of ACT) await box(page, 'recipients', name).check();
  await box(page, 'to_know', KNOW).check();
  await page.getByLabel('Nơi nhận khác, gửi bản giấy').fill(PAPER);
  await officer.look('nhom-noi-nhan-lap');
  await press(page, 'Lưu nhóm');
  await page.getByText(`Đã lưu nhóm nơi nhận “${NAME}” gồm 4 nơi.`).waitFor();
  await officer.look('nhom-noi-nhan');

  // Văn thư thấy nhóm của cơ quan trên điện thoại.
  const onPhone = await office.asPerson(PEOPLE.province.clerk, { phone: true });
  await onPhone.page.goto('/outgoing/groups');
  await onPhone.look('nhom-noi-nhan');
  await onPhone.page.getByRole('link', { name: NAME }).click();
  await onPhone.page.getByLabel('Tên nhóm').waitFor();
  await onPhone.look('nhom-noi-nhan-sua');

  // Dùng nhóm trong dự thảo: các nơi nhận hiện trong biểu mẫu, điều đã viết còn nguyên.
  await page.goto('/outgoing/new');
  await page.getByLabel('Trích yếu nội dung').fill('phối hợp tổng kết công tác năm');
  await page.getByLabel('Nội dung soạn trực tiếp').fill('Ủy ban nhân dân tỉnh đề nghị các cơ quan phối hợp thực hiện.');
  await page.getByRole('link', { name: 'Quản lý nhóm nơi nhận' }).waitFor();
  await page.locator('#f-groups').getByLabel(NAME, { exact: false }).check();
  await press(page, 'Thêm cả nhóm');
  const added = page.getByText(`Đã thêm 4 nơi nhận của nhóm “${NAME}”.`);
  await added.waitFor();
  assert.equal(await page.getByLabel('Trích yếu nội dung').inputValue(), 'phối hợp tổng kết công tác năm');
  for (const name of ACT) assert.ok(await box(page, 'recipients', name).isChecked(), name);
  assert.ok(await box(page, 'to_know', KNOW).isChecked(), KNOW);
  assert.equal((await page.getByLabel('Nơi nhận khác, gửi bản giấy').inputValue()).trim(), PAPER);
  await added.scrollIntoViewIfNeeded();
  await officer.look('nhom-noi-nhan-trong-du-thao');
  await press(page, 'Lưu dự thảo');
  await page.getByText('Đã lưu dự thảo.').waitFor();
  const draft = page.url();
  const recipients = page.locator('#recipients li');
  const saved = await recipients.allInnerTexts();
  assert.deepEqual(saved, [...ACT, `${KNOW} (để biết)`, 'Báo Đắk Nông (bản giấy) (để biết)']);

  // Sửa nhóm: dự thảo giữ nguyên.
  await page.goto('/outgoing/groups');
  await page.getByRole('link', { name: NAME }).click();
  await box(page, 'recipients', ACT[0]).uncheck();
  await officer.look('nhom-noi-nhan-sua');
  await press(page, 'Lưu nhóm');
  await page.getByText(`Đã lưu nhóm nơi nhận “${NAME}” gồm 3 nơi.`).waitFor();
  await page.goto(draft);
  assert.deepEqual(await recipients.allInnerTexts(), saved);

  // Xóa nhóm: dự thảo vẫn giữ nguyên, biểu mẫu không còn gì để chọn.
  await page.goto('/outgoing/groups');
  await press(page, 'Xóa');
  await page.getByText(`Đã xóa nhóm nơi nhận “${NAME}”.`).waitFor();
  await officer.look('nhom-noi-nhan-trong');
  await page.goto(draft);
  assert.deepEqual(await recipients.allInnerTexts(), saved);
  await page.goto('/outgoing/new');
  assert.equal(await page.locator('#f-groups').count(), 0);
});
