use jiff::civil::Date;
use voordeur_widget_api::FieldProblem;

use crate::locale::Locale;
use voordeur_upstream::Failure;

/// Why a service gave nothing, in words that help a citizen.
pub fn failure_in_words(failure: &Failure, publisher: &str, locale: Locale) -> String {
    let publisher = [("publisher", publisher.into())];
    match failure {
        Failure::Slow => locale.say_with("failure-slow", &publisher),
        Failure::Unreachable | Failure::LedAstray => {
            locale.say_with("failure-unreachable", &publisher)
        }
        Failure::NameNotFound => locale.say_with("failure-name-not-found", &publisher),
        Failure::NotSecure(_) => locale.say_with("failure-not-secure", &publisher),
        Failure::Broken(_) => locale.say_with("failure-broken", &publisher),
        Failure::Refused(_) | Failure::SentAround | Failure::ForeignHost => {
            locale.say_with("failure-refused", &publisher)
        }
        Failure::NotPublic => locale.say("failure-not-public"),
        Failure::NoKey => locale.say_with("failure-no-key", &publisher),
        Failure::TooLarge(_) => locale.say_with("failure-too-large", &publisher),
        Failure::Unreadable(_) => locale.say_with("failure-unreadable", &publisher),
        Failure::Busy => locale.say_with("failure-busy", &publisher),
    }
}

/// What is wrong with an answer to a field, in words that say how to mend it.
pub fn field_problem_in_words(problem: &FieldProblem, typed: &str, locale: Locale) -> String {
    match problem {
        FieldProblem::Missing => locale.say("problem-missing"),
        FieldProblem::TooLong { longest } => {
            let longest = i64::try_from(*longest).unwrap_or(i64::MAX);
            locale.say_with("problem-too-long", &[("longest", longest.into())])
        }
        FieldProblem::NotANumber => locale.say("problem-not-a-number"),
        FieldProblem::OutOfBounds { least, most } => {
            let written = |bound: f64| locale.number(bound, u8::from(bound.fract() != 0.0));
            locale.say_with(
                "problem-out-of-bounds",
                &[("least", written(*least).into()), ("most", written(*most).into())],
            )
        }
        FieldProblem::NotAChoice => locale.say("problem-not-a-choice"),
        FieldProblem::NotAPlate => locale.say("problem-not-a-plate"),
        FieldProblem::NotAWebAddress => locale.say("problem-not-a-web-address"),
        FieldProblem::NotADay => locale.say("problem-not-a-day"),
        FieldProblem::DayOutOfBounds { earliest, latest } => {
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
        FieldProblem::TooShort { least } => {
            let least = i64::try_from(*least).unwrap_or(i64::MAX);
            locale.say_with("problem-too-short", &[("least", least.into())])
        }
        FieldProblem::NothingFound => locale.say("problem-nothing-found"),
        FieldProblem::NotChosen => locale.say("problem-not-chosen"),
        FieldProblem::CannotLookUp => locale.say("problem-cannot-look-up"),
        FieldProblem::UnknownPlace => {
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

/// How many things were found.
pub fn found_in_words(count: usize, locale: Locale) -> String {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    locale.say_with("lookup-found", &[("count", count.into())])
}
