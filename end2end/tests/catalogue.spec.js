// The catalogue: search, filters, the page of a widget, adding a card.

import { readFileSync } from 'node:fs';

import { manifests } from './support/manifests.js';
import { expect, onlyWithJavaScript, test } from './support/test.js';

const WIDGETS = manifests();
const entries = (page) => page.locator('.entry[data-widget]').evaluateAll((found) => found.map((entry) => entry.dataset.widget));

/** The widgets whose texts contain a word. */
const about = (word, theme) =>
  [...WIDGETS]
    .filter(([, manifest]) => !theme || manifest.theme === theme)
    .filter(([id, { name, summary, publisher, search }]) =>
      [id, name.nl, summary.nl, publisher?.name ?? '', ...search.nl].some((text) => text.toLowerCase().includes(word)),
    )
    .map(([id]) => id)
    .sort();

test('every widget is listed, and a search finds the right one', async ({ home, page, words }) => {
  await home.open('/catalogue');
  expect((await entries(page)).sort()).toEqual([...WIDGETS.keys()].sort());
  await page.locator('#catalogue-search').fill('trein');
  await page.locator('form.sift button').click();
  await expect(page).toHaveURL(/[?&]q=trein(&|$)/);
  expect(about('trein')).toContain('train-departures');
  await expect.poll(async () => (await entries(page)).sort()).toEqual(about('trein'));
  await expect(page.locator('#catalogue-search')).toHaveValue('trein');

  await page.locator('#catalogue-search').fill('xyzzy');
  await page.locator('#catalogue-search').press('Enter');
  await expect(page.locator('.count')).toHaveText(words('catalogue-none'));
  await expect(page.locator('.entry')).toHaveCount(0);
});

test('a search has an address of its own', async ({ home, page }) => {
  await home.open('/catalogue?q=gent&theme=moving-about');
  expect(about('gent', 'moving-about')).toContain('parking-ghent');
  expect((await entries(page)).sort()).toEqual(about('gent', 'moving-about'));
  await expect(page.locator('#catalogue-search')).toHaveValue('gent');
  await expect(page.locator('input[name="theme"][value="moving-about"]')).toBeChecked();
});

test('the search text is never markup', async ({ home, page }) => {
  await home.open(`/catalogue?q=${encodeURIComponent('"><img src=x onerror=alert(1)>')}`);
  await expect(page.locator('#catalogue-search')).toHaveValue('"><img src=x onerror=alert(1)>');
  await expect(page.locator('img')).toHaveCount(0);
});

test.describe('with JavaScript', () => {
  onlyWithJavaScript();

  test('typing and Enter make one request, and the focus stays among the results', async ({ home, page }) => {
    await home.open('/catalogue');
    const asked = [];
    page.on('request', (request) => asked.push(new URL(request.url()).searchParams.get('q')));
    const search = page.locator('#catalogue-search');
    await search.pressSequentially('keuring');
    await search.press('Enter');
    await expect(page.locator('.entry')).toHaveCount(1);
    await page.locator('#add-vehicle-inspection').focus();
    // Longer than the delay after a key.
    await page.waitForTimeout(500);
    expect(asked.filter((query) => query === 'keuring')).toEqual(['keuring']);
    await expect(page.locator('#add-vehicle-inspection')).toBeFocused();
  });

  test('the list is filtered during typing, and the focus stays', async ({ home, page }) => {
    await home.open('/catalogue');
    await home.mark();
    await page.locator('#catalogue-search').pressSequentially('water');
    expect(about('water')).toContain('water-level');
    await expect.poll(async () => (await entries(page)).sort()).toEqual(about('water'));
    await expect(page.locator('#catalogue-search')).toBeFocused();
    await expect(page.locator('#catalogue-search')).toHaveValue('water');
    await expect(page.locator('#announcer')).toHaveText(await page.locator('.count').innerText());
    await expect(page).toHaveURL(/q=water/);
    await page.locator('#catalogue-search').fill('');
    await expect(page.locator('.entry[data-widget]')).toHaveCount(WIDGETS.size);
    await home.expectNoReload();
  });
});

test('a theme filters the list', async ({ home, page }) => {
  await home.open('/catalogue');
  await home.mark();
  for (const theme of ['family-and-school', 'weather-and-environment']) {
    await home.chip(theme).click();
    if (!home.scripts) await page.locator('form.sift button').click();
    const expected = [...WIDGETS].filter(([, manifest]) => manifest.theme === theme).map(([widget]) => widget);
    await expect.poll(async () => (await entries(page)).sort()).toEqual(expected.sort());
  }
  await home.expectNoReload();
});

