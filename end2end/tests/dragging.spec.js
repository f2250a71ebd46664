// Dragging cards: cancellation, what dragging leaves alone, and which pages load its files.

import { AxeBuilder } from '@axe-core/playwright';
import { manifests } from './support/manifests.js';
import {
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
  withSecondPage,
} from './support/dragging.js';
import { expect, onlyWithJavaScript, test } from './support/test.js';

test.describe('by mouse', () => {
  onlyWithJavaScript();
  test.use({ viewport: TALL });

  test('a card cannot become narrower than its smallest width', async ({ home, page }) => {
    await openForDragging(home);
    const card = home.card('train-departures');
    const edge = await spotOn(card, 1, 0.7);
    await pull(page, { x: edge.x - 3, y: edge.y }, { x: 60, y: edge.y });
    await expect(card).toHaveAttribute('data-size', manifests().get('train-departures').size.smallest);
    await page.keyboard.press('Escape');
    await expectBoard(home, START);
    await page.mouse.up();
  });

  for (const [how, cancel] of [
    ['Escape', (page) => page.keyboard.press('Escape')],
    ['the other button', (page) => page.mouse.down({ button: 'right' })],
  ]) {
    test(`${how} puts a card back`, async ({ home, page }) => {
      await openForDragging(home);
      const sent = posts(page);
      await pull(page, await spotOn(handle(home, 'water-level')), await spotOn(home.card('train-departures'), 0.25, 0.3));
      expect((await home.order())[0]).toBe('water-level');
      await cancel(page);
      await expectBoard(home, START);
      await expect(page.locator('#announcer')).toHaveText(`“${name('water-level')}” staat weer op plaats 5.`);
      await expect(page.locator('.free-place, [data-held], html[data-dragging]')).toHaveCount(0);
      await page.mouse.up();
      await expectBoard(home, START);
      expect(sent).toEqual([]);
    });
  }

  test('a drop at the original position changes nothing', async ({ home, page }) => {
    await openForDragging(home);
    const sent = posts(page);
    const start = await spotOn(handle(home, 'water-level'));
    await pull(page, start, { x: start.x + 60, y: start.y + 40 });
    await expect(home.card('water-level')).toHaveAttribute('data-held', 'pointer');
    await page.mouse.up();
    await expect(page.locator('[data-held]')).toHaveCount(0);
    await expectBoard(home, START);
    expect(sent).toEqual([]);
    // The click at the end of a drag does not pick up the card.
    await expect(handle(home, 'water-level')).toHaveAttribute('aria-pressed', 'false');
  });

  test('a click on the handle picks a card up and puts it down, and a drag can continue it', async ({ home, page }) => {
    await openForDragging(home);
    const grip = handle(home, 'water-level');
    await grip.click();
    await expect(grip).toHaveAttribute('aria-pressed', 'true');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(async () => (await home.order())[3]).toBe('water-level');
    await pull(page, await spotOn(grip), await spotOn(home.card('train-departures'), 0.25, 0.3));
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

  test('a card dropped on a tab moves to that page', async ({ home, page }) => {
    await withSecondPage(home, 'Werk');
    const sent = posts(page);
    const tab = page.locator('nav.tabs li').last();
    await pull(page, await spotOn(handle(home, 'water-level')), await spotOn(tab));
    await expect(tab).toHaveAttribute('data-takes', '');
    await expect(page.locator('.free-place')).toBeHidden();
    // Back to the board, and to the tab again.
    const spot = await spotOn(home.card('weather-warnings'), 0.5, 0.5);
    await page.mouse.move(spot.x, spot.y, { steps: 5 });
    await expect(page.locator('[data-takes]')).toHaveCount(0);
    const again = await spotOn(tab);
    await page.mouse.move(again.x, again.y, { steps: 5 });
    await Promise.all([saved(page), page.mouse.up()]);
    await home.expectSaid(`“${name('water-level')}” staat nu op pagina “Werk”, plaats 1 van 1.`);
    await home.expectOrder(['water-level']);
    await expect(handle(home, 'water-level')).toBeFocused();
    expect(sent).toEqual(['/cards/first-water-level/place']);
    await expectSavedBoard(home, START.filter(([widget]) => widget !== 'water-level'));
  });

  test('text in a card can be selected, and links can be followed', async ({ home, page }) => {
    await openForDragging(home);
    const text = home.card('weather-warnings').locator('[data-part="body"] p').first();
    await pull(page, await spotOn(text, 0.1), await spotOn(text, 0.8));
    await page.mouse.up();
    expect((await page.evaluate(() => getSelection().toString())).length).toBeGreaterThan(0);
    await expectBoard(home, START);
  });
});

test.describe('with JavaScript', () => {
  onlyWithJavaScript();

  test('near the edge of the window the page scrolls', async ({ home, page }) => {
    await openForDragging(home);
    await pull(page, await spotOn(handle(home, 'train-departures')), { x: 400, y: 880 });
    await expect.poll(async () => (await home.order()).at(-1)).toBe('train-departures');
    expect(await page.evaluate(() => scrollY)).toBeGreaterThan(300);
    await page.mouse.move(400, 5, { steps: 5 });
    await expect.poll(() => page.evaluate(() => scrollY)).toBe(0);
    await page.keyboard.press('Escape');
    await page.mouse.up();
    await expectBoard(home, START);
  });

  test('a page that arrives during a drag is shown after the drop', async ({ home, page }) => {
    await openForDragging(home);
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

  test('Tab puts a card down where it is seen', async ({ home, page }) => {
    await openForDragging(home);
    await handle(home, 'water-level').focus();
    for (const key of ['Enter', 'Home', '+']) await page.keyboard.press(key);
    const moved = [['water-level', 'wide'], ...START.filter(([widget]) => widget !== 'water-level')];
    await expectBoard(home, moved);
    await Promise.all([saved(page), page.keyboard.press('Tab')]);
    await expect(page.locator('[data-held], [aria-pressed="true"]')).toHaveCount(0);
    await expect(home.notice).toContainText(`“${name('water-level')}” staat nu op plaats 1 van 8`);
    await expectSavedBoard(home, moved);
  });

  test('Tab changes nothing while a card is where it was', async ({ home, page }) => {
    await openForDragging(home);
    const sent = posts(page);
    await handle(home, 'water-level').focus();
    for (const key of ['Enter', 'ArrowLeft', 'ArrowRight', 'Tab']) await page.keyboard.press(key);
    await expect(page.locator('[data-held], [aria-pressed="true"]')).toHaveCount(0);
    await expectBoard(home, START);
    expect(sent).toEqual([]);
  });

  for (const key of ['Enter', 'Space']) {
    test(`${key} picks up every card after one was dragged by mouse`, async ({ home, page }) => {
      await page.setViewportSize(TALL);
      await openForDragging(home);
      const start = await spotOn(handle(home, 'water-level'));
      await pull(page, start, { x: start.x + 60, y: start.y + 40 });
      await page.mouse.up();
      await expect(page.locator('[data-held]')).toHaveCount(0);
      for (const widget of ['water-level', 'holidays', 'water-level']) {
        await handle(home, widget).focus();
        await page.keyboard.press(key);
        await expect(home.card(widget)).toHaveAttribute('data-held', 'keyboard');
        await page.keyboard.press('Escape');
        await expect(home.card(widget)).not.toHaveAttribute('data-held');
      }
    });
  }

  test('keys undo and redo, except in a text field', async ({ home, page }) => {
    await openForDragging(home);
    await home.tool('train-departures', 'later').click();
    await expect.poll(async () => (await home.order())[1]).toBe('train-departures');
    const later = [START[1], START[0], ...START.slice(2)];
    for (const [undo, redo] of [['Control+z', 'Control+Shift+Z'], ['Meta+z', 'Control+y']]) {
      await page.keyboard.press(undo);
      await expectBoard(home, START);
      await page.keyboard.press(redo);
      await expectBoard(home, later);
    }
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

  test('axe finds no violation while a card is picked up or dragged', async ({ home, page }) => {
    await page.setViewportSize(TALL);
    await openForDragging(home);
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

  test('a page outside edit mode loads no file for dragging', async ({ home, page }) => {
    const loaded = [];
    page.on('request', (request) => loaded.push(request.url().split('/').at(-1)));
    const ours = () => loaded.filter((name) => name.startsWith('arranging'));
    await home.open('/');
    await home.open('/catalogue');
    await home.open('/');
    await page.waitForLoadState('networkidle');
    expect(loaded).toContain('voordeur_bg.wasm');
    expect(ours()).toEqual([]);
    await page.locator('#edit').click();
    await expect(page.locator('html[data-arranging]')).toHaveCount(1);
    expect(ours().sort()).toEqual(['arranging-start.js', 'arranging.js', 'arranging_bg.wasm']);
    // The files are loaded once.
    await home.tool('train-departures', 'later').click();
    await home.expectSaid(`“${name('train-departures')}” staat nu op plaats 2 van 8.`);
    await expect(handle(home, 'train-departures')).toBeVisible();
    expect(ours()).toHaveLength(3);
  });
});

test('without JavaScript there is no handle, and no gap for it', async ({ home }) => {
  test.skip(home.scripts, 'says how it is without JavaScript');
  await home.open('/?edit');
  await expect(handle(home, 'train-departures')).toBeHidden();
  const card = await home.card('train-departures').locator('.arch').boundingBox();
  const body = await home.card('train-departures').locator('[data-part="body"]').boundingBox();
  expect(card.x).toBe(body.x);
});
