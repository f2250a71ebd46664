// Starts and stops the built server, each time with a folder of its own.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = new URL('../../../', import.meta.url).pathname;
const BINARY = process.env.VOORDEUR_BIN ?? join(ROOT, 'target/release/voordeur');
const LONGEST_START = 15_000;

export class Voordeur {
  /**
   * @param {string} sources `samples` or `gateway=URL`
   * @param {string[]} more further options
   */
  constructor(sources, more = []) {
    this.sources = sources;
    this.more = more;
    this.folder = mkdtempSync(join(tmpdir(), 'voordeur-end2end-'));
    this.address = '127.0.0.1:0';
    this.log = [];
    this.wasStopped = false;
  }

  get url() {
    return `http://${this.address}`;
  }

  /** Starts it; a second time on the same address and the same folder. */
  async start() {
    if (!existsSync(BINARY)) throw new Error(`${BINARY} is missing: make build`);
    const options = ['--addr', this.address, '--data', this.folder, '--sources', this.sources, ...this.more];
    // What the person who runs the tests has set for a server of their own must not reach this one.
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('VOORDEUR_')));
    this.process = spawn(BINARY, options, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const opened = new Promise((resolve) => {
      for (const stream of [this.process.stdout, this.process.stderr]) {
        createInterface({ input: stream }).on('line', (line) => {
          this.log.push(line);
          const address = /http:\/\/(127\.0\.0\.1:\d+)$/.exec(line)?.[1];
          if (address) resolve(address);
        });
      }
    });
    const ended = once(this.process, 'exit').then(() => undefined);
    const late = sleep(LONGEST_START, undefined, { ref: false });
    const address = await Promise.race([opened, ended, late]);
    if (!address) throw new Error(`${BINARY} ${options.join(' ')} does not start:\n${this.log.join('\n')}`);
    this.address = address;
    const end = Date.now() + LONGEST_START;
    while (!(await this.ready())) {
      if (Date.now() > end) throw new Error(`not ready:\n${this.log.join('\n')}`);
      await sleep(20);
    }
    return this;
  }

  async ready() {
    return fetch(`${this.url}/readyz`).then((answer) => answer.status === 200, () => false);
  }

  /** Stops it as an operator does, or with `SIGKILL` as a loss of power does. */
  async stop(signal = 'SIGTERM') {
    if (!this.process || this.process.exitCode !== null || this.process.signalCode !== null) return;
    this.wasStopped = true;
    const exited = once(this.process, 'exit');
    this.process.kill(signal);
    await exited;
  }

  async restart() {
    await this.stop();
    await this.start();
  }

  /** Makes every stored answer older, as if the service had been silent for so long. Only while the server is stopped. */
  age(milliseconds) {
    const folder = join(this.folder, 'answers');
    const files = readdirSync(folder);
    for (const file of files) {
      const path = join(folder, file);
      const bytes = readFileSync(path);
      const end = bytes.indexOf(0x0a);
      const fetched = Date.parse(bytes.subarray(0, end).toString());
      const older = new Date(fetched - milliseconds).toISOString();
      writeFileSync(path, Buffer.concat([Buffer.from(older), bytes.subarray(end)]));
    }
    return files.length;
  }

  /** The files of stored answers that hold a text. */
  answersThatHold(text) {
    const folder = join(this.folder, 'answers');
    return readdirSync(folder).filter((file) => readFileSync(join(folder, file)).includes(text));
  }

  async close() {
    await this.stop('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}
