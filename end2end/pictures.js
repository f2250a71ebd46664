// Takes the pictures of docs/pictures/ on the built site, from the samples: `node pictures.js`, or
// `make pictures`. `node pictures.js widgets` takes those of the cards only.

import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { manifests } from './tests/support/manifests.js';
import { Voordeur } from './tests/support/voordeur.js';

const FOLDER = fileURLToPath(new URL('../docs/pictures/', import.meta.url));
const WIDGETS = `${FOLDER}widgets/`;
/** Heights of windows, by their width. */
const HEIGHTS = { 390: 844, 768: 1100, 1280: 800, 1440: 900, 1920: 1080 };
/** The width of a sheet of A4 without its margins, and its height, in CSS pixels. */
const SHEET = { width: 718, height: 1047 };
const CARD = 'article[data-widget="road-works"]';
const SCENES = [
  ['board', '/', [390, 768, 1440, 1920]],
  ['edit', '/?edit', [390, 1440]],
  ['catalogue', '/catalogue', [390, 1440]],
  ['widget', '/catalogue/weather-forecast', [390, 1440]],
  ['settings', CARD, [390, 1440]],
  ['agenda', '/agenda', [390, 1440]],
  ['wall', '/?wall', [1280]],
  ['device', '/forget', [390, 1440]],
  ['privacy', '/privacy', [390, 1440]],
  ['services', '/services', [390, 1440]],
];
/** Shows hairlines, and keeps the files small enough for the repository. */
const QUALITY = 0.82;
/** The beginning of a long card is enough, in pixels. */
const TALLEST = 420;

/** Converts a PNG to WebP with the browser's encoder. */
function smaller(studio, png, quality = QUALITY) {
  return studio.evaluate(
    async ([data, quality]) => {
      const picture = new Image();
      picture.src = `data:image/png;base64,${data}`;
      await picture.decode();
      const canvas = new OffscreenCanvas(picture.width, picture.height);
      canvas.getContext('2d').drawImage(picture, 0, 0);
      const bytes = await (await canvas.convertToBlob({ type: 'image/webp', quality })).arrayBuffer();
      return [...new Uint8Array(bytes)];
    },
    [png.toString('base64'), quality],
  );
}

/** The card of each widget as its page in the catalogue shows it. */
async function takeWidgets(studio) {
  await rm(WIDGETS, { recursive: true, force: true });
  await mkdir(WIDGETS, { recursive: true });
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB', timezoneId: 'Europe/Brussels' });
  const page = await context.newPage();
  for (const id of manifests().keys()) {
    await page.goto(`${voordeur.url}/catalogue/${id}`, { waitUntil: 'networkidle' });
    const box = await page.locator('.preview article:visible').boundingBox();
    const png = await page.screenshot({ fullPage: true, clip: { ...box, height: Math.min(box.height, TALLEST) } });
    await writeFile(`${WIDGETS}${id}.webp`, Buffer.from(await smaller(studio, png, 0.6)));
  }
  await context.close();
}

const voordeur = new Voordeur('samples', ['--visits-per-minute', '0']);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox'] });
try {
  await voordeur.start();
  await mkdir(FOLDER, { recursive: true });
  const studio = await browser.newPage();
  await takeWidgets(studio);
  const old = (await readdir(FOLDER)).filter((name) => name.endsWith('.webp'));
  const scenes = process.argv[2] === 'widgets' ? [] : Object.entries(HEIGHTS);
  for (const name of scenes.length ? old : []) await rm(FOLDER + name);
  const take = async (page, name) => {
    await writeFile(`${FOLDER}${name}.webp`, Buffer.from(await smaller(studio, await page.screenshot())));
  };
  for (const [width, height] of scenes) {
    for (const colorScheme of ['light', 'dark']) {
      const context = await browser.newContext({
        viewport: { width: Number(width), height }, colorScheme, locale: 'nl-BE', timezoneId: 'Europe/Brussels',
      });
      const page = await context.newPage();
      await page.goto(`${voordeur.url}/welcome`);
      await page.fill('#place', '1850');
      await page.click('#welcome-save');
      await page.waitForURL(/\/(\?|$)/);
      const card = await page.locator(CARD).first().getAttribute('data-card');
      for (const [name, path] of SCENES.filter(([, , widths]) => widths.includes(Number(width)))) {
        const address = path === CARD ? `/cards/${card}/settings` : path;
        const response = await page.goto(voordeur.url + address, { waitUntil: 'networkidle' });
        if (!response.ok()) throw new Error(`${address}: ${response.status()}`);
        await take(page, `${name}-${width}-${colorScheme}`);
      }
      if (width === '1440') {
        await page.emulateMedia({ contrast: 'more', colorScheme });
        await page.goto(`${voordeur.url}/`, { waitUntil: 'networkidle' });
        await take(page, `board-${width}-contrast-${colorScheme}`);
      }
      if (width === '1440' && colorScheme === 'light') {
        await page.setViewportSize(SHEET);
        await page.emulateMedia({ media: 'print' });
        await page.goto(`${voordeur.url}/agenda`, { waitUntil: 'networkidle' });
        await take(page, 'agenda-print');
      }
      await context.close();
    }
  }
} finally {
  await browser.close();
  await voordeur.close();
}
