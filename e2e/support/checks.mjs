// What every screen must keep, whatever it shows.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { OUT } from './out.mjs';

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/**
 * Fails with a readable list when the page breaks WCAG 2.2 AA as far as a program can tell. In the legacy mode axe looks at the
 * page where it stands and not, through a second page, into frames of other origins: no page has one, and it takes half the time.
 */
export async function checkAccessible(page) {
  const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).withTags(WCAG).setLegacyMode();
  const { violations } = await axe.analyze();
  const lines = violations.map(
    (v) => `${v.id} (${v.impact}): ${v.help}\n` + v.nodes.map((n) => `    ${n.target.join(' ')}: ${n.html.slice(0, 160)}`).join('\n'),
  );
  assert.equal(violations.length, 0, `accessibility of ${page.url()}:\n${lines.join('\n')}`);
}

/** Fails when the page can be pushed sideways; names the elements that stick out. */
export async function checkNoSidewaysScroll(page) {
  const wide = await page.evaluate(() => {
    const room = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= room) return [];
    const out = [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > room + 1);
    return [`page: ${document.documentElement.scrollWidth} px in ${room} px`].concat(
      out.slice(0, 8).map((e) => `${e.tagName.toLowerCase()}.${[...e.classList].join('.')}: to ${Math.round(e.getBoundingClientRect().right)} px`),
    );
  });
  assert.deepEqual(wide, [], `sideways scroll on ${page.url()}`);
}

/** Fails when a book's tabs take more than one row or its open tab is out of sight; on a desktop also when names are squeezed. */
export async function checkBook(page, { phone = false, names = [] } = {}) {
  const seen = await page.evaluate((columns) => {
    const row = document.querySelector('.tabs');
    const open = row.querySelector('[aria-current]');
    const [outer, inner] = [row.getBoundingClientRect(), open.getBoundingClientRect()];
    const width = (column) => document.querySelector(`.register-table td:nth-child(${column})`)?.getBoundingClientRect().width ?? 0;
    return {
      rows: new Set([...row.querySelectorAll('li')].map((tab) => Math.round(tab.getBoundingClientRect().top))).size,
      inSight: inner.left >= outer.left - 1 && inner.right <= outer.right + 1,
      widths: columns.map(width),
    };
  }, names);
  assert.equal(seen.rows, 1, 'các thẻ sổ nằm trên một hàng');
  assert.ok(seen.inSight, 'thẻ của sổ đang mở nằm trong tầm nhìn');
  if (!phone) for (const width of seen.widths) assert.ok(width >= 120, `cột tên rộng ${width} px`);
}

/** Fails when the page shows an icon that the sprite does not have: such an icon is an empty place, without any error. */
export async function checkIcons(page) {
  const missing = await page.evaluate(async () => {
    const wanted = new Set([...document.querySelectorAll('use')].map((use) => use.getAttribute('href')));
    const sprites = new Map();
    const out = [];
    for (const address of wanted) {
      const [sprite, id] = address.split('#');
      if (!sprites.has(sprite)) sprites.set(sprite, await (await fetch(sprite)).text());
      if (!sprites.get(sprite).includes(`id="${id}"`)) out.push(address);
    }
    return out;
  });
  assert.deepEqual(missing, [], `missing icons on ${page.url()}`);
}

/** Waits until the document that a page shows is drawn: a page without a viewer, or without a file, is ready at once. */
export async function waitForDocument(page) {
  const viewer = page.locator('pdf-viewer');
  if (await viewer.count()) await viewer.locator('.pdf-page canvas').first().waitFor();
}

/** Saves a picture of the whole page as e2e/out/<name>.png. */
export async function shot(page, name) {
  await mkdir(OUT, { recursive: true });
  await page.screenshot({ path: join(OUT, `${name}.png`), fullPage: true });
}

/** How Chromium begins to tell of an answer that is an error. */
const FAILED = 'Failed to load resource';

/**
 * Watches a browser context for script errors, console errors and violations of the content security policy.
 * A refused request of a whole page (4xx) is an answer, not a mistake, and is not recorded.
 * @returns {string[]} grows while the context lives
 */
export function watchProblems(context) {
  const problems = [];
  const refused = new Set();
  context.on('response', (response) => {
    // Forms with files are sent by a script, which puts the page of the answer in place of the old one.
    const isPage = response.request().isNavigationRequest() || response.headers()['content-type']?.startsWith('text/html');
    if (isPage && response.status() >= 400 && response.status() < 500) {
      refused.add(response.url());
      // The console may have told of it before.
      const told = problems.findIndex((problem) => problem.startsWith(`console: ${FAILED}`) && problem.endsWith(`(${response.url()})`));
      if (told >= 0) problems.splice(told, 1);
    }
  });
  context.on('console', (message) => {
    if (message.type() !== 'error') return;
    if (message.text().startsWith(FAILED) && refused.has(message.location().url)) return;
    problems.push(`console: ${message.text()} (${message.location().url})`);
  });
  context.on('weberror', (error) => problems.push(`script: ${error.error()}`));
  return problems;
}
