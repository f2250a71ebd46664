// The board, arranging and the agenda in the Firefox and the WebKit of Debian: `make other-browsers`.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Voordeur } from '../tests/support/voordeur.js';
import { BROWSERS, Browser } from './driver.js';

const ORDER = `return [...document.querySelectorAll('article[data-card]')].map((card) => card.dataset.widget)`;
/** The browser's module has started. */
const ALIVE = 'return window.onpopstate !== null';

for (const name of (process.env.BROWSERS ?? 'firefox,webkit').split(',')) {
  describe(name, () => {
    let voordeur;
    let browser;

    before(async () => {
      voordeur = await new Voordeur('samples').start();
      browser = await Browser.open(BROWSERS[name]);
    });
    after(async () => {
      await browser?.close();
      await voordeur?.close();
    });

    const open = async (path) => {
      await browser.open(voordeur.url + path);
      await browser.waitFor(ALIVE);
    };
    const order = () => browser.evaluate(ORDER);
    const isOrder = (expected) => browser.waitFor(`return JSON.stringify((() => { ${ORDER} })()) === arguments[0]`, JSON.stringify(expected));

    it('shows a board in lanes', async () => {
      await open('/');
      const cards = await order();
      assert.ok(cards.length >= 6, `${cards}`);
      const { over, boxes } = await browser.evaluate(`
        const boxes = [...document.querySelectorAll('article[data-card]')].map((card) => {
          const { left, top, right, bottom } = card.getBoundingClientRect();
          return { left, top, right, bottom };
        });
        return { over: document.scrollingElement.scrollWidth - document.documentElement.clientWidth, boxes };
      `);
      assert.equal(over, 0, 'nothing is wider than the page');
      for (const [index, a] of boxes.entries()) {
        assert.ok(a.bottom - a.top > 80, `card ${cards[index]} is ${a.bottom - a.top} px high`);
        for (const [other, b] of boxes.slice(0, index).entries()) {
          const apart = a.left >= b.right - 1 || b.left >= a.right - 1 || a.top >= b.bottom - 1 || b.top >= a.bottom - 1;
          assert.ok(apart, `${cards[index]} lies over ${cards[other]}`);
        }
      }
    });

    it('arranges a board, and undoes it', async () => {
      await open('/?edit');
      const cards = await order();
      await browser.click('article[data-card] [id^="later-"]');
      const moved = [cards[1], cards[0], ...cards.slice(2)];
      await isOrder(moved);
      await open('/?edit');
      assert.deepEqual(await order(), moved, 'the server has it too');
      await browser.click('#undo');
      await isOrder(cards);
    });

    it('adds a card from the catalogue, and removes it', async () => {
      await open('/catalogue');
      await browser.click('.entry[data-widget="earthquakes"] .add button');
      await browser.waitFor(`return location.pathname === '/' && document.querySelector('article[data-widget="earthquakes"]') !== null`);
      await open('/?edit');
      await browser.click('article[data-widget="earthquakes"] [id^="remove-"]');
      await browser.waitFor(`return document.querySelector('article[data-widget="earthquakes"]') === null`);
    });

    it('finds by typing', async () => {
      await open('/');
      await browser.click('[data-find]');
      await browser.waitFor(`return document.querySelector('dialog[open] input') !== null`);
      await browser.type('dialog[open] input', 'parking');
      await browser.waitFor(`return document.querySelector('dialog[open] a[href*="parking"]') !== null`);
    });

    it('shows the agenda of the cards', async () => {
      await open('/catalogue');
      await browser.click('.entry[data-widget="whats-on"] .add button');
      await browser.waitFor(`return location.pathname === '/' && document.querySelector('article[data-widget="whats-on"]') !== null`);
      await open('/agenda');
      await browser.waitFor(`return document.querySelectorAll('.agenda li').length > 0`);
      assert.match(await browser.evaluate('return document.querySelector("h1").textContent'), /Agenda/);
    });
  });
}
