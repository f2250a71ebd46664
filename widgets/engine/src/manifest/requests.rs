use std::collections::BTreeSet;
use std::time::Duration;

use cel::Value;
use cel::common::types::{CelList, CelNull};
use cel::common::value::Val;
use url::Url;
use voordeur_widget_api::{
    ApiKeyLocation, ApiKeyUse, Format, Manifest, Method, Refusal, Request, Response, Responses,
    WidgetContext,
};

use super::connectors::Connector;
use super::expression::{Expression, Scope};
use super::pages::{Pages, Turn};
use super::{pages, values};

/// Names whose values change as time goes by.
const CLOCK: [&str; 2] = ["now", "today"];
/// Names of what is repeated, which another answer may have given.
const REPEATED: [&str; 2] = ["item", "index"];

/// One request of a manifest.
pub struct RequestPlan {
    pub id: String,
    pub method: Method,
    pub url: Vec<UrlPart>,
    pub query: Vec<(String, Expression)>,
    pub headers: Vec<(String, String)>,
    pub body: Option<Expression>,
    pub format: Format,
    pub max_age: Duration,
    pub max_bytes: usize,
    pub when: Option<Expression>,
    pub each: Option<Expression>,
    pub limit: usize,
    pub pages: Option<Pages>,
    /// The kind of portal that answers, and how many records are wanted.
    pub connector: Option<(&'static Connector, usize)>,
    pub optional: bool,
    /// Whether its whole address is a citizen's answer.
    pub user_supplied_url: bool,
    pub key: Option<ApiKeyLocation>,
}

/// A piece of an address.
pub enum UrlPart {
    /// As it stands.
    Literal(String),
    /// Filled in and percent-encoded.
    Filled(Expression),
}

impl RequestPlan {
    /// Whether an answer broke off and was read as far as it came.
    pub fn cut_off(&self, answer: &Response) -> bool {
        self.format == Format::Feed && answer.tree.get("cut_off").is_some_and(|cut| cut == true)
    }

    /// The expressions whose values are sent with the first page.
    fn sent_first(&self) -> impl Iterator<Item = &Expression> {
        let url = self.url.iter().filter_map(|part| match part {
            UrlPart::Literal(_) => None,
            UrlPart::Filled(expression) => Some(expression),
        });
        url.chain(self.query.iter().map(|(_, expression)| expression)).chain(self.body.as_ref())
    }

    /// The expressions whose values are sent.
    fn sent(&self) -> impl Iterator<Item = &Expression> {
        let next = self.pages.as_ref().and_then(|pages| match &pages.turn {
            Turn::Next(expression) => Some(expression),
            Turn::Counted { .. } => None,
        });
        self.sent_first().chain(next)
    }

    /// What expressions read under the id of the request.
    pub fn value(&self, answers: &[Response]) -> Box<dyn Val> {
        match answers {
            [] => Box::new(CelNull),
            several if self.each.is_some() => {
                let one = |answer| self.whole(std::slice::from_ref(answer));
                Box::new(CelList::from(several.iter().map(one).collect::<Vec<_>>()))
            }
            pages => self.whole(pages),
        }
    }

    /// One answer, in however many pages. Of a portal these are the records; `null` when it is no answer of such a portal.
    fn whole(&self, pages: &[Response]) -> Box<dyn Val> {
        let Some(first) = pages.first() else { return Box::new(CelNull) };
        match (self.connector, &self.pages) {
            (Some((connector, most)), _) => {
                let mut records = Vec::new();
                for page in pages::distinct(pages) {
                    match connector.read(&page.tree) {
                        Some(more) => records.extend(more),
                        None if records.is_empty() => return Box::new(CelNull),
                        None => break,
                    }
                }
                records.truncate(most);
                let records = records.iter().map(values::from_json).collect::<Vec<_>>();
                Box::new(CelList::from(records))
            }
            (None, Some(several)) => values::from_json(&several.joined(pages)),
            (None, None) => values::from_json(&first.tree),
        }
    }

