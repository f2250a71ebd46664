// Finding a card by one's own words, a board of one's own, sets of cards, and settings that lead back to the card.

import { AxeBuilder } from '@axe-core/playwright';
import { expect, onlyWithJavaScript, test } from './support/test.js';

const found = (page, group) =>
  page.locator(`[data-group="${group}"] li:visible a`).evaluateAll((links) => links.map((link) => link.getAttribute('href')));
const entries = (page) => page.locator('.entries > .entry[data-widget]').evaluateAll((all) => all.map((one) => one.dataset.widget));

test('words of one\u2019s own find the card, on the page and in the catalogue', async ({ home, page }) => {
  await home.open('/');
  await home.welcome('1850');
  for (const [typed, widget] of [
    ['vuilnis', 'waste-collection'],
    ['sncb', 'train-departures'],
    ['regen', 'weather-forecast'],
    ['verkeer', 'road-works'],
  ]) {
    await home.open(`/find?q=${typed}`);
    expect((await found(page, 'widgets'))[0], typed).toBe(`/catalogue/${widget}`);
    await home.open(`/catalogue?q=${typed}`);
    expect((await entries(page))[0], typed).toBe(widget);
  }
});

test('what does not exist yet is said, with what helps', async ({ home, page, words }) => {
  await home.open('/find?q=hooikoorts');
  await expect(page.locator('[data-group="wanted"] h2')).toHaveText(words('find-wanted'));
  await page.locator('[data-group="wanted"] a').click();
  await expect(page.locator('[data-part="missing"]')).toContainText(words('wanted-help'));
  await expect(page.locator('[data-part="missing"] a[href="/catalogue/air-quality"]').first()).toBeVisible();
  await home.open('/catalogue?q=xyzzy');
  await expect(page.locator('[data-part="missing"]')).toContainText(words('find-none'));
  await expect(page.locator('[data-part="missing"] a[href="/catalogue/calendar"]')).toBeVisible();
});

test('a starter board is about the place and the interests', async ({ home, page, words }) => {
  await home.open('/');
  await home.welcome('1850', ['family-and-school', 'moving-about', 'weather-and-environment']);
  const order = await home.order();
  expect(order.slice(0, 4)).toEqual(['train-departures', 'weather-forecast', 'waste-collection', 'weather-warnings']);
  expect(order).toContain('holidays');
  expect(order).not.toContain('parking-ghent');
  await home.open('/history');
  await expect(page.locator('.history')).toContainText(words('deed-started'));
});

test('a street is asked when bins are wanted, and leads to the card', async ({ home, page, words }) => {
  await home.open('/');
  await page.locator('#place').fill('1850');
  await home.choose(['home-and-street']);
  await page.locator('#welcome-save').click();
  await expect(page).toHaveURL(/\/settings\?from=welcome$/);
  await expect(page.locator('main')).toContainText(words('settings-after-welcome'));
  await page.locator('#field-setting-street').fill('Prinsenstraat');
  await page.locator('#field-setting-number').fill('12a');
  await page.locator('#save').click();
  const card = home.card('waste-collection');
  await expect(card).toHaveAttribute('data-highlight');
  await expect(card).toHaveAttribute('data-state', 'fresh');
});

test('a similar name is taken with one press', async ({ home, page, words }) => {
  await home.open('/');
  await page.locator('#place').fill('Strombeek');
  await page.locator('#welcome-save').click();
  await page.locator('.similar button', { hasText: 'Strombeek-Bever' }).click();
  await home.expectSaid(words('done-welcome', { place: 'Grimbergen' }));
});

test('a set is added as one change', async ({ home, page, words }) => {
  await home.open('/');
  await home.welcome('1850');
  const before = await home.order();
  await home.open('/catalogue');
  await page.locator('#set-near-water').click();
  await home.expectSaid(words('done-set-added'));
  const after = await home.order();
  expect(after.slice(-before.length)).toEqual(before);
  expect(after.slice(0, 2)).toEqual(['water-level', 'weather-warnings']);
  await page.locator('#undo-last').click();
  await home.expectOrder(before);
  await home.open('/welcome');
  await expect(page.locator('[data-set="commuting"]')).toBeVisible();
});

