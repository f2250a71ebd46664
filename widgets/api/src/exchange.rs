use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use serde_json::Value;

use crate::{Refusal, Request, Response, Responses, View, Widget, WidgetContext};

/// Calls of [`Widget::requests`] in one exchange, the last of which has to return nothing: ten
/// pages of one request, and what is asked before and after them.
pub const MAX_STEPS: usize = 20;
/// Maximum length of the message of a panic: it may contain a whole value.
const MAX_MESSAGE_CHARS: usize = 160;

/// The exchange of requests and responses between a widget and its services, without I/O.
///
/// A driver calls [`next`](Exchange::next), sends the requests, calls [`supply`](Exchange::supply)
/// with each result in the order of the requests, and repeats this until `next` returns no more
/// requests. Then [`responses`](Exchange::responses) holds what [`Widget::view`] reads.
///
/// Responses with the same request id are appended in the order in which they are supplied, so a
/// later page follows the earlier ones. A request with [`optional`](Request::may_fail) that fails
/// has no response when it is the first one of its id. After earlier responses its place is taken
/// by `null`: a page that is absent would be asked for again. Any other failure ends the exchange.
///
/// `E` is the error of the transport.
#[derive(Clone, Debug)]
pub struct Exchange<E> {
    responses: Responses,
    /// Results of the present step. Widgets see them from the next step on.
    step: Responses,
    failure: Option<ExchangeError<E>>,
    steps: usize,
}

/// Why an exchange ended without a view.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExchangeError<E> {
    /// The widget refused a response, or cannot ask without a setting.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// A request that the widget depends on failed.
    #[error("request `{request}`: {error}")]
    Failed {
        /// The id of the request.
        request: String,
        /// The error of the transport.
        #[source]
        error: E,
    },
    /// The widget still has requests after [`MAX_STEPS`] steps.
    #[error("the widget still has requests after {max} steps", max = MAX_STEPS)]
    Endless,
}

impl<E> Default for Exchange<E> {
    fn default() -> Self {
        Exchange { responses: Responses::new(), step: Responses::new(), failure: None, steps: 0 }
    }
}

impl<E> Exchange<E> {
    /// An exchange in which nothing has been asked yet.
    pub fn new() -> Self {
        Exchange::default()
    }

    /// The requests to send next; none when the widget has all that it needs.
    ///
    /// # Errors
    /// When a request of the step before failed that the widget depends on, when the widget
    /// refuses, and when it still has requests after [`MAX_STEPS`] steps.
    pub fn next(
        &mut self,
        widget: &dyn Widget,
        context: &WidgetContext<'_>,
    ) -> Result<Vec<Request>, ExchangeError<E>> {
        if let Some(failure) = self.failure.take() {
            return Err(failure);
        }
        for (id, responses) in std::mem::take(&mut self.step) {
            self.responses.entry(id).or_default().extend(responses);
        }
        let requests = catch_panic(|| widget.requests(context, &self.responses))?;
        self.steps += 1;
        if self.steps >= MAX_STEPS && !requests.is_empty() {
            return Err(ExchangeError::Endless);
        }
        Ok(requests)
    }

    /// Takes the result of a request of the present step. When a request fails that the widget
    /// depends on, the following [`next`](Exchange::next) returns the error.
    pub fn supply(&mut self, request: &Request, result: Result<Arc<Value>, E>) {
        let has_earlier = self.responses.contains_key(&request.id);
        let responses = self.step.entry(request.id.clone()).or_default();
        match result {
            Ok(tree) => responses.push(Response { tree }),
            Err(_) if request.optional => {
                if has_earlier {
                    responses.push(Response { tree: Arc::new(Value::Null) });
                }
            }
            Err(error) => {
                let request = request.id.clone();
                self.failure.get_or_insert(ExchangeError::Failed { request, error });
            }
        }
    }

    /// The responses of all steps before the last call of [`next`](Exchange::next), by request id.
    pub fn responses(&self) -> &Responses {
        &self.responses
    }

