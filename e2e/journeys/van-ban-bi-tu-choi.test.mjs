// Văn bản bị từ chối khi vào sổ: tệp quá lớn, tên tệp sai (Quy chế Điều 8.4, NT-30), dấu chỉ độ mật (Quy chế Điều 1.2, NT-31).
import assert from 'node:assert/strict';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { press } from '../support/desk.mjs';
import { openOffice } from '../support/office.mjs';
import { PEOPLE } from '../support/people.mjs';
import { scan } from '../support/scan.mjs';

const office = openOffice();

/** A file of 51 MB with a name that nobody should give: a hole, which takes no room on the disk. */
let folder;
let large;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vanthu-e2e-tep-'));
  large = join(folder, 'Báo cáo số 1!.docx');
  await writeFile(large, '');
  await truncate(large, 51 * 1024 * 1024);
});
after(() => rm(folder, { recursive: true, force: true }));

/** Fills what the form of registration must have. */
async function fill(page, words) {
  await page.goto('/incoming/paper');
  await page.getByLabel('Nơi gửi').fill('Hội Nông dân tỉnh');
  await page.getByLabel('Trích yếu nội dung').fill(words);
  await page.locator('input[name=main_file]').setInputFiles({ name: 'ban_chup.pdf', mimeType: 'application/pdf', buffer: scan('Bao cao') });
}

for (const phone of [false, true]) {
  const size = phone ? ', trên điện thoại' : '';

  test(`tệp quá 50 MB không gửi được, tên tệp sai được sửa khi lưu${size}`, async () => {
    const clerk = await office.asPerson(PEOPLE.department.clerk, { phone });
    const { page } = clerk;
    await fill(page, 'Báo cáo hoạt động quý I');
    await page.locator('.read-note').waitFor();
    const attachments = page.locator('input[name=attachments]');
    await attachments.setInputFiles(large);
    await page.getByText('vượt quá 50 MB cho phép').waitFor();
    await press(page, 'Vào sổ văn bản đến');
    await page.getByText('vượt quá 50 MB cho phép').waitFor();
    assert.equal(new URL(page.url()).pathname, '/incoming/paper', 'biểu mẫu chưa gửi đi');
    await clerk.look('tu-choi-tep-qua-lon');
    await attachments.setInputFiles({ name: 'Báo cáo số 1!.pdf', mimeType: 'application/pdf', buffer: scan('Phu luc') });
    await page.getByText('hệ thống sẽ đề nghị tên không dấu').waitFor();
    await press(page, 'Vào sổ văn bản đến');
    await page.waitForURL(/\/incoming\/[0-9a-f-]+$/);
    await page.getByText('Bao-cao-so-1.pdf').first().waitFor();
    await clerk.look('tu-choi-ten-tep-da-sua');
  });

  test(`văn bản có dấu chỉ độ mật bị từ chối, việc từ chối có trong nhật ký${size}`, async () => {
    const clerk = await office.asPerson(PEOPLE.department.clerk, { phone });
    const { page } = clerk;
    const words = `Kế hoạch phối hợp tuần tra${phone ? ' đợt 2' : ''}`;
    await fill(page, words);
    await page.locator('.read-note').waitFor();
    await page.getByLabel('Dấu chỉ độ mật trên văn bản').selectOption({ label: 'Mật' });
    await press(page, 'Vào sổ văn bản đến');
    await page.locator('#e-secrecy').waitFor();
    await page.getByText('Khoản 2 Điều 1 Quy chế').first().waitFor();
    await clerk.look('tu-choi-do-mat');
    await page.goto('/registers/incoming');
    assert.equal(await page.getByText(words).count(), 0, 'văn bản không vào sổ');
    const administrator = await office.asPerson(PEOPLE.department.administrator, { phone });
    await administrator.page.goto('/administration/journal');
    const noted = administrator.page.locator('tr').filter({ hasText: 'Từ chối vì có dấu chỉ bí mật nhà nước' });
    await noted.filter({ hasText: 'Lê Thị Ngọc Ánh' }).first().waitFor();
    await administrator.look('tu-choi-nhat-ky');
  });
}

test('không có JavaScript thì máy chủ từ chối tệp quá 50 MB và giữ những gì đã nhập', async () => {
  const clerk = await office.asPerson(PEOPLE.department.clerk, { javaScript: false });
  const { page } = clerk;
  await fill(page, 'Báo cáo năm');
  await page.locator('input[name=attachments]').setInputFiles(large);
  await press(page, 'Vào sổ văn bản đến');
  await page.getByText('Tệp vượt quá 50 MB').first().waitFor();
  assert.equal(await page.getByLabel('Trích yếu nội dung').inputValue(), 'Báo cáo năm');
});
