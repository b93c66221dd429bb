// Hai hệ thống trao đổi văn bản qua trục liên thông: gửi, tiếp nhận, trả lại, thu hồi, cập nhật, thay thế, trùng (NT-04), chứng cứ
// (QĐ 28 Điều 6–9; QCVN 102:2016; NĐ 30 Điều 18).
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { choose, eventually, openFrom, press, pressAndLeave, waitFor } from '../support/desk.mjs';
import { OUT } from '../support/out.mjs';
import { PEOPLE } from '../support/people.mjs';
import { programOf } from '../support/programs.mjs';
import { scan } from '../support/scan.mjs';
import { MINISTRY_PASSWORD, RECIPIENT, openTwoOffices, sendByAxis, settle, vanthu } from '../support/two-offices.mjs';

const both = openTwoOffices('hai-he-thong');
let ministry;

/** What goes out, by what becomes of it. */
const SUBJECTS = {
  kept: 'Phối hợp tổ chức hội nghị chuyển đổi số năm 2026',
  returned: 'Đề nghị cấp kinh phí sửa chữa trụ sở',
  recalled: 'Triển khai kiểm tra công tác văn thư',
  corrected: 'Báo cáo kết quả cải cách hành chính quý III năn 2026',
  old: 'Kế hoạch ứng dụng công nghệ thông tin năm 2026',
  notice: 'Thu hồi văn bản về kiểm tra công tác văn thư',
};
const CORRECTED = 'Báo cáo kết quả cải cách hành chính quý III năm 2026';
const NEW = 'Kế hoạch ứng dụng công nghệ thông tin năm 2026 (thay thế)';

/** The person of the ministry at their own browser. */
const ofMinistry = (who, options = {}) => both.recipient.asPerson(ministry[who], { ...options, password: MINISTRY_PASSWORD });

/** Brings a draft to where it waits for the signature; through the API, as an office's own software does. */
async function toSigning(draft) {
  const { province } = PEOPLE;
  const drafter = await programOf(both.sender, province.drafter);
  const { id } = await drafter('/api/v1/outgoing', {
    type_key: 'cong_van',
    main_text: 'Thực hiện chương trình công tác năm 2026, đề nghị quý cơ quan phối hợp.\n\nTrân trọng.',
    axis: [{ code: RECIPIENT.code }],
    ...draft,
  });
  for (const [account, step] of [[province.drafter, 'submit'], [province.unitHead, 'sign-off-content'], [province.clerk, 'sign-off-form']]) {
    await (await programOf(both.sender, account))(`/api/v1/outgoing/${id}/${step}`, {});
  }
  return id;
}

/** The signer signs and the clerk issues everything that waits, each with one press. */
async function signAndIssue(subjects) {
  const head = await both.sender.asPerson(PEOPLE.province.head);
  const clerk = await both.sender.asPerson(PEOPLE.province.clerk);
  for (const subject of subjects) {
    await openFrom(head.page, 'signing', subject);
    await pressAndLeave(head.page, 'signing', 'Duyệt và ký số');
    await openFrom(clerk.page, 'issuing', subject);
    await pressAndLeave(clerk.page, 'issuing', 'Cấp số, ký số cơ quan và phát hành');
  }
}

test('hai hệ thống được nối với trục', async () => {
  ministry = await settle(both);
});

test('chuyên viên chọn nơi nhận trên trục khi soạn', async () => {
  for (const phone of [false, true]) {
    const drafter = await both.sender.asPerson(PEOPLE.province.drafter, { phone });
    const { page } = drafter;
    await page.goto('/outgoing/new');
    await page.getByLabel('Tìm theo tên hoặc mã định danh').fill('bo mau');
    await press(page, 'Tìm nơi nhận');
    await page.locator(`#axis-${RECIPIENT.code}`).selectOption({ label: 'Để thực hiện' });
    await drafter.look('truc-chon-noi-nhan');
  }
});

