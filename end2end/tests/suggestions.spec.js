// The suggestions of the catalogue with their reasons, and a widget's page, which shows the card in
// each width.

import { manifests } from './support/manifests.js';
import { expect, onlyOnce, test } from './support/test.js';

const WIDGETS = manifests();
const suggested = (page) => page.locator('.suggestion').evaluateAll((found) => found.map((one) => one.dataset.widget));
const entries = (page) => page.locator('.entry[data-widget]').evaluateAll((found) => found.map((one) => one.dataset.widget));
// A card of one's own has no service, and works everywhere.
const covers = (widget) => [WIDGETS.get(widget).covers ?? 'everywhere'].flat();

test('without a place or interests, the catalogue asks for them and suggests nothing', async ({ home, page, words }) => {
  await home.open('/catalogue');
  await expect(page.locator('.suggestions')).toContainText(words('suggest-tell'));
  expect(await suggested(page)).toEqual([]);
  await page.locator('.suggestions a').click();
  await expect(page).toHaveURL(/\/welcome$/);
  await expect(page.locator('#place')).toBeVisible();
});

test('widgets are suggested by place and by interest, with the reason', async ({ home, page, words }) => {
  await home.open('/');
  await home.welcome('9000', ['moving-about']);
  const board = await home.order();
  await home.open('/catalogue');
  const found = await suggested(page);
  expect(found.length).toBeGreaterThan(2);
  expect(found.length).toBeLessThanOrEqual(6);
  expect(found.filter((widget) => board.includes(widget)), 'what is on the board already').toEqual([]);
  expect(found[0]).toBe('bike-sharing-ghent');
  const reason = (widget) => page.locator(`.suggestion[data-widget="${widget}"] .reason`);
  const theme = words('theme-moving-about');
  await expect(reason('bike-sharing-ghent')).toHaveText(words('reason-place-interest', { place: 'Gent', theme }));
  await expect(reason('dataset-table')).toHaveText(words('reason-place', { place: 'Gent' }));
  await expect(page.locator('.suggestions .tell')).toHaveCount(0);

  // An added widget is no longer suggested.
  await page.locator('#suggested-bike-sharing-ghent').click();
  await home.expectOrder(['bike-sharing-ghent', ...board]);
  await home.open('/catalogue');
  expect(await suggested(page)).not.toContain('bike-sharing-ghent');
});

test('nationwide services are suggested, too', async ({ home, page, words }) => {
  await home.open('/');
  await home.welcome('4000', ['moving-about']);
  await home.open('/catalogue');
  const theme = words('theme-moving-about');
  const reason = page.locator('.suggestion[data-widget="rail-disturbances"] .reason');
  await expect(reason).toHaveText(words('reason-country-interest', { theme }));
});

test('the cards of a board do not influence the suggestions', async ({ home, page }) => {
  await home.open('/');
  await home.welcome('1850');
  await home.open('/catalogue');
  const before = await suggested(page);
  for (const widget of ['earthquakes', 'disasters-worldwide']) await home.add(widget);
  await home.open('/catalogue');
  expect(await suggested(page)).toEqual(before);
});

for (const [locale, place] of [
  ['nl-BE', 'Gent'],
  ['fr-BE', 'Gand'],
  ['de-BE', 'Gent'],
  ['en-GB', 'Ghent'],
]) {
  test.describe(`in ${locale}`, () => {
    test.use({ locale });
    onlyOnce();

    test('two reasons form one sentence', async ({ home, page, words }) => {
      await home.open('/');
      await home.welcome('9000', ['moving-about']);
      await home.open('/catalogue');
      const theme = words('theme-moving-about');
      const reason = page.locator('.suggestion[data-widget="bike-sharing-ghent"] .reason');
      await expect(reason).toHaveText(words('reason-place-interest', { place, theme }));
    });
  });
}

test('widgets for other places come last, are marked, and can be hidden', async ({ home, page, words }) => {
  await home.open('/catalogue');
  await expect(page.locator('input[name="near"]')).toHaveCount(0);
  await home.open('/');
  await home.welcome('1850');
  await home.open('/catalogue');
  const all = await entries(page);
  expect([...all].sort()).toEqual([...WIDGETS.keys()].sort());
  const here = ['everywhere', 'BE', 'flanders', 'vlaams-brabant', '23025'];
  const works = (widget) => covers(widget).some((area) => here.includes(area));
  const firstElsewhere = all.findIndex((widget) => !works(widget));
  expect(all.slice(firstElsewhere).filter(works), 'what works here stands among what does not').toEqual([]);
  await expect(page.locator('.entry[data-widget="parking-ghent"] .elsewhere')).toHaveText(words('catalogue-covers', { areas: 'Gent' }));
  await expect(page.locator('.entry[data-widget="parliament-netherlands"] .elsewhere')).toHaveText(
    words('catalogue-covers', { areas: 'Nederland' }),
  );
  await expect(page.locator('.entry[data-widget="road-works"] .elsewhere')).toHaveCount(0);

  await home.mark();
  await home.chip('yes').click();
  if (!home.scripts) await page.locator('form.sift button').click();
  await expect.poll(async () => (await entries(page)).sort()).toEqual([...WIDGETS.keys()].filter(works).sort());
  await expect(page).toHaveURL(/near=yes/);
  await expect(page.locator('.suggestions')).toHaveCount(0);
  await home.expectNoReload();
});

