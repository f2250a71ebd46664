// The board on a wall: nothing to press but its pause, pages that take turns, and old data with its age.

import { AxeBuilder } from '@axe-core/playwright';
import { expect, onlyWithJavaScript, test } from './support/test.js';
import { edit } from './support/lanes.js';

/** A board with two pages; the second has a card. */
async function twoPages(context, url) {
  await edit(context, url, '/pages', { name: 'Keuken', icon: 'home' });
  const page = await context.newPage();
  await page.goto(url);
  const address = await page.locator('.tabs a').last().getAttribute('href');
  const id = new URL(address, url).searchParams.get('page');
  await edit(context, url, '/cards', { widget: 'weather-forecast', size: 'narrow', page: id });
  await page.close();
  return id;
}

test('a wall has no menus and nothing small', async ({ page, words }) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto('/?wall');
  for (const part of ['header.top', 'footer', '.card button', '.card form', 'dialog']) await expect(page.locator(part), part).toHaveCount(0);
  await expect(page.locator('.band li')).toHaveCount(3);
  await expect(page.locator('article[data-widget="train-departures"]')).toBeVisible();
  await expect(page.locator('#wall-offline')).toBeHidden();
  const small = await page.evaluate(() => {
    const found = [];
    for (const element of document.querySelectorAll('main *')) {
      const says = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim());
      const seen = element.getClientRects().length > 0 && getComputedStyle(element).clipPath === 'none' && !element.closest('svg');
      if (says && seen && parseFloat(getComputedStyle(element).fontSize) < 21) found.push(`${element.className} ${element.textContent.slice(0, 40)}`);
    }
    return found;
  });
  expect(small).toEqual([]);
  const over = await page.evaluate(() => document.scrollingElement.scrollWidth - document.documentElement.clientWidth);
  expect(over).toBe(0);
  await page.locator('#wall-pause').click();
  await expect(page).toHaveURL(/\/\?wall&pause$/);
  await expect(page.locator('#wall-pause')).toHaveText(words('wall-resume'));
  await page.locator('#wall-pause').click();
  await expect(page).toHaveURL(/\/\?wall$/);
  await page.locator('#wall-close').click();
  await expect(page.locator('header.top')).toBeVisible();
});

test('a wall has no violations', async ({ page, javaScriptEnabled }) => {
  test.skip(javaScriptEnabled === false, 'axe is a script');
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    await page.goto('/?wall');
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 160)}`)).toEqual([]);
  }
});

test('pages take turns', async ({ context, page, voordeur, javaScriptEnabled }) => {
  const second = await twoPages(context, voordeur.url);
  if (javaScriptEnabled === false) {
    await page.goto('/?wall=15');
    await expect(page).toHaveURL(`/?wall=15&page=${second}`, { timeout: 30_000 });
    await expect(page.locator('article[data-widget="weather-forecast"]')).toBeVisible();
    return;
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.clock.install();
  await page.goto('/?wall');
  await page.clock.runFor(61_000);
  // The page is higher than the screen: its next part comes first.
  await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(400);
  await expect(page).toHaveURL('/?wall');
  await expect(async () => {
    await page.clock.runFor(61_000);
    await expect(page).toHaveURL(`/?wall&page=${second}`, { timeout: 500 });
  }).toPass();
  await expect(page.locator('article[data-widget="weather-forecast"]')).toBeVisible();
  await expect.poll(() => page.evaluate(() => scrollY)).toBe(0);
  await expect(async () => {
    await page.clock.runFor(61_000);
    await expect(page).toHaveURL('/?wall', { timeout: 500 });
  }).toPass();

  // Paused, nothing moves.
  await page.goto('/?wall&pause');
  await page.clock.runFor(600_000);
  expect(await page.evaluate(() => scrollY)).toBe(0);
  await expect(page).toHaveURL('/?wall&pause');
});

test.describe('without a network', () => {
  onlyWithJavaScript();
  test.use({ tolerated: [/ERR_INTERNET_DISCONNECTED/] });

  test('the last data stays, with its age', async ({ context, page, words }) => {
    await page.setViewportSize({ width: 1280, height: 8_000 });
    await page.clock.install();
    await page.goto('/?wall');
    await context.setOffline(true);
    await expect(async () => {
      await page.clock.runFor(61_000);
      await expect(page.locator('#wall-offline')).toBeVisible({ timeout: 500 });
    }).toPass();
    const [begin] = words('wall-offline', { time: '@' }).split('@');
    await expect(page.locator('#wall-offline')).toContainText(begin);
    await expect(page.locator('article[data-widget="train-departures"]')).toBeVisible();
    await context.setOffline(false);
    await expect(async () => {
      await page.clock.runFor(61_000);
      await expect(page.locator('#wall-offline')).toBeHidden({ timeout: 500 });
    }).toPass();
  });
});
