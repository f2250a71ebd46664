// Starts the workbench of a widget on a copy of its folder, and changes that.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = new URL('../../../', import.meta.url).pathname;
const BINARY = process.env.VOORDEUR_BIN ?? join(ROOT, 'target/release/voordeur');
const LONGEST_START = 15_000;

export class Workbench {
  /** @param {string} widget its id in the catalogue */
  constructor(widget) {
    this.widget = widget;
    this.widgets = mkdtempSync(join(tmpdir(), 'voordeur-workbench-'));
    this.folder = join(this.widgets, widget);
    cpSync(join(ROOT, 'widgets/catalogue', widget), this.folder, { recursive: true });
    this.manifest = readFileSync(join(this.folder, 'widget.toml'), 'utf8');
    this.lines = [];
  }

  async start(...options) {
    if (!existsSync(BINARY)) throw new Error(`${BINARY} is missing: make build`);
    const address = options.includes('--addr') ? [] : ['--addr', '127.0.0.1:0'];
    const all = ['widget', 'preview', this.widget, '--widgets', this.widgets, ...address, ...options];
    this.process = spawn(BINARY, all, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    const opened = new Promise((resolve) => {
      for (const stream of [this.process.stdout, this.process.stderr]) {
        createInterface({ input: stream }).on('line', (line) => {
          this.lines.push(line);
          const address = /(http:\/\/127\.0\.0\.1:\d+)$/.exec(line)?.[1];
          if (address) resolve(address);
        });
      }
    });
    const ended = once(this.process, 'exit').then(() => undefined);
    this.url = await Promise.race([opened, ended, sleep(LONGEST_START, undefined, { ref: false })]);
    return this;
  }

  /** Saves a file of the widget. */
  save(file, content) {
    writeFileSync(join(this.folder, file), content);
  }

  async close() {
    if (this.process?.exitCode === null && this.process.signalCode === null) {
      const exited = once(this.process, 'exit');
      this.process.kill();
      await exited;
    }
    rmSync(this.widgets, { recursive: true, force: true });
  }
}
