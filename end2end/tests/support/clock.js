// The clocks of a test: that of the server by libfaketime, and that of the browser by Playwright.

import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Debian's package `libfaketime`; another place is named by LIBFAKETIME. */
const LIBRARY = [
  process.env.LIBFAKETIME,
  `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/faketime/libfaketime.so.1`,
].find((path) => path && existsSync(path));

export const hasServerClock = !!LIBRARY;

/** A clock for processes, which can be set while they run. */
export class ServerClock {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'voordeur-clock-'));
    this.file = join(this.folder, 'offset');
    this.set(new Date());
  }

  /** Sets the clock. It runs on from there. */
  set(moment) {
    const seconds = (new Date(moment).getTime() - Date.now()) / 1000;
    // Replaced in one step: a process reads the file at any time.
    writeFileSync(`${this.file}.new`, `${seconds < 0 ? '-' : '+'}${Math.abs(seconds).toFixed(3)}\n`);
    renameSync(`${this.file}.new`, this.file);
  }

  /** The environment of a process with this clock. Timers keep to the time of the machine. */
  get env() {
    return {
      LD_PRELOAD: LIBRARY,
      FAKETIME_TIMESTAMP_FILE: this.file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    };
  }

  close() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
