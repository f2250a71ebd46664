// Every test runs twice, with and without JavaScript, in the system's Chromium.

import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { defineConfig } from '@playwright/test';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const FOLDERS = (process.env.PATH ?? '').split(delimiter);
const found = NAMES.flatMap((name) => FOLDERS.map((folder) => join(folder, name))).find((path) => existsSync(path));
const executablePath = process.env.CHROMIUM || found;
if (!executablePath) {
  throw new Error('Chromium is missing: install it (Debian: apt-get install chromium), or set CHROMIUM=/path');
}

export default defineConfig({
  testDir: 'tests',
  outputDir: '../target/end2end',
  fullyParallel: true,
  workers: 2,
  // On a busy machine one test in hundreds times out. A test that fails twice has failed; the first
  // failure is reported.
  retries: 1,
  forbidOnly: !!process.env.CI,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    launchOptions: {
      executablePath,
      // Chromium needs the first as root; the others stop its background requests.
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
    locale: 'nl-BE',
    timezoneId: 'Europe/Brussels',
    viewport: { width: 1280, height: 900 },
    actionTimeout: 10_000,
    navigationTimeout: 20_000,
    trace: 'off',
    screenshot: 'only-on-failure',
  },
  projects: [
    { name: 'with-javascript' },
    { name: 'without-javascript', use: { javaScriptEnabled: false } },
  ],
});
