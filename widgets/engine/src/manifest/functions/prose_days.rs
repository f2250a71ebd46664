//! The days that a sentence names.
//!
//! Some services say only in prose when something holds: "On weekdays from 6 to 17/01 …". No crate
//! reads such days in four languages; where none is found, none is claimed.

use jiff::civil::Date;

use voordeur_formats::{MONTHS, WEEKDAYS};

use super::dates::{as_date, date_value, moment_date};
use super::{Call, EvalResult, Function};
use crate::manifest::values::Value;

/// The rest of a longer text is not read.
const MAX_BYTES: usize = 8_000;
/// More days in a row than a month has are no days.
const MAX_PENDING: usize = 31;

/// Words and marks between the days of one month: "6 to 17/01", "25 en zondag 26 januari".
const CONNECTIVES: [&str; 31] = [
    "to", "till", "until", "through", "and", "the", "of", "on", "tot", "t", "m", "en", "met",
    "van", "op", "de", "et", "au", "le", "les", "des", "du", "bis", "und", "zum", "vom", "am",
    "den", "dem", "st", "th",
];

pub const FUNCTIONS: &[Function] = &[Function {
    signature: "days_in(text, near)",
    min_args: 2,
    max_args: 2,
    returns: "the days that a text in nl, fr, de or en names, in order: `'6 to 17/01'`, `'25 en 26 januari'`, `'05.10.26'`; a day without a year is the one nearest to `near`, a day or a moment; an empty list when there is none",
    implementation: days_in,
}];

fn days_in<'v>(call: &Call<'_>, args: &[Value<'v>]) -> EvalResult<Value<'v>> {
    let near = as_date(&args[1]).or_else(|| moment_date(&args[1], call.zone));
    let (Value::Text(text), Some(near)) = (&args[0], near) else {
        return Ok(Value::list(Vec::new()));
    };
    let text = &text[..text.floor_char_boundary(MAX_BYTES.min(text.len()))];
    call.charge_text(text, 16)?;
    let days = named_days(text, near);
    call.charge_list(days.len())?;
    Ok(Value::list(days.into_iter().map(date_value).collect()))
}

/// A part of a text; spaces in a row are one mark.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Token<'t> {
    Number(&'t str),
    Word(&'t str),
    Mark(char),
}

/// The rest of a text.
#[derive(Clone, Copy)]
struct Tokens<'t>(&'t str);

impl<'t> Iterator for Tokens<'t> {
    type Item = Token<'t>;

    fn next(&mut self) -> Option<Token<'t>> {
        let first = self.0.chars().next()?;
        let run =
            |matches: fn(char) -> bool| self.0.find(|c: char| !matches(c)).unwrap_or(self.0.len());
        let (token, length) = if first.is_ascii_digit() {
            let length = run(|c| c.is_ascii_digit());
            (Token::Number(&self.0[..length]), length)
        } else if first.is_alphabetic() {
            let length = run(char::is_alphabetic);
            (Token::Word(&self.0[..length]), length)
        } else if first.is_whitespace() {
            (Token::Mark(' '), run(char::is_whitespace))
        } else {
            (Token::Mark(first), first.len_utf8())
        };
        self.0 = &self.0[length..];
        Some(token)
    }
}

impl Tokens<'_> {
    /// The rest when the next token is this one.
    fn after(mut self, token: Token<'_>) -> Option<Self> {
        (self.next()? == token).then_some(self)
    }
}

/// The days that a text names, sorted, each once.
fn named_days(text: &str, near: Date) -> Vec<Date> {
    let mut days = Vec::new();
    let mut pending: Vec<i8> = Vec::new();
    let mut rest = Tokens(text);
    let mut after_word = false;
    while let Some(token) = rest.next() {
        match token {
            Token::Number(digits) => {
                let glued = after_word;
                after_word = false;
                let Some(day) = small(digits, 31).filter(|_| !glued) else {
                    pending.clear();
                    continue;
                };
                if let Some((month, year, end)) = month_and_year(rest) {
                    rest = end;
                    let days_of_month = pending.drain(..).map(|earlier| {
                        // "28 to 3/02" begins in January.
                        if earlier > day { (earlier, month - 1) } else { (earlier, month) }
                    });
                    for (day, month) in days_of_month.chain([(day, month)]) {
                        days.extend(date(day, month, year, near));
                    }
                } else if let Some(end) = bare_day(rest)
                    && pending.len() < MAX_PENDING
                {
                    rest = end;
                    pending.push(day);
                } else {
                    pending.clear();
                }
            }
            Token::Word(word) => {
                after_word = true;
                let word = word.to_lowercase();
                let is_weekday = WEEKDAYS.iter().any(|(_, all)| all.contains(&word.as_str()));
                if !is_weekday && !CONNECTIVES.contains(&word.as_str()) {
                    pending.clear();
                }
            }
            Token::Mark(mark) => {
                after_word = false;
                if !matches!(mark, ' ' | ',' | '-' | '–' | '—' | '/' | '&' | '+') {
                    pending.clear();
                }
            }
        }
    }
    days.sort_unstable();
    days.dedup();
    days
}

fn small(digits: &str, most: i8) -> Option<i8> {
    let number = (digits.len() <= 2).then(|| digits.parse::<i8>().ok()).flatten();
    number.filter(|number| (1..=most).contains(number))
}

fn year_of(digits: &str) -> Option<i16> {
    match digits.len() {
        2 => digits.parse::<i16>().ok().map(|year| year + 2000),
        4 => digits.parse().ok(),
        _ => None,
    }
}

