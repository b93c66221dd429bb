// Đăng nhập, đăng xuất, tạm khóa tài khoản (Quy chế Điều 4.2, 7.2, 23.2c).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEMO_PASSWORD, openOffice, signIn } from '../support/office.mjs';
import { PEOPLE } from '../support/people.mjs';

const office = openOffice();

async function tryPassword(page, account, password) {
  await page.goto('/sign-in');
  await page.getByLabel('Tên tài khoản').fill(account);
  await page.getByLabel('Mật khẩu', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Đăng nhập' }).click();
  return page.getByRole('alert').innerText();
}

for (const phone of [false, true]) {
  test(`người chưa đăng nhập được mời đăng nhập${phone ? ', trên điện thoại' : ''}`, async () => {
    const stranger = await office.asStranger({ phone });
    await stranger.page.goto('/');
    assert.equal(new URL(stranger.page.url()).pathname, '/sign-in');
    await stranger.look('sign-in');
  });

  test(`văn thư đăng nhập và thấy bàn làm việc${phone ? ', trên điện thoại' : ''}`, async () => {
    const clerk = await office.asPerson(PEOPLE.department.clerk, { phone });
    await clerk.page.getByRole('heading', { level: 1 }).waitFor();
    await clerk.look('home-empty');
  });
}

test('đăng nhập xong trở lại đúng trang đã mở', async () => {
  const { page } = await office.asStranger();
  await page.goto('/boxes/handling');
  await page.getByLabel('Tên tài khoản').fill(PEOPLE.department.officer);
  await page.getByLabel('Mật khẩu', { exact: true }).fill(DEMO_PASSWORD);
  await page.getByRole('button', { name: 'Đăng nhập' }).click();
  await page.waitForURL('**/boxes/handling');
});

test('đăng nhập chỉ bằng bàn phím', async () => {
  const { page } = await office.asStranger();
  await page.goto('/sign-in');
  await page.keyboard.type(PEOPLE.department.officer);
  await page.keyboard.press('Tab');
  await page.keyboard.type(DEMO_PASSWORD);
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.pathname === '/');
});

test('không có JavaScript vẫn đăng nhập được', async () => {
  const { page } = await office.asStranger({ javaScript: false });
  await signIn(page, PEOPLE.department.officer);
  assert.equal(new URL(page.url()).pathname, '/');
});

test('sai mật khẩu và sai tên tài khoản được trả lời như nhau', async () => {
  const { page } = await office.asStranger();
  const wrongPassword = await tryPassword(page, PEOPLE.department.head, 'khong-phai-mat-khau');
  assert.equal(await page.getByLabel('Tên tài khoản').inputValue(), PEOPLE.department.head);
  assert.equal(await page.getByLabel('Mật khẩu', { exact: true }).inputValue(), '');
  const wrongName = await tryPassword(page, 'khongco.stttt', 'khong-phai-mat-khau');
  assert.equal(wrongName, wrongPassword);
});

test('sau năm lần sai, mật khẩu đúng cũng không vào được', async () => {
  const stranger = await office.asStranger();
  for (let failure = 0; failure < 5; failure += 1) {
    await tryPassword(stranger.page, PEOPLE.commune.clerk, `sai-${failure}`);
  }
  const answer = await tryPassword(stranger.page, PEOPLE.commune.clerk, DEMO_PASSWORD);
  assert.match(answer, /tạm khóa/);
  await stranger.look('sign-in-locked');
});

test('đăng xuất rồi thì phiên cũ không còn dùng được', async () => {
  const { page, context } = await office.asPerson(PEOPLE.department.officer);
  const session = await context.cookies();
  await page.getByRole('button', { name: /^Tài khoản/ }).click();
  await page.getByRole('button', { name: 'Đăng xuất' }).click();
  await page.waitForURL('**/sign-in');
  await context.clearCookies();
  await context.addCookies(session);
  await page.goto('/');
  assert.equal(new URL(page.url()).pathname, '/sign-in');
});
