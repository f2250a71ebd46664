// What a manifest leaves out because the names of its files say it, as `widgets/src/declared/manifest/samples.rs` reads them.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const NEEDED = ['normal', 'empty', 'malformed'];

/** The host with which an address begins, when it does. */
const hostOf = (address) => /^https?:\/\/([^/{}]+)/.exec(address ?? '')?.[1];

/** A manifest with its hosts, its size, every request and every sample written out; `folder` holds the files of its samples. */
export function complete(manifest, folder) {
  const request = manifest.request.map((one) => ({ ...one }));
  for (const one of request) {
    if (one.url) one.format ??= 'json';
    if (request.length === 1) one.id ??= 'answer';
  }
  const ids = request.map(({ id }) => id);
  const written = manifest.sample ?? [];
  const named = new Set(written.flatMap(({ answers, lookup }) => [...Object.values(answers ?? {}).flat(), ...Object.values(lookup ?? {})]));
  const files = readdirSync(folder, { recursive: true })
    .map((file) => ({ file, ...belongs(file, ids) }))
    .filter(({ id }) => id)
    .sort((a, b) => a.nth - b.nth);
  const answersOf = (name) =>
    Object.fromEntries(
      ids.flatMap((id) => {
        const own = files.filter((one) => one.sample === name && one.id === id);
        const found = own.length ? own : files.filter((one) => one.sample === undefined && one.id === id);
        return found.length ? [[id, found.map(({ file }) => file)]] : [];
      }),
    );
  const told = new Set(written.map(({ name }) => name));
  const byFile = files
    .filter(({ file, sample }) => sample && !told.has(sample) && (!named.has(file) || NEEDED.includes(sample)))
    .map(({ sample }) => sample);
  const sample = [...written, ...[...new Set(byFile)].sort().map((name) => ({ name }))].map((one) => ({
    ...one,
    moment: one.moment ?? manifest.sample_moment,
    place: one.place ?? manifest.sample_place,
    settings: one.settings ?? manifest.sample_settings ?? {},
    answers: one.answers ?? answersOf(one.name),
  }));
  const rank = ({ name }) => (NEEDED.includes(name) ? NEEDED.indexOf(name) : NEEDED.length);
  const addresses = [...request, ...(manifest.field ?? []).flatMap(({ lookup }) => lookup ?? [])].flatMap(({ url, portal, dataset }) => [url, portal, dataset]);
  const hosts = manifest.hosts ?? [...new Set(addresses.map(hostOf).filter(Boolean))];
  return { pace: '1 h', size: { best: 4, smallest: 3 }, ...manifest, hosts, request, sample: byFile.length ? sample.sort((a, b) => rank(a) - rank(b)) : sample };
}

/** The sample, request and number that a file belongs to, by its path. */
function belongs(file, ids) {
  const parts = file.replace(/\.[^.]*$/, '').split(/[/\\.]/);
  const nth = parts.length > 1 && /^\d+$/.test(parts.at(-1)) ? Number(parts.pop()) : 0;
  if (parts.length === 1 && ids.length === 1) return { sample: parts[0], id: ids[0], nth };
  if (parts.length === 1 && ids.includes(parts[0])) return { id: parts[0], nth };
  if (parts.length === 2 && ids.includes(parts[1])) return { sample: parts[0], id: parts[1], nth };
  return {};
}