/// The rest after a number that can be a day: not after a time, a measure or a part of a name, as
/// in "20:00", "1.3", "16h", "3%".
fn bare_day(rest: Tokens<'_>) -> Option<Tokens<'_>> {
    match Tokens(rest.0).next() {
        Some(Token::Word(_) | Token::Mark(':' | '%' | '°')) => None,
        Some(Token::Mark('.')) => {
            // "6. bis 17. Dezember"; at the end of a sentence, a capital follows.
            let after = rest.after(Token::Mark('.'))?;
            let goes_on = after.after(Token::Mark(' '))?.0.starts_with(char::is_lowercase);
            goes_on.then_some(after)
        }
        _ => Some(rest),
    }
}

/// The month and year that follow a day, and the rest of the text.
fn month_and_year(rest: Tokens<'_>) -> Option<(i8, Option<i16>, Tokens<'_>)> {
    numeric_month(rest).or_else(|| named_month(rest))
}

/// `/01`, `/01/2026`, `.10.26`, `.10.`, `-11-2026`. A single dot is a decimal point: "1.3 km".
fn numeric_month(mut rest: Tokens<'_>) -> Option<(i8, Option<i16>, Tokens<'_>)> {
    let Token::Mark(separator @ ('/' | '.' | '-')) = rest.next()? else { return None };
    let Token::Number(digits) = rest.next()? else { return None };
    let month = small(digits, 12)?;
    let second = rest.after(Token::Mark(separator));
    if let Some(mut with_year) = second
        && let Some(Token::Number(year)) = with_year.next()
        && let Some(year) = year_of(year)
    {
        return Some((month, Some(year), with_year));
    }
    match (separator, second) {
        // Two digits, as in "24/07": "24/7" is round the clock.
        ('/', None) if digits.len() == 2 => Some((month, None, rest)),
        ('.', Some(second)) => Some((month, None, second)),
        _ => None,
    }
}

/// `november`, `er février 2026`, `. Oktober`.
fn named_month(rest: Tokens<'_>) -> Option<(i8, Option<i16>, Tokens<'_>)> {
    let ordinals = [Token::Mark('.'), Token::Word("er"), Token::Word("th"), Token::Word("st")];
    let mut rest = ordinals.into_iter().find_map(|mark| rest.after(mark)).unwrap_or(rest);
    rest = rest.after(Token::Mark(' ')).unwrap_or(rest);
    let Token::Word(word) = rest.next()? else { return None };
    let word = word.to_lowercase();
    let month = MONTHS.iter().position(|(_, all)| all.contains(&word.as_str()))?;
    let month = i8::try_from(month).ok()?.checked_add(1)?;
    let mut after = rest.after(Token::Mark('.')).unwrap_or(rest);
    after = after.after(Token::Mark(' ')).unwrap_or(after);
    match after.next() {
        Some(Token::Number(year)) if year.len() == 4 => Some((month, year_of(year), after)),
        _ => Some((month, None, rest)),
    }
}

/// A day; without a year, the one nearest to `near`.
fn date(day: i8, month: i8, year: Option<i16>, near: Date) -> Option<Date> {
    let (month, back) = if month < 1 { (12, 1) } else { (month, 0) };
    if let Some(year) = year {
        return Date::new(year.checked_sub(back)?, month, day).ok();
    }
    let distance = |date: &Date| near.until(*date).map_or(i32::MAX, |span| span.get_days().abs());
    (-1..=1)
        .filter_map(|years| Date::new(near.year().checked_add(years)?, month, day).ok())
        .min_by_key(distance)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::manifest::functions::tests::evaluate;

    fn days(text: &str) -> serde_json::Value {
        evaluate(&format!("days_in('{text}', '2026-11-23')"))
    }

    #[test]
    fn a_month_counts_for_the_days_before_it() {
        for text in [
            "On weekdays from 6 to 17/12 works will take place.",
            "Op weekdagen van 6 tot en met 17/12 rijden er bussen.",
            "En semaine, du 6 au 17 décembre, les trains ne roulent pas.",
            "Vom 6. bis 17. Dezember fahren Busse.",
            "van 6 t/m 17 dec. 2026",
            "6–17/12/2026",
        ] {
            assert_eq!(days(text), json!(["2026-12-06", "2026-12-17"]), "{text}");
        }
        let three = "Zaterdag 28, zondag 29 en maandag 30 november rijden er bussen";
        assert_eq!(days(three), json!(["2026-11-28", "2026-11-29", "2026-11-30"]));
        assert_eq!(days("from 28 to 3/12"), json!(["2026-11-28", "2026-12-03"]));
        assert_eq!(days("du 28 au 3 janvier 2027"), json!(["2026-12-28", "2027-01-03"]));
    }

    #[test]
    fn a_day_without_a_year_is_the_nearest_one() {
        assert_eq!(days("Le 9/01"), json!(["2027-01-09"]));
        assert_eq!(days("op 30/10"), json!(["2026-10-30"]));
        assert_eq!(days("am 05.10.26 von 05:00 bis 21:00 Uhr"), json!(["2026-10-05"]));
        assert_eq!(
            days("Beginn: 15.08.26 um 09:00 Uhr, Ende: 16.10."),
            json!(["2026-08-15", "2026-10-16"])
        );
    }

    #[test]
    fn other_numbers_are_no_days() {
        for text in [
            "zwischen 1.3 km hinter AS Gottmadingen und 2.8 km",
            "Länge: 1.03 km | Max. 80 km/h",
            "open 24/7, trein IC 12 naar spoor 3",
            "naar spoor 3. Op werkdagen",
            "om 20:15, 16h30, 3% of 5 °C",
            "A12/A14 en lijn 25",
            "31/02 en 40/01",
        ] {
            assert_eq!(days(text), json!([]), "{text}");
        }
        assert_eq!(evaluate("days_in(null, '2026-11-23')"), json!([]));
        assert_eq!(evaluate("days_in('op 30/10', null)"), json!([]));
    }
}
