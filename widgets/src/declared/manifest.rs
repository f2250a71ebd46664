//! From the text of a `widget.toml` to a widget.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::civil::Date;
use serde::Deserialize;
use toml::Spanned;
use voordeur_contract::{
    Choice, Evidence, Field, FieldKind, Format, Key, KeyPlace, Licence, Manifest, Method, Owner,
    Pace, Publisher, Sample, Settings, Size, Texts, Theme,
};

use super::expression::Expression;
use super::mapping::{BlockKind, BlockPlan, Keys, Mapping, Repeated, Things};
use super::problem::ManifestProblem;
use super::requests::{RequestPlan, UrlPart};
use super::{Declared, units};

const LARGEST_ANSWER: usize = 2_000_000;
const LARGEST_ANSWER_ALLOWED: usize = 16_000_000;
const REPEATED_REQUESTS: usize = 5;
const THINGS_IN_A_BLOCK: usize = 50;
/// Every variable that holds a key begins with this, so that a manifest can name no other variable of the server.
const KEY_VARIABLE: &str = "VOORDEUR_KEY_";
/// Names that expressions already use.
const TAKEN_NAMES: [&str; 8] =
    ["settings", "place", "language", "now", "today", "texts", "item", "index"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: Texts,
    summary: Texts,
    theme: Theme,
    icon: String,
    publisher: Publisher,
    licence: Licence,
    hosts: Vec<String>,
    pace: Spanned<String>,
    size: Size,
    evidence: Evidence,
    key: Option<Spanned<Key>>,
    owner: Option<Owner>,
    proven: Option<Spanned<String>>,
    #[serde(default, rename = "field")]
    fields: Vec<WrittenField>,
    #[serde(default)]
    texts: BTreeMap<String, Texts>,
    #[serde(rename = "request")]
    requests: Vec<WrittenRequest>,
    view: WrittenView,
    #[serde(rename = "sample")]
    samples: Vec<WrittenSample>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenField {
    id: String,
    kind: Spanned<String>,
    label: Texts,
    hint: Option<Texts>,
    #[serde(default)]
    required: bool,
    default: Option<String>,
    #[serde(default)]
    personal: bool,
    longest: Option<usize>,
    least: Option<f64>,
    most: Option<f64>,
    unit: Option<String>,
    #[serde(default, rename = "choice")]
    choices: Vec<Choice>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenRequest {
    id: Spanned<String>,
    url: Spanned<String>,
    #[serde(default)]
    query: BTreeMap<String, Spanned<String>>,
    method: Option<Method>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    body: Option<Spanned<String>>,
    format: Format,
    fresh_for: Option<Spanned<String>>,
    largest: Option<Spanned<String>>,
    when: Option<Spanned<String>>,
    each: Option<Spanned<String>>,
    limit: Option<usize>,
    #[serde(default)]
    may_fail: bool,
    key_header: Option<Spanned<String>>,
    key_query: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenView {
    about: Option<Spanned<String>>,
    moment: Option<Spanned<String>>,
    page: Option<Spanned<String>>,
    #[serde(default)]
    notices: Vec<Spanned<String>>,
    #[serde(rename = "block")]
    blocks: Vec<BTreeMap<String, Spanned<toml::Value>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenSample {
    name: String,
    moment: Spanned<String>,
    place: Option<String>,
    #[serde(default)]
    settings: Settings,
    answers: BTreeMap<String, Spanned<OneOrMore>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

/// Reads a manifest and its samples.
pub fn read(
    id: &str,
    text: &str,
    sample: impl Fn(&str) -> Option<Vec<u8>>,
) -> Result<Declared, ManifestProblem> {
    let written: Written = toml::from_str(text).map_err(|error| {
        let problem = ManifestProblem::new("widget.toml", error.message().to_owned());
        match error.span() {
            Some(span) => problem.at_byte(text, span.start),
            None => problem,
        }
    })?;
    let reader = Reader { text };

    let pace = reader.duration("pace", &written.pace)?;
    for step in [written.size.best, written.size.smallest] {
        if !Size::STEPS.contains(&step) {
            return Err(ManifestProblem::new("size", format!("{step} is none of 3, 4, 6, 8, 12")));
        }
    }
    let fields =
        written.fields.iter().map(|field| reader.field(field)).collect::<Result<Vec<_>, _>>()?;
    let manifest = Manifest {
        id: id.to_owned(),
        name: written.name,
        summary: written.summary,
        theme: written.theme,
        icon: written.icon,
        publisher: written.publisher,
        licence: written.licence,
        hosts: written.hosts,
        pace: Pace(pace),
        size: written.size,
        fields,
        evidence: written.evidence,
        key: written.key.as_ref().map(|key| reader.key(key)).transpose()?,
        owner: written.owner,
        proven: written.proven.as_ref().map(|day| reader.day("proven", day)).transpose()?,
    };
    let plans = written
        .requests
        .iter()
        .map(|request| reader.request(request, pace, &manifest))
        .collect::<Result<Vec<_>, _>>()?;
    if let Some(key) = &written.key
        && plans.iter().all(|plan| plan.key.is_none())
    {
        let what = "is used by no request: one needs `key_header` or `key_query`";
        return Err(reader.at(ManifestProblem::new("key", what), key));
    }
    let mapping = reader.view(&written.view)?;
    let samples = written
        .samples
        .iter()
        .map(|written| reader.sample(written, &plans, &sample))
        .collect::<Result<Vec<_>, _>>()?;
    if samples.first().is_none_or(|sample| sample.name != "normal") {
        return Err(ManifestProblem::new("sample[0].name", "the first sample must be `normal`"));
    }
    for needed in ["empty", "malformed"] {
        if !samples.iter().any(|sample| sample.name == needed) {
            return Err(ManifestProblem::new(
                "sample",
                format!("there must be one named `{needed}`"),
            ));
        }
    }
    Ok(Declared { manifest, texts: written.texts.into_iter().collect(), plans, mapping, samples })
}

struct Reader<'a> {
    text: &'a str,
}

impl Reader<'_> {
    fn at<T>(&self, problem: ManifestProblem, spanned: &Spanned<T>) -> ManifestProblem {
        problem.at_byte(self.text, spanned.span().start)
    }

    fn duration(&self, key: &str, text: &Spanned<String>) -> Result<Duration, ManifestProblem> {
        units::duration(text.get_ref()).filter(|duration| !duration.is_zero()).ok_or_else(|| {
            self.at(
                ManifestProblem::new(key, "should be like `30 s`, `5 min`, `1 h`, `1 day`"),
                text,
            )
        })
    }

    fn day(&self, key: &str, text: &Spanned<String>) -> Result<Date, ManifestProblem> {
        text.get_ref()
            .parse()
            .map_err(|_| self.at(ManifestProblem::new(key, "should be like `2026-11-23`"), text))
    }

    fn expression(&self, key: &str, text: &Spanned<String>) -> Result<Expression, ManifestProblem> {
        Expression::compile(key, text.get_ref()).map_err(|problem| self.at(problem, text))
    }

    fn maybe(
        &self,
        key: &str,
        text: Option<&Spanned<String>>,
    ) -> Result<Option<Expression>, ManifestProblem> {
        text.map(|text| self.expression(key, text)).transpose()
    }

    fn key(&self, written: &Spanned<Key>) -> Result<Key, ManifestProblem> {
        let key = written.get_ref();
        let rest = key.variable.strip_prefix(KEY_VARIABLE).unwrap_or_default();
        let capitals = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
        if rest.is_empty() || !rest.chars().all(capitals) {
            let what =
                format!("must be `{KEY_VARIABLE}` and a name in capitals, digits and `_` after it");
            return Err(self.at(ManifestProblem::new("key.variable", what), written));
        }
        if !key.url.starts_with("https://") {
            let what = "must be the `https` page where an operator gets the key";
            return Err(self.at(ManifestProblem::new("key.url", what), written));
        }
        Ok(key.clone())
    }

    /// Where a request puts the key of the widget.
    fn key_place(
        &self,
        written: &WrittenRequest,
        manifest: &Manifest,
    ) -> Result<Option<KeyPlace>, ManifestProblem> {
        let id = written.id.get_ref();
        let problem = |key: &str, what: &str, name: &Spanned<String>| {
            self.at(ManifestProblem::new(format!("request `{id}`.{key}"), what), name)
        };
        let (key, name, place) = match (&written.key_header, &written.key_query) {
            (None, None) => return Ok(None),
            (Some(header), None) => {
                ("key_header", header, KeyPlace::Header(header.get_ref().clone()))
            }
            (None, Some(query)) => ("key_query", query, KeyPlace::Query(query.get_ref().clone())),
            (Some(_), Some(query)) => {
                return Err(problem("key_query", "cannot stand beside `key_header`", query));
            }
        };
        if manifest.key.is_none() {
            return Err(problem(key, "needs `[key]` with the variable that holds the key", name));
        }
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if name.get_ref().is_empty() || !name.get_ref().chars().all(fits) {
            return Err(problem(key, "must be letters, digits, `-`, `_` and `.`", name));
        }
        Ok(Some(place))
    }

    fn field(&self, written: &WrittenField) -> Result<Field, ManifestProblem> {
        let key = format!("field `{}`", written.id);
        let kind = match written.kind.get_ref().as_str() {
            "text" => FieldKind::Text { longest: written.longest.unwrap_or(80) },
            "number" => FieldKind::Number {
                least: written.least.ok_or_else(|| ManifestProblem::new(&key, "needs `least`"))?,
                most: written.most.ok_or_else(|| ManifestProblem::new(&key, "needs `most`"))?,
                unit: written.unit.clone().unwrap_or_default(),
            },
            "choice" if !written.choices.is_empty() => {
                FieldKind::Choice { choices: written.choices.clone() }
            }
            "choice" => return Err(ManifestProblem::new(&key, "needs `[[field.choice]]`")),
            "toggle" => FieldKind::Toggle,
            "plate" => FieldKind::Plate,
            "place" => FieldKind::Place,
            "web-address" => FieldKind::WebAddress,
            other => {
                let what = format!(
                    "`{other}` is none of text, number, choice, toggle, plate, place, web-address"
                );
                return Err(self.at(ManifestProblem::new(key, what), &written.kind));
            }
        };
        let field = Field {
            id: written.id.clone(),
            kind,
            label: written.label.clone(),
            hint: written.hint.clone(),
            required: written.required,
            default: written.default.clone(),
            personal: written.personal,
        };
        if let Some(default) = &field.default {
            field.tidy(default).map_err(|problem| {
                ManifestProblem::new(key, format!("the default `{default}` {problem}"))
            })?;
        }
        Ok(field)
    }

    fn request(
        &self,
        written: &WrittenRequest,
        pace: Duration,
        manifest: &Manifest,
    ) -> Result<RequestPlan, ManifestProblem> {
        let id = written.id.get_ref();
        let key = |key: &str| format!("request `{id}`.{key}");
        if TAKEN_NAMES.contains(&id.as_str())
            || !id.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        {
            let what = "must be letters, digits and `_`, and no name that expressions already use";
            return Err(self.at(ManifestProblem::new(key("id"), what), &written.id));
        }
        let url = self.url(&key("url"), &written.url)?;
        let given_by_citizen = is_web_address(written.url.get_ref(), manifest);
        let start = match url.first() {
            Some(UrlPart::Literal(start)) => start.as_str(),
            _ => "",
        };
        let host = start
            .strip_prefix("https://")
            .or_else(|| start.strip_prefix("http://"))
            .and_then(|rest| rest.split_once('/'))
            .map(|(host, _)| host);
        if given_by_citizen && written.method.is_some_and(|method| method != Method::Get) {
            let what = "must be `GET`, since the address is a citizen's";
            return Err(self.at(ManifestProblem::new(key("method"), what), &written.url));
        }
        if !given_by_citizen
            && !host.is_some_and(|host| manifest.hosts.iter().any(|known| known == host))
        {
            let what = "must begin with `https://` and one of `hosts`, followed by `/`";
            return Err(self.at(ManifestProblem::new(key("url"), what), &written.url));
        }
        let largest = match &written.largest {
            None => LARGEST_ANSWER,
            Some(text) => units::bytes(text.get_ref())
                .filter(|bytes| *bytes <= LARGEST_ANSWER_ALLOWED)
                .ok_or_else(|| {
                    let what = "should be like `300 kB` or `6 MB`, and at most `16 MB`";
                    self.at(ManifestProblem::new(key("largest"), what), text)
                })?,
        };
        let method = written.method.unwrap_or(Method::Get);
        if (method == Method::Post) != written.body.is_some() {
            return Err(ManifestProblem::new(key("body"), "is needed with POST, and only there"));
        }
        Ok(RequestPlan {
            id: id.clone(),
            method,
            url,
            query: written
                .query
                .iter()
                .map(|(name, text)| {
                    Ok((name.clone(), self.expression(&key(&format!("query.{name}")), text)?))
                })
                .collect::<Result<_, ManifestProblem>>()?,
            headers: written.headers.clone().into_iter().collect(),
            body: self.maybe(&key("body"), written.body.as_ref())?,
            format: written.format,
            fresh_for: match &written.fresh_for {
                Some(text) => self.duration(&key("fresh_for"), text)?,
                None => pace,
            },
            largest,
            when: self.maybe(&key("when"), written.when.as_ref())?,
            each: self.maybe(&key("each"), written.each.as_ref())?,
            limit: written.limit.unwrap_or(REPEATED_REQUESTS),
            may_fail: written.may_fail,
            given_by_citizen,
            key: self.key_place(written, manifest)?,
        })
    }

    fn url(&self, key: &str, text: &Spanned<String>) -> Result<Vec<UrlPart>, ManifestProblem> {
        let mut parts = Vec::new();
        let mut rest = text.get_ref().as_str();
        while let Some((before, after)) = rest.split_once('{') {
            let Some((inside, after)) = after.split_once('}') else {
                return Err(self.at(ManifestProblem::new(key, "has a `{` without a `}`"), text));
            };
            parts.push(UrlPart::Literal(before.to_owned()));
            let expression = Expression::compile(key, inside);
            parts.push(UrlPart::Filled(expression.map_err(|problem| self.at(problem, text))?));
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(UrlPart::Literal(rest.to_owned()));
        }
        Ok(parts)
    }

    fn view(&self, written: &WrittenView) -> Result<Mapping, ManifestProblem> {
        Ok(Mapping {
            about: self.maybe("view.about", written.about.as_ref())?,
            moment: self.maybe("view.moment", written.moment.as_ref())?,
            page: self.maybe("view.page", written.page.as_ref())?,
            notices: written
                .notices
                .iter()
                .map(|notice| self.expression("view.notices", notice))
                .collect::<Result<_, _>>()?,
            blocks: written
                .blocks
                .iter()
                .enumerate()
                .map(|(index, block)| self.block(index, block))
                .collect::<Result<_, _>>()?,
        })
    }

    fn block(
        &self,
        index: usize,
        entries: &BTreeMap<String, Spanned<toml::Value>>,
    ) -> Result<BlockPlan, ManifestProblem> {
        let path = format!("view.block[{index}]");
        let entries = entries
            .iter()
            .map(|(key, value)| (key.as_str(), (value.get_ref(), value.span().start)))
            .collect();
        let mut table = Table { path, text: self.text, entries };
        let name = table.literal("kind", toml::Value::as_str)?.unwrap_or_default();
        let kind = BlockKind::from_name(name).ok_or_else(|| {
            let what =
                "must be text, facts, list, departures, moments, series, table, alert or places";
            ManifestProblem::new(table.key("kind"), what)
        })?;
        let when = table.expression("when")?;
        let empty = table.expression("empty")?;
        let keys = table.keys(kind.own_keys())?;
        let things = if let Some(each) = table.expression("each")? {
            Things::Repeated(Box::new(Repeated {
                each,
                keep: table.expression("keep")?,
                sort: table.expression("sort")?,
                descending: table.literal("descending", toml::Value::as_bool)?.unwrap_or(false),
                limit: table
                    .literal("limit", toml::Value::as_integer)?
                    .map_or(THINGS_IN_A_BLOCK, |limit| {
                        usize::try_from(limit).unwrap_or_default().min(THINGS_IN_A_BLOCK * 10)
                    }),
                keys: table.keys(kind.thing_keys())?,
            }))
        } else {
            let mut written = Vec::new();
            for mut item in table.tables("item")? {
                let when = item.expression("when")?;
                let keys = item.keys(kind.thing_keys())?;
                item.finish()?;
                written.push((when, keys));
            }
            if written.is_empty() && kind != BlockKind::Text {
                return Err(ManifestProblem::new(
                    &table.path,
                    "needs `each` or `[[view.block.item]]`",
                ));
            }
            Things::Written(written)
        };
        table.finish()?;
        Ok(BlockPlan { kind, when, keys, things, empty })
    }

    fn sample(
        &self,
        written: &WrittenSample,
        plans: &[RequestPlan],
        file: &impl Fn(&str) -> Option<Vec<u8>>,
    ) -> Result<Sample, ManifestProblem> {
        let key = |key: &str| format!("sample `{}`.{key}", written.name);
        let moment = written.moment.get_ref().parse().map_err(|error| {
            let what = format!("should be like `2026-11-23T07:36:00+01:00`: {error}");
            self.at(ManifestProblem::new(key("moment"), what), &written.moment)
        })?;
        let place = match &written.place {
            None => None,
            Some(postcode) => Some(voordeur_places::by_postcode(postcode).ok_or_else(|| {
                ManifestProblem::new(key("place"), format!("`{postcode}` is no postcode"))
            })?),
        };
        let mut answers = BTreeMap::new();
        for (request, names) in &written.answers {
            if !plans.iter().any(|plan| plan.id == *request) {
                let problem =
                    ManifestProblem::new(key("answers"), format!("no request `{request}`"));
                return Err(self.at(problem, names));
            }
            let names = match names.get_ref() {
                OneOrMore::One(name) => std::slice::from_ref(name),
                OneOrMore::More(names) => names,
            };
            let mut bodies = Vec::new();
            for name in names {
                bodies.push(file(name).ok_or_else(|| {
                    ManifestProblem::new(key("answers"), format!("there is no `samples/{name}`"))
                })?);
            }
            answers.insert(request.clone(), bodies);
        }
        Ok(Sample {
            name: written.name.clone(),
            moment,
            place,
            settings: written.settings.clone(),
            answers,
        })
    }
}

/// Whether an address is nothing but the answer to a field of the kind `web-address`.
fn is_web_address(url: &str, manifest: &Manifest) -> bool {
    let id = url.strip_prefix("{settings.").and_then(|rest| rest.strip_suffix('}'));
    let field = id.and_then(|id| manifest.field(id));
    field.is_some_and(|field| field.kind == FieldKind::WebAddress && field.required)
}

/// A table whose keys depend on its kind: each is taken, and what is left over is a mistake.
struct Table<'a> {
    path: String,
    text: &'a str,
    /// Each value, with the byte of the manifest where it stands.
    entries: BTreeMap<&'a str, (&'a toml::Value, usize)>,
}

impl<'a> Table<'a> {
    fn key(&self, key: &str) -> String {
        format!("{}.{key}", self.path)
    }

    fn problem(&self, key: &str, what: &str, byte: usize) -> ManifestProblem {
        ManifestProblem::new(self.key(key), what).at_byte(self.text, byte)
    }

    fn expression(&mut self, key: &str) -> Result<Option<Expression>, ManifestProblem> {
        let Some((value, byte)) = self.entries.remove(key) else { return Ok(None) };
        let Some(source) = value.as_str() else {
            return Err(self.problem(key, "should be an expression between quotes", byte));
        };
        Expression::compile(&self.key(key), source)
            .map(Some)
            .map_err(|problem| problem.at_byte(self.text, byte))
    }

    fn literal<T>(
        &mut self,
        key: &str,
        read: impl Fn(&'a toml::Value) -> Option<T>,
    ) -> Result<Option<T>, ManifestProblem> {
        let Some((value, byte)) = self.entries.remove(key) else { return Ok(None) };
        let read = read(value);
        read.map(Some).ok_or_else(|| self.problem(key, "has a value of the wrong kind", byte))
    }

    fn keys(
        &mut self,
        (needed, optional): (&[&'static str], &[&'static str]),
    ) -> Result<Keys, ManifestProblem> {
        let mut keys = Keys::new();
        for key in needed {
            let expression = self.expression(key)?;
            let expression =
                expression.ok_or_else(|| ManifestProblem::new(self.key(key), "is missing"))?;
            keys.insert(key, expression);
        }
        for key in optional {
            if let Some(expression) = self.expression(key)? {
                keys.insert(key, expression);
            }
        }
        Ok(keys)
    }

    fn tables(&mut self, key: &str) -> Result<Vec<Table<'a>>, ManifestProblem> {
        let Some((value, byte)) = self.entries.remove(key) else { return Ok(Vec::new()) };
        let wrong = || self.problem(key, "should be `[[view.block.item]]` tables", byte);
        let list = value.as_array().ok_or_else(wrong)?;
        list.iter()
            .enumerate()
            .map(|(number, entry)| {
                let entries = entry.as_table().ok_or_else(wrong)?;
                Ok(Table {
                    path: format!("{}.{key}[{number}]", self.path),
                    text: self.text,
                    entries: entries
                        .iter()
                        .map(|(key, value)| (key.as_str(), (value, byte)))
                        .collect(),
                })
            })
            .collect()
    }

    fn finish(mut self) -> Result<(), ManifestProblem> {
        match self.entries.pop_first() {
            None => Ok(()),
            Some((key, (_, byte))) => Err(self.problem(key, "is no key of this block", byte)),
        }
    }
}