test('văn bản đi qua trục, được tiếp nhận, và nơi gửi thấy các trạng thái', async () => {
  for (const subject of Object.values(SUBJECTS)) await toSigning({ subject });
  await signAndIssue(Object.values(SUBJECTS));
  const clerk = await ofMinistry('clerk');
  // All of them first: a document that arrives meanwhile would count as well.
  for (const subject of Object.values(SUBJECTS)) await waitFor(clerk.page, 'reception', subject);
  await openFrom(clerk.page, 'reception', SUBJECTS.kept);
  await eventually(clerk.page, clerk.page.url(), 'Có giá trị pháp lý như văn bản giấy');
  await clerk.look('truc-tiep-nhan');
  const phone = await ofMinistry('clerk', { phone: true });
  await phone.page.goto(clerk.page.url());
  await phone.look('truc-tiep-nhan');
  await pressAndLeave(clerk.page, 'reception', 'Tiếp nhận và vào sổ');
  await followed(SUBJECTS.kept, ['Đã đến', 'Đã tiếp nhận'], 'truc-theo-doi');
});

test('văn bản bị trả lại kèm lý do mà nơi gửi đọc được', async () => {
  const clerk = await ofMinistry('clerk');
  await openFrom(clerk.page, 'reception', SUBJECTS.returned);
  await unfold(clerk.page, 'Trả lại');
  await clerk.page.getByLabel('Lý do', { exact: false }).first().fill('Văn bản không thuộc thẩm quyền giải quyết của Bộ.');
  await press(clerk.page, 'Trả lại');
  await followed(SUBJECTS.returned, ['Văn bản không thuộc thẩm quyền giải quyết của Bộ.'], 'truc-bi-tra-lai');
});

test('văn bản được thu hồi sau khi bên nhận đã giao xử lý; văn thư bên nhận xác nhận', async () => {
  // Đã giao xử lý: việc hủy do văn thư xác nhận.
  const clerk = await ofMinistry('clerk');
  await openFrom(clerk.page, 'reception', SUBJECTS.recalled);
  const received = clerk.page.url();
  await pressAndLeave(clerk.page, 'reception', 'Tiếp nhận và vào sổ');
  await openFrom(clerk.page, 'presenting', SUBJECTS.recalled);
  await choose(clerk.page, 'leader', 'Đỗ Minh Quân');
  await pressAndLeave(clerk.page, 'presenting', 'Trình lãnh đạo');
  const leader = await ofMinistry('leader');
  await openFrom(leader.page, 'directing', SUBJECTS.recalled);
  await leader.page.getByLabel('Ý kiến chỉ đạo').fill('Đồng chí Hà nghiên cứu, đề xuất.');
  await choose(leader.page, 'lead', 'Vũ Thu Hà');
  await pressAndLeave(leader.page, 'directing', 'Cho ý kiến và chuyển xử lý');

  const sender = await both.sender.asPerson(PEOPLE.province.clerk);
  await openFrom(sender.page, 'dispatched', SUBJECTS.recalled);
  const sent = sender.page.url();
  await unfold(sender.page, 'Thu hồi văn bản');
  await sender.page.getByLabel('Lý do thu hồi').fill('Ban hành sai thẩm quyền.');
  await sender.page.getByLabel('Người quyết định, căn cứ').fill('Chủ tịch, ý kiến trên phiếu trình ngày hôm nay');
  await choose(sender.page, 'notice', SUBJECTS.notice);
  await sender.look('truc-thu-hoi-nhap');
  await press(sender.page, 'Thu hồi văn bản');
  await sender.look('truc-thu-hoi-da-gui');

  await openFrom(clerk.page, 'requests', SUBJECTS.recalled);
  await clerk.look('truc-yeu-cau-thu-hoi');
  const phone = await ofMinistry('clerk', { phone: true });
  await phone.page.goto(received);
  await phone.look('truc-yeu-cau-thu-hoi');
  await press(clerk.page, 'Hủy văn bản, báo lại bên gửi');
  await clerk.page.getByText('Văn bản đã bị bên gửi thu hồi').first().waitFor();
  await clerk.look('truc-da-huy');
  await eventually(sender.page, sent, 'Đã hủy văn bản trên hệ thống của bên nhận');
  await sender.look('truc-thu-hoi-xong');
});

