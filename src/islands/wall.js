// Turns the pages of a wall and keeps its screen awake. Without the module of the board: an old
// tablet has little memory, and nobody presses anything here.

// Of a page that is higher than the screen, the next part begins a little before the end of this one.
const STEP = 0.85;
const ANSWER_WITHIN = 20_000;
const RETRY_AFTER = 15_000;

const wall = () => document.getElementById("wall");

async function stayAwake() {
  try {
    await navigator.wakeLock.request("screen");
  } catch {
    // The device does not have it, or does not allow it.
  }
}

function hasMore() {
  const { scrollHeight } = document.documentElement;
  return scrollY + innerHeight < scrollHeight - 8;
}

async function show(address) {
  const response = await fetch(address, { signal: AbortSignal.timeout(ANSWER_WITHIN) });
  if (!response.ok) throw new Error(`${response.status}`);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  if (!page.getElementById("wall")) throw new Error("another page");
  for (const name of ["lang", "data-look"]) {
    const value = page.documentElement.getAttribute(name);
    if (value === null) document.documentElement.removeAttribute(name);
    else document.documentElement.setAttribute(name, value);
  }
  document.body.replaceWith(page.body);
  document.title = page.title;
  history.replaceState(null, "", address);
  scrollTo({ top: 0, behavior: "instant" });
}

async function turn() {
  // Somebody is about to press something.
  if (wall().contains(document.activeElement)) return plan();
  if (hasMore()) {
    scrollBy(0, innerHeight * STEP);
    return plan();
  }
  try {
    await show(wall().dataset.next);
  } catch {
    document.getElementById("wall-offline").hidden = false;
  }
  return plan();
}

// A page that is paused stays, but tells of today.
async function anew() {
  if (wall().contains(document.activeElement)) return setTimeout(anew, RETRY_AFTER);
  try {
    await show(location.href);
  } catch {
    document.getElementById("wall-offline").hidden = false;
    return setTimeout(anew, RETRY_AFTER);
  }
  return plan();
}

function plan() {
  const { paused, seconds, dayEnds } = wall().dataset;
  if (paused === undefined) setTimeout(turn, seconds * 1000);
  // Not all walls at once.
  else setTimeout(anew, (Number(dayEnds) + 5 * Math.random()) * 1000);
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) stayAwake();
});
stayAwake();
plan();
