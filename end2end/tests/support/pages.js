// Every page and every state of a page, for the tests that look at all of them.

import { expect } from '@playwright/test';
import { manifests } from '../../stand-in/answers.js';

const seen = (locator) => expect(locator.first()).toBeVisible();

/** Leaves things as they are: an edit that waits for a choice asks for it again on every page. */
async function keep(home) {
  await home.page.locator('#keep').click();
  await expect(home.page.locator('#keep')).toHaveCount(0);
}

const save = (page) => page.locator('#save').click();

/** Name, and how to get there. They are visited in this order by one citizen; each begins where the one before left. */
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
        await seen(home.page.locator('#place-problem'));
      },
    ],
    [
      '/?edit with what was done',
      async (home) => {
        await home.open('/?edit');
        await home.tool('weather-warnings', 'earlier').click();
        await seen(home.page.locator('#undo-last'));
      },
    ],
    [
      '/ with a card that needs an answer',
      async (home) => {
        await home.add('vehicle-inspection');
        await home.open('/');
        await seen(home.card('vehicle-inspection').locator('a.act'));
      },
    ],
    [
      '/?edit after a change in another tab',
      async (home) => {
        await home.open('/?edit');
        const other = await home.page.context().newPage();
        await other.goto('/?edit');
        const parking = other.locator('article[data-widget="parking-ghent"]');
        await parking.locator('[id^="wider-"]').click();
        await expect(parking).toHaveAttribute('data-size', '6');
        await other.close();
        await home.tool('parking-ghent', 'narrower').click();
        await seen(home.page.locator('.choice #do-anyway'));
      },
    ],
    [
      'undoing after a change in another tab',
      async (home) => {
        await keep(home);
        await home.open('/?edit');
        const other = await home.page.context().newPage();
        await other.goto('/?edit');
        const parking = other.locator('article[data-widget="parking-ghent"]');
        await parking.locator('[id^="narrower-"]').click();
        await expect(parking).toHaveAttribute('data-size', '4');
        await other.close();
        await home.page.locator('#undo').click();
        await seen(home.page.locator('#notice #do-anyway'));
      },
    ],
    [
      '/ with a folded card',
      async (home) => {
        await keep(home);
        await home.open('/');
        for (const widget of ['weather-warnings', 'parking-ghent']) {
          await home.tool(widget, 'fold').click();
          await seen(home.page.locator(`article[data-widget="${widget}"][data-folded]`));
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
        await seen(home.page.locator('.nothing'));
        await home.open('/?edit');
      },
    ],
    ['/ with two pages', (home) => home.open('/')],
    ['/history', (home) => home.open('/history')],
    [
      'a page without a name',
      async (home) => {
        await home.open('/?edit');
        const form = home.page.locator('.page-form', { has: home.page.locator('#page-new') });
        await form.locator('summary').click();
        await home.page.locator('#page-new').fill('  ');
        await form.locator('button').click();
        await seen(home.page.locator('#page-new-problem'));
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
        await seen(home.page.locator('.nothing'));
      },
    ],
  ],
  catalogue: [
    ['/catalogue', (home) => home.open('/catalogue')],
    ['/catalogue with nothing found', (home) => home.open('/catalogue?q=xyzzy')],
    [
      '/catalogue with suggestions',
      async (home) => {
        await home.open('/');
        await home.welcome('9000', ['moving-about', 'council-and-law']);
        await home.open('/catalogue');
        await seen(home.page.locator('.suggestion'));
      },
    ],
    ['/catalogue near', (home) => home.open('/catalogue?near=yes')],
    ['/find', (home) => home.open('/find')],
    ['/find with nothing found', (home) => home.open('/find?q=xyzzy')],
    ...[...manifests().keys()].map((widget) => [`/catalogue/${widget}`, (home) => home.open(`/catalogue/${widget}`)]),
  ],
  others: [
    ...['/welcome', '/services', '/privacy', '/accessibility', '/about', '/no-such-page'].map((path) => [path, (home) => home.open(path)]),
    [
      'settings',
      async (home) => {
        await home.open('/?edit');
        await home.tool('road-works', 'settings').click();
        await seen(home.page.locator('#save'));
      },
    ],
    [
      'settings with mistakes',
      async (home) => {
        await home.page.locator('#field-setting-place').fill('Zweinstein');
        await home.page.locator('#field-setting-radius').fill('99');
        await save(home.page);
        await seen(home.page.locator('#problem-setting-radius'));
      },
    ],
    [
      'settings with a choice and a toggle',
      async (home) => {
        await home.open('/?edit');
        await home.tool('holidays', 'settings').click();
        await seen(home.page.locator('#save'));
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
        await seen(home.page.locator('.choice'));
        await home.page.locator('#do-anyway').click();
        await seen(home.card('holidays'));
      },
    ],
    [
      'settings of a plate, with a mistake',
      async (home) => {
        await home.add('vehicle-inspection');
        await home.card('vehicle-inspection').locator('a.act').click();
        await home.page.locator('#field-setting-plate').fill('auto!');
        await save(home.page);
        await seen(home.page.locator('#problem-setting-plate'));
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
        await seen(home.page.locator('#place-problem'));
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
  ],
};

/** Opens what is folded: a menu, a table. */
export async function unfold(page) {
  // Without its style a page has another shape.
  await page.waitForLoadState();
  await page.locator('details').evaluateAll((folds) =>
    folds.forEach((fold) => {
      // Of folds with one name only one stays open.
      fold.removeAttribute('name');
      fold.open = true;
    }),
  );
}

/** Makes services misbehave so that a board shows every state a card can have. Gives the widget that waits. */
export function everyFault(standIn) {
  standIn.fault('api.irail.be', 'slow', { ms: 30_000 });
  standIn.fault('data.stad.gent', 'status', { code: 500 });
  standIn.fault('geo.irceline.be', 'html');
  standIn.fault('lokaalbeslist.vlaanderen.be', 'drop');
}
