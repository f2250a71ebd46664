// Nothing hangs over the edge, on any page, at any width.

import { expect, test } from './support/test.js';
import { STATES, everyFault, unfold } from './support/pages.js';

const WIDTHS = [320, 360, 440, 640, 768, 1000, 1440, 1920];

async function overflows(page, name) {
  const found = [];
  await unfold(page);
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    const { scrollWidth, clientWidth, culprits } = await page.evaluate(() => {
      const { scrollWidth } = document.scrollingElement;
      const { clientWidth } = document.documentElement;
      const culprits = [...document.querySelectorAll('body *')]
        .filter((element) => element.getBoundingClientRect().right > clientWidth + 1)
        .slice(-3)
        .map((element) => element.outerHTML.slice(0, 120));
      return { scrollWidth, clientWidth, culprits };
    });
    if (scrollWidth > clientWidth) found.push(`${name} at ${width}: ${scrollWidth} wide in ${clientWidth}, for instance ${culprits.join(' and ')}`);
  }
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

test.describe('with hurt services', () => {
  test.use({ sources: 'gateway' });

  test('a board of apologies fits', async ({ home, page, standIn }) => {
    everyFault(standIn);
    await home.open('/?edit');
    const found = await overflows(page, '/?edit with hurt services');
    expect(found, found.join('\n')).toEqual([]);
  });

  test('a word without end fits', async ({ home, page, standIn }) => {
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
      standIn.fault(host, 'replace', { from: word, to: word.replace('-', '').repeat(12) });
    }
    await home.open('/');
    await home.welcome('1850');
    for (const word of Object.values(long)) {
      await expect(page.locator('#cards'), word).toContainText(word.replace('-', '').repeat(3));
    }
    const found = await overflows(page, '/ with a word without end');
    expect(found, found.join('\n')).toEqual([]);
  });
});
