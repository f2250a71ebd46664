// Cards in hand: by mouse, by finger, by keyboard alone and with the buttons, the same board comes out.

import { AxeBuilder } from '@axe-core/playwright';
import { manifests } from '../stand-in/answers.js';
import { Finger, board, handle, openInHand, posts, pull, spotOn } from './support/arranging.js';
import { expect, onlyWithJavaScript, test } from './support/test.js';

const START = [
  ['train-departures', 6],
  ['weather-warnings', 6],
  ['road-works', 8],
  ['water-level', 4],
  ['air-quality', 4],
  ['parking-ghent', 4],
  ['holidays', 4],
  ['council-decisions', 12],
];

/** The water level goes to the front, the holidays before the road works, and the car parks become wider. */
const END = [
  ['water-level', 4],
  ['train-departures', 6],
  ['weather-warnings', 6],
  ['holidays', 4],
  ['road-works', 8],
  ['air-quality', 4],
  ['parking-ghent', 6],
  ['council-decisions', 12],
];

const name = (widget, language = 'nl') => manifests().get(widget).name[language];

/** The whole board fits in the window, so that nothing has to scroll. */
const TALL = { width: 1280, height: 3600 };

const saved = (page) => page.waitForResponse((answer) => answer.request().method() === 'POST');

async function expectBoard(home, expected) {
  await expect.poll(() => board(home)).toEqual(expected);
}

/** The board as the server keeps it. */
async function expectSavedBoard(home, expected) {
  await home.open('/?edit');
  expect(await board(home)).toEqual(expected);
}

test('with the buttons', async ({ home }) => {
  await home.open('/?edit');
  await expectBoard(home, START);
  const before = async (widget, other) => {
    const order = (await board(home)).map(([each]) => each);
    return order.indexOf(widget) < order.indexOf(other);
  };
  for (const [widget, other] of [['water-level', 'train-departures'], ['holidays', 'road-works']]) {
    while (!(await before(widget, other))) {
      const order = await home.order();
      await home.tool(widget, 'earlier').click();
      await expect.poll(() => home.order()).not.toEqual(order);
    }
  }
  await home.tool('parking-ghent', 'wider').click();
  await expectBoard(home, END);
  await expectSavedBoard(home, END);
});

