// One office for one test file: a server with the demo province, a browser, and people who sign in.
import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { after, afterEach, before } from 'node:test';
import { DESKTOP, PHONE, launchBrowser } from './browser.mjs';
import { checkAccessible, checkIcons, checkNoSidewaysScroll, shot, waitForDocument, watchProblems } from './checks.mjs';
import { startServer } from './server.mjs';

/** The password of every account of the demo province. */
export const DEMO_PASSWORD = 'vanthu-demo-2026';

/** How long an act may take. On a machine that builds at the same time, signing alone took more than fifteen seconds; waiting longer costs nothing where all is well. */
const PATIENCE_MS = 60_000;

/**
 * Registers the hooks that open the office before the tests of this file and close it after them.
 * After each test it fails when a page had a script error, a console error or broke the content security policy.
 *
 *     const office = openOffice();
 *     test('…', async () => {
 *       const clerk = await office.asPerson('annv.stttt');
 *       await clerk.page.goto('/');
 *       await clerk.look('home');
 *     });
 *
 * @param {Record<string, string>} settings further settings of the server
 * @param {(name: string, settings: object) => Promise<object>} start another way to start it than with the demo province
 */
export function openOffice(settings = {}, start = startServer) {
  const office = { url: undefined, server: undefined, asPerson, asStranger, request };
  const people = [];
  let browser;

  before(async () => {
    office.server = await start(basename(process.argv[1] ?? 'office', '.mjs'), settings);
    office.url = office.server.url;
    browser = await launchBrowser();
  });

  afterEach(async () => {
    const problems = people.flatMap((person) => person.problems.map((problem) => `${person.account}: ${problem}`));
    await Promise.all(people.map((person) => person.context.close()));
    people.length = 0;
    assert.deepEqual(problems, [], 'problems in the browser');
  });

  after(async () => {
    await browser?.close();
    await office.server?.stop();
  });

  /** A browser where nobody is signed in. */
  async function asStranger({ phone = false, javaScript = true } = {}) {
    const context = await browser.newContext({
      ...(phone ? PHONE : DESKTOP),
      javaScriptEnabled: javaScript,
      baseURL: office.url,
      locale: 'vi-VN',
      timezoneId: 'Asia/Ho_Chi_Minh',
    });
    context.setDefaultTimeout(PATIENCE_MS);
    const person = { account: 'stranger', phone, context, problems: watchProblems(context), page: await context.newPage() };
    /** Checks a finished screen and keeps a picture of it. */
    person.look = async (name) => {
      if (javaScript) await waitForDocument(person.page);
      await shot(person.page, phone ? `${name}-phone` : name);
      await checkAccessible(person.page);
      await checkNoSidewaysScroll(person.page);
      await checkIcons(person.page);
    };
    people.push(person);
    return person;
  }

  /** A browser where the owner of `account` is signed in. */
  async function asPerson(account, options = {}) {
    const person = await asStranger(options);
    person.account = account;
    await signIn(person.page, account, options.password);
    return person;
  }

  /** A plain HTTP request to the server, outside any browser. */
  function request(path, options) {
    return fetch(new URL(path, office.url), options);
  }

  return office;
}

/** Signs in through the form, as a person does. */
export async function signIn(page, account, password = DEMO_PASSWORD) {
  await page.goto('/sign-in');
  await page.getByLabel('Tên tài khoản').fill(account);
  await page.getByLabel('Mật khẩu', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Đăng nhập' }).click();
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
}
