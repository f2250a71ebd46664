// Cards of the citizen's own: a note, links, and a list of items to tick.

import { AxeBuilder } from '@axe-core/playwright';
import { manifests } from './support/manifests.js';
import { expect, test } from './support/test.js';
import { HomePage } from './support/home-page.js';

const name = (widget) => manifests().get(widget).name.nl;
const item = (home, text) => home.card('household-list').getByRole('checkbox', { name: text, exact: true });
const items = (home) => home.card('household-list').getByRole('checkbox');
const field = (page, id) => page.locator(`#field-setting-${id}`);

/** Adds a card of a widget, and opens its settings. */
async function addAndOpen(home, widget) {
  await home.add(widget);
  await home.open('/');
  await home.tool(widget, 'write').click();
  await expect(home.page.locator('textarea')).toBeVisible();
}

/** Writes in the settings of a card, and goes back to the board. */
async function write(home, widget, id, text) {
  await addAndOpen(home, widget);
  await field(home.page, id).fill(text);
  await home.page.locator('#save').click();
  await expect(home.card(widget)).toBeVisible();
  await home.open('/');
}

/** Adds an item on the card itself. */
async function add(home, text) {
  const input = home.card('household-list').locator('input[name="new"]');
  await input.fill(text);
  await input.press('Enter');
  await expect(item(home, text)).toBeVisible();
}

test('a note keeps its lines, and says that it is on the own page only', async ({ home, page, words }) => {
  await home.add('note');
  const card = home.card('note');
  await expect(card).toHaveAttribute('data-state', 'fresh');
  await expect(card).toContainText('Je hebt nog niets geschreven');
  await expect(card.locator('[data-part="source"]')).toHaveText(words('own-source'));
  await expect(card.locator('[data-part="source"] a, [data-part="source"] time')).toHaveCount(0);
  await expect(card.locator('[data-action="refresh"]')).toHaveCount(0);

  await home.open('/');
  await home.tool('note', 'write').click();
  const text = field(page, 'text');
  await expect(page.locator('#hint-setting-text')).toContainText(words('lines-fit', { longest: '3000' }).split(' ')[0]);
  await text.fill('Sleutel bij Miet\n\n  - nr. 12\nTot vrijdag');
  await page.locator('#save').click();
  await home.expectSaid(words('done-settings', { card: name('note') }));
  const shown = card.locator('[data-part="body"] > p').first();
  expect(await shown.evaluate((it) => it.innerText)).toBe('Sleutel bij Miet\n\n  - nr. 12\nTot vrijdag');
  // The form shows what was typed.
  await home.tool('note', 'more').click();
  await page.locator('[id^="menu-settings-"]:visible').click();
  await expect(text).toHaveValue('Sleutel bij Miet\n\n  - nr. 12\nTot vrijdag');
});

test('a note that is too long is refused, and nothing of it is lost', async ({ home, page, words }) => {
  await addAndOpen(home, 'note');
  const long = `begin\n${'x'.repeat(3100)}\neinde`;
  await field(page, 'text').fill(long);
  await page.locator('#save').click();
  await expect(page.locator('#problem-setting-text')).toContainText('3');
  await expect(field(page, 'text')).toHaveValue(long);
  await expect(field(page, 'text')).toHaveAttribute('aria-invalid', 'true');
  await field(page, 'text').fill('🚲'.repeat(1001));
  await page.locator('#save').click();
  await expect(page.locator('#problem-setting-text')).toHaveText(words('problem-too-many-bytes'));
});

test('hostile text is shown as text', async ({ home, page }) => {
  await write(home, 'note', 'text', '<img src=x onerror=alert(1)> </textarea><script>alert(2)</script>\n\u202eomgekeerd\u0007');
  const body = home.card('note').locator('[data-part="body"]');
  await expect(body).toContainText('<img src=x onerror=alert(1)> </textarea><script>alert(2)</script>');
  await expect(body.locator('img, script')).toHaveCount(0);
  expect(await body.innerText()).not.toMatch(/[\u202e\u0007]/);
  await home.tool('note', 'write').click();
  await expect(field(page, 'text')).toHaveValue(/<\/textarea><script>/);
  // The text does not end its element.
  await expect(page.locator('form[data-action="settings"] script, form[data-action="settings"] img')).toHaveCount(0);
  await home.open('/');

  await home.add('household-list');
  await add(home, '"><b onclick=x>Melk</b>');
  await expect(home.card('household-list').locator('[data-part="body"] b')).toHaveCount(0);
  await item(home, '"><b onclick=x>Melk</b>').click();
  await expect(item(home, '"><b onclick=x>Melk</b>')).toBeChecked();
});

test('links are opened without saying where from, and a line that is none is named', async ({ home, page, words }) => {
  await addAndOpen(home, 'bookmarks');
  const wrong = 'https://a.example De bib\ngeen adres\njavascript:alert(1) x';
  await field(page, 'links').fill(wrong);
  await page.locator('#save').click();
  await expect(page.locator('#problem-setting-links')).toHaveText(words('problem-line-not-an-address', { number: 2, line: 'geen adres' }));
  await expect(field(page, 'links')).toHaveValue(wrong);
  await field(page, 'links').fill('https://a.example/x De bib\nSchool http://b.example\nhttps://www.c.example/y');
  await page.locator('#save').click();
  await expect(home.card('bookmarks')).toBeVisible();
  const links = home.card('bookmarks').locator('.list a, .links a');
  await expect(links).toHaveText(['De bib', 'School', 'c.example']);
  expect(await links.evaluateAll((all) => all.map((link) => [link.href, link.rel]))).toEqual([
    ['https://a.example/x', 'noopener noreferrer'],
    ['http://b.example/', 'noopener noreferrer'],
    ['https://www.c.example/y', 'noopener noreferrer'],
  ]);
});

