//! Checks of the manifest's metadata: texts, publisher, licence, hosts. No request is made here.

use std::collections::BTreeSet;
use std::net::IpAddr;

use toml::de::{DeTable, DeValue};
use url::Url;
use voordeur_widget_api::{CardWidth, Language};

use super::{Findings, MANIFEST, rule_table, view_text};
use crate::manifest::key_path::{PathStep, SourceMap};
use crate::manifest::{EVERYWHERE, duration};

/// In characters; a longer title does not fit the head of a card.
const LONGEST_TITLE: usize = 32;
/// In characters; two lines of the catalogue.
const LONGEST_SUMMARY: usize = 140;
/// A text of this many words counts as a sentence, which must differ between languages.
const SENTENCE_WORDS: usize = 5;
/// In seconds; the minimum interval between requests that this product is meant for.
const FASTEST_PACE: u64 = 30;
/// In seconds; 31 days.
const SLOWEST_PACE: u64 = 31 * 24 * 60 * 60;

/// Checks a manifest that is valid TOML.
pub fn check(findings: &mut Findings<'_>, icons: Option<&[&str]>) {
    let source = findings.source;
    let Some(root) = source.root() else { return };
    let mut texts = Vec::new();
    collect(source, root, &mut Vec::new(), &mut texts);
    for text in &texts {
        text.check(findings);
    }
    // Texts inside expressions, for instance the unit of a series.
    for line in source.lines_with("'TODO") {
        let what = "A text in an expression is a `TODO`.".to_owned();
        findings.add(rule_table::TEXT_TODO, MANIFEST, Some(line), what, "Write the text.");
    }
    search_words(findings);
    publisher(findings);
    licence(findings);
    if !findings.is_own() {
        covers(findings);
    }
    icon(findings, icons);
    pace(findings);
    size(findings);
    hosts(findings);
    names(findings);
    unused(findings, root);
}

/// A text in four languages, with its position.
struct FourTexts<'a> {
    key: String,
    line: usize,
    texts: Vec<(Language, usize, &'a str)>,
}

/// Collects every table that holds a text in four languages.
fn collect<'a>(
    source: &SourceMap<'_>,
    table: &'a DeTable<'_>,
    path: &mut Vec<String>,
    found: &mut Vec<FourTexts<'a>>,
) {
    let in_language = |language: Language| {
        let (key, value) = table.get_key_value(language.tag())?;
        let line = source.line_of_byte(key.span().start);
        Some((language, line, value.get_ref().as_str()?))
    };
    let texts: Option<Vec<_>> = Language::ALL.into_iter().map(in_language).collect();
    if let Some(texts) = texts {
        let line = texts.first().map_or(1, |(_, line, _)| *line);
        found.push(FourTexts { key: path.join("."), line, texts });
        return;
    }
    for (key, value) in table {
        path.push(key.get_ref().to_string());
        descend(source, value.get_ref(), path, found);
        path.pop();
    }
}

fn descend<'a>(
    source: &SourceMap<'_>,
    value: &'a DeValue<'_>,
    path: &mut Vec<String>,
    found: &mut Vec<FourTexts<'a>>,
) {
    if let Some(table) = value.as_table() {
        collect(source, table, path, found);
    } else if let Some(list) = value.as_array() {
        for item in list {
            descend(source, item.get_ref(), path, found);
        }
    }
}

impl FourTexts<'_> {
    fn check(&self, findings: &mut Findings<'_>) {
        let key = &self.key;
        for (language, line, text) in &self.texts {
            let line = Some(*line);
            let text = text.trim();
            if text.is_empty() {
                let what = format!("`{key}.{language}` is empty.");
                findings.add(rule_table::TEXT_EMPTY, MANIFEST, line, what, "Write the text.");
                continue;
            }
            if text.contains("TODO") {
                let what = format!("`{key}.{language}` is a `TODO`.");
                findings.add(rule_table::TEXT_TODO, MANIFEST, line, what, "Write the text.");
            }
            if let Some(markup) = view_text::markup(text) {
                let what = format!("`{key}.{language}` contains markup: `{markup}`.");
                let advice = "Write plain text: markup is shown literally.";
                findings.add(rule_table::TEXT_MARKUP, MANIFEST, line, what, advice);
            }
            let length = text.chars().count();
            if key == "name" && length > LONGEST_TITLE {
                let what = format!("`{key}.{language}` has {length} characters.");
                let advice =
                    format!("Use at most {LONGEST_TITLE}, so that it fits the head of a card.");
                findings.add(rule_table::TITLE_LONG, MANIFEST, line, what, advice);
            }
            if key == "summary" {
                summary(findings, *language, line, text);
            }
        }
        let (_, _, first) = self.texts[0];
        let sentence = first.trim_end().ends_with(['.', '!', '?'])
            || first.split_whitespace().count() >= SENTENCE_WORDS;
        if sentence && self.texts.iter().all(|(_, _, text)| *text == first) {
            let what = format!("`{key}` is the same in all four languages.");
            let advice = "Translate it.";
            findings.add(rule_table::TEXT_SAME, MANIFEST, Some(self.line), what, advice);
        }
    }
}

