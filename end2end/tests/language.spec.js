// The citizen's choice of language takes precedence over the browser's.

import { expect, test } from './support/test.js';
import { say } from './support/messages.js';

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
  // The current language is marked for screen readers.
  await other.locator('details.menu summary').click();
  await expect(other.locator('button[name="language"][aria-current="true"]')).toHaveAttribute('value', 'fr');
});

test('a change of language returns to the same page', async ({ home, page }) => {
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

test('the language can be changed on an error page', async ({ home, page }) => {
  await home.open('/');
  await page.locator('#place').fill('Zweinstein');
  await page.locator('#welcome-save').click();
  await expect(page.locator('#place-problem')).toBeVisible();
  await choose(page, 'fr');
  await expect(page.locator('#edit, #home').first()).toBeVisible();
});

test('a change redirects to our own pages only', async ({ request, voordeur }) => {
  // Somebody new is led by way of a check that the cookie is kept.
  const first = await request.post('/language', { form: { language: 'fr', back: 'https://example.org/' }, maxRedirects: 0 });
  expect(first.headers().location).toBe('/kept?back=%2F');
  for (const back of ['https://example.org/', '//example.org']) {
    const answer = await request.get(`/kept?back=${encodeURIComponent(back)}`, { maxRedirects: 0 });
    expect(answer.headers().location, back).toBe('/');
  }
  for (const back of ['https://example.org/', '//example.org/', '/\\example.org', 'javascript:alert(1)', '/ok\r\nx: y']) {
    const answer = await request.post('/language', { form: { language: 'fr', back }, maxRedirects: 0 });
    expect(answer.status(), back).toBe(303);
    expect(answer.headers().location, back).toBe('/');
  }
  expect(await voordeur.ready()).toBe(true);
});

test('texts of a service in another language have a `lang` attribute', async ({ home, page }) => {
  await home.open('/');
  await home.add('council-decisions');
  await choose(page, 'fr');
  const dutch = home.card('council-decisions').locator('[data-part="body"] [lang="nl"]');
  expect(await dutch.count()).toBeGreaterThan(0);
  await choose(page, 'nl');
  await expect(home.card('council-decisions').locator('[data-part="body"] [lang]')).toHaveCount(0);
});
