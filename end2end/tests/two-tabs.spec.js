// Two tabs on the same board: independent edits merge, conflicting edits ask for a choice, and
// nothing is lost.

import { manifests } from './support/manifests.js';
import { expect, test } from './support/test.js';
import { HomePage } from './support/home-page.js';

const name = (widget) => manifests().get(widget).name.nl;

/** Two tabs of one citizen, both in edit mode on the same revision. */
async function twoTabs({ home, context }) {
  await home.open('/?edit');
  await home.tool('weather-warnings', 'earlier').click();
  await expect(home.notice.locator('p').first()).toBeVisible();
  // Wide, so that it can become wider and narrower.
  await home.tool('parking-ghent', 'wider').click();
  await expect(home.card('parking-ghent')).toHaveAttribute('data-size', 'wide');
  const other = new HomePage(await context.newPage(), home.scripts);
  await home.open('/?edit');
  await other.open('/?edit');
  expect(await other.order()).toEqual(await home.order());
  return other;
}

const refusal = (page) => page.waitForResponse((response) => response.request().method() === 'POST' && response.status() === 409);
const picture = (page, at) => page.locator('.version').nth(at);

/** The choice is shown and has the focus. */
async function expectChoice(other, words, widget) {
  await expect(other.page.locator('#choice-title')).toHaveText(words('conflict-title'));
  await expect(other.notice).toHaveAttribute('role', 'alert');
  await expect(other.notice).toContainText(words('conflict-card', { card: name(widget) }));
  await expect(other.notice).toBeFocused();
  await expect(picture(other.page, 0).locator('h3')).toHaveText(words('conflict-now'));
  await expect(picture(other.page, 1).locator('h3')).toHaveText(words('conflict-wished'));
}

test('edits of two cards are both made', async ({ home, page, context, words }) => {
  const other = await twoTabs({ home, context });
  const before = await home.order();
  await home.tool('air-quality', 'remove').click();
  await expect(home.card('air-quality')).toHaveCount(0);

  await other.tool('parking-ghent', 'wider').click();
  await other.expectSaid(words('done-resized', { card: name('parking-ghent'), size: 'full' }));
  const without = before.filter((widget) => widget !== 'air-quality');
  expect(await other.order()).toEqual(without);
  await page.reload();
  expect(await home.order()).toEqual(without);
  await expect(home.card('parking-ghent')).toHaveAttribute('data-size', 'full');
});

test('edits of two attributes of one card are both made', async ({ home, context }) => {
  const other = await twoTabs({ home, context });
  await home.tool('parking-ghent', 'wider').click();
  await expect(home.card('parking-ghent')).toHaveAttribute('data-size', 'full');
  await other.tool('parking-ghent', 'earlier').click();
  await expect(other.card('parking-ghent')).toHaveAttribute('data-size', 'full');
  await expect(other.page.locator('.choice')).toHaveCount(0);
});

test('a conflict shows both versions, and choosing mine applies mine', async ({ home, page, context, words }) => {
  const other = await twoTabs({ home, context });
  await home.tool('parking-ghent', 'wider').click();
  await expect(home.card('parking-ghent')).toHaveAttribute('data-size', 'full');
  await Promise.all([refusal(other.page), other.tool('parking-ghent', 'narrower').click()]);

  await expectChoice(other, words, 'parking-ghent');
  await expect(picture(other.page, 0).locator('li').first()).toHaveText(words('difference-size', { size: 'full' }));
  await expect(picture(other.page, 1).locator('li').first()).toHaveText(words('difference-size', { size: 'narrow' }));
  await expect(picture(other.page, 0).locator('article')).toHaveAttribute('data-size', 'full');
  await expect(picture(other.page, 1).locator('article')).toHaveAttribute('data-size', 'narrow');
  // Nothing changes before the choice.
  await expect(other.page.locator('#cards article[data-widget="parking-ghent"]')).toHaveAttribute('data-size', 'full');

  await other.page.locator('#do-anyway').click();
  await expect(other.page.locator('.choice')).toHaveCount(0);
  await other.expectSaid(words('done-resized', { card: name('parking-ghent'), size: 'narrow' }));
  await expect(other.card('parking-ghent')).toHaveAttribute('data-size', 'narrow');
  await page.reload();
  await expect(home.card('parking-ghent')).toHaveAttribute('data-size', 'narrow');
});

