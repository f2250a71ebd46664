// The settings of a card: errors are shown at their fields, typed text stays, and a correction is
// saved.

import { manifests } from './support/manifests.js';
import { expect, test } from './support/test.js';

const name = (widget) => manifests().get(widget).name.nl;
const posted = (page) =>
  page.waitForResponse((response) => response.request().method() === 'POST' && response.url().endsWith('/settings'));

async function openSettings(home, widget) {
  await home.open('/?edit');
  await home.tool(widget, 'settings').click();
  await expect(home.page.locator('form[data-action="settings"]')).toBeVisible();
}

/** Sends the form. Returns the status of the response. */
async function save(page) {
  const [answer] = await Promise.all([posted(page), page.locator('#save').click()]);
  return answer.status();
}

test('a number out of bounds is corrected with a decimal comma', async ({ home, page, words }) => {
  await openSettings(home, 'road-works');
  await home.mark();
  const radius = page.locator('#field-setting-radius');
  await expect(radius).toHaveValue('2');
  await expect(page.locator('#hint-setting-radius')).toHaveText(words('settings-between', { least: '0,5', most: '10', unit: 'km' }));
  await radius.fill('99');
  expect(await save(page)).toBe(422);

  const problem = page.locator('#problem-setting-radius');
  await expect(problem).toHaveText(words('problem-out-of-bounds', { least: '0,5', most: '10' }));
  await expect(radius).toHaveValue('99');
  await expect(radius).toHaveAttribute('aria-invalid', 'true');
  await expect(radius).toHaveAttribute('aria-describedby', /(^| )problem-setting-radius( |$)/);
  // The error is part of the field, above the input.
  const field = page.locator('.field', { has: radius });
  await expect(field.locator('.problem')).toBeVisible();
  await expect(home.notice).toHaveAttribute('role', 'alert');
  await expect(home.notice.locator('a')).toHaveAttribute('href', '#field-setting-radius');
  if (home.scripts) await expect(home.notice).toBeFocused();

  await radius.fill('1,5');
  await page.locator('#save').click();
  await home.expectSaid(words('done-settings', { card: name('road-works') }));
  await home.expectNoReload();
  await openSettings(home, 'road-works');
  await expect(radius).toHaveValue(/^1[.,]5$/);
});

test('several errors are all reported, and all typed text stays', async ({ home, page, words }) => {
  await openSettings(home, 'road-works');
  await home.mark();
  await page.locator('#field-setting-place').fill('Zweinstein');
  await page.locator('#field-setting-radius').fill('ver');
  expect(await save(page)).toBe(422);
  await expect(page.locator('#problem-setting-place')).toBeVisible();
  await expect(page.locator('#problem-setting-radius')).toHaveText(words('problem-not-a-number'));
  await expect(page.locator('#field-setting-place')).toHaveValue('Zweinstein');
  await expect(page.locator('#field-setting-radius')).toHaveValue('ver');
  await expect(home.notice.locator('li')).toHaveCount(2);
  // A link in the summary focuses the field.
  await home.notice.locator('a').last().click();
  await expect(page.locator('#field-setting-radius')).toBeFocused();
  await page.locator('#field-setting-radius').fill('4');
  await home.notice.locator('a').first().click();
  await expect(page.locator('#field-setting-place')).toBeFocused();
  await expect(page.locator('#field-setting-place')).toHaveValue('Zweinstein');
  await expect(page.locator('#field-setting-radius')).toHaveValue('4');
  await home.expectNoReload();
});

test('typed text is shown as text, never as markup', async ({ home, page }) => {
  await openSettings(home, 'train-departures');
  const hostile = '"><script>alert(1)</script>';
  await page.locator('#field-setting-station').fill(hostile);
  // No station has that name, so it is not saved; it stays in the field.
  expect(await save(page)).toBe(422);
  await expect(page.locator('#field-setting-station')).toHaveValue(hostile);
  await expect(page.locator('main script')).toHaveCount(0);
});