test('thông tin được cập nhật, văn bản được thay thế', async () => {
  const clerk = await ofMinistry('clerk');
  for (const subject of [SUBJECTS.corrected, SUBJECTS.old]) {
    await openFrom(clerk.page, 'reception', subject);
    await pressAndLeave(clerk.page, 'reception', 'Tiếp nhận và vào sổ');
  }
  const sender = await both.sender.asPerson(PEOPLE.province.clerk);
  await openFrom(sender.page, 'dispatched', SUBJECTS.corrected);
  const sent = sender.page.url();
  await unfold(sender.page, 'Cập nhật thông tin đã gửi');
  await sender.page.getByLabel('Trích yếu').fill(CORRECTED);
  await sender.page.getByLabel('Lý do cập nhật').fill('Sửa lỗi gõ trong trích yếu.');
  await press(sender.page, 'Cập nhật và gửi');
  await openFrom(clerk.page, 'requests', SUBJECTS.corrected);
  await clerk.look('truc-yeu-cau-cap-nhat');
  await press(clerk.page, 'Đồng ý cập nhật');
  await clerk.page.getByText(CORRECTED).first().waitFor();
  await eventually(sender.page, sent, 'Đã cập nhật văn bản trên hệ thống của bên nhận');
  await sender.look('truc-cap-nhat-xong');

  await openFrom(sender.page, 'dispatched', SUBJECTS.old);
  const old = sender.page.url();
  await toSigning({ subject: NEW, replaces: [old.split('/').pop()] });
  await signAndIssue([NEW]);
  await openFrom(clerk.page, 'reception', NEW);
  await clerk.page.getByText('Thay thế', { exact: false }).first().waitFor();
  await clerk.look('truc-thay-the');
  await pressAndLeave(clerk.page, 'reception', 'Tiếp nhận và vào sổ');
  await eventually(sender.page, old, 'Bị thay thế');
  await sender.look('truc-bi-thay-the');
});

test('văn bản đến lại thì văn thư thấy nó trùng mã định danh, hay chỉ trùng số, ký hiệu và nơi gửi', async () => {
  const clerk = await both.sender.asPerson(PEOPLE.province.clerk);
  const { page } = clerk;
  const [first, again] = ['Báo cáo số liệu an toàn thông tin', 'Báo cáo số liệu an toàn thông tin, bản gửi lại'];
  const [number, notation] = ['1504', 'BM-ATTT'];
  await sendByAxis(both, number, notation, first);
  await openFrom(page, 'reception', first);
  const sender = (await page.locator('.page-sub').first().innerText()).split(' · ').pop();
  await press(page, 'Tiếp nhận và vào sổ');
  await page.getByText(/Đã vào sổ văn bản đến số \d+/).first().waitFor();

  // Bản giấy của cùng văn bản không có mã định danh; rồi chính văn bản ấy đến lần nữa.
  await page.goto('/incoming/paper');
  await page.getByLabel('Nơi gửi').fill(sender);
  await page.getByLabel('Số', { exact: true }).fill(number);
  await page.getByLabel('Ký hiệu').fill(notation);
  await page.getByLabel('Trích yếu nội dung').fill(`${first}, bản giấy`);
  await page.locator('input[name=main_file]').setInputFiles({ name: 'ban_giay.pdf', mimeType: 'application/pdf', buffer: scan('Bao cao') });
  await page.locator('.read-note').waitFor();
  await press(page, 'Vào sổ văn bản đến');
  // Cảnh báo trùng nêu văn bản đã vào sổ; muốn vào sổ tiếp thì phải ghi lý do (CN-108).
  await page.getByText('Có thể văn bản này đã vào sổ: số đến').first().waitFor();
  await clerk.look('truc-van-ban-giay-trung');
  await page.getByLabel('Lý do vẫn vào sổ').fill('Bản giấy gửi kèm bản điện tử');
  await press(page, 'Vào sổ văn bản đến');
  await page.getByText('có văn bản trùng đã vào sổ trước đó').first().waitFor();
  await sendByAxis(both, number, notation, again);
  await openFrom(page, 'reception', again);
  for (const what of ['trùng mã định danh văn bản', 'trùng số, ký hiệu và nơi gửi, khác mã định danh']) {
    await page.locator('li').filter({ hasText: 'Số đến' }).filter({ hasText: what }).first().waitFor();
  }
  await clerk.look('truc-van-ban-trung');
  const phone = await both.sender.asPerson(PEOPLE.province.clerk, { phone: true });
  await phone.page.goto(page.url());
  await phone.look('truc-van-ban-trung');
  await page.getByLabel('Lý do vẫn tiếp nhận').fill('Bên gửi phát hành lại');
  await press(page, 'Tiếp nhận và vào sổ');
  await page.getByText('có văn bản trùng đã vào sổ trước đó').first().waitFor();
});