test.describe('with JavaScript', () => {
  onlyWithJavaScript();

  test.describe('by mouse', () => {
    test.use({ viewport: TALL });

    test('cards make room, and a drop is one change', async ({ home, page }) => {
      await openInHand(home);
      await home.mark();
      await expectBoard(home, START);
      const sent = posts(page);
      await pull(page, await spotOn(handle(home, 'water-level')), await spotOn(home.card('train-departures'), 0.25));
      // The others have made room, nothing is sent yet, and a place is kept free where the card would land.
      expect((await home.order())[0]).toBe('water-level');
      await expect(page.locator('.free-place')).toBeVisible();
      await expect(home.card('water-level')).toHaveAttribute('data-held', 'pointer');
      expect(sent).toEqual([]);
      await Promise.all([saved(page), page.mouse.up()]);
      await home.expectSaid(`“${name('water-level')}” staat nu op plaats 1 van 8.`);
      await expect(handle(home, 'water-level')).toBeFocused();
      await expect(page.locator('.free-place')).toHaveCount(0);

      // By its heading, too.
      const title = home.card('holidays').locator('h2');
      await pull(page, await spotOn(title), await spotOn(home.card('road-works'), 0.2));
      await Promise.all([saved(page), page.mouse.up()]);
      await home.expectSaid(`“${name('holidays')}” staat nu op plaats 4 van 8.`);

      // And wider by its right edge.
      const card = home.card('parking-ghent');
      const width = (await card.boundingBox()).width;
      const edge = await spotOn(card, 1, 0.7);
      await pull(page, { x: edge.x - 3, y: edge.y }, { x: Math.round(edge.x + width * 0.5), y: edge.y });
      await expect(card).toHaveAttribute('data-size', '6');
      await Promise.all([saved(page), page.mouse.up()]);
      await expectBoard(home, END);
      await home.expectNoReload();
      expect(sent).toEqual([
        '/cards/first-water-level/place',
        '/cards/first-holidays/place',
        '/cards/first-parking-ghent/resize',
      ]);
      await expectSavedBoard(home, END);
    });

    test('a card is not narrower than it can be read', async ({ home, page }) => {
      await openInHand(home);
      const card = home.card('train-departures');
      const edge = await spotOn(card, 1, 0.7);
      await pull(page, { x: edge.x - 3, y: edge.y }, { x: 60, y: edge.y });
      await expect(card).toHaveAttribute('data-size', String(manifests().get('train-departures').size.smallest));
      await page.keyboard.press('Escape');
      await expectBoard(home, START);
      await page.mouse.up();
    });

    for (const [how, cancel] of [
      ['Escape', (page) => page.keyboard.press('Escape')],
      ['the other button', (page) => page.mouse.down({ button: 'right' })],
    ]) {
      test(`${how} puts a card back`, async ({ home, page }) => {
        await openInHand(home);
        const sent = posts(page);
        await pull(page, await spotOn(handle(home, 'water-level')), await spotOn(home.card('train-departures'), 0.25));
        expect((await home.order())[0]).toBe('water-level');
        await cancel(page);
        await expectBoard(home, START);
        await expect(page.locator('#announcer')).toHaveText(`“${name('water-level')}” staat weer op plaats 4.`);
        await expect(page.locator('.free-place, [data-held], html[data-dragging]')).toHaveCount(0);
        await page.mouse.up();
        await expectBoard(home, START);
        expect(sent).toEqual([]);
      });
    }

    test('a card that is dropped where it was changes nothing', async ({ home, page }) => {
      await openInHand(home);
      const sent = posts(page);
      const start = await spotOn(handle(home, 'water-level'));
      await pull(page, start, { x: start.x + 60, y: start.y + 40 });
      await expect(home.card('water-level')).toHaveAttribute('data-held', 'pointer');
      await page.mouse.up();
      await expect(page.locator('[data-held]')).toHaveCount(0);
      await expectBoard(home, START);
      expect(sent).toEqual([]);
      // And the click that ends a drag does not pick the card up.
      await expect(handle(home, 'water-level')).toHaveAttribute('aria-pressed', 'false');
    });

    test('a click on the handle picks up and puts down, and a drag takes over what a click picked up', async ({ home, page }) => {
      await openInHand(home);
      const grip = handle(home, 'water-level');
      await grip.click();
      await expect(grip).toHaveAttribute('aria-pressed', 'true');
      await page.keyboard.press('ArrowLeft');
      await expect.poll(async () => (await home.order())[2]).toBe('water-level');
      await pull(page, await spotOn(grip), await spotOn(home.card('train-departures'), 0.25));
      await expect(home.card('water-level')).toHaveAttribute('data-held', 'pointer');
      await expect(grip).toHaveAttribute('aria-pressed', 'false');
      expect((await home.order())[0]).toBe('water-level');
      await page.keyboard.press('Escape');
      await page.mouse.up();
      await expectBoard(home, START);

      await grip.click();
      await page.keyboard.press('Home');
      await Promise.all([saved(page), grip.click()]);
      await home.expectSaid(`“${name('water-level')}” staat nu op plaats 1 van 8.`);
    });

    test('what stands in a card can still be selected and followed', async ({ home, page }) => {
      await openInHand(home);
      const text = home.card('weather-warnings').locator('[data-part="body"] p').first();
      await pull(page, await spotOn(text, 0.1), await spotOn(text, 0.8));
      await page.mouse.up();
      expect((await page.evaluate(() => getSelection().toString())).length).toBeGreaterThan(0);
      await expectBoard(home, START);
    });
  });

  test('near the edge the page scrolls along', async ({ home, page }) => {
    await openInHand(home);
    await pull(page, await spotOn(handle(home, 'train-departures')), { x: 400, y: 880 });
    await expect.poll(async () => (await home.order()).at(-1)).toBe('train-departures');
    expect(await page.evaluate(() => scrollY)).toBeGreaterThan(300);
    await page.mouse.move(400, 5, { steps: 5 });
    await expect.poll(() => page.evaluate(() => scrollY)).toBe(0);
    await page.keyboard.press('Escape');
    await page.mouse.up();
    await expectBoard(home, START);
  });

  test.describe('by finger', () => {
    test.use({ viewport: TALL, hasTouch: true });

    test('by the handle at once, by the heading after a long press', async ({ home, page }) => {
      await openInHand(home);
      const finger = await Finger.on(page);
      await finger.down(await spotOn(handle(home, 'water-level')));
      await finger.move(await spotOn(home.card('train-departures'), 0.25));
      await expect.poll(async () => (await home.order())[0]).toBe('water-level');
      await Promise.all([saved(page), finger.up()]);
      await home.expectSaid(`“${name('water-level')}” staat nu op plaats 1 van 8.`);

      await finger.down(await spotOn(home.card('holidays').locator('h2')));
      await expect(home.card('holidays')).toHaveAttribute('data-held', 'pointer');
      await finger.move(await spotOn(home.card('road-works'), 0.2));
      await Promise.all([saved(page), finger.up()]);
      await home.expectSaid(`“${name('holidays')}” staat nu op plaats 4 van 8.`);

      await home.tool('parking-ghent', 'wider').tap();
      await expectBoard(home, END);
      await expectSavedBoard(home, END);
    });

    test('what takes the finger away puts the card back', async ({ home, page }) => {
      await openInHand(home);
      const finger = await Finger.on(page);
      const sent = posts(page);
      await finger.down(await spotOn(handle(home, 'water-level')));
      await finger.move(await spotOn(home.card('train-departures'), 0.25));
      await expect.poll(async () => (await home.order())[0]).toBe('water-level');
      await finger.cancel();
      await expectBoard(home, START);
      expect(sent).toEqual([]);
    });
  });

  test.describe('by finger on a phone', () => {
    test.use({ viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true });

    test('scrolling moves the page and no card', async ({ home, page }) => {
      await openInHand(home);
      const sent = posts(page);
      const finger = await Finger.on(page);
      const heading = home.card('weather-warnings').locator('h2');
      await heading.scrollIntoViewIfNeeded();
      const before = await page.evaluate(() => scrollY);
      const at = await spotOn(heading, 0.4);
      await finger.down(at);
      await finger.move({ x: at.x, y: at.y - 300 }, 15);
      await finger.up();
      await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(before + 100);
      await expect(page.locator('[data-held]')).toHaveCount(0);
      await expectBoard(home, START);
      expect(sent).toEqual([]);
    });

    test('a short touch moves nothing, and in one column a card goes up and down', async ({ home, page }) => {
      await openInHand(home);
      const sent = posts(page);
      const finger = await Finger.on(page);
      const second = home.card('weather-warnings');
      await second.locator('h2').scrollIntoViewIfNeeded();
      await finger.down(await spotOn(second.locator('h2'), 0.4));
      await finger.up();
      await expect(page.locator('[data-held]')).toHaveCount(0);
      expect(sent).toEqual([]);

      // To the top, where the page scrolls along, until it has passed the first card.
      await finger.down(await spotOn(handle(home, 'weather-warnings')));
      await finger.move({ x: 150, y: 20 });
      await expect.poll(async () => (await home.order())[0]).toBe('weather-warnings');
      await Promise.all([saved(page), finger.up()]);
      await expect.poll(async () => (await home.order())[1]).toBe('train-departures');
    });

    test('the handle is large enough for a finger', async ({ home }) => {
      await openInHand(home);
      for (const box of await home.page.locator('[data-part="handle"]').evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON()))) {
        expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(44);
      }
    });
  });

  test('by keyboard alone', async ({ home, page }) => {
    await openInHand(home);
    await home.mark();
    const sent = posts(page);
    const press = async (...keys) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    await handle(home, 'water-level').focus();
    await press('Enter');
    await expect(handle(home, 'water-level')).toHaveAttribute('aria-pressed', 'true');
    await press('Home');
    await expect(handle(home, 'water-level')).toBeFocused();
    await Promise.all([saved(page), press('Space')]);
    await home.expectSaid(`“${name('water-level')}” staat nu op plaats 1 van 8.`);
    await expect(handle(home, 'water-level')).toBeFocused();
    await expect(handle(home, 'water-level')).toHaveAttribute('aria-pressed', 'false');

    await handle(home, 'holidays').focus();
    // One row up, before the card that lies there.
    await press('Space', 'ArrowUp');
    await Promise.all([saved(page), press('Enter')]);
    await home.expectSaid(`“${name('holidays')}” staat nu op plaats 4 van 8.`);

    await handle(home, 'parking-ghent').focus();
    await press('Enter', '+', '+', '-');
    await expect(handle(home, 'parking-ghent')).toBeFocused();
    await Promise.all([saved(page), press('Enter')]);
    await home.expectSaid(`“${name('parking-ghent')}” neemt nu 6 van de 12 kolommen in.`);
    await expectBoard(home, END);
    await home.expectNoReload();
    expect(sent).toHaveLength(3);
    await expectSavedBoard(home, END);
  });

  test('a place and a width are one change', async ({ home, page }) => {
    await openInHand(home);
    const sent = posts(page);
    await handle(home, 'air-quality').focus();
    for (const key of ['Enter', 'End', 'Shift+ArrowRight']) await page.keyboard.press(key);
    await Promise.all([saved(page), page.keyboard.press('Enter')]);
    await expect.poll(async () => (await board(home)).at(-1)).toEqual(['air-quality', 6]);
    expect(sent).toEqual(['/cards/first-air-quality/place']);
  });

  test('a page that arrives while the next card is in hand waits for it', async ({ home, page }) => {
    await openInHand(home);
    let answer;
    const mayAnswer = new Promise((resolve) => (answer = resolve));
    await page.route('**/cards/first-water-level/place', async (route) => {
      await mayAnswer;
      await route.continue();
    });
    await handle(home, 'water-level').focus();
    for (const key of ['Enter', 'Home', 'Enter']) await page.keyboard.press(key);
    await handle(home, 'holidays').focus();
    for (const key of ['Enter', 'ArrowUp']) await page.keyboard.press(key);
    await Promise.all([saved(page), answer()]);
    await expect(home.card('holidays')).toHaveAttribute('data-held', 'keyboard');
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    await home.expectSaid(`“${name('holidays')}” staat nu op plaats 1 van 8.`);
    const order = ['holidays', 'water-level', 'train-departures', 'weather-warnings'];
    expect((await home.order()).slice(0, 4)).toEqual(order);
    await home.open('/?edit');
    expect((await home.order()).slice(0, 4)).toEqual(order);
  });

  test('the focus that goes away puts the card back', async ({ home, page }) => {
    await openInHand(home);
    const sent = posts(page);
    await handle(home, 'water-level').focus();
    for (const key of ['Enter', 'Home', '+', 'Tab']) await page.keyboard.press(key);
    await expectBoard(home, START);
    await expect(page.locator('#announcer')).toHaveText(`“${name('water-level')}” staat weer op plaats 4.`);
    await expect(page.locator('[data-held], [aria-pressed="true"]')).toHaveCount(0);
    expect(sent).toEqual([]);
  });

  test('keys undo and redo, but not while somebody types', async ({ home, page }) => {
    await openInHand(home);
    await home.tool('train-departures', 'later').click();
    await expect.poll(async () => (await home.order())[1]).toBe('train-departures');
    await page.keyboard.press('Control+z');
    await expectBoard(home, START);
    await page.evaluate(() => {
      const field = document.createElement('input');
      field.setAttribute('aria-label', 'test');
      document.querySelector('#main').append(field);
      field.focus();
      window.pressed = 0;
      document.querySelector('#undo').addEventListener('click', () => (window.pressed += 1));
    });
    await page.keyboard.press('Control+z');
    expect(await page.evaluate(() => window.pressed)).toBe(0);
  });

  test('axe finds nothing while a card is picked up or dragged', async ({ home, page }) => {
    await page.setViewportSize(TALL);
    await openInHand(home);
    await handle(home, 'water-level').focus();
    await page.keyboard.press('Enter');
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    }
    await page.keyboard.press('Escape');
    await pull(page, await spotOn(handle(home, 'train-departures')), await spotOn(home.card('weather-warnings'), 0.7, 0.2));
    await expect(page.locator('.free-place')).toBeVisible();
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    await page.keyboard.press('Escape');
  });

  test('whoever only reads loads nothing of it', async ({ home, page }) => {
    const loaded = [];
    page.on('request', (request) => loaded.push(new URL(request.url()).pathname));
    const ours = () => loaded.filter((path) => path.startsWith('/pkg/arranging'));
    await home.open('/');
    await home.open('/catalogue');
    await home.open('/');
    await page.waitForLoadState('networkidle');
    expect(loaded).toContain('/pkg/voordeur_bg.wasm');
    expect(ours()).toEqual([]);
    await page.locator('#edit').click();
    await expect(page.locator('html[data-arranging]')).toHaveCount(1);
    expect(ours().sort()).toEqual(['/pkg/arranging-start.js', '/pkg/arranging.js', '/pkg/arranging_bg.wasm']);
    // Once is enough.
    await home.tool('train-departures', 'later').click();
    await home.expectSaid(`“${name('train-departures')}” staat nu op plaats 2 van 8.`);
    await expect(handle(home, 'train-departures')).toBeVisible();
    expect(ours()).toHaveLength(3);
  });
});

test('without a script that listens there is no handle, and no hole', async ({ home }) => {
  test.skip(home.scripts, 'says how it is without JavaScript');
  await home.open('/?edit');
  await expect(handle(home, 'train-departures')).toBeHidden();
  const card = await home.card('train-departures').locator('.arch').boundingBox();
  const body = await home.card('train-departures').locator('[data-part="body"]').boundingBox();
  expect(card.x).toBe(body.x);
});
