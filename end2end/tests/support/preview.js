// Starts `voordeur widget preview` on a copy of a widget's folder, and changes that copy.

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Process, ROOT, VOORDEUR } from './process.js';

export class Preview extends Process {
  /** @param {string} widget its id in the catalogue */
  constructor(widget) {
    super();
    this.widget = widget;
    this.widgets = mkdtempSync(join(tmpdir(), 'voordeur-preview-'));
    this.folder = join(this.widgets, widget);
    cpSync(join(ROOT, 'widgets/catalogue', widget), this.folder, { recursive: true });
    this.manifest = readFileSync(join(this.folder, 'widget.toml'), 'utf8');
  }

  async start(...options) {
    const listen = options.includes('--addr') ? [] : ['--addr', '127.0.0.1:0'];
    const all = ['widget', 'preview', this.widget, '--widgets', this.widgets, ...listen, ...options];
    const address = await super.start(VOORDEUR, all);
    this.url = address && `http://${address}`;
    return this;
  }

  /** Saves a file of the widget. */
  save(file, content) {
    writeFileSync(join(this.folder, file), content);
  }

  async close() {
    await this.stop();
    rmSync(this.widgets, { recursive: true, force: true });
  }
}
