// The application can be installed: the files of its manifest exist and are as described.

import { expect, onlyOnce, test } from './support/test.js';

onlyOnce();

/** The width and height in the header of a PNG. */
function sides(png) {
  expect(png.subarray(1, 4).toString(), 'a PNG').toBe('PNG');
  return `${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`;
}

test('every icon of the manifest is served with its type and size', async ({ request }) => {
  const answer = await request.get('/manifest.webmanifest');
  expect(answer.headers()['content-type']).toBe('application/manifest+json');
  const manifest = await answer.json();
  const icons = [...manifest.icons, ...manifest.shortcuts.flatMap((shortcut) => shortcut.icons)];
  for (const { src, type, sizes } of icons) {
    const icon = await request.get(src);
    expect(icon.status(), src).toBe(200);
    expect(icon.headers()['content-type'], src).toBe(type);
    if (type === 'image/png') expect(sides(await icon.body()), src).toBe(sizes);
    else expect(await icon.text(), src).toMatch(/^<svg /);
  }
  for (const [size, purpose] of [['192x192', 'any'], ['512x512', 'any'], ['512x512', 'maskable']]) {
    expect(manifest.icons.some((icon) => icon.sizes === size && icon.purpose === purpose), `${size} ${purpose}`).toBe(true);
  }
  for (const { url } of [...manifest.shortcuts, { url: manifest.start_url }]) {
    expect((await request.get(url)).status(), url).toBe(200);
  }
});

test('the page links to the manifest, and to the icon for systems without manifests', async ({ home, page, request }) => {
  await home.open('/');
  await expect(page.locator('link[rel="manifest"]')).toHaveAttribute('href', '/manifest.webmanifest');
  const apple = await page.locator('link[rel="apple-touch-icon"]').getAttribute('href');
  const icon = await request.get(apple);
  expect(icon.headers()['content-type']).toBe('image/png');
  expect(sides(await icon.body())).toBe('180x180');
});
