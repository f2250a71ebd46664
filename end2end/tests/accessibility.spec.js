// axe finds no violation on any page, in any state and theme.

import { AxeBuilder } from '@axe-core/playwright';
import { expect, onlyOnce, test } from './support/test.js';
import { STATES, everyFault, unfold } from './support/pages.js';

onlyOnce();
test.use({ reducedMotion: 'reduce' });

const THEMES = [
  ['light', { colorScheme: 'light', contrast: 'no-preference' }],
  ['dark', { colorScheme: 'dark', contrast: 'no-preference' }],
];
/** The rules of axe that look at colours. */
const COLOURS = ['color-contrast', 'link-in-text-block'];
const MORE_CONTRAST = [
  ['light with more contrast', { colorScheme: 'light', contrast: 'more' }],
  ['dark with more contrast', { colorScheme: 'dark', contrast: 'more' }],
];

/**
 * Look, density, width, and the colour scheme of the system: each look in both densities or both
 * schemes, each width in some of them.
 */
const CHOSEN = [
  ['light', 'dense', 320, 'dark'],
  ['dark', 'roomy', 768, 'light'],
  ['contrast', 'dense', 1280, 'light'],
  ['contrast', 'roomy', 320, 'dark'],
  [null, 'dense', 1920, 'dark'],
];
const MAIN = ['/', '/?edit', '/catalogue', '/catalogue/road-works', '/accessibility', '/privacy', '/no-such-page'];

async function violations(page, name, themes) {
  const found = [];
  await unfold(page);
  for (const [index, [theme, media]] of themes.entries()) {
    await page.emulateMedia(media);
    const axe = new AxeBuilder({ page });
    // Another theme changes colours, and nothing else.
    if (index > 0) axe.withRules(COLOURS);
    const results = await axe.analyze();
    expect(results.passes.length, `${name}: axe tries something`).toBeGreaterThan(index > 0 ? 0 : 10);
    for (const violation of results.violations) {
      for (const node of violation.nodes) {
        found.push(`${name}, ${theme}: ${violation.id} (${violation.help}): ${node.html.slice(0, 160)}\n    ${node.failureSummary}`);
      }
    }
  }
  return found;
}

for (const [group, states] of Object.entries(STATES)) {
  test(`${group}: every page, light and dark`, async ({ home, page }) => {
    // Dozens of pages, each checked twice.
    test.setTimeout(720_000);
    const found = [];
    for (const [name, go] of states) {
      await go(home);
      found.push(...(await violations(page, name, THEMES)));
    }
    expect(found, found.join('\n')).toEqual([]);
  });
}

test('the main pages with more contrast, and narrow', async ({ home, page }) => {
  test.slow();
  const found = [];
  for (const path of ['/', '/?edit', '/catalogue', '/catalogue/air-quality']) {
    await home.open(path);
    found.push(...(await violations(page, path, MORE_CONTRAST)));
  }
  await page.setViewportSize({ width: 360, height: 800 });
  for (const path of ['/', '/?edit', '/catalogue']) {
    await home.open(path);
    found.push(...(await violations(page, `${path} on a phone`, THEMES)));
  }
  expect(found, found.join('\n')).toEqual([]);
});

for (const [look, density, width, colorScheme] of CHOSEN) {
  test(`the main pages as chosen: ${look ?? 'as the system'} on ${colorScheme}, ${density}, ${width} wide`, async ({ home, page }) => {
    test.slow();
    await page.setViewportSize({ width, height: 900 });
    await home.open('/');
    await home.look(look ?? 'system');
    await home.look(density);
    const found = [];
    for (const path of MAIN) {
      await home.open(path);
      expect(await page.locator('html').getAttribute('data-look')).toBe(look);
      expect(await page.locator('html').getAttribute('data-density')).toBe(density === 'dense' ? 'dense' : null);
      found.push(...(await violations(page, path, [[`${look}, ${density}`, { colorScheme, contrast: 'no-preference' }]])));
    }
    expect(found, found.join('\n')).toEqual([]);
  });
}

for (const locale of ['fr-BE', 'de-BE', 'en-GB']) {
  test.describe(`in ${locale}`, () => {
    test.use({ locale });

    test('the main pages', async ({ home, page }) => {
      test.slow();
      const found = [];
      for (const path of ['/', '/?edit', '/catalogue', '/welcome']) {
        await home.open(path);
        found.push(...(await violations(page, path, [THEMES[0]])));
      }
      expect(found, found.join('\n')).toEqual([]);
    });
  });
}

test.describe('with failing services', () => {
  test.use({ sources: 'gateway' });

  test('every state of a card', async ({ home, page, standIn, voordeur }) => {
    test.slow();
    await home.open('/');
    await voordeur.stop();
    voordeur.age(2 * 24 * 3600_000);
    await everyFault(standIn);
    await voordeur.start();
    // This place has earlier data: stale. The other place has none: waiting and unavailable.
    await home.add('vehicle-inspection');
    await home.open('/');
    for (const widget of ['parking-ghent', 'air-quality']) await expect(home.card(widget)).toHaveAttribute('data-state', 'stale');
    await expect(home.card('vehicle-inspection')).toHaveAttribute('data-state', 'needs-settings');
    const found = await violations(page, 'stale', THEMES);

    // The check has opened the menus, which lie above the questions.
    await home.open('/');
    await home.welcome('5000');
    await home.open('/?edit');
    await home.tool('train-departures', 'settings').click();
    await page.locator('#field-setting-station').fill('mechelen');
    await page.locator('#save').click();
    await expect(page.locator('#undo-last')).toBeVisible();
    await page.locator('details.menu summary').click();
    await page.locator('button[name="language"][value="fr"]').click();
    await expect(page.locator('html')).toHaveAttribute('lang', 'fr');
    await home.alive();
    await expect(home.card('air-quality')).toHaveAttribute('data-state', 'unavailable');
    await expect(home.card('train-departures')).toHaveAttribute('data-state', 'waiting');
    found.push(...(await violations(page, 'waiting and unavailable', THEMES)));
    await home.open('/services');
    found.push(...(await violations(page, '/services', THEMES)));
    expect(found, found.join('\n')).toEqual([]);
  });
});
