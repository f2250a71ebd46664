//! The output of `voordeur widget try`: the card as text, the requests, and the cause of a refusal.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use voordeur_engine::{Excerpt, ManifestWidget, line_of};
use voordeur_upstream::FetchError;
use voordeur_widget_api::{
    ExchangeError, Method, Refusal, Request, Responses, View, Widget, WidgetContext,
};

use super::CliError;
use crate::locale::Locale;
use crate::presenter::{self, CardStatus, Context, to_plain_text};
use crate::view_model::{CardState, CardViewModel};

/// Maximum lines of an excerpt.
const MAX_EXCERPT_LINES: usize = 24;
/// Maximum characters of a line of an excerpt.
const MAX_LINE_LENGTH: usize = 160;

/// A request, and the response of the service.
#[derive(Clone)]
pub struct TriedRequest {
    pub request: Request,
    /// The size of the response in bytes; 0 when there is none.
    pub bytes: usize,
    pub took: Duration,
    pub tree: Result<Arc<Value>, FetchError>,
}

/// A finished try.
pub struct Report<'a> {
    pub widget: &'a ManifestWidget,
    /// The text of the manifest; none when the widget is embedded.
    pub manifest: Option<&'a str>,
    pub context: &'a WidgetContext<'a>,
    pub requests: &'a [TriedRequest],
    /// The responses that the widget has read.
    pub responses: &'a Responses,
    pub view: Result<View, ExchangeError<FetchError>>,
}

