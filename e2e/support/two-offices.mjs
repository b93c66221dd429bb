// Two installations and the axis between them: the demo province, and a ministry that has just begun.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { press } from './desk.mjs';
import { openOffice, signIn } from './office.mjs';
import { runVanthu, startAxis, startNewServer } from './server.mjs';

/** Both sides on the axis. All are made up. */
export const SENDER = { code: 'H16', name: 'Ủy ban nhân dân tỉnh Đắk Nông', system: 'E2E-TINH', secret: 'e2e-secret-tinh' };
export const RECIPIENT = { code: 'G99', name: 'Bộ Mẫu', system: 'E2E-BO', secret: 'e2e-secret-bo' };

const PASSWORD = 'Mat-khau-thu-2026';

/**
 * Registers the hooks that open both offices and the axis. `recipient.people` knows the accounts of the ministry once
 * `settle` has made them.
 */
export function openTwoOffices(name) {
  const both = { axis: undefined };
  before(async () => {
    const systems = [SENDER, RECIPIENT].map(
      ({ code, name: agency, system, secret }) =>
        `[[systems]]\nid = "${system}"\nsecret = "${secret}"\nagencies = [{ code = "${code}", name = "${agency}" }]\n`,
    );
    both.axis = await startAxis(`${name}-axis`, systems.join('\n'));
  });
  both.sender = openOffice();
  both.recipient = openOffice({}, () =>
    startNewServer(`${name}-bo`, {
      agency: RECIPIENT.name,
      code: RECIPIENT.code,
      place: 'Hà Nội',
      abbr: 'BM',
      suffix: 'bomau',
      'head-title': 'Bộ trưởng',
      'deputy-title': 'Thứ trưởng',
      administrator: 'Lý Văn Trị',
    }),
  );
  after(() => both.axis?.stop());
  return both;
}

/** The axis speaks for the ministry: it sends the province a document with this number and subject. */
export async function sendByAxis(both, number, notation, subject) {
  const answer = await fetch(new URL('/control/partner/send', both.axis.control), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ from: RECIPIENT.code, to: [SENDER.code], number, notation, subject }),
  });
  assert.equal(answer.status, 200, await answer.text());
}

/** Connects an office with the axis through its pages, and says what its agency is called there. */
export async function connect(administrator, axis, { system, secret, code, name }) {
  const { page } = administrator;
  await page.goto('/exchange/connections/new');
  await page.getByLabel('Tên kết nối').fill('Trục liên thông văn bản quốc gia');
  await page.getByLabel('Địa chỉ', { exact: false }).first().fill(axis.url);
  await page.getByLabel('Mã hệ thống').fill(system);
  await page.getByLabel('Khóa bí mật').fill(secret);
  await page.getByLabel('Hỏi trục sau mỗi').fill('10');
  await page.getByLabel('Cho phép http không mã hóa').check();
  await administrator.look(`truc-ket-noi-moi-${code}`);
  await press(page, 'Lưu kết nối');
  const option = page.locator('select[name=agency] option').filter({ hasText: name }).first();
  await page.locator('select[name=agency]').selectOption(await option.getAttribute('value'));
  await page.getByLabel('Mã định danh', { exact: false }).last().fill(code);
  await press(page, 'Gắn mã');
  await page.locator('main').getByText(code).first().waitFor();
  await administrator.look(`truc-ket-noi-${code}`);
}

/** Makes an account and gives its name; its owner has set a password of their own. */
async function account(office, administrator, fullName, title, role) {
  const { page } = administrator;
  await page.goto('/administration/accounts/new');
  await page.getByLabel('Họ và tên').fill(fullName);
  await page.getByLabel('Chức vụ').fill(title);
  await page.getByLabel('Vai trò trên hệ thống').selectOption({ label: role });
  await press(page, 'Tạo tài khoản');
  const [username, password] = await page.locator('code.once').allInnerTexts();
  await firstSignIn(office, username, password);
  return username;
}

/** The first sign-in: an own password in place of the one that was handed over. */
async function firstSignIn(office, username, password) {
  const person = await office.asStranger();
  await signIn(person.page, username, password);
  await person.page.getByLabel('Mật khẩu hiện tại').fill(password);
  await person.page.getByLabel(/^Mật khẩu mới/).fill(PASSWORD);
  await person.page.getByLabel('Nhập lại mật khẩu mới').fill(PASSWORD);
  await press(person.page, 'Đổi mật khẩu');
  await person.page.waitForURL((url) => url.pathname !== '/account/password');
  await person.context.close();
}

/** The ministry's people, its trust in the province's certificates, and what the axis calls the province. */
export async function settle(both) {
  const { recipient, sender, axis } = both;
  const { account: username, password } = recipient.server;
  await firstSignIn(recipient, username, password);
  const administrator = await recipient.asPerson(username, { password: PASSWORD });
  const people = {
    clerk: await account(recipient, administrator, 'Mai Thị Thư', 'Văn thư', 'Văn thư'),
    leader: await account(recipient, administrator, 'Đỗ Minh Quân', 'Thứ trưởng', 'Lãnh đạo'),
    officer: await account(recipient, administrator, 'Vũ Thu Hà', 'Chuyên viên', 'Chuyên viên'),
  };
  const { page } = administrator;
  await page.goto('/administration/signing/trust');
  await page.locator('input[type=file]').setInputFiles({
    name: 'goc-tinh.pem',
    mimeType: 'application/x-pem-file',
    buffer: await readFile(join(sender.server.data, 'demo-pki', 'root.pem')),
  });
  for (const box of await page.locator('input[name=purposes]').all()) await box.check();
  await press(page, 'Thêm vào danh sách');
  await page.getByText('Đã thêm vào danh sách tin cậy').waitFor();
  await connect(administrator, axis, RECIPIENT);
  const province = await sender.asPerson('datdt.ubnd');
  await connect(province, axis, SENDER);
  await directory(sender, RECIPIENT);
  await directory(recipient, SENDER);
  return people;
}

/** The other side comes into the directory as an operator brings it: from a file. */
async function directory(office, { code, name }) {
  const { mkdtemp, rm, writeFile } = await import('node:fs/promises');
  const folder = await mkdtemp(join(office.server.data, 'nap-'));
  try {
    const file = join(folder, 'danh-muc.csv');
    await writeFile(file, `code,name\n${code},${name}\n`);
    await runVanthu(['directory', 'import', file, '--apply'], { VANTHU__DATA__FOLDER: office.server.data });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The same password for everybody of the ministry. */
export const MINISTRY_PASSWORD = PASSWORD;

/** Programs of the operator: `vanthu …` with its exit code. */
export function vanthu(args, cwd) {
  const binary = process.env.VANTHU_BIN;
  return new Promise((resolve) => {
    execFile(binary, args, { cwd }, (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr }));
  });
}
