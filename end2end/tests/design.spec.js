// docs/DESIGN.md has the current colours, and every text is readable on every background.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DOCUMENT, LOOKS, contrasts, renewed, tokens } from '../contrast.js';
import { expect, onlyOnce, test } from './support/test.js';

onlyOnce();

test('every text has a contrast of 4.5:1 on its backgrounds, and of 7:1 in high contrast', () => {
  const { texts, lines } = contrasts();
  const weak = [...texts, ...lines].flatMap(({ text, ground, asked, ratio }) =>
    LOOKS.filter((look) => !(ratio[look] >= asked[look])).map((look) => `${text} on ${ground}, ${look}: ${ratio[look]}`),
  );
  expect(weak).toEqual([]);
  expect(texts.length).toBeGreaterThan(40);
});

test('the document has the current tokens, and its pictures exist', () => {
  const document = readFileSync(DOCUMENT, 'utf8');
  expect(document, 'write it again: node end2end/contrast.js').toBe(renewed(document));
  for (const [name] of tokens()) expect(document).toContain(`\`--${name}\``);
  const pictures = [...document.matchAll(/\]\((pictures\/[^)]+)\)/g)].map(([, path]) => path);
  expect(pictures.length).toBeGreaterThan(8);
  for (const path of pictures) expect(existsSync(join(dirname(DOCUMENT), path)), path).toBe(true);
});

test('the browser resolves each colour as documented', async ({ home, page }) => {
  await home.open('/');
  const all = tokens().filter(([, values]) => values.light.startsWith('#'));
  for (const look of LOOKS) {
    const strong = look === 'white' || look === 'black';
    const dark = look === 'dark' || look === 'black';
    // Once by the system's setting, once by the citizen's choice.
    for (const chosen of [false, true]) {
      await page.emulateMedia({ contrast: strong && !chosen ? 'more' : 'no-preference', colorScheme: dark === (strong || !chosen) ? 'dark' : 'light' });
      await page.evaluate((value) => document.documentElement.toggleAttribute('data-look', value !== null) && document.documentElement.setAttribute('data-look', value), chosen ? (strong ? 'contrast' : look) : null);
      const shown = await page.evaluate(
        (names) => {
          const probe = document.body.appendChild(document.createElement('i'));
          const colours = names.map((name) => {
            probe.style.color = `var(--${name})`;
            return getComputedStyle(probe).color;
          });
          probe.remove();
          return colours;
        },
        all.map(([name]) => name),
      );
      const hex = (colour) => `#${colour.match(/\d+/g).map((part) => Number(part).toString(16).padStart(2, '0')).join('')}`;
      const full = (colour) => (colour.length === 4 ? `#${[...colour.slice(1)].map((digit) => digit + digit).join('')}` : colour);
      expect(Object.fromEntries(all.map(([name], at) => [name, hex(shown[at])])), `${look}, ${chosen}`).toEqual(
        Object.fromEntries(all.map(([name, values]) => [name, full(values[look])])),
      );
    }
  }
});
