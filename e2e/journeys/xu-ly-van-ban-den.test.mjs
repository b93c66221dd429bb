// Xử lý một văn bản đến: giao, trả lại, giao lại, xin gia hạn, thêm người, thu hồi phân công (NT-10), đôn đốc, hoàn thành
// (NĐ 30 Điều 23, 24; Phụ lục IV mẫu V, VII).
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkBook } from '../support/checks.mjs';
import { choose, eventually, inDays, openFrom, press, pressAndLeave, pressOnce } from '../support/desk.mjs';
import { openOffice } from '../support/office.mjs';
import { OUT } from '../support/out.mjs';
import { PEOPLE } from '../support/people.mjs';
import { scan } from '../support/scan.mjs';

const office = openOffice();
const SUPPORTING = 'bachtx.stttt'; // Trịnh Xuân Bách, trưởng phòng CNTT
const INFORMED = 'chivtl.stttt'; // Vũ Thị Lan Chi, chuyên viên phòng CNTT

/** Opens what is folded under these words. */
const unfold = (page, words) => page.locator('summary').filter({ hasText: words }).first().click();

/** Takes back the part of this line, with a reason; the one who gave it is sure. */
async function takeBack(page, line, reason) {
  await line.locator('summary').filter({ hasText: 'Điều chỉnh, thu hồi' }).click();
  await line.getByLabel('Lý do thu hồi').fill(reason);
  await line.getByRole('button', { name: 'Thu hồi phân công' }).click();
  await page.locator('dialog[open]').getByRole('button').last().click();
}

/** Ticks a person or unit in a list of people. */
async function tick(page, field, name) {
  await page.locator(`.form-check:has(input[name=${field}])`).filter({ hasText: name }).first().locator(`input[name=${field}]`).check();
}

