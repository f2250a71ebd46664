// A thousand visits within a minute make each distinct request once.

import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onlyOnce, test } from './support/test.js';

onlyOnce();
test.use({ sources: 'gateway' });

const VISITS = 1_000;
const AT_ONCE = 16;
const LANGUAGES = ['nl', 'fr', 'de', 'en'];
/**
 * The host with the most requests, and the limits in its manifest: a burst, then requests per
 * second.
 */
const PACED = { host: 'api.irail.be', burst: 5, perSecond: 3 };
const PLACES = ['1850', '3000', 'Gent', 'Luik', '4700'];

/** The widget and state of each card of a page. */
function cardsOf(body) {
  const cards = body.matchAll(/<article [^>]*data-card=[^>]*data-widget="([^"]*)"[^>]*data-state="([^"]*)"/g);
  return Array.from(cards, ([, widget, state]) => ({ widget, state }));
}

/** A visit by a plain client. Returns status and body. */
function visit(agent, url, headers) {
  return new Promise((resolve, reject) => {
    get(url, { agent, headers }, (response) => {
      const pieces = [];
      response.on('data', (piece) => pieces.push(piece));
      response.on('end', () => resolve({ status: response.statusCode, body: Buffer.concat(pieces).toString() }));
      response.on('error', reject);
    }).on('error', reject);
  });
}

test('a thousand visits: one call for each distinct request', async ({ playwright, standIn, voordeur }) => {
  await standIn.setLatency(200);
  // Some visitors have a board, each about another place; the others are new at each visit.
  const cookies = [];
  for (const [index, place] of PLACES.entries()) {
    const citizen = await playwright.request.newContext({
      baseURL: voordeur.url,
      extraHTTPHeaders: { 'accept-language': LANGUAGES[index % LANGUAGES.length], origin: voordeur.url },
    });
    await citizen.post('/welcome', { form: { place, answer: 'save' }, maxRedirects: 0 });
    const { cookies: [cookie] } = await citizen.storageState();
    cookies.push(`${cookie.name}=${cookie.value}`);
    await citizen.dispose();
  }
  // A new minute, so that responses that are fresh for a minute stay fresh.
  await standIn.reset();

  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const statuses = new Map();
  let cards = 0;
  const late = new Map();
  let next = 0;
  const slowest = { ms: 0 };
  const began = performance.now();
  const early = sleep(3_000).then(async () => ({ asked: (await standIn.calls()).hosts[PACED.host], seconds: (performance.now() - began) / 1_000 }));
  const visitors = Array.from({ length: AT_ONCE }, async () => {
    while (next < VISITS) {
      const number = (next += 1);
      const headers = { 'accept-language': LANGUAGES[number % LANGUAGES.length] };
      if (number % 3 === 0) headers.cookie = cookies[number % cookies.length];
      const start = performance.now();
      const { status, body } = await visit(agent, voordeur.url, headers);
      slowest.ms = Math.max(slowest.ms, performance.now() - start);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      for (const { widget, state } of cardsOf(body)) {
        cards += 1;
        // The collection of waste needs a street first.
        if (state === 'fresh' || state === 'needs-settings') continue;
        const what = `${widget} ${state}`;
        late.set(what, (late.get(what) ?? 0) + 1);
      }
    }
  });
  await Promise.all(visitors);
  const took = performance.now() - began;
  // Cards that had to wait are complete in the end, without further calls.
  const boards = LANGUAGES.flatMap((language) => [undefined, ...cookies].map((cookie) => ({ language, cookie })));
  for (const { language, cookie } of boards) {
    const headers = { 'accept-language': language, ...(cookie && { cookie }) };
    const states = async () => cardsOf((await visit(agent, voordeur.url, headers)).body).map(({ state }) => state).filter((state) => state !== 'needs-settings');
    const ready = async () => (await states()).filter((state) => state !== 'fresh');
    await expect.poll(ready, { message: `${language}, ${cookie ? 'known' : 'new'}`, timeout: 20_000 }).toEqual([]);
    expect((await states()).length).toBeGreaterThanOrEqual(8);
  }
  agent.destroy();

  const calls = await standIn.calls();
  const lateCards = [...late.values()].reduce((sum, count) => sum + count, 0);
  console.log(
    `    ${VISITS} visits in ${Math.round(took)} ms, the slowest ${Math.round(slowest.ms)} ms; ` +
      `${calls.total} calls for ${Object.keys(calls.requests).length} distinct requests; ${lateCards} of ${cards} cards had to wait`,
  );
  expect(Object.fromEntries(statuses)).toEqual({ 200: VISITS });
  expect(took, 'within a minute').toBeLessThan(60_000);
  expect(calls.unknown).toEqual([]);
  const often = Object.entries(calls.requests).filter(([, count]) => count !== 1);
  expect(often, 'requests that were made more than once').toEqual([]);
  expect(Object.keys(calls.requests).length).toBeGreaterThan(20);
  expect(cards).toBeGreaterThanOrEqual(VISITS * 8);
  // At the beginning a card may have to wait, and no card ever shows anything but its data.
  expect([...late.keys()].filter((what) => !what.endsWith(' waiting')), 'cards that show a failure').toEqual([]);
  // All requests to it are made at the beginning.
  const { asked, seconds } = await early;
  expect(asked).toBeLessThanOrEqual(PACED.burst + PACED.perSecond * seconds + 1);
});

test('a client that disconnects cancels no request of others', async ({ standIn, voordeur }) => {
  await standIn.setLatency(600);
  const impatient = new AbortController();
  const left = fetch(voordeur.url, { headers: { 'accept-language': 'nl' }, signal: impatient.signal });
  await expect.poll(async () => (await standIn.calls()).total).toBeGreaterThan(0);
  impatient.abort();
  await expect(left).rejects.toThrow();
  const body = await (await fetch(voordeur.url, { headers: { 'accept-language': 'nl' } })).text();
  expect(body).toMatch(/<\/html>\s*$/);
  // The second client gets the response to the first one's request.
  const twice = Object.entries((await standIn.calls()).requests).filter(([, count]) => count > 1);
  expect(twice).toEqual([]);
});
