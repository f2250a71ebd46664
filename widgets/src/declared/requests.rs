use std::collections::BTreeSet;
use std::time::Duration;

use cel::Value;
use voordeur_contract::{Answers, Format, KeyPlace, KeyUse, Manifest, Method, Refusal, Request};

use super::expression::{Expression, Scope};
use super::values;

/// One request of a manifest.
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
    pub may_fail: bool,
    /// Whether its whole address is a citizen's answer.
    pub given_by_citizen: bool,
    pub key: Option<KeyPlace>,
}

/// A piece of an address.
pub enum UrlPart {
    /// As it stands.
    Literal(String),
    /// Filled in and percent-encoded.
    Filled(Expression),
}

impl RequestPlan {
    /// The expressions whose values are sent.
    fn sent(&self) -> impl Iterator<Item = &Expression> {
        let url = self.url.iter().filter_map(|part| match part {
            UrlPart::Literal(_) => None,
            UrlPart::Filled(expression) => Some(expression),
        });
        url.chain(self.query.iter().map(|(_, expression)| expression)).chain(self.body.as_ref())
    }

    /// Every expression of it.
    pub fn expressions(&self) -> impl Iterator<Item = &Expression> {
        self.sent().chain(self.when.as_ref()).chain(self.each.as_ref())
    }

    /// Every name that must be known before it can be asked.
    fn names(&self) -> BTreeSet<String> {
        self.expressions().flat_map(Expression::names).collect()
    }

    /// The facts about the citizen that are sent: ids of fields, or `place`.
    pub fn facts_sent(&self, manifest: &Manifest) -> BTreeSet<String> {
        let mut facts: BTreeSet<String> = self
            .sent()
            .flat_map(Expression::fields)
            .filter(|id| manifest.field(id).is_some())
            .collect();
        if self.sent().any(|expression| expression.names().contains("place")) {
            facts.insert("place".to_owned());
        }
        facts
    }
}

/// The requests that can be asked now and are not answered yet.
pub fn next(
    manifest: &Manifest,
    plans: &[RequestPlan],
    scope: &Scope<'_>,
    answers: &Answers,
) -> Result<Vec<Request>, Refusal> {
    let mut requests = Vec::new();
    let mut open: BTreeSet<&str> = BTreeSet::new();
    for plan in plans {
        if answers.contains_key(&plan.id) {
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
        let asked = ask(manifest, plan, scope)?;
        if !asked.is_empty() {
            open.insert(&plan.id);
        }
        requests.extend(asked);
    }
    Ok(requests)
}

fn ask(
    manifest: &Manifest,
    plan: &RequestPlan,
    scope: &Scope<'_>,
) -> Result<Vec<Request>, Refusal> {
    let Some(each) = &plan.each else { return Ok(vec![ask_once(manifest, plan, scope, 0)?]) };
    let things = each.list(scope)?;
    things
        .into_iter()
        .take(plan.limit)
        .enumerate()
        .map(|(index, thing)| ask_once(manifest, plan, &scope.with_item(thing, index), index))
        .collect()
}

fn ask_once(
    manifest: &Manifest,
    plan: &RequestPlan,
    scope: &Scope<'_>,
    nth: usize,
) -> Result<Request, Refusal> {
    let mut address = String::new();
    for part in &plan.url {
        match part {
            UrlPart::Literal(text) => address.push_str(text),
            UrlPart::Filled(expression) if plan.given_by_citizen => {
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
    let mut url = url::Url::parse(&address).map_err(|error| Refusal::UnexpectedAnswer {
        at: format!("request `{}`.url", plan.id),
        reason: error.to_string(),
    })?;
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
        fresh_for: plan.fresh_for,
        largest: plan.largest,
        may_fail: plan.may_fail,
        given_by_citizen: plan.given_by_citizen,
        key: plan
            .key
            .as_ref()
            .zip(manifest.key.as_ref())
            .map(|(place, key)| KeyUse { variable: key.variable.clone(), place: place.clone() }),
        // An address of one's own may hold a secret, as those of calendars do.
        personal: plan.given_by_citizen || plan.facts_sent(manifest).iter().any(has_personal_field),
    })
}
