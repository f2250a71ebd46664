// What every test gets: a server of its own, a stand-in for the services when it wants one, and a watch over what the browser does.

import { test as base, expect } from '@playwright/test';
import { startStandIn } from '../../stand-in/server.js';
import { Home } from './home.js';
import { Voordeur } from './voordeur.js';
import { say } from './words.js';

export { expect };

/** What Chromium writes when an answer is a refusal; a refusal is no fault of the page. */
const REFUSED = /^Failed to load resource: the server responded with a status of (4\d\d)/;

/** What it writes when the test has stopped the server. */
const STOPPED = /^Failed to load resource: net::ERR_(CONNECTION|EMPTY_RESPONSE|SOCKET)/;

export const test = base.extend({
  /** `samples` or `gateway`: where cards get their answers. */
  sources: ['samples', { option: true }],
  /** What the browser may complain about in this test. */
  tolerated: [[], { option: true }],

  /** What else the server is told. */
  serverOptions: async ({}, use) => use([]),

  standIn: async ({}, use) => {
    const standIn = await startStandIn();
    await use(standIn);
    await standIn.stop();
  },

  voordeur: async ({ sources, serverOptions, standIn }, use, info) => {
    const voordeur = new Voordeur(sources === 'gateway' ? `gateway=${standIn.url}` : sources, serverOptions);
    try {
      await voordeur.start();
      await use(voordeur);
      if (info.status !== info.expectedStatus) {
        await info.attach('log of the server', { body: voordeur.log.join('\n'), contentType: 'text/plain' });
      }
    } finally {
      await voordeur.close();
    }
  },

  baseURL: async ({ voordeur }, use) => use(voordeur.url),

  /** The browser talks to this server only, and no script of the page fails. */
  context: async ({ context, voordeur, tolerated, javaScriptEnabled }, use) => {
    const foreign = [];
    const complaints = [];
    const tolerates = (words) =>
      tolerated.some((pattern) => pattern.test(words)) || (voordeur.wasStopped && STOPPED.test(words));
    context.on('request', (request) => {
      const url = new URL(request.url());
      if (url.protocol.startsWith('http') && url.origin !== voordeur.url) foreign.push(request.url());
    });
    context.on('weberror', (error) => complaints.push(String(error.error().stack ?? error.error())));
    context.on('console', (message) => {
      const words = message.text();
      // Without JavaScript Chromium warns that it does not use the scripts it loaded.
      const kinds = javaScriptEnabled === false ? ['error'] : ['error', 'warning'];
      if (kinds.includes(message.type()) && !REFUSED.test(words)) complaints.push(words);
    });
    await use(context);
    expect(foreign.filter((url) => !tolerates(url)), 'requests to other servers').toEqual([]);
    expect(complaints.filter((words) => !tolerates(words)), 'complaints of the browser').toEqual([]);
  },

  /** The page, as the citizen uses it. */
  home: async ({ page, javaScriptEnabled }, use) => use(new Home(page, javaScriptEnabled !== false)),

  /** Words of the interface in the language of the browser. */
  words: async ({ locale }, use) => use((key, variables) => say(locale.slice(0, 2), key, variables)),
});

/** For tests of what only JavaScript does. */
export function onlyWithJavaScript() {
  test.skip(({ javaScriptEnabled }) => javaScriptEnabled === false, 'only with JavaScript');
}

/** For tests that say the same in both projects. */
export function onlyOnce() {
  test.skip(({ javaScriptEnabled }) => javaScriptEnabled === false, 'says the same without JavaScript');
}
