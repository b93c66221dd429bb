// Một văn bản đi trọn vòng: từ dự thảo ở UBND tỉnh đến hai cơ quan nhận, được trả lời, và nơi gửi thấy mọi trạng thái
// (Quy chế Điều 12, 13, 14; NĐ 30 Điều 10–24; QĐ 28 Điều 8, 9).
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { choose, eventually, inDays, openFrom, press, pressAndLeave, pressOnce, waitFor } from '../support/desk.mjs';
import { demoRoot, judge } from '../support/judge.mjs';
import { openOffice } from '../support/office.mjs';
import { OUT } from '../support/out.mjs';
import { PEOPLE } from '../support/people.mjs';

const REGULATION = new URL('../../crates/the-thuc/tests/samples/quy-che-01-2022.md', import.meta.url);
const office = openOffice();

// At the desk the whole Quyết định is pasted in and its subject is read from the text; on the phone a short one is typed.
const RUNS = [
  {
    phone: false,
    text: await readFile(REGULATION, 'utf8'),
    words: 'Quản lý, vận hành và sử dụng',
    reply: 'triển khai Quy chế quản lý văn bản điện tử',
  },
  {
    phone: true,
    subject: 'Thành lập Tổ công tác số hóa hồ sơ của tỉnh',
    text: [
      'Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;',
      'Theo đề nghị của Giám đốc Sở Thông tin và Truyền thông.',
      'QUYẾT ĐỊNH:',
      'Điều 1. Thành lập Tổ công tác số hóa hồ sơ của tỉnh.',
      'Điều 2. Quyết định này có hiệu lực kể từ ngày ký.',
    ].join('\n'),
    words: 'Thành lập Tổ công tác số hóa hồ sơ',
    reply: 'cử thành viên Tổ công tác số hóa hồ sơ',
  },
];

