//! Dates as publishers write them: RFC 3339, RFC 2822 and the many spellings around them, in four
//! languages.
//!
//! Crates that parse any spelling guess: jiff takes unknown letters after the time for UTC, others
//! take `5 mei` for a time of day. A wrong time is worse than none, so a date is read here only when
//! every word of it is understood.

mod clock;
mod iso;
mod words;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};
use jiff::{Span, Timestamp};

use super::html;
use clock::{Clock, leading_number};

pub use words::{MONTHS, WEEKDAYS};

/// Longer texts are no dates, even with the white space between their words.
const MAX_BYTES: usize = 1_000;
/// The same without it.
const MAX_LENGTH: usize = 100;
/// Two-digit years from this one are of the twentieth century (RFC 2822, section 4.3).
const FIRST_YEAR_OF_1900: i16 = 50;

/// A date, as exactly as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrittenDate {
    /// With its time and zone.
    At(Timestamp),
    /// Without a zone.
    Local(DateTime),
    /// Without a time.
    Day(Date),
    /// A month or a year, by its first day.
    Period(Date),
}

impl WrittenDate {
    /// The date as a text of RFC 3339 without what it does not say; `None` when it names no day.
    pub fn as_text(self) -> Option<String> {
        match self {
            WrittenDate::At(at) => Some(at.to_string()),
            WrittenDate::Local(local) => Some(local.to_string()),
            WrittenDate::Day(day) => Some(day.to_string()),
            WrittenDate::Period(_) => None,
        }
    }

    /// The moment as a text of RFC 3339, without an offset when no zone is given; a date without a
    /// time is its midnight.
    pub fn as_moment(self) -> String {
        match self {
            WrittenDate::At(at) => at.to_string(),
            WrittenDate::Local(local) => local.to_string(),
            WrittenDate::Day(day) | WrittenDate::Period(day) => {
                day.to_datetime(Time::midnight()).to_string()
            }
        }
    }

    /// The instant; a date without a zone is taken as UTC, one without a time as midnight.
    pub fn as_utc(self) -> Option<Timestamp> {
        self.in_zone(&TimeZone::fixed(Offset::UTC))
    }

    /// The instant; a date without a zone is taken in this one, one without a time as midnight.
    pub fn in_zone(self, zone: &TimeZone) -> Option<Timestamp> {
        let local = match self {
            WrittenDate::At(at) => return Some(at),
            WrittenDate::Local(local) => local,
            WrittenDate::Day(day) | WrittenDate::Period(day) => day.to_datetime(Time::midnight()),
        };
        zone.to_timestamp(local).ok()
    }
}

/// Reads a date in any spelling: RFC 3339, RFC 2822, ISO 8601, and dates with names of months or
/// with numbers alone, in Dutch, French, German and English.
///
/// `None` for whatever is not understood as a whole, such as unknown letters after the time. Of
/// `3/4/2026`, the first number is the day, unless the weekday or `PM` says otherwise.
pub fn written_date(text: &str) -> Option<WrittenDate> {
    read(text, |parts| parts.date())
}

/// The same, but for dates whose order has to be guessed, such as `3/4/2026`.
pub fn unambiguous_date(text: &str) -> Option<WrittenDate> {
    read(text, |parts| {
        parts.date().filter(|_| parts.numeric.is_none_or(|[first, ..]| first.1 == 4))
    })
}

fn read(text: &str, date: impl Fn(&Parts) -> Option<WrittenDate>) -> Option<WrittenDate> {
    let text = text.trim();
    if text.len() > MAX_BYTES {
        return None;
    }
    let text = html::one_line(text);
    if text.is_empty() || text.len() > MAX_LENGTH {
        return None;
    }
    if let Ok(timestamp) = text.parse::<Timestamp>()
        && has_known_offset(&text)
    {
        return Some(WrittenDate::At(timestamp));
    }
    iso::read(&text).or_else(|| date(&Parts::of(&text)?))
}

/// Whether the offset after the time of a text of RFC 3339 is one that the world has:
/// `2026-11-24 14:00-16:00` lasts two hours.
fn has_known_offset(text: &str) -> bool {
    let Some(at) = text.rfind(['+', '-']).filter(|at| *at > "2026-11-24".len()) else {
        return true;
    };
    clock::leading_offset(&text[at..]).is_some()
}

/// The parts of a date that have been found so far.
#[derive(Debug, Default)]
struct Parts {
    month: Option<i8>,
    weekday: Option<i8>,
    /// A word that is a month or a weekday: `mar`.
    is_month_or_weekday: bool,
    /// Numbers beside a month name, in order, with the number of their digits.
    numbers: Vec<(i16, usize)>,
    /// The three numbers of `3/4/2026`.
    numeric: Option<[(i16, usize); 3]>,
    clock: Option<Clock>,
    /// Whether an end of the time was read.
    has_end: bool,
    zone: Option<TimeZone>,
}