    /// The view of the responses so far. A panic of the widget is a refusal.
    ///
    /// # Errors
    /// When the widget refuses.
    pub fn view(&self, widget: &dyn Widget, context: &WidgetContext<'_>) -> Result<View, Refusal> {
        catch_panic(|| widget.view(context, &self.responses))
    }

    /// Runs the whole exchange with responses that are at hand, and returns the view.
    ///
    /// # Errors
    /// As of [`next`](Exchange::next), and when the widget refuses to make a view.
    pub fn run(
        &mut self,
        widget: &dyn Widget,
        context: &WidgetContext<'_>,
        mut respond: impl FnMut(&Request) -> Result<Arc<Value>, E>,
    ) -> Result<View, ExchangeError<E>> {
        loop {
            let requests = self.next(widget, context)?;
            if requests.is_empty() {
                return Ok(self.view(widget, context)?);
            }
            for request in &requests {
                self.supply(request, respond(request));
            }
        }
    }
}

/// Runs a function of a widget; a panic ends only this exchange.
fn catch_panic<T>(act: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
    // Nothing that the widget could leave half changed outlives the exchange.
    catch_unwind(AssertUnwindSafe(act)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<&str>().copied();
        let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        let message = text.unwrap_or_default().chars().take(MAX_MESSAGE_CHARS).collect();
        Err(Refusal::Panicked { message })
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    /// The id and number of every request, in order.
    type Requested = Vec<(String, usize)>;

    use jiff::Timestamp;
    use jiff::tz::TimeZone;
    use serde_json::json;

    use super::*;
    use crate::{Budget, Format, Language, Manifest, Method, Sample, Settings};

    /// Asks for pages of `list` until one is `null` or `pages` were answered, and then for
    /// `detail`.
    struct Paged {
        pages: usize,
        /// Refuses once this number of pages was answered.
        refuses_after: Option<usize>,
        optional: bool,
    }

    fn request(id: &str, nth: usize, optional: bool) -> Request {
        Request {
            widget: "paged".to_owned(),
            id: id.to_owned(),
            nth,
            method: Method::Get,
            url: format!("https://service.example/{id}?page={nth}"),
            headers: Vec::new(),
            body: None,
            format: Format::Json,
            max_age: Duration::from_secs(60),
            max_bytes: 1_000,
            optional,
            user_supplied_url: false,
            key: None,
            if_empty: None,
            stale_key: None,
            personal: false,
        }
    }

    fn refusal() -> Refusal {
        Refusal::UnexpectedResponse { at: "list".to_owned(), reason: "no list".to_owned() }
    }

    impl Widget for Paged {
        fn manifest(&self) -> &Manifest {
            unreachable!("an exchange does not read the manifest")
        }

        fn samples(&self) -> &[Sample] {
            &[]
        }

        fn fields_sent(&self, _request: &str) -> Vec<String> {
            Vec::new()
        }

        fn requests(
            &self,
            _context: &WidgetContext<'_>,
            responses: &Responses,
        ) -> Result<Vec<Request>, Refusal> {
            let Some(pages) = responses.get("list") else {
                return Ok(vec![request("list", 0, self.optional)]);
            };
            if self.refuses_after == Some(pages.len()) {
                return Err(refusal());
            }
            let has_more = pages.last().is_some_and(|page| !page.tree.is_null());
            if has_more && pages.len() < self.pages {
                return Ok(vec![request("list", pages.len(), self.optional)]);
            }
            Ok(match responses.get("detail") {
                None => vec![request("detail", 0, true), request("detail", 1, true)],
                Some(_) => Vec::new(),
            })
        }

        fn view(&self, _: &WidgetContext<'_>, responses: &Responses) -> Result<View, Refusal> {
            Ok(View { omitted: responses["list"].len(), ..View::default() })
        }
    }

    fn paged(pages: usize) -> Paged {
        Paged { pages, refuses_after: None, optional: false }
    }

    /// Runs an exchange in which each request gets its number as response, unless `fails`.
    fn run(
        widget: &Paged,
        fails: impl Fn(&Request) -> bool,
    ) -> (Result<View, ExchangeError<&'static str>>, Exchange<&'static str>, Requested) {
        let settings = Settings::new();
        let context = WidgetContext {
            settings: &settings,
            place: None,
            language: Language::Nl,
            now: Timestamp::UNIX_EPOCH,
            zone: &TimeZone::UTC,
            budget: &Budget::default(),
        };
        let mut sent = Vec::new();
        let mut exchange = Exchange::new();
        let view = exchange.run(widget, &context, |request| {
            sent.push((request.id.clone(), request.nth));
            if fails(request) { Err("no connection") } else { Ok(Arc::new(json!(request.nth))) }
        });
        (view, exchange, sent)
    }

    fn trees(exchange: &Exchange<&str>, id: &str) -> Vec<Value> {
        exchange.responses()[id].iter().map(|response| (*response.tree).clone()).collect()
    }

    #[test]
    fn pages_follow_each_other() {
        let (view, exchange, sent) = run(&paged(3), |_| false);
        assert_eq!(view.map(|view| view.omitted), Ok(3));
        assert_eq!(trees(&exchange, "list"), [0, 1, 2]);
        assert_eq!(trees(&exchange, "detail"), [0, 1]);
        let numbers: Vec<usize> = sent.iter().map(|(_, nth)| *nth).collect();
        assert_eq!(numbers, [0, 1, 2, 0, 1]);
    }

    #[test]
    fn an_optional_page_that_fails_is_null_and_asked_once() {
        let widget = Paged { optional: true, ..paged(5) };
        let fails = |request: &Request| request.id == "list" && request.nth == 2;
        let (view, exchange, sent) = run(&widget, fails);
        assert_eq!(view.map(|view| view.omitted), Ok(3));
        assert_eq!(trees(&exchange, "list"), [json!(0), json!(1), Value::Null]);
        assert_eq!(sent.iter().filter(|(id, nth)| id == "list" && *nth == 2).count(), 1);
    }

    #[test]
    fn an_optional_first_response_that_fails_is_absent() {
        let widget = Paged { optional: true, ..paged(5) };
        let (view, exchange, _) = run(&widget, |request| request.id == "list");
        assert_eq!(view.map(|view| view.omitted), Ok(0));
        assert_eq!(trees(&exchange, "list"), [] as [Value; 0]);
        // One of several first responses.
        let fails = |request: &Request| request.id == "detail" && request.nth == 0;
        let (_, exchange, _) = run(&widget, fails);
        assert_eq!(trees(&exchange, "detail"), [1]);
    }

    #[test]
    fn a_required_request_that_fails_ends_the_exchange_with_its_error() {
        let (view, _, sent) = run(&paged(5), |request| request.nth == 1);
        let failed = ExchangeError::Failed { request: "list".to_owned(), error: "no connection" };
        assert_eq!(failed.to_string(), "request `list`: no connection");
        assert_eq!(view, Err(failed));
        assert_eq!(sent.len(), 2);
    }

    #[test]
    fn nineteen_steps_succeed_and_twenty_are_endless() {
        // Each page is a step, and so are the details.
        let (view, _, sent) = run(&paged(MAX_STEPS - 2), |_| false);
        assert_eq!(view.map(|view| view.omitted), Ok(MAX_STEPS - 2));
        assert_eq!(sent.len(), MAX_STEPS);
        let (view, _, sent) = run(&paged(usize::MAX), |_| false);
        assert_eq!(view, Err(ExchangeError::Endless));
        assert_eq!(sent.len(), MAX_STEPS - 1);
    }

    #[test]
    fn a_refusal_between_two_steps_ends_the_exchange() {
        let widget = Paged { refuses_after: Some(2), ..paged(5) };
        let (view, exchange, sent) = run(&widget, |_| false);
        assert_eq!(view, Err(ExchangeError::Refused(refusal())));
        assert_eq!((exchange.responses()["list"].len(), sent.len()), (2, 2));
    }
}
