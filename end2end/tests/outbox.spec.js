// Edits made while the server is unreachable are stored on the device and sent later: in order, and
// once.

import { HomePage } from './support/home-page.js';
import { expect, onlyWithJavaScript, test } from './support/test.js';

onlyWithJavaScript();

const waiting = (page) => page.evaluate(() => (localStorage.getItem('voordeur-outbox') ?? '').split('\n').filter(Boolean).length);
const expectWaiting = (page, count) => expect.poll(() => waiting(page)).toBe(count);
const sendNow = (page) => page.locator('#notice [data-outbox="send"]').click();

test('edits without a server are shown, stored, and sent in order when it is back', async ({ home, page, words, voordeur }) => {
  await home.open('/?edit');
  await home.mark();
  const [first, second, third, ...rest] = await home.order();
  await expect(home.card(first)).toHaveAttribute('data-size', 'narrow');
  await voordeur.stop();

  await home.tool(first, 'later').click();
  await expect(home.notice).toContainText(words('outbox-kept'));
  await expect(page.locator('#announcer')).toHaveText(`${words('outbox-kept')} 1`);
  await home.expectOrder([second, first, third, ...rest]);
  await home.tool(first, 'later').click();
  await home.expectOrder([second, third, first, ...rest]);
  await home.tool(first, 'wider').click();
  await expect(home.card(first)).toHaveAttribute('data-size', 'wide');
  await home.tool(second, 'remove').click();
  await home.expectOrder([third, first, ...rest]);
  await expect(home.notice.locator('b')).toHaveText('4');
  await expectWaiting(page, 4);

  await voordeur.start();
  await sendNow(page);
  await expectWaiting(page, 0);
  await home.expectSaid(words('outbox-sent'));
  await home.expectOrder([third, first, ...rest]);
  await home.expectNoReload();
  await page.reload();
  expect(await home.order()).toEqual([third, first, ...rest]);
  await expect(home.card(first)).toHaveAttribute('data-size', 'wide');
});

test('stored edits are sent automatically when the server is back', async ({ home, page, words, voordeur }) => {
  await home.open('/?edit');
  const [first, second] = await home.order();
  await voordeur.stop();
  await home.tool(first, 'later').click();
  await expect(home.notice).toContainText(words('outbox-kept'));
  await voordeur.start();
  await expect(page.locator('#notice')).toContainText(words('outbox-sent'), { timeout: 40_000 });
  await home.expectOrder([second, first, ...(await home.order()).slice(2)]);
});

test('stored edits survive closing the page', async ({ home, page, context, voordeur }) => {
  await home.open('/?edit');
  const [first, second] = await home.order();
  await voordeur.stop();
  await home.tool(first, 'later').click();
  await expectWaiting(page, 1);
  await page.close();
  await voordeur.start();
  const again = await context.newPage();
  await again.goto('/');
  await expectWaiting(again, 0);
  await expect(again.locator('article[data-card]').first()).toHaveAttribute('data-widget', second);
  await expect(again.locator('article[data-card]').nth(1)).toHaveAttribute('data-widget', first);
});

test.describe('with an overloaded server', () => {
  test.use({ tolerated: [/429|408/] });

  for (const status of [429, 408]) {
    test(`an edit with response ${status} is stored and sent again`, async ({ home, page, words }) => {
      await home.open('/?edit');
      const [first, second, ...rest] = await home.order();
      let refused = 0;
      await page.route('**/cards/*/move', async (route) => {
        if (refused > 0) return route.continue();
        refused += 1;
        return route.fulfill({ status, contentType: 'text/html', body: '<main>later</main>' });
      });
      await home.tool(first, 'later').click();
      await expect(page.locator('#notice')).toContainText(words('outbox-sent'), { timeout: 40_000 });
      expect(refused).toBe(1);
      await home.expectOrder([second, first, ...rest]);
      await page.reload();
      expect(await home.order()).toEqual([second, first, ...rest]);
    });
  }
});

test.describe('with a lost response', () => {
  test.use({ tolerated: [/ERR_FAILED/] });

  test('an edit with a lost response is sent again and made once', async ({ home, page }) => {
    await home.open('/?edit');
    const before = await home.order();
    const [first, second, third] = before;
    let lost = 0;
    await page.route('**/cards/*/move', async (route) => {
      if (lost > 0) return route.continue();
      lost += 1;
      // The server gets the edit, and the browser gets no response.
      await route.fetch({ maxRedirects: 0 });
      await route.abort();
    });
    await home.tool(first, 'later').click();
    await expectWaiting(page, 1);
    await expect.poll(() => lost).toBe(1);
    await sendNow(page);
    await expectWaiting(page, 0);
    await home.expectOrder([second, first, third, ...before.slice(3)]);
  });
});

/**
 * Both tabs change the width of one card; the second does so without a server, and then moves
 * another card.
 */
