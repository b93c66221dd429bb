// Thu hồi văn bản đã gửi: văn thư bên gửi thu hồi kèm văn bản thông báo, văn thư bên nhận xác nhận, hai bên cùng thấy
// (NĐ 30 Điều 18.4, Phụ lục VI III.8; QĐ 28 Điều 8, 9).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openOffice } from '../support/office.mjs';
import { PEOPLE } from '../support/people.mjs';

const office = openOffice();

/** Presses a button, and says yes when asked. */
async function press(page, name) {
  await page.getByRole('button', { name, exact: false }).first().click();
  const sure = page.locator('dialog[open]').getByRole('button').last();
  if (await sure.isVisible().catch(() => false)) await sure.click();
  await page.waitForLoadState('load');
}

/** Opens the document with these words from a box; the outbox may need a moment. */
async function openFrom(page, box, words) {
  const link = page.locator('a.doc-subject').filter({ hasText: words }).first();
  for (let attempt = 0; attempt < 30; attempt += 1) {
    await page.goto(`/boxes/${box}`);
    if (await link.count()) {
      await link.click();
      await page.waitForURL(/\/(incoming|outgoing)\//);
      await page.getByRole('heading', { level: 1 }).waitFor();
      return;
    }
    await page.waitForTimeout(500);
  }
  assert.fail(`“${words}” không có ở hộp ${box}`);
}

async function eventually(page, url, words) {
  for (let attempt = 0; attempt < 30; attempt += 1) {
    await page.goto(url);
    if (await page.getByText(words).count()) return;
    await page.waitForTimeout(500);
  }
  assert.fail(`“${words}” không hiện ở ${url}`);
}

async function choose(page, field, name) {
  const option = page.locator(`select[name=${field}] option`).filter({ hasText: name }).first();
  await page.locator(`select[name=${field}]`).first().selectOption(await option.getAttribute('value'));
}

for (const phone of [false, true]) {
  test(`thu hồi một văn bản đã gửi${phone ? ', trên điện thoại' : ''}`, async () => {
    const known = new Map();
    const person = async (account) => {
      if (!known.has(account)) known.set(account, await office.asPerson(account, { phone }));
      return known.get(account);
    };
    const words = phone ? 'Tổ chức hội nghị sơ kết ban hành nhầm' : 'Kế hoạch tập huấn ban hành nhầm';
    const noticeWords = phone ? 'Thu hồi văn bản về hội nghị sơ kết' : 'Thu hồi văn bản về tập huấn';

    /** From draft to issue, by the pages. */
    const issue = async (subject) => {
      const drafter = await person(PEOPLE.province.drafter);
      await drafter.page.goto('/outgoing/new');
      await drafter.page.getByLabel('Loại văn bản').selectOption('thong_bao');
      await drafter.page.getByLabel('Trích yếu nội dung').fill(subject);
      await drafter.page.getByLabel('Nội dung soạn trực tiếp').fill(`${subject}.\nCác cơ quan căn cứ nội dung trên để thực hiện.`);
      await drafter.page
        .locator('input[name=recipients]')
        .and(drafter.page.getByLabel('Sở Thông tin và Truyền thông', { exact: false }))
        .first()
        .check();
      await press(drafter.page, 'Lưu và trình');
      for (const [account, box, button] of [
        [PEOPLE.province.unitHead, 'approval', 'Xác nhận nội dung'],
        [PEOPLE.province.clerk, 'form-review', 'Xác nhận thể thức'],
        [PEOPLE.province.head, 'signing', 'Duyệt và ký số'],
        [PEOPLE.province.clerk, 'issuing', 'Cấp số, ký số cơ quan và phát hành'],
      ]) {
        const { page } = await person(account);
        await openFrom(page, box, subject);
        await press(page, button);
        await page.locator('[data-flash]').first().waitFor();
      }
    };

    await issue(words);
    // Bên nhận tiếp nhận, trình, giao xử lý.
    const clerk = await person(PEOPLE.department.clerk);
    await openFrom(clerk.page, 'reception', words);
    await eventually(clerk.page, clerk.page.url(), 'Có giá trị pháp lý như văn bản giấy');
    await press(clerk.page, 'Tiếp nhận và vào sổ');
    await openFrom(clerk.page, 'presenting', words);
    const received = clerk.page.url();
    await choose(clerk.page, 'leader', 'Đặng Minh Hưng');
    await press(clerk.page, 'Trình lãnh đạo');
    const director = await person(PEOPLE.department.head);
    await openFrom(director.page, 'directing', words);
    await choose(director.page, 'lead', 'Hoàng Đình Long');
    await press(director.page, 'Cho ý kiến và chuyển xử lý');
    const unitHead = await person(PEOPLE.department.unitHead);
    await openFrom(unitHead.page, 'handling', words);

    // Bên gửi phát hành văn bản thông báo thu hồi, rồi thu hồi.
    await issue(noticeWords);
    const sender = await person(PEOPLE.province.clerk);
    await openFrom(sender.page, 'dispatched', words);
    const sent = sender.page.url();
    await sender.page.locator('summary').filter({ hasText: 'Thu hồi văn bản' }).click();
    await sender.page.getByLabel('Lý do thu hồi', { exact: false }).fill('Ban hành nhầm đối tượng áp dụng.');
    await sender.page.getByLabel('Người quyết định, căn cứ', { exact: false }).fill('Chủ tịch, ý kiến trực tiếp');
    await choose(sender.page, 'notice', noticeWords);
    await sender.look('recall-form');
    await press(sender.page, 'Thu hồi văn bản');
    await sender.page.getByText('Đã thu hồi lúc').first().waitFor();
    await sender.look('recalled-waiting');

    // Văn thư bên nhận thấy yêu cầu, xác nhận.
    await openFrom(clerk.page, 'requests', words);
    await clerk.page.getByText('Bên gửi yêu cầu thu hồi văn bản này').first().waitFor();
    await clerk.look('recall-request');
    await press(clerk.page, 'Hủy văn bản, báo lại bên gửi');
    await clerk.page.getByText('Văn bản đã bị bên gửi thu hồi').first().waitFor();
    await clerk.look('recalled-here');
    assert.equal(await clerk.page.getByText(words).count(), 0, 'nội dung đã hủy vẫn còn trên trang');

    // Người đang xử lý được báo; bên gửi thấy trả lời.
    await openFrom(unitHead.page, 'recalled', 'đã bị bên gửi thu hồi');
    assert.equal(unitHead.page.url(), received);
    await unitHead.page.getByText('Ban hành nhầm đối tượng áp dụng').first().waitFor();
    await eventually(sender.page, sent, 'Bên nhận đồng ý');
    await sender.look('recalled-agreed');
    await sender.page.goto('/registers/outgoing');
    await sender.page.getByText(/Đã thu hồi ngày/).first().waitFor();
    await sender.page.goto('/outgoing/following?hours=0');
    await sender.page.getByRole('heading', { name: 'Theo dõi nơi nhận' }).waitFor();
    await sender.look('following');
  });
}