const PARTS = 3;
for (let part = 0; part < PARTS; part += 1) {
  test(`the page of each widget names the source of its data and the data that it sends, ${part + 1} of ${PARTS}`, async ({ home, page, words }) => {
    // One page for each widget of the catalogue.
    test.slow();
    for (const [widget, manifest] of [...WIDGETS].filter((_, at) => at % PARTS === part)) {
      await home.open('/catalogue');
      const entry = page.locator(`.entry[data-widget="${widget}"] h3 a`);
      // Those for other places are folded.
      if (!(await entry.isVisible())) await page.locator('details.far > summary').click();
      await entry.click();
      await expect(page.locator('h1'), widget).toHaveText(manifest.name.nl);
      await expect(page).toHaveURL(new RegExp(`/catalogue/${widget}$`));

      // The preview, from the sample.
      const preview = page.locator(`.preview article[data-size="${manifest.size.best}"]`);
      // Links to official pages are no example of anything.
      if (manifest.links_only) {
        await expect(preview, widget).not.toHaveAttribute('data-sample');
        await expect(preview.locator('[data-part="source"]'), widget).toContainText(words('links-source'));
        await expect(preview.locator('.links a').first(), widget).toHaveAttribute('href', /^https?:/);
        await expect(page.locator('.about-widget'), widget).toContainText(words('links-kept'));
        await expect(page.locator('.asked, [data-tier]'), widget).toHaveCount(0);
        continue;
      }
      await expect(preview, widget).toHaveAttribute('data-sample');
      // A card of the citizen's own has no source, and asks nothing.
      if (manifest.own) {
        await expect(preview.locator('[data-part="source"]'), widget).toContainText(words('own-source'));
        await expect(page.locator('.about-widget'), widget).toContainText(words('own-kept'));
        await expect(page.locator('dl.pairs, .asked'), widget).toHaveCount(0);
        continue;
      }
      // The source of an address that a citizen gives is its host.
      const source = manifest.hosts.length ? manifest.publisher.name : /[\w-]+\.[a-z]{2,}/;
      await expect(preview.locator('[data-part="source"]'), widget).toContainText(source);
      const body = await preview.locator('[data-part="body"]').innerText();
      expect(body.length, widget).toBeGreaterThan(100);

      const facts = page.locator('dl.pairs');
      // The licence may link to the publisher's own page.
      await expect(facts.locator(`a[href="${manifest.publisher.url}"]`).first(), widget).toHaveText(manifest.publisher.name);
      const licence = manifest.hosts.length ? manifest.licence.name : words('own-licence');
      await expect(facts, widget).toContainText(licence);
      await expect(facts.locator('div', { hasText: words('widget-pace') }), widget).toContainText(/elke? /);

      const tier = readFileSync(new URL(`../../widgets/catalogue/${widget}/tier`, import.meta.url), 'utf8').trim();
      await expect(facts.locator('[data-tier]'), widget).toHaveText(words(`tier-${tier}-means`));

      const asked = page.locator('.asked li');
      expect(await asked.count(), widget).toBeGreaterThanOrEqual(1);
      for (const line of await asked.all()) {
        const host = await line.locator('b').innerText();
        // Without hosts, the citizen gives the address.
        if (manifest.hosts.length) expect(manifest.hosts, widget).toContain(host);
        await expect(line.locator('code'), widget).toHaveText(/^(GET|POST) https:\/\//);
      }
      const prose = page.locator('.about-widget');
      if (!manifest.hosts.length) await expect(prose, widget).toContainText(words('widget-any-host'));
      for (const host of manifest.hosts) await expect(prose, widget).toContainText(host);
      for (const field of manifest.field ?? []) await expect(prose, widget).toContainText(field.label.nl);
    }
  });
}

test('the sent data is listed by setting', async ({ home, page, words }) => {
  await home.open('/catalogue/air-quality');
  await expect(page.locator('.asked li').first()).toContainText(words('fact-place'));
  await home.open('/catalogue/vehicle-inspection');
  await expect(page.locator('.asked li').first()).toContainText(WIDGETS.get('vehicle-inspection').field[0].label.nl);
  await home.open('/catalogue/weather-warnings');
  await expect(page.locator('.asked li').first()).toContainText(words('widget-sent-nothing'));
});

test('a widget is added from the list and from its page', async ({ home, page, words }) => {
  await home.open('/');
  const before = await home.order();
  await page.locator('header a[href="/catalogue"]').click();
  await home.alive();
  await home.mark();
  await page.locator('.entry[data-widget="earthquakes"] .add button').click();
  await home.expectOrder(['earthquakes', ...before]);
  await home.expectSaid(words('done-added', { card: WIDGETS.get('earthquakes').name.nl }));
  await expect(home.card('earthquakes')).toHaveAttribute('data-highlight');
  await home.expectNoReload();

  // The catalogue marks widgets on the board, and offers a second card.
  await home.open('/catalogue');
  await expect(page.locator('.entry[data-widget="air-quality"] .have')).toBeVisible();
  await page.locator('.entry[data-widget="air-quality"] h3 a').click();
  // The list has a button of the same name.
  await expect(page).toHaveURL(/\/catalogue\/air-quality$/);
  await page.locator('#add-air-quality').click();
  await home.expectOrder(['air-quality', 'earthquakes', ...before]);
  await page.locator('#undo-last').click();
  await home.expectOrder(['earthquakes', ...before]);
});

test('an unknown widget has an error page', async ({ home, page, words }) => {
  const answer = await home.open('/catalogue/no-such-widget');
  expect(answer.status()).toBe(404);
  await expect(page.locator('h1')).toHaveText(words('error-not-found-title'));
});
