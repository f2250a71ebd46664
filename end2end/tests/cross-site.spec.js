// Changes that another site posts are refused.

import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, test } from './support/test.js';

const CHANGES = [
  ['/cards', { widget: 'holidays', revision: '0' }],
  ['/cards/first-air-quality/move', { direction: 'later', revision: '0' }],
  ['/cards/first-air-quality/resize', { size: '6', revision: '0' }],
  ['/cards/first-air-quality/remove', { revision: '0' }],
  ['/cards/first-air-quality/refresh', { revision: '0' }],
  ['/cards/first-road-works/settings', { revision: '0', 'setting-radius': '3' }],
  ['/cards/first-air-quality/place', { before: 'first-train-departures', revision: '0' }],
  ['/cards/first-air-quality/fold', { folded: 'true', revision: '0' }],
  ['/pages', { name: 'Werk', icon: 'work', revision: '0' }],
  ['/pages/first', { name: 'Huis', icon: 'home', revision: '0' }],
  ['/pages/first/move', { direction: 'later', revision: '0' }],
  ['/pages/first/remove', { revision: '0' }],
  ['/undo', { revision: '0' }],
  ['/redo', { revision: '0' }],
  ['/history/3', { revision: '0' }],
  ['/welcome', { answer: 'skip' }],
  ['/language', { language: 'fr', back: '/' }],
];
/** Only scripts call it; its body is not a form. */
const FUNCTION = ['/api/refresh-card', {}];

const FOREIGN = [
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'cross-site', origin: 'https://example.org' },
  { 'sec-fetch-site': 'same-site', origin: 'http://other.127.0.0.1' },
  { origin: 'https://example.org' },
  { origin: 'null' },
];

test('every change from another site is refused', async ({ request, words }) => {
  for (const [path, form] of [...CHANGES, FUNCTION]) {
    for (const headers of FOREIGN) {
      const answer = await request.post(path, { form, headers: { 'accept-language': 'nl', ...headers }, maxRedirects: 0 });
      const what = `${path} ${JSON.stringify(headers)}`;
      expect(answer.status(), what).toBe(403);
      expect(answer.headers()['set-cookie'], what).toBeUndefined();
      expect(await answer.text(), what).toContain(words('error-foreign-title'));
    }
  }
});

test('the same changes from our own pages are made', async ({ playwright, voordeur }) => {
  for (const [path, form] of CHANGES) {
    const request = await playwright.request.newContext({ baseURL: voordeur.url });
    const headers = { 'sec-fetch-site': 'same-origin', origin: voordeur.url };
    const answer = await request.post(path, { form, headers, maxRedirects: 0 });
    // Nothing can be undone, and the only page cannot be removed: both are conflicts.
    const refused = ['/undo', '/redo', '/history/3', '/pages/first/remove'].includes(path);
    expect(answer.status(), path).toBe(refused ? 409 : 303);
    await request.dispose();
  }
});

test('a GET request changes nothing', async ({ request }) => {
  for (const [path] of CHANGES.filter(([path]) => !path.endsWith('/settings') && path !== '/welcome')) {
    const answer = await request.get(path, { maxRedirects: 0 });
    expect([404, 405], path).toContain(answer.status());
  }
});

test.describe('in a browser', () => {
  // This test requests a page of another site on purpose.
  test.use({ tolerated: [/^http:\/\/localhost:\d+\//] });

  test('a form on another site changes nothing', async ({ home, page, voordeur }) => {
    await home.open('/?edit');
    await home.tool('train-departures', 'later').click();
    await expect(home.notice.locator('p').first()).toBeVisible();
    const before = await home.order();

    const elsewhere = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end(`<!DOCTYPE html><link rel="icon" href="data:,"><title>Elsewhere</title>
        <form method="post" action="${voordeur.url}/cards/first-air-quality/remove">
        <input name="revision" value="1"><button>You have won</button></form>`);
    });
    elsewhere.listen(0, '127.0.0.1');
    await once(elsewhere, 'listening');
    try {
      await page.goto(`http://localhost:${elsewhere.address().port}/`);
      const [answer] = await Promise.all([
        page.waitForResponse((response) => response.request().method() === 'POST'),
        page.locator('button').click(),
      ]);
      expect(answer.status()).toBe(403);
    } finally {
      elsewhere.closeAllConnections();
      elsewhere.close();
    }
    await home.open('/');
    expect(await home.order()).toEqual(before);
  });
});

test('no other site can frame our pages, and a page runs only our own scripts', async ({ request }) => {
  for (const path of ['/', '/catalogue', '/no-such-page']) {
    const headers = (await request.get(path)).headers();
    expect(headers['x-frame-options'], path).toBe('DENY');
    expect(headers['x-content-type-options'], path).toBe('nosniff');
    const policy = headers['content-security-policy'];
    expect(policy, path).toContain("default-src 'none'");
    expect(policy, path).toContain("frame-ancestors 'none'");
    expect(policy, path).not.toContain("'unsafe-inline'");
    expect(policy, path).not.toContain("'unsafe-eval'");
  }
});
