// Ủy quyền xử lý, khối lượng và tiến độ, sắp xếp đơn vị (NĐ 30 Điều 13.3; Quy chế Điều 12).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choose, inDays, press, pressOnce } from '../support/desk.mjs';
import { openOffice } from '../support/office.mjs';
import { PEOPLE } from '../support/people.mjs';

const office = openOffice();
const SUBSTITUTE = 'chivtl.stttt'; // Vũ Thị Lan Chi, chuyên viên phòng CNTT

for (const phone of [false, true]) {
  const size = phone ? ', trên điện thoại' : '';

  test(`trưởng phòng đi công tác, đồng nghiệp xử lý thay và mọi thao tác ghi rõ${size}`, async () => {
    const words = `Đề nghị góp ý kế hoạch năm${phone ? ' đợt 2' : ''}`;
    const clerk = await office.asPerson(PEOPLE.department.clerk, { phone });
    await clerk.page.goto('/incoming/paper');
    await clerk.page.getByLabel('Nơi gửi').fill('Hội Nông dân tỉnh');
    await clerk.page.locator('#f-subject').fill(words);
    await clerk.page.locator('input[name=main_file]').setInputFiles({ name: 'ban_chup.png', mimeType: 'image/png', buffer: await clerk.page.screenshot() });
    await clerk.page.getByText('không có lớp chữ').waitFor();
    await press(clerk.page, 'Vào sổ văn bản đến');
    await clerk.page.waitForURL(/\/incoming\/[0-9a-f-]+$/);
    const at = new URL(clerk.page.url()).pathname;
    await choose(clerk.page, 'leader', 'Đặng Minh Hưng');
    await press(clerk.page, 'Trình lãnh đạo');
    const leader = await office.asPerson(PEOPLE.department.head, { phone });
    await leader.page.goto(at);
    await choose(leader.page, 'lead', 'Hoàng Đình Long');
    await leader.page.locator('#f-due_on').first().fill(inDays(7));
    await press(leader.page, 'Cho ý kiến và chuyển xử lý');

    // Trưởng phòng ủy quyền từ trình đơn của mình.
    const head = await office.asPerson(PEOPLE.department.unitHead, { phone });
    await head.page.goto('/delegations');
    await head.look('uy-quyen');
    await choose(head.page, 'substitute', 'Vũ Thị Lan Chi');
    await head.page.getByLabel('Đến hết ngày').fill(inDays(phone ? 4 : 3));
    await press(head.page, 'Ủy quyền');
    await head.page.getByText('Đã ủy quyền cho').waitFor();
    await head.look('uy-quyen-da-ghi');

    // Người được ủy quyền thấy việc trên bàn làm việc, vào xử lý thay, trở về.
    const substitute = await office.asPerson(SUBSTITUTE, { phone });
    await substitute.page.goto('/');
    await substitute.look('viec-xu-ly-thay');
    await substitute.page.locator('main').getByRole('link', { name: /Thay Hoàng Đình Long/ }).first().click();
    await substitute.page.getByRole('heading', { level: 1, name: /Xử lý thay/ }).waitFor();
    await substitute.look('noi-xu-ly-thay');
    await press(substitute.page, 'Bắt đầu xử lý thay');
    await substitute.page.getByText('Ông/Bà đang xử lý thay Hoàng Đình Long').waitFor();
    await substitute.page.goto(at);
    await substitute.page.locator('summary').filter({ hasText: 'Ghi ý kiến trao đổi' }).first().click().catch(() => {});
    await substitute.page.locator('#f-opinion').fill('Đã liên hệ đơn vị gửi.');
    await press(substitute.page, 'Ghi ý kiến');
    // A phone folds what is long ago; that it is told is what counts.
    await substitute.page.getByText('Vũ Thị Lan Chi thay Hoàng Đình Long').first().waitFor({ state: 'attached' });
    await substitute.look('y-kien-xu-ly-thay');
    const closed = await substitute.page.goto('/account');
    assert.equal(closed.status(), 409);
    await substitute.page.goto('/');
    await pressOnce(substitute.page, 'Trở về việc của mình');
    await substitute.page.goto('/account');
    await substitute.page.getByRole('heading', { level: 1, name: 'Tài khoản của tôi' }).waitFor();
    await head.page.goto('/delegations');
    await press(head.page, 'Kết thúc');
    await head.page.getByText('Đã kết thúc việc ủy quyền').waitFor();

    // Lãnh đạo xem khối lượng, tiến độ; số nào cũng mở được danh sách.
    await leader.page.goto('/reports/workload');
    await leader.look('khoi-luong-tien-do');
    await leader.page.locator('tr').filter({ hasText: 'Hoàng Đình Long' }).getByRole('link').first().click();
    await leader.page.getByText(words).first().waitFor();
    await leader.look('khoi-luong-danh-sach');
  });

  test(`quản trị xem trước việc kết thúc một đơn vị và đổi tên đơn vị${size}`, async () => {
    const administrator = await office.asPerson(PEOPLE.department.administrator, { phone });
    const { page } = administrator;
    await page.goto('/administration/agencies');
    await page.getByRole('link', { name: 'Sở Thông tin và Truyền thông' }).click();
    await page.locator('section').filter({ hasText: 'Phòng Bưu chính - Viễn thông' }).getByRole('link', { name: /Đổi tên, kết thúc/ }).first().click();
    await administrator.look('don-vi');
    await choose(page, 'successor', 'Phòng Công nghệ thông tin');
    await page.locator('form[action$="/close"]').getByLabel('Căn cứ').fill('Quyết định 05/QĐ-STTTT');
    await page.getByRole('button', { name: 'Xem trước' }).click();
    await page.getByText('Xem trước, chưa thực hiện').waitFor();
    await administrator.look('don-vi-xem-truoc');
    const rename = page.locator('form[action$="/rename"]');
    await rename.getByLabel('Căn cứ').fill('Quyết định 06/QĐ-STTTT');
    await rename.getByLabel('Tên đơn vị').fill(`Phòng Bưu chính - Viễn thông${phone ? ' và Hạ tầng số' : ''} (mới)`);
    await rename.getByRole('button', { name: 'Đổi tên đơn vị' }).click();
    await page.getByText('Tên trước đây').first().waitFor();
    await administrator.look('don-vi-doi-ten');
  });
}
