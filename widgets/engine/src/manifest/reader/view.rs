//! `[view]`. It is read after validation, so every key has the right type.

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};
use voordeur_widget_api::{DayRole, Texts};

use super::block_kinds::{BLOCKS, BlockSpec};
use super::schema::{KeySpec, ValueType};
use super::{Expression, ManifestError, Reader};
use crate::manifest::bindings::Bindings;
use crate::manifest::mapping::{
    BlockItems, BlockKind, BlockPlan, KeyExpressions, Mapping, RepeatedItems,
};

const DEFAULT_BLOCK_LIMIT: usize = 50;

impl Reader<'_> {
    pub(super) fn view(&self, view: &DeTable<'_>) -> Result<Mapping, ManifestError> {
        let optional = |key| self.optional_key(view, "view", key);
        let mut mapping = Mapping {
            about: optional("about")?,
            moment: optional("moment")?,
            page: optional("page")?,
            notices: Vec::new(),
            blocks: Vec::new(),
        };
        for notice in values_of(view, "notices") {
            mapping.notices.push(self.expression_or_texts("view.notices", notice)?);
        }
        for (number, block) in values_of(view, "block").enumerate() {
            if let DeValue::Table(block) = block.get_ref() {
                mapping.blocks.push(self.block(&format!("view.block[{number}]"), block)?);
            }
        }
        Ok(mapping)
    }

    fn block(&self, path: &str, block: &DeTable<'_>) -> Result<BlockPlan, ManifestError> {
        let name = block.get("kind").and_then(|kind| kind.get_ref().as_str()).unwrap_or_default();
        let spec = BLOCKS.iter().find(|block| block.name == name);
        let (Some(kind), Some(spec)) = (name.parse::<BlockKind>().ok(), spec) else {
            return Err(ManifestError::new(path, format!("`{name}` is not a kind of block")));
        };
        let items = match self.optional_key(block, path, "each")? {
            Some(each) => BlockItems::Each(Box::new(self.repeated_items(path, block, spec, each)?)),
            None => {
                let mut listed = Vec::new();
                for (number, item) in values_of(block, "item").enumerate() {
                    if let DeValue::Table(item) = item.get_ref() {
                        let path = format!("{path}.item[{number}]");
                        let keys = self.keys(&path, item, spec.item_keys)?;
                        listed.push((self.optional_key(item, &path, "when")?, keys));
                    }
                }
                BlockItems::Listed(listed)
            }
        };
        let role = block.get("role").and_then(|role| role.get_ref().as_str());
        Ok(BlockPlan {
            kind,
            role: role.and_then(|role| role.parse::<DayRole>().ok()).or(kind.role()),
            when: self.optional_key(block, path, "when")?,
            keys: self.keys(path, block, spec.block_keys)?,
            items,
            empty: self.optional_key(block, path, "empty")?,
        })
    }

    fn repeated_items(
        &self,
        path: &str,
        block: &DeTable<'_>,
        spec: &BlockSpec,
        each: Expression,
    ) -> Result<RepeatedItems, ManifestError> {
        let limit = block.get("limit").and_then(|limit| {
            let whole = limit.get_ref().as_integer()?;
            usize::from_str_radix(whole.as_str(), whole.radix()).ok()
        });
        let mut bindings = Bindings::new();
        if let Some(DeValue::Table(named)) = block.get("let").map(Spanned::get_ref) {
            for (name, value) in named {
                let key = format!("{path}.let.{}", name.get_ref());
                bindings.push((name.get_ref().to_string(), self.expression_or_texts(&key, value)?));
            }
        }
        Ok(RepeatedItems {
            each,
            keep: self.optional_key(block, path, "keep")?,
            sort: self.optional_key(block, path, "sort")?,
            descending: block.get("descending").and_then(|flag| flag.get_ref().as_bool())
                == Some(true),
            limit: limit.unwrap_or(DEFAULT_BLOCK_LIMIT).min(DEFAULT_BLOCK_LIMIT * 10),
            bindings,
            keys: self.keys(path, block, spec.item_keys)?,
        })
    }

    fn keys(
        &self,
        path: &str,
        table: &DeTable<'_>,
        known: &[KeySpec],
    ) -> Result<KeyExpressions, ManifestError> {
        let mut keys = KeyExpressions::new();
        let is_word = |key: &&KeySpec| matches!(key.value_type, ValueType::OneOf(_));
        for key in known.iter().filter(|key| !is_word(key)) {
            if let Some(expression) = self.optional_key(table, path, key.name)? {
                keys.insert(key.name, expression);
            } else if key.required {
                return Err(ManifestError::new(format!("{path}.{}", key.name), "is missing"));
            }
        }
        Ok(keys)
    }

    fn optional_key(
        &self,
        table: &DeTable<'_>,
        path: &str,
        key: &str,
    ) -> Result<Option<Expression>, ManifestError> {
        table
            .get(key)
            .map(|value| self.expression_or_texts(&format!("{path}.{key}"), value))
            .transpose()
    }

    /// An expression, or a text in four languages in its place.
    pub(super) fn expression_or_texts(
        &self,
        key: &str,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<Expression, ManifestError> {
        if let DeValue::String(source) = value.get_ref() {
            return self.compile(key, source);
        }
        Texts::deserialize(ValueDeserializer::from(value.clone()))
            .map(|texts| Expression::of_texts(key, texts))
            .map_err(|error| self.at(ManifestError::new(key, error.message()), value))
    }
}

/// The items of an array.
fn values_of<'t, 'i>(
    table: &'t DeTable<'i>,
    key: &str,
) -> impl Iterator<Item = &'t Spanned<DeValue<'i>>> {
    let list = table.get(key).and_then(|list| list.get_ref().as_array());
    list.into_iter().flat_map(|list| list.iter())
}
