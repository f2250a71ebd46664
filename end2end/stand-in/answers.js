// What the services would answer: the samples of the widgets, found by the requests that their manifests declare.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { complete } from './samples.js';
import { shifted } from './shift.js';

const CATALOGUE = new URL('../../widgets/catalogue/', import.meta.url).pathname;

/** Every manifest, by the id of its widget. */
export function manifests() {
  const ids = readdirSync(CATALOGUE, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return new Map(
    ids.map(({ name }) => {
      const folder = join(CATALOGUE, name);
      return [name, complete(parse(readFileSync(join(folder, 'widget.toml'), 'utf8')), join(folder, 'samples'))];
    }),
  );
}

/** A function from a request to `{ body, type }`, or to nothing when no widget asks that. */
export function answers() {
  const routes = [...manifests()].flatMap(([widget, manifest]) =>
    [...(manifest.request ?? []), ...lookups(manifest)].flatMap((request) => route(widget, manifest, request)),
  );
  return (method, host, path, query) => {
    const [found] = routes
      .filter((one) => one.method === method && one.host === host && one.path.test(path))
      .filter((one) => !one.holds || `${path}?${query}`.includes(one.holds))
      .filter((one) => one.literals.every(([name, value]) => query.get(name) === value))
      .sort((a, b) => b.literals.length - a.literals.length);
    if (!found) return undefined;
    const { text, moment } = found.answer(path, query);
    return { body: shifted(text, moment, Date.now()), type: found.type };
  };
}

/** What fields look up, as requests; each sample that answers one counts it among its answers. */
function lookups(manifest) {
  for (const sample of manifest.sample ?? []) {
    for (const [field, file] of Object.entries(sample.lookup ?? {})) {
      sample.answers = { ...sample.answers, [`${field}.choices`]: file };
    }
  }
  return (manifest.field ?? []).flatMap(({ id, lookup }) => (lookup ? [{ ...lookup, id: `${id}.choices` }] : []));
}

function route(widget, manifest, request) {
  // A sample other than the normal one stands in when that one needs no such answer.
  const sample = manifest.sample.find((one) => one.answers?.[request.id]);
  // A request that no sample makes has no answer here: one for each of several like services, say.
  if (!sample) return [];
  const read = (file) => readFileSync(join(CATALOGUE, widget, 'samples', file), 'utf8');
  const texts = [sample.answers[request.id]].flat().map(read);
  if (request.connector) return portal(request, sample, texts);
  // The whole address may be a citizen's: then it is the one of the sample.
  const [, field] = /^\{settings\.(\w+)\}$/.exec(request.url) ?? [];
  const address = field ? sample.settings[field] : request.url;
  const url = new URL(address.replaceAll(/[{}]/g, ''));
  const template = address.slice(address.indexOf(url.host) + url.host.length).split('?')[0];
  const order = request.pages ? pageOf(request.pages, texts) : orderOf(template, request, sample, read);
  return {
    method: request.method ?? 'GET',
    host: url.host,
    path: new RegExp(`^${template.split(/\{[^}]*\}/).map(escaped).join('[^/]+')}$`),
    literals: Object.entries(request.query ?? {}).flatMap(([name, expression]) => {
      const literal = /^\s*'([^']*)'\s*$|^\s*"([^"]*)"\s*$/.exec(expression);
      return literal ? [[name, literal[1] ?? literal[2]]] : [];
    }),
    type: ['xml', 'feed'].includes(request.format) ? 'application/atom+xml; charset=utf-8' : 'application/json; charset=utf-8',
    answer: (path, query) => ({
      text: texts[Math.min(order(path, query), texts.length - 1)],
      moment: Date.parse(sample.moment),
    }),
  };
}

/** A request to a portal of a known kind: how that is asked the connector knows, here it is known by its host and its data set. */
function portal(request, sample, texts) {
  const url = new URL(request.portal ?? request.dataset);
  const named = /\b(?:request|typeNames?|dataset|resource_id)=([^&]*)/i.exec(request.dataset)?.[1];
  const last = request.dataset.split('?')[0].split('/').filter(Boolean).at(-1).replace(/\.json$/, '');
  const asked = new Set();
  return {
    method: 'GET',
    host: url.host,
    path: /^/,
    literals: [],
    // What stands in `{}` is filled in: each of several data sets is asked at a path of its own.
    holds: (named ?? last).replace(/\{.*/, ''),
    type: request.connector === 'sru' ? 'application/xml; charset=utf-8' : 'application/json; charset=utf-8',
    answer: (path) => {
      asked.add(path);
      return { text: texts[Math.min([...asked].indexOf(path), texts.length - 1)], moment: Date.parse(sample.moment) };
    },
  };
}

/** Which of a request's repeated answers belongs to a path: by what the sample repeats, else in the order of asking. */
function orderOf(template, request, sample, read) {
  if (!request.each) return () => 0;
  const [, source, rest] = /^(\w+)\.([\w.]+)$/.exec(request.each.trim()) ?? [];
  const [file] = source ? [sample.answers[source]].flat() : [];
  const listed = file
    ? at(JSON.parse(read(file)), rest).map((item) =>
        template.replaceAll(/\{item\.([\w.]+)\}/g, (_, key) => encodeURIComponent(at(item, key))),
      )
    : [];
  return (path) => {
    if (!listed.includes(path)) listed.push(path);
    return listed.indexOf(path);
  };
}

/** Which page is asked: by its number in the query, else the one that an earlier page links to. */
function pageOf({ offset, number, first = offset ? 0 : 1, step = 1 }, texts) {
  const name = offset ?? number;
  if (name) return (path, query) => (query.has(name) ? (Number(query.get(name)) - first) / (offset ? step : 1) : 0);
  return (path, query) => texts.findIndex((text) => text.includes(`${path}?${query}`)) + 1;
}

function at(tree, path) {
  return path.split('.').reduce((branch, key) => branch?.[key], tree);
}

function escaped(text) {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
