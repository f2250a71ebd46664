// Lanes: gaps are near the design's, no lane ends a card before another, no card is much higher than
// its content, and the places are the same with `display: grid-lanes` and without. `npm run lanes` measures all
// places in all languages and 200 random boards.

import { manifests } from './support/manifests.js';
import { WIDTHS, browserWith, edit, faults, measure, places } from './support/lanes.js';
import { expect, onlyOnce, test } from './support/test.js';

onlyOnce();
test.use({ serverOptions: async ({}, use) => use(['--visits-per-minute', '0']) });

const LONG = process.env.LANES === 'all';
const PLACES = ['1850', '9000', '1000', '4000', '5000', '4700', '2000', '8400', '3500', '7000', '6700', '1300'];
const LANGUAGES = ['nl', 'fr', 'de', 'en'];
const BOARDS = LONG ? 201 : 6;

/** Numbers between 0 and 1, the same in every run (Park and Miller). */
function random(seed) {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

/** Measures the open page at each width. */
async function measured(page, url, widths = WIDTHS) {
  const boards = [];
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 });
    if (boards.length === 0) await page.goto(`${url}/`);
    boards.push([width, await page.evaluate(measure)]);
  }
  return boards;
}

for (const lanes of [true, false]) {
  test(`starter boards are even, ${lanes ? 'with' : 'without'} grid-lanes`, async ({ voordeur }, { project }) => {
    test.setTimeout(LONG ? 900_000 : 120_000);
    const browser = await browserWith(lanes, project.use);
    const found = [];
    const all = PLACES.flatMap((place, at) =>
      LANGUAGES.filter((_, language) => LONG || language === at % LANGUAGES.length).map((language) => [place, language]),
    );
    for (const [place, language] of all) {
      const context = await browser.newContext({ locale: `${language}-BE`, javaScriptEnabled: true });
      const page = await context.newPage();
      expect(await page.evaluate(() => CSS.supports('display: grid-lanes'))).toBe(lanes);
      await page.goto(voordeur.url);
      await edit(context, voordeur.url, '/welcome', { place, answer: 'save' });
      for (const [width, board] of await measured(page, voordeur.url)) {
        const where = `${place} ${language} ${width}`;
        found.push(...faults(board).map((fault) => `${where}: ${fault}`));
        for (const { widget, gap } of board.holes) {
          // A card that expects more than it has leaves a few lines.
          if (gap < -0.1 || gap > 3.1) found.push(`${where}: ${gap.toFixed(1)} rem more than the gap above ${widget}`);
        }
      }
      await context.close();
    }
    await browser.close();
    expect(found, found.join('\n')).toEqual([]);
  });
}

// More widgets than a page holds.
const ALL = [...manifests().keys()];
const PARTS = 3;
const parts = Array.from({ length: PARTS }, (_, part) => ALL.filter((_, at) => at % PARTS === part));

for (const [part, widgets] of parts.entries()) {
  test(`all widgets and random boards have the same places with and without grid-lanes, ${part + 1} of ${PARTS}`, async ({ voordeur }, { project }) => {
    test.setTimeout(LONG ? 900_000 : 120_000);
    const browsers = [await browserWith(true, project.use), await browserWith(false, project.use)];
    const context = await browsers[0].newContext({ locale: 'nl-BE', javaScriptEnabled: true });
    const page = await context.newPage();
    await page.goto(voordeur.url);
    const here = await page.locator('[data-card]').evaluateAll((cards) => cards.map((card) => card.dataset.widget));
    for (const widget of widgets) {
      if (!here.includes(widget)) await edit(context, voordeur.url, '/cards', { widget, size: 'narrow' });
    }
    const other = await browsers[1].newContext({ locale: 'nl-BE', javaScriptEnabled: true });
    await other.addCookies(await context.cookies());
    const pages = [page, await other.newPage()];
    const next = random(20261130 + part);
    const pick = (list) => list[Math.floor(next() * list.length)];
    const found = [];
    for (let board = 0; board <= BOARDS / PARTS; board += 1) {
      const ids = await page.locator('[data-card]').evaluateAll((cards) => cards.map((card) => card.dataset.card));
      // The first board has the widgets in the order of the catalogue.
      for (let edits = 0; board > 0 && edits < 12; edits += 1) {
        const size = pick(['narrow', 'narrow', 'narrow', 'wide', 'full']);
        await edit(context, voordeur.url, `/cards/${pick(ids)}/place`, { before: pick(ids), size });
        if (next() < 0.2) await edit(context, voordeur.url, `/cards/${pick(ids)}/fold`, { folded: String(next() < 0.5) });
      }
      const widths = board === 0 || LONG ? WIDTHS : [768, 1440, 1920];
      const [withLanes, without] = [await measured(pages[0], voordeur.url, widths), await measured(pages[1], voordeur.url, widths)];
      withLanes.forEach(([width, one], at) => {
        const [, two] = without[at];
        const where = `board ${board} at ${width}`;
        found.push(...faults(one).map((fault) => `${where}, lanes: ${fault}`), ...faults(two).map((fault) => `${where}, rows: ${fault}`));
        if (places(one).join() !== places(two).join()) found.push(`${where}: other places: ${places(one)} and ${places(two)}`);
      });
    }
    for (const browser of browsers) await browser.close();
    expect(found, found.join('\n')).toEqual([]);
  });
}

for (const [width, height] of [[390, 844], [1440, 900]]) {
  test(`the first data is within the first 40 % of ${width} by ${height}`, async ({ home, page }) => {
    await page.setViewportSize({ width, height });
    await home.open('/');
    const top = await page.locator('.band b, [data-card] [data-part="body"]').first().evaluate((data) => data.getBoundingClientRect().top);
    expect(top).toBeLessThan(height * 0.4);
  });
}

test('a form of an earlier version still changes the width', async ({ home, page, voordeur }) => {
  await home.open('/');
  for (const [columns, size] of [['6', 'wide'], ['3', 'narrow'], ['12', 'full'], ['8', 'wide'], ['4', 'narrow']]) {
    await edit(page.context(), voordeur.url, '/cards/first-air-quality/resize', { size: columns });
    await home.open('/');
    await expect(home.card('air-quality')).toHaveAttribute('data-size', size);
  }
});
