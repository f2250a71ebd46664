//! Silver: field input is validated, requests can be made for every accepted value, every option
//! changes something, and neighbours share requests.

use jiff::civil::Date;
use voordeur_widget_api::{
    Field, FieldError, FieldKind, Language, Place, Request, Sample, Settings, Widget,
};

use super::harness::{self, Asker, Citizen, Outcome};
use super::samples::day_of;
use super::{Findings, rule_table};
use crate::manifest::key_path::PathStep;

pub fn check(findings: &mut Findings<'_>, asker: &Asker<'_>) {
    let Some(sample) = asker.samples().first() else { return };
    let today = day_of(sample);
    for field in &asker.widget.manifest().fields {
        bounds(findings, field, today);
        if let Some(default) = &field.default
            && !field.validate(default, today).is_ok_and(|kept| kept.is_some())
        {
            let what = format!("The field `{}` does not accept its own default.", field.id);
            findings.at(
                rule_table::FIELD_DEFAULT,
                &key(field, "default"),
                what,
                "Use an accepted value.",
            );
        }
        if field.required {
            open(findings, asker, sample, field);
        }
        asked(findings, asker, sample, field, today);
        options(findings, asker, field);
    }
    neighbours(findings, asker);
}

/// Each value that can be chosen makes a difference to what is asked or shown, in some sample.
fn options(findings: &mut Findings<'_>, asker: &Asker<'_>, field: &Field) {
    let values: Vec<String> = match &field.kind {
        FieldKind::Number { min, max, .. } => vec![min.to_string(), max.to_string()],
        FieldKind::Choice { choices } => {
            choices.iter().map(|choice| choice.value.clone()).collect()
        }
        FieldKind::Toggle => vec!["false".to_owned(), "true".to_owned()],
        _ => return,
    };
    let Some((first, others)) = values.split_first() else { return };
    for other in others {
        let differs = asker.samples().iter().any(|sample| {
            chosen(asker, sample, field, first) != chosen(asker, sample, field, other)
        });
        if !differs {
            let what = format!(
                "With `{other}` in the field `{}`, every sample asks and shows the same as with `{first}`.",
                field.id
            );
            let place = [PathStep::Key("field"), PathStep::Named(&field.id)];
            let advice = "Let the option change the view, and store a sample that shows it.";
            findings.at(rule_table::OPTION, &place, what, advice);
        }
    }
}

/// The requests and the view of a sample with this value of a field.
fn chosen(
    asker: &Asker<'_>,
    sample: &Sample,
    field: &Field,
    value: &str,
) -> (Outcome, Vec<Request>) {
    let mut settings: Settings = sample.settings.clone();
    settings.insert(field.id.clone(), value.to_owned());
    let citizen = Citizen { settings: &settings, ..Citizen::of(sample, Language::Nl) };
    let (outcome, mut requests) =
        asker.view(&citizen, |request| match harness::body(sample, request) {
            Some(body) => harness::read(request.format, body),
            None => Err("the sample holds no answer".to_owned()),
        });
    for request in &mut requests {
        // It names the settings, whatever is made of them.
        request.stale_key = None;
    }
    (outcome, requests)
}

/// In degrees: some twenty metres.
const NEXT_DOOR: [(f64, f64); 6] = [
    (0.0002, 0.0),
    (-0.0002, 0.0),
    (0.0, 0.0003),
    (0.0, -0.0003),
    (0.0002, 0.0003),
    (-0.0002, -0.0003),
];

/// Requests for the houses next door are the same, so that they share a response; a border of the
/// grid may lie between a few of them.
fn neighbours(findings: &mut Findings<'_>, asker: &Asker<'_>) {
    for sample in asker.samples() {
        let Some(place) = &sample.place else { continue };
        let asked = |place: &Place| {
            asker.requests(&Citizen { place: Some(place), ..Citizen::of(sample, Language::Nl) })
        };
        let Ok(own) = asked(place) else { continue };
        let shared = NEXT_DOOR.iter().filter(|(north, east)| {
            let next = Place {
                latitude: place.latitude + north,
                longitude: place.longitude + east,
                ..place.clone()
            };
            asked(&next).is_ok_and(|requests| requests == own)
        });
        if shared.count() < NEXT_DOOR.len() / 2 {
            let request = own.first().map_or("request", |request| request.id.as_str());
            let what = format!(
                "The requests of the sample `{}` differ for houses next door.",
                sample.name
            );
            let place = [PathStep::Key("request"), PathStep::Named(request)];
            let advice = "Round what is sent to what the service distinguishes: `grid(place.latitude, 0.1)`.";
            findings.at(rule_table::NEIGHBOURS, &place, what, advice);
            return;
        }
    }
}

fn key<'a>(field: &'a Field, key: &'a str) -> [PathStep<'a>; 3] {
    [PathStep::Key("field"), PathStep::Named(&field.id), PathStep::Key(key)]
}

