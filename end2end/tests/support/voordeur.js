// Starts and stops the built server, with a folder of data of its own.

import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Process, START_TIMEOUT, VOORDEUR } from './process.js';

export class Voordeur extends Process {
  /**
   * @param {string} sources `samples` or `gateway=URL`
   * @param {string[]} more further options
   */
  constructor(sources, more = []) {
    super();
    this.sources = sources;
    this.more = more;
    this.folder = mkdtempSync(join(tmpdir(), 'voordeur-end2end-'));
    this.address = '127.0.0.1:0';
    this.wasStopped = false;
  }

  get url() {
    return `http://${this.address}`;
  }

  /** Starts the server. A second start uses the same address and the same folder. */
  async start() {
    const options = ['--addr', this.address, '--data', this.folder, '--sources', this.sources, ...this.more];
    const address = await super.start(VOORDEUR, options);
    if (!address) throw new Error(`${VOORDEUR} ${options.join(' ')} does not start:\n${this.log.join('\n')}`);
    this.address = address;
    const end = Date.now() + START_TIMEOUT;
    while (!(await this.ready())) {
      if (Date.now() > end) throw new Error(`not ready:\n${this.log.join('\n')}`);
      await sleep(20);
    }
    return this;
  }

  async ready() {
    return fetch(`${this.url}/readyz`).then((response) => response.status === 200, () => false);
  }

  /** Stops the server as an operator does, or with `SIGKILL` as a power failure does. */
  async stop(signal = 'SIGTERM') {
    if (this.isRunning) this.wasStopped = true;
    await super.stop(signal);
  }

  async restart() {
    await this.stop();
    await this.start();
  }

  /** Makes all stored responses older. Only while the server is stopped. Returns their number. */
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

  /** The files of stored responses that contain a text. */
  responsesWith(text) {
    const folder = join(this.folder, 'answers');
    return readdirSync(folder).filter((file) => readFileSync(join(folder, file)).includes(text));
  }

  async close() {
    await this.stop('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}
