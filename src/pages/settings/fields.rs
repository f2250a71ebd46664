//! The fields of a form of settings: an input for each kind, with its label, hint and error.

use leptos::prelude::*;
use voordeur_widget_api::LookupMatch;

use crate::locale::Locale;
use crate::markup::html;
use crate::pages::welcome::draw_similar;

/// A field with its present value.
pub struct FieldViewModel {
    pub name: String,
    pub label: String,
    pub hint: Option<String>,
    pub kind: FieldViewModelKind,
    /// The value as typed; for a toggle `true` or anything else.
    pub value: String,
    pub required: bool,
    pub error: Option<String>,
    /// Names that resemble an unknown place.
    pub similar: Vec<String>,
}

/// The kinds of fields.
pub enum FieldViewModelKind {
    Text {
        longest: usize,
    },
    /// A text of several lines, with the sentence that says how much fits.
    Lines {
        bound: String,
        is_address: bool,
    },
    /// A number; the bounds are formatted.
    Number {
        least: String,
        most: String,
        /// Shown after the input; may be empty.
        unit: String,
    },
    /// Value and label of each option.
    Choice(Vec<(String, String)>),
    Toggle,
    Plate,
    WebAddress,
    /// A date; the bounds are `YYYY-MM-DD`.
    Date {
        earliest: Option<String>,
        latest: Option<String>,
    },
    Lookup(LookupField),
    /// A place; empty is the citizen's own place.
    Place {
        own: String,
    },
}

/// A field whose values a service knows.
pub struct LookupField {
    pub field: String,
    /// Where the form is posted to look something up.
    pub address: String,
    /// The number of characters from which the service is asked.
    pub least: usize,
    /// The value that was chosen.
    pub chosen: Option<String>,
    /// The text for which the options were found.
    pub searched: Option<String>,
    pub matches: Vec<LookupMatch>,
}

/// The suffix of the buttons that take a similar place.
pub const TAKE: &str = ".take";

/// Up to this many options are radio buttons.
const MAX_RADIO_BUTTONS: usize = 6;

/// The id of the first input of a field, for links to it.
pub(super) fn first_input(field: &FieldViewModel) -> String {
    match &field.kind {
        FieldViewModelKind::Choice(choices) if choices.len() <= MAX_RADIO_BUTTONS => {
            format!("field-{}-0", field.name)
        }
        _ => format!("field-{}", field.name),
    }
}

/// The parts that the inputs of all kinds share.
struct FieldFrame {
    id: String,
    name: String,
    label: AnyView,
    /// Hint and error, below the label.
    under: AnyView,
    value: String,
    required: bool,
    wrong: bool,
    invalid: Option<&'static str>,
    /// The ids of hint and error, for `aria-describedby`.
    described: Option<String>,
    autofocus: bool,
}

impl FieldFrame {
    fn new(locale: Locale, field: FieldViewModel, autofocus: bool) -> (Self, FieldViewModelKind) {
        let FieldViewModel { name, label, hint, kind, value, required, error, similar } = field;
        let hint = hint_of(locale, &kind, hint);
        let (hint_id, error_id) = (format!("hint-{name}"), format!("problem-{name}"));
        let wrong = error.is_some();
        let described = match (hint.is_some(), wrong) {
            (true, true) => Some(format!("{error_id} {hint_id}")),
            (true, false) => Some(hint_id.clone()),
            (false, true) => Some(error_id.clone()),
            (false, false) => None,
        };
        let optional = !required
            && !matches!(kind, FieldViewModelKind::Toggle | FieldViewModelKind::Place { .. });
        let label = view! {
            {label}
            {optional.then(|| view! { " " <small>{locale.say("settings-optional")}</small> })}
        };
        let under = view! {
            {hint.map(|hint| view! { <p class="field-hint" id=hint_id>{hint}</p> })}
            {error.map(|error| view! { <p class="problem" id=error_id>{error}</p> })}
            {draw_similar(similar, &format!("{name}{TAKE}"))}
        };
        let frame = FieldFrame {
            id: format!("field-{name}"),
            name,
            label: label.into_any(),
            under: under.into_any(),
            value,
            required,
            wrong,
            invalid: wrong.then_some("true"),
            described,
            autofocus,
        };
        (frame, kind)
    }
}

/// The hint of a field: the author's, completed by what follows from the kind.
fn hint_of(locale: Locale, kind: &FieldViewModelKind, hint: Option<String>) -> Option<String> {
    match (kind, hint) {
        (FieldViewModelKind::Place { own }, hint) => {
            let words = locale.say_with("settings-own-place", &[("place", own.clone().into())]);
            Some(hint.map_or(words.clone(), |hint| format!("{hint} {words}")))
        }
        (FieldViewModelKind::Number { least, most, unit }, None) => Some(locale.say_with(
            "settings-between",
            &[
                ("least", least.clone().into()),
                ("most", most.clone().into()),
                ("unit", unit.clone().into()),
            ],
        )),
        (FieldViewModelKind::Lines { bound, .. }, hint) => {
            Some(hint.map_or(bound.clone(), |hint| format!("{hint} {bound}")))
        }
        (_, hint) => hint,
    }
}