impl Report<'_> {
    /// The report as text or as JSON.
    ///
    /// # Errors
    /// The same output, with the reason, when there is no view.
    pub fn output(&self, as_json: bool) -> Result<String, CliError> {
        if as_json {
            let output = format!("{:#}", self.json());
            return match self.view {
                Ok(_) => Ok(output),
                Err(_) => Err(CliError::Widget { output, message: String::new() }),
            };
        }
        match &self.view {
            Ok(view) => Ok(format!(
                "{}\n{}{}",
                to_plain_text(&self.view_model(view)),
                self.requests_as_text(),
                self.left_out(view)
            )),
            Err(error) => Err(CliError::Widget {
                output: self.requests_as_text(),
                message: self.message(error),
            }),
        }
    }

    fn view_model(&self, view: &View) -> CardViewModel {
        let status = CardStatus {
            state: CardState::Fresh,
            notice: None,
            view: Some(view),
            fetched: Some(self.context.now),
            sample: false,
            refresh_after_secs: 0,
        };
        let locale = Locale::new(self.context.language);
        let context = Context { locale, zone: self.context.zone, now: self.context.now };
        presenter::present(self.widget.manifest(), &status, &context)
    }

    /// The place, and each request with its duration, its size and its error.
    fn requests_as_text(&self) -> String {
        let mut text = String::new();
        if let Some(place) = self.context.place {
            let name = place.municipality.get(self.context.language);
            let _ = writeln!(text, "Place: {} {name}", place.postcode);
        }
        if self.requests.is_empty() {
            text.push_str("Asked: nothing\n");
            return text;
        }
        text.push_str("Asked:\n");
        for TriedRequest { request, bytes, took, tree } in self.requests {
            let mut result = Vec::new();
            if *bytes > 0 {
                result.push(format!("{bytes} bytes"));
            }
            result.extend(tree.as_ref().err().map(ToString::to_string));
            if tree.is_err() && request.optional {
                result.push("the widget can do without".to_owned());
            }
            let _ = writeln!(
                text,
                "  {}: {} ms, {}\n    {} {}",
                request.id,
                took.as_millis(),
                result.join(", "),
                method(request.method),
                request.url
            );
        }
        text
    }

    fn left_out(&self, view: &View) -> String {
        let mut text = String::new();
        if view.swapped > 0 {
            let _ = writeln!(text, "Latitude and longitude were swapped: {} times", view.swapped);
        }
        if view.omitted == 0 {
            return text;
        }
        let _ = writeln!(text, "Left out: {}, since they could not be read", view.omitted);
        for refusal in &view.omission_reasons {
            let _ = writeln!(text, "{}", self.refusal(refusal));
        }
        text
    }

    fn message(&self, error: &ExchangeError<FetchError>) -> String {
        match error {
            ExchangeError::Refused(refusal) => {
                format!("the widget refuses the response\n{}", self.refusal(refusal))
            }
            ExchangeError::Failed { request, error: FetchError::Unreadable(reason) } => {
                let tried = self.requests.iter().find(|tried| tried.request.id == *request);
                let format = tried.map(|tried| json!(tried.request.format));
                let format = format.as_ref().and_then(Value::as_str).unwrap_or_default();
                format!(
                    "request `{request}`: the response is not in the format `{format}`: {reason}"
                )
            }
            ExchangeError::Failed { request, error: FetchError::HostNotAllowed } => format!(
                "request `{request}`: the service redirects to a host that is not in `hosts`"
            ),
            other => other.to_string(),
        }
    }

    /// Where a widget refused, with the excerpt of the response.
    fn refusal(&self, refusal: &Refusal) -> String {
        let Refusal::UnexpectedResponse { at, reason } = refusal else {
            return refusal.to_string();
        };
        let line = self.manifest.and_then(|text| line_of(text, at));
        let line = line.map(|line| format!(" (line {line} of widget.toml)")).unwrap_or_default();
        let mut text = format!("  {at}{line}: {reason}");
        if let Some(excerpt) = self.excerpt(refusal) {
            let of = excerpt.source.split_whitespace().collect::<Vec<_>>().join(" ");
            let _ = match excerpt.item_number {
                Some(thing) => write!(text, "\n  thing {thing} of `{of}` is:"),
                None => write!(text, "\n  `{of}` is:"),
            };
            text.push_str(&indented(&excerpt.tree));
        }
        text
    }

    fn excerpt(&self, refusal: &Refusal) -> Option<Excerpt> {
        let Refusal::UnexpectedResponse { at, .. } = refusal else { return None };
        self.widget.excerpt(self.context, self.responses, at)
    }

    fn json(&self) -> Value {
        let requests: Vec<Value> = self
            .requests
            .iter()
            .map(|tried| {
                json!({
                    "request": tried.request.id,
                    "method": method(tried.request.method),
                    "url": tried.request.url,
                    "milliseconds": u64::try_from(tried.took.as_millis()).unwrap_or(u64::MAX),
                    "bytes": tried.bytes,
                    "failure": tried.tree.as_ref().err().map(ToString::to_string),
                })
            })
            .collect();
        let refusal = |refusal: &Refusal| {
            let (at, reason) = match refusal {
                Refusal::UnexpectedResponse { at, reason } => (at.clone(), reason.clone()),
                Refusal::OverBudget { at, exhausted } => (at.clone(), exhausted.to_string()),
                Refusal::NeedsSetting { field } => (field.clone(), refusal.to_string()),
                Refusal::Panicked { .. } => (String::new(), refusal.to_string()),
            };
            json!({
                "at": at,
                "line": self.manifest.and_then(|text| line_of(text, &at)),
                "reason": reason,
                "piece": self.excerpt(refusal).map(|excerpt| {
                    json!({ "of": excerpt.source, "thing": excerpt.item_number, "tree": excerpt.tree })
                }),
            })
        };
        let (view, left_out, problem) = match &self.view {
            Ok(view) => {
                (json!(view), view.omission_reasons.iter().map(refusal).collect(), Value::Null)
            }
            Err(ExchangeError::Refused(refused)) => (Value::Null, Vec::new(), refusal(refused)),
            Err(error) => (Value::Null, Vec::new(), json!({ "reason": self.message(error) })),
        };
        json!({
            "widget": self.widget.manifest().id,
            "language": self.context.language,
            "moment": self.context.now.to_string(),
            "place": self.context.place.map(|place| &place.postcode),
            "settings": self.context.settings,
            "asked": requests,
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

/// A tree, indented, and cut off where it is long.
fn indented(tree: &Value) -> String {
    let whole = format!("{tree:#}");
    let mut text = String::new();
    for line in whole.lines().take(MAX_EXCERPT_LINES) {
        let cut: String = line.chars().take(MAX_LINE_LENGTH).collect();
        let more = if cut.len() < line.len() { "…" } else { "" };
        let _ = write!(text, "\n    {cut}{more}");
    }
    let more = whole.lines().count().saturating_sub(MAX_EXCERPT_LINES);
    if more > 0 {
        let _ = write!(text, "\n    … {more} more lines");
    }
    text
}
