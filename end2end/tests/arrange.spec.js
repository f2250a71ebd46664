// Arranging a board with buttons: earlier and later, wider and narrower, removal and undo.

import { manifests } from './support/manifests.js';
import { expect, test } from './support/test.js';

const WIDGETS = manifests();
const name = (widget) => WIDGETS.get(widget).name.nl;

function swapped(order, index) {
  const after = [...order];
  [after[index], after[index + 1]] = [after[index + 1], after[index]];
  return after;
}

test('the controls are shown in edit mode only', async ({ home, page }) => {
  await home.open('/');
  await expect(page.locator('.tools')).toHaveCount(0);
  await expect(page.locator('[data-part="handle"]')).toHaveCount(0);
  await page.locator('#edit').click();
  await expect(page).toHaveURL(/\/\?edit/);
  const cards = await home.cards.count();
  for (const action of ['move', 'resize', 'remove']) {
    expect(await page.locator(`article [data-action="${action}"]`).count(), action).toBeGreaterThanOrEqual(cards);
  }
  await page.locator('#done').click();
  await expect(page.locator('.tools')).toHaveCount(0);
});

test('a card moves later and earlier', async ({ home, words }) => {
  await home.open('/?edit');
  await home.mark();
  const before = await home.order();
  const [first] = before;
  await home.tool(first, 'later').click();
  await home.expectOrder(swapped(before, 0));
  await home.expectSaid(words('done-moved', { card: name(first), position: 2, total: before.length }));
  if (home.scripts) await expect(home.tool(first, 'later')).toBeFocused();

  await home.tool(first, 'later').click();
  await home.expectOrder(swapped(swapped(before, 0), 1));
  await home.tool(first, 'earlier').click();
  await home.expectOrder(swapped(before, 0));
  if (home.scripts) await expect(home.tool(first, 'earlier')).toBeFocused();
  await home.tool(first, 'earlier').click();
  await home.expectOrder(before);
  // The first card cannot move earlier; the focus stays in the card.
  await expect(home.tool(first, 'earlier')).toBeDisabled();
  await expect(home.tool(before.at(-1), 'later')).toBeDisabled();
  if (home.scripts) await expect(home.card(first).locator(':focus')).toHaveCount(1);
  await home.expectNoReload();
});

test('a card becomes wider and narrower', async ({ home, words }) => {
  await home.open('/?edit');
  await home.mark();
  const card = home.card('parking-ghent');
  await expect(card).toHaveAttribute('data-size', 'narrow');
  const width = async () => (await card.boundingBox()).width;
  const narrow = await width();
  await home.tool('parking-ghent', 'wider').click();
  await expect(card).toHaveAttribute('data-size', 'wide');
  expect(await width()).toBeGreaterThan(narrow * 1.3);
  await home.expectSaid(words('done-resized', { card: name('parking-ghent'), size: 'wide' }));
  if (home.scripts) await expect(home.tool('parking-ghent', 'wider')).toBeFocused();
  await home.tool('parking-ghent', 'narrower').click();
  // The smallest width of the widget.
  await expect(card).toHaveAttribute('data-size', WIDGETS.get('parking-ghent').size.smallest);
  await expect(home.tool('parking-ghent', 'narrower')).toBeDisabled();
  if (home.scripts) await expect(card.locator(':focus')).toHaveCount(1);
  await home.expectNoReload();
});

test('undo a removal', async ({ home, page, words }) => {
  await home.open('/?edit');
  await home.mark();
  const before = await home.order();
  await home.tool('air-quality', 'remove').click();
  await home.expectOrder(before.filter((widget) => widget !== 'air-quality'));
  await home.expectSaid(words('done-removed', { card: name('air-quality') }));
  // The pressed button is gone: the focus moves to the undo button.
  if (home.scripts) await expect(page.locator('#notice:focus, #notice :focus')).toHaveCount(1);
  await page.locator('#undo-last').click();
  await home.expectOrder(before);
  await home.expectSaid(words('done-undone'));
  await home.expectNoReload();
});

