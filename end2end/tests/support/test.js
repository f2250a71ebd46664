// The fixtures of every test: a server of its own, a stand-in for the services, and a check of the
// browser's requests and errors.

import { test as base, expect } from '@playwright/test';
import { HomePage } from './home-page.js';
import { say } from './messages.js';
import { StandIn } from './stand-in.js';
import { Voordeur } from './voordeur.js';

export { expect };

/** The console message of Chromium about a 4xx status, which is no error of the page. */
const REFUSED = /^Failed to load resource: the server responded with a status of (4\d\d)/;

/** Its message after the test has stopped the server. */
const STOPPED = /^Failed to load resource: net::ERR_(CONNECTION|EMPTY_RESPONSE|SOCKET)/;

export const test = base.extend({
  /** `samples` or `gateway`: the source of the cards' data. */
  sources: ['samples', { option: true }],
  /** Patterns of console messages and requests that this test allows. */
  tolerated: [[], { option: true }],

  /** Further options of the server. */
  serverOptions: async ({}, use) => use([]),

  /** One for each worker: it reads all samples when it starts. */
  sharedStandIn: [
    async ({}, use) => {
      const standIn = await new StandIn().start();
      await use(standIn);
      await standIn.stop();
    },
    { scope: 'worker' },
  ],

  standIn: async ({ sharedStandIn }, use) => {
    await sharedStandIn.reset();
    await use(sharedStandIn);
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

  /** The browser requests nothing but this server, and no script of the page fails. */
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
      // Without JavaScript Chromium warns about loaded scripts that it does not run.
      const kinds = javaScriptEnabled === false ? ['error'] : ['error', 'warning'];
      if (kinds.includes(message.type()) && !REFUSED.test(words)) complaints.push(words);
    });
    await use(context);
    expect(foreign.filter((url) => !tolerates(url)), 'requests to other servers').toEqual([]);
    expect(complaints.filter((words) => !tolerates(words)), 'errors in the browser').toEqual([]);
  },

  /** The page object. */
  home: async ({ page, javaScriptEnabled }, use) => use(new HomePage(page, javaScriptEnabled !== false)),

  /** Messages of the interface in the language of the browser. */
  words: async ({ locale }, use) => use((key, variables) => say(locale.slice(0, 2), key, variables)),
});

/** For features that need JavaScript. */
export function onlyWithJavaScript() {
  test.skip(({ javaScriptEnabled }) => javaScriptEnabled === false, 'only with JavaScript');
}

/** For tests that are the same in both projects. */
export function onlyOnce() {
  test.skip(({ javaScriptEnabled }) => javaScriptEnabled === false, 'is the same without JavaScript');
}
