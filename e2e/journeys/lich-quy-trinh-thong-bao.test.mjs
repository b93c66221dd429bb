// Lịch làm việc, quy trình nội bộ, các sổ, thông báo: the pages as administrators, clerks and leaders see them
// (Quy chế Điều 12; NĐ 30 Phụ lục IV, Phụ lục VI III.1i).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choose, eventually, press, pressAndLeave } from '../support/desk.mjs';
import { openOffice } from '../support/office.mjs';
import { PEOPLE } from '../support/people.mjs';

const office = openOffice();

for (const phone of [false, true]) {
  const size = phone ? ', trên điện thoại' : '';

  test(`quản trị của tỉnh đặt ngày nghỉ${size}`, async () => {
    const province = await office.asPerson('datdt.ubnd', { phone });
    const { page } = province;
    await page.goto('/administration/calendar?year=2027');
    await page.getByText('Dự kiến').first().waitFor();
    await province.look('lich-lam-viec');
    await page.getByLabel('Từ ngày').fill('2027-02-04');
    await page.getByLabel('Đến hết ngày').fill('2027-02-10');
    await page.getByLabel('Tên, căn cứ').fill('Tết Nguyên đán, Thông báo của Bộ Nội vụ');
    await press(page, 'Cập nhật lịch');
    await page.getByText('Đã cập nhật lịch làm việc').waitFor();
    await page.getByText('Tết Nguyên đán, Thông báo của Bộ Nội vụ').first().waitFor();
    await province.look('lich-lam-viec-da-dat');
  });

  test(`quản trị của cơ quan đặt quy trình; quy trình không khép kín thì được chỉ rõ đường cụt${size}`, async () => {
    const administrator = await office.asPerson(PEOPLE.department.administrator, { phone });
    const { page } = administrator;
    await page.goto('/administration/process');
    await administrator.look('quy-trinh');
    const handling = page.locator('.step-card').filter({ hasText: '5. Giải quyết' });
    await handling.getByLabel('Kết thúc xử lý').uncheck();
    await page.getByLabel('Căn cứ').fill('Quyết định số 12/QĐ-STTTT');
    await press(page, 'Kiểm tra và lưu quy trình');
    await page.getByText('Quy trình chưa khép kín').first().waitFor();
    await administrator.look('quy-trinh-chua-khep-kin');
    await handling.getByLabel('Kết thúc', { exact: true }).check();
    await page.locator('.step-card').filter({ hasText: '5. Giải quyết' }).getByLabel('Kết thúc xử lý').check();
    await press(page, 'Kiểm tra và lưu quy trình');
    await page.getByText('Đã lưu quy trình').waitFor();
    await administrator.look('quy-trinh-da-luu');
  });

  test(`chuông báo ngay khi có việc, các sổ xem và in được${size}`, async () => {
    const clerk = await office.asPerson(PEOPLE.department.clerk, { phone });
    const leader = await office.asPerson(PEOPLE.department.head, { phone });
    await leader.page.goto('/notices');
    const bell = leader.page.locator('.topbar-bell [data-box=notices]');
    const words = `Đề nghị hỗ trợ tập huấn chuyển đổi số${phone ? ' đợt 2' : ''}`;
    await clerk.page.goto('/incoming/paper');
    await clerk.page.getByLabel('Nơi gửi').fill('Hội Nông dân tỉnh');
    await clerk.page.getByLabel('Trích yếu nội dung').fill(words);
    await clerk.page.locator('input[name=main_file]').setInputFiles({ name: 'ban_chup.png', mimeType: 'image/png', buffer: await clerk.page.screenshot() });
    await clerk.page.getByText('không có lớp chữ').waitFor();
    await press(clerk.page, 'Vào sổ văn bản đến');
    await clerk.page.waitForURL(/\/incoming\/[0-9a-f-]+$/);
    await clerk.page.getByText('Hạn bước').first().waitFor();
    await clerk.look('van-ban-theo-quy-trinh');
    await choose(clerk.page, 'leader', 'Đặng Minh Hưng');
    await pressAndLeave(clerk.page, 'presenting', 'Trình lãnh đạo');
    // The page of the leader stays open: the bell moves by itself.
    await bell.waitFor({ state: 'visible' });
    assert.ok(Number(await bell.textContent()) >= 1);
    await eventually(leader.page, '/notices', words);
    await leader.look('thong-bao');
    for (const [path, name] of [['incoming', 'so-den'], ['handling', 'so-theo-doi'], ['outgoing', 'so-di'], ['post', 'so-buu-dien'], ['kept-copies', 'so-ban-luu']]) {
      await clerk.page.goto(`/registers/${path}`);
      await clerk.look(name);
      for (const ending of ['pdf', 'xlsx']) {
        const file = await clerk.context.request.get(`/registers/${path}.${ending}`);
        assert.equal(file.status(), 200, `${path}.${ending}`);
        assert.equal((await file.body()).subarray(0, 2).toString('latin1'), ending === 'pdf' ? '%P' : 'PK');
      }
    }
  });
}
