// The preview for widget authors: `voordeur widget preview`.

import { AxeBuilder } from '@axe-core/playwright';
import { expect, test as base } from '@playwright/test';
import { Preview } from './support/preview.js';
import { unfold } from './support/pages.js';

/** A saved file is shown within this time, four times the polling interval. */
const SOON = { timeout: 1_500 };

const test = base.extend({
  preview: async ({}, use) => {
    const preview = await new Preview('vehicle-inspection').start();
    await use(preview);
    await preview.close();
  },

  baseURL: async ({ preview }, use) => use(preview.url),

  /** The browser requests nothing but the preview, and logs no error. */
  context: async ({ context, preview }, use) => {
    const wrong = [];
    context.on('request', (request) => {
      if (!request.url().startsWith(`${preview.url}/`)) wrong.push(request.url());
    });
    context.on('weberror', (error) => wrong.push(String(error.error().stack ?? error.error())));
    context.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
    await use(context);
    expect(wrong).toEqual([]);
  },

  /** Waits until a saved file is shown: automatically with JavaScript, after a reload without. */
  followed: async ({ page, javaScriptEnabled }, use) => {
    await use(async (check) => {
      if (javaScriptEnabled !== false) return check(SOON);
      // The server reads the folder at each request.
      await page.reload();
      return check({});
    });
  },
});

const card = (page, id) => page.locator(`#${id} article`);

test('every sample and every state is shown', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('vehicle-inspection');
  for (const [id, state] of [
    ['sample-normal', 'fresh'],
    ['sample-expired', 'fresh'],
    ['state-waiting', 'waiting'],
    ['state-stale', 'stale'],
    ['state-unavailable', 'unavailable'],
    ['state-needs-settings', 'needs-settings'],
  ]) {
    await expect(card(page, id)).toHaveAttribute('data-state', state);
  }
  await expect(page.locator('#manifest li').first()).toContainText('# Shape: RDW');
  await expect(page.locator('#answers')).toContainText('opendata.rdw.nl');
  await expect(page.locator('#answers')).toContainText('vervaldatum_apk');
});

test('the card, its width, its theme and its language are selected', async ({ page, javaScriptEnabled }) => {
  const paper = () => page.evaluate(() => getComputedStyle(document.body.parentElement).backgroundColor);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.goto('/');
  const light = await paper();
  await page.locator('#show').selectOption('sample-expired');
  await page.locator('#width').selectOption('phone');
  await page.locator('#theme').selectOption('dark');
  await page.locator('#language').selectOption('de');
  if (javaScriptEnabled === false) await page.getByRole('button', { name: 'Show' }).click();
  await expect(page.locator('.bench-card')).toHaveCount(1);
  await expect(card(page, 'sample-expired')).toContainText('Hauptuntersuchung');
  await expect(page.locator('#sample-expired .frame')).toHaveAttribute('lang', 'de');
  expect((await card(page, 'sample-expired').boundingBox()).width).toBe(328);
  await expect.poll(paper).not.toBe(light);
  await expect(page).toHaveURL(/show=sample-expired&width=phone&theme=dark&language=de/);
  await page.reload();
  await expect(page.locator('#width')).toHaveValue('phone');
  await expect(page.locator('#answers')).toContainText('expired');
});

test('a saved manifest or sample is shown, and the focus stays', async ({ page, preview, followed, javaScriptEnabled }) => {
  await page.goto('/?language=en');
  await expect(card(page, 'sample-normal').locator('h2')).toHaveText('Your car’s inspection');
  if (javaScriptEnabled !== false) {
    // An open `details` element with the focus.
    const fold = page.locator('[data-path="0.vehicles.0"]');
    await expect(fold).toHaveCount(1);
    await fold.locator('summary').first().focus();
    await page.keyboard.press('Enter');
  }
  const was = await page.locator('[data-path="0.vehicles.0"]').evaluate((fold) => fold.open);
  preview.save('widget.toml', preview.manifest.replace('Your car’s inspection', 'My old car'));
  await followed((soon) => expect(card(page, 'sample-normal').locator('h2')).toHaveText('My old car', soon));
  preview.save('samples/normal.vehicles.json', '[{ "kenteken": "12ABC3", "merk": "DAF" }]');
  await followed((soon) => expect(card(page, 'sample-normal')).toContainText('DAF', soon));
  await followed((soon) => expect(page.locator('#answers')).toContainText('"DAF"', soon));
  expect(await page.locator('[data-path="0.vehicles.0"]').evaluate((fold) => fold.open)).toBe(was);
  if (javaScriptEnabled !== false) {
    const focused = await page.evaluate(() => document.activeElement.closest('[data-path]')?.dataset.path);
    expect(focused).toBe('0.vehicles.0');
  }
});

