// Từ dự thảo đến phát hành: xin ý kiến đồng nghiệp, sửa và so sánh phiên bản, ký, phát hành đúng hạn, nơi nhận được báo văn bản
// khẩn, dãy số của cơ quan (NĐ 30 Điều 10 đến 18; QĐ 28 Điều 6.2).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkBook } from '../support/checks.mjs';
import { inDays, openFrom, press, waitFor } from '../support/desk.mjs';
import { openOffice } from '../support/office.mjs';
import { PEOPLE } from '../support/people.mjs';

const office = openOffice();

/** Trưởng phòng of another unit of UBND tỉnh. */
const COLLEAGUE = { account: 'thinhvh.ubnd', name: 'Võ Hữu Thịnh' };

/** Opens what stands folded under these words. */
const unfold = (page, words) => page.locator('summary').filter({ hasText: words }).first().click();

/** The bars of a phone must not lie over the field that was filled last when the screen is judged. */
const toTop = (page) => page.evaluate(() => window.scrollTo(0, 0));

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

    // Nơi đã nhận bản điện tử thì không gửi thêm bản giấy (QĐ 28 Điều 5.3).
    const paper = drafter.page.getByLabel('Nơi nhận khác, gửi bản giấy');
    await paper.fill('Sở Thông tin và Truyền thông | Nơi nhận đề nghị');
    await press(drafter.page, 'Lưu dự thảo');
    await drafter.page.locator('#e-paper').waitFor();
    await toTop(drafter.page);
    await drafter.look('draft-paper-refused');
    await paper.fill('');
    await press(drafter.page, 'Lưu dự thảo');
    await drafter.page.waitForURL(/\/outgoing\/[0-9a-f-]+$/);
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
    await toTop(drafter.page);
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

    // Văn thư nơi nhận được báo riêng, ở chuông và trên mọi trang cho đến khi tiếp nhận.
    const receiver = await person(PEOPLE.department.clerk);
    await waitFor(receiver.page, 'reception', words);
    await receiver.page.goto('/notices');
    await receiver.page.getByText('Văn bản khẩn đang chờ tiếp nhận').waitFor();
    const notice = receiver.page.locator('.notice-list li').filter({ hasText: words });
    await notice.getByText('Văn bản khẩn đến').waitFor();
    await notice.getByText('Hỏa tốc').waitFor();
    await receiver.look('urgent-notice');

    // Từ văn bản đã ký số: một bản chính giấy để lưu, hai bản sao y, và bản lưu giao cho người sử dụng.
    await clerk.page.goto(draft);
    await unfold(clerk.page, 'Ghi nhận bản chính giấy');
    await clerk.page.getByLabel('Số bản').fill('1');
    await clerk.page.getByLabel('Mục đích').fill('Lưu tại văn thư');
    await press(clerk.page, 'Ghi nhận');
    await clerk.page.getByText('1 bản chính giấy: Lưu tại văn thư').first().waitFor();
    await clerk.look('paper-copy');
    await clerk.page.getByRole('link', { name: 'Sao văn bản' }).first().click();
    await clerk.page.getByLabel('Số bản').fill('2');
    await clerk.page.getByLabel('Nơi nhận bản sao').fill('Phòng Khoa giáo - Văn xã');
    await toTop(clerk.page);
    await clerk.look('copy-form');
    await press(clerk.page, 'Cấp số bản sao');
    await clerk.page.getByText('/SY-UBND').first().waitFor();
    await clerk.look('copies');
    const source = await clerk.page.getByRole('link', { name: words }).first().textContent();
    await clerk.page.goto('/registers/kept-copies');
    const lend = clerk.page.locator('form[action="/registers/kept-copies"]');
    if (!(await lend.isVisible())) await unfold(clerk.page, 'Ghi sử dụng bản lưu');
    await clerk.page.getByLabel('Số, ký hiệu văn bản').fill(source.split(':')[0]);
    await clerk.page.getByLabel('Họ tên người sử dụng').fill('Nguyễn Đức Quang');
    await clerk.page.getByLabel('Người cho phép sử dụng').fill('Trần Quốc Khải');
    await toTop(clerk.page);
    await clerk.look('kept-copy-form');
    await press(clerk.page, 'Ghi vào sổ');
    await clerk.page.getByText('Đã trả hôm nay').first().waitFor();
    await checkBook(clerk.page, { phone });
    await clerk.look('kept-copies');
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