/// A widget names the required field that has no value.
fn open(findings: &mut Findings<'_>, asker: &Asker<'_>, sample: &Sample, field: &Field) {
    let place = [PathStep::Key("field"), PathStep::Named(&field.id), PathStep::Key("required")];
    let is_place = field.kind == FieldKind::Place;
    if field.default.is_some() && !is_place {
        let what =
            format!("The required field `{}` has a default, so it is never missing.", field.id);
        findings.at(rule_table::FIELD_OPEN, &place, what, "Remove `required` or `default`.");
        return;
    }
    let mut settings = sample.settings.clone();
    settings.remove(&field.id);
    let mut citizen = Citizen { settings: &settings, ..Citizen::of(sample, Language::Nl) };
    if is_place {
        citizen.place = None;
    }
    let missed = Err(Outcome::NeedsSetting(field.id.clone()));
    // A card without a service asks nothing, so that its view is the first to miss the value.
    let outcome = match asker.widget.manifest().has_service() {
        true => asker.requests(&citizen),
        false => Err(asker.view(&citizen, |_| Err("no answer".to_owned())).0),
    };
    if outcome != missed {
        let what = format!("No error when the required field `{}` is missing.", field.id);
        findings.at(rule_table::FIELD_OPEN, &place, what, "Check which field is reported first.");
    }
}

/// A field accepts its bounds and nothing beyond them.
fn bounds(findings: &mut Findings<'_>, field: &Field, today: Date) {
    let accepts = |typed: &str| field.validate(typed, today).is_ok_and(|kept| kept.is_some());
    let error = match &field.kind {
        FieldKind::Number { min: least, max: most, .. } => {
            let beyond = |number: f64| {
                matches!(
                    field.validate(&number.to_string(), today),
                    Err(FieldError::OutOfBounds { .. })
                )
            };
            if least >= most {
                Some(("least", format!("`least` is {least}, and `most` is {most}")))
            } else if !accepts(&least.to_string()) || !accepts(&most.to_string()) {
                Some(("least", "its bounds are rejected".to_owned()))
            } else if !beyond(least - 1.0) || !beyond(most + 1.0) {
                Some(("most", "values beyond its bounds are accepted".to_owned()))
            } else {
                None
            }
        }
        FieldKind::Text { max_chars: longest } => {
            let fits = *longest > 0
                && accepts(&"x".repeat(*longest))
                && !accepts(&"x".repeat(longest.saturating_add(1)));
            (!fits).then(|| ("longest", format!("`longest` is {longest}")))
        }
        FieldKind::Lines { max_chars: longest } => {
            let fits = *longest > 0
                && accepts(&"x\n".repeat(longest / 2).replacen("x\n", "xx", 1))
                && !accepts(&"x".repeat(longest.saturating_add(1)));
            (!fits).then(|| ("longest", format!("`longest` is {longest}")))
        }
        FieldKind::Choice { choices } => {
            let twice = choices.iter().enumerate().find(|(index, choice)| {
                choices[..*index].iter().any(|earlier| earlier.value == choice.value)
            });
            let unusable = choices.iter().find(|choice| !accepts(&choice.value));
            if let Some((_, twice)) = twice {
                Some(("choice", format!("`{}` is a duplicate choice", twice.value)))
            } else {
                unusable.map(|choice| ("choice", format!("`{}` cannot be chosen", choice.value)))
            }
        }
        _ => None,
    };
    if let Some((name, error)) = error {
        let what = format!("The field `{}` has invalid bounds: {error}.", field.id);
        let advice = "Use bounds with values in between.";
        findings.at(rule_table::FIELD_BOUNDS, &key(field, name), what, advice);
    }
}

/// Requests can be made for every value that a field accepts.
fn asked(
    findings: &mut Findings<'_>,
    asker: &Asker<'_>,
    sample: &Sample,
    field: &Field,
    today: Date,
) {
    let answers: Vec<String> = match &field.kind {
        FieldKind::Number { min, max, .. } => vec![min.to_string(), max.to_string()],
        FieldKind::Choice { choices } => {
            choices.iter().map(|choice| choice.value.clone()).collect()
        }
        FieldKind::Toggle => vec!["true".to_owned(), "false".to_owned()],
        FieldKind::Text { max_chars } => {
            let hostile = "'\"; --<script>&?#%00/../".chars().cycle();
            vec!["x".to_owned(), hostile.take((*max_chars).min(2_000)).collect()]
        }
        FieldKind::Lines { .. } => vec!["'\"; --<script>\n&?#%00/../".to_owned()],
        FieldKind::Links => vec!["https://example.org/a?b=c&d#e <script>".to_owned()],
        FieldKind::Items => vec!["'\"; --<script>\n✓ &?#%00/../".to_owned()],
        FieldKind::Plate => vec!["1ABC234".to_owned()],
        FieldKind::Date { .. } => vec![today.to_string()],
        FieldKind::Lookup { .. } => vec!["x".to_owned(), "'\"; --<script>&?#%00/../".to_owned()],
        FieldKind::WebAddress => vec!["https://example.org/a?b=c&d#e".to_owned()],
        FieldKind::Place => return,
    };
    for answer in answers {
        let mut settings: Settings = sample.settings.clone();
        settings.insert(field.id.clone(), answer.clone());
        let citizen = Citizen { settings: &settings, ..Citizen::of(sample, Language::Nl) };
        if let Err(outcome) = asker.requests(&citizen) {
            let what = format!(
                "With `{answer}` in the field `{}` no request can be made: {}.",
                field.id,
                outcome.reason()
            );
            let place = [PathStep::Key("field"), PathStep::Named(&field.id)];
            let advice = "Make the requests work for every accepted value.";
            findings.at(rule_table::FIELD_ASKED, &place, what, advice);
        }
    }
}