for (const { phone, subject, text, words, reply } of RUNS) {
  test(`một văn bản đi trọn vòng${phone ? ', trên điện thoại' : ''}`, async () => {
    const known = new Map();
    /** The person at their own browser; signs in once. */
    const person = async (account) => {
      if (!known.has(account)) known.set(account, await office.asPerson(account, { phone }));
      return known.get(account);
    };

    // Chuyên viên soạn.
    const drafter = await person(PEOPLE.province.drafter);
    await drafter.page.goto('/outgoing/new');
    await drafter.page.getByLabel('Loại văn bản').selectOption('quyet_dinh');
    if (subject) await drafter.page.getByLabel('Trích yếu nội dung').fill(subject);
    await drafter.page.getByLabel('Nội dung soạn trực tiếp').fill(text);
    for (const name of ['Sở Thông tin và Truyền thông', 'Ủy ban nhân dân huyện Đắk Mil']) {
      await drafter.page.locator('input[name=recipients]').and(drafter.page.getByLabel(name, { exact: false })).first().check();
    }
    await drafter.look('draft-form');
    await press(drafter.page, 'Lưu dự thảo');
    await drafter.page.getByRole('button', { name: 'Trình dự thảo' }).waitFor();
    await drafter.look('draft');
    await press(drafter.page, 'Trình dự thảo');

    // Trưởng phòng xác nhận nội dung, văn thư xác nhận thể thức, Chủ tịch ký số, văn thư cấp số, ký số cơ quan, phát hành.
    for (const [account, box, button] of [
      [PEOPLE.province.unitHead, 'approval', 'Xác nhận nội dung'],
      [PEOPLE.province.clerk, 'form-review', 'Xác nhận thể thức'],
      [PEOPLE.province.head, 'signing', 'Duyệt và ký số'],
      [PEOPLE.province.clerk, 'issuing', 'Cấp số, ký số cơ quan và phát hành'],
    ]) {
      const { page, look } = await person(account);
      await openFrom(page, box, words);
      if (box === 'signing') await look('signing');
      await pressAndLeave(page, box, button);
    }
    const sender = await person(PEOPLE.province.clerk);
    await openFrom(sender.page, 'dispatched', words);
    const issued = sender.page.url();
    const symbol = (await sender.page.getByText(/\d{2,}\/QĐ-UBND/).first().innerText()).match(/\d{2,}\/QĐ-UBND/)[0];
    await sender.page.getByText('Có giá trị pháp lý như văn bản giấy').first().waitFor();
    await sender.look('issued');
    await signedForEverybody(sender, 'Trần Quốc Khải', 'Ủy ban nhân dân tỉnh Đắk Nông');

    // Hai cơ quan nhận tiếp nhận và vào sổ: Sở mở từng văn bản, huyện chọn trong danh sách.
    const clerk = await person(PEOPLE.department.clerk);
    await openFrom(clerk.page, 'reception', words);
    await eventually(clerk.page, clerk.page.url(), 'Có giá trị pháp lý như văn bản giấy');
    await clerk.look('reception');
    await pressAndLeave(clerk.page, 'reception', 'Tiếp nhận và vào sổ');
    const district = await person(PEOPLE.district.clerk);
    await waitFor(district.page, 'reception', words);
    await district.page.locator('[data-row]').filter({ hasText: words }).getByRole('checkbox').check();
    await district.look('reception-list');
    await press(district.page, 'Tiếp nhận và vào sổ');
    await district.page.getByText(/^Số đến \d+/).first().waitFor();
    await district.look('registered-many');

    // Văn thư Sở trình Giám đốc; Giám đốc cho ý kiến; trưởng phòng giao chuyên viên.
    await openFrom(clerk.page, 'presenting', words);
    await choose(clerk.page, 'leader', 'Đặng Minh Hưng');
    await pressAndLeave(clerk.page, 'presenting', 'Trình lãnh đạo');
    const director = await person(PEOPLE.department.head);
    await openFrom(director.page, 'directing', words);
    await director.look('directive');
    await director.page.getByLabel('Ý kiến chỉ đạo').fill('Giao Phòng Bưu chính - Viễn thông tham mưu.');
    await choose(director.page, 'lead', 'Hoàng Đình Long');
    await director.page.getByLabel('Thời hạn', { exact: true }).fill(inDays(10));
    await pressAndLeave(director.page, 'directing', 'Cho ý kiến và chuyển xử lý');
    const head = await person(PEOPLE.department.unitHead);
    await openFrom(head.page, 'handling', words);
    await head.page.getByLabel('Ý kiến chỉ đạo').fill('Đồng chí An dự thảo trả lời.');
    await choose(head.page, 'lead', 'Nguyễn Văn An');
    await pressAndLeave(head.page, 'handling', 'Chuyển xử lý');

    // Chuyên viên trả lời bằng một công văn, rồi kết thúc.
    const officer = await person(PEOPLE.department.officer);
    await openFrom(officer.page, 'handling', words);
    const handled = officer.page.url();
    await officer.look('handling');
    await pressOnce(officer.page, 'Bắt đầu xử lý');
    await officer.page.goto(`/outgoing/new?reply_to=${handled.split('/').pop()}`);
    await officer.page.getByLabel('Loại văn bản').selectOption('cong_van');
    await officer.page.getByLabel('Trích yếu nội dung').fill(reply);
    await officer.page.getByLabel('Nội dung soạn trực tiếp').fill('Sở Thông tin và Truyền thông báo cáo kết quả triển khai như sau.');
    const committee = officer.page.locator('input[name=recipients]').and(officer.page.getByLabel('Ủy ban nhân dân tỉnh Đắk Nông', { exact: false })).first();
    await committee.check();
    await press(officer.page, 'Lưu và trình');
    for (const [account, box, button] of [
      [PEOPLE.department.unitHead, 'approval', 'Xác nhận nội dung'],
      [PEOPLE.department.clerk, 'form-review', 'Xác nhận thể thức'],
      [PEOPLE.department.head, 'signing', 'Duyệt và ký số'],
      [PEOPLE.department.clerk, 'issuing', 'Cấp số, ký số cơ quan và phát hành'],
    ]) {
      const { page } = await person(account);
      await openFrom(page, box, reply);
      await pressAndLeave(page, box, button);
    }
    await officer.page.goto(handled);
    await finishWithReply(officer.page);
    await officer.look('finished');

    // Nơi gửi thấy mọi trạng thái; văn bản trả lời nằm ở Chờ tiếp nhận; hai sổ đều ghi.
    for (const state of ['Đã đến', 'Đã tiếp nhận', 'Đã chuyển xử lý', 'Đang xử lý', 'Đã hoàn thành']) {
      await eventually(sender.page, issued, state);
    }
    await sender.look('issued-followed');
    await openFrom(sender.page, 'reception', reply);
    await sender.page.goto('/registers/outgoing');
    await sender.page.getByText(symbol).first().waitFor();
    await sender.look('register-outgoing');
    await clerk.page.goto('/registers/incoming');
    await clerk.page.getByText(words, { exact: false }).first().waitFor();
    await clerk.look('register-incoming');
  });
}

/** An outside judge calls every signature valid: the person's, and those of the agency, the seal over the whole file. */
async function signedForEverybody(person, signer, agency) {
  const link = person.page.locator('a[href^="/files/"]').first();
  const file = await person.context.request.get(await link.getAttribute('href'));
  assert.equal(file.status(), 200);
  const pdf = await file.body();
  await writeFile(join(OUT, 'issued.pdf'), pdf); // for people who look at the pictures
  const signatures = await judge(pdf, await demoRoot(office.server.data));
  const own = signatures.filter((one) => one.kind === 'signature');
  assert.deepEqual(own.map((one) => one.signer), [signer, agency, agency], 'người ký, rồi cơ quan hai lần: số, dấu');
  for (const one of signatures) {
    assert.ok(one.bottom_line, `pyHanko: ${one.field} ${one.problem} ${one.error ?? ''}`);
    assert.ok(['NONE', 'LTA_UPDATES', 'FORM_FILLING'].includes(one.modification_level), `${one.field}: ${one.modification_level}`);
  }
}

async function finishWithReply(page) {
  const reply = page.locator('input[name=outcome][value=reply]');
  if (!(await reply.isVisible())) await page.locator('details', { has: reply }).first().locator('summary').first().click();
  await reply.check();
  await page.locator('select[name=reply]').first().selectOption({ index: 0 });
  await press(page, 'Kết thúc xử lý');
}
