// Undo and redo, also after a reload, and returning to any earlier revision.

import { manifests } from './support/manifests.js';
import { expect, test } from './support/test.js';

const name = (widget) => manifests().get(widget).name.nl;

test('undo and redo work after a reload', async ({ home, page, words }) => {
  await home.open('/?edit');
  await expect(page.locator('#undo')).toBeDisabled();
  await expect(page.locator('#redo')).toBeDisabled();
  const before = await home.order();
  await home.tool('air-quality', 'remove').click();
  const after = before.filter((widget) => widget !== 'air-quality');
  await home.expectOrder(after);
  await home.open('/?edit');
  await page.locator('#undo').click();
  await home.expectOrder(before);
  await home.open('/?edit');
  await expect(page.locator('#undo')).toBeDisabled();
  await page.locator('#redo').click();
  await home.expectOrder(after);
  await home.expectSaid(words('done-redone'));
  await expect(page.locator('#redo')).toBeDisabled();
});

test('a removed card is put back without leaving its place', async ({ home, page, words }) => {
  await home.open('/?edit');
  const before = await home.order();
  const removed = before.at(-2);
  await home.tool(removed, 'remove').click();
  await home.expectOrder(before.filter((widget) => widget !== removed));
  await home.expectSaid(words('done-removed', { card: name(removed) }));
  await expect(page.locator('#undo-last')).toBeInViewport();
  await expect(page.locator('#add-card')).toBeInViewport();
  await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(300);
  await page.locator('#undo-last').click();
  await home.expectOrder(before);
});

test('the history lists each edit with its time, and returns to any of them', async ({ home, page, words }) => {
  await home.open('/?edit');
  await home.mark();
  const before = await home.order();
  await home.tool('parking-ghent', 'wider').click();
  await expect(home.card('parking-ghent')).toHaveAttribute('data-size', 'wide');
  await home.tool('air-quality', 'remove').click();
  await expect(home.card('air-quality')).toHaveCount(0);
  await home.tool(before[0], 'later').click();
  await home.expectOrder([before[1], before[0], ...before.slice(2).filter((widget) => widget !== 'air-quality')]);
  await page.locator('#history').click();
  await expect(page.locator('h1')).toHaveText(words('history-title'));
  const rows = page.locator('.history li');
  await expect(rows).toHaveCount(4);
  await expect(rows.nth(0)).toContainText(words('deed-moved', { card: name(before[0]), position: 2 }));
  await expect(rows.nth(0)).toHaveAttribute('aria-current', 'step');
  await expect(rows.nth(0)).toContainText(words('history-now'));
  await expect(rows.nth(1)).toContainText(words('deed-removed', { card: name('air-quality') }));
  await expect(rows.nth(2)).toContainText(words('deed-resized', { card: name('parking-ghent'), size: 'wide' }));
  await expect(rows.nth(3)).toContainText(words('history-beginning'));
  await expect(rows.nth(0).locator('time')).toHaveAttribute('datetime', /^\d{4}-\d\d-\d\dT/);
  await expect(rows.nth(0).locator('time')).toContainText(words('today'));
  await expect(rows.nth(0).locator('button')).toHaveCount(0);

  // Back to the wider card, forward to the removal, and back to the beginning.
  await rows.nth(2).locator('button').click();
  await home.expectSaid(words('done-history'));
  await home.expectOrder(before);
  await expect(home.card('parking-ghent')).toHaveAttribute('data-size', 'wide');
  await page.locator('#history').click();
  await expect(rows.nth(0)).toContainText(words('history-undone'));
  await rows.nth(1).locator('button').click();
  await expect(home.card('air-quality')).toHaveCount(0);
  await page.locator('#history').click();
  await rows.nth(3).locator('button').click();
  await home.expectOrder(before);
  await expect(home.card('parking-ghent')).toHaveAttribute('data-size', 'narrow');
  await expect(page.locator('#undo')).toBeDisabled();
  await home.expectNoReload();

  // A new edit replaces the undone edits.
  await home.tool('holidays', 'remove').click();
  await expect(home.card('holidays')).toHaveCount(0);
  await page.locator('#history').click();
  await expect(rows).toHaveCount(2);
});

test('a new guest has no history', async ({ home, page, words }) => {
  await home.open('/history');
  await expect(page.locator('main')).toContainText(words('history-empty'));
  await page.locator('#history-back').click();
  await expect(home.cards.first()).toBeVisible();
});

for (const locale of ['fr-BE', 'de-BE', 'en-GB']) {
  test.describe(`in ${locale}`, () => {
    test.use({ locale });

    test('the history is in the language of the reader', async ({ home, page, words }) => {
      await home.open('/?edit');
      await home.tool('air-quality', 'remove').click();
      await expect(home.card('air-quality')).toHaveCount(0);
      await page.locator('#history').click();
      const language = locale.slice(0, 2);
      const card = manifests().get('air-quality').name[language];
      await expect(page.locator('.history li').first()).toContainText(words('deed-removed', { card }));
    });
  });
}
