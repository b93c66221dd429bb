// Một văn bản đi trọn vòng: từ dự thảo ở UBND tỉnh đến hai cơ quan nhận, được trả lời, và nơi gửi thấy mọi trạng thái
// (Quy chế Điều 12, 13, 14; NĐ 30 Điều 10–24; QĐ 28 Điều 8, 9).
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { openOffice } from './support/office.mjs';
import { PEOPLE } from './support/people.mjs';

const REGULATION = new URL('../crates/the-thuc/tests/samples/quy-che-01-2022.md', import.meta.url);
const office = openOffice();

/** Opens the only waiting document of a box whose subject has these words; the outbox may need a moment. */
async function openFrom(page, box, words) {
  const link = page.locator('a.doc-subject').filter({ hasText: words }).first();
  for (let attempt = 0; attempt < 20; attempt += 1) {
    await page.goto(`/boxes/${box}`);
    if (await link.count()) break;
    await page.waitForTimeout(500);
  }
  await link.click();
  await page.getByRole('heading', { level: 1 }).waitFor();
}

/** Presses the one primary button, and says yes when asked. */
async function press(page, name) {
  await page.getByRole('button', { name, exact: false }).first().click();
  const sure = page.locator('dialog[open]').getByRole('button').last();
  if (await sure.isVisible().catch(() => false)) await sure.click();
  await page.waitForLoadState('load');
}

async function pressAndSee(page, name, sentence) {
  await press(page, name);
  await page.getByText(sentence).first().waitFor();
}

const WORDS = 'Quản lý, vận hành và sử dụng';
const REPLY = 'triển khai Quy chế quản lý văn bản điện tử';

