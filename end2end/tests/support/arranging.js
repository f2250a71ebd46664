// A card in hand: by mouse and by finger.

import { expect } from '@playwright/test';
import { manifests } from '../../stand-in/answers.js';

/** The board that everybody begins with. */
export const START = [
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
export const END = [
  ['water-level', 4],
  ['train-departures', 6],
  ['weather-warnings', 6],
  ['holidays', 4],
  ['road-works', 8],
  ['air-quality', 4],
  ['parking-ghent', 6],
  ['council-decisions', 12],
];

export const name = (widget, language = 'nl') => manifests().get(widget).name[language];

/** The whole board fits in the window, so that nothing has to scroll. */
export const TALL = { width: 1280, height: 3600 };

/** The answer to what is posted next. */
export const saved = (page) => page.waitForResponse((answer) => answer.request().method() === 'POST');

export async function expectBoard(home, expected) {
  await expect.poll(() => board(home)).toEqual(expected);
}

/** The board as the server keeps it. */
export async function expectSavedBoard(home, expected) {
  await home.open('/?edit');
  expect(await board(home)).toEqual(expected);
}

/** The board as it is seen: each widget with its width, in order. */
export const board = (home) =>
  home.cards.evaluateAll((cards) => cards.map(({ dataset }) => [dataset.widget, Number(dataset.size)]));

export const handle = (home, widget) => home.card(widget).locator('[data-part="handle"]');

/** Opens the board to be arranged and waits until cards can be picked up. */
export async function openInHand(home, path = '/?edit') {
  await home.open(path);
  await expect(home.page.locator('html[data-arranging]')).toHaveCount(1);
}

/** A board of two pages: the first with its cards, and an empty one. The first is open to be arranged. */
export async function withSecondPage(home, name) {
  const { page } = home;
  await home.open('/?edit');
  const form = page.locator('.page-form', { has: page.locator('#page-new') });
  await form.locator('summary').click();
  await page.locator('#page-new').fill(name);
  await form.locator('button').click();
  await expect(page.locator('nav.tabs [aria-current="page"]')).toContainText(name);
  await openInHand(home);
}

/** A spot of a card, as a part of its width and its height. */
export async function spotOn(locator, right = 0.5, down = 0.5) {
  // What comes from where it was seen is not yet where it will be.
  await locator.evaluate(async () => {
    const moving = document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime < Infinity);
    await Promise.allSettled(moving.map((one) => one.finished));
  });
  const box = await locator.boundingBox();
  return { x: Math.round(box.x + box.width * right), y: Math.round(box.y + box.height * down) };
}

/** Takes something with the mouse and brings it to a spot, without letting go. */
export async function pull(page, from, to) {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(to.x, to.y, { steps: 10 });
}

/** What is posted from now on. */
export function posts(page) {
  const seen = [];
  page.on('request', (request) => {
    if (request.method() === 'POST') seen.push(new URL(request.url()).pathname);
  });
  return seen;
}

/** A finger, as the browser's own debugger makes one. */
export class Finger {
  static async on(page) {
    const finger = new Finger();
    finger.page = page;
    finger.cdp = await page.context().newCDPSession(page);
    return finger;
  }

  async send(type, spot) {
    await this.cdp.send('Input.dispatchTouchEvent', { type, touchPoints: spot ? [spot] : [] });
  }

  async down(spot) {
    this.at = spot;
    await this.send('touchStart', spot);
  }

  async move(to, steps = 10) {
    const from = this.at;
    for (let step = 1; step <= steps; step += 1) {
      const between = (a, b) => Math.round(a + ((b - a) * step) / steps);
      await this.send('touchMove', { x: between(from.x, to.x), y: between(from.y, to.y) });
    }
    this.at = to;
  }

  async up() {
    await this.send('touchEnd');
  }

  async cancel() {
    await this.send('touchCancel');
  }
}
