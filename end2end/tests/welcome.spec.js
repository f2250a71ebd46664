// The welcome: the citizen's place and interests, asked once and used everywhere.

import { manifests } from './support/manifests.js';
import { expect, test } from './support/test.js';
import { say } from './support/messages.js';

const NEEDS_PLACE = [...manifests()]
  .filter(([, manifest]) => (manifest.field ?? []).some((field) => field.kind === 'place'))
  .map(([widget]) => widget);
const posted = (page) =>
  page.waitForResponse((response) => response.request().method() === 'POST' && response.url().endsWith('/welcome'));

test('an unknown place is reported at the field, and typed text stays', async ({ home, page, context, words }) => {
  await home.open('/');
  const place = page.locator('#place');
  await place.fill('Grimbergn');
  await home.choose(['council-and-law']);
  const [answer] = await Promise.all([posted(page), page.locator('#welcome-save').click()]);
  expect(answer.status()).toBe(422);

  const problem = page.locator('#place-problem');
  await expect(problem).toContainText('Grimbergen');
  await expect(place).toHaveValue('Grimbergn');
  await expect(place).toHaveAttribute('aria-invalid', 'true');
  await expect(place).toHaveAttribute('aria-describedby', /(^| )place-problem( |$)/);
  await expect(page.locator('input[value="council-and-law"]')).toBeChecked();
  if (home.scripts) await expect(place).toBeFocused();
  expect(await context.cookies(), 'nothing is kept of an answer that cannot be used').toEqual([]);
  await expect(home.cards.first()).toBeVisible();

  // The correction.
  await place.fill('Grimbergen');
  await page.locator('#welcome-save').click();
  await home.expectSaid(words('done-welcome', { place: 'Grimbergen' }));
  await expect(page.locator('form[data-action="welcome"]')).toHaveCount(0);
  await expect(page.locator('.today .where')).toContainText('Grimbergen');
  await expect(page.locator('.today .where')).not.toContainText(words('board-place-guess'));
});

test('a place without a similar name is reported, too', async ({ home, page, words }) => {
  await home.open('/');
  await page.locator('#place').fill('0000');
  await page.locator('#welcome-save').click();
  await expect(page.locator('#place-problem')).toHaveText(words('problem-unknown-place'));
  await expect(page.locator('#place')).toHaveValue('0000');
});

test('every card that needs a place uses it', async ({ home, page, words }) => {
  await home.open('/');
  await home.welcome('3000');
  await expect(page.locator('.today .where')).toContainText('Leuven');
  await home.open('/?edit');
  const onBoard = (await home.order()).filter((widget) => NEEDS_PLACE.includes(widget));
  expect(onBoard.length).toBeGreaterThanOrEqual(4);
  for (const widget of onBoard) {
    await home.open('/?edit');
    await home.tool(widget, 'settings').click();
    await expect(page.locator('#hint-setting-place'), widget).toContainText(words('settings-own-place', { place: 'Leuven' }));
    await expect(page.locator('#field-setting-place'), widget).toHaveValue('');
  }
});

test.describe('over the gateway', () => {
  test.use({ sources: 'gateway' });

  test('the cards are about the place, and only the services that need it get it', async ({ home, standIn }) => {
    await home.open('/');
    await standIn.reset();
    await home.welcome('3000');
    for (const widget of ['air-quality', 'road-works', 'council-decisions']) {
      await expect(home.card(widget).locator('header p'), widget).toHaveText('Leuven');
      await expect(home.card(widget), widget).toHaveAttribute('data-state', 'fresh');
    }
    const asked = Object.keys((await standIn.calls()).requests).map(decodeURIComponent);
    expect(asked.find((line) => line.includes('lokaalbeslist.vlaanderen.be/sessions?'))).toContain('Leuven');
    const told = asked.filter((line) => /leuven|3000/i.test(line)).map((line) => line.split(/[ /]+/)[1]);
    expect([...new Set(told)]).toEqual(['lokaalbeslist.vlaanderen.be']);
    expect((await standIn.calls()).unknown).toEqual([]);
  });

  test('a card with a place of its own keeps it', async ({ home, page }) => {
    await home.open('/?edit');
    await home.tool('air-quality', 'settings').click();
    await page.locator('#field-setting-place').fill('Gent');
    await page.locator('#save').click();
    await expect(home.card('air-quality').locator('header p')).toHaveText('Gent');
    await home.open('/');
    await home.welcome('Leuven');
    await expect(home.card('road-works').locator('header p')).toHaveText('Leuven');
    await expect(home.card('air-quality').locator('header p')).toHaveText('Gent');
  });
});

test('cards of interest come first, the others keep their order', async ({ home }) => {
  await home.open('/');
  const before = await home.order();
  const theme = (widget) => home.card(widget).getAttribute('data-theme');
  const themes = Object.fromEntries(await Promise.all(before.map(async (widget) => [widget, await theme(widget)])));
  const chosen = ['council-and-law', 'family-and-school'];
  const matters = (widget) => chosen.includes(themes[widget]);
  const expected = [...before.filter(matters), ...before.filter((widget) => !matters(widget))];
  expect(expected).not.toEqual(before);
  await home.welcome('', chosen);
  await home.expectOrder(expected);
});

test('the welcome can be skipped permanently', async ({ home, page }) => {
  await home.open('/');
  const before = await home.order();
  await page.locator('#welcome-skip').click();
  await expect(page.locator('form[data-action="welcome"]')).toHaveCount(0);
  await home.open('/');
  await expect(page.locator('form[data-action="welcome"]')).toHaveCount(0);
  expect(await home.order()).toEqual(before);
});

test('the welcome can be answered again, with a correction', async ({ home, page, words }) => {
  await home.open('/');
  await home.welcome('1850', ['council-and-law']);
  await page.locator('.today .where').click();
  await expect(page).toHaveURL(/\/welcome$/);
  await expect(page.locator('#place')).toHaveValue('1850 Grimbergen');
  await expect(page.locator('input[value="council-and-law"]')).toBeChecked();

  await page.locator('#place').fill('Zweinstein');
  const [answer] = await Promise.all([posted(page), page.locator('#welcome-save').click()]);
  expect(answer.status()).toBe(422);
  await expect(page.locator('#place-problem')).toBeVisible();
  await expect(page.locator('#place')).toHaveValue('Zweinstein');
  await page.locator('#place').fill('9300');
  await page.locator('#welcome-save').click();
  await home.expectSaid(words('done-welcome', { place: 'Aalst' }));

  // Leaving the page changes nothing.
  await home.open('/welcome');
  await page.locator('#place').fill('Gent');
  await page.locator('#place').blur();
  await page.locator('#welcome-skip').click();
  await expect(page.locator('.today .where')).toContainText('Aalst');
});

test('the municipality is named in the citizen’s language', async ({ home, page }) => {
  await home.open('/');
  await home.welcome('Luik');
  await expect(page.locator('.today .where')).toContainText('Luik');
  await page.locator('details.menu summary').click();
  await page.locator('button[name="language"][value="fr"]').click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'fr');
  await expect(page.locator('.today .where')).toContainText('Liège');
  await expect(page.locator('#edit')).toContainText(say('fr', 'board-edit'));
});
