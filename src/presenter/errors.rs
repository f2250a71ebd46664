use jiff::civil::Date;
use voordeur_widget_api::FieldError;

use crate::locale::Locale;
use voordeur_upstream::FetchError;

/// Describes a failed request in words that help a citizen.
pub fn describe_fetch_error(error: &FetchError, publisher: &str, locale: Locale) -> String {
    let publisher = [("publisher", publisher.into())];
    match error {
        FetchError::Slow => locale.say_with("failure-slow", &publisher),
        FetchError::Unreachable | FetchError::LedAstray => {
            locale.say_with("failure-unreachable", &publisher)
        }
        FetchError::NameNotFound => locale.say_with("failure-name-not-found", &publisher),
        FetchError::NotSecure(_) => locale.say_with("failure-not-secure", &publisher),
        FetchError::Broken(_) => locale.say_with("failure-broken", &publisher),
        FetchError::RejectionEffect(_) | FetchError::SentAround | FetchError::ForeignHost => {
            locale.say_with("failure-refused", &publisher)
        }
        FetchError::NotPublic => locale.say("failure-not-public"),
        FetchError::NoKey => locale.say_with("failure-no-key", &publisher),
        FetchError::TooLarge(_) => locale.say_with("failure-too-large", &publisher),
        FetchError::Unreadable(_) => locale.say_with("failure-unreadable", &publisher),
        FetchError::Busy => locale.say_with("failure-busy", &publisher),
    }
}

/// Describes an error of a field, and how to correct it.
pub fn describe_field_error(error: &FieldError, typed: &str, locale: Locale) -> String {
    match error {
        FieldError::Missing => locale.say("problem-missing"),
        FieldError::TooLong { longest } => {
            let longest = i64::try_from(*longest).unwrap_or(i64::MAX);
            locale.say_with("problem-too-long", &[("longest", longest.into())])
        }
        FieldError::NotANumber => locale.say("problem-not-a-number"),
        FieldError::OutOfBounds { least, most } => {
            let written = |bound: f64| locale.number(bound, u8::from(bound.fract() != 0.0));
            locale.say_with(
                "problem-out-of-bounds",
                &[("least", written(*least).into()), ("most", written(*most).into())],
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
        FieldError::TooShort { least } => {
            let least = i64::try_from(*least).unwrap_or(i64::MAX);
            locale.say_with("problem-too-short", &[("least", least.into())])
        }
        FieldError::NothingFound => locale.say("problem-nothing-found"),
        FieldError::NotChosen => locale.say("problem-not-chosen"),
        FieldError::CannotLookUp => locale.say("problem-cannot-look-up"),
        FieldError::UnknownPlace => {
            let similar = voordeur_gazetteer::similar(typed, 3);
            if similar.is_empty() {
                locale.say("problem-unknown-place")
            } else {
                let similar = similar.join(", ");
                locale.say_with("problem-unknown-place-similar", &[("similar", similar.into())])
            }
        }
    }
}

pub fn describe_match_count(count: usize, locale: Locale) -> String {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    locale.say_with("lookup-found", &[("count", count.into())])
}
