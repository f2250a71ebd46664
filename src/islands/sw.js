// Keeps the newest copy of the citizen's own pages for when there is no network. It exists only where
// the citizen has said that the device is theirs (device.js), and answers for nothing but the board
// and the files that a page needs.

const ANSWER_WITHIN = 3_000;
const KEPT_FOR = 7 * 24 * 3_600_000;
/** One cache for each citizen; the page has the rest of its name. Only that of the last page stays. */
const PAGES = "pages-";
const FILES = "files";
const KEPT_AT = "x-kept-at";

/** Nothing is kept any more: the citizen has switched it off. */
let isOver = false;
const keeping = new Set();

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => {
  event.waitUntil(Promise.all([clients.claim(), registration.navigationPreload?.enable()]));
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate" && isBoard(url)) {
    const loading = load(event);
    event.waitUntil(tracked(loading.then(({ spare }) => keep(url, spare))));
    event.respondWith(answer(loading, url));
  } else if (request.mode !== "navigate" && url.pathname.startsWith("/pkg/")) {
    event.respondWith(file(event));
  }
});

// Otherwise a copy that is being stored at this moment would be there after everything was deleted.
addEventListener("message", (event) => {
  isOver = true;
  event.waitUntil(Promise.all(keeping).then(erase).then(() => event.ports[0].postMessage("erased")));
});

async function erase() {
  for (const name of await caches.keys()) await caches.delete(name);
}

function tracked(work) {
  const done = work.catch(() => {}).finally(() => keeping.delete(done));
  keeping.add(done);
  return done;
}

/** The board as it is read: not while it is arranged, and not what was just done. */
function isBoard({ pathname, searchParams }) {
  return pathname === "/" && [...searchParams.keys()].every((key) => key === "page");
}

async function load(event) {
  const response = (await event.preloadResponse) ?? (await fetch(event.request));
  return { response, spare: response.clone() };
}

async function answer(loading, url) {
  const late = new Promise((done) => setTimeout(done, ANSWER_WITHIN));
  const first = await Promise.race([loading.catch(() => undefined), late]);
  if (first && first.response.status < 500) return first.response;
  return (await copy(url)) ?? (await loading).response;
}

async function keep(url, response) {
  if (response.type !== "basic" || !response.ok) return;
  const mine = cacheFor(await response.text());
  for (const name of await caches.keys()) {
    if (name.startsWith(PAGES) && name !== mine) await caches.delete(name);
  }
  if (!mine || isOver) return;
  // The same page in words that hold on any day.
  response = await fetch(`${url.pathname}${url.search}${url.search ? "&" : "?"}copy`);
  const html = await response.text();
  if (!response.ok || cacheFor(html) !== mine || isOver) return;
  const headers = new Headers({ [KEPT_AT]: Date.now() });
  for (const name of ["content-type", "content-security-policy"]) headers.set(name, response.headers.get(name));
  await (await caches.open(mine)).put(url.pathname + url.search, new Response(html, { headers }));
}

/** The name of the cache that the page of a citizen belongs to. */
function cacheFor(html) {
  const owner = /<html[^>]* data-cache="(\w+)"/.exec(html)?.[1];
  return owner && PAGES + owner;
}

async function copy(url) {
  for (const name of await caches.keys()) {
    if (!name.startsWith(PAGES)) continue;
    const found = await (await caches.open(name)).match(url.pathname + url.search);
    if (!found) continue;
    if (Date.now() - found.headers.get(KEPT_AT) > KEPT_FOR) {
      await caches.delete(name);
      continue;
    }
    return found;
  }
}

async function file(event) {
  const { request } = event;
  try {
    const response = await fetch(request);
    if (response.ok) {
      const spare = response.clone();
      event.waitUntil(tracked(keepFile(request, spare)));
    }
    return response;
  } catch (error) {
    const files = await caches.open(FILES);
    const kept = (await files.keys()).find(isSameFile(request));
    if (kept) return files.match(kept);
    throw error;
  }
}

/** Of each file only its newest release is kept, for copies of older pages too. */
async function keepFile(request, response) {
  if (isOver) return;
  const files = await caches.open(FILES);
  for (const old of (await files.keys()).filter(isSameFile(request))) await files.delete(old);
  await files.put(request, response);
}

/** The release is the segment before the name. */
function isSameFile({ url }) {
  const name = url.slice(url.lastIndexOf("/"));
  return (other) => other.url.endsWith(name);
}
