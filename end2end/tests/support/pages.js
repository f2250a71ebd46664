// Every page and every state of a page, for the tests that check all of them.

import { expect } from '@playwright/test';
import { manifests } from './manifests.js';

const expectVisible = (locator) => expect(locator.first()).toBeVisible();

/** Resolves a conflict without a change: a pending conflict would be shown on every page. */
async function discardConflict(home) {
  await home.page.locator('#keep').click();
  await expect(home.page.locator('#keep')).toHaveCount(0);
}

const save = (page) => page.locator('#save').click();

/**
 * Name, and how to get there. One citizen visits them in this order; each state starts from the one
 * before.
 */
export const STATES = {
  board: [
    ['/', (home) => home.open('/')],
    ['/?edit', (home) => home.open('/?edit')],
    [
      '/ with a mistake in the welcome',
      async (home) => {
        await home.open('/');
        await home.page.locator('#place').fill('Grimbergn');
        await home.page.locator('#welcome-save').click();
        await expectVisible(home.page.locator('#place-problem'));
      },
    ],
    [
      '/?edit with what was done',
      async (home) => {
        await home.open('/?edit');
        await home.tool('weather-warnings', 'earlier').click();
        await expectVisible(home.page.locator('#undo-last'));
      },
    ],
    [
      '/ with a card that needs an answer',
      async (home) => {
        await home.add('vehicle-inspection');
        await home.open('/');
        await expectVisible(home.card('vehicle-inspection').locator('a.act'));
      },
    ],
    [
      '/?edit after a change in another tab',
      async (home) => {
        await home.open('/?edit');
        await home.tool('parking-ghent', 'wider').click();
        await expect(home.card('parking-ghent')).toHaveAttribute('data-size', 'wide');
        const other = await home.page.context().newPage();
        await other.goto('/?edit');
        const parking = other.locator('article[data-widget="parking-ghent"]');
        await parking.locator('[id^="wider-"]').click();
        await expect(parking).toHaveAttribute('data-size', 'full');
        await other.close();
        await home.tool('parking-ghent', 'narrower').click();
        await expectVisible(home.page.locator('.choice #do-anyway'));
      },
    ],
    [
      'undoing after a change in another tab',
      async (home) => {
        await discardConflict(home);
        await home.open('/?edit');
        const other = await home.page.context().newPage();
        await other.goto('/?edit');
        const parking = other.locator('article[data-widget="parking-ghent"]');
        await parking.locator('[id^="narrower-"]').click();
        await expect(parking).toHaveAttribute('data-size', 'wide');
        await other.close();
        await home.page.locator('#undo').click();
        await expectVisible(home.page.locator('#notice #do-anyway'));
      },
    ],
    [
      '/ with a folded card',
      async (home) => {
        await discardConflict(home);
        await home.open('/');
        for (const widget of ['weather-warnings', 'parking-ghent']) {
          await home.tool(widget, 'fold').click();
          await expectVisible(home.page.locator(`article[data-widget="${widget}"][data-folded]`));
        }
      },
    ],
    [
      '/?edit with two pages',
      async (home) => {
        await home.open('/?edit');
        const form = home.page.locator('.page-form', { has: home.page.locator('#page-new') });
        await form.locator('summary').click();
        await home.page.locator('#page-new').fill('Werk');
        await form.locator('button').click();
        await expectVisible(home.page.locator('.nothing'));
        await home.open('/?edit');
      },
    ],
    ['/ with two pages', (home) => home.open('/')],
    ['/history', (home) => home.open('/history')],
    ['/agenda', (home) => home.open('/agenda')],
    [
      '/agenda with an address',
      async (home) => {
        await home.open('/agenda');
        await home.page.locator('#make-feed').click();
        await expect(home.page.locator('[data-part="address"]')).toBeVisible();
      },
    ],
    ['/share', (home) => home.open('/share')],
    [
      '/share with a file that is no board',
      async (home) => {
        await home.open('/share');
        await home.page.locator('#file').setInputFiles({
          name: 'a.json',
          mimeType: 'application/json',
          buffer: Buffer.from('{}'),
        });
        await home.page.locator('#show-file').click();
        await expectVisible(home.page.locator('#file-problem'));
      },
    ],
    [
      'what is in a file',
      async (home) => {
        await home.open('/share');
        const download = await home.page.request.get('/share/board.json');
        await home.page.locator('#file').setInputFiles({
          name: 'a.json',
          mimeType: 'application/json',
          buffer: await download.body(),
        });
        await home.page.locator('#show-file').click();
        await expectVisible(home.page.locator('#take-after'));
      },
    ],
    [
      'a page without a name',
      async (home) => {
        await home.open('/?edit');
        const form = home.page.locator('.page-form', { has: home.page.locator('#page-new') });
        await form.locator('summary').click();
        await home.page.locator('#page-new').fill('  ');
        await form.locator('button').click();
        await expectVisible(home.page.locator('#page-new-problem'));
      },
    ],
    [
      '/ with narrow cards',
      async (home) => {
        await home.open('/?edit');
        for (const card of await home.cards.evaluateAll((cards) => cards.map((one) => one.dataset.card))) {
          const narrower = home.page.locator(`#narrower-${card}`);
          while (await narrower.isEnabled()) {
            const size = home.page.locator(`#card-${card}`);
            const before = await size.getAttribute('data-size');
            await narrower.click();
            await expect(size).not.toHaveAttribute('data-size', before);
          }
        }
        await home.open('/');
      },
    ],
    [
      '/?edit with narrow cards',
      (home) => home.open('/?edit'),
    ],
    [
      '/ without cards',
      async (home) => {
        await home.open('/?edit');
        for (const card of await home.cards.evaluateAll((cards) => cards.map((one) => one.dataset.card))) {
          await home.page.locator(`#remove-${card}`).click();
          await expect(home.page.locator(`#card-${card}`)).toHaveCount(0);
        }
        await home.open('/');
        await expectVisible(home.page.locator('.nothing'));
      },
    ],
  ],
  catalogue: [
    ['/catalogue', (home) => home.open('/catalogue')],
    ['/catalogue with nothing found', (home) => home.open('/catalogue?q=xyzzy')],
    ['/catalogue with what does not exist yet', (home) => home.open('/catalogue?q=hooikoorts')],
    [
      '/catalogue with suggestions',
      async (home) => {
        await home.open('/');
        await home.welcome('9000', ['moving-about', 'council-and-law']);
        await home.open('/catalogue');
        await expectVisible(home.page.locator('.suggestion'));
      },
    ],
    ['/catalogue near', (home) => home.open('/catalogue?near=yes')],
    ['/find', (home) => home.open('/find')],
    ['/find with nothing found', (home) => home.open('/find?q=xyzzy')],
    ...[...manifests().keys()].map((widget) => [`/catalogue/${widget}`, (home) => home.open(`/catalogue/${widget}`)]),
  ],
  others: [
    ...['/welcome', '/services', '/privacy', '/forget', '/accessibility', '/about', '/no-such-page'].map((path) => [path, (home) => home.open(path)]),
    [
      'settings',
      async (home) => {
        await home.open('/?edit');
        await home.tool('road-works', 'settings').click();
        await expectVisible(home.page.locator('#save'));
      },
    ],
    [
      'settings with mistakes',
      async (home) => {
        await home.page.locator('#field-setting-place').fill('Zweinstein');
        await home.page.locator('#field-setting-radius').fill('99');
        await save(home.page);
        await expectVisible(home.page.locator('#problem-setting-radius'));
      },
    ],
    [
      'settings with a choice and a toggle',
      async (home) => {
        await home.open('/?edit');
        await home.tool('holidays', 'settings').click();
        await expectVisible(home.page.locator('#save'));
      },
    ],
    [
      'settings after a change in another tab',
      async (home) => {
        const other = await home.page.context().newPage();
        await other.goto('/?edit');
        await other.locator('article[data-widget="holidays"] [id^="remove-"]').click();
        await expect(other.locator('article[data-widget="holidays"]')).toHaveCount(0);
        await other.close();
        await save(home.page);
        await expectVisible(home.page.locator('.choice'));
        await home.page.locator('#do-anyway').click();
        await expectVisible(home.card('holidays'));
      },
    ],
    [
      'settings of a plate, with a mistake',
      async (home) => {
        await home.add('vehicle-inspection');
        await home.card('vehicle-inspection').locator('a.act').click();
        await home.page.locator('#field-setting-plate').fill('auto!');
        await save(home.page);
        await expectVisible(home.page.locator('#problem-setting-plate'));
      },
    ],
    [
      '/welcome with a mistake',
      async (home) => {
        await home.open('/');
        await home.page.locator('#welcome-skip').click();
        await expect(home.page.locator('#welcome-skip')).toHaveCount(0);
        await home.open('/welcome');
        await home.page.locator('#place').fill('Grimbergn');
        await home.page.locator('#welcome-save').click();
        await expectVisible(home.page.locator('#place-problem'));
      },
    ],
    [
      'a change that came from another site',
      async (home) => {
        const foreign = async (route) => {
          const headers = { ...(await route.request().allHeaders()), 'sec-fetch-site': 'cross-site', origin: 'https://example.org' };
          await route.fulfill({ response: await route.fetch({ headers }) });
        };
        await home.open('/?edit');
        await home.page.route('**/cards/*/move', foreign);
        await home.tool('holidays', 'earlier').click();
        await expect(home.page.locator('h1')).toHaveText(/andere website/);
        await home.page.unroute('**/cards/*/move', foreign);
      },
    ],
    [
      'settings of a card that was just added',
      async (home) => {
        await home.open('/catalogue/calendar');
        await home.page.locator('#add-calendar').click();
        await expectVisible(home.page.locator('.filled-in article'));
      },
    ],
  ],
};

/** Opens all `details` elements. */
export async function unfold(page) {
  // Wait for the style sheet, which affects the layout.
  await page.waitForLoadState();
  await page.locator('details').evaluateAll((folds) =>
    folds.forEach((fold) => {
      // Of `details` elements with the same name only one stays open.
      fold.removeAttribute('name');
      fold.open = true;
    }),
  );
}

/** Makes services fail so that a board shows every state of a card. */
export async function everyFault(standIn) {
  await standIn.fault('api.irail.be', 'slow', { ms: 30_000 });
  await standIn.fault('data.stad.gent', 'status', { code: 500 });
  await standIn.fault('geo.irceline.be', 'html');
  await standIn.fault('lokaalbeslist.vlaanderen.be', 'drop');
}