test('chứng cứ và gói tin tải về được kiểm tra không cần máy chủ', async () => {
  const sender = await both.sender.asPerson(PEOPLE.province.clerk);
  await openFrom(sender.page, 'dispatched', SUBJECTS.kept);
  const id = sender.page.url().split('/').pop();
  const { deliveries } = await (await programOf(both.sender, PEOPLE.province.clerk))(`/api/v1/outgoing/${id}`);
  const bundle = await fetched(sender, `/outgoing/${id}/evidence/${deliveries[0].id}`, 'chung-cu.zip');
  const verified = await vanthu(['evidence', 'verify', bundle]);
  assert.equal(verified.code, 0, verified.stdout + verified.stderr);
  await sender.page.locator('a[href^="/exchange/sent/"]').first().click();
  await sender.page.getByRole('heading', { level: 1 }).waitFor();
  await sender.look('truc-goi-tin');
  const file = sender.page.locator('a[href^="/exchange/sent/"][href$="/file"]').first();
  const packet = await fetched(sender, await file.getAttribute('href'), 'goi-tin.edxml');
  const checked = await vanthu(['edxml', 'check', packet]);
  assert.equal(checked.code, 0, checked.stdout + checked.stderr);
});

test('quản trị và văn thư theo dõi trục', async () => {
  for (const phone of [false, true]) {
    const administrator = await both.sender.asPerson('datdt.ubnd', { phone });
    for (const [path, name] of [
      ['/exchange', 'giam-sat'],
      ['/exchange/sent', 'goi-tin-gui'],
      ['/exchange/received', 'goi-tin-nhan'],
      ['/exchange/connections', 'ket-noi'],
    ]) {
      await administrator.page.goto(path);
      await administrator.look(`truc-${name}`);
    }
    const clerk = await both.sender.asPerson(PEOPLE.province.clerk, { phone });
    await clerk.page.goto('/exchange');
    await clerk.look('truc-giam-sat-van-thu');
    await openFrom(clerk.page, 'dispatched', SUBJECTS.kept);
    await clerk.look('truc-theo-doi-mot-van-ban');
  }
});

/** Opens a folded part of a page. */
const unfold = (page, words) => page.locator('summary').filter({ hasText: words }).first().click();

/** The sender's page of the document says all this, sooner or later. */
async function followed(subject, words, name) {
  const sender = await both.sender.asPerson(PEOPLE.province.clerk);
  await waitFor(sender.page, 'dispatched', subject);
  await openFrom(sender.page, 'dispatched', subject);
  for (const said of words) await eventually(sender.page, sender.page.url(), said);
  await sender.look(name);
}

/** Fetches a file as the person and keeps it. */
async function fetched(person, href, name) {
  const answer = await person.context.request.get(href);
  assert.equal(answer.status(), 200, href);
  const file = join(OUT, name);
  await writeFile(file, await answer.body());
  return file;
}
