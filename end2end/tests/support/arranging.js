// A card in hand: by mouse and by finger.

import { expect } from '@playwright/test';

/** The board as it is seen: each widget with its width, in order. */
export const board = (home) =>
  home.cards.evaluateAll((cards) => cards.map(({ dataset }) => [dataset.widget, Number(dataset.size)]));

export const handle = (home, widget) => home.card(widget).locator('[data-part="handle"]');

/** Opens the board to be arranged and waits until cards can be picked up. */
export async function openInHand(home, path = '/?edit') {
  await home.open(path);
  await expect(home.page.locator('html[data-arranging]')).toHaveCount(1);
}

/** A spot of a card, as a part of its width and its height. */
export async function spotOn(locator, right = 0.5, down = 0.5) {
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
