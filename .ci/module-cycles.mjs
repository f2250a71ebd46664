// Fails when top-level modules of src/ import each other in a circle, and prints the circle with
// the files and lines that form it. It is our own script because cargo-modules, the crate for this,
// loads the workspace into rust-analyzer: it takes minutes to build and to run, and this takes a
// fraction of a second. Imports are read from the text, so a path built by a macro is not found.
//
// node .ci/module-cycles.mjs [FOLDER] [--graph]: FOLDER is src by default; --graph prints every
// import between modules.

import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

const args = process.argv.slice(2);
const source = args.find((arg) => !arg.startsWith("--")) ?? "src";

/** Replaces comments, strings and character literals by spaces; offsets and line numbers stay. */
function blankLiterals(text) {
  const literal =
    // Comments, raw strings, strings and character literals; a lifetime is none of them.
    /\/\/[^\n]*|\/\*[\s\S]*?\*\/|\bb?r(#*)"[\s\S]*?"\1|\bb?"(?:\\[\s\S]|[^"\\])*"|"(?:\\[\s\S]|[^"\\])*"|'(?:\\[^']+|[^'\\\n])'/g;
  return text.replace(literal, blank);
}

/** Replaces every item under `#[cfg(test)]`, up to its `;` or its closing brace, by spaces. */
function blankTests(text) {
  for (const { index } of text.matchAll(/#\[cfg\(test\)\]/g)) {
    const end = endOfItem(text, index);
    text = text.slice(0, index) + blank(text.slice(index, end)) + text.slice(end);
  }
  return text;
}

function blank(text) {
  return text.replace(/[^\n]/g, " ");
}

function endOfItem(text, start) {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    if (text[at] === "{") depth += 1;
    if (text[at] === "}" && (depth -= 1) === 0) {
      // A `use` of several names ends with a semicolon after its brace.
      return text[at + 1] === ";" ? at + 2 : at + 1;
    }
    if (text[at] === ";" && depth === 0) return at + 1;
  }
  return text.length;
}

/** The top-level names after a `crate::` that ends at this offset: one, or those of a group. */
function firstNames(text, at) {
  const name = /\s*(?:r#)?([A-Za-z_]\w*)/y;
  name.lastIndex = at;
  const one = name.exec(text);
  if (one) return [{ name: one[1], at: at + one[0].length - one[1].length }];
  const open = text.slice(at).match(/^\s*\{/);
  if (!open) return [];
  const names = [];
  let depth = 0;
  let expected = true;
  for (let here = at + open[0].length - 1; here < text.length; here += 1) {
    const letter = text[here];
    if (letter === "{") depth += 1;
    else if (letter === "}" && (depth -= 1) === 0) break;
    else if (letter === "," && depth === 1) expected = true;
    else if (expected && depth === 1 && /\w/.test(letter)) {
      names.push({ name: text.slice(here).match(/^\w+/)[0], at: here });
      expected = false;
    }
  }
  return names;
}

const files = readdirSync(source, { recursive: true })
  .filter((file) => file.endsWith(".rs") && !["lib.rs", "main.rs"].includes(file))
  .map((file) => file.split(sep));
const moduleOf = (parts) => parts[0].replace(/\.rs$/, "");
const modules = new Set(files.map(moduleOf));

/** From module to module: where it is imported. */
const imports = new Map([...modules].sort().map((module) => [module, new Map()]));
for (const parts of files) {
  const module = moduleOf(parts);
  const path = join(source, ...parts);
  const text = blankTests(blankLiterals(readFileSync(path, "utf8")));
  // As many `super` as the file has parents lead to the root.
  const depth = parts.at(-1) === "mod.rs" ? parts.length - 1 : parts.length;
  const root = new RegExp(`\\bcrate\\s*::|(?<!\\w|::\\s*)(?:super\\s*::\\s*){${depth}}(?!\\s*super\\b)`, "g");
  for (const match of text.matchAll(root)) {
    for (const { name, at } of firstNames(text, match.index + match[0].length)) {
      if (name === module || !modules.has(name)) continue;
      const line = text.slice(0, at).split("\n").length;
      const places = imports.get(module);
      places.set(name, [...(places.get(name) ?? []), `${relative(".", path)}:${line}`]);
    }
  }
}

if (args.includes("--graph")) {
  for (const [from, to] of imports) console.log(`${from} -> ${[...to.keys()].sort().join(" ")}`);
}

/** The shortest circle through a module, as a list that begins and ends with it. */
function circleThrough(start) {
  const before = new Map();
  const queue = [start];
  for (const from of queue) {
    for (const to of imports.get(from).keys()) {
      if (to === start) {
        const circle = [start];
        for (let at = from; at !== start; at = before.get(at)) circle.unshift(at);
        return [start, ...circle];
      }
      if (!before.has(to)) {
        before.set(to, from);
        queue.push(to);
      }
    }
  }
  return undefined;
}

let found = false;
// A module of a printed circle is not a starting point again.
const printed = new Set();
for (const module of modules) {
  if (printed.has(module)) continue;
  const circle = circleThrough(module);
  if (!circle) continue;
  found = true;
  circle.forEach((name) => printed.add(name));
  console.error(`modules of ${source}/ import each other in a circle: ${circle.join(" -> ")}`);
  for (let at = 0; at + 1 < circle.length; at += 1) {
    const places = imports.get(circle[at]).get(circle[at + 1]);
    const more = places.length > 3 ? ", …" : "";
    console.error(`  ${circle[at]} imports ${circle[at + 1]}: ${places.slice(0, 3).join(", ")}${more}`);
  }
}
process.exit(found ? 1 : 0);