    /// Refuses an answer that is none of the kind of portal. What the widget can do without is `null` then.
    fn check(&self, answered: &[Response]) -> Result<(), Refusal> {
        let Some((connector, _)) = self.connector else { return Ok(()) };
        let read = |answer: &Response| connector.read(&answer.tree).is_some();
        if self.optional || answered.iter().all(read) {
            return Ok(());
        }
        let reason = format!("the answer is none of `{}`", connector.name);
        Err(Refusal::UnexpectedResponse { at: format!("request `{}`", self.id), reason })
    }

    /// The request for the page after those that were answered, when there is one.
    fn next_page(
        &self,
        manifest: &Manifest,
        plans: &[RequestPlan],
        scope: &Scope<'_>,
        ask: &WidgetContext<'_>,
        answered: &[Response],
    ) -> Result<Option<Request>, Refusal> {
        let Some(pages) = &self.pages else { return Ok(None) };
        if answered.is_empty() {
            return Ok(None);
        }
        let first = request(manifest, plans, self, scope, ask, 0)?;
        let address = Url::parse(&first.url).map_err(|error| self.refuse_url(&error))?;
        let key_in_query = match &self.key {
            Some(ApiKeyLocation::Query(name)) => Some(name.as_str()),
            _ => None,
        };
        let next = pages.next(&self.id, &address, answered, scope, manifest, key_in_query)?;
        let nth = answered.len();
        let stale_key = first.stale_key.map(|stale_key| format!("{stale_key} page {nth}"));
        Ok(next.map(|url| Request { url: url.into(), nth, stale_key, ..first }))
    }

    fn refuse_url(&self, error: &url::ParseError) -> Refusal {
        let at = format!("request `{}`.url", self.id);
        Refusal::UnexpectedResponse { at, reason: error.to_string() }
    }

    /// Every expression of it.
    pub fn expressions(&self) -> impl Iterator<Item = &Expression> {
        self.sent().chain(self.when.as_ref()).chain(self.each.as_ref())
    }

    /// Whether a value that is sent depends on a name.
    pub fn sends(&self, name: &str) -> bool {
        self.sent().any(|expression| expression.names().contains(name))
    }

    /// Every name that must be known before it can be asked.
    pub fn names(&self) -> BTreeSet<String> {
        self.expressions().flat_map(Expression::names).collect()
    }