pub(super) fn draw_field(locale: Locale, field: FieldViewModel, autofocus: bool) -> AnyView {
    let (frame, kind) = FieldFrame::new(locale, field, autofocus);
    match kind {
        FieldViewModelKind::Choice(choices) if choices.len() <= MAX_RADIO_BUTTONS => {
            draw_radios(frame, choices)
        }
        FieldViewModelKind::Choice(choices) => draw_select(frame, choices),
        FieldViewModelKind::Lookup(lookup) => draw_lookup(locale, frame, lookup),
        FieldViewModelKind::Date { earliest, latest } => draw_date(frame, earliest, latest),
        FieldViewModelKind::Toggle => draw_toggle(frame),
        FieldViewModelKind::Lines { is_address, .. } => draw_lines(frame, is_address),
        FieldViewModelKind::Text { longest } => {
            draw_input(frame, InputStyle { longest, ..InputStyle::default() })
        }
        FieldViewModelKind::Number { unit, .. } => draw_input(
            frame,
            InputStyle {
                class: "short",
                longest: 20,
                mode: Some("decimal"),
                complete: Some("off"),
                unit,
            },
        ),
        FieldViewModelKind::Plate => draw_input(
            frame,
            InputStyle {
                class: "plate",
                longest: 12,
                complete: Some("off"),
                ..InputStyle::default()
            },
        ),
        FieldViewModelKind::Place { .. } => draw_input(
            frame,
            InputStyle { longest: 80, complete: Some("postal-code"), ..InputStyle::default() },
        ),
        FieldViewModelKind::WebAddress => draw_input(
            frame,
            InputStyle {
                class: "address",
                longest: 2_000,
                mode: Some("url"),
                complete: Some("url"),
                unit: String::new(),
            },
        ),
    }
}