for (const phone of [false, true]) {
  test(`xử lý một văn bản đến${phone ? ', trên điện thoại' : ''}`, async () => {
    const known = new Map();
    const person = async (account) => {
      if (!known.has(account)) known.set(account, await office.asPerson(account, { phone }));
      return known.get(account);
    };
    const words = phone ? 'Đề nghị báo cáo hạ tầng viễn thông' : 'Đề nghị báo cáo chuyển đổi số quý I';

    // Văn thư vào sổ văn bản giấy, trình Giám đốc.
    const clerk = await person(PEOPLE.department.clerk);
    await clerk.page.goto('/incoming/paper');
    await clerk.page.getByLabel('Nơi gửi').fill('Ủy ban nhân dân tỉnh Đắk Nông');
    await clerk.page.locator('#f-subject').fill(words);
    await clerk.page.locator('input[name=main_file]').setInputFiles({
      name: 'ban_chup.pdf',
      mimeType: 'application/pdf',
      buffer: scan('De nghi bao cao'),
    });
    await press(clerk.page, 'Vào sổ văn bản đến');
    await openFrom(clerk.page, 'presenting', words);
    const address = clerk.page.url();
    await choose(clerk.page, 'leader', 'Đặng Minh Hưng');
    await pressAndLeave(clerk.page, 'presenting', 'Trình lãnh đạo');

    // Giám đốc giao: chủ trì, phối hợp, xem để biết, thời hạn.
    const director = await person(PEOPLE.department.head);
    await openFrom(director.page, 'directing', words);
    await director.page.getByLabel('Ý kiến chỉ đạo').fill('Giao Phòng Bưu chính - Viễn thông tham mưu.');
    await choose(director.page, 'lead', 'Hoàng Đình Long');
    await director.page.locator('#f-due_on').fill(inDays(10));
    await unfold(director.page, 'Phối hợp, xem để biết');
    await tick(director.page, 'cooperate', 'Trịnh Xuân Bách');
    await tick(director.page, 'inform', 'Vũ Thị Lan Chi');
    await director.look('handling-directive');
    await pressAndLeave(director.page, 'directing', 'Cho ý kiến và chuyển xử lý');

    // Trưởng phòng trả lại; Giám đốc thấy ở Bị trả lại, giao chuyên viên.
    const unitHead = await person(PEOPLE.department.unitHead);
    await openFrom(unitHead.page, 'handling', words);
    await unfold(unitHead.page, 'Trả lại người giao');
    await unitHead.page.getByLabel('Lý do trả lại').fill('Nội dung thuộc nhiệm vụ đã giao đồng chí An.');
    await unitHead.look('handling-give-back');
    await pressAndLeave(unitHead.page, 'handling', 'Trả lại người giao');
    await openFrom(director.page, 'given-back', words);
    await director.page.getByText('Nội dung thuộc nhiệm vụ đã giao đồng chí An').first().waitFor();
    await director.look('handling-given-back');
    await choose(director.page, 'lead', 'Nguyễn Văn An');
    await director.page.locator('#f-due_on').fill(inDays(10));
    await pressAndLeave(director.page, 'given-back', 'Phân công lại');

    // Chuyên viên xin gia hạn; Giám đốc không đồng ý, rồi đồng ý; hạn cũ vẫn thấy.
    const officer = await person(PEOPLE.department.officer);
    for (const [days, button] of [[20, 'Không đồng ý'], [14, 'Đồng ý gia hạn']]) {
      await openFrom(officer.page, 'handling', words);
      await unfold(officer.page, 'Xin gia hạn');
      await officer.page.locator('#f-wanted_on').fill(inDays(days));
      await officer.page.getByLabel('Lý do xin gia hạn').fill('Chờ số liệu của các huyện.');
      if (days === 20) await officer.look('handling-extend');
      await press(officer.page, 'Gửi đề nghị gia hạn');
      await openFrom(director.page, 'extensions', words);
      if (days === 20) await director.look('handling-extension');
      await director.page.getByLabel('Ý kiến (bắt buộc khi không đồng ý)').fill(days === 20 ? 'Cần trước phiên họp.' : '');
      await press(director.page, button);
      await director.page.locator('[data-flash]').first().waitFor();
    }
    await eventually(officer.page, address, 'Hạn cũ');
    await officer.look('handling-extended');

    // Giám đốc thêm người, rồi thu hồi khi người ấy chưa mở.
    await director.page.goto(address);
    await unfold(director.page, 'Thêm người xử lý');
    await tick(director.page, 'cooperate', 'Hoàng Đình Long');
    await press(director.page, 'Thêm người xử lý');
    const added = director.page.locator('.assignments li').filter({ hasText: 'Hoàng Đình Long' }).filter({ hasText: 'Chưa xem' });
    await added.locator('summary').filter({ hasText: 'Điều chỉnh, thu hồi' }).click();
    await director.look('handling-amend');
    await added.getByRole('button', { name: 'Thu hồi phân công' }).click();
    await director.page.locator('dialog[open]').getByRole('button').last().click();
    await director.page.getByText('Đã thu hồi phân công').first().waitFor();

    // Thêm lại, lần này người ấy đã mở: thu hồi phải có lý do, và người ấy được báo.
    await unfold(director.page, 'Thêm người xử lý');
    await tick(director.page, 'cooperate', 'Hoàng Đình Long');
    await press(director.page, 'Thêm người xử lý');
    const opened = director.page.locator('.assignments li').filter({ hasText: 'Hoàng Đình Long' }).filter({ hasText: 'Điều chỉnh, thu hồi' });
    await opened.waitFor();
    await unitHead.page.goto(address);
    await director.page.goto(address);
    await takeBack(director.page, opened, 'Giao nhầm đơn vị.');
    await director.page.getByText('Đã thu hồi phân công').first().waitFor();
    await openFrom(unitHead.page, 'recalled', words);
    await unitHead.page.getByText('Giao nhầm đơn vị.').first().waitFor();
    await unitHead.look('handling-taken-back');

    // Người phối hợp xong phần mình.
    const supporting = await person(SUPPORTING);
    await openFrom(supporting.page, 'supporting', words);
    await supporting.page.locator('#f-result').fill('Đã gửi số liệu.');
    await pressAndLeave(supporting.page, 'supporting', 'Hoàn thành phần việc');

    // Trang của Giám đốc mở từ trước khi xong: phần việc đã hoàn thành thì không thu hồi được nữa.
    const done = director.page.locator('.assignments li').filter({ hasText: 'Trịnh Xuân Bách' });
    await takeBack(director.page, done, 'Không cần phối hợp nữa.');
    await director.page.getByText('Phần việc này đã hoàn thành nên không thu hồi').first().waitFor();
    assert.equal(await done.getByText('Điều chỉnh, thu hồi').count(), 0);
    await director.look('handling-take-back-refused');

    // Văn thư theo dõi, đôn đốc người còn lại.
    await clerk.page.goto('/incoming/following');
    await clerk.look('handling-following-all');
    await clerk.page.goto(`/incoming/following?q=${encodeURIComponent(words)}`);
    const line = clerk.page.locator('tr[data-row]').filter({ hasText: words });
    assert.equal(await line.count(), 1, 'chỉ còn người chủ trì phải theo dõi');
    await line.getByRole('checkbox').check();
    await clerk.page.locator('#f-urging').fill('Đề nghị hoàn thành trước hạn.');
    await clerk.look('handling-following');
    await press(clerk.page, 'Đôn đốc');
    await clerk.page.getByText('Đã đôn đốc 1/1 phần việc').first().waitFor();
    await officer.page.goto('/boxes/handling');
    await officer.page.locator('[data-row]').filter({ hasText: words }).getByText('Được đôn đốc').waitFor();
    await officer.look('handling-urged');

    // Người xem để biết không có hạn; chuyên viên kết thúc; phiếu và dấu in được.
    const informed = await person(INFORMED);
    await openFrom(informed.page, 'information', words);
    assert.equal(await informed.page.locator('.part-lead .badge').count(), 1, 'xem để biết không có hạn');
    await openFrom(officer.page, 'handling', words);
    await pressOnce(officer.page, 'Bắt đầu xử lý');
    await officer.page.goto(address);
    await officer.page.locator('input[name=outcome][value=result]').check();
    await officer.page.locator('#f-result').fill('Đã tham mưu báo cáo.');
    await pressAndLeave(officer.page, 'handling', 'Kết thúc xử lý');
    await director.page.goto(address);
    await director.look('handling-finished');
    for (const paper of ['slip', 'stamp']) {
      const file = await director.context.request.get(`${address}/${paper}.pdf`);
      assert.equal(file.status(), 200);
      assert.equal(file.headers()['content-type'], 'application/pdf');
      await writeFile(join(OUT, `${paper}.pdf`), await file.body()); // for people who look at the pictures
    }
    await clerk.page.goto('/registers/incoming');
    await clerk.page.getByText(words, { exact: false }).first().waitFor();
    await checkBook(clerk.page, { phone, names: [3, 7] });
    await clerk.look('handling-register');
  });
}
