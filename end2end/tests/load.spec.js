// A thousand visits in a minute ask each service once for each thing.

import { Agent, get } from 'node:http';
import { expect, onlyOnce, test } from './support/test.js';

onlyOnce();
test.use({ sources: 'gateway' });

const VISITS = 1_000;
const AT_ONCE = 16;
const LANGUAGES = ['nl', 'fr', 'de', 'en'];
const PLACES = ['1850', '3000', 'Gent', 'Luik', '4700'];

/** One visit by a plain client: status and body. */
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
  standIn.setLatency(200);
  // Some visitors have a page of their own, each about another place; the others are new each time.
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
  // A minute that begins now, so that what is fresh for a minute is fresh all the time.
  standIn.reset();

  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const statuses = new Map();
  let cards = 0;
  let fresh = 0;
  let next = 0;
  const slowest = { ms: 0 };
  const began = performance.now();
  const visitors = Array.from({ length: AT_ONCE }, async () => {
    while (next < VISITS) {
      const number = (next += 1);
      const headers = { 'accept-language': LANGUAGES[number % LANGUAGES.length] };
      if (number % 3 === 0) headers.cookie = cookies[number % cookies.length];
      const start = performance.now();
      const { status, body } = await visit(agent, voordeur.url, headers);
      slowest.ms = Math.max(slowest.ms, performance.now() - start);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      cards += body.match(/<article [^>]*data-card=/g)?.length ?? 0;
      fresh += body.match(/<article [^>]*data-state="fresh"/g)?.length ?? 0;
    }
  });
  await Promise.all(visitors);
  const took = performance.now() - began;
  agent.destroy();

  const calls = standIn.calls();
  console.log(
    `    ${VISITS} visits in ${Math.round(took)} ms, the slowest ${Math.round(slowest.ms)} ms; ` +
      `${calls.total} calls for ${Object.keys(calls.requests).length} distinct requests; ${fresh} of ${cards} cards fresh`,
  );
  expect(Object.fromEntries(statuses)).toEqual({ 200: VISITS });
  expect(took, 'within a minute').toBeLessThan(60_000);
  expect(calls.unknown).toEqual([]);
  const often = Object.entries(calls.requests).filter(([, count]) => count !== 1);
  expect(often, 'requests that were made more than once').toEqual([]);
  expect(Object.keys(calls.requests).length).toBeGreaterThan(20);
  expect(cards).toBe(VISITS * 8);
  // Each service answers in 200 ms, a few in several steps: nobody has to wait in vain.
  expect(fresh).toBe(cards);
});

test('leaving early cancels nothing for others', async ({ standIn, voordeur }) => {
  standIn.setLatency(600);
  const impatient = new AbortController();
  const left = fetch(voordeur.url, { headers: { 'accept-language': 'nl' }, signal: impatient.signal });
  await expect.poll(() => standIn.calls().total).toBeGreaterThan(0);
  impatient.abort();
  await expect(left).rejects.toThrow();
  const body = await (await fetch(voordeur.url, { headers: { 'accept-language': 'nl' } })).text();
  expect(body).toMatch(/<\/html>\s*$/);
  // What the first one started is what the second one gets.
  const twice = Object.entries(standIn.calls().requests).filter(([, count]) => count > 1);
  expect(twice).toEqual([]);
});
