// A first visit: a useful page at once, in the language of the browser, without questions or
// cookies.

import { expect, test } from './support/test.js';
import { say } from './support/messages.js';

const GREETINGS = ['greeting-morning', 'greeting-day', 'greeting-evening'];

for (const locale of ['nl-BE', 'fr-BE', 'de-BE', 'en-GB']) {
  test.describe(`in ${locale}`, () => {
    test.use({ locale });
    const language = locale.slice(0, 2);

    test('at least eight cards have data and a source', async ({ home, page }) => {
      const answer = await home.open('/');
      expect(answer.status()).toBe(200);
      await expect(page.locator('html')).toHaveAttribute('lang', language);
      expect(GREETINGS.map((key) => say(language, key))).toContain(await page.locator('h1').textContent());

      const cards = await home.cards.all();
      expect(cards.length).toBeGreaterThanOrEqual(8);
      for (const card of cards) {
        const widget = await card.getAttribute('data-widget');
        await expect(card, widget).toHaveAttribute('data-state', 'fresh');
        await expect(card, widget).toHaveAttribute('data-sample');
        await expect(card.getByRole('heading'), widget).not.toBeEmpty();
        const source = card.locator('[data-part="source"]');
        await expect(source, widget).toContainText(' · ');
        await expect(source.locator('time'), widget).toHaveAttribute('datetime', /^\d{4}-\d\d-\d\d/);
        await expect(source.locator('a'), widget).toHaveAttribute('href', /^https:\/\//);
        // A card with nothing but its source line has no data.
        const body = await card.locator('[data-part="body"]').innerText();
        const frame = await source.innerText();
        expect(body.length - frame.length, `${widget} shows: ${body}`).toBeGreaterThan(20);
      }
    });
  });
}

test('an unsupported language gives a page in a supported one', async ({ browser, voordeur }) => {
  const context = await browser.newContext({ locale: 'sv-SE' });
  const page = await context.newPage();
  await page.goto(voordeur.url);
  await expect(page.locator('html')).toHaveAttribute('lang', /^(nl|fr|de|en)$/);
  await context.close();
});

test('a visit sets no cookie and stores nothing', async ({ home, page, context }) => {
  const setters = [];
  page.on('response', async (response) => {
    if (await response.headerValue('set-cookie')) setters.push(response.url());
  });
  page.on('dialog', (dialog) => setters.push(`a dialog: ${dialog.message()}`));
  for (const path of ['/', '/?edit', '/catalogue', '/catalogue?q=trein', '/catalogue/air-quality', '/welcome', '/services', '/privacy', '/about']) {
    await home.open(path);
  }
  await home.open('/?edit');
  await home.tool('road-works', 'settings').click();
  await expect(page.locator('#save')).toBeVisible();
  expect(await context.cookies()).toEqual([]);
  expect(setters).toEqual([]);
  expect(await page.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0);
});

test('the welcome does not cover the page', async ({ home, page }) => {
  await home.open('/');
  await expect(page.locator('form[data-action="welcome"]')).toBeVisible();
  await expect(page.locator(':is([role="dialog"], dialog):visible')).toHaveCount(0);
  // The cards work before the question is answered.
  await page.locator('#edit').click();
  await expect(home.tool('train-departures', 'later')).toBeEnabled();
});