test('a card without a required setting says so, and a licence plate is corrected after an error', async ({ home, page, words }) => {
  await home.add('vehicle-inspection');
  const card = home.card('vehicle-inspection');
  await expect(card).toHaveAttribute('data-state', 'needs-settings');
  await expect(card).toContainText(words('state-needs-setting', { field: 'Nederlands kenteken' }));
  await card.locator('a.act').click();

  const plate = page.locator('#field-setting-plate');
  expect(await save(page)).toBe(422);
  await expect(page.locator('#problem-setting-plate')).toHaveText(words('problem-missing'));
  await plate.fill('auto!');
  expect(await save(page)).toBe(422);
  await expect(page.locator('#problem-setting-plate')).toHaveText(words('problem-not-a-plate'));
  await expect(plate).toHaveValue('auto!');
  await plate.fill('12-abc-3');
  await page.locator('#save').click();
  await expect(card).toHaveAttribute('data-state', 'fresh');
  await expect(card.locator('header p')).toHaveText('12ABC3');
  await home.expectSaid(words('done-settings', { card: name('vehicle-inspection') }));
});

test('a cleared checkbox stays cleared, a choice stays selected', async ({ home, page }) => {
  await openSettings(home, 'holidays');
  const school = page.locator('#field-setting-school');
  await expect(school).toBeChecked();
  await page.locator('label.chip', { has: school }).click();
  await home.chip('BE-FR').click();
  expect(await save(page)).toBeLessThan(400);
  await openSettings(home, 'holidays');
  await expect(school).not.toBeChecked();
  await expect(page.locator('input[value="BE-FR"]')).toBeChecked();
});

test('an optional setting can be cleared', async ({ home, page }) => {
  await openSettings(home, 'air-quality');
  await page.locator('#field-setting-place').fill('Gent');
  expect(await save(page)).toBeLessThan(400);
  await openSettings(home, 'air-quality');
  await expect(page.locator('#field-setting-place')).toHaveValue('9000 Gent');
  await page.locator('#field-setting-place').fill('');
  expect(await save(page)).toBeLessThan(400);
  await openSettings(home, 'air-quality');
  await expect(page.locator('#field-setting-place')).toHaveValue('');
});

test('leaving without saving changes nothing, and saving can be undone', async ({ home, page }) => {
  await openSettings(home, 'road-works');
  await page.locator('#field-setting-radius').fill('3');
  await page.locator('#cancel').click();
  await openSettings(home, 'road-works');
  await expect(page.locator('#field-setting-radius')).toHaveValue('2');
  await page.locator('#field-setting-radius').fill('3');
  await page.locator('#save').click();
  await page.locator('#undo-last').click();
  await expect(page.locator('#undo-last')).toHaveCount(0);
  await openSettings(home, 'road-works');
  await expect(page.locator('#field-setting-radius')).toHaveValue('2');
});

test('the settings of a removed card are an error page', async ({ home }) => {
  const answer = await home.open('/cards/no-such-card/settings');
  expect(answer.status()).toBe(404);
});

test.describe('over the gateway', () => {
  test.use({ sources: 'gateway' });

  test('the request is made from the settings', async ({ home, page, standIn }) => {
    await openSettings(home, 'road-works');
    await standIn.reset();
    await page.locator('#field-setting-place').fill('1850');
    await page.locator('#field-setting-radius').fill('1,5');
    await page.locator('#save').click();
    await expect(home.card('road-works').locator('header p')).toHaveText('Grimbergen');
    const line = Object.keys((await standIn.calls()).requests).find((one) => one.includes('/INNAME_PUNT/'));
    const [west, south, east, north] = new URL(line.split(' ')[1], 'http://stand-in').searchParams.get('bbox').split(',').map(Number);
    expect(north - south).toBeCloseTo((2 * 1.5) / 111.2, 3);
    expect(east - west).toBeCloseTo((2 * 1.5) / 69, 3);
    expect(south).toBeGreaterThan(50.8);
    expect(north).toBeLessThan(51.1);
  });

  test('a licence plate is sent to its service and stored only in the settings', async ({ home, page, standIn, voordeur }) => {
    await home.add('vehicle-inspection');
    await home.card('vehicle-inspection').locator('a.act').click();
    await page.locator('#field-setting-plate').fill('12-ABC-3');
    await page.locator('#save').click();
    await expect(home.card('vehicle-inspection')).toHaveAttribute('data-state', 'fresh');
    const told = Object.keys((await standIn.calls()).requests).filter((line) => line.includes('12ABC3'));
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('opendata.rdw.nl');
    expect(voordeur.log.filter((line) => line.includes('12ABC3')), 'the log of the server').toEqual([]);
    expect(voordeur.responsesWith('12ABC3'), 'answers on disk').toEqual([]);
    expect(voordeur.responsesWith('Vrijdagmarkt'), 'answers without anything personal are kept').toHaveLength(1);
  });
});
