//! What `voordeur widget try` tells: the card as text, what was asked, and where a refusal came from.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Value, json};
use voordeur_engine::{Excerpt, ManifestWidget, line_of};
use voordeur_widget_api::{Method, Refusal, View, Widget, WidgetContext};

use super::CliError;
use crate::cards::{ExchangeError, Walk};
use crate::locale::Locale;
use crate::presenter::{self, CardStatus, Context, to_plain_text};
use crate::view_model::CardState;
use voordeur_upstream::FetchError;

/// A piece of an answer is shown up to so many lines.
const LINES_OF_A_PIECE: usize = 24;
/// A line of one up to so many characters.
const LONGEST_LINE: usize = 160;

/// What came of it.
pub enum Came {
    /// What the citizen would see.
    View(Box<View>),
    /// Why that is nothing.
    Nothing(ExchangeError),
}

/// Everything that is told of a try.
pub struct Report<'a> {
    /// The widget.
    pub widget: &'a ManifestWidget,
    /// The text of its manifest, when it is not embedded.
    pub written: Option<&'a str>,
    /// As it was asked.
    pub ask: &'a WidgetContext<'a>,
    /// What was asked.
    pub walk: &'a Walk,
    /// How long each request took.
    pub took: &'a [Duration],
    /// What came of it.
    pub came: Came,
}

