//! Builds the requests of a widget from `[[request]]` of its manifest.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::Value as Tree;
use url::Url;
use voordeur_widget_api::{
    ApiKeyLocation, ApiKeyUse, Budget, Exhausted, Format, Manifest, Method, Refusal, Request,
    Response, Responses, WidgetContext,
};

use super::connectors::Connector;
use super::expression::{Expression, Scope};
use super::pagination::{NextPage, Pagination};
use super::values::Value;
use super::{lookup, pagination};

/// Variables that change over time.
const CLOCK_VARIABLES: [&str; 2] = ["now", "today"];
/// Variables of `each`, which may come from another response.
const ITEM_VARIABLES: [&str; 2] = ["item", "index"];

/// A request of a manifest.
pub struct RequestPlan {
    pub id: String,
    pub method: Method,
    pub url: Vec<UrlPart>,
    pub query: Vec<(String, Expression)>,
    pub headers: Vec<(String, String)>,
    pub body: Option<Expression>,
    pub format: Format,
    pub fresh_for: Duration,
    pub largest: usize,
    pub when: Option<Expression>,
    pub each: Option<Expression>,
    pub limit: usize,
    pub pages: Option<Pagination>,
    /// The connector, and the maximum number of records.
    pub connector: Option<(&'static Connector, usize)>,
    /// The body that an empty one stands for.
    pub if_empty: Option<String>,
    pub optional: bool,
    /// Whether the whole URL is a citizen's setting.
    pub user_supplied_url: bool,
    pub key: Option<ApiKeyLocation>,
}

/// Things in a response that its reader could not read, or that are beyond what it reads.
pub struct LeftOut {
    pub count: usize,
    pub reason: &'static str,
    /// Whether nothing can be concluded from what is left.
    pub is_all: bool,
}

/// Part of a URL template.
pub enum UrlPart {
    Literal(String),
    /// Evaluated and percent-encoded.
    Expression(Expression),
}

impl RequestPlan {
    /// The things that the reader of a format left out, if any.
    pub fn left_out(&self, response: &Response) -> Option<LeftOut> {
        let is_true = |key: &str| response.tree.get(key).is_some_and(|value| value == true);
        let count = |key: &str| response.tree.get(key).and_then(Tree::as_u64).unwrap_or_default();
        let is_empty =
            |key: &str| response.tree.get(key).and_then(Tree::as_array).is_none_or(Vec::is_empty);
        let end_is_missing =
            |is_all: bool| Some(LeftOut { count: 1, reason: "its end is missing", is_all });
        let beyond = "it has more than is read";
        match self.format {
            Format::Feed if is_true("cut_off") => end_is_missing(is_empty("items")),
            Format::Csv if is_true("cut_off") => end_is_missing(is_empty("rows")),
            Format::ICalendar if is_true("cut_off") => end_is_missing(true),
            Format::ICalendar if count("unreadable") > 0 => {
                let both = count("unreadable").saturating_add(count("left_out"));
                Some(LeftOut {
                    count: usize::try_from(both).unwrap_or(usize::MAX),
                    reason: "events have no date that can be read",
                    is_all: is_empty("events"),
                })
            }
            // Nothing is concluded from a part.
            Format::ICalendar | Format::Cap if count("left_out") > 0 => Some(LeftOut {
                count: usize::try_from(count("left_out")).unwrap_or(usize::MAX),
                reason: beyond,
                is_all: true,
            }),
            Format::Csv | Format::GeoJson | Format::GtfsRealtime | Format::JsonStat
                if is_true("truncated") =>
            {
                Some(LeftOut { count: 1, reason: beyond, is_all: true })
            }
            _ => None,
        }
    }

    /// Expressions sent with the first page.
    fn sent_with_first_page(&self) -> impl Iterator<Item = &Expression> {
        let url = self.url.iter().filter_map(|part| match part {
            UrlPart::Literal(_) => None,
            UrlPart::Expression(expression) => Some(expression),
        });
        url.chain(self.query.iter().map(|(_, expression)| expression)).chain(self.body.as_ref())
    }

