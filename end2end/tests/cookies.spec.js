// A browser that keeps no cookies: the page says that nothing can be kept, and never that something
// was done.

import { createServer, request as ask } from 'node:http';
import { expect, test as base } from './support/test.js';

const test = base.extend({
  /** The server behind a proxy that keeps its cookies from the browser. */
  baseURL: async ({ voordeur }, use) => {
    const target = new URL(voordeur.url);
    const proxy = createServer((incoming, outgoing) => {
      const headers = { ...incoming.headers, host: target.host };
      for (const name of ['origin', 'referer']) {
        if (headers[name]) headers[name] = headers[name].replace(incoming.headers.host, target.host);
      }
      const { method, url: path } = incoming;
      const forwarded = ask({ host: target.hostname, port: target.port, method, path, headers }, (answer) => {
        const { 'set-cookie': cookies, ...rest } = answer.headers;
        if (cookies) withheld.push(...cookies);
        outgoing.writeHead(answer.statusCode, rest);
        answer.pipe(outgoing);
      });
      forwarded.on('error', () => outgoing.destroy());
      incoming.pipe(forwarded);
    });
    withheld = [];
    await new Promise((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    await use(`http://127.0.0.1:${proxy.address().port}`);
    proxy.closeAllConnections();
    proxy.close();
  },
});

let withheld = [];

// Requests to the proxy.
test.use({ tolerated: [/^http:\/\/127\.0\.0\.1:/] });

async function expectNothingKept(home, words) {
  await expect(home.notice.locator('p')).toHaveText(words('done-without-cookie'));
  await expect(home.notice).toHaveAttribute('data-tone', 'problem');
  // The server did set one.
  expect(withheld.join('; ')).toContain('voordeur=');
}

for (const tool of ['remove', 'later', 'wider', 'fold']) {
  test(`“${tool}” says that nothing can be kept`, async ({ home, words }) => {
    await home.open('/?edit');
    const before = await home.order();
    await home.tool('road-works', tool).click();
    await expectNothingKept(home, words);
    expect(await home.order()).toEqual(before);
  });
}

test('the welcome says that nothing can be kept', async ({ home, page, words }) => {
  await home.open('/');
  await page.locator('#place').fill('9000');
  await page.locator('#welcome-save').click();
  await expectNothingKept(home, words);
});

test('a card that is added is not said to be there', async ({ home, page, words }) => {
  await home.open('/catalogue/vehicle-inspection');
  await page.locator('#add-vehicle-inspection').click();
  await expectNothingKept(home, words);
  await expect(home.card('vehicle-inspection')).toHaveCount(0);
});

for (const [choice, pick] of [
  ['language', (page) => page.locator('[data-action="language"] button:not([aria-current])').first()],
  ['look', (page) => page.locator('[data-action="look"] [value="dark"]').first()],
]) {
  test(`a ${choice} that is chosen is not said to be kept`, async ({ home, page, words }) => {
    await home.open('/accessibility');
    const before = await page.locator('html').evaluate((html) => [html.lang, html.dataset.look]);
    await pick(page).evaluate((button) => button.form.requestSubmit(button));
    await expect(page.locator('h1')).toHaveText(words('not-kept-title'));
    await expect(page.locator('main')).toContainText(words('done-without-cookie'));
    await page.locator('#back').click();
    await expect(page).toHaveURL(/\/accessibility/);
    expect(await page.locator('html').evaluate((html) => [html.lang, html.dataset.look])).toEqual(before);
  });
}
