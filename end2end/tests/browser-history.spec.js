// Going back and forth, as the browser's own buttons do.

import { expect, test } from './support/test.js';
import { say } from './support/messages.js';

test('back and forth between pages', async ({ home, page }) => {
  await home.open('/');
  await page.locator('header a[href="/catalogue"]').click();
  await expect(page.locator('h1')).toHaveText(say('nl', 'catalogue-title'));
  await home.alive();
  await page.locator('.entry[data-widget="air-quality"] h3 a').click();
  await expect(page).toHaveURL(/\/catalogue\/air-quality$/);
  await expect(page.locator('.about-widget')).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(/\/catalogue$/);
  await expect(page.locator('.entry').first()).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(/\/$/);
  await expect(home.cards.first()).toBeVisible();
  await page.goForward();
  await expect(page.locator('.entry').first()).toBeVisible();
});

test('going back after a change shows the page as it is now', async ({ home, page }) => {
  await home.open('/?edit');
  await home.tool('air-quality', 'remove').click();
  await expect(home.card('air-quality')).toHaveCount(0);
  await home.alive();
  await page.locator('#add-card').click();
  await expect(page.locator('.entry').first()).toBeVisible();
  await page.goBack();
  await expect(home.cards.first()).toBeVisible();
  await expect(home.card('air-quality')).toHaveCount(0);
});

test('a reload does not do a change again', async ({ home, page }) => {
  await home.open('/?edit');
  const before = await home.order();
  await home.tool(before[0], 'later').click();
  await expect.poll(async () => (await home.order())[1]).toBe(before[0]);
  await page.reload();
  expect((await home.order()).slice(0, 3)).toEqual([before[1], before[0], before[2]]);
});

test('the title of the browser says which page this is', async ({ home, page }) => {
  await home.open('/');
  await expect(page).toHaveTitle('Voordeur');
  await page.locator('header a[href="/catalogue"]').click();
  await expect(page).toHaveTitle(`${say('nl', 'catalogue-title')} · Voordeur`);
});