    /// All expressions that are sent.
    fn sent_expressions(&self) -> impl Iterator<Item = &Expression> {
        let next = self.pages.as_ref().and_then(|pages| match &pages.next_page {
            NextPage::Link(expression) => Some(expression),
            NextPage::Counter { .. } => None,
        });
        self.sent_with_first_page().chain(next)
    }

    /// The values that have to be made from the responses first: for each separate response
    /// a tree, or `None` where the response itself is the value.
    ///
    /// # Errors
    /// When that is beyond the budget.
    pub fn make(
        &self,
        responses: &[Response],
        budget: &Budget,
    ) -> Result<Vec<Option<Tree>>, Exhausted> {
        match responses {
            [] => Ok(Vec::new()),
            separate if self.each.is_some() => {
                let one = |response| self.make_one(std::slice::from_ref(response), budget);
                separate.iter().map(one).collect()
            }
            pages => Ok(vec![self.make_one(pages, budget)?]),
        }
    }

    /// The joined pages of one response; with a connector its records, or `null` when the response
    /// is not from such a portal.
    fn make_one(&self, pages: &[Response], budget: &Budget) -> Result<Option<Tree>, Exhausted> {
        match (self.connector, &self.pages) {
            (Some((connector, max_records)), _) => {
                let mut records = Vec::new();
                for page in pagination::distinct(pages) {
                    match connector.read(&page.tree, budget)? {
                        Some(more) => records.extend(more),
                        None if records.is_empty() => return Ok(Some(Tree::Null)),
                        None => break,
                    }
                }
                records.truncate(max_records);
                Ok(Some(Tree::Array(records)))
            }
            (None, Some(paging)) => paging.joined(pages, budget),
            (None, None) => Ok(None),
        }
    }

    /// The value of the variable with the id of the request; `made` is what [`make`](Self::make)
    /// returned for these responses.
    pub fn value<'v>(&self, responses: &'v [Response], made: &'v [Option<Tree>]) -> Value<'v> {
        let mut values = responses.iter().zip(made).map(|(response, made)| {
            Value::of_tree(made.as_ref().unwrap_or(response.tree.as_ref()))
        });
        if self.each.is_some() && !responses.is_empty() {
            return Value::list(values.collect());
        }
        values.next().unwrap_or(Value::Null)
    }

    /// Refuses a response that is not from the connector's portal, unless the request may fail.
    fn check(&self, received: &[Response], budget: &Budget) -> Result<(), Refusal> {
        let Some((connector, _)) = self.connector else { return Ok(()) };
        if self.optional {
            return Ok(());
        }
        let at = || format!("request `{}`", self.id);
        for response in received {
            let records = connector
                .read(&response.tree, budget)
                .map_err(|exhausted| Refusal::OverBudget { at: at(), exhausted })?;
            if records.is_none() {
                let reason = format!("the answer is none of `{}`", connector.name);
                return Err(Refusal::UnexpectedResponse { at: at(), reason });
            }
        }
        Ok(())
    }

    /// The request for the next page, if any.
    fn next_page<'v>(
        &self,
        manifest: &Manifest,
        plans: &[RequestPlan],
        scope: &Scope<'_, 'v>,
        context: &WidgetContext<'_>,
        received: &'v [Response],
    ) -> Result<Option<Request>, Refusal> {
        let Some(pages) = &self.pages else { return Ok(None) };
        if received.is_empty() {
            return Ok(None);
        }
        let first = request(manifest, plans, self, scope, context, 0)?;
        let address = Url::parse(&first.url).map_err(|error| self.refuse_url(&error))?;
        let key_in_query = match &self.key {
            Some(ApiKeyLocation::Query(name)) => Some(name.as_str()),
            _ => None,
        };
        let next = pages.next(&self.id, &address, received, scope, manifest, key_in_query)?;
        let nth = received.len();
        let question = first.stale_key.map(|question| format!("{question} page {nth}"));
        Ok(next.map(|url| Request { url: url.into(), nth, stale_key: question, ..first }))
    }

    fn refuse_url(&self, error: &url::ParseError) -> Refusal {
        let at = format!("request `{}`.url", self.id);
        Refusal::UnexpectedResponse { at, reason: error.to_string() }
    }

