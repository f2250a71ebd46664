// The citizen's own choice of language goes before that of the browser.

import { expect, test } from './support/test.js';
import { say } from './support/words.js';

async function choose(page, language) {
  await page.locator('details.menu summary').click();
  await page.locator(`button[name="language"][value="${language}"]`).click();
  await expect(page.locator('html')).toHaveAttribute('lang', language);
}

test('a language is chosen and stays chosen', async ({ home, page, context }) => {
  await home.open('/');
  await expect(page.locator('html')).toHaveAttribute('lang', 'nl');
  const before = await home.order();
  for (const language of ['fr', 'de', 'en', 'nl', 'fr']) {
    await choose(page, language);
    await expect(page.locator('#edit')).toContainText(say(language, 'board-edit'));
    await home.alive();
  }
  expect(await home.order()).toEqual(before);

  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('lang', 'fr');
  const other = await context.newPage();
  await other.goto('/catalogue');
  await expect(other.locator('html')).toHaveAttribute('lang', 'fr');
  await expect(other.locator('h1')).toHaveText(say('fr', 'catalogue-title'));
  // The one in use is marked for those who do not see it.
  await other.locator('details.menu summary').click();
  await expect(other.locator('button[name="language"][aria-current="true"]')).toHaveAttribute('value', 'fr');
});

test('the page is the same one after a change', async ({ home, page }) => {
  await home.open('/catalogue?q=gent&theme=moving-about');
  await choose(page, 'fr');
  await expect(page).toHaveURL(/\/catalogue\?q=gent&theme=moving-about$/);
  await home.open('/?edit');
  await choose(page, 'de');
  await expect(page).toHaveURL(/\/\?edit/);
  await home.alive();
  await home.tool('road-works', 'settings').click();
  await expect(page.locator('#save')).toBeVisible();
  await home.alive();
  await choose(page, 'en');
  await expect(page.locator('#save')).toHaveText(say('en', 'settings-save'));
  await expect(page.locator('#field-setting-radius')).toHaveValue('2');
});

test('after a refusal, the language can be changed too', async ({ home, page }) => {
  await home.open('/');
  await page.locator('#place').fill('Zweinstein');
  await page.locator('#welcome-save').click();
  await expect(page.locator('#place-problem')).toBeVisible();
  await choose(page, 'fr');
  await expect(page.locator('#edit, #home').first()).toBeVisible();
});

test('a change leads back to a page of ours only', async ({ request, voordeur }) => {
  for (const back of ['https://example.org/', '//example.org/', '/\\example.org', 'javascript:alert(1)', '/ok\r\nx: y']) {
    const answer = await request.post('/language', { form: { language: 'fr', back }, maxRedirects: 0 });
    expect(answer.status(), back).toBe(303);
    expect(answer.headers().location, back).toBe('/');
  }
  expect(await voordeur.ready()).toBe(true);
});

test('what a service says in one language only is marked', async ({ home, page }) => {
  await home.open('/');
  await choose(page, 'fr');
  const dutch = home.card('council-decisions').locator('[data-part="body"] [lang="nl"]');
  expect(await dutch.count()).toBeGreaterThan(0);
  await choose(page, 'nl');
  await expect(home.card('council-decisions').locator('[data-part="body"] [lang]')).toHaveCount(0);
});
