// A client of WebDriver (https://www.w3.org/TR/webdriver2/), as far as the smoke tests need it: Playwright
// drives neither the Firefox nor the WebKit of a distribution.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The key under which WebDriver names an element (12.1). */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';
const START_TIMEOUT = 20_000;
const WAIT = 15_000;

/** The browser that belongs to WebKit's library, which Debian keeps beside it. */
function miniBrowser() {
  const libraries = '/usr/lib';
  const folders = readdirSync(libraries).flatMap((triple) => ['4.1', '4.0'].map((version) => join(libraries, triple, `webkit2gtk-${version}`)));
  return folders.map((folder) => join(folder, 'MiniBrowser')).find((path) => existsSync(path));
}

/** The driver of each browser, and the capabilities that it is asked for. */
export const BROWSERS = {
  firefox: {
    command: process.env.GECKODRIVER ?? 'geckodriver',
    options: (port) => ['--port', port],
    capabilities: {
      browserName: 'firefox',
      'moz:firefoxOptions': { args: ['-headless'] },
    },
  },
  webkit: {
    command: 'WebKitWebDriver',
    options: (port) => [`--port=${port}`],
    capabilities: {
      'webkitgtk:browserOptions': { binary: miniBrowser(), args: ['--automation'] },
    },
  },
};

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return String(port);
}

export class Browser {
  /** Starts the driver and a browser. */
  static async open({ command, options, capabilities }) {
    const port = await freePort();
    const driver = spawn(command, options(port), { stdio: 'ignore' });
    const failed = once(driver, 'error').then(([error]) => Promise.reject(error));
    const browser = new Browser(driver, `http://127.0.0.1:${port}`);
    await Promise.race([failed, browser.#begin(capabilities)]);
    return browser;
  }

  #driver;
  #address;
  #session = '';

  constructor(driver, address) {
    this.#driver = driver;
    this.#address = address;
  }

  async #begin(capabilities) {
    const end = Date.now() + START_TIMEOUT;
    while (!(await fetch(`${this.#address}/status`).then(({ ok }) => ok, () => false))) {
      if (Date.now() > end) throw new Error('the driver does not answer');
      await sleep(50);
    }
    const { sessionId } = await this.#ask('POST', '/session', { capabilities: { alwaysMatch: capabilities } });
    this.#session = `/session/${sessionId}`;
  }

  async #ask(method, path, body) {
    const response = await fetch(this.#address + path, {
      method,
      headers: { 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
    });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${value.error}: ${value.message}`);
    return value;
  }

  async close() {
    await this.#ask('DELETE', this.#session).catch(() => {});
    this.#driver.kill();
  }

  open(url) {
    return this.#ask('POST', `${this.#session}/url`, { url });
  }

  /** The value of the body of a function in the page. */
  evaluate(body, ...args) {
    return this.#ask('POST', `${this.#session}/execute/sync`, { script: body, args });
  }

  async #element(selector) {
    const found = await this.#ask('POST', `${this.#session}/element`, { using: 'css selector', value: selector });
    return `${this.#session}/element/${found[ELEMENT]}`;
  }

  /** Clicks as a user does: what is covered or outside of the page cannot be clicked. */
  async click(selector) {
    await this.waitFor(`return document.querySelector(arguments[0]) !== null`, selector);
    await this.evaluate(`document.querySelector(arguments[0]).scrollIntoView({ block: 'center', behavior: 'instant' })`, selector);
    await this.#ask('POST', `${await this.#element(selector)}/click`, {});
  }

  async type(selector, text) {
    await this.#ask('POST', `${await this.#element(selector)}/value`, { text });
  }

  /** Waits until the body of a function in the page is true. */
  async waitFor(body, ...args) {
    const end = Date.now() + WAIT;
    for (;;) {
      // During a navigation there is no page to ask.
      if (await this.evaluate(body, ...args).catch(() => false)) return;
      if (Date.now() > end) throw new Error(`never true: ${body} ${JSON.stringify(args)}`);
      await sleep(50);
    }
  }
}
