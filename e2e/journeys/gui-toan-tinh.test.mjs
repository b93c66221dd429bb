// Một văn bản gửi toàn tỉnh: trang văn bản với hàng trăm nơi nhận vẫn đọc được, lọc được, từng trang một (QĐ 28 Điều 8.2; Quy chế Điều 14.3).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually, openFrom, pressAndLeave, waitFor } from '../support/desk.mjs';
import { openOffice } from '../support/office.mjs';
import { PEOPLE } from '../support/people.mjs';
import { programOf } from '../support/programs.mjs';
import { startServer } from '../support/server.mjs';

const AGENCIES = 300;
const SUBJECT = 'Triển khai chương trình công tác năm 2026 trong toàn tỉnh';
const { province, department, otherDepartment } = PEOPLE;

const office = openOffice({}, (name, settings) => startServer(name, settings, AGENCIES));
let recipients;

/** Everybody else of the installation, as the form offers them. */
async function everybody() {
  const { page } = await office.asPerson(province.drafter);
  await page.goto('/outgoing/new');
  const ways = page.locator('#f-recipients label').filter({ hasNotText: 'Bản giấy' }).locator('input');
  return ways.evaluateAll((boxes) => boxes.map((box) => box.value));
}

test('văn bản gửi toàn tỉnh được phát hành', async () => {
  recipients = await everybody();
  assert.ok(recipients.length > AGENCIES / 2, `${recipients.length} nơi nhận`);
  const drafter = await programOf(office, province.drafter);
  const { id } = await drafter('/api/v1/outgoing', {
    type_key: 'cong_van',
    subject: SUBJECT,
    main_text: 'Ủy ban nhân dân tỉnh đề nghị các cơ quan, đơn vị triển khai thực hiện.\n\nTrân trọng.',
    recipients,
  });
  for (const [account, step] of [[province.drafter, 'submit'], [province.unitHead, 'sign-off-content'], [province.clerk, 'sign-off-form']]) {
    await (await programOf(office, account))(`/api/v1/outgoing/${id}/${step}`, {});
  }
  const head = await office.asPerson(province.head);
  await openFrom(head.page, 'signing', SUBJECT);
  await head.look('toan-tinh-cho-ky');
  await pressAndLeave(head.page, 'signing', 'Duyệt và ký số');
  const clerk = await office.asPerson(province.clerk);
  await openFrom(clerk.page, 'issuing', SUBJECT);
  await pressAndLeave(clerk.page, 'issuing', 'Cấp số, ký số cơ quan và phát hành');

  // Một nơi tiếp nhận, một nơi trả lại.
  const taking = await office.asPerson(department.clerk);
  await openFrom(taking.page, 'reception', SUBJECT);
  await eventually(taking.page, taking.page.url(), 'Có giá trị pháp lý như văn bản giấy');
  await pressAndLeave(taking.page, 'reception', 'Tiếp nhận và vào sổ');
  const returning = await office.asPerson(otherDepartment.clerk);
  await openFrom(returning.page, 'reception', SUBJECT);
  await returning.page.locator('summary').filter({ hasText: 'Từ chối nhận' }).click();
  await returning.page.getByLabel('Lý do (bên gửi sẽ thấy)').fill('Không thuộc phạm vi của Sở.');
  await pressAndLeave(returning.page, 'reception', 'Trả lại nơi gửi');
});

for (const phone of [false, true]) {
  test(`văn thư theo dõi hàng trăm nơi nhận${phone ? ', trên điện thoại' : ''}`, async () => {
    const clerk = await office.asPerson(province.clerk, { phone });
    const { page } = clerk;
    await waitFor(page, 'dispatched', SUBJECT);
    await openFrom(page, 'dispatched', SUBJECT);
    const sent = page.url();
    const lines = page.locator('#recipients .delivery-list > li');
    const tally = (words) => page.locator('.tallies a').filter({ hasText: words });
    await eventually(page, sent, 'Không thuộc phạm vi của Sở.');
    for (let look = 0; look < 60 && !(await tally('Đã đến').textContent())?.endsWith(` ${recipients.length - 2}`); look += 1) {
      await page.waitForTimeout(1000);
      await page.goto(sent);
    }
    // A page of them, those that need somebody first; no form stands open.
    assert.equal(await lines.count(), 25);
    assert.match(await lines.first().innerText(), /Từ chối nhận \(trả lại\)[^]*Không thuộc phạm vi của Sở\./);
    assert.equal(await page.locator('#recipients textarea:visible').count(), 0);
    await clerk.look('toan-tinh');

    await tally('Đã tiếp nhận').click();
    await page.waitForURL(/state=received/);
    assert.equal(await lines.count(), 1);
    await page.goto(sent);
    await page.getByLabel('Tên hoặc mã nơi nhận').fill('thong tin va truyen thong');
    await page.locator('#recipients').getByRole('button', { name: 'Tìm' }).click();
    await page.waitForURL(/recipient=thong/);
    assert.match(await lines.first().innerText(), /Sở Thông tin và Truyền thông/);
    await lines.first().locator('summary').first().click();
    await lines.first().getByText('Tải gói chứng cứ').waitFor();
    await clerk.look('toan-tinh-tim');
    await page.goto(sent);
    await page.getByRole('link', { name: 'Trang sau' }).click();
    await page.waitForURL(/page=2/);
    assert.equal(await lines.count(), 25);
    assert.match(await page.locator('#recipients').innerText(), new RegExp(`26–50 trong ${recipients.length} nơi nhận`));
  });
}