test('items are added, ticked, undone and removed on the card, also by keyboard', async ({ home, page, words }) => {
  await home.add('household-list');
  await home.open('/');
  await home.mark();
  await expect(home.card('household-list')).toContainText('De lijst is leeg.');
  await add(home, 'Melk');
  await home.expectSaid(words('done-item-added', { card: name('household-list') }));
  if (home.scripts) await expect(home.card('household-list').locator('input[name="new"]')).toBeFocused();
  await add(home, 'Brood');
  await add(home, 'Kaas');
  await expect(items(home)).toHaveText(['Melk', 'Brood', 'Kaas']);

  await item(home, 'Melk').focus();
  await page.keyboard.press('Space');
  await expect(items(home)).toHaveText(['Brood', 'Kaas', 'Melk']);
  await expect(item(home, 'Melk')).toBeChecked();
  await home.expectSaid(words('done-ticked', { card: name('household-list') }));
  if (home.scripts) await expect(item(home, 'Melk')).toBeFocused();
  await expect(item(home, 'Melk').locator('span').last()).toHaveCSS('text-decoration-line', 'line-through');
  await page.locator('#undo-last').click();
  await expect(item(home, 'Melk')).not.toBeChecked();

  await item(home, 'Brood').click();
  await expect(item(home, 'Brood')).toBeChecked();
  await item(home, 'Brood').click();
  await expect(item(home, 'Brood')).not.toBeChecked();
  await item(home, 'Kaas').click();
  await expect(item(home, 'Kaas')).toBeChecked();
  await home.tool('household-list', 'clear').click();
  await expect(items(home)).toHaveText(['Melk', 'Brood']);
  await home.expectSaid(words('done-items-cleared', { card: name('household-list') }));
  await expect(home.tool('household-list', 'clear')).toHaveCount(0);
  await page.locator('#undo-last').click();
  await expect(items(home)).toHaveText(['Melk', 'Brood', 'Kaas']);
  await home.expectNoReload();
  await page.reload();
  await expect(items(home)).toHaveText(['Melk', 'Brood', 'Kaas']);
});

test('two people tick two items at once, and a tick survives an outdated form', async ({ home, page, context, words }) => {
  await write(home, 'household-list', 'items', 'Melk\nBrood\nKaas');
  const other = new HomePage(await context.newPage(), home.scripts);
  await other.open('/');
  await home.tool('household-list', 'write').click();
  await expect(field(page, 'items')).toBeVisible();
  const third = new HomePage(await context.newPage(), home.scripts);
  await third.open('/');
  await item(other, 'Melk').click();
  await expect(item(other, 'Melk')).toBeChecked();
  await item(third, 'Kaas').click();
  await expect(items(third)).toHaveText(['Brood', 'Melk', 'Kaas']);
  await field(page, 'items').fill('Melk\nBrood');
  await page.locator('#save').click();
  await expect(page.locator('#choice-title')).toHaveText(words('conflict-title'));
  await page.locator('#keep').click();
  await expect(items(home)).toHaveText(['Brood', 'Melk', 'Kaas']);
});

test('an item that is too long stays in its field', async ({ home, page, words }) => {
  await home.add('household-list');
  await home.open('/');
  const input = home.card('household-list').locator('input[name="new"]');
  await input.fill('x'.repeat(121));
  await input.press('Enter');
  await expect(home.notice).toContainText(words('problem-too-long', { longest: 120 }));
  await expect(input).toHaveValue('x'.repeat(121));
  await expect(input).toHaveAttribute('aria-invalid', 'true');
  await input.fill('Melk');
  await input.press('Enter');
  await expect(items(home)).toHaveText(['Melk']);
});

test('a folded list shows one line, and the privacy page names the cards', async ({ home, page }) => {
  await write(home, 'household-list', 'items', 'Melk\n✓ Brood');
  await home.tool('household-list', 'fold').click();
  await expect(home.card('household-list')).toHaveAttribute('data-folded', '');
  await expect(items(home)).toHaveCount(0);
  await expect(home.card('household-list').locator('[data-part="body"] > p').first()).toContainText('Melk');
  await home.open('/privacy');
  for (const widget of ['note', 'bookmarks', 'household-list']) {
    await expect(page.locator('main li', { hasText: name(widget) }).first()).toBeVisible();
  }
  await home.open('/services');
  await expect(page.locator('main')).not.toContainText(name('household-list'));
  await home.open('/catalogue/note');
  await expect(page.locator('.about-widget')).not.toContainText('undefined');
  await expect(page.locator('.about-widget dl')).toHaveCount(0);
});

test('axe finds nothing on the cards and in their forms', async ({ home, page }) => {
  // axe is a script itself, and runs eight times.
  test.skip(!home.scripts, 'needs JavaScript');
  test.slow();
  const check = async () => {
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const { passes, violations } = await new AxeBuilder({ page }).analyze();
      expect(passes.length).toBeGreaterThan(10);
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    }
  };
  await write(home, 'note', 'text', 'Regel een\nRegel twee');
  await write(home, 'household-list', 'items', 'Melk\n✓ Brood');
  await addAndOpen(home, 'bookmarks');
  await check();
  await field(page, 'links').fill('geen adres');
  await page.locator('#save').click();
  await expect(page.locator('#problem-setting-links')).toBeVisible();
  await check();
  await home.open('/');
  await check();
  await home.open('/catalogue/household-list');
  await check();
});
