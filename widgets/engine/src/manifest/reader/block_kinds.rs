//! The kinds of block and their keys.

use super::key_tables::{
    EXPRESSION, EXPRESSION_OR_TEXTS, ITEM_EXPRESSION, ITEM_EXPRESSION_OR_TEXTS, optional, required,
};
use super::schema::{KeySpec, ValueType};

/// Keys of every block.
pub const BLOCK: &[KeySpec] = &[
    required("kind", ValueType::Text, "see below"),
    optional("when", EXPRESSION, "the block is left out unless it is true"),
    optional("empty", EXPRESSION_OR_TEXTS, "shown when nothing is left"),
];

/// The key that makes a block repeat for each item of a list.
pub const EACH: &[KeySpec] = &[required(
    "each",
    EXPRESSION,
    "the list; in what follows, `item` is the thing and `index` its number, from 0",
)];

/// Further keys of a repeated block.
pub const REPEATED_BLOCK: &[KeySpec] = &[
    optional(
        "let",
        ValueType::Map(&ITEM_EXPRESSION),
        "expressions with a name, evaluated for each thing",
    ),
    optional("keep", ITEM_EXPRESSION, "only things for which it is true"),
    optional("sort", ITEM_EXPRESSION, "by this key"),
    optional("descending", ValueType::Boolean, "`true`: the greatest key first"),
    optional("limit", ValueType::Integer, "maximum number of things; 50 when absent, at most 500"),
];

/// Keys of a listed item.
pub const LISTED_ITEM: &[KeySpec] =
    &[optional("when", EXPRESSION, "it is left out unless it is true")];

/// A kind of block.
pub struct BlockSpec {
    pub name: &'static str,
    pub description: &'static str,
    pub block_keys: &'static [KeySpec],
    pub item_keys: &'static [KeySpec],
}

const AT: KeySpec = required("at", ITEM_EXPRESSION, "a moment");
const TITLE: KeySpec = required("title", ITEM_EXPRESSION_OR_TEXTS, "what it is");
const NOTE: KeySpec = optional("note", ITEM_EXPRESSION_OR_TEXTS, "more about it");
const TAG: KeySpec = optional("tag", ITEM_EXPRESSION_OR_TEXTS, "one word about its state");
const START: KeySpec = optional("start", ITEM_EXPRESSION, "from when: a moment or day");
const END: KeySpec = optional("end", ITEM_EXPRESSION, "until when: its last moment or day");
const LINK: KeySpec = optional("link", ITEM_EXPRESSION, "its official page");

pub const BLOCKS: &[BlockSpec] = &[
    BlockSpec {
        name: "text",
        description: "a paragraph",
        block_keys: &[required(
            "text",
            EXPRESSION_OR_TEXTS,
            "what it says; nothing is shown when it is `null`",
        )],
        item_keys: &[],
    },
    BlockSpec {
        name: "facts",
        description: "a few key figures",
        block_keys: &[],
        item_keys: &[
            required("label", ITEM_EXPRESSION_OR_TEXTS, "what it is"),
            required("value", ITEM_EXPRESSION_OR_TEXTS, "number or text"),
            optional("decimals", ITEM_EXPRESSION, "digits after the comma"),
            optional("unit", ITEM_EXPRESSION, "for instance `'µg/m³'`"),
            optional("as", ITEM_EXPRESSION, "`'day'` or `'moment'` when the value is one"),
            optional("note", ITEM_EXPRESSION_OR_TEXTS, "how to read it"),
            optional("share", ITEM_EXPRESSION, "0 to 1: a bar"),
            optional("tone", ITEM_EXPRESSION, "`'good'`, `'fair'`, `'poor'`"),
            LINK,
        ],
    },
    BlockSpec {
        name: "list",
        description: "things, each with an optional link",
        block_keys: &[],
        item_keys: &[TITLE, NOTE, TAG, optional("at", ITEM_EXPRESSION, "a moment or day"), LINK],
    },
    BlockSpec {
        name: "departures",
        description: "a station board",
        block_keys: &[],
        item_keys: &[
            AT,
            required("to", ITEM_EXPRESSION_OR_TEXTS, "where it goes"),
            optional("delay", ITEM_EXPRESSION, "in seconds"),
            optional("line", ITEM_EXPRESSION, "its line or number"),
            optional("platform", ITEM_EXPRESSION, "track or platform"),
            optional("cancelled", ITEM_EXPRESSION, "`true`: it does not run"),
        ],
    },
    BlockSpec {
        name: "moments",
        description: "things with a date",
        block_keys: &[],
        item_keys: &[required("start", ITEM_EXPRESSION, "a moment or day"), TITLE, END, NOTE, LINK],
    },
    BlockSpec {
        name: "series",
        description: "one value over time: a chart with its table",
        block_keys: &[
            required("label", EXPRESSION_OR_TEXTS, "what is measured"),
            required("unit", EXPRESSION, "in what"),
        ],
        item_keys: &[AT, required("value", ITEM_EXPRESSION, "a number")],
    },
    BlockSpec {
        name: "table",
        description: "figures or words in rows and columns",
        block_keys: &[required("columns", EXPRESSION, "a list of texts")],
        item_keys: &[
            required(
                "cells",
                ITEM_EXPRESSION,
                "a list of values, one for each column: numbers, days, texts, `null`; the numbers of a column get equally many digits after the comma",
            ),
            LINK,
        ],
    },
    BlockSpec {
        name: "alert",
        description: "one warning for each thing",
        block_keys: &[],
        item_keys: &[
            required(
                "severity",
                ITEM_EXPRESSION,
                "`'minor'`, `'moderate'`, `'severe'`, `'extreme'`",
            ),
            TITLE,
            optional("text", ITEM_EXPRESSION_OR_TEXTS, "what to know or do"),
            optional("area", ITEM_EXPRESSION_OR_TEXTS, "where it holds"),
            START,
            END,
            LINK,
        ],
    },
    BlockSpec {
        name: "places",
        description: "things near a place: a small map with its list",
        block_keys: &[
            required("centre", EXPRESSION, "`[latitude, longitude]`"),
            required("radius", EXPRESSION, "metres"),
        ],
        item_keys: &[
            TITLE,
            required("latitude", ITEM_EXPRESSION, "WGS84, degrees"),
            required("longitude", ITEM_EXPRESSION, "WGS84, degrees"),
            NOTE,
            TAG,
            START,
            END,
            LINK,
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::mapping::BlockKind;

    #[test]
    fn every_block_in_the_table_can_be_rendered() {
        for block in BLOCKS {
            assert!(block.name.parse::<BlockKind>().is_ok());
        }
    }
}
