// No page overflows at any width.

import { expect, test } from './support/test.js';
import { manifests } from './support/manifests.js';
import { STATES, everyFault, unfold } from './support/pages.js';

const WIDTHS = [320, 360, 768, 1280, 1920];
/** Width in pixels and text size in percent, up to the largest text-only zoom of browsers. */
const LARGE_TEXT = [[768, 200], [1280, 200]];

/** The elements that overflow the window or are cut off in their own box. */
function look() {
  const { scrollWidth } = document.scrollingElement;
  const { clientWidth } = document.documentElement;
  const all = [...document.querySelectorAll('body *')];
  // Elements that are clipped entirely are for screen readers.
  const hidden = (element) =>
    element !== null && (getComputedStyle(element).clipPath !== 'none' || element.matches('.skip') || hidden(element.parentElement));
  const over = all.filter((element) => element.getBoundingClientRect().right > clientWidth + 1 && !hidden(element));
  const cut = all.filter(
    (element) =>
      element.scrollWidth > element.clientWidth + 1 &&
      element.innerText?.trim() &&
      ['hidden', 'clip'].includes(getComputedStyle(element).overflowX) &&
      !hidden(element) &&
      !element.matches('.hall'),
  );
  const outline = (elements) => elements.slice(-3).map((element) => element.outerHTML.slice(0, 120));
  return { scrollWidth, clientWidth, culprits: outline(over), cut: outline(cut) };
}

async function overflows(page, name) {
  const found = [];
  await unfold(page);
  for (const [width, text] of [...WIDTHS.map((width) => [width, 100]), ...LARGE_TEXT]) {
    await page.setViewportSize({ width, height: 900 });
    await page.evaluate((percent) => (document.documentElement.style.fontSize = percent === 100 ? '' : `${percent}%`), text);
    const { scrollWidth, clientWidth, culprits, cut } = await page.evaluate(look);
    const where = `${name} at ${width}, text at ${text} %`;
    if (scrollWidth > clientWidth) found.push(`${where}: ${scrollWidth} wide in ${clientWidth}, for instance ${culprits.join(' and ')}`);
    if (cut.length > 0) found.push(`${where}: cut off: ${cut.join(' and ')}`);
  }
  await page.evaluate(() => (document.documentElement.style.fontSize = ''));
  await page.setViewportSize({ width: 1280, height: 900 });
  return found;
}

for (const [group, states] of Object.entries(STATES)) {
  test(`${group}: every page fits`, async ({ home, page }) => {
    test.slow();
    const found = [];
    for (const [name, go] of states) {
      await go(home);
      found.push(...(await overflows(page, name)));
    }
    expect(found, found.join('\n')).toEqual([]);
  });
}

test.describe('on a small phone with letters of twice the size', () => {
  test.use({ serverOptions: async ({}, use) => use(['--visits-per-minute', '0']) });

  test('the card of every widget fits', async ({ home, page }) => {
    test.slow();
    await page.setViewportSize({ width: 320, height: 900 });
    const found = [];
    for (const id of manifests().keys()) {
      await home.open(`/catalogue/${id}`);
      await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
      const { scrollWidth, clientWidth, culprits, cut } = await page.evaluate(look);
      if (scrollWidth > clientWidth) found.push(`${id}: ${scrollWidth} wide, for instance ${culprits.join(' and ')}`);
      if (cut.length > 0) found.push(`${id}: cut off: ${cut.join(' and ')}`);
    }
    expect(found, found.join('\n')).toEqual([]);
  });
});

test.describe('in German, which has the longest words', () => {
  test.use({ locale: 'de-BE' });

  test('the main pages fit', async ({ home, page }) => {
    const found = [];
    for (const path of ['/', '/?edit', '/catalogue', '/catalogue/vehicle-inspection', '/welcome', '/services', '/privacy']) {
      await home.open(path);
      found.push(...(await overflows(page, path)));
    }
    expect(found, found.join('\n')).toEqual([]);
  });
});

test.describe('with failing services', () => {
  test.use({ sources: 'gateway' });

  test('a board of failed cards fits', async ({ home, page, standIn }) => {
    await everyFault(standIn);
    await home.open('/?edit');
    const found = await overflows(page, '/?edit with failing services');
    expect(found, found.join('\n')).toEqual([]);
  });

  test('a very long word fits', async ({ home, page, standIn }) => {
    const long = {
      'api.irail.be': 'Mechelen',
      'data.stad.gent': 'Vrijdagmarkt',
      'lokaalbeslist.vlaanderen.be': 'fietsstraat',
      'openholidaysapi.org': 'Kerst',
      'download.waterinfo.be': 'Vilvoorde',
      'geo.api.vlaanderen.be': 'Wolvertemsesteenweg',
      'feeds.meteoalarm.org': 'West-Vlaanderen',
    };
    for (const [host, word] of Object.entries(long)) {
      await standIn.fault(host, 'replace', { from: word, to: word.replace('-', '').repeat(12) });
    }
    await home.open('/');
    await home.welcome('1850');
    await home.add('parking-ghent');
    await home.open('/');
    for (const word of Object.values(long)) {
      await expect(page.locator('#cards'), word).toContainText(word.replace('-', '').repeat(3));
    }
    const found = await overflows(page, '/ with a word without end');
    expect(found, found.join('\n')).toEqual([]);
  });
});

test.describe('at 400 %', () => {
  // A window of 1280 by 1024 pixels at a zoom of 400 %.
  test.use({ viewport: { width: 320, height: 256 }, deviceScaleFactor: 4, reducedMotion: 'reduce' });

  test('the main pages fit, and the focused element is visible', async ({ home, page }) => {
    for (const path of ['/', '/?edit', '/catalogue', '/catalogue/weather-forecast', '/privacy']) {
      await home.open(path);
      const { scrollWidth, clientWidth, culprits, cut } = await page.evaluate(look);
      expect(scrollWidth, `${path}: ${culprits.join(' and ')}`).toBeLessThanOrEqual(clientWidth);
      expect(cut, path).toEqual([]);
      for (let presses = 0; presses < 12; presses += 1) {
        await page.keyboard.press('Tab');
        const box = await page.evaluate(() => {
          const { top, bottom, left, right } = document.activeElement.getBoundingClientRect();
          return { top, bottom, left, right };
        });
        expect(box.bottom > 0 && box.top < 256 && box.right > 0 && box.left < 320, `${path}, ${presses}: ${JSON.stringify(box)}`).toBe(true);
      }
    }
  });
});
