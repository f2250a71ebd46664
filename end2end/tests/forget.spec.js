// On a shared computer: one visitor erases everything, and the next finds nothing of them.

import { expect, test } from './support/test.js';

/** What the browser keeps of this site. */
const kept = (page) =>
  page.evaluate(async () => ({ local: { ...localStorage }, session: { ...sessionStorage }, caches: await caches.keys() }));

test('nothing is left in the browser and on the server', async ({ context, home, page, words, javaScriptEnabled }) => {
  await home.add('council-decisions');
  await home.add('note');
  const [cookie] = await context.cookies();
  await home.open('/privacy');
  await page.locator('main a[href="/forget"]').last().click();
  await expect(page.locator('h1')).toHaveText(words('device-title'));

  // The page alone erases nothing.
  await page.locator('#forget-nothing').click();
  await expect(home.card('council-decisions')).toBeVisible();

  await home.open('/forget');
  if (javaScriptEnabled !== false) await page.evaluate(() => localStorage.setItem('voordeur-outbox', '/cards/first-holidays/remove revision=1'));
  await page.locator('#forget').click();
  await expect(page.locator('h1')).toHaveText(words('forget-done-title'));
  expect(await context.cookies()).toEqual([]);
  await expect.poll(async () => (await kept(page)).local['voordeur-outbox'] ?? '').toBe('');
  expect(await kept(page)).toMatchObject({ session: {}, caches: [] });

  await page.locator('main .button').click();
  await expect(home.card('train-departures')).toBeVisible();
  for (const widget of ['council-decisions', 'note']) await expect(home.card(widget)).toHaveCount(0);

  // The key of before opens nothing.
  await context.addCookies([cookie]);
  await home.open('/');
  await expect(home.card('council-decisions')).toHaveCount(0);
  await home.open('/forget');
  await expect(page.locator('#forget')).toHaveCount(0);
  await expect(page.locator('main')).toContainText(words('forget-nothing'));
});
