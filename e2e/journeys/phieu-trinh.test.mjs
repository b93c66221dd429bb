// Phiếu trình: lập kèm dự thảo, xin ý kiến, trả lại, trình lại, phê duyệt; dự thảo tự đi tiếp (CN-302 đến CN-305).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openFrom, press } from '../support/desk.mjs';
import { openOffice } from '../support/office.mjs';
import { PEOPLE } from '../support/people.mjs';

const office = openOffice();

/** Trưởng phòng of another unit of UBND tỉnh. */
const COLLEAGUE = { account: 'thinhvh.ubnd', name: 'Võ Hữu Thịnh' };

/** The bars of a phone must not lie over the field that was filled last when the screen is judged. */
const toTop = (page) => page.evaluate(() => window.scrollTo(0, 0));

/** Chooses a person in the row with this number. */
const choosePerson = async (page, row, name) => {
  const field = page.getByLabel(`Người phê duyệt ${row}`, { exact: true });
  const option = field.locator('option').filter({ hasText: name }).first();
  await field.selectOption(await option.getAttribute('value'));
};

for (const phone of [false, true]) {
  test(`một phiếu trình kèm dự thảo được trả lại, trình lại và phê duyệt${phone ? ', trên điện thoại' : ''}`, async () => {
    const known = new Map();
    const person = async (account) => {
      if (!known.has(account)) known.set(account, await office.asPerson(account, { phone }));
      return known.get(account);
    };
    const words = phone ? 'Tổ chức ngày hội đọc sách' : 'Tổng kiểm kê tài sản công';

    // Soạn dự thảo rồi lập phiếu trình kèm dự thảo đó.
    const maker = await person(PEOPLE.province.drafter);
    await maker.page.goto('/outgoing/new');
    await maker.page.getByLabel('Loại văn bản').selectOption('thong_bao');
    await maker.page.getByLabel('Trích yếu nội dung').fill(words);
    await maker.page.getByLabel('Nội dung soạn trực tiếp').fill(`${words}.\nThực hiện trong tháng 02.`);
    await maker.page
      .locator('input[name=recipients]')
      .and(maker.page.getByLabel('Sở Thông tin và Truyền thông', { exact: false }))
      .first()
      .check();
    await press(maker.page, 'Lưu dự thảo');
    const draft = maker.page.url();
    await maker.page.getByRole('link', { name: 'Lập phiếu trình kèm dự thảo' }).first().click();
    await maker.page.getByLabel('Thuyết minh').fill('Thực hiện chương trình công tác năm.\nĐề nghị lãnh đạo cho ban hành thông báo.');
    await choosePerson(maker.page, 1, 'Bùi Thị Phương Thảo');
    await choosePerson(maker.page, 2, 'Trần Quốc Khải');
    await maker.page
      .locator('input[name=advisers]')
      .and(maker.page.getByLabel(COLLEAGUE.name, { exact: false }))
      .first()
      .check();
    await toTop(maker.page);
    await maker.look('slip-form');
    await press(maker.page, 'Lưu và trình');
    await maker.page.getByText('Đang chờ: Bùi Thị Phương Thảo').first().waitFor();
    await maker.look('slip-running');
    await maker.page.goto(draft);
    await maker.page.getByText('chưa sửa, trình, hủy được').first().waitFor();
    assert.equal(await maker.page.getByRole('button', { name: 'Trình dự thảo' }).count(), 0, 'dự thảo đi cùng phiếu thì không trình riêng');
    await maker.look('slip-draft-frozen');

    // Đồng nghiệp cho ý kiến tham khảo; trưởng phòng phê duyệt; Chủ tịch trả lại.
    const colleague = await person(COLLEAGUE.account);
    await openFrom(colleague.page, 'slips-waiting', words);
    await colleague.page.getByLabel('Ý kiến của tôi').fill('Nên lùi thời gian sang tháng 03.');
    await press(colleague.page, 'Gửi ý kiến');
    const head = await person(PEOPLE.province.unitHead);
    await openFrom(head.page, 'slips-waiting', words);
    await head.page.getByText('Nên lùi thời gian sang tháng 03.').first().waitFor();
    await toTop(head.page);
    await head.look('slip-to-decide');
    await head.page.locator('#f-comment').fill('Nhất trí trình.');
    await press(head.page, 'Phê duyệt');
    await head.page.locator('[data-flash]').first().waitFor();
    const chair = await person(PEOPLE.province.head);
    await openFrom(chair.page, 'slips-waiting', words);
    await chair.page.locator('#f-comment').fill('Lùi sang tháng 03 theo góp ý.');
    await press(chair.page, 'Trả lại');
    await chair.page.locator('[data-flash]').first().waitFor();

    // Người lập sửa phiếu, trình lại; lần này đề nghị Chủ tịch ký duyệt bằng chữ ký số.
    await openFrom(maker.page, 'slips-returned', words);
    await maker.page.getByText('Lùi sang tháng 03 theo góp ý.').first().waitFor();
    await maker.look('slip-returned');
    await maker.page.getByRole('link', { name: 'Sửa', exact: true }).first().click();
    await maker.page.getByLabel('Thuyết minh').fill('Đã lùi sang tháng 03 theo ý kiến của lãnh đạo.');
    await maker.page.getByLabel('Yêu cầu đối với người phê duyệt 2', { exact: true }).selectOption('sign');
    await press(maker.page, 'Lưu và trình');
    await maker.page.getByText('Lần trình 2').first().waitFor();
    for (const [one, verb] of [
      [head, 'Phê duyệt'],
      [chair, 'Ký duyệt'],
    ]) {
      await openFrom(one.page, 'slips-waiting', words);
      await press(one.page, verb);
      await one.page.locator('[data-flash]').first().waitFor();
    }

    // Phiếu đã phê duyệt; dự thảo tự được trình, nằm ở hộp chờ duyệt của trưởng phòng.
    await openFrom(maker.page, 'slips-own', words);
    await maker.page.getByText('Đã phê duyệt').first().waitFor();
    await maker.page.getByText('Chữ ký số hợp lệ').first().waitFor();
    await maker.look('slip-approved');
    const href = await maker.page.getByRole('link', { name: 'Phiếu trình (PDF)' }).first().getAttribute('href');
    const printed = await maker.page.request.get(href);
    assert.equal(printed.headers()['content-type'], 'application/pdf');
    await openFrom(head.page, 'approval', words);
  });
}