    pub fn expressions(&self) -> impl Iterator<Item = &Expression> {
        self.sent_expressions().chain(self.when.as_ref()).chain(self.each.as_ref())
    }

    /// Whether a sent value depends on a variable.
    pub fn sends(&self, name: &str) -> bool {
        self.sent_expressions().any(|expression| expression.names().contains(name))
    }

    /// Variables that must be known before the request can be made.
    pub fn names(&self) -> BTreeSet<String> {
        self.expressions().flat_map(Expression::names).cloned().collect()
    }

    /// Facts about the citizen that are sent: ids of fields, or `place`.
    pub fn fields_sent(&self, manifest: &Manifest) -> BTreeSet<String> {
        let mut facts: BTreeSet<String> = self
            .sent_expressions()
            .flat_map(Expression::fields)
            .map(|id| match lookup::field_of_label(id) {
                // The label of a lookup discloses the same as its value.
                Some(field) if manifest.field(id).is_none() => field,
                _ => id,
            })
            .filter(|id| manifest.field(id).is_some())
            .map(str::to_owned)
            .collect();
        if self.sent_expressions().any(|expression| expression.names().contains("place")) {
            facts.insert("place".to_owned());
        }
        facts
    }
}

/// Whether the value of an expression changes over time.
fn reads_clock(expression: &Expression) -> bool {
    expression.names().iter().any(|name| CLOCK_VARIABLES.contains(&name.as_str()))
}

/// Identity of a request, independent of time: see [`Request::question`].
fn question(
    manifest: &Manifest,
    plans: &[RequestPlan],
    plan: &RequestPlan,
    scope: &Scope<'_, '_>,
    context: &WidgetContext<'_>,
    nth: usize,
) -> Result<Option<String>, Refusal> {
    let (clock_dependent, constant): (Vec<_>, Vec<_>) =
        plan.sent_with_first_page().partition(|one| reads_clock(one));
    // An expression that also depends on an earlier response cannot be identified without it.
    let from_answer = |name: &String| {
        ITEM_VARIABLES.contains(&name.as_str()) || plans.iter().any(|plan| plan.id == *name)
    };
    if clock_dependent.is_empty()
        || clock_dependent.iter().any(|one| one.names().iter().any(from_answer))
    {
        return Ok(None);
    }
    let mut question = format!("{} {} {nth} {}", manifest.id, plan.id, context.language);
    for fact in plan.fields_sent(manifest) {
        let response = context.settings.get(&fact).map_or("", String::as_str);
        question.push_str(&format!(" {fact}={response:?}"));
    }
    if let Some(place) = context.place {
        question.push_str(&format!(" {}", place.postcode));
    }
    for expression in constant {
        let value = tree(expression, scope)?;
        question.push_str(&format!(" {value}"));
    }
    Ok(Some(question))
}

/// The value of an expression as a tree.
fn tree(expression: &Expression, scope: &Scope<'_, '_>) -> Result<Tree, Refusal> {
    let tree = expression.value(scope)?.to_tree(scope.budget());
    tree.map_err(|exhausted| expression.over_budget(exhausted))
}

/// Whether every request has a response and none has further pages; needs no evaluation.
pub fn all_answered(
    plans: &[RequestPlan],
    responses: &Responses,
    budget: &Budget,
) -> Result<bool, Refusal> {
    for plan in plans {
        match responses.get(&plan.id) {
            Some(received) if plan.pages.is_none() => plan.check(received, budget)?,
            _ => return Ok(false),
        }
    }
    // Missing settings are reported when there is nothing to request.
    Ok(!plans.is_empty())
}