fn summary(findings: &mut Findings<'_>, language: Language, line: Option<usize>, text: &str) {
    let length = text.chars().count();
    let what = if length > LONGEST_SUMMARY {
        format!("`summary.{language}` has {length} characters.")
    } else if !text.ends_with('.') {
        format!("`summary.{language}` does not end with a full stop.")
    } else if text.contains(". ") {
        format!("`summary.{language}` is more than one sentence.")
    } else {
        return;
    };
    let advice =
        format!("Describe the card in one sentence of at most {LONGEST_SUMMARY} characters.");
    findings.add(rule_table::SUMMARY, MANIFEST, line, what, advice);
}

/// Search words are written, and in every language. Their number and length are part of the
/// manifest's schema.
fn search_words(findings: &mut Findings<'_>) {
    let source = findings.source;
    if source.get(&[PathStep::Key("search")]).is_none() {
        let what = "The manifest has no search words.";
        let advice = "Write `search`: for each language, words that people type to find the card.";
        findings.at(rule_table::SEARCH, &[PathStep::Key("summary")], what, advice);
        return;
    }
    for language in Language::ALL {
        let path = [PathStep::Key("search"), PathStep::Key(language.tag())];
        let Some(words) = source.get(&path).and_then(DeValue::as_array) else { continue };
        for (index, word) in words.iter().enumerate() {
            if word.get_ref().as_str().is_some_and(|word| word.contains("TODO")) {
                let [search, list] = path;
                let what = format!("A word of `search.{language}` is a `TODO`.");
                let advice = "Write the words that people type.";
                let word = [search, list, PathStep::Index(index)];
                findings.at(rule_table::TEXT_TODO, &word, what, advice);
            }
        }
    }
}

/// Whether `text` is a URL with one of these schemes and a domain name.
fn is_page(text: &str, schemes: &[&str]) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    schemes.contains(&url.scheme()) && url.domain().is_some_and(|domain| domain.contains('.'))
}

fn publisher(findings: &mut Findings<'_>) {
    let source = findings.source;
    let [name, url] = ["name", "url"].map(|key| [PathStep::Key("publisher"), PathStep::Key(key)]);
    if source.text_at(&name).is_some_and(|name| name.trim().is_empty() || name.contains("TODO")) {
        let what = "`publisher.name` is missing or a `TODO`.";
        findings.at(rule_table::PUBLISHER, &name, what, "Use the name that the publisher uses.");
    }
    if source.text_at(&url).is_some_and(|url| !is_page(url, &["https"])) {
        let what = "`publisher.url` is not an `https` URL.";
        let advice = "Use the publisher's page about the service.";
        findings.at(rule_table::PUBLISHER, &url, what, advice);
    }
}

fn licence(findings: &mut Findings<'_>) {
    let source = findings.source;
    let [name, url] = ["name", "url"].map(|key| [PathStep::Key("licence"), PathStep::Key(key)]);
    if source.text_at(&name).is_some_and(|name| name.trim().is_empty() || name.contains("TODO")) {
        let what = "`licence.name` is missing or a `TODO`.";
        let advice = "Name the licence, or refer to the terms on the publisher's page.";
        findings.at(rule_table::LICENCE, &name, what, advice);
    }
    if source.text_at(&url).is_some_and(|url| !is_page(url, &["https", "http"])) {
        let what = "`licence.url` is not a URL.";
        let advice = "Use the URL of the licence text, or remove it when the text is on the publisher's page.";
        findings.at(rule_table::LICENCE, &url, what, advice);
    }
}

fn covers(findings: &mut Findings<'_>) {
    let source = findings.source;
    let place = [PathStep::Key("covers")];
    let Some(written) = source.get(&place) else {
        let what = "The manifest does not say what its service covers.";
        let advice =
            "Write `covers`: `\"everywhere\"`, or the country, region, province or municipality.";
        findings.at(rule_table::COVERS, &[PathStep::Key("theme")], what, advice);
        return;
    };
    let Some(areas) = written.as_array() else { return };
    if areas.is_empty() {
        let advice = "Name the areas, or write `\"everywhere\"`.";
        findings.at(rule_table::COVERS, &place, "`covers` names no area.", advice);
    }
    let mut seen = BTreeSet::new();
    for (index, area) in areas.iter().enumerate() {
        let Some(area) = area.get_ref().as_str() else { continue };
        let place = [PathStep::Key("covers"), PathStep::Index(index)];
        if area == EVERYWHERE {
            let what = "`everywhere` is combined with areas.";
            findings.at(rule_table::COVERS, &place, what, "Write `covers = \"everywhere\"`.");
        } else if !seen.insert(area) {
            let what = format!("The area `{area}` is a duplicate.");
            findings.at(rule_table::COVERS, &place, what, "Remove one.");
        }
    }
}

fn icon(findings: &mut Findings<'_>, icons: Option<&[&str]>) {
    let place = [PathStep::Key("icon")];
    let (Some(icons), Some(icon)) = (icons, findings.source.text_at(&place)) else { return };
    if !icons.contains(&icon) {
        let what = format!("There is no icon `{icon}`.");
        findings.at(rule_table::ICON, &place, what, format!("Use one of: {}.", icons.join(", ")));
    }
}

