// The page tells of today: at any moment of the calendar, and when it stays open while the day ends,
// the device sleeps, or the network is away. Server and browser have clocks that the test sets.

import { createServer } from 'node:http';
import { ServerClock, hasServerClock } from './support/clock.js';
import { expect, onlyWithJavaScript, test as base } from './support/test.js';
import { Voordeur } from './support/voordeur.js';

const WASTE = 'waste-calendar';
const ADDRESS = 'https://waste.example/calendar.ics';
const DAY = 86_400_000;

/** The days with a collection: each is named after its date. */
const DAYS = ['2026-11-29', '2027-03-27', '2027-10-30', '2028-02-28', '2026-12-31'].flatMap((first) =>
  Array.from({ length: 8 }, (_, index) => new Date(Date.parse(first) + index * DAY).toISOString().slice(0, 10)),
);

function calendar() {
  const event = (day) => `BEGIN:VEVENT\r\nUID:${day}\r\nSUMMARY:Zak ${day}\r\nDTSTART;VALUE=DATE:${day.replaceAll('-', '')}\r\nEND:VEVENT\r\n`;
  return `BEGIN:VCALENDAR\r\nVERSION:2.0\r\n${DAYS.map(event).join('')}END:VCALENDAR\r\n`;
}

const test = base.extend({
  clock: async ({}, use) => {
    const clock = new ServerClock();
    await use(clock);
    clock.close();
  },

  /** Answers with the calendar, and nothing else. */
  service: async ({}, use) => {
    const service = { asked: 0 };
    const server = createServer((request, response) => {
      if (!request.url.endsWith('.ics')) return response.writeHead(404).end();
      service.asked += 1;
      return response.writeHead(200, { 'Content-Type': 'text/calendar; charset=utf-8' }).end(calendar());
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    service.url = `http://127.0.0.1:${server.address().port}`;
    await use(service);
    server.close();
  },

  voordeur: async ({ clock, service }, use, info) => {
    const voordeur = new Voordeur(`gateway=${service.url}`);
    voordeur.env = clock.env;
    clock.set('2026-11-30T23:50:00+01:00');
    try {
      await voordeur.start();
      await use(voordeur);
      if (info.status !== info.expectedStatus) {
        await info.attach('log of the server', { body: voordeur.log.join('\n'), contentType: 'text/plain' });
      }
    } finally {
      await voordeur.close();
    }
  },
});

test.skip(!hasServerClock, 'needs libfaketime (Debian: apt-get install libfaketime)');

/** A board with the waste calendar. */
async function open(home) {
  await home.add(WASTE);
  await home.open('/?edit');
  await home.tool(WASTE, 'settings').click();
  await home.page.locator('#field-setting-address').fill(ADDRESS);
  await home.page.locator('#save').click();
  await expect(home.card(WASTE)).toHaveAttribute('data-state', 'fresh');
  await home.open('/');
}

async function expectToday(home, words, day) {
  const tomorrow = new Date(Date.parse(day) + DAY).toISOString().slice(0, 10);
  const card = home.card(WASTE);
  await expect(card).toContainText(`Wordt vandaag opgehaald: Zak ${day}`);
  await expect(card).toContainText(`Vanavond buiten: Zak ${tomorrow}`);
  const [year, month, date] = day.split('-').map(Number);
  await expect(home.page.locator('.today > span').first()).toContainText(`${date} ${words(`month-${month}`)} ${year}`);
}

/** Lets the browser's clock run until a check passes. */
const passing = (page, check) =>
  expect
    .poll(
      async () => {
        await page.clock.runFor(1_000);
        return check();
      },
      { timeout: 20_000, intervals: [50] },
    )
    .toBe(true);

/** The requests for a page that asks no service. */
function redraws(page) {
  const seen = [];
  page.on('request', (request) => {
    if (request.headers()['voordeur-redraw']) seen.push(request.url());
  });
  return seen;
}

/** Goes to ten seconds before the end of a day. The browser's clock stands still from then on. */
async function untilJustBeforeMidnight(page, clock, day) {
  const seen = redraws(page);
  clock.set(`${day}T23:59:50+01:00`);
  await page.clock.pauseAt(`${day}T23:59:50+01:00`);
  await passing(page, () => seen.length > 0);
  const left = () => page.locator('#cards').getAttribute('data-day-ends');
  await expect.poll(async () => Number(await left())).toBeLessThanOrEqual(10);
}

test('a page is of the day on which it is asked for, and is stored nowhere', async ({ home, page, clock, words }) => {
  await open(home);
  for (const [moment, day, left] of [
    ['2026-11-30T23:50:00+01:00', '2026-11-30', 600],
    ['2026-12-01T00:10:00+01:00', '2026-12-01', 85_800],
    // The clocks go forward at 2 in the morning: the day has 23 hours.
    ['2027-03-27T23:50:00+01:00', '2027-03-27', 600],
    ['2027-03-28T00:10:00+01:00', '2027-03-28', 82_200],
    ['2027-03-28T23:50:00+02:00', '2027-03-28', 600],
    // They go back: the day has 25.
    ['2027-10-31T00:10:00+02:00', '2027-10-31', 89_400],
    ['2027-10-31T23:50:00+01:00', '2027-10-31', 600],
    ['2028-02-28T23:50:00+01:00', '2028-02-28', 600],
    ['2028-02-29T00:10:00+01:00', '2028-02-29', 85_800],
    ['2028-02-29T23:50:00+01:00', '2028-02-29', 600],
    ['2026-12-31T23:50:00+01:00', '2026-12-31', 600],
    ['2027-01-01T00:10:00+01:00', '2027-01-01', 85_800],
  ]) {
    clock.set(moment);
    const answer = await page.goto('/');
    expect(answer.headers()['cache-control'], moment).toBe('private, no-store');
    await expectToday(home, words, day);
    const seconds = Number(await page.locator('#cards').getAttribute('data-day-ends'));
    expect(seconds, moment).toBeLessThanOrEqual(left);
    expect(seconds, moment).toBeGreaterThan(left - 60);
  }
});

test('a page for somebody new is stored nowhere either', async ({ page }) => {
  const answer = await page.goto('/');
  expect(answer.headers()['cache-control']).toBe('private, no-store');
});

test.describe('a page that stays open', () => {
  onlyWithJavaScript();

  for (const [day, next] of [
    ['2026-11-30', '2026-12-01'],
    ['2027-03-27', '2027-03-28'],
    ['2027-10-31', '2027-11-01'],
    ['2028-02-28', '2028-02-29'],
    ['2026-12-31', '2027-01-01'],
  ]) {
    test(`tells of ${next} once ${day} is over`, async ({ home, page, clock, service, words }) => {
      clock.set(`${day}T23:50:00+01:00`);
      await page.clock.install({ time: `${day}T23:50:00+01:00` });
      await open(home);
      await expectToday(home, words, day);
      await untilJustBeforeMidnight(page, clock, day);
      await expectToday(home, words, day);
      const source = home.card(WASTE).locator('[data-part="body"] a').last();
      await source.focus();
      const [asked, seen] = [service.asked, redraws(page)];
      clock.set(`${next}T00:00:03+01:00`);
      await passing(page, () => seen.length > 0);
      await expectToday(home, words, next);
      expect(service.asked).toBe(asked);
      await expect(source).toBeFocused();
    });
  }

  test('asks for its cards spread over ten minutes after midnight', async ({ home, page, clock, words }) => {
    await page.clock.install({ time: '2026-11-30T23:50:00+01:00' });
    await open(home);
    await untilJustBeforeMidnight(page, clock, '2026-11-30');
    // Half of each random time: five minutes. Keys of edits are random as well, so only from here on.
    await page.evaluate(() => {
      Math.random = () => 0.5;
    });
    const id = await home.card(WASTE).getAttribute('data-card');
    const refreshed = [];
    page.on('request', (request) => {
      const body = request.postDataBuffer()?.toString('latin1') ?? '';
      if (request.url().includes('refresh-card') && body.includes(id)) refreshed.push(request.url());
    });
    clock.set('2026-12-01T00:00:03+01:00');
    const seen = redraws(page);
    await passing(page, () => seen.length > 0);
    await expectToday(home, words, '2026-12-01');
    for (let second = 0; second < 280; second += 10) await page.clock.runFor(10_000);
    expect(refreshed).toHaveLength(0);
    await passing(page, () => refreshed.length > 0);
  });

  test('tells of today when the device has slept for three days', async ({ home, page, clock, words }) => {
    await page.clock.install({ time: '2026-11-30T23:50:00+01:00' });
    await open(home);
    await expectToday(home, words, '2026-11-30');
    clock.set('2026-12-04T07:30:00+01:00');
    await page.clock.fastForward(3 * DAY + 7 * 3_600_000 + 40 * 60_000);
    await expectToday(home, words, '2026-12-04');
  });

  test('the agenda says "vandaag" and "morgen" of the new day', async ({ home, page, clock, words }) => {
    await page.clock.install({ time: '2026-11-30T23:59:50+01:00' });
    await open(home);
    clock.set('2026-11-30T23:59:50+01:00');
    await page.goto('/agenda');
    const near = (day) => page.locator(`[data-day="${day}"] h2`);
    await expect(near('2026-12-01')).toContainText(words('tomorrow'), { ignoreCase: true });
    await page.locator('#agenda a').last().focus();
    const seen = redraws(page);
    clock.set('2026-12-01T00:00:03+01:00');
    await passing(page, () => seen.length > 0);
    await expect(near('2026-12-01')).toContainText(words('today'), { ignoreCase: true });
    await expect(near('2026-12-02')).toContainText(words('tomorrow'), { ignoreCase: true });
    await expect(near('2026-11-30')).toHaveCount(0);
    await expect(page.locator('#agenda a').last()).toBeFocused();
  });

  test('a wall that is paused is of today too', async ({ home, page, clock, words }) => {
    await page.clock.install({ time: '2026-11-30T23:59:50+01:00' });
    await open(home);
    clock.set('2026-11-30T23:59:50+01:00');
    await page.goto('/?wall&pause');
    await expect(page.locator('h1')).toContainText(`30 ${words('month-11')} 2026`);
    clock.set('2026-12-01T00:00:03+01:00');
    await passing(page, async () => (await page.locator('h1').textContent()).includes(`1 ${words('month-12')} 2026`));
    await expect(page.locator('#wall')).toHaveAttribute('data-paused', '');
  });

  test('waits while it is hidden, and is of today once it is seen', async ({ home, page, clock, words }) => {
    await page.clock.install({ time: '2026-11-30T23:50:00+01:00' });
    await open(home);
    const show = (state) =>
      page.evaluate((state) => {
        Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, state);
    await show('hidden');
    const seen = redraws(page);
    clock.set('2026-12-01T06:50:00+01:00');
    await page.clock.fastForward('07:00:00');
    await page.clock.runFor(5_000);
    expect(seen).toHaveLength(0);
    await show('visible');
    await expectToday(home, words, '2026-12-01');
  });

  test('says of which day it is while the server is away, and is of today once the network is back', async ({ home, page, clock, voordeur, words }) => {
    await page.clock.install({ time: '2026-11-30T23:50:00+01:00' });
    await open(home);
    await voordeur.stop();
    clock.set('2026-12-01T06:50:00+01:00');
    await page.clock.fastForward('07:00:00');
    await expect(home.notice).toContainText(words('day-over'));
    await expect(home.notice.locator('b')).toContainText('30 november 2026');
    await voordeur.start();
    await page.evaluate(() => window.dispatchEvent(new Event('online')));
    await expectToday(home, words, '2026-12-01');
    await expect(home.notice).toBeEmpty();
  });

  test('is drawn anew when it comes from the history, and when its clock is put back', async ({ home, page }) => {
    await page.clock.install({ time: '2026-11-30T23:50:00+01:00' });
    await open(home);
    const seen = redraws(page);
    await page.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
    await expect.poll(() => seen.length).toBe(1);
    await page.clock.setSystemTime('2026-11-30T21:50:00+01:00');
    await passing(page, () => seen.length > 1);
  });
});
