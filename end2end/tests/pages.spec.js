// The pages of a board: adding, renaming, moving, filling and removing them.

import { manifests } from './support/manifests.js';
import { expect, test } from './support/test.js';

const name = (widget) => manifests().get(widget).name.nl;
const tabs = (page) => page.locator('nav.tabs li');
const current = (page) => page.locator('nav.tabs [aria-current="page"]');
const addForm = (page) => page.locator('.page-form', { has: page.locator('#page-new') });

async function addPage(home, called, icon = 'work') {
  const { page } = home;
  await addForm(page).locator('summary').click();
  await page.locator('#page-new').fill(called);
  await addForm(page).locator('label.chip', { has: page.locator(`input[value="${icon}"]`) }).click();
  await addForm(page).locator('button').click();
  await expect(current(page)).toContainText(called);
}

async function toPage(home, widget, called) {
  const { page } = home;
  const card = home.card(widget);
  await card.locator('.more summary').click();
  await card.locator('select').selectOption({ label: called });
  await card.locator('[id^="to-page-"]').click();
  await expect(current(page)).toContainText(called);
}

test('a board with one page shows no tabs outside edit mode', async ({ home, page }) => {
  await home.open('/');
  await expect(page.locator('nav.tabs')).toHaveCount(0);
  await home.open('/?edit');
  await expect(tabs(page)).toHaveCount(1);
  await expect(current(page)).toBeVisible();
});

test('a page is added, filled, renamed, moved and removed, and all of it is undone', async ({ home, page, words }) => {
  await home.open('/?edit');
  await home.mark();
  const before = await home.order();
  await addPage(home, 'Werk');
  await home.expectSaid(words('done-page-added', { page: 'Werk' }));
  await expect(tabs(page)).toHaveText([words('page-first'), 'Werk']);
  await expect(page.locator('.nothing')).toContainText(words('page-empty'));
  await expect(home.cards).toHaveCount(0);

  // A card moves here from the other page.
  await tabs(page).first().locator('a').click();
  await home.expectOrder(before);
  await toPage(home, 'holidays', 'Werk');
  await home.expectSaid(words('done-to-page', { card: name('holidays'), page: 'Werk', position: 1, total: 1 }));
  await home.expectOrder(['holidays']);
  if (home.scripts) await expect(home.card('holidays').locator(':focus')).toHaveCount(1);

  await openPageForm(page);
  await page.locator('#page-now').fill('Kantoor');
  await page.locator('#page-save').click();
  await home.expectSaid(words('done-page-changed', { page: 'Kantoor' }));
  await expect(current(page)).toContainText('Kantoor');

  await openPageForm(page);
  await page.locator('#page-earlier').click();
  await home.expectSaid(words('done-page-moved', { page: 'Kantoor', position: 1, total: 2 }));
  await expect(tabs(page)).toHaveText(['Kantoor', words('page-first')]);
  await expect(current(page)).toContainText('Kantoor');

  await openPageForm(page);
  await page.locator('#page-remove').click();
  await home.expectSaid(words('done-page-removed'));
  await expect(tabs(page)).toHaveCount(1);
  await page.locator('#undo-last').click();
  await expect(tabs(page)).toHaveText(['Kantoor', words('page-first')]);
  for (let undone = 0; undone < 4; undone += 1) {
    await page.locator('#undo').click();
    await expect(page.locator('#redo')).toBeEnabled();
  }
  await expect(tabs(page)).toHaveCount(1);
  await home.expectOrder(before);
  await expect(page.locator('#undo')).toBeDisabled();
  await home.expectNoReload();
});

async function openPageForm(page) {
  const form = page.locator('.page-form', { has: page.locator('#page-now') });
  if ((await form.getAttribute('open')) === null) await form.locator('summary').click();
}

test('a page has an address of its own, and its edits return to it', async ({ home, page }) => {
  await home.open('/?edit');
  await addPage(home, 'Werk');
  await tabs(page).first().locator('a').click();
  await toPage(home, 'holidays', 'Werk');
  await tabs(page).first().locator('a').click();
  await toPage(home, 'air-quality', 'Werk');
  await home.expectOrder(['holidays', 'air-quality']);
  await page.locator('#done').click();
  await expect(page).toHaveURL(/\/\?page=[0-9a-f]+$/);
  await home.expectOrder(['holidays', 'air-quality']);
  await page.reload();
  await home.expectOrder(['holidays', 'air-quality']);
  await page.locator('#edit').click();
  await home.tool('holidays', 'later').click();
  await home.expectOrder(['air-quality', 'holidays']);
  await expect(page).toHaveURL(/page=[0-9a-f]+&edit/);
  // The settings of a card return to its page, too.
  await home.tool('holidays', 'settings').click();
  await page.locator('#save').click();
  await home.expectOrder(['air-quality', 'holidays']);
  await home.tool('holidays', 'settings').click();
  await page.locator('#cancel').click();
  await home.expectOrder(['air-quality', 'holidays']);
});

test.describe('over the gateway', () => {
  test.use({ sources: 'gateway' });

  test('only the cards of the current page make requests', async ({ home, page, standIn }) => {
    await home.open('/?edit');
    await addPage(home, 'Werk');
    const work = await tabs(page).last().getAttribute('data-page');
    await home.add('earthquakes');
    await standIn.reset();
    await home.open(`/?page=${work}`);
    await expect(page.locator('.nothing')).toBeVisible();
    expect((await standIn.calls()).requests).toEqual({});
  });
});

test('a name that is too long or missing is reported and stays in the field', async ({ home, page, words }) => {
  await home.open('/?edit');
  await addForm(page).locator('summary').click();
  const input = page.locator('#page-new');
  await input.evaluate((element) => {
    element.removeAttribute('required');
    element.removeAttribute('maxlength');
  }).catch(() => {});
  await input.fill('   ');
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.request().method() === 'POST'),
    addForm(page).locator('button').click(),
  ]);
  expect(answer.status()).toBe(422);
  await expect(page.locator('#page-new-problem')).toHaveText(words('page-problem-name'));
  await expect(input).toHaveAttribute('aria-invalid', 'true');
  await expect(tabs(page)).toHaveCount(1);
  await input.fill('  Werk  ');
  await addForm(page).locator('button').click();
  await expect(tabs(page)).toHaveText([words('page-first'), 'Werk']);
});

test('the name of a page is never markup', async ({ home, page }) => {
  await home.open('/?edit');
  await addPage(home, '<b>x</b>');
  await expect(tabs(page).last()).toHaveText('<b>x</b>');
  await expect(page.locator('nav.tabs b')).toHaveCount(0);
});

test('a card moves first and last', async ({ home, words }) => {
  await home.open('/?edit');
  const before = await home.order();
  const [first] = before;
  const press = async (widget, id) => {
    const card = home.card(widget);
    if ((await card.locator('.more').getAttribute('open')) === null) await card.locator('.more summary').click();
    await card.locator(`[id^="${id}-"]`).click();
  };
  await press(first, 'last');
  await home.expectOrder([...before.slice(1), first]);
  await home.expectSaid(words('done-moved', { card: name(first), position: before.length, total: before.length }));
  if (home.scripts) await expect(home.card(first).locator(':focus')).toHaveCount(1);
  await press(first, 'first');
  await home.expectOrder(before);
});
