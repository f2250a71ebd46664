// Measures the lanes of a board: where each card is, and how high its content is.

import { chromium } from '@playwright/test';

/** The widths at which boards are measured, in pixels. */
export const WIDTHS = [360, 390, 768, 1440, 1920, 2560];

/** A browser that has `display: grid-lanes`, or one that has not. */
export async function browserWith(lanes, { launchOptions }) {
  const args = [...launchOptions.args];
  // Chromium 156 has lanes behind this flag.
  args.push(`--${lanes ? 'enable' : 'disable'}-blink-features=CSSGridLanesLayout`);
  return chromium.launch({ ...launchOptions, args });
}

let key = 0;

/** Sends an edit as a form without scripts does. */
export async function edit(context, url, path, form) {
  key += 1;
  const fields = { revision: '999999', edit: `lanes-${key}`, ...form };
  const response = await context.request.post(url + path, { form: fields, maxRedirects: 0 });
  if (response.status() !== 303) throw new Error(`${path} ${JSON.stringify(form)}: ${response.status()}`);
}

/** Runs in the page: every card in rem, and what the design says about gaps. */
export function measure() {
  const grid = document.querySelector('#cards');
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const lanes = Number(getComputedStyle(grid).getPropertyValue('--lanes'));
  const cards = [...grid.querySelectorAll(':scope > [data-card]')];
  const box = grid.getBoundingClientRect();
  const boxes = cards.map((card) => {
    const { left, right, top, bottom, height } = card.getBoundingClientRect();
    return { widget: card.dataset.widget, state: card.dataset.state, size: card.dataset.size, left, right, top, bottom, height };
  });
  for (const card of cards) Object.assign(card.style, { alignSelf: 'start', minHeight: '0' });
  cards.forEach((card, at) => (boxes[at].content = card.getBoundingClientRect().height));
  for (const card of cards) Object.assign(card.style, { alignSelf: '', minHeight: '' });
  const gap = parseFloat(getComputedStyle(grid).columnGap);
  const lane = (box.width + gap) / lanes - gap;
  const ends = Array(lanes).fill(0);
  const holes = [];
  const placed = boxes.map((card) => {
    const first = Math.round((card.left - box.left) / (lane + gap));
    const span = Math.round((card.right - card.left + gap) / (lane + gap));
    const own = ends.slice(first, first + span);
    own.forEach((end) => {
      if (end > 0) holes.push({ widget: card.widget, gap: (card.top - end - gap) / rem });
    });
    ends.fill(card.bottom, first, first + span);
    const top = (card.top - box.top) / rem;
    return { widget: card.widget, state: card.state, size: card.size, lane: first, span, top, height: card.height / rem, content: card.content / rem };
  });
  return {
    lanes,
    laneWidth: lane / rem,
    gap: gap / rem,
    holes,
    cards: placed,
    ends: ends.map((end) => (end - box.top) / rem),
    overflow: document.scrollingElement.scrollWidth - document.documentElement.clientWidth,
  };
}

/** What is wrong with a board in any width, as sentences. */
export function faults(board) {
  const found = [];
  const { lanes, laneWidth, cards, ends, overflow } = board;
  if (lanes > 1 && (laneWidth < 20 || laneWidth > 31)) found.push(`a lane of ${laneWidth} rem`);
  if (overflow > 0) found.push(`${overflow} pixels too wide`);
  cards.forEach((card, at) => {
    const { widget, height, content, top } = card;
    if (height > content * 1.15 + 0.06) found.push(`${widget}: ${height.toFixed(1)} rem high for ${content.toFixed(1)}`);
    // A card that is higher than expected moves its own lane, by a few lines of text at most.
    if (at > 0 && top < cards[at - 1].top - 3) found.push(`${widget} is above ${cards[at - 1].widget}`);
  });
  const tallest = Math.max(...cards.map(({ height }) => height), 0);
  const spread = Math.max(...ends) - Math.min(...ends);
  if (spread > tallest + board.gap) found.push(`lanes end ${spread.toFixed(1)} rem apart, the highest card has ${tallest.toFixed(1)}`);
  return found;
}

/** The place of each card: its lane, how many it takes, and its position in them. */
export const places = ({ cards }) => cards.map(({ widget, lane, span }) => `${widget} ${lane}+${span}`);
