// Widgets in a folder of the operator are added, changed, broken and removed while the server runs.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test as base } from './support/test.js';

const GUIDE = readFileSync(new URL('../../docs/WIDGETS.md', import.meta.url), 'utf8');
/** The first code block of the guide in a language. */
const guide = (language) => GUIDE.split(`\`\`\`${language}\n`)[1].split('```')[0];
/** A host without other widgets. */
const HOST = 'www.gov.example';
const MANIFEST = guide('toml').replaceAll('www.gov.uk', HOST);
const SAMPLE = guide('json');
/** The watcher needs one second; the rest allows for a busy machine. */
const SOON = { timeout: 8_000 };

class Folder {
  constructor() {
    this.path = mkdtempSync(join(tmpdir(), 'voordeur-widgets-'));
  }

  put(widget, manifest = MANIFEST, sample = SAMPLE) {
    const samples = join(this.path, widget, 'samples');
    mkdirSync(samples, { recursive: true });
    writeFileSync(join(this.path, widget, 'widget.toml'), manifest);
    writeFileSync(join(samples, 'normal.json'), sample);
    writeFileSync(join(samples, 'empty.json'), '{"england-and-wales": {"events": []}}');
    writeFileSync(join(samples, 'malformed.json'), '{}');
  }

  remove(widget) {
    rmSync(join(this.path, widget), { recursive: true });
  }
}

const test = base.extend({
  folder: async ({}, use) => {
    const folder = new Folder();
    await use(folder);
    rmSync(folder.path, { recursive: true, force: true });
  },
  serverOptions: async ({ folder }, use) => use(['--widgets', folder.path]),
});

/** Polls a page. */
const until = (home, path, read) =>
  expect.poll(async () => {
    await home.open(path);
    return read();
  }, SOON);

/** The lines of the log with a text, without colours. */
const said = (voordeur, text) =>
  voordeur.log.map((line) => line.replaceAll(/\u001b\[[\d;]*m/g, '')).filter((line) => line.includes(text));

test('a folder is a widget from its creation to its removal', async ({ folder, home, page, voordeur, words }) => {
  const id = 'bank-holidays';
  const entry = page.locator(`.entry[data-widget="${id}"]`);
  const card = home.card(id);
  const body = () => card.locator('[data-part="body"]').innerText();
  await home.open('/catalogue');
  const others = await page.locator('.entry').count();
  await expect(entry).toHaveCount(0);

  folder.put(id);
  await until(home, '/catalogue', () => entry.count()).toBe(1);
  await expect(page.locator('.entry')).toHaveCount(others + 1);
  await home.add(id);
  await expect(card).toHaveAttribute('data-sample');
  await expect(card).toContainText('Christmas Day');
  const cards = await home.order();
  for (const path of ['/services', '/privacy']) {
    await home.open(path);
    await expect(page.locator('main')).toContainText(HOST);
  }

  folder.put(id, MANIFEST.replace('Feestdagen in Engeland', 'Vrije dagen'), SAMPLE.replace('Christmas Day', 'Boxing Day'));
  await until(home, '/', body).toContain('Boxing Day');
  await expect(card.locator('h2')).toContainText('Vrije dagen');

  folder.put(id, MANIFEST.replace('pace =', 'peace ='));
  await until(home, '/', () => card.innerText()).toContain(words('widget-gone'));
  expect(await home.order()).toEqual(cards);
  for (const path of ['/catalogue', '/services', '/privacy']) {
    await home.open(path);
    await expect(page.locator('main')).not.toContainText(/peace|www\.gov\.example/);
  }
  expect(said(voordeur, 'widget rejected')).toHaveLength(1);
  expect(said(voordeur, 'widget rejected')[0]).toMatch(/widget="?bank-holidays"? .*reason=.*line \d+.*peace/);

  folder.put(id);
  await until(home, '/', body).toContain('Christmas Day');
  expect(said(voordeur, 'widget repaired')).toHaveLength(1);
  expect(said(voordeur, 'widget rejected')).toHaveLength(1);

  folder.remove(id);
  await until(home, '/', () => card.innerText()).toContain(words('widget-gone'));
  expect((await home.open(`/catalogue/${id}`)).status()).toBe(404);
  await home.open('/?edit');
  await home.tool(id, 'remove').click();
  await expect(card).toHaveCount(0);
});

test('a folder replaces the embedded widget of the same name', async ({ folder, home, page, voordeur }) => {
  const title = () => home.card('holidays').locator('h2').innerText();
  // A board of the citizen's own: a starter board has no widget that covers another country.
  await home.add('weather-forecast');
  await home.open('/');
  const original = await title();
  folder.put('holidays');
  await until(home, '/', title).toContain('Feestdagen in Engeland');
  await expect(home.card('holidays')).toContainText('Christmas Day');
  expect(said(voordeur, 'widget overrides another')[0]).toMatch(/of="?embedded/);
  folder.remove('holidays');
  await until(home, '/', title).toBe(original);
  expect(said(voordeur, 'no longer overridden')).toHaveLength(1);
});

test('a missing folder is an error that names its option', async ({ folder, voordeur }) => {
  await voordeur.stop();
  rmSync(folder.path, { recursive: true });
  await expect(voordeur.start()).rejects.toThrow('does not start');
  await expect.poll(() => voordeur.log.at(-1)).toContain(`--widgets (VOORDEUR_WIDGETS): ${folder.path} is not a folder`);
});
