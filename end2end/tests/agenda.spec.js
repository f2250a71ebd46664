// The agenda: the dated things of all cards by day, and feeds for other programs, read back by an
// independent parser.

import ICAL from 'ical.js';
import { manifests } from './support/manifests.js';
import { expect, test } from './support/test.js';

const WIDGETS = manifests();

const days = (page) => page.locator('.agenda section').evaluateAll((found) => found.map((day) => day.dataset.day));
const sources = (page) => page.locator('.agenda li').evaluateAll((found) => found.map((item) => item.dataset.from));

/** Makes a feed on the page, and returns its address. */
async function makeFeed(page) {
  await page.locator('#make-feed').click();
  return page.locator('[data-part="address"]').innerText();
}

/** The events of a calendar, by an independent parser. */
function events(text) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  return calendar.getAllSubcomponents('vevent').map((event) => new ICAL.Event(event));
}

test('the agenda has the dated things of the cards, by day, from today on', async ({ home, page, words }) => {
  await home.open('/');
  await home.add('whats-on');
  await home.open('/agenda');
  await expect(page.locator('h1')).toHaveText(words('agenda-title'));
  const shown = await days(page);
  expect(shown.length).toBeGreaterThan(1);
  expect(shown).toEqual([...shown].sort());
  await expect(page.locator('.agenda section').first().locator('h2')).toContainText(words('today'));
  const from = await sources(page);
  expect(from).toContain('first-road-works');
  expect(new Set(from).size).toBe(2);

  // One card alone.
  await page.locator('.sift [value="first-road-works"]').check({ force: true });
  await page.locator('form.sift button').click();
  await expect.poll(async () => new Set(await sources(page))).toEqual(new Set(['first-road-works']));
  expect((await sources(page)).length).toBeLessThan(from.length);

  // Each thing leads to its card.
  await page.locator('.agenda .from').first().click();
  await expect(page).toHaveURL(/#card-first-road-works$/);
});

test('a feed is read by other programs until it is switched off', async ({ home, page, words, request }) => {
  await home.open('/');
  await home.open('/agenda');
  const shown = await page.locator('.agenda li').count();
  const address = await makeFeed(page);
  expect(address).toMatch(/^http:\/\/.*\/agenda\/[0-9a-f]{64}\.ics$/);
  const answer = await request.get(address);
  expect(answer.headers()['content-type']).toBe('text/calendar; charset=utf-8');
  expect(answer.headers()['set-cookie']).toBeUndefined();
  const read = events(await answer.text());
  expect(read.length).toBeGreaterThanOrEqual(shown);
  expect(new Set(read.map((event) => event.uid)).size).toBe(read.length);
  for (const event of read) expect(event.startDate.compare(event.endDate), event.uid).toBeLessThanOrEqual(0);
  const works = read.find((event) => event.summary.includes('Prinsenstraat'));
  // Whole days, to the 27th inclusive.
  expect([works.startDate.toString(), works.endDate.toString()]).toEqual(['2026-11-16', '2026-11-28']);

  const { etag } = answer.headers();
  const again = await request.get(address, { headers: { 'if-none-match': etag } });
  expect(again.status()).toBe(304);
  const same = await request.get(address);
  expect(events(await same.text()).map((event) => event.uid)).toEqual(read.map((event) => event.uid));

  // The address is shown once; the page says when it was fetched.
  await home.open('/agenda');
  await expect(page.locator('[data-part="address"]')).toHaveCount(0);
  const feed = page.locator('[data-feed]');
  await expect(feed).toHaveCount(1);
  await expect(feed).toContainText(words('agenda-feed-fetched', { moment: '|' }).split('|')[0]);
  await feed.locator('button').click();
  await expect(feed).toHaveCount(0);
  expect((await request.get(address)).status()).toBe(404);
});

test.describe('with services', () => {
  test.use({ sources: 'gateway' });

  test('a feed has no less because a service fails', async ({ home, page, standIn, voordeur, request }) => {
    await home.open('/');
    await expect(home.card('road-works')).toHaveAttribute('data-state', 'fresh');
    await home.open('/agenda');
    const address = await makeFeed(page);
    const before = events(await (await request.get(address)).text()).map((event) => event.uid);
    expect(before.length).toBeGreaterThan(0);
    for (const host of WIDGETS.get('road-works').hosts) await standIn.fault(host, 'status', { code: 500 });
    // A day later the data is too old.
    await voordeur.stop();
    voordeur.age(24 * 3_600_000);
    await voordeur.start();
    const moved = new URL(address).pathname;
    const after = await request.get(moved);
    expect(after.status()).toBe(200);
    expect(events(await after.text()).map((event) => event.uid)).toEqual(before);
  });
});