impl Parts {
    /// The parts of a text; `None` when one of them is not understood.
    fn of(text: &str) -> Option<Self> {
        let lower = without_comments(text)?.to_lowercase();
        let mut parts = Parts::default();
        let mut rest = lower.as_str();
        let mut is_first = true;
        loop {
            if let Some(after) = parts.after_end(rest) {
                rest = after;
                continue;
            }
            let start = rest.trim_start_matches([' ', ',', ';', '|']);
            // A dash between spaces separates date and time, one before digits may be an offset.
            let start = start.strip_prefix("- ").unwrap_or(start).trim_start();
            let Some(first) = start.chars().next() else { break };
            rest = if first.is_ascii_digit() {
                parts.take_number(start)?
            } else if first.is_alphabetic() {
                parts.take_word(start, is_first)?
            } else if matches!(first, '+' | '-') {
                parts.take_offset(start)?
            } else {
                return None;
            };
            is_first = false;
        }
        // `2026 11 24`
        if let (None, None, &[first, second, third]) =
            (parts.month, parts.numeric, parts.numbers.as_slice())
        {
            parts.numeric = Some([first, second, third]);
            parts.numbers.clear();
        }
        Some(parts)
    }

    /// The text after the end of the time, which is understood and left out.
    fn after_end<'t>(&mut self, text: &'t str) -> Option<&'t str> {
        if self.zone.is_some() || self.has_end {
            return None;
        }
        let is_of_people =
            self.month.is_some() || self.numeric.is_some_and(|[(_, digits), ..]| digits < 4);
        let after = self.clock.as_mut()?.after_end(text, !is_of_people)?;
        self.has_end = true;
        Some(after)
    }

    /// Takes a time, a date of three numbers, or a number.
    fn take_number<'t>(&mut self, text: &'t str) -> Option<&'t str> {
        if let Some((clock, rest)) = Clock::leading(text) {
            if self.clock.replace(clock).is_some() {
                return None;
            }
            return Some(rest);
        }
        let (first, rest) = leading_number(text)?;
        let separator = rest.bytes().next().filter(|byte| matches!(byte, b'/' | b'.' | b'-'));
        if let Some(separator) = separator
            && let Some((second, after)) = leading_number(&rest[1..])
            && let Some((third, after)) =
                after.strip_prefix(char::from(separator)).and_then(leading_number)
        {
            if self.numeric.replace([first, second, third]).is_some() {
                return None;
            }
            return Some(after);
        }
        self.numbers.push(first);
        // `24-Nov-2026`, `24. November`, `24/Nov/2026`
        Some(rest.strip_prefix(['.', '-', '/']).unwrap_or(rest))
    }

    /// Takes a word: a name of a month, a weekday or a zone, half of the day, or one that says
    /// nothing.
    fn take_word<'t>(&mut self, text: &'t str, is_first: bool) -> Option<&'t str> {
        let end = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
        let (word, rest) = text.split_at(end);
        let is_after_time = self.clock.is_some();
        let after_dot = rest.strip_prefix('.').unwrap_or(rest);
        // `24-Nov-2026`
        let after_name = match after_dot.as_bytes() {
            [b'-' | b'/', digit, ..] if digit.is_ascii_digit() && !is_after_time => &after_dot[1..],
            _ => after_dot,
        };
        if let (Some(clock), "am" | "pm" | "a" | "p") = (&mut self.clock, word) {
            // `p.m.`
            let rest = after_dot.strip_prefix("m.").or(after_dot.strip_prefix("m"));
            clock.set_half(word.starts_with('p'))?;
            return Some(rest.unwrap_or(after_dot));
        }
        if word == "t" && clock::digits(rest) > 0 {
            // `T10`
            let Some((clock, after)) = Clock::leading_hour(rest) else { return Some(rest) };
            return self.clock.replace(clock).is_none().then_some(after);
        }
        if let Some(month) = words::month(word) {
            let is_either = words::weekday(word).is_some();
            if self.month.is_none() || self.is_month_or_weekday {
                if self.is_month_or_weekday {
                    self.weekday = words::weekday("mar");
                }
                self.month = Some(month);
                self.is_month_or_weekday = is_either;
                return Some(after_name);
            }
            if is_either && self.weekday.is_none() {
                self.weekday = words::weekday(word);
                return Some(after_name);
            }
            return None;
        }
        if let Some(weekday) = words::weekday(word) {
            if self.weekday.replace(weekday).is_some() {
                return None;
            }
            return Some(after_dot);
        }
        if is_after_time {
            let end = text.find(|c: char| !c.is_alphabetic() && !matches!(c, '/' | '_'));
            let (name, rest) = text.split_at(end.unwrap_or(text.len()));
            if let Some(zone) = words::zone(name) {
                return self.take_zone(name, zone, rest);
            }
        }
        if words::is_filler(word) {
            return Some(after_dot);
        }
        // A weekday in another language.
        (is_first && after_dot.starts_with(',')).then_some(after_dot)
    }

    /// Takes the zone with a name, and the offset in `GMT+1`.
    fn take_zone<'t>(&mut self, name: &str, zone: TimeZone, rest: &'t str) -> Option<&'t str> {
        let after = rest.trim_start();
        let is_utc = matches!(name, "gmt" | "utc" | "ut");
        if is_utc && after.starts_with(['+', '-']) && self.zone.is_none() {
            return self.take_offset(after);
        }
        match &self.zone {
            // `+0100 CET`: the name repeats the offset.
            Some(known) if *known == zone => {}
            Some(_) => return None,
            None => self.zone = Some(zone),
        }
        Some(rest)
    }

    fn take_offset<'t>(&mut self, text: &'t str) -> Option<&'t str> {
        if self.clock.is_none() || self.zone.is_some() {
            return None;
        }
        let (minutes, rest) = clock::leading_offset(text)?;
        self.zone = Some(words::fixed(minutes)?);
        Some(rest)
    }

    fn date(&self) -> Option<WrittenDate> {
        let day = match self.month {
            Some(month) => self.named_day(month)?,
            None => self.numeric_day()?,
        };
        let Some(clock) = &self.clock else {
            return Some(WrittenDate::Day(day));
        };
        at_zone(clock.on(day)?, self.zone.as_ref())
    }

    /// The day of `24 Nov 2026`, `Nov 24 2026` or `2026 Nov 24`.
    fn named_day(&self, month: i8) -> Option<Date> {
        if self.numeric.is_some() {
            return None;
        }
        let &[one, other] = self.numbers.as_slice() else { return None };
        let (day, year) = if one.1 == 4 { (other, one) } else { (one, other) };
        Date::new(full_year(year)?, month, short(day)?).ok()
    }

    fn numeric_day(&self) -> Option<Date> {
        let numbers = match self.numeric {
            Some(numeric) if self.numbers.is_empty() => numeric,
            _ => return None,
        };
        let [first, second, third] = numbers;
        if first.1 == 4 {
            return Date::new(full_year(first)?, short(second)?, short(third)?).ok();
        }
        let year = full_year(third)?;
        let european = Date::new(year, short(second)?, short(first)?).ok();
        let american = Date::new(year, short(first)?, short(second)?).ok();
        let (Some(european_day), Some(american_day)) = (european, american) else {
            return european.or(american);
        };
        let is_on = |day: Date| Some(day.weekday().to_monday_one_offset()) == self.weekday;
        let has_half = self.clock.as_ref().is_some_and(Clock::has_half);
        let is_american = match (is_on(european_day), is_on(american_day)) {
            (true, false) => false,
            (false, true) => true,
            _ => has_half,
        };
        if is_american { american } else { european }
    }
}

