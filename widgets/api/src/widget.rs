use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::{
    Language, LookupMatch, Manifest, Place, Request, Response, Responses, Sample, Settings, View,
};

/// A window onto one public service. Pure: no clock, no network, no storage.
///
/// The application calls [`requests`](Widget::requests) until it returns nothing new, each time with the answers so far, and then
/// [`view`](Widget::view).
pub trait Widget: Send + Sync {
    /// What is said about the widget before it is used.
    fn manifest(&self) -> &Manifest;

    /// Stored answers, of which the first is the one that is shown.
    fn samples(&self) -> &[Sample];

    /// Which facts about the citizen a request with this id is made from: ids of fields, or `place`.
    fn facts_sent(&self, request: &str) -> Vec<String>;

    /// How far what it asks and shows depends on the time.
    fn clock(&self) -> Clock {
        Clock::Moment
    }

    /// What must be asked next, in the order in which the answers are wanted; nothing when all is in.
    ///
    /// # Errors
    /// A refusal that names the field that is missing, or the place in an answer that is wrong.
    fn requests(
        &self,
        ask: &WidgetContext<'_>,
        answers: &Responses,
    ) -> Result<Vec<Request>, Refusal>;

    /// What must be asked to look up answers to a field, for what the citizen typed so far; `None` for a field that is not looked up. Its
    /// id is that of the field with `.choices`, also in samples.
    ///
    /// # Errors
    /// A refusal that names the field that is missing.
    fn lookup(
        &self,
        _ask: &WidgetContext<'_>,
        _field: &str,
        _typed: &str,
    ) -> Result<Option<Request>, Refusal> {
        Ok(None)
    }

    /// What the service knows for what the citizen typed: all that fits, the best first.
    ///
    /// # Errors
    /// A refusal that names the place in the answer that is wrong.
    fn found(
        &self,
        _ask: &WidgetContext<'_>,
        _field: &str,
        _typed: &str,
        _answer: &Response,
    ) -> Result<Vec<LookupMatch>, Refusal> {
        Ok(Vec::new())
    }

    /// What the citizen sees.
    ///
    /// # Errors
    /// A refusal that names the place in the answer that is wrong.
    fn view(&self, ask: &WidgetContext<'_>, answers: &Responses) -> Result<View, Refusal>;
}

/// How far something depends on the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Clock {
    /// Not at all: the same answers give the same view.
    Unread,
    /// On the day.
    Day,
    /// On the moment.
    Moment,
}

/// Everything a widget may know when it is asked.
#[derive(Clone, Debug)]
pub struct WidgetContext<'a> {
    /// The citizen's answers to its fields.
    pub settings: &'a Settings,
    /// The place the card is about.
    pub place: Option<&'a Place>,
    /// The citizen's language.
    pub language: Language,
    /// The moment that counts as now.
    pub now: Timestamp,
    /// The zone of the place.
    pub zone: &'a TimeZone,
}

/// Why a widget can say nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The citizen has to answer something first.
    #[error("the field `{field}` has to be filled in")]
    NeedsSetting {
        /// The id of the field.
        field: String,
    },
    /// An answer is not as the service documents it.
    #[error("{at}: {reason}")]
    UnexpectedAnswer {
        /// The key of the manifest that reads it, with the number of the thing when it reads several.
        at: String,
        /// What was found there.
        reason: String,
    },
}
