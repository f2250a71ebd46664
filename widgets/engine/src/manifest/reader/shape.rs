//! How a manifest is written: tables of its keys, and the walk that holds a manifest to them.
//!
//! The tables are also what the reference in `docs/WIDGETS.md` is made of.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::blocks::{BLOCK, BLOCKS, EACH, ITEM, REPEATED_BLOCK};
use super::keys::EVERYWHERE;
use crate::manifest::error::{ManifestError, line};
use crate::manifest::names;

/// One key of a table.
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// Whether it must be there.
    pub needed: bool,
    /// What stands under it.
    pub shape: Shape,
    /// What it is for, in Markdown.
    pub what: &'static str,
}

/// What can stand under a key.
pub enum Shape {
    /// A text as it is.
    Text,
    /// A text in four languages.
    Texts,
    /// A text in four languages, or one for all of them: a proper name.
    NameOrTexts,
    /// A whole number.
    Whole,
    /// A number.
    Number,
    /// `true` or `false`.
    Flag,
    /// One of a few words.
    Word(&'static [&'static str]),
    /// An area that a service covers, or `everywhere`.
    Area,
    /// An expression.
    Expression(Reads),
    /// An expression, or a text in four languages that stands in its place.
    ExpressionOrTexts(Reads),
    /// An address with expressions in braces.
    Address(Reads),
    /// A list, all of one shape.
    List(&'static Shape),
    /// One, or a list.
    OneOrMore(&'static Shape),
    /// A table whose keys the author chooses.
    Named(&'static Shape),
    /// A table with keys of its own.
    Table(&'static [Key]),
    /// Several such tables.
    Tables(&'static [Key]),
    /// The blocks of a view, whose keys go by their kind.
    Blocks,
    /// Looked at elsewhere.
    Elsewhere,
}

/// What an expression can read beside the names that are known everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    /// Nothing.
    Everywhere,
    /// `item` and `index`, when its table has `each`.
    Thing,
    /// `page`: the page before.
    Page,
    /// `typed`: what the citizen typed to look something up.
    Typed,
    /// `typed`, and `answer`: what the service said.
    Found,
    /// `typed`, `answer`, and of what was found one `item` with its `index`.
    OneFound,
}

impl Shape {
    /// What should stand there, for a message and for the reference.
    pub fn should_be(&self) -> &'static str {
        match self {
            Shape::Text | Shape::Word(_) | Shape::Area => "text",
            Shape::Texts => "text in four languages",
            Shape::NameOrTexts => "text, or text in four languages",
            Shape::Whole => "whole number",
            Shape::Number => "number",
            Shape::Flag => "`true` or `false`",
            Shape::Expression(_) => "expression",
            Shape::ExpressionOrTexts(_) => "expression, or text in four languages",
            Shape::Address(_) => "address",
            Shape::List(_) => "list",
            Shape::OneOrMore(_) => "text or list of texts",
            Shape::Named(_) | Shape::Table(_) => "table",
            Shape::Tables(_) | Shape::Blocks | Shape::Elsewhere => "tables",
        }
    }
}

impl Shape {
    /// What stands there, for the reference.
    pub fn told(&self) -> String {
        match self {
            Shape::Word(words) => {
                let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
                words.join(", ")
            }
            Shape::Area => "`everywhere` or an area".to_owned(),
            Shape::List(shape) => format!("list, each: {}", shape.told()),
            Shape::OneOrMore(shape) => format!("{}, or a list of them", shape.told()),
            Shape::Named(shape) => format!("names of your own, each: {}", shape.told()),
            other => other.should_be().to_owned(),
        }
    }
}

/// A text in four languages.
pub const LANGUAGES: &[Key] = &[
    Key { name: "nl", needed: true, shape: Shape::Text, what: "Dutch" },
    Key { name: "fr", needed: true, shape: Shape::Text, what: "French" },
    Key { name: "de", needed: true, shape: Shape::Text, what: "German" },
    Key { name: "en", needed: true, shape: Shape::Text, what: "English" },
];

/// An expression as it stands in a manifest.
pub struct Source {
    /// Its key, as a path.
    pub key: String,
    /// What is written.
    pub text: String,
    /// The line in which the text itself begins.
    pub line: usize,
    /// Whether `item` and `index` are known.
    pub thing: bool,
    /// What its own table names with `let`.
    pub names: Vec<String>,
}

/// A walk through a manifest.
pub struct Walk<'t> {
    text: &'t str,
    /// What was wrong.
    pub problems: Vec<ManifestError>,
    /// The expressions that were met.
    pub sources: Vec<Source>,
}

/// What surrounds a value.
#[derive(Clone, Default)]
struct Around {
    repeated: bool,
    names: Vec<String>,
}

impl<'t> Walk<'t> {
    /// Through this text.
    pub fn new(text: &'t str) -> Self {
        Walk { text, problems: Vec::new(), sources: Vec::new() }
    }

    /// Holds a whole manifest to the table of its keys.
    pub fn manifest(&mut self, manifest: &DeTable<'_>, keys: &'static [Key]) {
        self.table("", manifest, 0, &[keys], &Around::default());
    }

    fn problem(&mut self, key: &str, what: impl Into<String>, byte: usize) {
        self.problems.push(ManifestError::new(key, what).at_byte(self.text, byte));
    }

    fn table(
        &mut self,
        path: &str,
        table: &DeTable<'_>,
        byte: usize,
        keys: &[&'static [Key]],
        around: &Around,
    ) {
        let all = || keys.iter().flat_map(|keys| keys.iter());
        for (name, value) in table {
            let path = below(path, name.get_ref());
            match all().find(|key| key.name == name.get_ref().as_ref()) {
                Some(key) => self.value(&path, value, &key.shape, around),
                None => {
                    let problem = ManifestError::new(path, "is no key that can stand here");
                    let problem = problem.at_byte(self.text, name.span().start);
                    self.problems.push(problem.nearest(name.get_ref(), all().map(|key| key.name)));
                }
            }
        }
        for key in all().filter(|key| key.needed && !table.contains_key(key.name)) {
            self.problem(&below(path, key.name), "is missing", byte);
        }
    }

    fn value(&mut self, path: &str, value: &Spanned<DeValue<'_>>, shape: &Shape, around: &Around) {
        let byte = value.span().start;
        let fits = match (shape, value.get_ref()) {
            (Shape::Text, DeValue::String(_))
            | (Shape::NameOrTexts, DeValue::String(_))
            | (Shape::Whole, DeValue::Integer(_))
            | (Shape::Number, DeValue::Integer(_) | DeValue::Float(_))
            | (Shape::Flag, DeValue::Boolean(_))
            | (Shape::Elsewhere, _) => true,
            (Shape::Word(words), DeValue::String(word)) => {
                if !words.contains(&word.as_ref()) {
                    let what = format!("`{word}` is none of {}", words.join(", "));
                    let problem = ManifestError::new(path, what).at_byte(self.text, byte);
                    self.problems.push(problem.nearest(word, words.iter().copied()));
                }
                true
            }
            (Shape::Area, DeValue::String(written)) => {
                if written != EVERYWHERE && voordeur_gazetteer::parse_area(written).is_none() {
                    let what =
                        format!("`{written}` is no country, region, province or municipality");
                    let problem = ManifestError::new(path, what).at_byte(self.text, byte);
                    let names = voordeur_gazetteer::area_ids().chain([EVERYWHERE]);
                    self.problems.push(problem.nearest(written, names));
                }
                true
            }
            (
                Shape::Texts | Shape::NameOrTexts | Shape::ExpressionOrTexts(_),
                DeValue::Table(table),
            ) => {
                self.table(path, table, byte, &[LANGUAGES], around);
                true
            }
            (
                Shape::Expression(reads) | Shape::ExpressionOrTexts(reads),
                DeValue::String(source),
            ) => {
                self.source(path, source, byte, *reads, around);
                true
            }
            (Shape::Address(reads), DeValue::String(address)) => {
                for inside in address.split('{').skip(1) {
                    if let Some((inside, _)) = inside.split_once('}') {
                        self.source(path, inside, byte, *reads, around);
                    }
                }
                true
            }
            (Shape::List(shape), DeValue::Array(list)) => {
                for value in list {
                    self.value(path, value, shape, around);
                }
                true
            }
            (Shape::OneOrMore(shape), DeValue::Array(list)) => {
                for value in list {
                    self.value(path, value, shape, around);
                }
                true
            }
            (Shape::OneOrMore(shape), _) => {
                self.value(path, value, shape, around);
                true
            }
            (Shape::Named(shape), DeValue::Table(table)) => {
                for (name, value) in table {
                    self.value(&below(path, name.get_ref()), value, shape, around);
                }
                true
            }
            (Shape::Table(keys), DeValue::Table(table)) => {
                self.inside(path, table, byte, keys);
                true
            }
            (Shape::Tables(keys), DeValue::Array(list)) => {
                for (number, entry) in list.iter().enumerate() {
                    let Some(table) = entry.get_ref().as_table() else {
                        self.problem(path, "should be tables", entry.span().start);
                        continue;
                    };
                    let path = numbered(path, number, table);
                    self.inside(&path, table, entry.span().start, keys);
                }
                true
            }
            (Shape::Blocks, DeValue::Array(list)) => {
                for (number, entry) in list.iter().enumerate() {
                    match entry.get_ref().as_table() {
                        Some(block) => {
                            self.block(&format!("{path}[{number}]"), block, entry.span().start);
                        }
                        None => self.problem(path, "should be tables", entry.span().start),
                    }
                }
                true
            }
            _ => false,
        };
        if !fits {
            self.problem(path, format!("should be: {}", shape.should_be()), byte);
        }
    }

    /// A table that begins anew what surrounds its values.
    fn inside(&mut self, path: &str, table: &DeTable<'_>, byte: usize, keys: &'static [Key]) {
        let around = Around { repeated: table.contains_key("each"), names: Vec::new() };
        self.table(path, table, byte, &[keys], &around);
    }

    fn block(&mut self, path: &str, block: &DeTable<'_>, byte: usize) {
        let kinds = || BLOCKS.iter().map(|block| block.name);
        let Some(kind) = block.get("kind") else {
            let all: Vec<&str> = kinds().collect();
            let what = format!("is missing: one of {}", all.join(", "));
            self.problem(&below(path, "kind"), what, byte);
            return;
        };
        let name = kind.get_ref().as_str().unwrap_or_default();
        let Some(shape) = BLOCKS.iter().find(|block| block.name == name) else {
            let all: Vec<&str> = kinds().collect();
            let problem = ManifestError::new(
                below(path, "kind"),
                format!("`{name}` is none of {}", all.join(", ")),
            );
            let problem = problem.at_byte(self.text, kind.span().start);
            self.problems.push(problem.nearest(name, kinds()));
            return;
        };
        let mut around = Around::default();
        if let Some(DeValue::Table(lets)) = block.get("let").map(Spanned::get_ref) {
            around.names = lets.keys().map(|name| name.get_ref().to_string()).collect();
        }
        if shape.thing.is_empty() {
            self.table(path, block, byte, &[BLOCK, shape.own], &around);
        } else if block.contains_key("each") {
            around.repeated = true;
            let keys = [BLOCK, shape.own, EACH, REPEATED_BLOCK, shape.thing];
            self.table(path, block, byte, &keys, &around);
        } else if !block.contains_key("item") {
            self.problem(path, "needs `each` or `[[view.block.item]]`", byte);
            around.repeated = true;
            let keys = [BLOCK, shape.own, REPEATED_BLOCK, shape.thing];
            self.table(path, block, byte, &keys, &around);
        } else {
            self.table(path, block, byte, &[BLOCK, shape.own, WRITTEN_BLOCK], &around);
            self.items(path, block, shape.thing);
        }
    }

    /// The things of a block that are written out.
    fn items(&mut self, path: &str, block: &DeTable<'_>, thing: &'static [Key]) {
        let Some(items) = block.get("item") else { return };
        let Some(list) = items.get_ref().as_array() else {
            let what = "should be `[[view.block.item]]` tables";
            self.problem(&below(path, "item"), what, items.span().start);
            return;
        };
        for (number, item) in list.iter().enumerate() {
            let path = format!("{path}.item[{number}]");
            let byte = item.span().start;
            match item.get_ref().as_table() {
                Some(item) => self.table(&path, item, byte, &[ITEM, thing], &Around::default()),
                None => self.problem(&path, "should be a table", byte),
            }
        }
    }

    fn source(&mut self, key: &str, source: &str, byte: usize, reads: Reads, around: &Around) {
        let thing = reads == Reads::Thing && around.repeated;
        let written = |name: &names::Name| name.written.to_owned();
        let names = match reads {
            Reads::Thing if thing => around.names.clone(),
            Reads::Page => vec![names::PAGE.written.to_owned()],
            Reads::Typed => names::LOOKUP[..1].iter().map(written).collect(),
            Reads::Found => names::LOOKUP.iter().map(written).collect(),
            Reads::OneFound => names::LOOKUP.iter().chain(names::REPEATED).map(written).collect(),
            Reads::Thing | Reads::Everywhere => Vec::new(),
        };
        let written = self.text.get(byte..).unwrap_or_default();
        // The line break after the opening quotes belongs to no text.
        let after = ["'''\n", "\"\"\"\n", "'''\r\n", "\"\"\"\r\n"]
            .iter()
            .any(|quotes| written.starts_with(quotes));
        self.sources.push(Source {
            key: key.to_owned(),
            text: source.to_owned(),
            line: line(self.text, byte) + usize::from(after),
            thing,
            names,
        });
    }
}

/// Where things are written out, each is a table that is looked at on its own.
pub const WRITTEN_BLOCK: &[Key] = &[Key {
    name: "item",
    needed: false,
    shape: Shape::Elsewhere,
    what: "one thing, with the keys of its kind",
}];

/// The path of a key below another.
fn below(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// The path of one of several tables: by its id or name when it has one.
fn numbered(path: &str, number: usize, table: &DeTable<'_>) -> String {
    let named = ["id", "name"].iter().find_map(|key| table.get(*key)?.get_ref().as_str());
    match named {
        Some(named) => format!("{path} `{named}`"),
        None => format!("{path}[{number}]"),
    }
}