/// A local time in its zone, if it has one.
fn at_zone(local: DateTime, zone: Option<&TimeZone>) -> Option<WrittenDate> {
    let Some(zone) = zone else { return Some(WrittenDate::Local(local)) };
    zone.to_ambiguous_timestamp(local).compatible().ok().map(WrittenDate::At)
}

/// A year of two or four digits.
fn full_year((year, digits): (i16, usize)) -> Option<i16> {
    match digits {
        4 => Some(year),
        2 if year < FIRST_YEAR_OF_1900 => year.checked_add(2_000),
        2 => year.checked_add(1_900),
        _ => None,
    }
}

/// A day or month of one or two digits.
fn short((number, digits): (i16, usize)) -> Option<i8> {
    i8::try_from(number).ok().filter(|_| digits <= 2)
}

/// The day after.
fn next_day(day: Date) -> Option<Date> {
    day.checked_add(Span::new().try_days(1).ok()?).ok()
}

/// A text without what stands in parentheses (RFC 5322, section 3.2.2).
fn without_comments(text: &str) -> Option<String> {
    let mut outside = String::with_capacity(text.len());
    let mut depth = 0_usize;
    for character in text.chars() {
        match character {
            '(' => depth = depth.checked_add(1)?,
            ')' => depth = depth.checked_sub(1)?,
            _ if depth == 0 => outside.push(character),
            _ => {}
        }
    }
    (depth == 0).then_some(outside)
}

#[cfg(test)]
mod tests;
