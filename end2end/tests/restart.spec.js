// Saved data survives a restart.

import { expect, onlyWithJavaScript, test } from './support/test.js';

test('board, settings, place and language survive a restart', async ({ home, page, context, voordeur }) => {
  await home.open('/');
  await home.welcome('Leuven');
  await page.locator('details.menu summary').click();
  await page.locator('button[name="language"][value="fr"]').click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'fr');
  await home.add('vehicle-inspection');
  await home.open('/?edit');
  await home.tool('water-level', 'remove').click();
  await expect(home.card('water-level')).toHaveCount(0);
  await home.tool('holidays', 'wider').click();
  await expect(home.card('holidays')).toHaveAttribute('data-size', 'wide');
  await home.tool('road-works', 'settings').click();
  await page.locator('#field-setting-radius').fill('3,5');
  await page.locator('#save').click();
  await expect(page.locator('#undo-last')).toBeVisible();
  const order = await home.order();

  await voordeur.restart();
  await home.open('/?edit');
  expect(await home.order()).toEqual(order);
  await expect(page.locator('html')).toHaveAttribute('lang', 'fr');
  await expect(page.locator('.today .where')).toContainText('Louvain');
  await expect(home.card('holidays')).toHaveAttribute('data-size', 'wide');
  await expect(page.locator('form[data-action="welcome"]')).toHaveCount(0);
  await home.tool('road-works', 'settings').click();
  await expect(page.locator('#field-setting-radius')).toHaveValue(/^3[.,]5$/);

  // Undo reaches back before the restart.
  await home.open('/?edit');
  await page.locator('#undo').click();
  await expect(page.locator('#notice p')).toBeVisible();
  await home.alive();
  await page.locator('#undo').click();
  await expect(home.card('holidays')).toHaveAttribute('data-size', 'narrow');

  // Another browser does not get this board after the restart.
  const stranger = await context.browser().newContext();
  const guest = await stranger.newPage();
  await guest.goto(voordeur.url);
  await expect(guest.locator('form[data-action="welcome"]')).toBeVisible();
  await stranger.close();
});

test('an acknowledged change survives a kill', async ({ home, voordeur }) => {
  await home.open('/?edit');
  const [first, second] = await home.order();
  await home.tool(first, 'later').click();
  await expect(home.notice.locator('p').first()).toBeVisible();
  await voordeur.stop('SIGKILL');
  await voordeur.start();
  await home.open('/');
  expect((await home.order()).slice(0, 2)).toEqual([second, first]);
});

test('an open page keeps working after a restart', async ({ home, voordeur }) => {
  await home.open('/?edit');
  await home.mark();
  const [first, second, third] = await home.order();
  await home.tool(first, 'later').click();
  await expect.poll(async () => (await home.order())[0]).toBe(second);
  await voordeur.restart();
  await home.tool(first, 'later').click();
  await expect.poll(async () => (await home.order()).slice(0, 3)).toEqual([second, third, first]);
  await home.expectNoReload();
});

test.describe('with JavaScript', () => {
  onlyWithJavaScript();

  test('without a server, typed settings stay', async ({ home, page, words, voordeur }) => {
    await home.open('/?edit');
    await home.tool('road-works', 'settings').click();
    await page.locator('#field-setting-radius').fill('3,5');
    await voordeur.stop();
    await page.locator('#save').click();
    await expect(page.getByText(words('outbox-kept')).first()).toBeVisible();
    await expect(page.locator('#field-setting-radius')).toHaveValue('3,5');
    await voordeur.start();
    await page.locator('#notice [data-outbox="send"]').click();
    await home.expectSaid(words('outbox-sent'));
    await home.tool('road-works', 'settings').click();
    await expect(page.locator('#field-setting-radius')).toHaveValue('3,5');
  });
});
