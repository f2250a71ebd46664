// Moving cards by mouse, touch, keyboard and buttons gives the same board.

import {
  END,
  Finger,
  START,
  TALL,
  board,
  expectBoard,
  expectSavedBoard,
  handle,
  name,
  openForDragging,
  posts,
  pull,
  saved,
  spotOn,
} from './support/dragging.js';
import { expect, onlyWithJavaScript, test } from './support/test.js';

test('cards are moved with the buttons', async ({ home }) => {
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

    test('cards make room, and a drop is one edit', async ({ home, page }) => {
      await openForDragging(home);
      await home.mark();
      await expectBoard(home, START);
      const sent = posts(page);
      await pull(page, await spotOn(handle(home, 'water-level')), await spotOn(home.card('train-departures'), 0.25, 0.3));
      // The other cards have made room, nothing is sent yet, and the target position is free.
      expect((await home.order())[0]).toBe('water-level');
      await expect(page.locator('.free-place')).toBeVisible();
      await expect(home.card('water-level')).toHaveAttribute('data-held', 'pointer');
      expect(sent).toEqual([]);
      await Promise.all([saved(page), page.mouse.up()]);
      await home.expectSaid(`“${name('water-level')}” staat nu op plaats 1 van 8.`);
      await expect(handle(home, 'water-level')).toBeFocused();
      await expect(page.locator('.free-place')).toHaveCount(0);

      // The heading is a handle, too.
      const title = home.card('holidays').locator('h2');
      await pull(page, await spotOn(title), await spotOn(home.card('road-works'), 0.2, 0.3));
      await Promise.all([saved(page), page.mouse.up()]);
      await home.expectSaid(`“${name('holidays')}” staat nu op plaats 5 van 8.`);

      // The right edge makes the card wider.
      const card = home.card('parking-ghent');
      const width = (await card.boundingBox()).width;
      const edge = await spotOn(card, 1, 0.7);
      await pull(page, { x: edge.x - 3, y: edge.y }, { x: Math.round(edge.x + width * 0.9), y: edge.y });
      await expect(card).toHaveAttribute('data-size', 'wide');
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
  });

  test.describe('by touch', () => {
    test.use({ viewport: TALL, hasTouch: true });

    test('the handle drags at once, the heading after a long press', async ({ home, page }) => {
      await openForDragging(home);
      const finger = await Finger.on(page);
      await finger.down(await spotOn(handle(home, 'water-level')));
      await finger.move(await spotOn(home.card('train-departures'), 0.25, 0.3));
      await expect.poll(async () => (await home.order())[0]).toBe('water-level');
      await Promise.all([saved(page), finger.up()]);
      await home.expectSaid(`“${name('water-level')}” staat nu op plaats 1 van 8.`);

      await finger.down(await spotOn(home.card('holidays').locator('h2')));
      await expect(home.card('holidays')).toHaveAttribute('data-held', 'pointer');
      await finger.move(await spotOn(home.card('road-works'), 0.2, 0.3));
      await Promise.all([saved(page), finger.up()]);
      await home.expectSaid(`“${name('holidays')}” staat nu op plaats 5 van 8.`);

      await home.tool('parking-ghent', 'wider').tap();
      await expectBoard(home, END);
      await expectSavedBoard(home, END);
    });

    test('a cancelled touch puts the card back', async ({ home, page }) => {
      await openForDragging(home);
      const finger = await Finger.on(page);
      const sent = posts(page);
      await finger.down(await spotOn(handle(home, 'water-level')));
      await finger.move(await spotOn(home.card('train-departures'), 0.25, 0.3));
      await expect.poll(async () => (await home.order())[0]).toBe('water-level');
      await finger.cancel();
      await expectBoard(home, START);
      expect(sent).toEqual([]);
    });
  });

  test.describe('by touch on a phone', () => {
    test.use({ viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true });

    test('scrolling moves the page and no card', async ({ home, page }) => {
      await openForDragging(home);
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

    test('a short touch moves nothing, and in one column a card moves up and down', async ({ home, page }) => {
      await openForDragging(home);
      const sent = posts(page);
      const finger = await Finger.on(page);
      const second = home.card('weather-warnings');
      await second.locator('h2').scrollIntoViewIfNeeded();
      await finger.down(await spotOn(second.locator('h2'), 0.4));
      await finger.up();
      await expect(page.locator('[data-held]')).toHaveCount(0);
      expect(sent).toEqual([]);

      // At the top edge the page scrolls, until the card has passed the first one.
      await finger.down(await spotOn(handle(home, 'weather-warnings')));
      await finger.move({ x: 150, y: 20 });
      await expect.poll(async () => (await home.order())[0]).toBe('weather-warnings');
      await Promise.all([saved(page), finger.up()]);
      await expect.poll(async () => (await home.order())[1]).toBe('train-departures');
    });

    test('the handle is large enough for touch', async ({ home }) => {
      await openForDragging(home);
      for (const box of await home.page.locator('[data-part="handle"]').evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON()))) {
        expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(44);
      }
    });
  });

  test('cards are moved by keyboard alone', async ({ home, page }) => {
    await openForDragging(home);
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
    // Up in the lane, or back in the order, to the place before the road works.
    await press('Space', 'ArrowLeft', 'ArrowLeft');
    await Promise.all([saved(page), press('Enter')]);
    await home.expectSaid(`“${name('holidays')}” staat nu op plaats 5 van 8.`);

    await handle(home, 'parking-ghent').focus();
    await press('Enter', '+', '+', '-');
    await expect(handle(home, 'parking-ghent')).toBeFocused();
    await Promise.all([saved(page), press('Enter')]);
    await home.expectSaid(`“${name('parking-ghent')}” neemt nu twee kolommen in.`);
    await expectBoard(home, END);
    await home.expectNoReload();
    expect(sent).toHaveLength(3);
    await expectSavedBoard(home, END);
  });

  test('a move and a new width are one edit', async ({ home, page }) => {
    await openForDragging(home);
    const sent = posts(page);
    await handle(home, 'weather-forecast').focus();
    for (const key of ['Enter', 'End', 'Shift+ArrowRight']) await page.keyboard.press(key);
    await Promise.all([saved(page), page.keyboard.press('Enter')]);
    await home.expectSaid(`“${name('weather-forecast')}” staat nu op plaats 8 van 8 en neemt twee kolommen in.`);
    expect((await board(home)).at(-1)).toEqual(['weather-forecast', 'wide']);
    expect(sent).toEqual(['/cards/first-weather-forecast/place']);
  });
});
