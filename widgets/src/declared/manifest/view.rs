//! What a manifest says the citizen sees.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::{Expression, ManifestProblem, Reader};
use crate::declared::mapping::{BlockKind, BlockPlan, Keys, Mapping, Repeated, Things};

const THINGS_IN_A_BLOCK: usize = 50;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenView {
    about: Option<Spanned<String>>,
    moment: Option<Spanned<String>>,
    page: Option<Spanned<String>>,
    #[serde(default)]
    notices: Vec<Spanned<String>>,
    #[serde(rename = "block")]
    blocks: Vec<BTreeMap<String, Spanned<toml::Value>>>,
}

impl Reader<'_> {
    pub(super) fn view(&self, written: &WrittenView) -> Result<Mapping, ManifestProblem> {
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
