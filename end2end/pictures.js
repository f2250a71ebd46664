// Takes the pictures of docs/pictures/ on the built site: `node pictures.js`.
import { spawn } from 'node:child_process';
import { mkdtemp, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';

const root = fileURLToPath(new URL('..', import.meta.url));
const address = '127.0.0.1:3917';
const data = await mkdtemp(join(tmpdir(), 'voordeur-pictures-'));
const server = spawn(join(root, 'target/release/voordeur'), ['--addr', address, '--data', data], { cwd: root, stdio: 'ignore' });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
try {
  for (let tries = 0; ; tries += 1) {
    const ready = await fetch(`http://${address}/readyz`).then((answer) => answer.ok, () => false);
    if (ready) break;
    if (tries > 100) throw new Error('the server does not start');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await mkdir(join(root, 'docs/pictures'), { recursive: true });
  for (const [width, height, name] of [[1440, 1180, 'desktop'], [768, 1100, 'tablet'], [390, 844, 'phone']]) {
    for (const colorScheme of ['light', 'dark']) {
      const context = await browser.newContext({ viewport: { width, height }, colorScheme, locale: 'nl-BE', javaScriptEnabled: false });
      const page = await context.newPage();
      await page.goto(`http://${address}/welcome`);
      await page.fill('#place', '1850');
      await page.click('#welcome-save');
      await page.goto(`http://${address}/`);
      await page.screenshot({ path: join(root, `docs/pictures/board-${name}-${colorScheme}.png`) });
      await context.close();
    }
  }
} finally {
  await browser.close();
  server.kill();
  await rm(data, { recursive: true, force: true });
}
