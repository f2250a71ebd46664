// The page follows every save by itself, and shows at once what is chosen. What is replaced are the parts marked `data-follow`; the focus,
// the open folds and the place on the page stay as they were. Without this script the button and a reload do the same.

const PAUSE = 1_000;
const parser = new DOMParser();
const form = document.getElementById('choice');
const told = document.getElementById('told');

let version = document.body.dataset.version;
/** Counts what was asked for: an answer that was overtaken by a later question is not shown. */
let asked = 0;
/** What the server sent for each part: what is in the page has folds that were opened meanwhile. */
const sent = new Map(parts(document).map((part) => [part.id, part.innerHTML]));

function parts(page) {
  return [...page.querySelectorAll('[data-follow]')];
}

/** What tells an element from others, also when it is drawn again: its id, or the path of its fold. */
function mark(element) {
  const path = element?.closest('[data-path]')?.dataset.path;
  if (element?.id) return (page) => page.getElementById(element.id);
  if (path === undefined) return () => null;
  return (page) => [...page.querySelectorAll('[data-path]')].find((one) => one.dataset.path === path)?.querySelector('summary');
}

const folds = (part) => new Map([...part.querySelectorAll('[data-path]')].map((fold) => [fold.dataset.path, fold.open]));

/** Which option is chosen is for the citizen of this page to say, and no reason to draw a part again. */
const unchosen = (html) => html.replaceAll(/ selected(="")?/g, '');

async function show(address) {
  const mine = ++asked;
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  const page = parser.parseFromString(await answer.text(), 'text/html');
  if (mine !== asked) return;
  const focused = mark(document.activeElement);
  const top = window.scrollY;
  for (const part of parts(document)) {
    const next = page.getElementById(part.id);
    if (!next || unchosen(next.innerHTML) === unchosen(sent.get(part.id))) continue;
    sent.set(part.id, next.innerHTML);
    const open = folds(part);
    const chosen = [...part.querySelectorAll('select')].map((select) => [select.id, select.value]);
    const scrolled = part.scrollTop;
    part.replaceChildren(...next.childNodes);
    for (const fold of part.querySelectorAll('[data-path]')) fold.open = open.get(fold.dataset.path) ?? fold.open;
    for (const [id, value] of chosen) document.getElementById(id).value = value;
    part.scrollTop = scrolled;
  }
  const look = page.getElementById('look').getAttribute('href');
  const old = document.getElementById('look');
  if (old.getAttribute('href') !== look) old.setAttribute('href', look);
  version = page.body.dataset.version;
  window.scrollTo({ top, behavior: 'instant' });
  const again = focused(document);
  if (again && again !== document.activeElement) again.focus({ preventScroll: true });
}

async function follow() {
  for (;;) {
    try {
      const answer = await fetch(`/version?after=${version}`);
      if (!answer.ok) throw new Error(`/version: ${answer.status}`);
      if ((await answer.text()) !== version) await show(window.location.href);
    } catch {
      told.textContent = 'The preview has been closed. The page goes on when it is opened again.';
      sent.set(told.id, told.innerHTML);
      await new Promise((done) => setTimeout(done, PAUSE));
      await show(window.location.href).catch(() => {});
    }
  }
}

async function choose(event) {
  event.preventDefault();
  const address = `/?${new URLSearchParams(new FormData(form))}`;
  window.history.replaceState(null, '', address);
  await show(address).catch(() => window.location.assign(address));
}

form.addEventListener('change', choose);
form.addEventListener('submit', choose);
follow();
