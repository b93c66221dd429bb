// Văn bản đến bằng đường khác: thư điện tử (CN-101), bì thư không bóc (CN-111), hồ sơ chuyển trực tiếp (CN-112);
// cài đặt của đơn vị.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choose, inDays, press } from '../support/desk.mjs';
import { openOffice } from '../support/office.mjs';
import { PEOPLE } from '../support/people.mjs';

const office = openOffice();

/** A message without files, as a mail program saves it. */
const letter = (subject) =>
  Buffer.from(
    `From: "Hội Nông dân" <van.thu@hoinongdan.example>\r\nTo: vanthu@stttt.example\r\nDate: Thu, 08 Jan 2026 07:30:00 +0700\r\n` +
      `Subject: =?UTF-8?B?${Buffer.from(subject).toString('base64')}?=\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n` +
      'Kính gửi Sở Thông tin và Truyền thông,\r\n\r\nHội đề nghị hỗ trợ tập huấn.\r\n',
  );

for (const phone of [false, true]) {
  const size = phone ? ', trên điện thoại' : '';

  test(`văn thư vào sổ một thư điện tử${size}`, async () => {
    const clerk = await office.asPerson(PEOPLE.department.clerk, { phone });
    const { page } = clerk;
    const subject = `Đề nghị hỗ trợ tập huấn${phone ? ' đợt 2' : ''}`;
    await page.goto('/boxes/reception');
    await page.getByRole('link', { name: 'Vào sổ từ thư điện tử' }).click();
    await clerk.look('thu-dien-tu');
    await page.locator('input[name=mail]').setInputFiles({ name: 'thu.eml', mimeType: 'message/rfc822', buffer: letter(subject) });
    await press(page, 'Mở thư và điền biểu mẫu');
    assert.equal(await page.getByLabel('Trích yếu nội dung').inputValue(), subject);
    assert.equal(await page.getByLabel('Nơi gửi').inputValue(), 'Hội Nông dân');
    await page.getByRole('heading', { name: 'Vào sổ văn bản nhận qua thư điện tử' }).waitFor();
    await page.getByText('bản in của thư là tệp văn bản').waitFor();
    await clerk.look('thu-dien-tu-da-dien');
    await press(page, 'Vào sổ văn bản đến');
    await page.waitForURL(/\/incoming\/[0-9a-f-]+$/);
    await page.getByText('Tệp nhận qua thư điện tử').waitFor();

    // A file that is no message says what to do.
    await page.goto('/incoming/mail');
    await page.locator('input[name=mail]').setInputFiles({ name: 'thu.eml', mimeType: 'message/rfc822', buffer: Buffer.from('x') });
    await press(page, 'Mở thư và điền biểu mẫu');
    await page.getByText('không phải thư điện tử').first().waitFor();
    await clerk.look('thu-dien-tu-hong');
  });

  test(`bì thư không bóc được chuyển, ký nhận, chuyển lại${size}`, async () => {
    const clerk = await office.asPerson(PEOPLE.department.clerk, { phone });
    const officer = await office.asPerson(PEOPLE.department.officer, { phone });
    const sender = `Công ty gửi đích danh${phone ? ' 2' : ''}`;
    await clerk.page.goto('/incoming/unopened');
    const fold = clerk.page.locator('details:has(form[action="/incoming/unopened"])');
    if (!(await fold.evaluate((details) => details.open))) await fold.locator('summary').click();
    await choose(clerk.page, 'addressee_post', 'Nguyễn Văn An');
    await clerk.page.getByLabel('Nơi gửi ghi trên bì').fill(sender);
    await clerk.look('bi-thu-ghi');
    await press(clerk.page, 'Ghi và chuyển');
    await clerk.page.getByText(sender).first().waitFor();
    await officer.page.goto('/incoming/unopened');
    const row = officer.page.locator('tr').filter({ hasText: sender });
    await row.getByRole('button', { name: 'Đã ký nhận' }).click();
    await officer.page.getByText('Đã ghi việc ký nhận').waitFor();
    await row.locator('summary').click();
    await row.getByLabel('Nội dung liên quan công việc chung').fill('Đề nghị cấp phép');
    await officer.look('bi-thu-chuyen-lai');
    await row.getByRole('button', { name: 'Chuyển lại để đăng ký' }).click();
    await officer.page.getByText('Đã chuyển lại văn thư để đăng ký').waitFor();
    await clerk.page.goto('/incoming/unopened');
    await clerk.page.locator('tr').filter({ hasText: sender }).getByRole('link', { name: 'Vào sổ' }).click();
    assert.equal(await clerk.page.getByLabel('Trích yếu nội dung').inputValue(), 'Đề nghị cấp phép');
    await clerk.look('bi-thu-vao-so');
    await clerk.page.goto('/incoming/dossiers');
    await clerk.look('ho-so-chuyen-truc-tiep');
  });

  test(`quản trị của cơ quan ghi nhận cài đặt của đơn vị${size}`, async () => {
    const administrator = await office.asPerson(PEOPLE.department.administrator, { phone });
    const { page } = administrator;
    await page.goto('/administration/settings');
    const card = page.locator('section').filter({ hasText: 'Gia hạn xử lý văn bản đến' }).first();
    await card.locator('summary').click();
    await card.getByLabel('Số lần').fill('3');
    await card.getByLabel('Áp dụng từ ngày').fill(inDays(phone ? 40 : 20));
    await card.getByLabel('Căn cứ').fill('Quy chế làm việc của Sở');
    await administrator.look('cai-dat-don-vi');
    await card.getByRole('button', { name: 'Ghi nhận' }).click();
    await page.getByText('Đã ghi nhận, áp dụng từ ngày').waitFor();
    await page.getByText('Sẽ áp dụng').first().waitFor();
    await administrator.look('cai-dat-don-vi-da-ghi');
  });

  test(`quản trị xem cài đặt của cơ quan${size}`, async () => {
    const administrator = await office.asPerson(PEOPLE.department.administrator, { phone });
    await administrator.page.goto('/administration/settings');
    await administrator.page.getByText('Mã định danh văn bản').first().waitFor();
    await administrator.look('agency-settings');
    const card = administrator.page.locator('section, .card').filter({ hasText: 'Ký thừa ủy quyền' }).last();
    await card.locator('summary').first().click();
    await card.locator('details details summary').first().click();
    await card.getByLabel('Người được ủy quyền ký').first().waitFor();
    await administrator.look('agency-settings-open');
  });
}
