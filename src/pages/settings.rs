//! The settings of a card: a form made of its widget's fields. What was typed stays, and a problem stands beside its field.

use leptos::prelude::*;

use voordeur_widget_api::LookupMatch;

use super::notice;
use super::sending::Sending;
use super::{Drawn, arch, hall};
use crate::icons::{Icon, Icons};
use crate::locale::Locale;

/// What the settings page shows.
pub struct SettingsPage {
    /// The citizen's language.
    pub locale: Locale,
    /// The card's id.
    pub card: String,
    /// The card's title.
    pub card_title: String,
    /// The id of its icon.
    pub icon: String,
    /// The id of its theme.
    pub theme: String,
    /// What the form sends along.
    pub sending: Sending,
    /// What is asked.
    pub fields: Vec<FieldFace>,
    /// What is wrong with the whole, or what another tab changed meanwhile.
    pub summary: Option<String>,
}

/// A field, with what was answered.
pub struct FieldFace {
    /// The name of its input.
    pub name: String,
    /// What is asked.
    pub label: String,
    /// How to answer.
    pub hint: Option<String>,
    /// What kind of answer.
    pub kind: FieldFaceKind,
    /// What was answered, as it was typed; for a toggle `true` or anything else.
    pub value: String,
    /// Whether an answer is needed.
    pub required: bool,
    /// Why the answer cannot be used.
    pub problem: Option<String>,
}

/// The kinds of answer.
pub enum FieldFaceKind {
    /// A line of text.
    Text {
        /// In characters.
        longest: usize,
    },
    /// A number, with its bounds written out.
    Number {
        /// The least that is accepted.
        least: String,
        /// The most that is accepted.
        most: String,
        /// Shown after the box; may be empty.
        unit: String,
    },
    /// One of a few: value and label.
    Choice(Vec<(String, String)>),
    /// Yes or no: `true`, or nothing.
    Toggle,
    /// A licence plate.
    Plate,
    /// An address on the web.
    WebAddress,
    /// A day, with its bounds as `YYYY-MM-DD`.
    Date {
        /// The first day that is accepted.
        earliest: Option<String>,
        /// The last day that is accepted.
        latest: Option<String>,
    },
    /// Something that the service knows.
    Lookup {
        /// The id of the field.
        field: String,
        /// Where it is looked up.
        address: String,
        /// So many characters are typed first.
        least: usize,
        /// What was chosen.
        chosen: Option<String>,
        /// For which words something was found.
        searched: Option<String>,
        /// What can be chosen.
        found: Vec<LookupMatch>,
    },
    /// A place; open means the citizen's own.
    Place {
        /// The citizen's own place.
        own: String,
    },
}

/// Up to this many choices are shown all at once.
const AT_ONCE: usize = 6;

/// Draws the settings page.
pub fn draw(page: SettingsPage) -> Drawn {
    let SettingsPage { locale, card, card_title, icon, theme, sending, fields, summary } = page;
    let icons = Icons::default().with(Icon::named(&icon)).with(Icon::Warning);
    let problems = fields
        .iter()
        .filter_map(|field| {
            let problem = field.problem.clone()?;
            let href = format!("#{}", first_input(field));
            Some(view! { <li><a href=href>{field.label.clone()} ": " {problem}</a></li> })
        })
        .collect::<Vec<_>>();
    let notice = (summary.is_some() || !problems.is_empty()).then(|| {
        let summary = summary.unwrap_or_else(|| locale.say("settings-problem"));
        view! {
            <div class="notice" id="notice" data-part="notice" data-tone="problem" role="alert" tabindex="-1">
                <p>{summary}</p>
                {(!problems.is_empty()).then(|| view! { <ul>{problems}</ul> })}
            </div>
        }
        .into_any()
    });
    let notice = notice.unwrap_or_else(|| notice::draw(None));
    let looks = fields.iter().any(|field| matches!(field.kind, FieldFaceKind::Lookup { .. }));
    // The key Enter presses the first button of a form: it saves, also where a button that looks something up stands before the other.
    let first = looks.then(|| {
        view! { <button class="vh" data-action="settings" tabindex="-1" aria-hidden="true">{locale.say("settings-save")}</button> }
    });
    let empty = fields.is_empty().then(|| view! { <p>{locale.say("settings-none")}</p> });
    let fields = fields.into_iter().map(|field| draw_field(locale, field)).collect::<Vec<_>>();
    let heading = locale.say_with("settings-title", &[("card", card_title.clone().into())]);
    let main = view! {
        {hall(heading, view! { <p>{locale.say("settings-lead")}</p> })}
        <div class="wrap prose" data-theme=theme>
            {notice}
            <form class="form panel" method="post" action=format!("/cards/{card}/settings") data-action="settings" novalidate>
                <p class="whose">{arch(&icon)}<b>{card_title}</b></p>
                {sending.draw()}
                {first}
                {empty}
                {fields}
                <div class="buttons">
                    <button class="button main" id="save" data-action="settings">{locale.say("settings-save")}</button>
                    <a class="button" id="cancel" href=sending.address()>{locale.say("settings-cancel")}</a>
                </div>
            </form>
        </div>
    }
    .into_any();
    Drawn { main, icons }
}

