// The number of bytes of a first visit with twelve cards, over real HTTP.

import { readFileSync, readdirSync } from 'node:fs';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import { expect, test } from './support/test.js';

const HTML_AND_CSS = 30_000;
/** The budget is 100,000; less is left for what nobody meant to add. */
const EVERYTHING = 92_000;
const REQUESTS = 10;
/** What is loaded until the page is complete. */
const UNTIL_COMPLETE = 30_000;
/** The files for dragging, which only edit mode loads. */
const ARRANGING = 36_000;

test('a first visit with twelve cards stays within its budget', async ({ home, context, browser, javaScriptEnabled, voordeur }) => {
  // Twelve cards: those of the default board, and more. The visit itself starts with an empty
  // cache.
  await home.open('/');
  for (const widget of ['vehicle-inspection', 'air-quality', 'council-decisions', 'train-departures', 'holidays', 'weather-warnings']) {
    if ((await home.order()).length < 12) await home.add(widget);
  }
  expect(await home.order()).toHaveLength(12);
  const visitor = await browser.newContext({ storageState: await context.storageState() });
  const page = await visitor.newPage();
  const cdp = await visitor.newCDPSession(page);
  await cdp.send('Network.enable');
  const requests = new Map();
  cdp.on('Network.requestWillBeSent', ({ requestId, request }) => requests.set(requestId, { url: request.url, bytes: 0 }));
  cdp.on('Network.responseReceived', ({ requestId, response }) => {
    Object.assign(requests.get(requestId), { type: response.mimeType, encoding: response.headers['content-encoding'] });
  });
  cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    Object.assign(requests.get(requestId), { bytes: encodedDataLength, done: true });
  });
  // Without JavaScript the browser cancels the scripts that it has begun to load.
  cdp.on('Network.loadingFailed', ({ requestId }) => Object.assign(requests.get(requestId), { done: true }));

  await page.goto(voordeur.url);
  expect(await page.locator('article[data-card]').count()).toBe(12);
  for (const card of await page.locator('article[data-card]').all()) {
    await expect(card).toHaveAttribute('data-state', /fresh|needs-settings/);
  }
  if (javaScriptEnabled !== false) await page.waitForFunction(() => window.onpopstate !== null);
  const http = () => [...requests.values()].filter(({ url }) => url.startsWith('http'));
  await expect.poll(() => http().every(({ done }) => done)).toBe(true);

  const all = http();
  const page_ = all.filter(({ type }) => ['text/html', 'text/css'].includes(type));
  const sum = (some) => some.reduce((bytes, one) => bytes + one.bytes, 0);
  const lines = all.map(({ url, bytes, encoding }) => `${String(bytes).padStart(7)} ${encoding ?? '-'} ${new URL(url).pathname}`);
  console.log(`    first visit: ${sum(page_)} bytes of HTML and CSS, ${sum(all)} bytes in ${all.length} requests\n    ${lines.join('\n    ')}`);
  expect(page_.length).toBe(2);
  expect(sum(page_), `HTML and CSS\n${lines.join('\n')}`).toBeLessThanOrEqual(HTML_AND_CSS);
  expect(sum(all), `everything\n${lines.join('\n')}`).toBeLessThanOrEqual(EVERYTHING);
  expect(all.length, lines.join('\n')).toBeLessThanOrEqual(REQUESTS);
  expect(all.filter(({ url }) => new URL(url).origin !== voordeur.url), 'other servers').toEqual([]);
  if (javaScriptEnabled !== false) {
    // The module competes with nothing that is needed for the first paint.
    const late = await page.evaluate(() => {
      const [visit] = performance.getEntriesByType('navigation');
      const later = performance.getEntriesByType('resource').filter(({ startTime }) => startTime >= visit.loadEventStart);
      return later.map(({ name }) => new URL(name).pathname).sort();
    });
    const names = late.map((path) => path.split('/').at(-1));
    expect(names).toEqual(expect.arrayContaining(['voordeur.js', 'voordeur_bg.wasm']));
    const early = all.filter(({ url }) => !late.includes(new URL(url).pathname));
    expect(sum(early), lines.join('\n')).toBeLessThanOrEqual(UNTIL_COMPLETE);
  }
  await visitor.close();
});

test('a second visit loads little more than its page', async ({ home, page }) => {
  await home.open('/');
  const bytes = [];
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Network.enable');
  cdp.on('Network.loadingFinished', ({ encodedDataLength }) => bytes.push(encodedDataLength));
  await home.open('/catalogue');
  await page.waitForLoadState('networkidle');
  expect(bytes.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(HTML_AND_CSS);
  // The browser has the files already, and does not even ask whether they have changed.
  const asked = await page.evaluate(() => {
    const files = performance.getEntriesByType('resource').filter(({ name }) => name.includes('/pkg/'));
    return files.map(({ name, transferSize }) => [new URL(name).pathname.split('/').at(-1), transferSize]);
  });
  expect(asked.map(([name]) => name)).toContain('voordeur.css');
  expect(asked.filter(([, size]) => size > 0)).toEqual([]);
});

test('the precompressed files equal the files', async ({ request }) => {
  const site = new URL('../../target/site/pkg/', import.meta.url).pathname;
  const files = readdirSync(site).filter((file) => !/\.(br|gz)$/.test(file));
  expect(files.length).toBeGreaterThanOrEqual(3);
  for (const file of files) {
    const plain = await request.get(`/pkg/${file}`, { headers: { 'accept-encoding': 'identity' } });
    const packed = await request.get(`/pkg/${file}`, { headers: { 'accept-encoding': 'br' } });
    expect(packed.headers()['content-encoding'], file).toBe('br');
    const body = await packed.body();
    // Playwright decompresses the encodings that it knows.
    const unpacked = body.equals(await plain.body()) ? body : brotliDecompressSync(body);
    expect(unpacked.equals(await plain.body()), file).toBe(true);
  }
});

test('the files for dragging are small', async () => {
  const site = new URL('../../target/site/pkg/', import.meta.url).pathname;
  const files = readdirSync(site).filter((file) => /^arranging.*\.(js|wasm)$/.test(file));
  expect(files.sort()).toEqual(['arranging-start.js', 'arranging.js', 'arranging_bg.wasm']);
  const bytes = files.map((file) => brotliCompressSync(readFileSync(`${site}${file}`)).length);
  console.log(`    what moves cards: ${files.map((file, index) => `${file} ${bytes[index]}`).join(', ')}`);
  expect(bytes.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(ARRANGING);
});
