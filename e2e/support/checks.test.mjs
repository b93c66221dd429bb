// The checks themselves: each must accept a good page and refuse a bad one.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { PHONE, launchBrowser } from './browser.mjs';
import { checkAccessible, checkIcons, checkNoSidewaysScroll, watchProblems } from './checks.mjs';

const PAGES = {
  '/good': '<h1>Văn bản đến</h1><p>Không có văn bản nào.</p>',
  '/unlabelled': '<h1>Văn bản đến</h1><input type="text">',
  '/wide': '<h1>Văn bản đến</h1><div class="wide" style="width: 600px">Sổ đăng ký</div>',
  '/icons': '<h1>Văn bản đến</h1><svg aria-hidden="true"><use href="/icons.svg#send"></use></svg><svg aria-hidden="true"><use href="/icons.svg#gone"></use></svg>',
  '/throws': '<h1>Văn bản đến</h1><script src="/throws.js"></script>',
  '/inline': '<h1>Văn bản đến</h1><script>document.title = "x"</script>',
};

let server, browser, base;

before(async () => {
  server = createServer((request, response) => {
    if (request.url === '/throws.js') {
      response.setHeader('content-type', 'text/javascript');
      response.end('throw new Error("broken script")');
      return;
    }
    if (request.url === '/icons.svg') {
      response.setHeader('content-type', 'image/svg+xml');
      response.end('<svg xmlns="http://www.w3.org/2000/svg"><symbol id="send" viewBox="0 0 1 1"></symbol></svg>');
      return;
    }
    const body = PAGES[request.url];
    response.statusCode = body ? 200 : 404;
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.setHeader('content-security-policy', "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src 'self' data:; connect-src 'self'");
    response.end(`<!doctype html><html lang="vi"><head><meta name="viewport" content="width=device-width, initial-scale=1">
      <link rel="icon" href="data:,"><title>Thử</title></head><body><main>${body ?? '<h1>Không tìm thấy</h1>'}</main></body></html>`);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${server.address().port}`;
  browser = await launchBrowser();
});

after(async () => {
  await browser?.close();
  server?.close();
});

async function visit(path) {
  const context = await browser.newContext(PHONE);
  const problems = watchProblems(context);
  const page = await context.newPage();
  await page.goto(base + path, { waitUntil: 'networkidle' });
  return { context, page, problems };
}

test('a good page passes every check', async () => {
  const { context, page, problems } = await visit('/good');
  await checkAccessible(page);
  await checkNoSidewaysScroll(page);
  assert.deepEqual(problems, []);
  await context.close();
});

test('a field without a label is refused and named', async () => {
  const { context, page } = await visit('/unlabelled');
  await assert.rejects(checkAccessible(page), /label.*\n.*input/);
  await context.close();
});

test('a page wider than the phone is refused and the culprit is named', async () => {
  const { context, page } = await visit('/wide');
  await assert.rejects(checkNoSidewaysScroll(page), /div\.wide/);
  await context.close();
});

test('an icon that the sprite does not have is named', async () => {
  const { context, page } = await visit('/icons');
  await assert.rejects(checkIcons(page), /#gone/);
  await assert.rejects(checkIcons(page), (error) => !error.message.includes('#send'));
  await context.close();
});

test('a script error is recorded', async () => {
  const { context, problems } = await visit('/throws');
  assert.match(problems.join('\n'), /broken script/);
  await context.close();
});

test('a violation of the content security policy is recorded', async () => {
  const { context, problems } = await visit('/inline');
  assert.match(problems.join('\n'), /Content Security Policy/);
  await context.close();
});

test('a page that is not found is an answer, not a problem', async () => {
  const { context, problems } = await visit('/nowhere');
  assert.deepEqual(problems, []);
  await context.close();
});