/// The id of what a link to a field leads to.
fn first_input(field: &FieldFace) -> String {
    match &field.kind {
        FieldFaceKind::Choice(choices) if choices.len() <= AT_ONCE => {
            format!("field-{}-0", field.name)
        }
        _ => format!("field-{}", field.name),
    }
}

fn draw_field(locale: Locale, field: FieldFace) -> AnyView {
    let FieldFace { name, label, hint, kind, value, required, problem } = field;
    let id = format!("field-{name}");
    let hint_id = format!("hint-{name}");
    let problem_id = format!("problem-{name}");
    let hint = match (&kind, hint) {
        (FieldFaceKind::Place { own }, hint) => {
            let words = locale.say_with("settings-own-place", &[("place", own.clone().into())]);
            Some(hint.map_or(words.clone(), |hint| format!("{hint} {words}")))
        }
        (FieldFaceKind::Number { least, most, unit }, None) => Some(locale.say_with(
            "settings-between",
            &[
                ("least", least.clone().into()),
                ("most", most.clone().into()),
                ("unit", unit.clone().into()),
            ],
        )),
        (_, hint) => hint,
    };
    let wrong = problem.is_some();
    let invalid = wrong.then_some("true");
    let described = match (hint.is_some(), wrong) {
        (true, true) => Some(format!("{problem_id} {hint_id}")),
        (true, false) => Some(hint_id.clone()),
        (false, true) => Some(problem_id.clone()),
        (false, false) => None,
    };
    let optional = (!required
        && !matches!(kind, FieldFaceKind::Toggle | FieldFaceKind::Place { .. }))
    .then(|| view! { " " <small>{locale.say("settings-optional")}</small> });
    let under = view! {
        {hint.map(|hint| view! { <p class="field-hint" id=hint_id>{hint}</p> })}
        {problem.map(|problem| view! { <p class="problem" id=problem_id>{problem}</p> })}
    };
    if let FieldFaceKind::Choice(choices) = kind {
        if choices.len() <= AT_ONCE {
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
            return view! {
                <fieldset class="field" data-wrong=wrong aria-describedby=described>
                    <legend>{label} {optional}</legend>
                    {under}
                    <div class="chips">{radios}</div>
                </fieldset>
            }
            .into_any();
        }
        let options = choices
            .into_iter()
            .map(
                |(one, words)| view! { <option selected={one == value} value=one>{words}</option> },
            )
            .collect::<Vec<_>>();
        return view! {
            <div class="field" data-wrong=wrong>
                <label for=id.clone()>{label} {optional}</label>
                {under}
                <select id=id name=name aria-describedby=described aria-invalid=invalid>{options}</select>
            </div>
        }
        .into_any();
    }
    if let FieldFaceKind::Lookup { field, address, least, chosen, searched, found } = kind {
        let radios = found
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
        let choices = (!radios.is_empty()).then(|| {
            view! {
                <fieldset class="field" data-part="found">
                    <legend>{locale.say("lookup-choose")}</legend>
                    <div class="chips">{radios}</div>
                </fieldset>
            }
        });
        return view! {
            <div class="field" data-wrong=wrong>
                <label for=id.clone()>{label} {optional}</label>
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
        .into_any();
    }
    if let FieldFaceKind::Date { earliest, latest } = kind {
        return view! {
            <div class="field" data-wrong=wrong>
                <label for=id.clone()>{label} {optional}</label>
                {under}
                <div class="joined">
                    <input type="date" class="short" id=id name=name value=value min=earliest max=latest required=required aria-describedby=described aria-invalid=invalid />
                </div>
            </div>
        }
        .into_any();
    }
    if matches!(kind, FieldFaceKind::Toggle) {
        return view! {
            <div class="field" data-wrong=wrong>
                <label class="chip">
                    <input type="checkbox" id=id name=name value="true" checked={value == "true"} aria-describedby=described aria-invalid=invalid />
                    <span>{label}</span>
                </label>
                {under}
            </div>
        }
        .into_any();
    }
    let (class, longest, mode, complete, unit) = match kind {
        FieldFaceKind::Text { longest } => ("", longest, None, None, String::new()),
        FieldFaceKind::Number { unit, .. } => ("short", 20, Some("decimal"), Some("off"), unit),
        FieldFaceKind::Plate => ("plate", 12, None, Some("off"), String::new()),
        FieldFaceKind::Place { .. } => ("", 80, None, Some("postal-code"), String::new()),
        FieldFaceKind::WebAddress => ("address", 2_000, Some("url"), Some("url"), String::new()),
        FieldFaceKind::Choice(_)
        | FieldFaceKind::Toggle
        | FieldFaceKind::Date { .. }
        | FieldFaceKind::Lookup { .. } => return ().into_any(),
    };
    view! {
        <div class="field" data-wrong=wrong>
            <label for=id.clone()>{label} {optional}</label>
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
                    aria-describedby=described
                    aria-invalid=invalid
                />
                {(!unit.is_empty()).then(|| view! { <span class="unit">{unit}</span> })}
            </div>
        </div>
    }
    .into_any()
}

/// What is found while somebody types, as a piece of a page: the options, and how many there are.
pub fn options(name: &str, found: Vec<LookupMatch>, status: String) -> String {
    let options = found
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
