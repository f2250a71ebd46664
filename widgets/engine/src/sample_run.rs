//! Runs a widget on one of its samples: the requests it makes, and the view it shows.

use std::sync::Arc;

use jiff::tz::TimeZone;
use serde_json::Value;
use voordeur_formats::{BodyMetadata, FormatError};
use voordeur_widget_api::{
    Budget, Exchange, ExchangeError, Language, Request, Responses, Sample, View, Widget,
    WidgetContext,
};

/// The largest file of a sample, in bytes: no manifest may allow a larger response.
pub const MAX_SAMPLE_BYTES: usize = 16_000_000;

/// Why a sample has no response to a request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SampleError {
    /// The sample has no file for the request.
    #[error("the sample has no response to it")]
    Absent,
    /// The file is not in the format of the request.
    #[error(transparent)]
    Format(#[from] FormatError),
}

/// A request, and the response of the sample to it.
#[derive(Clone, Debug)]
pub struct SampleResponse {
    /// The request.
    pub request: Request,
    /// The size of the response in bytes; 0 when it is absent.
    pub bytes: usize,
    /// The response as a tree.
    pub tree: Result<Arc<Value>, SampleError>,
}

/// A finished exchange of a widget with one of its samples.
#[derive(Clone, Debug)]
pub struct SampleRun {
    /// All requests, in the order in which they were made.
    pub asked: Vec<SampleResponse>,
    /// The responses that the widget has read, by request id.
    pub responses: Responses,
    /// The view.
    pub view: Result<View, ExchangeError<SampleError>>,
}

impl SampleRun {
    /// Runs the exchange at the moment of the sample, with its place and settings.
    pub fn new(
        widget: &dyn Widget,
        sample: &Sample,
        language: Language,
        zone: &TimeZone,
    ) -> SampleRun {
        let budget = Budget::default();
        let context = sample_context(sample, language, zone, &budget);
        let mut exchange = Exchange::new();
        let mut asked = Vec::new();
        let view = exchange.run(widget, &context, |request| {
            let bytes = sample_body(sample, request).map_or(0, <[u8]>::len);
            let tree = sample_tree(sample, request);
            let request = request.clone();
            asked.push(SampleResponse { request, bytes, tree: tree.clone() });
            tree
        });
        SampleRun { asked, responses: exchange.responses().clone(), view }
    }
}

/// The context for which a sample was made.
pub fn sample_context<'a>(
    sample: &'a Sample,
    language: Language,
    zone: &'a TimeZone,
    budget: &'a Budget,
) -> WidgetContext<'a> {
    WidgetContext {
        settings: &sample.settings,
        place: sample.place.as_ref(),
        language,
        now: sample.moment,
        zone,
        budget,
    }
}

/// The body with which a sample responds to a request. The last file of a request also responds to
/// all that follow.
pub fn sample_body<'s>(sample: &'s Sample, request: &Request) -> Option<&'s [u8]> {
    let bodies = sample.responses.get(&request.id)?;
    bodies.get(request.nth).or(bodies.last()).map(Vec::as_slice)
}

/// The response of a sample to a request, as a tree.
///
/// # Errors
/// When the sample has no response, or one that is not in the format of the request.
pub fn sample_tree(sample: &Sample, request: &Request) -> Result<Arc<Value>, SampleError> {
    let body = sample_body(sample, request).ok_or(SampleError::Absent)?;
    let metadata = BodyMetadata { url: Some(&request.url), content_type: None };
    let body = request.body_to_read(body);
    let tree = voordeur_formats::read_with(request.format, body, metadata, &Budget::default())?;
    Ok(Arc::new(tree))
}