test('keeping the other version changes nothing, and editing continues', async ({ home, context, words }) => {
  const other = await twoTabs({ home, context });
  await home.tool('parking-ghent', 'wider').click();
  await expect(home.card('parking-ghent')).toHaveAttribute('data-size', 'full');
  await Promise.all([refusal(other.page), other.tool('parking-ghent', 'narrower').click()]);
  await expectChoice(other, words, 'parking-ghent');
  await other.page.locator('#keep').click();
  await expect(other.page.locator('.choice')).toHaveCount(0);
  await expect(other.card('parking-ghent')).toHaveAttribute('data-size', 'full');
  await other.tool('parking-ghent', 'narrower').click();
  await expect(other.card('parking-ghent')).toHaveAttribute('data-size', 'wide');
});

test('the choice works by keyboard alone', async ({ home, context, words }) => {
  const other = await twoTabs({ home, context });
  await home.tool('parking-ghent', 'wider').click();
  await expect(home.card('parking-ghent')).toHaveAttribute('data-size', 'full');
  await Promise.all([refusal(other.page), other.tool('parking-ghent', 'narrower').click()]);
  await expectChoice(other, words, 'parking-ghent');
  for (let pressed = 0; pressed < 30; pressed += 1) {
    await other.page.keyboard.press('Tab');
    if (await other.page.locator('#do-anyway:focus').count()) break;
  }
  await expect(other.page.locator('#do-anyway')).toBeFocused();
  await other.page.keyboard.press('Enter');
  await expect(other.page.locator('.choice')).toHaveCount(0);
  await expect(other.card('parking-ghent')).toHaveAttribute('data-size', 'narrow');
});

test('a move of a card that was moved starts at its new position', async ({ home, context, words }) => {
  const other = await twoTabs({ home, context });
  const before = await home.order();
  const [first, second, third] = before;
  await home.tool(first, 'later').click();
  await home.expectOrder([second, first, ...before.slice(2)]);
  await Promise.all([refusal(other.page), other.tool(first, 'later').click()]);
  await expectChoice(other, words, first);
  await expect(picture(other.page, 0).locator('li')).toHaveText(words('difference-place', { page: words('page-first'), position: 2 }));
  await expect(picture(other.page, 1).locator('li')).toHaveText(words('difference-place', { page: words('page-first'), position: 3 }));
  await other.page.locator('#do-anyway').click();
  await other.expectOrder([second, third, first, ...before.slice(3)]);
});

test('a card that the other tab removed can be restored with the edit', async ({ home, context, words }) => {
  const other = await twoTabs({ home, context });
  const before = await home.order();
  await home.tool('air-quality', 'remove').click();
  await expect(home.card('air-quality')).toHaveCount(0);
  await Promise.all([refusal(other.page), other.tool('air-quality', 'wider').click()]);
  await expectChoice(other, words, 'air-quality');
  await expect(picture(other.page, 0).locator('li')).toHaveText(words('difference-gone'));
  await expect(picture(other.page, 0).locator('article')).toHaveCount(0);
  await expect(other.page.locator('#cards article[data-widget="air-quality"]')).toHaveCount(0);
  await other.page.locator('#do-anyway').click();
  await other.expectOrder(before);
  await expect(other.card('air-quality')).toHaveAttribute('data-size', 'wide');
});

test('a card that the other tab changed is not removed without a choice', async ({ home, context, words }) => {
  const other = await twoTabs({ home, context });
  await home.tool('air-quality', 'wider').click();
  await expect(home.card('air-quality')).toHaveAttribute('data-size', 'wide');
  await Promise.all([refusal(other.page), other.tool('air-quality', 'remove').click()]);
  await expectChoice(other, words, 'air-quality');
  await expect(picture(other.page, 1).locator('li')).toHaveText(words('difference-gone'));
  await other.page.locator('#do-anyway').click();
  await expect(other.card('air-quality')).toHaveCount(0);
});

test('undo does not revert the other tab’s edit without a choice', async ({ home, context, words }) => {
  const other = await twoTabs({ home, context });
  await home.tool('air-quality', 'remove').click();
  await expect(home.card('air-quality')).toHaveCount(0);
  await Promise.all([refusal(other.page), other.page.locator('#undo').click()]);
  const deed = words('deed-removed', { card: name('air-quality') });
  await expect(other.notice.locator('p')).toHaveText(words('conflict-undo', { deed }));
  await expect(other.card('air-quality')).toHaveCount(0);
  await other.page.locator('#do-anyway').click();
  await expect(other.card('air-quality')).toHaveCount(1);
});

