// The citizen's choice of colours and density takes precedence over the system's settings, and is
// stored.

import { expect, test } from './support/test.js';

const colour = (page) => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);

test('chosen colours and density apply to every page and persist', async ({ home, page, context }) => {
  await home.open('/?edit');
  const html = page.locator('html');
  await expect(html).not.toHaveAttribute('data-look');
  const light = await colour(page);

  await home.look('dark');
  await expect(page).toHaveURL(/\/\?edit/);
  await expect(html).toHaveAttribute('data-look', 'dark');
  await expect(page.locator('meta[name="color-scheme"]')).toHaveAttribute('content', 'dark');
  expect(await colour(page)).not.toBe(light);

  await home.look('dense');
  await expect(html).toHaveAttribute('data-density', 'dense');
  await expect(html, 'the colours stay').toHaveAttribute('data-look', 'dark');

  const other = await context.newPage();
  await other.goto('/catalogue');
  await expect(other.locator('html')).toHaveAttribute('data-look', 'dark');
  await expect(other.locator('html')).toHaveAttribute('data-density', 'dense');
  await other.close();

  // A partial update of the page keeps the appearance.
  await home.tool('weather-warnings', 'earlier').click();
  await expect(page.locator('#undo-last')).toBeVisible();
  await expect(html).toHaveAttribute('data-look', 'dark');

  await home.look('contrast');
  expect(await colour(page)).toBe('rgb(255, 255, 255)');
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await colour(page)).toBe('rgb(0, 0, 0)');
  await page.emulateMedia({ colorScheme: 'light' });

  await home.look('system');
  await home.look('roomy');
  await expect(html).not.toHaveAttribute('data-look');
  await expect(html).not.toHaveAttribute('data-density');
  expect(await colour(page)).toBe(light);
});

test('the accessibility page offers the same choice', async ({ home, page }) => {
  await home.open('/accessibility');
  const choice = page.locator('main form[data-action="look"]');
  await Promise.all([page.waitForEvent('load'), choice.locator('button[value="contrast"]').click()]);
  await expect(page).toHaveURL(/\/accessibility#display$/);
  await expect(page.locator('html')).toHaveAttribute('data-look', 'contrast');
  await expect(choice.locator('button[aria-current]')).toHaveCount(4);
  await expect(choice.locator('button[value="contrast"]')).toHaveAttribute('aria-current', 'true');
});

test('texts are as large and as plain as the citizen chose', async ({ home, page, context }) => {
  await home.open('/');
  const size = (of) => of.evaluate(() => parseFloat(getComputedStyle(document.documentElement).fontSize));
  const usual = await size(page);
  await home.look('200');
  await expect(page.locator('html')).toHaveAttribute('data-text', '200');
  expect(await size(page)).toBeCloseTo(2 * usual, 1);
  // The longest greeting, whatever the hour.
  await page.locator('h1').evaluate((heading) => { heading.textContent = 'Goedenavond'; });
  for (const width of [320, 390, 768, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    const over = await page.evaluate(() => document.scrollingElement.scrollWidth - document.documentElement.clientWidth);
    expect(over, `at ${width}`).toBe(0);
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  await home.look('easy');
  await expect(page.locator('html')).toHaveAttribute('data-reading', 'easy');
  expect(await page.locator('h1').evaluate((heading) => getComputedStyle(heading).fontFamily)).toContain('Verdana');
  const other = await context.newPage();
  await other.goto('/agenda');
  expect(await size(other)).toBeCloseTo(2 * usual, 1);
  await expect(other.locator('html')).toHaveAttribute('data-reading', 'easy');
  await other.close();
  await home.look('100');
  await expect(page.locator('html')).not.toHaveAttribute('data-text');
  await expect(page.locator('html'), 'the rest stays').toHaveAttribute('data-reading', 'easy');
});

test('an unknown look changes nothing', async ({ request }) => {
  const answer = await request.post('/look', { form: { look: 'pink', back: '/' }, maxRedirects: 0 });
  expect(answer.status()).toBe(422);
  expect(answer.headers()['set-cookie']).toBeUndefined();
});
