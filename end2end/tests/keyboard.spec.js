// Use by keyboard alone.

import { manifests } from './support/manifests.js';
import { expect, test } from './support/test.js';

const name = (widget) => manifests().get(widget).name.nl;

/** Presses Tab until an element has the focus, at most once around the page. */
async function tabTo(page, locator, key = 'Tab') {
  for (let pressed = 0; pressed < 150; pressed += 1) {
    await page.keyboard.press(key);
    const focused = await locator.evaluateAll((found) => found.some((element) => element === document.activeElement));
    if (focused) return;
  }
  throw new Error(`${key} does not lead to ${locator}`);
}

/** Leads to a button of a card: with JavaScript, the buttons are one stop, and arrows go from one to the next. */
async function toTool(home, page, widget, tool) {
  const button = home.tool(widget, tool);
  if (!home.scripts) return tabTo(page, button);
  const isIn = (found) => found.some((element) => element.contains(document.activeElement));
  if (!(await home.card(widget).locator('.tools').evaluateAll(isIn))) await tabTo(page, home.card(widget).locator('.tools .tool'));
  for (let pressed = 0; pressed < 10; pressed += 1) {
    if (await button.evaluateAll(isIn)) return undefined;
    await page.keyboard.press('ArrowRight');
  }
  throw new Error(`arrows do not lead to ${tool}`);
}

async function expectFocusToBeSeen(page) {
  const outline = await page.evaluate(() => {
    const style = getComputedStyle(document.activeElement);
    return { line: style.outlineStyle, width: parseFloat(style.outlineWidth) };
  });
  expect(outline.line).not.toBe('none');
  expect(outline.width).toBeGreaterThanOrEqual(2);
}

test('the first stop skips to the content', async ({ home, page }) => {
  await home.open('/');
  await page.keyboard.press('Tab');
  await expect(page.locator('.skip')).toBeFocused();
  await expect(page.locator('.skip')).toBeInViewport();
  await page.keyboard.press('Enter');
  await expect(page.locator('#main')).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(page.locator('main :focus')).toHaveCount(1);
});

test('a page is arranged and a change undone', async ({ home, page, words }) => {
  await home.open('/');
  const before = await home.order();
  const [first, second] = before;
  await tabTo(page, page.locator('#edit'));
  await expectFocusToBeSeen(page);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/\?edit/);
  await home.alive();

  await toTool(home, page, first, 'later');
  await expectFocusToBeSeen(page);
  await page.keyboard.press('Enter');
  await home.expectOrder([second, first, ...before.slice(2)]);
  await home.expectSaid(words('done-moved', { card: name(first), position: 2, total: before.length }));
  if (home.scripts) await expect(home.tool(first, 'later')).toBeFocused();

  // Without JavaScript the new page starts at the card; with it the focus has never left the card.
  await toTool(home, page, first, 'remove');
  await page.keyboard.press('Space');
  await home.expectOrder([second, ...before.slice(2)]);
  await home.expectSaid(words('done-removed', { card: name(first) }));

  // Without JavaScript the new page starts where the card was, below the notice.
  await tabTo(page, page.locator('#undo-last'), home.scripts ? 'Tab' : 'Shift+Tab');
  await expectFocusToBeSeen(page);
  await page.keyboard.press('Enter');
  await home.expectOrder([second, first, ...before.slice(2)]);
  await home.expectSaid(words('done-undone'));

  await tabTo(page, page.locator('#done'), 'Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(page.locator('.tools')).toHaveCount(0);
  await home.expectOrder([second, first, ...before.slice(2)]);
});

test('a card has at most four stops while the board is arranged', async ({ home, page }) => {
  test.skip(!home.scripts, 'the arrow keys need JavaScript');
  await home.open('/?edit');
  await expect(page.locator('html')).toHaveAttribute('data-arranging');
  const stops = new Map();
  await tabTo(page, page.locator('[data-card] *'));
  for (let card = await focusedCard(page); card; card = await focusedCard(page)) {
    stops.set(card, (stops.get(card) ?? 0) + 1);
    await page.keyboard.press('Tab');
  }
  expect([...stops.keys()]).toEqual(await home.order());
  for (const [card, count] of stops) expect(count, card).toBeLessThanOrEqual(4);

  const [first] = await home.order();
  await toTool(home, page, first, 'remove');
  await page.keyboard.press('ArrowRight');
  // Past the last button is the first that is enabled.
  await expect(home.tool(first, 'later')).toBeFocused();
  await page.keyboard.press('End');
  await expect(home.tool(first, 'remove')).toBeFocused();
});

const focusedCard = (page) => page.evaluate(() => document.activeElement.closest('[data-card]')?.dataset.widget);

test('settings are corrected after an error', async ({ home, page, words }) => {
  await home.open('/?edit');
  await toTool(home, page, 'road-works', 'settings');
  await page.keyboard.press('Enter');
  const radius = page.locator('#field-setting-radius');
  await expect(radius).toBeVisible();
  await home.alive();
  await tabTo(page, radius);
  await page.keyboard.press('Control+A');
  await page.keyboard.type('99');
  await page.keyboard.press('Enter');
  await expect(page.locator('#problem-setting-radius')).toBeVisible();
  await expect(radius).toHaveValue('99');
  await tabTo(page, radius);
  await page.keyboard.press('Control+A');
  await page.keyboard.type('1,5');
  await tabTo(page, page.locator('#save'));
  await page.keyboard.press('Enter');
  await home.expectSaid(words('done-settings', { card: name('road-works') }));
});

test('a card is found and added, and the language changed', async ({ home, page }) => {
  await home.open('/catalogue');
  await tabTo(page, page.locator('#catalogue-search'));
  await page.keyboard.type('aardbeving');
  await page.keyboard.press('Enter');
  await expect(page.locator('.entry')).toHaveCount(1);
  await tabTo(page, page.locator('#add-earthquakes'));
  await page.keyboard.press('Enter');
  await expect(home.card('earthquakes')).toHaveCount(1);
  await home.alive();

  await tabTo(page, page.locator('details.menu summary'), 'Shift+Tab');
  await page.keyboard.press('Enter');
  await tabTo(page, page.locator('button[name="language"][value="de"]'));
  await page.keyboard.press('Enter');
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  await expect(home.card('earthquakes')).toHaveCount(1);
});
