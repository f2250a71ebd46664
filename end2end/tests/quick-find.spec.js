// Quick find: a page without JavaScript, a dialog with it, both usable by keyboard alone.

import { AxeBuilder } from '@axe-core/playwright';
import { expect, onlyWithJavaScript, test } from './support/test.js';

const shown = (page, group) =>
  page.locator(`[data-group="${group}"] li:visible a`).evaluateAll((links) => links.map((link) => link.getAttribute('href')));

test('the page finds cards, widgets and settings', async ({ home, page, words }) => {
  await home.open('/find');
  expect(await shown(page, 'cards')).toContain('/#title-first-train-departures');
  await page.locator('#find-query').fill('Tréin');
  await page.locator('#find-query').press('Enter');
  await expect(page).toHaveURL(/\/find\?q=/);
  await expect.poll(() => shown(page, 'cards')).toEqual(['/#title-first-train-departures']);
  expect(await shown(page, 'widgets')).toContain('/catalogue/train-departures');
  await expect(page.locator('[data-group="settings"]')).toHaveCount(0);

  await home.open('/find?q=verhuizen');
  expect(await shown(page, 'settings')).toEqual(['/welcome']);
  expect(await shown(page, 'widgets')).toEqual(['/catalogue/town-hall']);
  await expect(page.locator('.count')).toHaveText('2 gevonden');

  await home.open('/find?q=xyzzy');
  await expect(page.locator('.count')).toHaveText(words('find-none'));
});