// On the phone the path is walked by hand until its scenario is short enough for every run.
for (const phone of [false]) {
  const where = phone ? ', trên điện thoại' : '';
  const size = { phone };
  test(`một văn bản đi trọn vòng${where}`, async () => {
    // Chuyên viên soạn: dán nguyên văn Quyết định.
    const drafter = await office.asPerson(PEOPLE.province.drafter, size);
    await drafter.page.goto('/outgoing/new');
    await drafter.page.getByLabel('Loại văn bản').selectOption('quyet_dinh');
    await drafter.page.getByLabel('Nội dung soạn trực tiếp').fill(await readFile(REGULATION, 'utf8'));
    for (const name of ['Sở Thông tin và Truyền thông', 'Ủy ban nhân dân huyện Đắk Mil']) {
      await drafter.page.locator('input[name=recipients]').and(drafter.page.getByLabel(name, { exact: false })).first().check();
    }
    await drafter.look('draft-form');
    await press(drafter.page, 'Lưu dự thảo');
    await drafter.page.getByRole('button', { name: 'Trình dự thảo' }).waitFor();
    await drafter.look('draft');
    await press(drafter.page, 'Trình dự thảo');

    // Trưởng phòng xác nhận nội dung, văn thư xác nhận thể thức, Chủ tịch duyệt, văn thư phát hành.
    for (const [account, box, button] of [
      [PEOPLE.province.unitHead, 'approval', 'Xác nhận nội dung'],
      [PEOPLE.province.clerk, 'form-review', 'Xác nhận thể thức'],
      [PEOPLE.province.head, 'signing', 'Duyệt'],
      [PEOPLE.province.clerk, 'issuing', 'Cấp số, phát hành'],
    ]) {
      const person = await office.asPerson(account, size);
      await openFrom(person.page, box, WORDS);
      if (box === 'signing') await person.look('signing');
      await press(person.page, button);
    }
    const sender = await office.asPerson(PEOPLE.province.clerk, size);
    await openFrom(sender.page, 'dispatched', WORDS);
    const issued = sender.page.url();
    const symbol = (await sender.page.getByText(/\d{2,}\/QĐ-UBND/).first().innerText()).match(/\d{2,}\/QĐ-UBND/)[0];
    await sender.page.getByText('Chỉ để biết, tham khảo').first().waitFor();
    await sender.look('issued');

    // Hai cơ quan nhận tiếp nhận và vào sổ.
    for (const account of [PEOPLE.department.clerk, PEOPLE.district.clerk]) {
      const clerk = await office.asPerson(account, size);
      await openFrom(clerk.page, 'reception', WORDS);
      if (account === PEOPLE.department.clerk) await clerk.look('reception');
      await press(clerk.page, 'Tiếp nhận và vào sổ');
    }
    // Văn thư Sở trình Giám đốc; Giám đốc cho ý kiến; trưởng phòng giao chuyên viên.
    const clerk = await office.asPerson(PEOPLE.department.clerk, size);
    await openFrom(clerk.page, 'presenting', WORDS);
    await choose(clerk.page, 'leader', 'Đặng Minh Hưng');
    await press(clerk.page, 'Trình lãnh đạo');
    const director = await office.asPerson(PEOPLE.department.head, size);
    await openFrom(director.page, 'directing', WORDS);
    await director.look('directive');
    await director.page.getByLabel('Ý kiến chỉ đạo').fill('Giao Phòng Bưu chính - Viễn thông tham mưu.');
    await choose(director.page, 'lead', 'Hoàng Đình Long');
    await director.page.getByLabel('Thời hạn', { exact: true }).fill(inDays(10));
    await press(director.page, 'Cho ý kiến và chuyển xử lý');
    const head = await office.asPerson(PEOPLE.department.unitHead, size);
    await openFrom(head.page, 'handling', WORDS);
    await head.page.getByLabel('Ý kiến chỉ đạo').fill('Đồng chí An dự thảo trả lời.');
    await choose(head.page, 'lead', 'Nguyễn Văn An');
    await press(head.page, 'Chuyển xử lý');

    // Chuyên viên trả lời bằng một công văn, rồi kết thúc.
    const officer = await office.asPerson(PEOPLE.department.officer, size);
    await openFrom(officer.page, 'handling', WORDS);
    const handled = officer.page.url();
    await officer.look('handling');
    await press(officer.page, 'Bắt đầu xử lý');
    await officer.page.goto(`/outgoing/new?reply_to=${handled.split('/').pop()}`);
    await officer.page.getByLabel('Loại văn bản').selectOption('cong_van');
    await officer.page.getByLabel('Trích yếu nội dung').fill(REPLY);
    await officer.page.getByLabel('Nội dung soạn trực tiếp').fill('Sở Thông tin và Truyền thông báo cáo kết quả triển khai như sau.');
    const committee = officer.page.locator('input[name=recipients]').and(officer.page.getByLabel('Ủy ban nhân dân tỉnh Đắk Nông', { exact: false })).first();
    await committee.check();
    await press(officer.page, 'Lưu và trình');
    for (const [account, box, button] of [
      [PEOPLE.department.unitHead, 'approval', 'Xác nhận nội dung'],
      [PEOPLE.department.clerk, 'form-review', 'Xác nhận thể thức'],
      [PEOPLE.department.head, 'signing', 'Duyệt'],
      [PEOPLE.department.clerk, 'issuing', 'Cấp số, phát hành'],
    ]) {
      const person = await office.asPerson(account, size);
      await openFrom(person.page, box, REPLY);
      await press(person.page, button);
    }
    await officer.page.goto(handled);
    await finishWithReply(officer.page);
    await officer.look('finished');

    // Nơi gửi thấy mọi trạng thái; văn bản trả lời nằm ở Chờ tiếp nhận; hai sổ đều ghi.
    for (const state of ['Đã đến', 'Đã tiếp nhận', 'Đã chuyển xử lý', 'Đang xử lý', 'Đã hoàn thành']) {
      await eventually(sender.page, issued, state);
    }
    await sender.look('issued-followed');
    await openFrom(sender.page, 'reception', REPLY);
    await sender.page.goto('/registers/outgoing');
    await sender.page.getByText(symbol).first().waitFor();
    await sender.look('register-outgoing');
    await clerk.page.goto('/registers/incoming');
    await clerk.page.getByText(WORDS, { exact: false }).first().waitFor();
    await clerk.look('register-incoming');
  });
}

async function choose(page, field, name) {
  const option = page.locator(`select[name=${field}] option`).filter({ hasText: name }).first();
  await page.locator(`select[name=${field}]`).first().selectOption(await option.getAttribute('value'));
}

async function finishWithReply(page) {
  const reply = page.locator('input[name=outcome][value=reply]');
  if (!(await reply.isVisible())) await page.locator('details', { has: reply }).first().locator('summary').first().click();
  await reply.check();
  await page.locator('select[name=reply]').first().selectOption({ index: 0 });
  await press(page, 'Kết thúc xử lý');
}

async function eventually(page, url, words) {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    await page.goto(url);
    if (await page.getByText(words).count()) return;
    await page.waitForTimeout(500);
  }
  assert.fail(`“${words}” không hiện ở ${url}`);
}

function inDays(days) {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}