fn pace(findings: &mut Findings<'_>) {
    let place = [PathStep::Key("pace")];
    let Some(pace) = findings.source.text_at(&place).and_then(duration) else { return };
    if !(FASTEST_PACE..=SLOWEST_PACE).contains(&pace.as_secs()) {
        let what = "`pace` is out of range.";
        findings.at(rule_table::PACE, &place, what, "Use at least `30 s` and at most `31 days`.");
    }
}

fn size(findings: &mut Findings<'_>) {
    let width = |key| {
        let value = findings.source.get(&[PathStep::Key("size"), PathStep::Key(key)]);
        value.and_then(DeValue::as_str).and_then(CardWidth::from_id)
    };
    if let (Some(best), Some(smallest)) = (width("best"), width("smallest"))
        && best < smallest
    {
        let what = format!("`size.best` is `{}`, which is less than `size.smallest`.", best.id());
        let place = [PathStep::Key("size"), PathStep::Key("best")];
        findings.at(rule_table::SIZE, &place, what, "Make it at least as wide as the smallest.");
    }
}

fn hosts(findings: &mut Findings<'_>) {
    let source = findings.source;
    let list = |key| source.get(&[PathStep::Key(key)]).and_then(DeValue::as_array);
    let Some(hosts) = list("hosts") else { return };
    let mut requests = String::new();
    list("request").into_iter().flatten().for_each(|one| strings(one.get_ref(), &mut requests));
    let asked = |host: &str| {
        let ends = |rest: &str| rest.starts_with(['/', '?', '\n']);
        let address = format!("://{host}");
        requests.match_indices(&address).any(|(at, _)| ends(&requests[at + address.len()..]))
    };
    let mut seen = BTreeSet::new();
    for (index, host) in hosts.iter().enumerate() {
        let Some(host) = host.get_ref().as_str() else { continue };
        let place = [PathStep::Key("hosts"), PathStep::Index(index)];
        let plain =
            |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.');
        let error = if host.contains('*') {
            Some("is a wildcard")
        } else if host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok() {
            Some("is an IP address")
        } else if !host.contains('.') || !host.chars().all(plain) {
            Some("is not a domain name")
        } else {
            None
        };
        if let Some(error) = error {
            let advice =
                "Write the full name of the host, in lower case, without scheme, port or path.";
            findings.at(
                rule_table::HOST_NAME,
                &place,
                format!("The host `{host}` {error}."),
                advice,
            );
        } else if !asked(host) {
            let what = format!("The host `{host}` is used by no request.");
            findings.at(rule_table::HOST_UNUSED, &place, what, "Remove it.");
        } else if !seen.insert(host) {
            let what = format!("The host `{host}` is a duplicate.");
            findings.at(rule_table::HOST_UNUSED, &place, what, "Remove one.");
        }
    }
}

/// Ids of fields, names of requests and names of samples are unique.
fn names(findings: &mut Findings<'_>) {
    for (list, key) in [("field", "id"), ("request", "id"), ("sample", "name")] {
        let item_count = findings.source.get(&[PathStep::Key(list)]).and_then(DeValue::as_array);
        let mut seen = BTreeSet::new();
        for (index, thing) in item_count.into_iter().flatten().enumerate() {
            let table = thing.get_ref().as_table();
            let Some(name) = table.and_then(|table| table.get(key)?.get_ref().as_str()) else {
                continue;
            };
            if !seen.insert(name) {
                let what = format!("A second `{list}` is named `{name}`.");
                let place = [PathStep::Key(list), PathStep::Index(index), PathStep::Key(key)];
                findings.at(rule_table::NAME_TWICE, &place, what, "Use a unique name.");
            }
        }
    }
}

/// Texts of the widget that no expression reads.
fn unused(findings: &mut Findings<'_>, root: &DeTable<'_>) {
    let Some(texts) = root.get("texts").and_then(|texts| texts.get_ref().as_table()) else {
        return;
    };
    let mut read = String::new();
    for (key, value) in root {
        if key.get_ref() != "texts" {
            strings(value.get_ref(), &mut read);
        }
    }
    // Computed keys cannot be resolved statically.
    if read.contains("texts[") {
        return;
    }
    for id in texts.keys() {
        let id = id.get_ref();
        let ends = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        let dotted = format!("texts.{id}");
        if !read.match_indices(&dotted).any(|(at, _)| ends(&read[at + dotted.len()..])) {
            let what = format!("No expression reads `texts.{id}`.");
            let place = [PathStep::Key("texts"), PathStep::Key(id)];
            findings.at(rule_table::TEXT_UNUSED, &place, what, "Remove it, or use it.");
        }
    }
}

fn strings(value: &DeValue<'_>, all: &mut String) {
    if let Some(text) = value.as_str() {
        all.push_str(text);
        all.push('\n');
    } else if let Some(table) = value.as_table() {
        table.values().for_each(|value| strings(value.get_ref(), all));
    } else if let Some(list) = value.as_array() {
        list.iter().for_each(|value| strings(value.get_ref(), all));
    }
}