    /// The facts about the citizen that are sent: ids of fields, or `place`.
    pub fn fields_sent(&self, manifest: &Manifest) -> BTreeSet<String> {
        let mut facts: BTreeSet<String> = self
            .sent()
            .flat_map(Expression::fields)
            .map(|id| match id.strip_suffix("_label") {
                // The words of what was looked up tell the same as its value.
                Some(field) if manifest.field(&id).is_none() => field.to_owned(),
                _ => id,
            })
            .filter(|id| manifest.field(id).is_some())
            .collect();
        if self.sent().any(|expression| expression.names().contains("place")) {
            facts.insert("place".to_owned());
        }
        facts
    }
}

/// Whether an expression gives something else as time goes by.
fn reads_clock(expression: &Expression) -> bool {
    expression.names().iter().any(|name| CLOCK.contains(&name.as_str()))
}

/// What a request asks, whatever the time is: see [`Request::stale_key`].
fn stale_key(
    manifest: &Manifest,
    plans: &[RequestPlan],
    plan: &RequestPlan,
    scope: &Scope<'_>,
    ask: &WidgetContext<'_>,
    nth: usize,
) -> Result<Option<String>, Refusal> {
    let (moving, still): (Vec<_>, Vec<_>) = plan.sent_first().partition(|one| reads_clock(one));
    // What also depends on an earlier answer cannot be told apart without it.
    let from_answer = |name: &String| {
        REPEATED.contains(&name.as_str()) || plans.iter().any(|plan| plan.id == *name)
    };
    if moving.is_empty() || moving.iter().any(|one| one.names().iter().any(from_answer)) {
        return Ok(None);
    }
    let mut stale_key = format!("{} {} {nth} {}", manifest.id, plan.id, ask.language);
    for fact in plan.fields_sent(manifest) {
        let answer = ask.settings.get(&fact).map_or("", String::as_str);
        stale_key.push_str(&format!(" {fact}={answer:?}"));
    }
    if let Some(place) = ask.place {
        stale_key.push_str(&format!(" {}", place.postcode));
    }
    for expression in still {
        let value = values::to_json(&expression.value(scope)?);
        stale_key.push_str(&format!(" {value}"));
    }
    Ok(Some(stale_key))
}

/// Whether every request is answered and none goes on after its first page, which can be told without reading the answers.
pub fn all_are_answered(plans: &[RequestPlan], answers: &Responses) -> Result<bool, Refusal> {
    for plan in plans {
        match answers.get(&plan.id) {
            Some(answered) if plan.pages.is_none() => plan.check(answered)?,
            _ => return Ok(false),
        }
    }
    // Whether something is still to be filled in is judged when there is nothing to ask.
    Ok(!plans.is_empty())
}

/// The requests that can be asked now and are not answered yet.
pub fn next(
    manifest: &Manifest,
    plans: &[RequestPlan],
    scope: &Scope<'_>,
    ask: &WidgetContext<'_>,
    answers: &Responses,
) -> Result<Vec<Request>, Refusal> {
    let mut requests = Vec::new();
    let mut open: BTreeSet<&str> = BTreeSet::new();
    for plan in plans {
        if let Some(answered) = answers.get(&plan.id) {
            plan.check(answered)?;
            if let Some(request) = plan.next_page(manifest, plans, scope, ask, answered)? {
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
        let asked = requests_of(manifest, plans, plan, scope, ask)?;
        if !asked.is_empty() {
            open.insert(&plan.id);
        }
        requests.extend(asked);
    }
    Ok(requests)
}

fn requests_of(
    manifest: &Manifest,
    plans: &[RequestPlan],
    plan: &RequestPlan,
    scope: &Scope<'_>,
    ask: &WidgetContext<'_>,
) -> Result<Vec<Request>, Refusal> {
    let Some(each) = &plan.each else {
        return Ok(vec![request(manifest, plans, plan, scope, ask, 0)?]);
    };
    each.with_list(scope, |things| {
        let things = things.iter().take(plan.limit).enumerate();
        things
            .map(|(index, thing)| {
                let scope = scope.with_item(thing.as_ref(), index);
                request(manifest, plans, plan, &scope, ask, index)
            })
            .collect()
    })
}

/// One request. `scope` holds what its expressions read.
pub fn request(
    manifest: &Manifest,
    plans: &[RequestPlan],
    plan: &RequestPlan,
    scope: &Scope<'_>,
    ask: &WidgetContext<'_>,
    nth: usize,
) -> Result<Request, Refusal> {
    let mut address = String::new();
    for part in &plan.url {
        match part {
            UrlPart::Literal(text) => address.push_str(text),
            UrlPart::Filled(expression) if plan.user_supplied_url => {
                // Not as a phrase, which is cut off where a citizen would stop reading.
                match expression.value(scope)? {
                    Value::String(given) => address.push_str(&given),
                    _ => return Err(expression.refuse("should be an address")),
                }
            }
            UrlPart::Filled(expression) => {
                let phrase = expression.phrase(scope)?;
                address.extend(url::form_urlencoded::byte_serialize(phrase.text.as_bytes()).map(
                    // A plus is a space in a query only; `%20` is one everywhere.
                    |piece| if piece == "+" { "%20" } else { piece },
                ));
            }
        }
    }
    let mut url = Url::parse(&address).map_err(|error| plan.refuse_url(&error))?;
    if !plan.query.is_empty() {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, expression) in &plan.query {
            let value = expression.value(scope)?;
            if let Some(phrase) = values::phrase(&value) {
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
        Some(expression) => Some(values::to_json(&expression.value(scope)?).to_string()),
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
        max_age: plan.max_age,
        max_bytes: plan.max_bytes,
        optional: plan.optional,
        stale_key: stale_key(manifest, plans, plan, scope, ask, nth)?,
        user_supplied_url: plan.user_supplied_url,
        key: plan.key.as_ref().zip(manifest.key.as_ref()).map(|(location, key)| ApiKeyUse {
            variable: key.variable.clone(),
            location: location.clone(),
        }),
        // An address of one's own may hold a secret, as those of calendars do.
        personal: plan.user_supplied_url
            || plan.fields_sent(manifest).iter().any(has_personal_field),
    })
}
