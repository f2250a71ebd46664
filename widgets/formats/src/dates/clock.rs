//! Times of day and offsets from UTC, as part of a date.

use jiff::civil::{Date, DateTime, Time};

use super::next_day;

/// The offsets from UTC that places of the world have, in minutes.
const OFFSETS: std::ops::RangeInclusive<i32> = -12 * 60..=14 * 60;

/// Words after an hour, in small letters.
const UNITS: [&str; 5] = ["uur", "uhr", "heures", "heure", "u"];
/// Halves of the day.
const HALVES: [&str; 4] = ["am", "pm", "a.m", "p.m"];
/// Words between the beginning and the end of a time, in small letters.
const UNTIL: [&str; 6] = ["tot", "bis", "à", "to", "until", "till"];

/// A time of day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Clock {
    hour: i16,
    minute: i16,
    second: i16,
    nanosecond: i32,
    /// Whether seconds are written, as machines do.
    has_seconds: bool,
    /// Whether it is after noon, where the time says so.
    is_afternoon: Option<bool>,
}

impl Clock {
    /// The time at the start of a text, and the rest: `7:36`, `07:36:00.5`, `7h36`, `7 h 36`,
    /// `7u36`, `7.36 uur`, `7 uur`, `7pm`.
    pub fn leading(text: &str) -> Option<(Self, &str)> {
        let ((hour, hour_digits), rest) = leading_number(text)?;
        if hour_digits > 2 {
            return None;
        }
        let at =
            |minute: i16, second: i16| Clock { hour, minute, second, ..Clock::default() }.checked();
        let unit = rest.trim_start();
        if let Some(after) = unit.strip_prefix(['h', 'u']) {
            let minute = leading_number(after.trim_start()).filter(|((_, digits), _)| *digits == 2);
            if let Some(((minute, _), after)) = minute {
                return Some((at(minute, 0)?, after));
            }
            // `7h`, `7 h`
            if unit.starts_with('h') && !after.starts_with(char::is_alphabetic) {
                return Some((at(0, 0)?, after));
            }
        }
        if UNITS.iter().chain(&HALVES).any(|name| is_word(unit, name)) {
            return Some((at(0, 0)?, rest));
        }
        let after = rest.strip_prefix([':', '.'])?;
        let ((minute, minute_digits), after) = leading_number(after)?;
        if minute_digits > 2 {
            return None;
        }
        if rest.starts_with('.') {
            let unit = after.trim_start();
            let is_time = UNITS.iter().chain(&HALVES).any(|name| is_word(unit, name));
            return if is_time { Some((at(minute, 0)?, after)) } else { None };
        }
        let seconds = after.strip_prefix(':').filter(|_| rest.starts_with(':'));
        let Some(((second, _), after)) = seconds.and_then(leading_number) else {
            return Some((at(minute, 0)?, after));
        };
        let mut clock = Clock { has_seconds: true, ..at(minute, second)? };
        let fraction = after.strip_prefix(['.', ',']).unwrap_or_default();
        let length = digits(fraction);
        if length == 0 {
            return Some((clock, after));
        }
        let nanoseconds: String = fraction[..length].chars().chain("000000000".chars()).collect();
        clock.nanosecond = nanoseconds.get(..9)?.parse().ok()?;
        Some((clock, &fraction[length..]))
    }

    /// The hour of two digits at the start of a text, without minutes, and the rest.
    pub fn leading_hour(text: &str) -> Option<(Self, &str)> {
        let ((hour, digits), rest) = leading_number(text)?;
        let is_alone = digits == 2 && !rest.starts_with([':', '.', 'h']);
        let clock = Clock { hour, ..Clock::default() };
        clock.checked().filter(|_| is_alone).map(|clock| (clock, rest))
    }

    fn checked(self) -> Option<Self> {
        let is_midnight = self.hour == 24 && self.minute == 0 && self.second == 0;
        // A leap second.
        let fits = self.hour < 24 && self.minute < 60 && self.second <= 60;
        (fits || is_midnight).then_some(self)
    }

    /// Notes `am` or `pm`; `13:14 pm` says the same twice.
    pub fn set_half(&mut self, is_afternoon: bool) -> Option<()> {
        let is_first = self.is_afternoon.replace(is_afternoon).is_none();
        is_first.then_some(())
    }

