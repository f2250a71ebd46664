// Dragging cards by mouse and by touch.

import { expect } from '@playwright/test';
import { manifests } from './manifests.js';

/** The default board. */
export const START = [
  ['train-departures', 'narrow'],
  ['weather-warnings', 'wide'],
  ['weather-forecast', 'narrow'],
  ['road-works', 'narrow'],
  ['water-level', 'narrow'],
  ['parking-ghent', 'narrow'],
  ['holidays', 'narrow'],
  ['air-quality', 'narrow'],
];

/**
 * The water level moves to the front, the holidays before the road works, and the car parks become
 * wider.
 */
export const END = [
  ['water-level', 'narrow'],
  ['train-departures', 'narrow'],
  ['weather-warnings', 'wide'],
  ['weather-forecast', 'narrow'],
  ['holidays', 'narrow'],
  ['road-works', 'narrow'],
  ['parking-ghent', 'wide'],
  ['air-quality', 'narrow'],
];

export const name = (widget, language = 'nl') => manifests().get(widget).name[language];

/** A window that shows the whole board without scrolling. */
export const TALL = { width: 1280, height: 3600 };

/** The response to the next POST. */
export const saved = (page) => page.waitForResponse((answer) => answer.request().method() === 'POST');

export async function expectBoard(home, expected) {
  await expect.poll(() => board(home)).toEqual(expected);
}

/** Asserts the board as stored by the server. */
export async function expectSavedBoard(home, expected) {
  await home.open('/?edit');
  expect(await board(home)).toEqual(expected);
}

/** The visible board: each widget with its width, in order. */
export const board = (home) =>
  home.cards.evaluateAll((cards) => cards.map(({ dataset }) => [dataset.widget, dataset.size]));

export const handle = (home, widget) => home.card(widget).locator('[data-part="handle"]');

/** Opens edit mode and waits until cards can be dragged. */
export async function openForDragging(home, path = '/?edit') {
  await home.open(path);
  await expect(home.page.locator('html[data-arranging]')).toHaveCount(1);
}

/** Adds an empty second page and opens the first one in edit mode. */
export async function withSecondPage(home, name) {
  const { page } = home;
  await home.open('/?edit');
  const form = page.locator('.page-form', { has: page.locator('#page-new') });
  await form.locator('summary').click();
  await page.locator('#page-new').fill(name);
  await form.locator('button').click();
  await expect(page.locator('nav.tabs [aria-current="page"]')).toContainText(name);
  await openForDragging(home);
}

/** A point of an element, as fractions of its width and height. */
export async function spotOn(locator, right = 0.5, down = 0.5) {
  // An element in an animation has not reached its position yet.
  await locator.evaluate(async () => {
    const moving = document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime < Infinity);
    await Promise.allSettled(moving.map((one) => one.finished));
  });
  const box = await locator.boundingBox();
  return { x: Math.round(box.x + box.width * right), y: Math.round(box.y + box.height * down) };
}

/** Drags with the mouse, without releasing the button. */
export async function pull(page, from, to) {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(to.x, to.y, { steps: 10 });
}

/** Collects the paths of all POST requests from now on. */
export function posts(page) {
  const seen = [];
  page.on('request', (request) => {
    if (request.method() === 'POST') seen.push(new URL(request.url()).pathname);
  });
  return seen;
}

/** A finger, simulated over the browser's debugging protocol. */
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
