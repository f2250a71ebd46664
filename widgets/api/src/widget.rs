use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::{
    Budget, DayRole, Exhausted, Language, LookupMatch, Manifest, Place, Request, Response,
    Responses, Sample, Settings, View,
};

/// A window onto one public service. Implementations are pure: no clock, no network, no storage.
///
/// The application calls [`requests`](Widget::requests), each time with all responses so far, until
/// it returns nothing new; then it calls [`view`](Widget::view).
pub trait Widget: Send + Sync {
    /// The manifest of the widget.
    fn manifest(&self) -> &Manifest;

    /// The samples of the widget; the first is the one shown in previews.
    fn samples(&self) -> &[Sample];

    /// The data about the citizen that the request with this id contains: ids of fields, or
    /// `place`.
    fn fields_sent(&self, request: &str) -> Vec<String>;

    /// How far the requests and the view depend on the current time.
    fn time_dependence(&self) -> TimeDependence {
        TimeDependence::Moment
    }

    /// The parts in the day that the blocks of its views have. Without any, its views need not be
    /// read for a band of the day.
    fn roles(&self) -> Vec<DayRole> {
        Vec::new()
    }

    /// The next requests, in the order in which their responses are expected; empty when all
    /// responses are in.
    ///
    /// # Errors
    /// [`Refusal::NeedsSetting`] for a missing setting; [`Refusal::UnexpectedResponse`] when a
    /// response from which a request is built has an unexpected shape.
    fn requests(
        &self,
        context: &WidgetContext<'_>,
        responses: &Responses,
    ) -> Result<Vec<Request>, Refusal>;

    /// The request that searches the values of a lookup field for `typed`, the citizen's input so
    /// far; `None` when the field is not a lookup. Its id, also in samples, is the field's id with
    /// `.choices` appended.
    ///
    /// # Errors
    /// [`Refusal::NeedsSetting`] for a missing setting.
    fn lookup(
        &self,
        _context: &WidgetContext<'_>,
        _field: &str,
        _typed: &str,
    ) -> Result<Option<Request>, Refusal> {
        Ok(None)
    }

    /// The values in the response to [`lookup`](Widget::lookup) that match `typed`, best first.
    ///
    /// # Errors
    /// [`Refusal::UnexpectedResponse`] when the response has an unexpected shape.
    fn matches(
        &self,
        _context: &WidgetContext<'_>,
        _field: &str,
        _typed: &str,
        _response: &Response,
    ) -> Result<Vec<LookupMatch>, Refusal> {
        Ok(Vec::new())
    }

    /// The content of the card.
    ///
    /// # Errors
    /// [`Refusal::UnexpectedResponse`] when a response has an unexpected shape.
    fn view(&self, context: &WidgetContext<'_>, responses: &Responses) -> Result<View, Refusal>;
}

/// How far requests and views depend on the current time; ordered from least to most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TimeDependence {
    /// The same responses always give the same view.
    Never,
    /// They may change at midnight, in the time zone in which the widget shows times.
    Day,
    /// They may change at any moment.
    Moment,
}

/// The inputs of a widget beside the responses.
#[derive(Clone, Debug)]
pub struct WidgetContext<'a> {
    /// The settings of the card.
    pub settings: &'a Settings,
    /// The place of the card.
    pub place: Option<&'a Place>,
    /// The citizen's language.
    pub language: Language,
    /// The current time, or the moment of the sample.
    pub now: Timestamp,
    /// The citizen's time zone. A widget may show the times of its service in another one: see
    /// [`Manifest::shown_zone`].
    pub zone: &'a TimeZone,
    /// The budget of requests and view.
    pub budget: &'a Budget,
}

/// Why a widget cannot make a request or a view.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A required setting is missing.
    #[error("the field `{field}` has to be filled in")]
    NeedsSetting {
        /// The id of the field.
        field: String,
    },
    /// A response is not as the service documents it.
    #[error("{at}: {reason}")]
    UnexpectedResponse {
        /// The manifest key that reads the response, with the index of the element when it reads
        /// several.
        at: String,
        /// The value found there.
        reason: String,
    },
    /// The widget panicked, which is a mistake in its code or in the engine.
    #[error("the widget panicked: {message}")]
    Panicked {
        /// The message of the panic, shortened.
        message: String,
    },
    /// The responses take more work than the budget allows.
    #[error("{at}: {exhausted}")]
    OverBudget {
        /// The manifest key that was evaluated.
        at: String,
        /// The limit that was reached.
        exhausted: Exhausted,
    },
}
