// Two tabs on the same page: the second that saves is told, and nothing is lost.

import { expect, test } from './support/test.js';
import { Home } from './support/home.js';

/** Two tabs of the same citizen, both in edit mode on the same revision. */
async function twoTabs({ home, context }) {
  await home.open('/?edit');
  await home.tool('weather-warnings', 'earlier').click();
  await expect(home.notice.locator('p').first()).toBeVisible();
  const other = new Home(await context.newPage(), home.scripts);
  await home.open('/?edit');
  await other.open('/?edit');
  expect(await other.order()).toEqual(await home.order());
  return other;
}

const refusal = (page) => page.waitForResponse((response) => response.request().method() === 'POST' && response.status() === 409);

test('the second save is told, sees the page as it is, and can still be made', async ({ home, page, context, words }) => {
  const other = await twoTabs({ home, context });
  const before = await home.order();
  await home.tool('air-quality', 'remove').click();
  await expect(home.card('air-quality')).toHaveCount(0);

  await Promise.all([refusal(other.page), other.tool('parking-ghent', 'wider').click()]);
  await other.expectSaid(words('conflict'));
  const without = before.filter((widget) => widget !== 'air-quality');
  expect(await other.order()).toEqual(without);
  await expect(other.card('parking-ghent')).toHaveAttribute('data-size', '4');

  await other.page.locator('#do-anyway').click();
  await expect(other.card('parking-ghent')).toHaveAttribute('data-size', '6');
  expect(await other.order()).toEqual(without);
  // Still arranging, and the first tab sees both changes.
  await expect(other.tool('parking-ghent', 'narrower')).toBeVisible();
  await page.reload();
  expect(await home.order()).toEqual(without);
  await expect(home.card('parking-ghent')).toHaveAttribute('data-size', '6');
});

test('a move is told, and doing it anyway moves the card from where it is now', async ({ home, context, words }) => {
  const other = await twoTabs({ home, context });
  const before = await home.order();
  const [first, second, third] = before;
  await home.tool(first, 'later').click();
  await home.expectOrder([second, first, ...before.slice(2)]);
  await other.tool(first, 'later').click();
  await other.expectSaid(words('conflict'));
  await other.page.locator('#do-anyway').click();
  await other.expectOrder([second, third, first, ...before.slice(3)]);
});

test('a card that the other tab took away is gone, and that is said', async ({ home, context, words }) => {
  const other = await twoTabs({ home, context });
  await home.tool('air-quality', 'remove').click();
  await expect(home.card('air-quality')).toHaveCount(0);
  await other.tool('air-quality', 'wider').click();
  // The page as it is now has no such card: there is nothing left to do anyway.
  await expect(other.card('air-quality')).toHaveCount(0);
  await expect(other.notice.locator('p').first()).toHaveText(new RegExp(`${words('conflict')}|${words('conflict-gone')}`));
  if (await other.page.locator('#do-anyway').count()) {
    const [answer] = await Promise.all([
      other.page.waitForResponse((response) => response.request().method() === 'POST'),
      other.page.locator('#do-anyway').click(),
    ]);
    expect(answer.status()).toBeGreaterThanOrEqual(400);
    expect(answer.status()).toBeLessThan(500);
    await other.expectSaid(words('conflict-gone'));
  }
  // The other tab's removal can still be undone.
  await other.open('/?edit');
  await other.page.locator('#undo').click();
  await expect(other.card('air-quality')).toHaveCount(1);
});

test('undoing in one tab does not take back what the other just did', async ({ home, context, words }) => {
  const other = await twoTabs({ home, context });
  await home.tool('air-quality', 'remove').click();
  await expect(home.card('air-quality')).toHaveCount(0);
  await Promise.all([refusal(other.page), other.page.locator('#undo').click()]);
  await other.expectSaid(words('conflict'));
  await expect(other.card('air-quality')).toHaveCount(0);
});

test('adding from a stale catalogue is told, and can still be done', async ({ home, context, words }) => {
  const other = await twoTabs({ home, context });
  await other.open('/catalogue');
  await home.tool('air-quality', 'remove').click();
  await expect(home.card('air-quality')).toHaveCount(0);
  await Promise.all([refusal(other.page), other.page.locator('#add-vehicle-inspection').click()]);
  await other.expectSaid(words('conflict'));
  await other.page.locator('#do-anyway').click();
  await expect(other.card('vehicle-inspection')).toHaveCount(1);
  await expect(other.card('air-quality')).toHaveCount(0);
});

test('settings that were overtaken keep what was typed', async ({ home, context, words }) => {
  const other = await twoTabs({ home, context });
  await other.tool('road-works', 'settings').click();
  await other.page.locator('#field-setting-radius').fill('3,5');
  await other.page.locator('#field-setting-place').fill('Gent');
  await home.tool('air-quality', 'remove').click();
  await expect(home.card('air-quality')).toHaveCount(0);

  await Promise.all([refusal(other.page), other.page.locator('#save').click()]);
  await expect(other.notice).toContainText(words('conflict-settings'));
  await expect(other.page.locator('#field-setting-radius')).toHaveValue('3,5');
  await expect(other.page.locator('#field-setting-place')).toHaveValue('Gent');
  await other.page.locator('#save').click();
  await expect(other.page.locator('#undo-last')).toBeVisible();
  await expect(other.card('air-quality')).toHaveCount(0);
  await other.tool('road-works', 'settings').click();
  await expect(other.page.locator('#field-setting-radius')).toHaveValue(/^3[.,]5$/);
});

test('two tabs of somebody new are two tabs of one citizen', async ({ home, context, words }) => {
  const other = new Home(await context.newPage(), home.scripts);
  await home.open('/?edit');
  await other.open('/?edit');
  const before = await home.order();
  await home.tool('air-quality', 'remove').click();
  await expect(home.card('air-quality')).toHaveCount(0);
  await other.tool('parking-ghent', 'wider').click();
  await other.expectSaid(words('conflict'));
  expect(await other.order()).toEqual(before.filter((widget) => widget !== 'air-quality'));
  expect(await context.cookies()).toHaveLength(1);
});
