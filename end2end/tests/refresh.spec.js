// Refreshing cards: by the citizen, and automatically.

import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onlyWithJavaScript, test } from './support/test.js';

test.use({ sources: 'gateway' });

const MINUTE = 60_000;

/** Makes the stored responses older, while the page stays open. */
async function age(voordeur, milliseconds) {
  await voordeur.stop();
  expect(voordeur.age(milliseconds)).toBeGreaterThan(0);
  await voordeur.start();
}

test('the refresh button loads new data', async ({ home, page, standIn, voordeur, javaScriptEnabled }) => {
  await home.open('/');
  const card = home.card('parking-ghent');
  await expect(card).toContainText('Vrijdagmarkt');
  await age(voordeur, 30_000);
  await home.open('/');
  await home.mark();
  // Still fresh by its pace: only the refresh button loads it again.
  await standIn.reset();
  await standIn.fault('data.stad.gent', 'replace', { from: 'Vrijdagmarkt', to: 'Kouter' });
  await home.tool('parking-ghent', 'refresh').click();
  await expect(card).toContainText('Kouter');
  await expect(card).not.toContainText('Vrijdagmarkt');
  await expect(card).toHaveAttribute('data-state', 'fresh');
  expect((await standIn.calls()).hosts, 'only its own service gets a request').toEqual({ 'data.stad.gent': 1 });
  await home.expectNoReload();
  if (javaScriptEnabled !== false) {
    await expect(home.tool('parking-ghent', 'refresh')).toBeFocused();
    await expect(page.locator('#announcer')).not.toBeEmpty();
  }

  // Once more at once: new enough, so the service gets no request.
  await home.tool('parking-ghent', 'refresh').click();
  if (javaScriptEnabled !== false) await expect(card).not.toHaveAttribute('aria-busy', 'true');
  else await expect(home.notice.locator('p')).toBeVisible();
  expect((await standIn.calls()).hosts).toEqual({ 'data.stad.gent': 1 });
});

test('a waiting card is filled later', async ({ home, page, standIn, words }) => {
  await standIn.fault('data.stad.gent', 'slow', { ms: 4_000 });
  await home.open('/');
  await home.mark();
  const card = home.card('parking-ghent');
  await expect(card).toHaveAttribute('data-state', 'waiting');
  await expect(card).toContainText(words('state-waiting', { publisher: 'Stad Gent' }));
  await expect(card.locator('a.act')).toHaveText(words('card-reload'));
  for (const other of await home.order()) {
    if (other !== 'parking-ghent') await expect(home.card(other), other).toHaveAttribute('data-state', 'fresh');
  }
  if (home.scripts) {
    await expect(card).toHaveAttribute('data-state', 'fresh');
    await expect(card.locator('a.act')).toBeHidden();
  } else {
    await expect(async () => {
      if ((await card.getAttribute('data-state')) === 'waiting') await card.locator('a.act').click();
      await expect(card).toHaveAttribute('data-state', 'fresh', { timeout: 1_000 });
    }).toPass({ timeout: 15_000 });
  }
  await expect(card).toContainText('Vrijdagmarkt');
  await home.expectNoReload();
  expect((await standIn.calls()).hosts['data.stad.gent'], 'all wait for one request').toBe(1);
  await expect(page.locator('body')).not.toContainText(words('state-waiting', { publisher: 'Stad Gent' }));
});

test.describe('automatically', () => {
  onlyWithJavaScript();

  /**
   * The cards that the page refreshes, and the number at the same time. Each response takes a
   * moment, so that two at a time would overlap.
   */
  async function watch(page, order) {
    const asked = [];
    const watched = { asked, most: 0 };
    let open = 0;
    await page.route('**/api/refresh-card', async (route) => {
      open += 1;
      watched.most = Math.max(watched.most, open);
      const body = route.request().postDataBuffer().toString('latin1');
      expect(route.request().method()).toBe('POST');
      asked.push(order.find((widget) => body.includes(`first-${widget}`)));
      await sleep(150);
      open -= 1;
      await route.continue();
    });
    return watched;
  }

  test('each card at its own pace, one at a time', async ({ home, page }) => {
    await page.clock.install();
    await home.open('/');
    await home.mark();
    const watched = await watch(page, await home.order());
    const { asked } = watched;
    await page.clock.runFor(50_000);
    expect(asked, 'nobody is asked before the time').toEqual([]);
    await page.clock.fastForward(11_000);
    await expect.poll(() => asked).toEqual(['train-departures']);
    await page.clock.fastForward(5 * MINUTE);
    await expect.poll(() => asked, { timeout: 15_000 }).toEqual(expect.arrayContaining(['parking-ghent', 'weather-warnings']));
    expect(asked, 'what changes once a day').not.toContain('holidays');
    expect(watched.most).toBe(1);
    for (const card of await home.cards.all()) await expect(card).toHaveAttribute('data-state', 'fresh');
    await home.expectNoReload();
  });

  test('new data is shown without a reload', async ({ home, page, standIn, voordeur }) => {
    await page.clock.install();
    await home.open('/');
    await home.mark();
    const card = home.card('train-departures');
    await expect(card).toContainText('Mechelen');
    await age(voordeur, 5 * MINUTE);
    await standIn.fault('api.irail.be', 'replace', { from: '"Mechelen"', to: '"Nergenshuizen"' });
    await page.clock.fastForward(MINUTE + 1_000);
    await expect(card).toContainText('Nergenshuizen');
    await expect(card).not.toContainText('Mechelen');
    await expect(card).toHaveAttribute('data-state', 'fresh');
    await expect(card).toHaveAttribute('data-pace', '60');
    await home.expectNoReload();
  });

  test('a hidden page refreshes nothing', async ({ home, page }) => {
    await page.addInitScript(() => {
      Object.defineProperty(Document.prototype, 'visibilityState', { get: () => (window.away ? 'hidden' : 'visible') });
    });
    await page.clock.install();
    await home.open('/');
    const { asked } = await watch(page, await home.order());
    await page.evaluate(() => (window.away = true));
    await page.clock.fastForward(10 * MINUTE);
    await page.clock.runFor(20_000);
    expect(asked).toEqual([]);
    await page.evaluate(() => (window.away = false));
    await page.clock.runFor(2_000);
    await expect.poll(() => asked.length).toBeGreaterThan(0);
  });

  test('a card with the focus is not refreshed', async ({ home, page }) => {
    await page.clock.install();
    await home.open('/');
    const { asked } = await watch(page, await home.order());
    const link = home.card('train-departures').locator('[data-part="source"] a');
    await link.focus();
    await page.clock.fastForward(MINUTE + 1_000);
    await page.clock.runFor(10_000);
    expect(asked).toEqual([]);
    await expect(link).toBeFocused();
    await page.locator('#edit').focus();
    await page.clock.runFor(20_000);
    await expect.poll(() => asked).toEqual(['train-departures']);
  });

  test('a card that is refreshed in edit mode keeps its buttons and the focus', async ({ home, page }) => {
    await page.clock.install();
    await home.open('/?edit');
    const { asked } = await watch(page, await home.order());
    await home.tool('train-departures', 'later').focus();
    await page.clock.fastForward(MINUTE + 1_000);
    await expect.poll(() => asked).toEqual(['train-departures']);
    await expect(home.tool('train-departures', 'later')).toBeFocused();
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await home.order())[1]).toBe('train-departures');
    await expect(home.card('train-departures').locator('[data-part="body"]')).not.toBeEmpty();
  });
});