fn draw_radios(frame: FieldFrame, choices: Vec<(String, String)>) -> AnyView {
    let FieldFrame { id, name, label, under, value, wrong, described, .. } = frame;
    let radios = choices
        .into_iter()
        .enumerate()
        .map(|(at, (one, words))| {
            view! {
                <label class="chip">
                    <input type="radio" id=format!("{id}-{at}") name=name.clone() checked={one == value} value=one />
                    <span>{words}</span>
                </label>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <fieldset class="field" data-wrong=wrong aria-describedby=described>
            <legend>{label}</legend>
            {under}
            <div class="chips">{radios}</div>
        </fieldset>
    }
    .into_any()
}

fn draw_select(frame: FieldFrame, choices: Vec<(String, String)>) -> AnyView {
    let FieldFrame { id, name, label, under, value, wrong, invalid, described, .. } = frame;
    let options = choices
        .into_iter()
        .map(|(one, words)| view! { <option selected={one == value} value=one>{words}</option> })
        .collect::<Vec<_>>();
    view! {
        <div class="field" data-wrong=wrong>
            <label for=id.clone()>{label}</label>
            {under}
            <select id=id name=name aria-describedby=described aria-invalid=invalid>{options}</select>
        </div>
    }
    .into_any()
}

fn draw_lookup(locale: Locale, frame: FieldFrame, lookup: LookupField) -> AnyView {
    let LookupField { field, address, least, chosen, searched, matches } = lookup;
    let FieldFrame {
        id,
        name,
        label,
        under,
        value,
        required,
        wrong,
        invalid,
        described,
        autofocus,
    } = frame;
    let choices = (!matches.is_empty()).then(|| draw_matches(locale, &id, &name, matches));
    view! {
        <div class="field" data-wrong=wrong>
            <label for=id.clone()>{label}</label>
            {under}
            <div class="joined lookup">
                <input
                    id=id
                    name=name.clone()
                    value=value
                    maxlength="120"
                    autocomplete="off"
                    spellcheck="false"
                    required=required
                    autofocus=autofocus
                    aria-describedby=described
                    aria-invalid=invalid
                    data-look=field.clone()
                    data-least=least.to_string()
                />
                <input type="hidden" name=format!("{name}.value") value=chosen />
                <input type="hidden" name=format!("{name}.searched") value=searched />
                <button class="button" id=format!("look-{name}") name="look" value=field formaction=address>{locale.say("lookup-search")}</button>
            </div>
            {choices}
        </div>
    }
    .into_any()
}

/// The options of a look-up as radio buttons, for a page without script.
fn draw_matches(locale: Locale, id: &str, name: &str, matches: Vec<LookupMatch>) -> AnyView {
    let radios = matches
        .into_iter()
        .enumerate()
        .map(|(at, one)| {
            view! {
                <label class="chip">
                    <input type="radio" id=format!("{id}-{at}") name=format!("{name}.pick") value=one.value />
                    <span>{one.label} {one.note.map(|note| view! { " " <small>{note}</small> })}</span>
                </label>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <fieldset class="field" data-part="found">
            <legend>{locale.say("lookup-choose")}</legend>
            <div class="chips">{radios}</div>
        </fieldset>
    }
    .into_any()
}

/// A text of several lines. It has no `maxlength`: a browser would cut off what is pasted, and
/// nothing would say so.
fn draw_lines(frame: FieldFrame, is_address: bool) -> AnyView {
    let FieldFrame {
        id,
        name,
        label,
        under,
        value,
        required,
        wrong,
        invalid,
        described,
        autofocus,
    } = frame;
    let rows = value.lines().count().clamp(6, 20);
    // The parser of HTML drops a line end right after the tag.
    let text = format!("\n{value}");
    // Leptos writes the text of a `<textarea>` as it is, so that it could end the element.
    let textarea = html("textarea")
        .with("id", id.clone())
        .with("name", name)
        .with("rows", rows.to_string())
        .with_some("autocapitalize", is_address.then(|| "none".to_owned()))
        .with_some("spellcheck", is_address.then(|| "false".to_owned()))
        .with("dir", "auto")
        .flag("required", required)
        .flag("autofocus", autofocus)
        .with_some("aria-describedby", described)
        .with_some("aria-invalid", invalid.map(str::to_owned))
        .text(text);
    view! {
        <div class="field" data-wrong=wrong>
            <label for=id>{label}</label>
            {under}
            {textarea}
        </div>
    }
    .into_any()
}

fn draw_date(frame: FieldFrame, earliest: Option<String>, latest: Option<String>) -> AnyView {
    let FieldFrame { id, name, label, under, value, required, wrong, invalid, described, .. } =
        frame;
    view! {
        <div class="field" data-wrong=wrong>
            <label for=id.clone()>{label}</label>
            {under}
            <div class="joined">
                <input type="date" class="short" id=id name=name value=value min=earliest max=latest required=required aria-describedby=described aria-invalid=invalid />
            </div>
        </div>
    }
    .into_any()
}

fn draw_toggle(frame: FieldFrame) -> AnyView {
    let FieldFrame { id, name, label, under, value, wrong, invalid, described, .. } = frame;
    view! {
        <div class="field" data-wrong=wrong>
            <label class="chip">
                <input type="checkbox" id=id name=name value="true" checked={value == "true"} aria-describedby=described aria-invalid=invalid />
                <span>{label}</span>
            </label>
            {under}
        </div>
    }
    .into_any()
}

/// The attributes in which text inputs differ.
#[derive(Default)]
struct InputStyle {
    class: &'static str,
    longest: usize,
    mode: Option<&'static str>,
    complete: Option<&'static str>,
    /// Shown after the input; may be empty.
    unit: String,
}

fn draw_input(frame: FieldFrame, style: InputStyle) -> AnyView {
    let InputStyle { class, longest, mode, complete, unit } = style;
    let FieldFrame {
        id,
        name,
        label,
        under,
        value,
        required,
        wrong,
        invalid,
        described,
        autofocus,
    } = frame;
    view! {
        <div class="field" data-wrong=wrong>
            <label for=id.clone()>{label}</label>
            {under}
            <div class="joined">
                <input
                    class=class
                    id=id
                    name=name
                    value=value
                    maxlength=longest.to_string()
                    inputmode=mode
                    autocomplete=complete
                    autocapitalize=match class { "plate" => Some("characters"), "address" => Some("none"), _ => None }
                    spellcheck=(matches!(class, "plate" | "address")).then_some("false")
                    required=required
                    autofocus=autofocus
                    aria-describedby=described
                    aria-invalid=invalid
                />
                {(!unit.is_empty()).then(|| view! { <span class="unit">{unit}</span> })}
            </div>
        </div>
    }
    .into_any()
}

/// The options of a look-up and their number, as a fragment of HTML.
pub fn options(name: &str, matches: Vec<LookupMatch>, status: String) -> String {
    let options = matches
        .into_iter()
        .enumerate()
        .map(|(at, one)| {
            let label = one.label.clone();
            view! {
                <li role="option" id=format!("option-{name}-{at}") data-value=one.value data-label=label>
                    {one.label} {one.note.map(|note| view! { " " <small>{note}</small> })}
                </li>
            }
        })
        .collect::<Vec<_>>();
    let list = format!("options-{name}");
    let piece = view! {
        <ul role="listbox" id=list class="options">{options}</ul>
        <p data-part="count">{status}</p>
    };
    piece.to_html()
}