async function clash({ home, context, voordeur }) {
  await home.open('/?edit');
  await home.tool('air-quality', 'fold').click();
  await expect(home.card('air-quality')).toHaveAttribute('data-folded');
  // Wide, so that it can become wider and narrower.
  await home.tool('parking-ghent', 'wider').click();
  await expect(home.card('parking-ghent')).toHaveAttribute('data-size', 'wide');
  const other = new HomePage(await context.newPage(), true);
  await other.open('/?edit');
  await home.tool('parking-ghent', 'wider').click();
  await expect(home.card('parking-ghent')).toHaveAttribute('data-size', 'full');
  await voordeur.stop();
  const [first] = await other.order();
  await other.tool('parking-ghent', 'narrower').click();
  await expect(other.card('parking-ghent')).toHaveAttribute('data-size', 'narrow');
  await other.tool(first, 'later').click();
  await expectWaiting(other.page, 2);
  await voordeur.start();
  await sendNow(other.page);
  await expect(other.page.locator('.choice .version')).toHaveCount(2);
  return { other, first };
}

test('a stored edit with a conflict asks for a choice, and later edits wait for it', async ({ home, context, voordeur }) => {
  const { other, first } = await clash({ home, context, voordeur });
  // A reload before the choice loses nothing and asks again.
  await other.page.reload();
  await expect(other.page.locator('.choice .version')).toHaveCount(2);
  await expectWaiting(other.page, 2);
  await other.page.locator('#do-anyway').click();
  await expectWaiting(other.page, 0);
  await expect(other.page.locator('.choice')).toHaveCount(0);
  await expect(other.card('parking-ghent')).toHaveAttribute('data-size', 'narrow');
  expect((await other.order())[1]).toBe(first);
});

test('the other tab’s change can be kept, and later edits are still sent', async ({ home, context, voordeur }) => {
  const { other, first } = await clash({ home, context, voordeur });
  await other.page.locator('#keep').click();
  await expectWaiting(other.page, 0);
  await expect(other.page.locator('.choice')).toHaveCount(0);
  await expect(other.card('parking-ghent')).toHaveAttribute('data-size', 'full');
  await expect.poll(async () => (await other.order())[1]).toBe(first);
});

test('a refused stored edit is reported at the end', async ({ home, page, words, voordeur }) => {
  await home.open('/?edit');
  const [first, second] = await home.order();
  await voordeur.stop();
  // Nothing can be undone yet: the button is disabled, the form is not.
  await page.locator('form[action="/undo"]').evaluate((form) => form.requestSubmit());
  await home.tool(first, 'later').click();
  await expectWaiting(page, 2);
  await voordeur.start();
  await sendNow(page);
  await expectWaiting(page, 0);
  await expect(home.notice).toContainText(words('done-nothing-to-undo'));
  await expect(page.locator('#announcer')).toHaveText(words('done-nothing-to-undo'));
  await home.expectOrder([second, first, ...(await home.order()).slice(2)]);
});

test('the citizen can discard stored edits', async ({ home, page, voordeur }) => {
  await home.open('/?edit');
  const before = await home.order();
  await voordeur.stop();
  await home.tool(before[0], 'remove').click();
  await expectWaiting(page, 1);
  await voordeur.start();
  await page.locator('#notice [data-outbox="drop"]').click();
  await expectWaiting(page, 0);
  await page.waitForLoadState();
  await home.expectOrder(before);
});

test('edits in quick succession are made one after the other', async ({ home, page }) => {
  await home.open('/?edit');
  const [first, ...rest] = await home.order();
  await home.tool(first, 'later').evaluate((button) => {
    for (let times = 0; times < 4; times += 1) button.click();
  });
  await expectWaiting(page, 0);
  await home.expectOrder([...rest.slice(0, 4), first, ...rest.slice(4)]);
});

test('a link followed without a server shows that the server is unreachable', async ({ home, page, words, voordeur }) => {
  await home.open('/?edit');
  await voordeur.stop();
  await page.locator('#add-card').click();
  await home.expectSaid(words('live-lost'));
});

for (const [how, refuse] of [
  [
    'full',
    () => {
      Storage.prototype.setItem = () => {
        throw new DOMException('full', 'QuotaExceededError');
      };
    },
  ],
  [
    'denied',
    () =>
      Object.defineProperty(window, 'localStorage', {
        get() {
          throw new DOMException('denied', 'SecurityError');
        },
      }),
  ],
]) {
  test.describe(`with a storage that is ${how}`, () => {
    test.beforeEach(async ({ page }) => page.addInitScript(refuse));

    test('an edit is sent', async ({ home, page }) => {
      await home.open('/?edit');
      const [first, second, ...rest] = await home.order();
      await home.tool(first, 'later').click();
      await expect(home.notice).toContainText(`plaats 2 van ${rest.length + 2}`);
      await page.reload();
      expect(await home.order()).toEqual([second, first, ...rest]);
    });

    test('edits without a server are shown, said to need the open page, and sent in order', async ({ home, page, words, voordeur }) => {
      await home.open('/?edit');
      const [first, second, third, ...rest] = await home.order();
      await voordeur.stop();
      await home.tool(first, 'later').click();
      await expect(home.notice).toContainText(words('outbox-unkept'));
      await home.tool(first, 'later').click();
      await home.tool(second, 'remove').click();
      await expect(home.notice.locator('b')).toHaveText('3');
      await home.expectOrder([third, first, ...rest]);
      await voordeur.start();
      await sendNow(page);
      await home.expectSaid(words('outbox-sent'));
      await page.reload();
      expect(await home.order()).toEqual([third, first, ...rest]);
    });
  });
}