    pub fn has_half(&self) -> bool {
        self.is_afternoon.is_some()
    }

    /// The text after the end of a time that begins now: `-16:00`, ` – 16 h`, ` tot 16:00`. The end
    /// may tell in which half of the day the beginning is: `2:00 - 4:00 pm`.
    ///
    /// `may_be_offset` is for `14:00-05:00`, which is a time in the west of the Atlantic unless
    /// people wrote it.
    pub fn after_end<'t>(&mut self, text: &'t str, may_be_offset: bool) -> Option<&'t str> {
        let start = text.trim_start();
        let is_close = start.len() == text.len();
        let may_be_offset = may_be_offset || !is_close || self.has_seconds;
        let after = match start.strip_prefix('-') {
            Some(after) if after.starts_with(|c: char| c.is_ascii_digit()) => {
                if may_be_offset && leading_offset(start).is_some() {
                    return None;
                }
                after
            }
            Some(after) => after,
            None => start.strip_prefix(['–', '—']).or_else(|| {
                let word = UNTIL.iter().find(|word| is_word(start, word))?;
                start.strip_prefix(word)
            })?,
        };
        let (end, rest) = Clock::leading(after.trim_start())?;
        let half = rest.trim_start();
        let Some(name) = HALVES.iter().find(|name| is_word(half, name)) else { return Some(rest) };
        if self.is_afternoon.is_none() {
            let is_same_half = self.hour % 12 < end.hour % 12;
            self.is_afternoon = Some(name.starts_with('p') == is_same_half);
        }
        let rest = half.strip_prefix(name)?;
        Some(rest.strip_prefix('.').unwrap_or(rest))
    }

    /// The time on a day; 24:00 is midnight at its end.
    pub fn on(&self, day: Date) -> Option<DateTime> {
        let hour = match (self.is_afternoon, self.hour) {
            (Some(true), 1..12) => self.hour.checked_add(12)?,
            (Some(false), 12) => 0,
            (Some(false), 13..) => return None,
            (_, hour) => hour,
        };
        if hour == 24 {
            return Some(next_day(day)?.to_datetime(Time::midnight()));
        }
        let second = i8::try_from(self.second.min(59)).ok()?;
        let (hour, minute) = (i8::try_from(hour).ok()?, i8::try_from(self.minute).ok()?);
        let time = Time::new(hour, minute, second, self.nanosecond).ok()?;
        Some(day.to_datetime(time))
    }
}

/// Whether a text starts with this word.
fn is_word(text: &str, word: &str) -> bool {
    text.strip_prefix(word).is_some_and(|rest| !rest.starts_with(char::is_alphabetic))
}

/// The offset in minutes at the start of a text, and the rest: `+01:00`, `-0530`, `+1`.
pub fn leading_offset(text: &str) -> Option<(i32, &str)> {
    let is_west = text.starts_with('-');
    let ((number, length), rest) = leading_number(text.strip_prefix(['+', '-'])?)?;
    let number = i32::from(number);
    let (minutes, rest) = match length {
        1 | 2 => {
            let hours = number.checked_mul(60)?;
            match rest.strip_prefix(':').map(leading_number) {
                Some(Some(((minutes @ 0..60, 2), rest))) => {
                    (hours.checked_add(i32::from(minutes))?, rest)
                }
                Some(_) => return None,
                None => (hours, rest),
            }
        }
        3 | 4 if number % 100 < 60 => {
            ((number / 100).checked_mul(60)?.checked_add(number % 100)?, rest)
        }
        _ => return None,
    };
    let minutes = if is_west { minutes.checked_neg()? } else { minutes };
    OFFSETS.contains(&minutes).then_some((minutes, rest))
}

/// The number at the start of a text with the count of its digits, at most four, and the rest.
pub fn leading_number(text: &str) -> Option<((i16, usize), &str)> {
    let length = digits(text);
    let number = text[..length].parse().ok().filter(|_| length <= 4)?;
    Some(((number, length), &text[length..]))
}

/// How many ASCII digits a text starts with.
pub fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}
