// Starts the binaries of Voordeur, and stops them.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

export const ROOT = new URL('../../../', import.meta.url).pathname;
export const VOORDEUR = process.env.VOORDEUR_BIN ?? join(ROOT, 'target/debug/voordeur');
export const STAND_IN = process.env.VOORDEUR_STAND_IN ?? join(ROOT, 'target/debug/voordeur-stand-in');
/** Milliseconds. */
export const START_TIMEOUT = 15_000;

/** A process that prints the address that it listens on. */
export class Process {
  /** The lines of both outputs. */
  log = [];

  /** Further variables of its environment. */
  env = {};

  /** Resolves to the address, or to nothing when the process exits or prints none in time. */
  async start(binary, options) {
    if (!existsSync(binary)) throw new Error(`${binary} is missing: make browser builds it`);
    // The environment may configure another server.
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('VOORDEUR_')));
    this.process = spawn(binary, options, { cwd: ROOT, env: { ...env, ...this.env }, stdio: ['ignore', 'pipe', 'pipe'] });
    const opened = new Promise((resolve) => {
      for (const stream of [this.process.stdout, this.process.stderr]) {
        createInterface({ input: stream }).on('line', (line) => {
          this.log.push(line);
          const address = /[^=]http:\/\/(127\.0\.0\.1:\d+)$/.exec(line)?.[1];
          if (address) resolve(address);
        });
      }
    });
    const exited = once(this.process, 'exit').then(() => undefined);
    return Promise.race([opened, exited, sleep(START_TIMEOUT, undefined, { ref: false })]);
  }

  get isRunning() {
    return !!this.process && this.process.exitCode === null && this.process.signalCode === null;
  }

  async stop(signal = 'SIGTERM') {
    if (!this.isRunning) return;
    const exited = once(this.process, 'exit');
    this.process.kill(signal);
    await exited;
  }
}
