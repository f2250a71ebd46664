// Moves every moment in a stored answer, so that a sample of some day reads as an answer of today.

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const MOMENT = /\b(\d{4}-\d\d-\d\d)([T ])(\d\d:\d\d)(:\d\d)?(\.\d+)?(Z|[+-]\d\d:?\d\d)?/g;
const DATE = /(?<![\d-])(20\d\d)-(\d\d)-(\d\d)(?![\dT-]| \d\d:)/g;
const COMPACT_DATE = /"(20\d\d)(\d\d)(\d\d)"/g;
const SECONDS = /(?<![\w.-])(1[78]\d{8})(?![\w.-])/g;

/**
 * The text with every date and time moved by `now - moment` (both in milliseconds since 1970): moments by just that, dates by whole days.
 */
export function shifted(text, moment, now) {
  const by = now - moment;
  const days = dayInBrussels(now) - dayInBrussels(moment);
  return text
    .replace(MOMENT, (whole, date, between, time, seconds = '', fraction = '', zone = '') => {
      const at = Date.parse(`${date}T${time}${seconds || ':00'}Z`);
      if (Number.isNaN(at)) return whole;
      // The clock of the zone that is written moves along; it stays written as it was.
      const moved = new Date(at + by).toISOString();
      return moved.slice(0, 10) + between + moved.slice(11, 16) + (seconds && moved.slice(16, 19)) + fraction + zone;
    })
    .replace(DATE, (whole, year, month, day) => movedDate(whole, [year, month, day], days, '-'))
    .replace(COMPACT_DATE, (whole, ...date) => {
      const moved = movedDate('', date.slice(0, 3), days, '');
      return moved ? `"${moved}"` : whole;
    })
    .replace(SECONDS, (seconds) => String(Number(seconds) + Math.round(by / 1000)));
}

function movedDate(whole, [year, month, day], days, between) {
  const at = Date.UTC(year, month - 1, day);
  const real = new Date(at).getUTCMonth() === month - 1 && new Date(at).getUTCDate() === Number(day);
  return real ? new Date(at + days * DAY).toISOString().slice(0, 10).replaceAll('-', between) : whole;
}

/** The number of the day, in Brussels. */
function dayInBrussels(at) {
  const date = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Brussels' }).format(at);
  return Date.parse(`${date}T00:00Z`) / DAY;
}