test('an error in the manifest is shown with its line, and the last good card stays', async ({ page, preview, followed }) => {
  await page.goto('/?language=en');
  const lines = preview.manifest.split('\n');
  const wrong = lines.findIndex((line) => line.startsWith('pace = ')) + 1;
  preview.save('widget.toml', preview.manifest.replace(/^pace = .*$/m, 'pace = "often"'));
  const problem = page.locator('#problem');
  await followed((soon) => expect(problem).toContainText(`Line ${wrong}`, soon));
  await expect(problem).toContainText('pace');
  await expect(problem).toContainText('last manifest that could be read');
  await expect(page.getByRole('status')).toContainText('cannot be read');
  await expect(page.locator(`#line-${wrong}`)).toHaveAttribute('data-mark', 'wrong');
  await expect(page.locator(`#line-${wrong}`)).toContainText('often');
  await expect(card(page, 'sample-normal').locator('h2')).toHaveText('Your car’s inspection');
  preview.save('widget.toml', preview.manifest);
  await followed((soon) => expect(problem).toBeEmpty(soon));
});

test('a rejected response is shown with its line and an excerpt', async ({ page, preview, followed }) => {
  await page.goto('/?show=sample-normal');
  preview.save('widget.toml', preview.manifest.replace('value = "day(vehicles[0].vervaldatum_apk)"', 'value = "day(vehicles[0].no_such_key)"'));
  const answers = page.locator('#answers');
  await followed((soon) => expect(answers).toContainText('view.block[0].item[0].value', soon));
  await expect(card(page, 'sample-normal')).toHaveAttribute('data-state', 'unavailable');
  await expect(answers).toContainText('The response there');
  await expect(page.locator('#manifest [data-mark="refused"]')).toContainText('no_such_key');
  await answers.getByRole('link', { name: /^Line \d+$/ }).first().click();
  await expect(page.locator('#manifest li:target')).toContainText('no_such_key');
});

test('axe finds no violation, light and dark, wide and narrow, with and without an error', async ({ page, preview, followed, javaScriptEnabled }) => {
  test.slow();
  test.skip(javaScriptEnabled === false, 'is the same without JavaScript');
  const found = [];
  const look = async (name) => {
    await unfold(page);
    for (const theme of ['light', 'dark']) {
      await page.locator('#theme').selectOption(theme);
      await expect(page.locator('#look')).toHaveAttribute('href', `/cards.css?theme=${theme}`);
      await expect.poll(() => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toBe(theme);
      const { violations } = await new AxeBuilder({ page }).analyze();
      for (const violation of violations) {
        for (const node of violation.nodes) found.push(`${name}, ${theme}: ${violation.id}: ${node.html.slice(0, 160)}\n${node.failureSummary}`);
      }
    }
  };
  await page.goto('/');
  await look('wide');
  await page.setViewportSize({ width: 360, height: 800 });
  await look('narrow');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  preview.save('widget.toml', 'name = 1\n');
  await followed((soon) => expect(page.locator('#problem')).toContainText('Line 1', soon));
  await look('with a problem');
  expect(found, found.join('\n')).toEqual([]);
});

test('the preview listens on loopback only, and reports a missing style sheet', async () => {
  const preview = new Preview('holidays');
  try {
    await preview.start('--addr', '0.0.0.0:0');
    expect(preview.url).toBeUndefined();
    expect(preview.log.join('\n')).toContain('must be a loopback address');
    await preview.start('--site', preview.widgets);
    expect(preview.log.join('\n')).toContain('make build');
    const page = await fetch(preview.url).then((answer) => answer.text());
    expect(page).toContain('The style sheet is absent');
  } finally {
    await preview.close();
  }
});
