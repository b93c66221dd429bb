// Từ dự thảo đến phát hành: xin ý kiến đồng nghiệp, sửa và so sánh phiên bản, ký, phát hành đúng hạn, dãy số của cơ quan
// (NĐ 30 Điều 10 đến 18; QĐ 28 Điều 6.2).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openFrom, press, waitFor } from '../support/desk.mjs';
import { openOffice } from '../support/office.mjs';
import { PEOPLE } from '../support/people.mjs';

const office = openOffice();

/** Trưởng phòng of another unit of UBND tỉnh. */
const COLLEAGUE = { account: 'thinhvh.ubnd', name: 'Võ Hữu Thịnh' };

/** A day to come, as date fields take it. */
const inDays = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** Opens what stands folded under these words. */
const unfold = (page, words) => page.locator('summary').filter({ hasText: words }).first().click();

for (const phone of [false, true]) {
  test(`một dự thảo được góp ý, sửa, ký và phát hành đúng hạn${phone ? ', trên điện thoại' : ''}`, async () => {
    const known = new Map();
    const person = async (account) => {
      if (!known.has(account)) known.set(account, await office.asPerson(account, { phone }));
      return known.get(account);
    };
    const words = phone ? 'Tăng cường an toàn thông tin dịp Tết' : 'Đẩy mạnh dịch vụ công trực tuyến';

    // Soạn dự thảo hỏa tốc, mời một người phối hợp, xin ý kiến hai người.
    const drafter = await person(PEOPLE.province.drafter);
    await drafter.page.goto('/outgoing/new');
    await drafter.page.getByLabel('Loại văn bản').selectOption('thong_bao');
    await drafter.page.getByLabel('Mức độ khẩn').selectOption('express');
    await drafter.page.getByLabel('Trích yếu nội dung').fill(words);
    await drafter.page
      .getByLabel('Nội dung soạn trực tiếp')
      .fill(`${words}.\nCác sở, ngành thực hiện trong tháng 01.\nBáo cáo kết quả về Văn phòng.`);
    await drafter.page
      .locator('input[name=recipients]')
      .and(drafter.page.getByLabel('Sở Thông tin và Truyền thông', { exact: false }))
      .first()
      .check();
    await press(drafter.page, 'Lưu dự thảo');
    const draft = drafter.page.url();
    await unfold(drafter.page, 'Phối hợp soạn thảo');
    await drafter.page
      .locator('input[name=co_drafters]')
      .and(drafter.page.getByLabel(COLLEAGUE.name, { exact: false }))
      .first()
      .check();
    await press(drafter.page, 'Lưu người phối hợp');
    await drafter.page.locator('[data-flash]').first().waitFor();
    await unfold(drafter.page, 'Xin ý kiến đồng nghiệp');
    for (const name of [COLLEAGUE.name, 'Lê Thị Minh Tâm']) {
      await drafter.page.locator('input[name=members]').and(drafter.page.getByLabel(name, { exact: false })).first().check();
    }
    await drafter.page.getByLabel('Nội dung cần xin ý kiến').fill('Thời hạn trong thông báo đã phù hợp chưa?');
    await drafter.page.locator('input[name=due_on]').fill(inDays(3));
    await drafter.look('opinion-ask');
    await press(drafter.page, 'Gửi xin ý kiến');
    await drafter.page.getByText('0/2 ý kiến').first().waitFor();

    // Đồng nghiệp trả lời từ hộp “Xin ý kiến”, rồi sửa giúp từ hộp “Phối hợp soạn thảo”.
    const colleague = await person(COLLEAGUE.account);
    await openFrom(colleague.page, 'opinions', words);
    await colleague.look('opinion-asked');
    await colleague.page.getByLabel('Nhất trí, có góp ý').check();
    await colleague.page.getByLabel('Nội dung góp ý').fill('Đề nghị lùi thời hạn sang tháng 02.');
    await press(colleague.page, 'Gửi ý kiến');
    await colleague.page.getByText('1/2 ý kiến').first().waitFor();
    await openFrom(colleague.page, 'co-drafting', words);
    await colleague.page.getByRole('link', { name: 'Sửa dự thảo' }).first().click();
    const text = colleague.page.getByLabel('Nội dung soạn trực tiếp');
    await text.fill((await text.inputValue()).replace('tháng 01', 'tháng 02'));
    await press(colleague.page, 'Lưu dự thảo');

    const deputy = await person(PEOPLE.province.deputy);
    await openFrom(deputy.page, 'opinions', words);
    await deputy.page.getByLabel('Nhất trí', { exact: true }).check();
    await press(deputy.page, 'Gửi ý kiến');

    // Người soạn thảo thấy đủ ý kiến và phần đã sửa.
    await drafter.page.goto(draft);
    await drafter.page.getByText('Đã đủ ý kiến').first().waitFor();
    await drafter.page.getByText('Đề nghị lùi thời hạn sang tháng 02.').first().waitFor();
    await drafter.look('opinion-answered');
    await drafter.page.getByRole('link', { name: 'So với bản trước' }).first().click();
    await drafter.page.locator('ins').filter({ hasText: 'tháng 02' }).first().waitFor();
    await drafter.look('versions-compared');

    // Trình, kiểm tra, ký.
    await drafter.page.goto(draft);
    await press(drafter.page, 'Trình dự thảo');
    for (const [account, box, button] of [
      [PEOPLE.province.unitHead, 'approval', 'Xác nhận nội dung'],
      [PEOPLE.province.clerk, 'form-review', 'Xác nhận thể thức'],
      [PEOPLE.province.head, 'signing', 'Duyệt và ký số'],
    ]) {
      const { page } = await person(account);
      await openFrom(page, box, words);
      await press(page, button);
      await page.locator('[data-flash]').first().waitFor();
    }

    // Văn bản hỏa tốc đã ký nằm ngay ở hộp quá hạn của văn thư cho đến khi phát hành.
    const clerk = await person(PEOPLE.province.clerk);
    await waitFor(clerk.page, 'late-issue', words);
    await clerk.page.getByText('Phát hành ngay').first().waitFor();
    await clerk.look('late-issue');
    await openFrom(clerk.page, 'late-issue', words);
    await clerk.look('late-issue-document');
    await press(clerk.page, 'Cấp số, ký số cơ quan và phát hành');
    await clerk.page.locator('[data-flash]').first().waitFor();
    for (let attempt = 0; attempt < 60; attempt += 1) {
      await clerk.page.goto('/boxes/late-issue');
      if (!(await clerk.page.getByText(words).count())) break;
      await clerk.page.waitForTimeout(500);
    }
    assert.equal(await clerk.page.getByText(words).count(), 0, 'đã gửi thì không còn ở hộp quá hạn');
  });

  test(`văn thư quản lý dãy số của cơ quan${phone ? ', trên điện thoại' : ''}`, async () => {
    const clerk = await office.asPerson(PEOPLE.department.clerk, { phone });
    const { page } = clerk;
    await page.goto('/registers/numbering');
    await page.getByRole('heading', { name: 'Dãy số văn bản' }).first().waitFor();
    await clerk.look('numbering');
    await unfold(page, 'Quy định về dãy số từ một ngày tới');
    await page.getByLabel('Theo nhóm loại văn bản').check();
    await page.getByLabel('Các nhóm').fill('qd: Quyết nghị');
    await page.getByLabel('Áp dụng từ ngày').fill(inDays(40));
    await page.locator('#f-basis').fill('Ý kiến của Giám đốc');
    await press(page, 'Ghi nhận quy định');
    await page.getByText('Không có loại văn bản “Quyết nghị”').first().waitFor();
    await clerk.look('numbering-refused');
    await page.getByLabel('Các nhóm').fill('qd: Quyết định, Chỉ thị');
    await press(page, 'Ghi nhận quy định');
    await page.getByText('Theo nhóm: qd').first().waitFor();
    await clerk.look('numbering-planned');
    await press(page, 'Hủy quy định này');
    await page.locator('[data-flash]').first().waitFor();
    assert.equal(await page.getByText('Theo nhóm: qd').count(), 0);
  });
}