/// The requests that can be made now and have no response yet.
pub fn next<'v>(
    manifest: &Manifest,
    plans: &[RequestPlan],
    scope: &Scope<'_, 'v>,
    context: &WidgetContext<'_>,
    responses: &'v Responses,
) -> Result<Vec<Request>, Refusal> {
    let mut requests = Vec::new();
    let mut open: BTreeSet<&str> = BTreeSet::new();
    for plan in plans {
        if let Some(received) = responses.get(&plan.id) {
            plan.check(received, context.budget)?;
            if let Some(request) = plan.next_page(manifest, plans, scope, context, received)? {
                open.insert(&plan.id);
                requests.push(request);
            }
            continue;
        }
        if plan.names().iter().any(|name| open.contains(name.as_str())) {
            open.insert(&plan.id);
            continue;
        }
        if let Some(when) = &plan.when
            && !when.is_true(scope)?
        {
            continue;
        }
        let new_requests = requests_of(manifest, plans, plan, scope, context)?;
        if !new_requests.is_empty() {
            open.insert(&plan.id);
        }
        requests.extend(new_requests);
    }
    Ok(requests)
}

fn requests_of(
    manifest: &Manifest,
    plans: &[RequestPlan],
    plan: &RequestPlan,
    scope: &Scope<'_, '_>,
    context: &WidgetContext<'_>,
) -> Result<Vec<Request>, Refusal> {
    let Some(each) = &plan.each else {
        return Ok(vec![request(manifest, plans, plan, scope, context, 0)?]);
    };
    let items = each.list(scope)?;
    let items = items.iter().take(plan.limit).enumerate();
    let requests = items.map(|(index, item)| {
        let scope = scope.with_item(item, index);
        request(manifest, plans, plan, &scope, context, index)
    });
    requests.collect()
}

/// A single request. `scope` holds what its expressions read.
pub fn request(
    manifest: &Manifest,
    plans: &[RequestPlan],
    plan: &RequestPlan,
    scope: &Scope<'_, '_>,
    context: &WidgetContext<'_>,
    nth: usize,
) -> Result<Request, Refusal> {
    let mut address = String::new();
    for part in &plan.url {
        match part {
            UrlPart::Literal(text) => address.push_str(text),
            UrlPart::Expression(expression) if plan.user_supplied_url => {
                // Not as a phrase, which is truncated.
                match expression.value(scope)? {
                    Value::Text(given) => address.push_str(&given),
                    _ => return Err(expression.refuse("should be an address")),
                }
            }
            UrlPart::Expression(expression) => {
                let phrase = expression.phrase(scope)?;
                address.extend(url::form_urlencoded::byte_serialize(phrase.text.as_bytes()).map(
                    // `+` means a space in a query only; `%20` does so everywhere.
                    |excerpt| if excerpt == "+" { "%20" } else { excerpt },
                ));
            }
        }
    }
    let mut url = Url::parse(&address).map_err(|error| plan.refuse_url(&error))?;
    if !plan.query.is_empty() {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, expression) in &plan.query {
            let value = expression.value(scope)?;
            if let Some(phrase) = value.phrase() {
                query.append_pair(name, &phrase.text);
            } else if let Value::Bool(flag) = value {
                query.append_pair(name, if flag { "true" } else { "false" });
            }
        }
        let query = query.finish().replace('+', "%20");
        let query = match url.query() {
            Some(before) if !before.is_empty() => format!("{before}&{query}"),
            _ => query,
        };
        url.set_query(Some(&query));
    }
    let body = match &plan.body {
        Some(expression) => Some(tree(expression, scope)?.to_string()),
        None => None,
    };
    let has_personal_field = |id: &String| manifest.field(id).is_some_and(|field| field.personal);
    Ok(Request {
        widget: manifest.id.clone(),
        id: plan.id.clone(),
        nth,
        method: plan.method,
        url: url.into(),
        headers: plan.headers.clone(),
        body,
        format: plan.format,
        max_age: plan.fresh_for,
        max_bytes: plan.largest,
        if_empty: plan.if_empty.clone(),
        optional: plan.optional,
        stale_key: question(manifest, plans, plan, scope, context, nth)?,
        user_supplied_url: plan.user_supplied_url,
        key: plan.key.as_ref().zip(manifest.key.as_ref()).map(|(place, key)| ApiKeyUse {
            variable: key.variable.clone(),
            location: place.clone(),
        }),
        // A personal URL, such as that of a calendar, may contain a secret.
        personal: plan.user_supplied_url
            || plan.fields_sent(manifest).iter().any(has_personal_field),
    })
}