test('undo goes back step by step, until nothing is left to undo', async ({ home, page, words }) => {
  await home.open('/?edit');
  const before = await home.order();
  await home.tool('train-departures', 'later').click();
  await home.expectOrder(swapped(before, 0));
  await home.tool('holidays', 'remove').click();
  await expect(home.card('holidays')).toHaveCount(0);
  await home.tool('parking-ghent', 'wider').click();
  await expect(home.card('parking-ghent')).toHaveAttribute('data-size', 'wide');

  await page.locator('#undo').click();
  await expect(home.card('parking-ghent')).toHaveAttribute('data-size', 'narrow');
  await page.locator('#undo').click();
  await expect(home.card('holidays')).toHaveCount(1);
  await page.locator('#undo').click();
  await home.expectOrder(before);
  await home.expectSaid(words('done-undone'));
  await expect(page.locator('#undo')).toBeDisabled();
  await page.locator('#redo').click();
  await home.expectOrder(swapped(before, 0));
  await home.expectSaid(words('done-redone'));
  await page.locator('#undo').click();
  await home.expectOrder(before);
});

test('an empty page explains how to add cards', async ({ home, page, words }) => {
  await home.open('/?edit');
  for (const widget of await home.order()) {
    await home.tool(widget, 'remove').click();
    await expect(home.card(widget)).toHaveCount(0);
  }
  await home.open('/');
  await expect(page.locator('.nothing')).toContainText(words('board-empty'));
  await page.locator('.nothing a').click();
  await page.locator('#add-holidays').click();
  await home.expectOrder(['holidays']);
});

test('the reading order is the visual order', async ({ home, page }) => {
  await home.open('/?edit');
  await home.tool('parking-ghent', 'wider').click();
  await expect(home.card('parking-ghent')).toHaveAttribute('data-size', 'wide');
  const before = await home.order();
  await home.tool(before.at(-1), 'earlier').click();
  await home.expectOrder(swapped(before, before.length - 2));
  for (const width of [1440, 768, 360]) {
    await page.setViewportSize({ width, height: 900 });
    const seen = await home.cards.evaluateAll((cards) =>
      cards
        .map((card) => ({ widget: card.dataset.widget, ...card.getBoundingClientRect().toJSON() }))
        .sort((a, b) => (Math.abs(a.top - b.top) > 2 ? a.top - b.top : a.left - b.left))
        .map((card) => card.widget),
    );
    expect(seen, `${width} pixels wide`).toEqual(await home.order());
  }
  expect(await page.locator('[tabindex]:not([tabindex="0"], [tabindex="-1"])').count()).toBe(0);
});

test('a change keeps the scroll position', async ({ home, page }) => {
  await home.open('/?edit');
  const last = (await home.order()).at(-1);
  const button = home.tool(last, 'earlier');
  await button.scrollIntoViewIfNeeded();
  await button.click();
  await expect.poll(async () => (await home.order()).at(-2)).toBe(last);
  await expect(button).toBeInViewport();
  expect(await page.evaluate(() => scrollY)).toBeGreaterThan(0);
});

test('a guest gets a cookie with the first change, and scripts cannot read it', async ({ home, page, context }) => {
  await home.open('/?edit');
  expect(await context.cookies()).toEqual([]);
  await home.tool('train-departures', 'later').click();
  await expect(home.notice.locator('p').first()).toBeVisible();
  const cookies = await context.cookies();
  expect(cookies).toHaveLength(1);
  expect(cookies[0]).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
  // The retention of a board without visits.
  const days = (cookies[0].expires - Date.now() / 1000) / 24 / 3600;
  expect(days).toBeGreaterThan(89);
  expect(days).toBeLessThan(91);
  expect(await page.evaluate(() => document.cookie)).toBe('');
});
