// A board as a file: kept, opened in another browser, shared as a template.

import { readFileSync } from 'node:fs';
import { HomePage } from './support/home-page.js';
import { expect, test } from './support/test.js';

const download = async (page, button) => {
  const event = page.waitForEvent('download');
  await page.locator(button).click();
  const file = await event;
  return { name: file.suggestedFilename(), body: readFileSync(await file.path()) };
};

const choose = async (page, file) => {
  await page.locator('#file').setInputFiles({ name: file.name, mimeType: 'application/json', buffer: file.body });
  await page.locator('#show-file').click();
};

/** A second browser: a context of its own. */
const secondBrowser = async (browser, voordeur, javaScriptEnabled) => {
  const context = await browser.newContext({ baseURL: voordeur.url, locale: 'nl-BE', javaScriptEnabled });
  const page = await context.newPage();
  return { context, page, home: new HomePage(page, javaScriptEnabled !== false) };
};

test('a board is on a second browser in four steps, as one change', async ({
  home,
  page,
  browser,
  voordeur,
  words,
  javaScriptEnabled,
}) => {
  await home.open('/');
  await home.welcome('1850');
  await home.open('/?edit');
  const [first, ...others] = await home.order();
  const folded = others.at(-1);
  await home.tool(first, 'remove').click();
  await expect(home.card(first)).toHaveCount(0);
  await home.tool(folded, 'fold').click();
  await expect(home.card(folded)).toHaveAttribute('data-folded', /.*/);
  await home.open('/');
  const order = await home.order();

  // 1: the file, on the first browser.
  await home.open('/share');
  const file = await download(page, '#download-board');
  expect(file.name).toMatch(/^voordeur-\d{4}-\d\d-\d\d\.json$/);

  const second = await secondBrowser(browser, voordeur, javaScriptEnabled);
  await second.home.open('/');
  const before = await second.home.order();
  expect(before).not.toEqual(order);
  // 2 and 3: the page, and the file.
  await second.home.open('/share');
  await choose(second.page, file);
  await expect(second.page.locator('h1')).toHaveText(words('preview-file-title'));
  // 4: take it.
  await second.page.locator('#take-instead').click();
  await expect(second.page.locator('#notice')).toContainText(words('done-imported'));
  await second.home.expectOrder(order);
  await expect(second.home.card(folded)).toHaveAttribute('data-folded', /.*/);
  await second.home.open('/share');
  const again = await download(second.page, '#download-board');
  expect(JSON.parse(again.body)).toEqual(JSON.parse(file.body));

  // One change, which can be undone.
  await second.home.open('/history');
  await expect(second.page.locator('.history li')).toHaveCount(2);
  await second.home.open('/?edit');
  await second.page.locator('#undo').click();
  await second.home.expectOrder(before);
  await second.context.close();
});

test('a template holds no value that the citizen typed, and follows the pages there are', async ({
  home,
  page,
  browser,
  voordeur,
  javaScriptEnabled,
}) => {
  await home.open('/');
  await home.open('/cards/first-air-quality/settings');
  await page.locator('[name="setting-place"]').fill('Leuven');
  await page.locator('#save').click();
  await expect(page.locator('#notice')).not.toBeEmpty();
  await home.open('/share');
  await expect(page.locator('main')).not.toContainText('Leuven');
  const file = await download(page, '#download-template');
  expect(file.body.toString()).not.toMatch(/Leuven|3000/);
  expect(JSON.parse(file.body).pages[0].cards.find((card) => card.widget === 'air-quality').inputs).toEqual(['place']);

  const second = await secondBrowser(browser, voordeur, javaScriptEnabled);
  await second.home.open('/share');
  await choose(second.page, file);
  await second.page.locator('#take-after').click();
  await expect(second.page).toHaveURL(/page=/);
  await expect(second.home.card('air-quality')).toHaveCount(1);
  await second.home.open('/');
  await expect(second.home.card('air-quality')).toHaveCount(1);
  await second.context.close();
});

test('a link shares cards without what was written on them, and leads to what can be taken', async ({
  home,
  page,
  browser,
  voordeur,
  words,
  javaScriptEnabled,
}) => {
  await home.add('note');
  await home.open('/');
  await home.tool('note', 'write').click();
  await page.locator('#field-setting-text').fill('Sleutel bij Miet');
  await page.locator('#save').click();
  await expect(home.card('note')).toContainText('Sleutel bij Miet');
  await home.open('/');
  const order = await home.order();
  await home.open('/share');
  await expect(page.locator('main')).not.toContainText('Miet');
  const link = await page.locator('#link').inputValue();
  expect(link).toContain(`${voordeur.url}/share/template?t=`);
  const shared = Buffer.from(new URL(link).searchParams.get('t'), 'base64url').toString();
  expect(shared).not.toContain('Miet');
  expect(JSON.parse(shared).format).toBe('voordeur-template');

  const second = await secondBrowser(browser, voordeur, javaScriptEnabled);
  await second.page.goto(link);
  await expect(second.page.locator('h1')).toHaveText(words('preview-file-title'));
  // Nothing is changed by opening it: whoever does has no board of their own yet.
  expect(await second.context.cookies()).toEqual([]);
  await second.page.locator('#take-instead').click();
  await expect(second.page.locator('#notice')).toContainText(words('done-imported'));
  await second.home.expectOrder(order);
  await expect(second.home.card('note')).toContainText('Je hebt nog niets geschreven');
  await second.page.locator('#undo-last').click();
  await expect(second.home.card('note')).toHaveCount(0);
  await second.page.goto(link.slice(0, -7));
  await expect(second.page.locator('#file-problem')).toBeVisible();
  await second.context.close();
});

test('a file that is not right changes nothing, and the field is named', async ({ home, page }) => {
  await home.open('/share');
  const board = JSON.parse((await download(page, '#download-board')).body);
  board.pages[0].cards[1].size = 'broad';
  await choose(page, { name: 'a.json', body: Buffer.from(JSON.stringify(board)) });
  await expect(page.locator('#file-problem')).toContainText('pages[0].cards[1].size');
  await expect(page.locator('#file')).toHaveAttribute('aria-invalid', 'true');
  await home.open('/history');
  await expect(page.locator('.history li')).toHaveCount(1);
});

test('a board that another tab changed is not replaced', async ({ home, page, words }) => {
  await home.open('/?edit');
  await home.tool('air-quality', 'remove').click();
  await expect(home.card('air-quality')).toHaveCount(0);
  await home.open('/share');
  const file = await download(page, '#download-board');
  await choose(page, file);
  await expect(page.locator('#take-instead')).toBeVisible();
  const other = await page.context().newPage();
  await other.goto('/?edit');
  await other.locator('article[data-widget="parking-ghent"] [id^="wider-"]').click();
  await expect(other.locator('article[data-widget="parking-ghent"]')).toHaveAttribute('data-size', 'wide');
  await other.close();
  await page.locator('#take-instead').click();
  await expect(page.locator('#file-problem')).toHaveText(words('preview-changed'));
  await page.locator('#take-instead').click();
  await expect(page.locator('#notice')).toContainText(words('done-imported'));
  await expect(home.card('parking-ghent')).toHaveAttribute('data-size', 'narrow');
});