impl Report<'_> {
    /// As text or as JSON.
    pub fn told(&self, as_json: bool) -> Result<String, CliError> {
        if as_json {
            let told = format!("{:#}", self.json());
            return match self.came {
                Came::View(_) => Ok(told),
                Came::Nothing(_) => Err(CliError::FoundWidget { told, problem: String::new() }),
            };
        }
        match &self.came {
            Came::View(view) => Ok(format!(
                "{}\n{}{}",
                to_plain_text(&self.view_model(view)),
                self.asked(),
                self.left_out(view)
            )),
            Came::Nothing(stop) => {
                Err(CliError::FoundWidget { told: self.asked(), problem: self.problem(stop) })
            }
        }
    }

    fn view_model(&self, view: &View) -> crate::view_model::CardViewModel {
        let manifest = self.widget.manifest();
        let showing = CardStatus {
            state: CardState::Fresh,
            notice: None,
            view: Some(view),
            fetched: Some(self.ask.now),
            sample: false,
            refresh_after_secs: 0,
        };
        let locale = Locale::new(self.ask.language);
        let context = Context { locale, zone: self.ask.zone, now: self.ask.now };
        presenter::present(manifest, &showing, &context)
    }

    /// What was asked, how long each took, and how much it was.
    fn asked(&self) -> String {
        let mut text = String::new();
        if let Some(place) = self.ask.place {
            let name = place.municipality.get(self.ask.language);
            let _ = writeln!(text, "Place: {} {name}", place.postcode);
        }
        if self.walk.asked.is_empty() {
            text.push_str("Asked: nothing\n");
            return text;
        }
        text.push_str("Asked:\n");
        for (asked, took) in self.walk.asked.iter().zip(self.took) {
            let request = &asked.request;
            let mut came = Vec::new();
            if asked.bytes > 0 {
                came.push(format!("{} bytes", asked.bytes));
            }
            came.extend(asked.answer.as_ref().err().map(ToString::to_string));
            if asked.answer.is_err() && request.may_fail {
                came.push("the widget can do without".to_owned());
            }
            let _ = writeln!(
                text,
                "  {}: {} ms, {}\n    {} {}",
                request.id,
                took.as_millis(),
                came.join(", "),
                method(request.method),
                request.url
            );
        }
        text
    }

    fn left_out(&self, view: &View) -> String {
        if view.left_out == 0 {
            return String::new();
        }
        let mut text = format!("Left out: {}, since they could not be read\n", view.left_out);
        for refusal in &view.left_out_because {
            let _ = writeln!(text, "{}", self.refusal(refusal));
        }
        text
    }

    fn problem(&self, stop: &ExchangeError) -> String {
        match stop {
            ExchangeError::RejectionEffect(refusal) => {
                format!("the widget refuses the answer\n{}", self.refusal(refusal))
            }
            ExchangeError::Failed { request, failure: FetchError::Unreadable(why) } => {
                let asked = self.walk.asked.iter().find(|asked| asked.request.id == *request);
                let format = asked.map(|asked| json!(asked.request.format));
                let format = format.as_ref().and_then(Value::as_str).unwrap_or_default();
                format!("request `{request}`: the answer is not in the format `{format}`: {why}")
            }
            ExchangeError::Failed { request, failure: FetchError::ForeignHost } => format!(
                "request `{request}`: the service sends on to a host that `hosts` in the manifest does not name"
            ),
            other => other.to_string(),
        }
    }

    /// Where a widget refused, and the piece of the answer that stands there.
    fn refusal(&self, refusal: &Refusal) -> String {
        let Refusal::UnexpectedAnswer { at, reason } = refusal else { return refusal.to_string() };
        let line = self.written.and_then(|text| line_of(text, at));
        let line = line.map(|line| format!(" (line {line} of widget.toml)")).unwrap_or_default();
        let mut text = format!("  {at}{line}: {reason}");
        if let Some(piece) = self.piece(refusal) {
            let of = piece.of.split_whitespace().collect::<Vec<_>>().join(" ");
            let _ = match piece.thing {
                Some(thing) => write!(text, "\n  thing {thing} of `{of}` is:"),
                None => write!(text, "\n  `{of}` is:"),
            };
            text.push_str(&shown(&piece.tree));
        }
        text
    }

    fn piece(&self, refusal: &Refusal) -> Option<Excerpt> {
        let Refusal::UnexpectedAnswer { at, .. } = refusal else { return None };
        self.widget.piece(self.ask, &self.walk.answers, at)
    }

    fn json(&self) -> Value {
        let asked: Vec<Value> = self
            .walk
            .asked
            .iter()
            .zip(self.took)
            .map(|(asked, took)| {
                json!({
                    "request": asked.request.id,
                    "method": method(asked.request.method),
                    "url": asked.request.url,
                    "milliseconds": u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
                    "bytes": asked.bytes,
                    "failure": asked.answer.as_ref().err().map(ToString::to_string),
                })
            })
            .collect();
        let refused = |refusal: &Refusal| {
            let (at, reason) = match refusal {
                Refusal::UnexpectedAnswer { at, reason } => (at.clone(), reason.clone()),
                Refusal::NeedsSetting { field } => (field.clone(), refusal.to_string()),
            };
            json!({
                "at": at,
                "line": self.written.and_then(|text| line_of(text, &at)),
                "reason": reason,
                "piece": self.piece(refusal).map(|piece| json!({ "of": piece.of, "thing": piece.thing, "tree": piece.tree })),
            })
        };
        let (view, left_out, problem) = match &self.came {
            Came::View(view) => {
                (json!(view), view.left_out_because.iter().map(refused).collect(), Value::Null)
            }
            Came::Nothing(ExchangeError::RejectionEffect(refusal)) => {
                (Value::Null, Vec::new(), refused(refusal))
            }
            Came::Nothing(stop) => {
                (Value::Null, Vec::new(), json!({ "reason": self.problem(stop) }))
            }
        };
        json!({
            "widget": self.widget.manifest().id,
            "language": self.ask.language,
            "moment": self.ask.now.to_string(),
            "place": self.ask.place.map(|place| &place.postcode),
            "settings": self.ask.settings,
            "asked": asked,
            "view": view,
            "left_out_because": left_out,
            "problem": problem,
        })
    }
}

fn method(method: Method) -> &'static str {
    match method {
        Method::Get => "GET",
        Method::Post => "POST",
    }
}

/// A piece of an answer, indented, and cut off where it is long.
fn shown(tree: &Value) -> String {
    let whole = format!("{tree:#}");
    let mut text = String::new();
    for line in whole.lines().take(LINES_OF_A_PIECE) {
        let cut: String = line.chars().take(LONGEST_LINE).collect();
        let more = if cut.len() < line.len() { "…" } else { "" };
        let _ = write!(text, "\n    {cut}{more}");
    }
    let more = whole.lines().count().saturating_sub(LINES_OF_A_PIECE);
    if more > 0 {
        let _ = write!(text, "\n    … {more} more lines");
    }
    text
}
