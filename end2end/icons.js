// Draws the icons of the installed application from our own SVG: `node icons.js`, or `make icons`.
// The PNG files are committed.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';

const PUBLIC = fileURLToPath(new URL('../public/', import.meta.url));
const ICONS = [
  ['favicon.svg', 'icon-192.png', 192],
  ['favicon.svg', 'icon-512.png', 512],
  // Systems crop these to their own shape: the background fills the image.
  ['icon-maskable.svg', 'icon-maskable-512.png', 512],
  ['icon-maskable.svg', 'apple-touch-icon.png', 180],
];

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox'] });
try {
  for (const [from, to, side] of ICONS) {
    const drawing = await readFile(PUBLIC + from, 'utf8');
    const page = await browser.newPage({ viewport: { width: side, height: side } });
    await page.setContent(`<!DOCTYPE html><style>body{margin:0}svg{display:block;height:${side}px;width:${side}px}</style>${drawing}`);
    await writeFile(PUBLIC + to, await page.screenshot({ omitBackground: true }));
    await page.close();
  }
} finally {
  await browser.close();
}
