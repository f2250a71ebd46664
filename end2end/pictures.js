// Takes the pictures of docs/pictures/ on the built site, from the samples: `node pictures.js`, or
// `make pictures`.

import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { Voordeur } from './tests/support/voordeur.js';

const FOLDER = fileURLToPath(new URL('../docs/pictures/', import.meta.url));
const SIZES = [[1440, 1180], [768, 1100], [360, 800]];
const PAGES = [
  ['board', '/'],
  ['edit', '/?edit'],
  ['catalogue', '/catalogue'],
  ['widget', '/catalogue/road-works'],
  ['settings', '/cards/first-road-works/settings'],
  ['privacy', '/privacy'],
  ['services', '/services'],
];
/** Shows hairlines, and keeps the files small enough for the repository. */
const QUALITY = 0.82;

/** Converts a PNG to WebP with the browser's encoder. */
function smaller(studio, png) {
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
    [png.toString('base64'), QUALITY],
  );
}

const voordeur = new Voordeur('samples');
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox'] });
try {
  await voordeur.start();
  await mkdir(FOLDER, { recursive: true });
  for (const old of await readdir(FOLDER)) await rm(FOLDER + old);
  const studio = await browser.newPage();
  const take = async (page, name) => {
    await writeFile(`${FOLDER}${name}.webp`, Buffer.from(await smaller(studio, await page.screenshot())));
  };
  for (const [width, height] of SIZES) {
    for (const colorScheme of ['light', 'dark']) {
      const context = await browser.newContext({ viewport: { width, height }, colorScheme, locale: 'nl-BE', timezoneId: 'Europe/Brussels' });
      const page = await context.newPage();
      await page.goto(`${voordeur.url}/welcome`);
      await page.fill('#place', '1850');
      await page.click('#welcome-save');
      await page.waitForURL(/\/(\?|$)/);
      for (const [name, path] of PAGES) {
        await page.goto(voordeur.url + path, { waitUntil: 'networkidle' });
        await take(page, `${name}-${width}-${colorScheme}`);
      }
      if (width === SIZES[0][0]) {
        await page.emulateMedia({ contrast: 'more', colorScheme });
        await page.goto(`${voordeur.url}/`, { waitUntil: 'networkidle' });
        await take(page, `board-${width}-contrast-${colorScheme}`);
      }
      await context.close();
    }
  }
} finally {
  await browser.close();
  await voordeur.close();
}
