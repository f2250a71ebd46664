// The tokens of style/tokens.css, and the contrast of each text on each of its backgrounds. `node
// contrast.js` writes both into docs/DESIGN.md, between their marks; a test compares them.

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const SHEET = fileURLToPath(new URL('../style/tokens.css', import.meta.url));
export const DOCUMENT = fileURLToPath(new URL('../docs/DESIGN.md', import.meta.url));

/** Colour scheme and contrast, as `data-look` and the system select them. */
export const LOOKS = ['light', 'dark', 'white', 'black'];

const THEMES = ['move', 'home', 'sky', 'law', 'family', 'work', 'link'];
const TONES = ['good', 'fair', 'poor'];
const SEVERITIES = ['fair', 'home', 'poor'];

/** The arguments between the parentheses that open at `start`. */
function parts(text, start) {
  const found = [''];
  let depth = 0;
  for (const sign of text.slice(start)) {
    if (sign === ')' && depth === 0) return found.map((part) => part.trim());
    depth += sign === '(' ? 1 : sign === ')' ? -1 : 0;
    if (sign === ',' && depth === 0) found.push('');
    else found[found.length - 1] += sign;
  }
  throw new Error(`no end: ${text}`);
}

/** The name and source text of each token of the root. */
function declared() {
  const root = /:root \{([^}]*)\}/.exec(readFileSync(SHEET, 'utf8'))[1];
  return [...root.matchAll(/^ {2}--([\w-]+):(.*);$/gm)].map(([, name, value]) => [name, value.trim()]);
}

/** The value of a token in a look. */
function valueIn(value, look) {
  const strong = look === 'white' || look === 'black';
  const dark = look === 'dark' || look === 'black';
  const switched = value.indexOf(strong ? 'var(--strong,' : 'var(--calm,');
  const chosen = switched < 0 ? value : parts(value, value.indexOf(',', switched) + 1).join(', ');
  return chosen.replaceAll(/light-dark\(([^,]*), ([^)]*)\)/g, (_, light, other) => (dark ? other : light).trim());
}

/** Name, and the value in each look. */
export function tokens() {
  return declared()
    .filter(([name]) => name !== 'calm' && name !== 'strong')
    .map(([name, value]) => [name, Object.fromEntries(LOOKS.map((look) => [look, valueIn(value, look)]))]);
}

function channels(colour) {
  const digits = colour.slice(1);
  const pairs = digits.length === 3 ? [...digits].map((digit) => digit + digit) : digits.match(/../g);
  return pairs.map((pair) => parseInt(pair, 16));
}

/** As `color-mix(in srgb, colour share, ground)`. */
function mixed(colour, share, ground) {
  const under = channels(ground);
  return channels(colour).map((channel, at) => channel * share + under[at] * (1 - share));
}

function luminance(rgb) {
  const [red, green, blue] = rgb.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function ratio(one, other) {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

/** Pairs of text and background: a token, or a translucent token over the card. */
function pairs() {
  const found = [];
  const on = (text, ...grounds) => grounds.forEach((ground) => found.push([text, ground]));
  on('ink', 'paper', 'card', 'brass lit');
  on('soft', 'paper', 'card', 'brass lit');
  for (const severity of SEVERITIES) {
    on('ink', `${severity} wash`);
    on('soft', `${severity} wash`);
  }
  for (const severity of SEVERITIES) on(severity, `${severity} wash`);
  for (const theme of THEMES) {
    on(theme, 'card', `${theme} tint`);
    on('ink', `${theme} tint`);
    on('card', theme);
  }
  for (const tone of TONES) on(tone, 'card', 'paper');
  on('poor', 'brass lit');
  on('on-door', 'door');
  on('soft-on-door', 'door');
  on('brass', 'door');
  on('on-brass', 'brass');
  return found;
}

/** Lines and borders that a control needs: 3:1. */
const SEEN = [['edge', 'card'], ['edge', 'paper'], ['focus', 'card'], ['focus', 'paper'], ['brass', 'door']];

/** Text or line, background, required ratio, and the ratio in each look. */
export function contrasts() {
  const all = new Map(tokens());
  const of = (name, look) => all.get(name)[look];
  const ground = (name, look) => {
    const [colour, layer] = name.split(' ');
    if (!layer) return channels(of(colour, look));
    return mixed(of(colour, look), parseFloat(of(layer, look)) / 100, of('card', look));
  };
  const measure = (asked) => ([text, under]) => ({
    text,
    ground: under,
    asked: Object.fromEntries(LOOKS.map((look) => [look, asked(look)])),
    ratio: Object.fromEntries(LOOKS.map((look) => [look, ratio(channels(of(text, look)), ground(under, look))])),
  });
  return {
    texts: pairs().map(measure((look) => (look === 'white' || look === 'black' ? 7 : 4.5))),
    lines: SEEN.map(measure(() => 3)),
  };
}

const row = (cells) => `| ${cells.join(' | ')} |`;
const table = (head, rows) => [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
const rounded = (value) => (Math.floor(value * 10) / 10).toFixed(1);

/** The tables between the marks of the document. */
export function written() {
  const shown = tokens().map(([name, values]) => {
    const every = LOOKS.map((look) => values[look]);
    const same = every.every((value) => value === every[0]);
    return [`\`--${name}\``, ...(same ? [every[0], '', '', ''] : every)].map((cell) => cell.replaceAll('|', '\\|'));
  });
  const { texts, lines } = contrasts();
  const measured = [...texts, ...lines].map((pair) => [
    pair.text,
    pair.ground,
    ...LOOKS.map((look) => rounded(pair.ratio[look])),
    `${pair.asked.light} / ${pair.asked.white}`,
  ]);
  return {
    tokens: table(['token', ...LOOKS], shown),
    contrasts: table(['text or line', 'on', ...LOOKS, 'at least'], measured),
  };
}

/** The document with current tables. */
export function renewed(document) {
  return Object.entries(written()).reduce(
    (text, [name, rows]) =>
      text.replace(new RegExp(`(<!-- ${name} -->\n)[^]*?(\n<!-- /${name} -->)`), (_, open, close) => open + rows + close),
    document,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(DOCUMENT, renewed(readFileSync(DOCUMENT, 'utf8')));
}
