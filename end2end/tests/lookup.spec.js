// A field with a lookup at the service: during typing, with a button, and never with a value that
// the service does not know.

import { AxeBuilder } from '@axe-core/playwright';
import { expect, onlyWithJavaScript, test } from './support/test.js';

const box = (page) => page.locator('#field-setting-station');
const kept = (page) => page.locator('input[name="setting-station.value"]');

async function openSettings(home) {
  await home.open('/?edit');
  await home.tool('train-departures', 'settings').click();
  await expect(box(home.page)).toBeVisible();
}

async function expectNothingOfAxe(page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
}

test.describe('during typing', () => {
  onlyWithJavaScript();

  test('a station is selected by keyboard alone', async ({ home, page }) => {
    await openSettings(home);
    await box(page).focus();
    await page.keyboard.type('meche');
    const options = page.getByRole('option');
    await expect(options.first()).toContainText('Mechelen');
    await expect(box(page)).toHaveAttribute('role', 'combobox');
    await expect(box(page)).toHaveAttribute('aria-expanded', 'true');
    await expect(page.locator('#announcer')).not.toHaveText('');
    await expectNothingOfAxe(page);
    await page.keyboard.press('ArrowDown');
    const first = await options.first().getAttribute('id');
    await expect(box(page)).toHaveAttribute('aria-activedescendant', first);
    await page.keyboard.press('Enter');
    await expect(options).toHaveCount(0);
    await expect(box(page)).toHaveValue(/^Mechelen/);
    await expect(kept(page)).toHaveValue(/^BE\.NMBS\./);
    await page.keyboard.press('Enter');
    await expect(home.notice).toBeVisible();
    await openSettings(home);
    await expect(box(page)).toHaveValue(/^Mechelen/);
    await expect(kept(page)).toHaveValue(/^BE\.NMBS\./);
  });

  test('Escape closes the list, and further typing clears the selection', async ({ home, page }) => {
    await openSettings(home);
    await box(page).pressSequentially('gent');
    const options = page.getByRole('option');
    await options.first().click();
    await expect(kept(page)).not.toHaveValue('');
    await box(page).pressSequentially('x');
    await expect(kept(page)).toHaveValue('');
    await box(page).press('Backspace');
    await expect(options.first()).toBeVisible();
    await box(page).press('Escape');
    await expect(options).toHaveCount(0);
    await expect(box(page)).toHaveAttribute('aria-expanded', 'false');
  });
});

test('a station is looked up with the button, selected and saved', async ({ home, page, words }) => {
  await openSettings(home);
  await box(page).fill('brus');
  await page.locator('#look-setting-station').click();
  const found = page.locator('[data-part="found"]');
  await expect(found.locator('input[type="radio"]').first()).toBeAttached();
  // axe is a script itself.
  if (home.scripts) await expectNothingOfAxe(page);
  await found.locator('label').first().click();
  await page.locator('#save').click();
  await expect(home.notice).toBeVisible();
  await openSettings(home);
  await expect(box(page)).toHaveValue(/brus/i);
  await expect(kept(page)).toHaveValue(/^BE\.NMBS\./);
  await box(page).fill('zweinstein');
  await page.locator('#look-setting-station').click();
  await expect(page.locator('#problem-setting-station')).toHaveText(words('problem-nothing-found'));
});

test('a value that the service does not know is refused', async ({ home, page }) => {
  await openSettings(home);
  const revision = await page.locator('input[name="revision"]').first().inputValue();
  const address = await page.locator('form[data-action="settings"]').getAttribute('action');
  const answer = await page.request.post(address, {
    form: { revision, 'setting-station': 'Mechelen', 'setting-station.value': 'BE.NMBS.forged', 'setting-station.searched': 'meche' },
    maxRedirects: 0,
    headers: { 'sec-fetch-site': 'same-origin' },
  });
  const body = await answer.text();
  expect(body).not.toContain('BE.NMBS.forged');
  await openSettings(home);
  await expect(kept(page)).not.toHaveValue('BE.NMBS.forged');
});