test('an outdated page of the catalogue still adds a card', async ({ home, context }) => {
  const other = await twoTabs({ home, context });
  await other.open('/catalogue/earthquakes');
  await home.tool('air-quality', 'remove').click();
  await expect(home.card('air-quality')).toHaveCount(0);
  await other.page.locator('#add-earthquakes').click();
  await expect(other.card('earthquakes')).toHaveCount(1);
  await expect(other.card('air-quality')).toHaveCount(0);
});

test('settings are saved despite edits of other cards', async ({ home, context, words }) => {
  const other = await twoTabs({ home, context });
  await other.tool('road-works', 'settings').click();
  await other.page.locator('#field-setting-radius').fill('3,5');
  await home.tool('air-quality', 'remove').click();
  await expect(home.card('air-quality')).toHaveCount(0);
  await other.page.locator('#save').click();
  await other.expectSaid(words('done-settings', { card: name('road-works') }));
  await expect(other.card('air-quality')).toHaveCount(0);
});

test('conflicting settings are shown side by side, and typed text stays', async ({ home, context, words }) => {
  const other = await twoTabs({ home, context });
  await other.tool('road-works', 'settings').click();
  await other.page.locator('#field-setting-radius').fill('3,5');
  await other.page.locator('#field-setting-place').fill('Gent');
  await home.tool('road-works', 'settings').click();
  await home.page.locator('#field-setting-radius').fill('5');
  await home.page.locator('#save').click();
  await home.expectSaid(words('done-settings', { card: name('road-works') }));

  await Promise.all([refusal(other.page), other.page.locator('#save').click()]);
  await expectChoice(other, words, 'road-works');
  await expect(picture(other.page, 0).locator('li').filter({ hasText: '5' }).first()).toBeVisible();
  await expect(picture(other.page, 1)).toContainText('9000');
  await other.page.locator('#do-anyway').click();
  await other.expectSaid(words('done-settings', { card: name('road-works') }));
  await other.tool('road-works', 'settings').click();
  await expect(other.page.locator('#field-setting-radius')).toHaveValue(/^3[.,]5$/);
  await expect(other.page.locator('#field-setting-place')).toHaveValue(/Gent/);
});

test('the settings of a card that was removed are not lost', async ({ home, context, words }) => {
  const other = await twoTabs({ home, context });
  await other.tool('road-works', 'settings').click();
  await other.page.locator('#field-setting-radius').fill('3,5');
  await home.tool('road-works', 'remove').click();
  await expect(home.card('road-works')).toHaveCount(0);
  await Promise.all([refusal(other.page), other.page.locator('#save').click()]);
  await expectChoice(other, words, 'road-works');
  await other.page.locator('#do-anyway').click();
  await other.tool('road-works', 'settings').click();
  await expect(other.page.locator('#field-setting-radius')).toHaveValue(/^3[.,]5$/);
});

test('two tabs of a new guest belong to one citizen', async ({ home, context }) => {
  const other = new HomePage(await context.newPage(), home.scripts);
  await home.open('/?edit');
  await other.open('/?edit');
  const before = await home.order();
  await home.tool('air-quality', 'remove').click();
  await expect(home.card('air-quality')).toHaveCount(0);
  await other.tool('parking-ghent', 'wider').click();
  await expect(other.card('parking-ghent')).toHaveAttribute('data-size', 'wide');
  expect(await other.order()).toEqual(before.filter((widget) => widget !== 'air-quality'));
  expect(await context.cookies()).toHaveLength(1);
});

test('a form that is sent twice is applied once', async ({ home, page, request, words, context, voordeur }) => {
  await home.open('/?edit');
  await home.tool('holidays', 'wider').click();
  await home.expectSaid(words('done-resized', { card: name('holidays'), size: 'wide' }));
  const [cookie] = await context.cookies();
  const revision = await page.locator('#cards input[name="revision"]').first().inputValue();
  const form = { revision, edit: 'one-submission', editing: 'true', direction: 'last' };
  const headers = { cookie: `${cookie.name}=${cookie.value}`, origin: voordeur.url, 'sec-fetch-site': 'same-origin' };
  const [first] = await home.order();
  const id = await home.card(first).getAttribute('data-card');
  const answers = [];
  for (let sent = 0; sent < 2; sent += 1) {
    const answer = await request.post(`/cards/${id}/move`, { form, headers, maxRedirects: 0 });
    expect(answer.status()).toBe(303);
    answers.push(answer.headers().location);
  }
  expect(answers[0]).toBe(answers[1]);
  await home.open('/?edit');
  expect((await home.order()).at(-1)).toBe(first);
  await page.locator('#undo').click();
  await expect.poll(async () => (await home.order())[0]).toBe(first);
});