test('adding a card that needs settings ends at the card, filled in', async ({ home, page, words }) => {
  await home.open('/catalogue/vehicle-inspection');
  await page.locator('#add-vehicle-inspection').click();
  await expect(page).toHaveURL(/\/settings\?from=added/);
  await expect(page.locator('main')).toContainText(words('settings-after-adding'));
  await expect(page.locator('.filled-in article')).toBeVisible();
  await page.locator('#field-setting-plate').fill('12-abc-3');
  await page.locator('#save').click();
  await expect(page).toHaveURL(/\/(\?done=[^/]*)?(#card-[^/]*)?$/);
  const card = home.card('vehicle-inspection');
  await expect(card).toHaveAttribute('data-highlight');
  await expect(home.cards.first()).toHaveAttribute('data-widget', 'vehicle-inspection');
  await expect(card).toBeInViewport();
  if (home.scripts) await expect(card.locator('h2')).toBeFocused();
});

test('a card has settings outside of arranging, and a title of one\u2019s own', async ({ home, page, words }) => {
  await home.open('/');
  await home.tool('air-quality', 'more').click();
  await page.locator('[id^="menu-settings-"]:visible').click();
  await page.locator('#field-title').fill('x'.repeat(60));
  await page.locator('#field-title').evaluate((input) => input.removeAttribute('maxlength'));
  await page.locator('#field-title').fill('x'.repeat(60));
  await page.locator('#save').click();
  await expect(page.locator('#problem-title')).toHaveText(words('problem-too-long', { longest: 40 }));
  await page.locator('#field-title').fill('Lucht aan zee');
  await page.locator('#save').click();
  await home.expectSaid(words('done-settings', { card: 'Lucht aan zee' }));
  await expect(home.card('air-quality').locator('h2')).toHaveText('Lucht aan zee');
  await expect(page.locator('#add-card')).toHaveCount(0);
  await home.open('/find?q=zee');
  expect((await found(page, 'cards')).length).toBe(1);
});

test.describe('with scripts', () => {
  onlyWithJavaScript();

  test('axe finds no violation on these pages', async ({ home, page }) => {
    await home.open('/');
    await home.welcome('1850');
    for (const path of ['/catalogue?q=hooikoorts', '/find?q=hooikoorts', '/find?q=xyzzy', '/welcome']) {
      await home.open(path);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${path} ${id} ${nodes[0].html}`)).toEqual([]);
    }
  });

  test('a menu closes on Escape, on a press outside, and on tabbing away; one is open at a time', async ({ home, page }) => {
    await home.open('/');
    const menu = page.locator('details.menu');
    const display = page.locator('details.display');
    await menu.locator('summary').click();
    await expect(menu).toHaveAttribute('open');
    await display.locator('summary').click();
    await expect(display).toHaveAttribute('open');
    await expect(menu).not.toHaveAttribute('open');
    await page.keyboard.press('Escape');
    await expect(display).not.toHaveAttribute('open');
    await expect(display.locator('summary')).toBeFocused();
    await menu.locator('summary').click();
    await page.mouse.click(5, 500);
    await expect(menu).not.toHaveAttribute('open');
    await home.tool('air-quality', 'more').click();
    const card = home.card('air-quality').locator('details.more');
    await expect(card).toHaveAttribute('open');
    await page.keyboard.press('Tab');
    await expect(card).toHaveAttribute('open');
    await page.keyboard.press('Tab');
    await expect(card).not.toHaveAttribute('open');
  });

  test('a place is completed while it is typed', async ({ home, page, words }) => {
    await home.open('/');
    await page.locator('#place').pressSequentially('strombe');
    const option = page.locator('[role="option"]', { hasText: '1853 Strombeek-Bever' });
    await expect(option).toBeVisible();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect(page.locator('#place')).toHaveValue('1853 Strombeek-Bever');
    await page.locator('#welcome-save').click();
    await home.expectSaid(words('done-welcome', { place: 'Grimbergen' }));
  });
});
