//! The kinds of block and their keys.

use strum::VariantNames;
use voordeur_widget_api::DayRole;

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

/// The parts that things play in the day, each with a description.
pub const ROLES: &[(&str, &str)] = &[
    ("departure", "a train, bus or boat that leaves; also when absent in `departures`"),
    ("collection", "waste or goods that are collected at the door"),
    ("warning", "a warning of danger; also when absent in `alert`"),
    ("weather", "a forecast or a measurement of the weather; also when absent in `days`"),
    ("appointment", "an entry of a calendar of the citizen's own choice"),
    ("event", "something public that takes place: a concert, a meeting of a council"),
    ("holiday", "a public holiday or a school holiday"),
    ("deadline", "the last day on which something can or must be done"),
    ("works", "planned works"),
    ("disruption", "traffic or a service that does not run as usual"),
    ("recall", "a product that is taken back"),
    ("news", "news, or a report of an event that is over"),
    ("other", "none of these"),
];

const ROLE: KeySpec = optional(
    "role",
    ValueType::OneOf(DayRole::VARIANTS),
    "the part that its things play in the day, see [Parts of the day](#parts-of-the-day)",
);
const ID: KeySpec = optional(
    "id",
    ITEM_EXPRESSION,
    "a text or number that identifies it at the service, see [Identifiers](#identifiers)",
);
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
        block_keys: &[ROLE],
        item_keys: &[
            ID,
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
        block_keys: &[ROLE],
        item_keys: &[
            ID,
            TITLE,
            NOTE,
            TAG,
            optional("at", ITEM_EXPRESSION, "a moment or day"),
            LINK,
        ],
    },
    BlockSpec {
        name: "departures",
        description: "a station board",
        block_keys: &[ROLE],
        item_keys: &[
            ID,
            AT,
            required("to", ITEM_EXPRESSION_OR_TEXTS, "where it goes"),
            optional("delay", ITEM_EXPRESSION, "in seconds"),
            optional("line", ITEM_EXPRESSION, "its line or number"),
            optional("platform", ITEM_EXPRESSION, "track or platform"),
            optional("cancelled", ITEM_EXPRESSION, "`true`: it does not run"),
            optional(
                "from",
                ITEM_EXPRESSION_OR_TEXTS,
                "the stop of departure, for a ride between two stops",
            ),
            optional("until", ITEM_EXPRESSION_OR_TEXTS, "the stop of arrival"),
            optional("arrival", ITEM_EXPRESSION, "the moment of arrival there"),
            optional("arrival_delay", ITEM_EXPRESSION, "in seconds"),
            optional("changes", ITEM_EXPRESSION, "how often one changes on the way; 0 when absent"),
        ],
    },
    BlockSpec {
        name: "moments",
        description: "things with a date",
        block_keys: &[ROLE],
        item_keys: &[
            ID,
            required("start", ITEM_EXPRESSION, "a moment or day"),
            TITLE,
            END,
            NOTE,
            LINK,
        ],
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
        name: "days",
        description: "a forecast of the weather: a row for each day, all on one scale",
        block_keys: &[ROLE, optional("now", EXPRESSION, "the temperature now, in °C")],
        item_keys: &[
            required("day", ITEM_EXPRESSION, "the day"),
            required("low", ITEM_EXPRESSION, "the lowest temperature, in °C"),
            required("high", ITEM_EXPRESSION, "the highest temperature, in °C"),
            optional(
                "sign",
                ITEM_EXPRESSION,
                "its weather: `'clear'`, `'partly-cloudy'`, `'cloudy'`, `'fog'`, `'drizzle'`, \
                 `'rain'`, `'showers'`, `'sleet'`, `'snow'`, `'snow-showers'`, `'thunder'`, `'wind'`",
            ),
            optional("rain", ITEM_EXPRESSION, "rain and melted snow, in mm"),
            optional("wind", ITEM_EXPRESSION, "the wind, in km/h"),
        ],
    },
    BlockSpec {
        name: "gauge",
        description: "one figure within its range: a fanlight, lit as far as it goes",
        block_keys: &[
            required("label", EXPRESSION_OR_TEXTS, "what is measured"),
            required("value", EXPRESSION, "a number"),
            required("low", EXPRESSION, "the low end of the range"),
            required("high", EXPRESSION, "the high end of the range"),
            optional("steps", EXPRESSION, "equal steps of the range, 2 to 12; 8 when absent"),
            optional("decimals", EXPRESSION, "digits after the comma"),
            optional("unit", EXPRESSION, "for instance `'cm'`"),
            optional("note", EXPRESSION_OR_TEXTS, "how to read it"),
            optional("tone", EXPRESSION, "`'good'`, `'fair'`, `'poor'`"),
        ],
        item_keys: &[],
    },
    BlockSpec {
        name: "links",
        description: "official pages, each with the first letter of its title",
        block_keys: &[],
        item_keys: &[TITLE, required("link", ITEM_EXPRESSION, "the page"), NOTE],
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
        block_keys: &[ROLE],
        item_keys: &[
            ID,
            required(
                "severity",
                ITEM_EXPRESSION,
                "`'minor'`, `'moderate'`, `'severe'`, `'extreme'`",
            ),
            TITLE,
            optional("text", ITEM_EXPRESSION_OR_TEXTS, "what to know or do"),
            optional("area", ITEM_EXPRESSION_OR_TEXTS, "where it holds"),
            optional(
                "here",
                ITEM_EXPRESSION,
                "whether it holds at the citizen's place; the page repeats no warning that does not; `null` when unknown",
            ),
            START,
            END,
            LINK,
        ],
    },
    BlockSpec {
        name: "places",
        description: "things near a place: a small map with its list",
        block_keys: &[
            ROLE,
            required("centre", EXPRESSION, "`[latitude, longitude]`"),
            required("radius", EXPRESSION, "metres"),
        ],
        item_keys: &[
            ID,
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
    fn every_part_of_the_day_is_described() {
        let described: Vec<&str> = ROLES.iter().map(|(role, _)| *role).collect();
        assert_eq!(described, DayRole::VARIANTS);
        for (role, description) in ROLES {
            let by_default = BLOCKS.iter().filter_map(|block| {
                let kind = block.name.parse::<BlockKind>().ok()?;
                (kind.role()?.id() == *role)
                    .then(|| format!("also when absent in `{}`", block.name))
            });
            assert_eq!(
                by_default.collect::<Vec<_>>().as_slice(),
                description.split("; ").skip(1).collect::<Vec<_>>().as_slice(),
            );
        }
    }

    #[test]
    fn every_block_in_the_table_can_be_rendered() {
        for block in BLOCKS {
            assert!(block.name.parse::<BlockKind>().is_ok());
        }
    }
}
