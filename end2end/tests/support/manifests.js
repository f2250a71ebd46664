// The manifests of the catalogue, with the defaults that these tests use.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'smol-toml';

const CATALOGUE = new URL('../../../widgets/catalogue/', import.meta.url).pathname;

/** The host at the beginning of a URL, unless a setting provides it. */
const hostOf = (url) => /^https?:\/\/([^/{}]+)/.exec(url ?? '')?.[1];

function withDefaults(manifest) {
  const lookups = (manifest.field ?? []).flatMap(({ lookup }) => lookup ?? []);
  const urls = [...(manifest.request ?? []), ...lookups].flatMap(({ url, portal, dataset }) => [url, portal, dataset]);
  const hosts = [...new Set(urls.map(hostOf).filter(Boolean))];
  return { hosts, pace: '1 h', size: { best: 'narrow', smallest: 'narrow' }, ...manifest };
}

/** Every manifest, by the id of its widget. */
export function manifests() {
  const folders = readdirSync(CATALOGUE, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return new Map(
    folders.map(({ name }) => [name, withDefaults(parse(readFileSync(join(CATALOGUE, name, 'widget.toml'), 'utf8')))]),
  );
}