test('a found card gets the focus', async ({ home, page }) => {
  await home.open('/find?q=lucht');
  await page.locator('[data-group="cards"] a').first().click();
  await expect(page).toHaveURL(/\/#title-/);
  await expect(home.card('air-quality').locator('h2')).toBeFocused();
});

test('two cards of one widget are distinguished', async ({ home, page, words }) => {
  await home.add('air-quality');
  await home.open('/find?q=lucht');
  const notes = page.locator('[data-group="cards"] small');
  await expect(notes).toHaveCount(2);
  await expect(notes).toHaveText([words('find-card-number', { number: 1 }), words('find-card-number', { number: 9 })]);
});

test('every page links to the catalogue and quick find', async ({ home, page }) => {
  for (const width of [320, 440, 768, 1440]) {
    await page.setViewportSize({ width, height: 800 });
    for (const path of ['/', '/?edit', '/catalogue', '/privacy']) {
      await home.open(path);
      const links = [page.locator('header.top a[href="/find"]')];
      if (width > 432) links.push(page.locator('header.top a[href="/catalogue"]'));
      else await expect(page.locator('footer a[href="/catalogue"]')).toBeVisible();
      for (const link of links) {
        const { width: wide, height: high, x } = await link.boundingBox();
        expect(Math.min(wide, high), `${path} at ${width}`).toBeGreaterThanOrEqual(44);
        expect(x + wide, `${path} at ${width}`).toBeLessThanOrEqual(width);
      }
    }
  }
});

test('a page of the board is found, and a card on it', async ({ home, page }) => {
  await home.open('/?edit');
  await page.request.post('/pages', { form: { name: 'Mijn werk', icon: 'work' } });
  await home.open('/find?q=werk');
  const [found] = await shown(page, 'pages');
  expect(found).toMatch(/^\/\?page=/);
  await home.open(found.replace('/?', '/catalogue/earthquakes?'));
  await page.locator('#add-earthquakes').click();
  await expect(page.locator('article[data-card][data-widget="earthquakes"]')).toBeVisible();
  await home.open('/find?q=aardbevingen');
  const [card] = await shown(page, 'cards');
  expect(card.startsWith(`${found}#title-`)).toBe(true);
  await page.locator('[data-group="cards"] a').click();
  await expect(home.card('earthquakes').locator('h2')).toBeFocused();
});

test('typed text is never markup', async ({ home, page }) => {
  await home.open(`/find?q=${encodeURIComponent('"><img src=x onerror=alert(1)>')}`);
  await expect(page.locator('#find-query')).toHaveValue('"><img src=x onerror=alert(1)>');
  await expect(page.locator('img')).toHaveCount(0);
});

test.describe('without JavaScript', () => {
  test.skip(({ javaScriptEnabled }) => javaScriptEnabled !== false, 'with JavaScript there is a dialog');

  test('the button opens the page', async ({ home, page }) => {
    await home.open('/');
    await page.locator('a[data-find]').click();
    await expect(page).toHaveURL(/\/find$/);
    await expect(page.locator('#find')).toBeHidden();
    await page.locator('#find-query').fill('privacy');
    await page.keyboard.press('Enter');
    // The previous page has links in the same positions.
    await expect(page).toHaveURL(/[?&]q=privacy/);
    await page.locator('[data-group="settings"] a').click();
    await expect(page).toHaveURL(/\/privacy$/);
  });
});

test.describe('the dialog', () => {
  onlyWithJavaScript();

  const list = (page) => expect(page.locator('#find li').first()).toBeVisible();

  test('its button opens it, and closing it returns the focus', async ({ home, page }) => {
    await home.open('/');
    const button = page.locator('a[data-find]');
    await button.click();
    await expect(page.locator('#find')).toBeVisible();
    await expect(page.locator('#find-typed')).toBeFocused();
    await list(page);
    await page.keyboard.press('Escape');
    await expect(page.locator('#find')).toBeHidden();
    await expect(button).toBeFocused();
    await expect(page).toHaveURL(/\/$/);

    await button.click();
    await page.locator('#find [data-part="close"]').click();
    await expect(page.locator('#find')).toBeHidden();
    await expect(button).toBeFocused();

    // A click outside closes it, too.
    await button.click();
    await page.mouse.click(5, 5);
    await expect(page.locator('#find')).toBeHidden();
  });

  test('Ctrl+K opens it, also from within another field', async ({ home, page }) => {
    await home.open('/catalogue');
    await page.locator('#catalogue-search').fill('wa');
    await page.keyboard.press('Control+k');
    await expect(page.locator('#find-typed')).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(page.locator('#catalogue-search')).toBeFocused();
    await expect(page.locator('#catalogue-search')).toHaveValue('wa');
    await page.keyboard.press('Meta+k');
    await expect(page.locator('#find-typed')).toBeFocused();
  });

  test('by keyboard alone, typing filters, arrows select, Enter opens', async ({ home, page, words }) => {
    await home.open('/');
    await home.mark();
    await page.keyboard.press('Control+k');
    await list(page);
    await page.keyboard.type('LÚCHT');
    const links = page.locator('#find li:visible a');
    const count = await links.count();
    expect(count).toBeGreaterThan(1);
    const name = await links.first().locator('span').innerText();
    await expect(page.locator('#find [role="status"]')).toHaveText(words('find-some', { count, first: name }));
    await page.keyboard.press('ArrowDown');
    await expect(links.first()).toBeFocused();
    await page.keyboard.press('ArrowDown');
    await expect(links.nth(1)).toBeFocused();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    await expect(page.locator('#find-typed')).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.locator('#find')).toBeHidden();
    await expect(home.card('air-quality').locator('h2')).toBeFocused();
    await home.expectNoReload();
  });

  test('a setting is found by a synonym, from another page', async ({ home, page }) => {
    await home.open('/privacy');
    await home.mark();
    await page.keyboard.press('Control+k');
    await list(page);
    await page.keyboard.type('verhuizen');
    await expect(page.locator('#find li:visible')).toHaveCount(2);
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/\/welcome$/);
    await expect(page.locator('#place')).toBeVisible();
    await home.expectNoReload();
  });

  test('the choice of a language gets the focus', async ({ home, page }) => {
    await home.open('/about');
    await page.keyboard.press('Control+k');
    await list(page);
    await page.keyboard.type('Deutsch');
    // Cards about Germany are found too.
    await expect(page.locator('#find li:visible').first()).toContainText('Taal');
    await page.keyboard.press('Enter');
    await expect(page.locator('#language')).toBeFocused();
  });

  test('the best match comes first, and clearing the text restores the order', async ({ home, page }) => {
    await home.open('/');
    await page.keyboard.press('Control+k');
    await list(page);
    const all = await shown(page, 'widgets');
    await page.keyboard.type('water');
    const some = await shown(page, 'widgets');
    expect(some[0]).toBe('/catalogue/water-level');
    expect(some.length).toBeLessThan(all.length);
    await page.locator('#find-typed').fill('');
    expect(await shown(page, 'widgets')).toEqual(all);
    await page.locator('#find-typed').fill('xyzzy');
    await expect(page.locator('#find li:visible')).toHaveCount(0);
    await expect(page.locator('#find section:visible')).toHaveCount(0);
  });

  test.describe('without its list', () => {
    test.use({ tolerated: [/503 \(Service Unavailable\)/] });

    test('Enter opens the page', async ({ home, page }) => {
      await home.open('/');
      await page.route('**/find?as=list', (route) => route.fulfill({ status: 503, body: '' }));
      await page.keyboard.press('Control+k');
      await page.keyboard.type('privacy');
      await page.keyboard.press('Enter');
      await expect(page).toHaveURL(/\/find\?q=privacy$/);
      expect(await shown(page, 'settings')).toContain('/privacy');
    });
  });

  test('axe finds no violation in it', async ({ home, page }) => {
    const found = [];
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      for (const width of [320, 1280]) {
        await page.setViewportSize({ width, height: 800 });
        await home.open('/');
        await page.keyboard.press('Control+k');
        await list(page);
        for (const typed of ['', 'weer', 'xyzzy']) {
          await page.locator('#find-typed').fill(typed);
          const { violations, passes } = await new AxeBuilder({ page }).include('#find').analyze();
          expect(passes.length).toBeGreaterThan(5);
          for (const { id, nodes } of violations) found.push(`${colorScheme} ${width} “${typed}”: ${id} ${nodes[0].html}`);
          const [wide, room] = await page.locator('#find').evaluate((dialog) => [dialog.scrollWidth, dialog.clientWidth]);
          expect(wide, `${width}`).toBeLessThanOrEqual(room);
        }
      }
    }
    expect(found, found.join('\n')).toEqual([]);
  });
});

test.describe('in French', () => {
  test.use({ locale: 'fr-BE' });

  test('accents are ignored', async ({ home, page }) => {
    for (const typed of ['meteo', 'MÉTÉO']) {
      await home.open(`/find?q=${encodeURIComponent(typed)}`);
      expect(await shown(page, 'widgets')).toContain('/catalogue/weather-warnings');
    }
  });
});