test('where no town has services of its own, those of the country are suggested', async ({ home, page, words }) => {
  await home.open('/');
  await home.welcome('6700');
  await home.open('/catalogue');
  const found = await suggested(page);
  // Which ones changes with the catalogue.
  const national = found.filter((widget) => covers(widget).includes('BE'));
  expect(national.length, `one of the whole country in ${found}`).toBeGreaterThan(0);
  for (const widget of national) {
    await expect(page.locator(`.suggestion[data-widget="${widget}"] .reason`)).toHaveText(words('reason-country'));
  }
});

test('a search hides the suggestions', async ({ home, page, words }) => {
  await home.open('/catalogue');
  await expect(page.locator('.suggestions')).toBeVisible();
  await page.locator('#catalogue-search').fill('Wáter');
  await page.locator('#catalogue-search').press('Enter');
  await expect(page.locator('.suggestions')).toHaveCount(0);
  await expect(page.locator('.all')).toHaveText(`${words('catalogue-found')} 9`);
  expect(await entries(page)).toContain('water-level');
});

test('the page of a widget shows each width, with the best one selected', async ({ home, page, words }) => {
  const share = async () => {
    const card = await page.locator('.preview article:visible').boundingBox();
    const grid = await page.locator('.preview').evaluate((grid) => grid.clientWidth);
    return card.width / grid;
  };
  for (const widget of ['weather-forecast', 'road-works', 'air-quality']) {
    const { best, smallest } = WIDGETS.get(widget).size ?? { best: 'narrow', smallest: 'narrow' };
    await home.open(`/catalogue/${widget}`);
    const shares = { narrow: 1 / 3, wide: 2 / 3, full: 1 };
    const sizes = Object.keys(shares).filter((size) => shares[size] >= shares[smallest]);
    const radios = page.locator('.sizes input[name="size"]');
    expect(await radios.evaluateAll((radios) => radios.map((radio) => radio.value))).toEqual(sizes);
    await expect(page.locator(`.sizes input[value="${best}"]`)).toBeChecked();
    await expect(page.locator('.sizes .chip', { has: page.locator(`input[value="${best}"]`) })).toContainText(words('width-best'));
    let before = 0;
    for (const size of sizes) {
      await home.chip(size).click();
      const shown = page.locator('.preview article:visible');
      await expect(shown).toHaveCount(1);
      await expect(shown).toHaveAttribute('data-size', size);
      const now = await share();
      expect(now, `${widget} in ${size}`).toBeGreaterThan(before);
      expect(Math.abs(now - shares[size]), `${widget} in ${size}`).toBeLessThan(0.06);
      before = now;
    }
  }
});

test('a card is added in the selected width', async ({ home, page }) => {
  await home.open('/catalogue/council-decisions');
  await home.chip('full').click();
  await page.locator('#add-council-decisions').click();
  const card = page.locator('article[data-card][data-widget="council-decisions"]');
  await expect(card).toHaveAttribute('data-size', 'full');
});

test('a width that the widget does not allow is refused', async ({ home, page }) => {
  await home.open('/catalogue/council-decisions');
  await page.locator('.sizes input[value="full"]').evaluate((radio) => (radio.value = 'huge'));
  await home.chip('huge').click();
  await page.locator('#add-council-decisions').click();
  await expect(page.locator('h1')).toBeVisible();
  await home.open('/');
  await expect(home.card('council-decisions')).toHaveCount(0);
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 360, height: 800 } });

  test('each width fills the screen, and the page says so', async ({ home, page, words }) => {
    await home.open('/catalogue/weather-forecast');
    await expect(page.locator('.on-small')).toHaveText(words('widget-width-small'));
    for (const size of ['narrow', 'full']) {
      await home.chip(size).click();
      const card = await page.locator('.preview article:visible').boundingBox();
      expect(card.width).toBeGreaterThan(320);
    }
  });
});
