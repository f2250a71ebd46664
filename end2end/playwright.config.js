// Every test runs twice, with JavaScript and without, in the Chromium of the system; nothing is downloaded.

import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { defineConfig } from '@playwright/test';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const FOLDERS = (process.env.PATH ?? '').split(delimiter);
const found = NAMES.flatMap((name) => FOLDERS.map((folder) => join(folder, name))).find((path) => existsSync(path));
const executablePath = process.env.CHROMIUM || found;
if (!executablePath) {
  throw new Error('Chromium is missing: install it (Debian: apt-get install chromium), or say where it is with CHROMIUM=/path');
}

export default defineConfig({
  testDir: 'tests',
  outputDir: '../target/end2end',
  fullyParallel: true,
  workers: 2,
  // One test in hundreds can miss its moment on a machine that does other work; what fails twice is a fault. The first failure is reported.
  retries: 1,
  forbidOnly: !!process.env.CI,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    launchOptions: {
      executablePath,
      // As root Chromium needs the first; the others keep it from talking to hosts of its own.
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
