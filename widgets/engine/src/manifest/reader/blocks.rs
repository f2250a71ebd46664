//! The keys of blocks: what a citizen can be shown, and of what it is made.

use super::keys::{EXPRESSION, OF_THING, WORDS, WORDS_OF_THING, needed, perhaps};
use super::shape::{Key, Shape};

/// Keys of every block.
pub const BLOCK: &[Key] = &[
    needed("kind", Shape::Text, "see below"),
    perhaps("when", EXPRESSION, "the block is left out unless it is true"),
    perhaps("empty", WORDS, "shown when nothing is left"),
];

/// What makes a block one of a list.
pub const EACH: &[Key] = &[needed(
    "each",
    EXPRESSION,
    "the list; in what follows, `item` is the thing and `index` its number, from 0",
)];

/// Further keys of such a block.
pub const REPEATED_BLOCK: &[Key] = &[
    perhaps("let", Shape::Named(&OF_THING), "expressions with a name, evaluated for each thing"),
    perhaps("keep", OF_THING, "only things for which it is true"),
    perhaps("sort", OF_THING, "by this key"),
    perhaps("descending", Shape::Flag, "`true`: the greatest key first"),
    perhaps(
        "limit",
        Shape::Whole,
        "at most so many things; 50 when absent, and never more than 500",
    ),
];

/// Keys of a thing that is written out.
pub const ITEM: &[Key] = &[perhaps("when", EXPRESSION, "it is left out unless it is true")];

/// A kind of block.
pub struct BlockShape {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub what: &'static str,
    /// Keys of the block itself.
    pub own: &'static [Key],
    /// Keys of each thing.
    pub thing: &'static [Key],
}

const AT: Key = needed("at", OF_THING, "a moment");
const TITLE: Key = needed("title", WORDS_OF_THING, "what it is");
const NOTE: Key = perhaps("note", WORDS_OF_THING, "more about it");
const TAG: Key = perhaps("tag", WORDS_OF_THING, "one word about its state");
const START: Key = perhaps("start", OF_THING, "from when: a moment or day");
const END: Key = perhaps("end", OF_THING, "until when: its last moment or day");
const LINK: Key = perhaps("link", OF_THING, "its official page");

/// The kinds of block.
pub const BLOCKS: &[BlockShape] = &[
    BlockShape {
        name: "text",
        what: "a paragraph",
        own: &[needed("text", WORDS, "what it says; nothing is shown when it is `null`")],
        thing: &[],
    },
    BlockShape {
        name: "facts",
        what: "a few key figures",
        own: &[],
        thing: &[
            needed("label", WORDS_OF_THING, "what it is"),
            needed("value", WORDS_OF_THING, "number or text"),
            perhaps("decimals", OF_THING, "digits after the comma"),
            perhaps("unit", OF_THING, "for instance `'µg/m³'`"),
            perhaps("as", OF_THING, "`'day'` or `'moment'` when the value is one"),
            perhaps("note", WORDS_OF_THING, "how it is to be taken"),
            perhaps("share", OF_THING, "0 to 1: a bar"),
            perhaps("tone", OF_THING, "`'good'`, `'fair'`, `'poor'`"),
            LINK,
        ],
    },
    BlockShape {
        name: "list",
        what: "things, each perhaps with a link",
        own: &[],
        thing: &[TITLE, NOTE, TAG, perhaps("at", OF_THING, "a moment or day"), LINK],
    },
    BlockShape {
        name: "departures",
        what: "a station board",
        own: &[],
        thing: &[
            AT,
            needed("to", WORDS_OF_THING, "where it goes"),
            perhaps("delay", OF_THING, "in seconds"),
            perhaps("line", OF_THING, "its line or number"),
            perhaps("platform", OF_THING, "track or platform"),
            perhaps("cancelled", OF_THING, "`true`: it does not run"),
        ],
    },
    BlockShape {
        name: "moments",
        what: "things with a date",
        own: &[],
        thing: &[needed("start", OF_THING, "a moment or day"), TITLE, END, NOTE, LINK],
    },
    BlockShape {
        name: "series",
        what: "one value over time: a chart with its table",
        own: &[needed("label", WORDS, "what is measured"), needed("unit", EXPRESSION, "in what")],
        thing: &[AT, needed("value", OF_THING, "a number")],
    },
    BlockShape {
        name: "table",
        what: "figures or words in rows and columns",
        own: &[needed("columns", EXPRESSION, "a list of texts")],
        thing: &[
            needed(
                "cells",
                OF_THING,
                "a list of values, one for each column: numbers, days, texts, `null`; the numbers of a column get equally many digits after the comma",
            ),
            LINK,
        ],
    },
    BlockShape {
        name: "alert",
        what: "one warning for each thing",
        own: &[],
        thing: &[
            needed("severity", OF_THING, "`'minor'`, `'moderate'`, `'severe'`, `'extreme'`"),
            TITLE,
            perhaps("text", WORDS_OF_THING, "what to know or do"),
            perhaps("area", WORDS_OF_THING, "where it holds"),
            START,
            END,
            LINK,
        ],
    },
    BlockShape {
        name: "places",
        what: "things near a place: a small map with its list",
        own: &[
            needed("centre", EXPRESSION, "`[latitude, longitude]`"),
            needed("radius", EXPRESSION, "metres"),
        ],
        thing: &[
            TITLE,
            needed("latitude", OF_THING, "WGS84, degrees"),
            needed("longitude", OF_THING, "WGS84, degrees"),
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

    #[test]
    fn every_kind_of_block_is_drawn() {
        for block in BLOCKS {
            assert!(crate::manifest::mapping::BlockKind::from_name(block.name).is_some());
        }
    }
}
