// The messages of the interface, from `locales/`, so that a test names a message and not its
// wording.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const LOCALES = new URL('../../../locales/', import.meta.url).pathname;

const known = new Map();

function messages(language) {
  if (!known.has(language)) {
    const folder = join(LOCALES, language);
    const text = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8')).join('\n');
    known.set(language, new Map([...text.matchAll(/^([a-z][\w-]*) = (.+)$/gm)].map(([, key, words]) => [key, words])));
  }
  return known.get(language);
}

/** The message `width-in-words`, which other messages refer to. */
function widthInWords(language, size) {
  const text = readFileSync(join(LOCALES, language, 'board.ftl'), 'utf8');
  const variants = text.slice(text.indexOf('width-in-words ='));
  return variants.match(new RegExp(`\\[${size}\\] (.+)`))?.[1] ?? variants.match(/\*\[other\] (.+)/)[1];
}

/**
 * A message in a language, with its `{ $variables }` filled in. Messages with variants are not for
 * this.
 */
export function say(language, key, variables = {}) {
  const words = messages(language).get(key);
  if (words === undefined || words.includes('->')) throw new Error(`${language}: no simple message ${key}`);
  return words.replaceAll('{ width-in-words }', () => widthInWords(language, variables.size)).replaceAll(/\{ \$([\w-]+) \}/g, (_, name) => {
    if (!(name in variables)) throw new Error(`${key} needs ${name}`);
    return String(variables[name]);
  });
}
