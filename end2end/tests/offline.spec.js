// Pages without a network: on a device that the citizen says is theirs, and nothing of them after that.

import { expect, onlyWithJavaScript, test } from './support/test.js';

onlyWithJavaScript();
test.use({ tolerated: [/ERR_INTERNET_DISCONNECTED|ERR_FAILED|ERR_CONNECTION_REFUSED/] });

const kept = (page) =>
  page.evaluate(async () => {
    const workers = await navigator.serviceWorker.getRegistrations();
    const names = await caches.keys();
    const pages = await Promise.all(
      names.map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname + new URL(url).search)),
    );
    return { workers: workers.length, names, pages: pages.flat() };
  });

/** Switches it on, and opens the board until its copy is kept. */
async function switchOn(home, page) {
  await home.add('council-decisions');
  await page.goto('/forget');
  await page.locator('#offline-on').click();
  await expect(page.locator('#offline-is-on')).toBeVisible();
  await expect(page.locator('#offline-off')).toBeFocused();
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  for (const _ of [1, 2]) await home.open('/');
  await expect.poll(async () => (await kept(page)).pages.includes('/')).toBe(true);
}

test('nothing is kept until the citizen says so', async ({ home, page }) => {
  await home.add('council-decisions');
  await home.open('/');
  expect(await kept(page)).toEqual({ workers: 0, names: [], pages: [] });
});

test('the last page is there without a server, with its age', async ({ home, page, voordeur, words }) => {
  await switchOn(home, page);
  const cards = await home.order();
  await expect(page.locator('.copy-words')).toHaveCount(0);
  await voordeur.stop();
  await home.open('/');
  expect(await home.order()).toEqual(cards);
  const [begin] = words('offline-copy', { day: '@', time: '@' }).split('@');
  await expect(page.locator('.copy-words')).toContainText(begin);
  // Nothing that only holds now.
  await expect(page.locator('.band')).toBeHidden();
  await expect(page.locator('h1')).toHaveText(words('offline-greeting'));
  await expect(page.locator('#cards')).not.toContainText(/\b(vandaag|morgen|gisteren|geleden|over \d+ (dagen|weken))\b/i);
  await expect(page.locator('#cards')).toContainText(/\d november|\d december|[a-z]{2}\s\d/);
  for (const empty of await page.locator('.card .empty').all()) await expect(empty).toBeHidden();
  // Styles and scripts are there too.
  expect(await page.locator('header.top').evaluate((bar) => getComputedStyle(bar).backgroundColor)).not.toBe('rgba(0, 0, 0, 0)');
  // Another page has no copy.
  await expect(page.goto('/catalogue')).rejects.toThrow();
  await voordeur.start();
  await home.open('/');
  await expect(page.locator('.copy-words')).toHaveCount(0);
  await expect(page.locator('.band')).toBeVisible();
});

test('a slow server is waited for, and a page without a copy comes late', async ({ context, home, page }) => {
  await switchOn(home, page);
  await context.setOffline(true);
  await home.open('/');
  await expect(page.locator('.copy-words')).toBeVisible();
  await expect(home.card('council-decisions')).toBeVisible();
  await context.setOffline(false);
  await home.open('/?edit');
  await expect(page.locator('.copy-words')).toHaveCount(0);
});

for (const [how, erase] of [
  ['switches it off', (page) => page.locator('#offline-off').click()],
  ['forgets the device', (page) => page.locator('#forget').click()],
]) {
  test(`on a shared computer nothing is left once somebody ${how}`, async ({ context, home, page, voordeur }) => {
    await switchOn(home, page);
    await page.goto('/forget');
    await erase(page);
    await expect.poll(() => kept(page)).toEqual({ workers: 0, names: [], pages: [] });
    // The next visitor.
    await context.clearCookies();
    await home.open('/');
    await expect(home.card('council-decisions')).toHaveCount(0);
    await voordeur.stop();
    await expect(page.goto('/')).rejects.toThrow();
  });
}

test('a copy that is being kept while somebody switches it off is not left', async ({ context, home, page }) => {
  await switchOn(home, page);
  // The page comes at once, its copy a second later.
  let late = 0;
  await context.route('**/?copy', async (route) => {
    late += 1;
    await new Promise((done) => setTimeout(done, 1_000));
    await route.continue();
  });
  await home.open('/');
  await expect.poll(() => late).toBe(1);
  await page.goto('/forget');
  await page.locator('#offline-off').click();
  await expect(page.locator('#offline-on')).toBeVisible();
  await new Promise((done) => setTimeout(done, 1_500));
  expect(await kept(page)).toEqual({ workers: 0, names: [], pages: [] });
});

test('a page for a copy is an ordinary page to whoever opens it', async ({ home, page }) => {
  await home.open('/?copy');
  await expect(page.locator('.copy-words')).toHaveCount(0);
  await expect(page.locator('html')).not.toHaveAttribute('data-offline');
});

test('a copy of somebody else is never shown', async ({ context, home, page, voordeur }) => {
  await switchOn(home, page);
  const before = await kept(page);
  // Another guest in the same browser: the cookie is gone, and a new board is made.
  await context.clearCookies();
  await home.open('/');
  await expect.poll(async () => (await kept(page)).names.filter((name) => name.startsWith('pages-'))).toEqual([]);
  await home.add('note');
  await home.open('/');
  await expect.poll(async () => (await kept(page)).pages.includes('/')).toBe(true);
  expect((await kept(page)).names).not.toEqual(before.names);
  await voordeur.stop();
  await home.open('/');
  await expect(home.card('note')).toBeVisible();
  await expect(home.card('council-decisions')).toHaveCount(0);
});
