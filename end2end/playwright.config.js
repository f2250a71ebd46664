// Every test runs twice, with JavaScript and without, in the Chromium of the system; nothing is downloaded.

import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

const CHROMIUM = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].map((name) => `/usr/bin/${name}`);
const executablePath = process.env.CHROMIUM ?? CHROMIUM.find((path) => existsSync(path));
if (!executablePath) {
  throw new Error('Chromium is missing: install it (Debian: apt-get install chromium), or say where it is with CHROMIUM=/path');
}

export default defineConfig({
  testDir: 'tests',
  outputDir: '../target/end2end',
  fullyParallel: true,
  workers: 2,
  retries: 0,
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
