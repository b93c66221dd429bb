// What people do at their desks: open a box, open a document, press a button.
import assert from 'node:assert/strict';

/** How often something that arrives by itself is looked for: what comes over the axis is asked for every ten seconds. */
const LOOKS = 60;

/** Opens a box and waits until it holds a document with these words in its subject; the outbox may need a moment. */
export async function waitFor(page, box, words) {
  const link = page.locator('a.doc-subject').filter({ hasText: words }).first();
  for (let attempt = 0; attempt < LOOKS; attempt += 1) {
    await page.goto(`/boxes/${box}`);
    if (await link.count()) return link;
    await page.waitForTimeout(500);
  }
  return assert.fail(`“${words}” không có ở hộp ${box}`);
}

/** Opens the document with these words in its subject from a box. */
export async function openFrom(page, box, words) {
  const link = await waitFor(page, box, words);
  await link.click();
  await page.waitForURL(/\/(incoming|outgoing|slips)\//);
  await page.getByRole('heading', { level: 1 }).waitFor();
}

/** Presses a button, and says yes when asked. */
export async function press(page, name) {
  await page.getByRole('button', { name, exact: false }).first().click();
  const sure = page.locator('dialog[open]').getByRole('button').last();
  if (await sure.isVisible().catch(() => false)) await sure.click();
  await page.waitForLoadState('load');
}

/** Presses a button that the answer does not show again, and waits for that answer: who leaves the page before it breaks off the request. */
export async function pressOnce(page, name) {
  await press(page, name);
  await page.getByRole('button', { name, exact: false }).first().waitFor({ state: 'detached' });
}

/** Presses the button that ends the work on a document: the counter of its box must say so on the very next page. */
export async function pressAndLeave(page, box, name) {
  const counter = page.locator(`.side-count[data-box="${box}"]`).first();
  const before = Number(await counter.textContent());
  await press(page, name);
  await page.locator('[data-flash]').first().waitFor();
  assert.equal(Number(await counter.textContent()), before - 1, `số đếm của hộp ${box} sau khi bấm “${name}”`);
}

/** A paper was sent to the register: one that the agency has from the exchange already needs a reason first (CN-108). */
export async function registered(page) {
  const done = page.getByText(/Đã vào sổ văn bản đến số \d+/).first();
  const reason = page.locator('#f-despite');
  await done.or(reason).first().waitFor();
  if (await reason.isVisible()) {
    await reason.fill('Bản giấy của văn bản đã nhận qua hệ thống');
    await press(page, 'Vào sổ văn bản đến');
  }
  await done.waitFor();
}

/** Chooses the option with this name. */
export async function choose(page, field, name) {
  const option = page.locator(`select[name=${field}] option`).filter({ hasText: name }).first();
  await page.locator(`select[name=${field}]`).first().selectOption(await option.getAttribute('value'));
}

/** Opens a page again and again until it says these words. */
export async function eventually(page, url, words) {
  for (let attempt = 0; attempt < LOOKS; attempt += 1) {
    await page.goto(url);
    if (await page.getByText(words).count()) return;
    await page.waitForTimeout(500);
  }
  assert.fail(`“${words}” không hiện ở ${url}`);
}

/** The day in so many days, as date fields take it. */
export function inDays(days) {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}
