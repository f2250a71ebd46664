//! Schema of a manifest: the types of its keys, and the visitor that validates a manifest.
//!
//! The key tables also generate the reference in `docs/WIDGETS.md`.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::block_kinds::{BLOCK, BLOCKS, EACH, LISTED_ITEM, REPEATED_BLOCK};
use super::key_tables::EVERYWHERE;
use super::time_zones;
use crate::manifest::error::{ManifestError, line};
use crate::manifest::scope_names;

/// A key of a table.
pub struct KeySpec {
    pub name: &'static str,
    pub required: bool,
    pub value_type: ValueType,
    /// Markdown.
    pub description: &'static str,
}

/// Type of a value.
pub enum ValueType {
    Text,
    /// The address of a page, `http` or `https`.
    WebAddress,
    Texts,
    /// A text in four languages, or a proper name for all of them.
    NameOrTexts,
    Integer,
    Number,
    Boolean,
    OneOf(&'static [&'static str]),
    /// An area that a service covers, or `everywhere`.
    Area,
    /// The IANA name of a time zone.
    TimeZone,
    Expression(ScopeKind),
    /// An expression, or a text in four languages in its place.
    ExpressionOrTexts(ScopeKind),
    /// A URL with expressions in braces.
    UrlTemplate(ScopeKind),
    List(&'static ValueType),
    /// A single value or a list.
    OneOrMore(&'static ValueType),
    /// A table with free keys.
    Map(&'static ValueType),
    /// A table with fixed keys.
    Table(&'static [KeySpec]),
    TableArray(&'static [KeySpec]),
    /// The blocks of a view, whose keys depend on their kind.
    Blocks,
    CheckedElsewhere,
}

/// The variables that an expression can read beside the global ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScopeKind {
    Global,
    /// `item` and `index`, when its table has `each`.
    Item,
    /// `page`: the previous page.
    Page,
    /// `typed`: the text that the citizen typed for a lookup.
    Typed,
    /// `typed` and `answer`: the response of the service.
    LookupResponse,
    /// `typed`, `answer`, and one candidate as `item` with its `index`.
    LookupItem,
}

impl ValueType {
    /// Name of the type, for messages and the reference.
    pub fn expected(&self) -> &'static str {
        match self {
            ValueType::Text
            | ValueType::WebAddress
            | ValueType::OneOf(_)
            | ValueType::Area
            | ValueType::TimeZone => "text",
            ValueType::Texts => "text in four languages",
            ValueType::NameOrTexts => "text, or text in four languages",
            ValueType::Integer => "whole number",
            ValueType::Number => "number",
            ValueType::Boolean => "`true` or `false`",
            ValueType::Expression(_) => "expression",
            ValueType::ExpressionOrTexts(_) => "expression, or text in four languages",
            ValueType::UrlTemplate(_) => "address",
            ValueType::List(_) => "list",
            ValueType::OneOrMore(_) => "text or list of texts",
            ValueType::Map(_) | ValueType::Table(_) => "table",
            ValueType::TableArray(_) | ValueType::Blocks | ValueType::CheckedElsewhere => "tables",
        }
    }
}

impl ValueType {
    /// Description of the type for the reference.
    pub fn describe(&self) -> String {
        match self {
            ValueType::OneOf(words) => {
                let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
                words.join(", ")
            }
            ValueType::Area => "`everywhere` or an area".to_owned(),
            ValueType::List(value_type) => format!("list, each: {}", value_type.describe()),
            ValueType::OneOrMore(value_type) => {
                format!("{}, or a list of them", value_type.describe())
            }
            ValueType::Map(value_type) => {
                format!("names of your own, each: {}", value_type.describe())
            }
            other => other.expected().to_owned(),
        }
    }
}

/// A text in four languages.
pub const FOUR_LANGUAGES: &[KeySpec] = &[
    KeySpec { name: "nl", required: true, value_type: ValueType::Text, description: "Dutch" },
    KeySpec { name: "fr", required: true, value_type: ValueType::Text, description: "French" },
    KeySpec { name: "de", required: true, value_type: ValueType::Text, description: "German" },
    KeySpec { name: "en", required: true, value_type: ValueType::Text, description: "English" },
];

/// An expression as found in a manifest.
pub struct ExpressionSource {
    pub key: String,
    pub text: String,
    /// Line at which the expression itself begins.
    pub line: usize,
    /// Whether `item` and `index` are available.
    pub in_each: bool,
    /// Names that its own table defines with `let`.
    pub names: Vec<String>,
}

/// Validates a manifest and collects its expressions.
pub struct SchemaVisitor<'t> {
    text: &'t str,
    pub errors: Vec<ManifestError>,
    pub sources: Vec<ExpressionSource>,
}

/// Context of a value.
#[derive(Clone, Default)]
struct Enclosing {
    in_each: bool,
    names: Vec<String>,
}

impl<'t> SchemaVisitor<'t> {
    pub fn new(text: &'t str) -> Self {
        SchemaVisitor { text, errors: Vec::new(), sources: Vec::new() }
    }

    /// Validates a whole manifest.
    pub fn manifest(&mut self, manifest: &DeTable<'_>, keys: &'static [KeySpec]) {
        self.table("", manifest, 0, &[keys], &Enclosing::default());
    }

    fn report(&mut self, key: &str, message: impl Into<String>, byte: usize) {
        self.errors.push(ManifestError::new(key, message).at_byte(self.text, byte));
    }

    fn table(
        &mut self,
        path: &str,
        table: &DeTable<'_>,
        byte: usize,
        keys: &[&'static [KeySpec]],
        enclosing: &Enclosing,
    ) {
        let all = || keys.iter().flat_map(|keys| keys.iter());
        for (name, value) in table {
            let path = child_path(path, name.get_ref());
            match all().find(|key| key.name == name.get_ref().as_ref()) {
                Some(key) => self.value(&path, value, &key.value_type, enclosing),
                None => {
                    let error = ManifestError::new(path, "is not a known key here");
                    let error = error.at_byte(self.text, name.span().start);
                    self.errors.push(error.nearest(name.get_ref(), all().map(|key| key.name)));
                }
            }
        }
        for key in all().filter(|key| key.required && !table.contains_key(key.name)) {
            self.report(&child_path(path, key.name), "is missing", byte);
        }
    }

    fn value(
        &mut self,
        path: &str,
        value: &Spanned<DeValue<'_>>,
        value_type: &ValueType,
        enclosing: &Enclosing,
    ) {
        let byte = value.span().start;
        match (value_type, value.get_ref()) {
            (ValueType::Text | ValueType::NameOrTexts, DeValue::String(_))
            | (ValueType::Integer, DeValue::Integer(_))
            | (ValueType::Number, DeValue::Integer(_) | DeValue::Float(_))
            | (ValueType::Boolean, DeValue::Boolean(_))
            | (ValueType::CheckedElsewhere, _) => {}
            (ValueType::OneOf(words), DeValue::String(word)) => {
                self.one_of(path, word, byte, words);
            }
            (ValueType::Area, DeValue::String(name)) => self.area(path, name, byte),
            (ValueType::TimeZone, DeValue::String(name)) => self.time_zone(path, name, byte),
            (ValueType::WebAddress, DeValue::String(address)) => {
                if !is_page_address(address) {
                    self.report(path, "must be an address with `https://` or `http://`", byte);
                }
            }
            (
                ValueType::Texts | ValueType::NameOrTexts | ValueType::ExpressionOrTexts(_),
                DeValue::Table(table),
            ) => self.table(path, table, byte, &[FOUR_LANGUAGES], enclosing),
            (
                ValueType::Expression(scope) | ValueType::ExpressionOrTexts(scope),
                DeValue::String(source),
            ) => self.expression(path, source, byte, *scope, enclosing),
            (ValueType::UrlTemplate(scope), DeValue::String(url)) => {
                for part in url.split('{').skip(1) {
                    if let Some((source, _)) = part.split_once('}') {
                        self.expression(path, source, byte, *scope, enclosing);
                    }
                }
            }
            (ValueType::List(item) | ValueType::OneOrMore(item), DeValue::Array(list)) => {
                for value in list {
                    self.value(path, value, item, enclosing);
                }
            }
            (ValueType::OneOrMore(item), _) => self.value(path, value, item, enclosing),
            (ValueType::Map(item), DeValue::Table(table)) => {
                for (name, value) in table {
                    self.value(&child_path(path, name.get_ref()), value, item, enclosing);
                }
            }
            (ValueType::Table(keys), DeValue::Table(table)) => {
                self.nested_table(path, table, byte, keys);
            }
            (ValueType::TableArray(keys), DeValue::Array(list)) => {
                self.tables(path, list.iter(), |visitor, number, table, byte| {
                    let path = table_path(path, number, table);
                    visitor.nested_table(&path, table, byte, keys);
                });
            }
            (ValueType::Blocks, DeValue::Array(list)) => {
                self.tables(path, list.iter(), |visitor, number, block, byte| {
                    visitor.block(&format!("{path}[{number}]"), block, byte);
                });
            }
            _ => self.report(path, format!("should be: {}", value_type.expected()), byte),
        }
    }

    fn one_of(&mut self, path: &str, word: &str, byte: usize, words: &[&str]) {
        if !words.contains(&word) {
            let message = format!("`{word}` is not one of {}", words.join(", "));
            let error = ManifestError::new(path, message).at_byte(self.text, byte);
            self.errors.push(error.nearest(word, words.iter().copied()));
        }
    }

    fn area(&mut self, path: &str, name: &str, byte: usize) {
        if name != EVERYWHERE && voordeur_gazetteer::parse_area(name).is_none() {
            let message = format!("`{name}` is not a country, region, province or municipality");
            let error = ManifestError::new(path, message).at_byte(self.text, byte);
            let names = voordeur_gazetteer::area_ids().chain([EVERYWHERE]);
            self.errors.push(error.nearest(name, names));
        }
    }

    fn time_zone(&mut self, path: &str, name: &str, byte: usize) {
        if time_zones::find(name).is_none() {
            let message = format!("`{name}` is not the IANA name of a time zone");
            let error = ManifestError::new(path, message).at_byte(self.text, byte);
            self.errors.push(time_zones::suggest(error, name));
        }
    }

    /// Visits each table of an array, with its index and byte offset.
    fn tables<'v, 'i: 'v>(
        &mut self,
        path: &str,
        entries: impl Iterator<Item = &'v Spanned<DeValue<'i>>>,
        mut visit: impl FnMut(&mut Self, usize, &DeTable<'i>, usize),
    ) {
        for (number, entry) in entries.enumerate() {
            let byte = entry.span().start;
            match entry.get_ref().as_table() {
                Some(table) => visit(self, number, table, byte),
                None => self.report(path, "should be tables", byte),
            }
        }
    }

    /// A table with a context of its own.
    fn nested_table(
        &mut self,
        path: &str,
        table: &DeTable<'_>,
        byte: usize,
        keys: &'static [KeySpec],
    ) {
        let enclosing = Enclosing { in_each: table.contains_key("each"), names: Vec::new() };
        self.table(path, table, byte, &[keys], &enclosing);
    }

    fn block(&mut self, path: &str, block: &DeTable<'_>, byte: usize) {
        let kinds = || BLOCKS.iter().map(|block| block.name);
        let Some(kind) = block.get("kind") else {
            let all: Vec<&str> = kinds().collect();
            let message = format!("is missing: one of {}", all.join(", "));
            self.report(&child_path(path, "kind"), message, byte);
            return;
        };
        let name = kind.get_ref().as_str().unwrap_or_default();
        let Some(spec) = BLOCKS.iter().find(|block| block.name == name) else {
            let all: Vec<&str> = kinds().collect();
            let error = ManifestError::new(
                child_path(path, "kind"),
                format!("`{name}` is not one of {}", all.join(", ")),
            );
            let error = error.at_byte(self.text, kind.span().start);
            self.errors.push(error.nearest(name, kinds()));
            return;
        };
        let mut enclosing = Enclosing::default();
        if let Some(DeValue::Table(bindings)) = block.get("let").map(Spanned::get_ref) {
            enclosing.names = bindings.keys().map(|name| name.get_ref().to_string()).collect();
        }
        if spec.item_keys.is_empty() {
            self.table(path, block, byte, &[BLOCK, spec.block_keys], &enclosing);
        } else if block.contains_key("each") {
            enclosing.in_each = true;
            let keys = [BLOCK, spec.block_keys, EACH, REPEATED_BLOCK, spec.item_keys];
            self.table(path, block, byte, &keys, &enclosing);
        } else if !block.contains_key("item") {
            self.report(path, "needs `each` or `[[view.block.item]]`", byte);
            enclosing.in_each = true;
            let keys = [BLOCK, spec.block_keys, REPEATED_BLOCK, spec.item_keys];
            self.table(path, block, byte, &keys, &enclosing);
        } else {
            self.table(path, block, byte, &[BLOCK, spec.block_keys, LISTED_ITEMS], &enclosing);
            self.items(path, block, spec.item_keys);
        }
    }

    /// The listed items of a block.
    fn items(&mut self, path: &str, block: &DeTable<'_>, item_keys: &'static [KeySpec]) {
        let Some(items) = block.get("item") else { return };
        let Some(list) = items.get_ref().as_array() else {
            let message = "should be `[[view.block.item]]` tables";
            self.report(&child_path(path, "item"), message, items.span().start);
            return;
        };
        for (number, item) in list.iter().enumerate() {
            let path = format!("{path}.item[{number}]");
            let byte = item.span().start;
            match item.get_ref().as_table() {
                Some(item) => {
                    self.table(&path, item, byte, &[LISTED_ITEM, item_keys], &Enclosing::default())
                }
                None => self.report(&path, "should be a table", byte),
            }
        }
    }

    fn expression(
        &mut self,
        key: &str,
        source: &str,
        byte: usize,
        scope: ScopeKind,
        enclosing: &Enclosing,
    ) {
        let in_each = scope == ScopeKind::Item && enclosing.in_each;
        let name_of = |name: &scope_names::ScopeVariable| name.name.to_owned();
        let names = match scope {
            ScopeKind::Item if in_each => enclosing.names.clone(),
            ScopeKind::Page => vec![scope_names::PAGE.name.to_owned()],
            ScopeKind::Typed => scope_names::LOOKUP[..1].iter().map(name_of).collect(),
            ScopeKind::LookupResponse => scope_names::LOOKUP.iter().map(name_of).collect(),
            ScopeKind::LookupItem => {
                scope_names::LOOKUP.iter().chain(scope_names::PER_ITEM).map(name_of).collect()
            }
            ScopeKind::Item | ScopeKind::Global => Vec::new(),
        };
        let written = self.text.get(byte..).unwrap_or_default();
        // A line break after the opening quotes is not part of the text.
        let after = ["'''\n", "\"\"\"\n", "'''\r\n", "\"\"\"\r\n"]
            .iter()
            .any(|quotes| written.starts_with(quotes));
        self.sources.push(ExpressionSource {
            key: key.to_owned(),
            text: source.to_owned(),
            line: line(self.text, byte) + usize::from(after),
            in_each,
            names,
        });
    }
}

/// Listed items are validated separately.
pub const LISTED_ITEMS: &[KeySpec] = &[KeySpec {
    name: "item",
    required: false,
    value_type: ValueType::CheckedElsewhere,
    description: "one thing, with the keys of its kind",
}];

/// Whether a text is the absolute address of a page: a page of Voordeur links to it.
pub(super) fn is_page_address(text: &str) -> bool {
    url::Url::parse(text)
        .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.host().is_some())
}

fn child_path(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// Path of a table in an array: by its id or name if it has one.
fn table_path(path: &str, number: usize, table: &DeTable<'_>) -> String {
    let named = ["id", "name"].iter().find_map(|key| table.get(*key)?.get_ref().as_str());
    match named {
        Some(named) => format!("{path} `{named}`"),
        None => format!("{path}[{number}]"),
    }
}
