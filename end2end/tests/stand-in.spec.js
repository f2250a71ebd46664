// The stand-in for the services, which the other tests rest on.

import { shifted } from '../stand-in/shift.js';
import { expect, onlyOnce, test } from './support/test.js';

onlyOnce();

test('it counts, forgets, and refuses what is no fault', async ({ standIn, playwright }) => {
  const request = await playwright.request.newContext({ baseURL: standIn.url });
  const holidays = '/openholidaysapi.org/PublicHolidays?countryIsoCode=BE';
  await request.get(holidays);
  await request.get('/nobody.example.org/nothing');
  let calls = await (await request.get('/__calls')).json();
  expect(calls.total).toBe(2);
  expect(calls.requests[`GET ${holidays}`]).toBe(1);
  expect(calls.hosts).toEqual({ 'openholidaysapi.org': 1, 'nobody.example.org': 1 });
  expect(calls.unknown).toEqual(['GET /nobody.example.org/nothing']);

  const fault = (data) => request.post('/__fault', { data }).then((answer) => answer.status());
  expect(await fault({ host: 'openholidaysapi.org', kind: 'tired' })).toBe(400);
  expect(await fault({ host: 'openholidaysapi.org', kind: 'status', code: 503 })).toBe(200);
  expect((await request.get(holidays)).status()).toBe(503);
  expect(await fault({ host: 'openholidaysapi.org', kind: 'html' })).toBe(200);
  expect(await (await request.get(holidays)).text()).toContain('<h1>');
  expect(await fault({ host: 'openholidaysapi.org', kind: 'drop' })).toBe(200);
  await expect(request.get(holidays)).rejects.toThrow();
  await request.post('/__reset');
  calls = await (await request.get('/__calls')).json();
  expect(calls.total).toBe(0);
  expect((await request.get(holidays)).status()).toBe(200);
  await request.dispose();
});

test('what was true at one moment is made true now', () => {
  const moment = Date.parse('2026-11-23T07:36:00+01:00');
  const later = moment + (24 + 2) * 3600_000;
  const moved = (text) => shifted(text, moment, later);
  expect(moved('"2026-11-23T06:00:00Z"')).toBe('"2026-11-24T08:00:00Z"');
  expect(moved('2026-11-23T06:30:07.402118Z')).toBe('2026-11-24T08:30:07.402118Z');
  expect(moved('"2026-11-23T07:33:12+01:00"')).toBe('"2026-11-24T09:33:12+01:00"');
  expect(moved('"2026-11-23T07:33:12"'), 'without a zone').toBe('"2026-11-24T09:33:12"');
  expect(moved('"2026-12-31"'), 'a date moves by whole days').toBe('"2027-01-01"');
  expect(moved('{"vervaldatum_apk": "20261130"}')).toBe('{"vervaldatum_apk": "20261201"}');
  expect(moved('{"id": "99999999"}'), 'no date').toBe('{"id": "99999999"}');
  expect(moved('{"time": "1795415736", "t": 1795415736}')).toBe('{"time": "1795509336", "t": 1795509336}');
  expect(moved('"BE.20261123051241.000001"'), 'part of a name').toBe('"BE.20261123051241.000001"');
  expect(shifted('"2026-11-23"', moment, moment + 16 * 3600_000), 'the same day').toBe('"2026-11-23"');
  expect(shifted('"2026-11-23"', moment, moment + 17 * 3600_000), 'past midnight in Brussels').toBe('"2026-11-24"');
});
