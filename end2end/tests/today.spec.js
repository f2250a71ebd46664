// The band of today above the cards: facts of the cards of all pages, each with the way to its card.

import { expect, onlyWithJavaScript, test } from './support/test.js';

const fact = (page, role) => page.locator(`.band li[data-role="${role}"]`);

test('the band tells of trains and warnings, and leads to their cards', async ({ home, page, words }) => {
  await home.open('/');
  await expect(page.locator('.band h2')).toHaveText(words('today-title'));
  for (const [role, widget] of [['departure', 'train-departures'], ['warning', 'weather-warnings']]) {
    const link = fact(page, role).locator('a');
    const card = home.card(widget);
    await expect(link).toHaveAttribute('href', `#${await card.getAttribute('id')}`);
    await expect(card).toContainText(await link.locator('b > span').first().innerText());
  }
  // The worst warning for the place, and in an example the word that it is one.
  await expect(fact(page, 'warning').locator('.tag')).toHaveText(words('board-sample'));
  // No card knows of these.
  for (const role of ['appointment', 'collection']) await expect(fact(page, role)).toHaveCount(0);

  await expect(fact(page, 'weather')).toContainText('5 – 9°');
  await expect(fact(page, 'weather')).toContainText('regen, 6 mm');
  const roles = await page.locator('.band li').evaluateAll((facts) => facts.map((one) => one.dataset.role));
  expect(roles).toEqual(['weather', 'departure', 'warning']);
  await fact(page, 'weather').locator('a').click();
  await expect(page).toHaveURL(/#card-/);
  await expect(home.card('weather-forecast')).toBeInViewport();

  // While the page is arranged, only the cards matter.
  await home.open('/?edit');
  await expect(page.locator('.band')).toHaveCount(0);
});

test('a card of another page has its fact on every page', async ({ home, page, words }) => {
  await home.open('/?edit');
  await page.locator('details.page-form:has(form[action="/pages"]) > summary').click();
  await page.locator('form[action="/pages"] input[name="name"]').fill('Keuken');
  await page.locator('form[action="/pages"] button').last().click();
  await expect(page.locator('.tabs [aria-current]')).toHaveText('Keuken');
  await home.open((await page.locator('.tabs [aria-current]').getAttribute('href')).replace('&edit', ''));
  await expect(page.locator('main')).toContainText(words('page-empty'));
  // None of the cards is on this page.
  const link = fact(page, 'departure').locator('a');
  await expect(link).toHaveAttribute('href', /^\/#card-/);
  await link.click();
  await expect(home.card('train-departures')).toBeInViewport();
});

test.describe('while the page stays open', () => {
  onlyWithJavaScript();
  test.use({ sources: 'gateway' });

  test('a refreshed card brings its fact along', async ({ home, page, standIn, voordeur }) => {
    await home.add('note');
    await home.open('/');
    await expect(fact(page, 'weather')).toContainText('5 – 9°');
    await voordeur.stop();
    voordeur.age(30_000);
    await voordeur.start();
    await standIn.reset();
    await standIn.fault('api.open-meteo.com', 'replace', { from: '8.9,', to: '12.4,' });
    await home.mark();
    await home.tool('weather-forecast', 'refresh').click();
    await expect(home.card('weather-forecast')).toContainText('12°');
    await expect(fact(page, 'weather')).toContainText('5 – 12°');
    await expect(page.locator('.band li')).toHaveCount(3);

    // A service that fails: the card keeps its data with its age, and the band is silent.
    await voordeur.stop();
    voordeur.age(30_000);
    await voordeur.start();
    await standIn.fault('api.open-meteo.com', 'status', { code: 500 });
    await home.tool('weather-forecast', 'refresh').click();
    await expect(home.card('weather-forecast')).toHaveAttribute('data-state', 'stale');
    await expect(fact(page, 'weather')).toHaveCount(0);
    await expect(fact(page, 'departure')).toHaveCount(1);
    await home.expectNoReload();
  });
});
