use jiff::civil::Date;
use voordeur_widget_api::FieldError;

use crate::locale::Locale;
use voordeur_upstream::FetchError;

/// Describes a failed request in words that help a citizen.
pub fn describe_fetch_error(error: &FetchError, publisher: &str, locale: Locale) -> String {
    let publisher = [("publisher", publisher.into())];
    match error {
        FetchError::Timeout => locale.say_with("failure-slow", &publisher),
        FetchError::Unreachable | FetchError::NoPublicAddress => {
            locale.say_with("failure-unreachable", &publisher)
        }
        FetchError::NameNotFound => locale.say_with("failure-name-not-found", &publisher),
        FetchError::Tls(_) => locale.say_with("failure-not-secure", &publisher),
        FetchError::ServerError(_) => locale.say_with("failure-broken", &publisher),
        FetchError::Rejected(_) | FetchError::TooManyRedirects | FetchError::HostNotAllowed => {
            locale.say_with("failure-refused", &publisher)
        }
        FetchError::NotPublic => locale.say("failure-not-public"),
        FetchError::MissingApiKey => locale.say_with("failure-no-key", &publisher),
        FetchError::TooLarge(_) | FetchError::OverBudget(_) => {
            locale.say_with("failure-too-large", &publisher)
        }
        FetchError::Unreadable(_) => locale.say_with("failure-unreadable", &publisher),
        FetchError::ChangedShape { .. } => locale.say_with("failure-changed", &publisher),
        FetchError::NotAFeed => locale.say("failure-not-a-feed"),
        FetchError::NotACalendar => locale.say("failure-not-a-calendar"),
        FetchError::Busy | FetchError::NotStored => locale.say_with("failure-busy", &publisher),
        FetchError::Paused => locale.say_with("failure-paused", &publisher),
    }
}

/// Describes an error of a field, and how to correct it.
pub fn describe_field_error(error: &FieldError, typed: &str, locale: Locale) -> String {
    match error {
        FieldError::Missing => locale.say("problem-missing"),
        FieldError::TooLong { max_chars } => {
            let max_chars = i64::try_from(*max_chars).unwrap_or(i64::MAX);
            locale.say_with("problem-too-long", &[("longest", max_chars.into())])
        }
        FieldError::TooManyBytes { .. } => locale.say("problem-too-many-bytes"),
        FieldError::LineNotAnAddress { number, line } => locale.say_with(
            "problem-line-not-an-address",
            &[("number", count(*number).into()), ("line", line.clone().into())],
        ),
        FieldError::LineTooLong { number, max_chars } => locale.say_with(
            "problem-line-too-long",
            &[("number", count(*number).into()), ("longest", count(*max_chars).into())],
        ),
        FieldError::TooManyLines { max_lines } => {
            locale.say_with("problem-too-many-lines", &[("most", count(*max_lines).into())])
        }
        FieldError::BoardTooLarge => locale.say("problem-board-too-large"),
        FieldError::NotANumber => locale.say("problem-not-a-number"),
        FieldError::OutOfBounds { min, max } => {
            let written = |bound: f64| locale.number(bound, u8::from(bound.fract() != 0.0));
            locale.say_with(
                "problem-out-of-bounds",
                &[("least", written(*min).into()), ("most", written(*max).into())],
            )
        }
        FieldError::NotAChoice => locale.say("problem-not-a-choice"),
        FieldError::NotAPlate => locale.say("problem-not-a-plate"),
        FieldError::NotAWebAddress => locale.say("problem-not-a-web-address"),
        FieldError::NotADay => locale.say("problem-not-a-day"),
        FieldError::DayOutOfBounds { earliest, latest } => {
            let words =
                |day: Option<Date>| day.map(|day| locale.day_in_full(day)).unwrap_or_default();
            let (first, last) = (words(*earliest), words(*latest));
            let key = match (earliest, latest) {
                (Some(_), Some(_)) => "problem-day-between",
                (None, _) => "problem-day-late",
                (Some(_), None) => "problem-day-early",
            };
            locale.say_with(key, &[("earliest", first.into()), ("latest", last.into())])
        }
        FieldError::TooShort { min_chars } => {
            let min_chars = i64::try_from(*min_chars).unwrap_or(i64::MAX);
            locale.say_with("problem-too-short", &[("least", min_chars.into())])
        }
        FieldError::NothingFound => locale.say("problem-nothing-found"),
        FieldError::NotChosen => locale.say("problem-not-chosen"),
        FieldError::CannotLookUp => locale.say("problem-cannot-look-up"),
        FieldError::UnknownPlace => {
            let similar = voordeur_gazetteer::suggest(typed, 3);
            if similar.is_empty() {
                locale.say("problem-unknown-place")
            } else {
                let similar = similar.join(", ");
                locale.say_with("problem-unknown-place-similar", &[("similar", similar.into())])
            }
        }
    }
}

pub fn describe_match_count(matches: usize, locale: Locale) -> String {
    locale.say_with("lookup-found", &[("count", count(matches).into())])
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
