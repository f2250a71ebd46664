//! The keys of a manifest: what can be read, and what `docs/WIDGETS.md` documents.

use strum::VariantNames;
use voordeur_widget_api::{CardWidth, Severity, Tone};

use super::field_kinds::KIND_NAMES;
use super::schema::{KeySpec, ScopeKind, ValueType};

pub(super) const fn required(
    name: &'static str,
    value_type: ValueType,
    description: &'static str,
) -> KeySpec {
    KeySpec { name, required: true, value_type, description }
}

pub(super) const fn optional(
    name: &'static str,
    value_type: ValueType,
    description: &'static str,
) -> KeySpec {
    KeySpec { name, required: false, value_type, description }
}

pub(super) const EXPRESSION: ValueType = ValueType::Expression(ScopeKind::Global);
pub(super) const EXPRESSION_OR_TEXTS: ValueType = ValueType::ExpressionOrTexts(ScopeKind::Global);
pub(super) const ITEM_EXPRESSION: ValueType = ValueType::Expression(ScopeKind::Item);
pub(super) const ITEM_EXPRESSION_OR_TEXTS: ValueType =
    ValueType::ExpressionOrTexts(ScopeKind::Item);

pub const THEMES: &[&str] = &[
    "moving-about",
    "home-and-street",
    "weather-and-environment",
    "council-and-law",
    "family-and-school",
    "work-and-money",
];

/// The value of `covers` for a service without geographical limits.
pub const EVERYWHERE: &str = "everywhere";

pub const EVIDENCE: &[&str] = &["recorded", "client", "documented"];

/// Formats of responses, each with a description.
pub const FORMATS: &[(&str, &str)] = &[
    ("json", "JSON (RFC 8259)"),
    ("json-lines", "one JSON value on each line; together a list"),
    (
        "xml",
        "XML 1.0: an element is a map of its attributes (`@name`), its children by local name (always a list), and its text (`#text`)",
    ),
    ("csv", "a table: `columns` and `rows`, each a map from column to text"),
    ("icalendar", "a calendar: `events`, each with `title`, `start`, `end` and more"),
    ("geojson", "things with a position (RFC 7946), and the features of ArcGIS: `items`"),
    (
        "cap",
        "alerts (CAP 1.2) in XML or JSON, by themselves or in a feed: `alerts`, see [Alerts](#alerts)",
    ),
    ("json-stat", "statistics (JSON-stat 1 and 2): `dimensions` and `rows`"),
    ("gtfs-realtime", "public transport as it runs: `header` and `entity`"),
    (
        "feed",
        "RSS, RDF, Atom and JSON Feed alike: `title`, `link`, `description`, `language`, `updated` and `items`, each with `id`, `title`, `link`, `summary`, `published`, `updated`, `date`, `language`, `author`, `categories` and, if present, `latitude` and `longitude`: plain text, absolute links, and dates as RFC 3339 text, a local time where no zone is, which `moment` reads in the `zone` of the manifest; the newest item is the first, and each `id` stands there once; `date` is the day alone where no time is given, and a local time where no zone is: `coalesce(moment(item.date), day(item.date))`; `cut_off` is true when its end is missing, and the card says that something is left out",
    ),
];

const FORMAT_NAMES: &[&str] = &{
    let mut names = [""; FORMATS.len()];
    let mut at = 0;
    while at < FORMATS.len() {
        names[at] = FORMATS[at].0;
        at += 1;
    }
    names
};

/// The lists of `search`.
const SEARCH: &[KeySpec] = &[
    required("nl", ValueType::List(&ValueType::Text), "Dutch"),
    required("fr", ValueType::List(&ValueType::Text), "French"),
    required("de", ValueType::List(&ValueType::Text), "German"),
    required("en", ValueType::List(&ValueType::Text), "English"),
];

pub const MANIFEST: &[KeySpec] = &[
    required("name", ValueType::Texts, "the title of the card"),
    required("summary", ValueType::Texts, "one sentence for the catalogue"),
    optional(
        "search",
        ValueType::Table(SEARCH),
        "words by which citizens look for it besides its name, for each language a list, see [Search words](#search-words)",
    ),
    required("theme", ValueType::OneOf(THEMES), "the part of life it belongs to"),
    optional(
        "covers",
        ValueType::OneOrMore(&ValueType::Area),
        "where the service has something to say, see [Where a service covers](#where-a-service-covers); `everywhere` when absent",
    ),
    optional(
        "zone",
        ValueType::TimeZone,
        "the IANA time zone of the service's times, see [Times](#times); `Europe/Brussels`, where its citizens live, when absent",
    ),
    required("icon", ValueType::Text, "the name of an icon in `src/icons/`"),
    optional(
        "own",
        ValueType::Boolean,
        "`true` for a card of the citizen's own, which has no service, see [Cards of one's own](#cards-of-ones-own)",
    ),
    optional(
        "links_only",
        ValueType::Boolean,
        "`true` for a card of links to official pages, which has no service either, see [Cards of links](#cards-of-links)",
    ),
    optional(
        "publisher",
        ValueType::Table(PUBLISHER),
        "`{ name, url }`: who publishes the data, and a page about it. Needed where there is a service",
    ),
    optional(
        "licence",
        ValueType::Table(LICENCE),
        "`{ name, url }`: the licence; `url` is optional. Needed where there is a service",
    ),
    optional(
        "documentation",
        ValueType::WebAddress,
        "an `https` page with the documentation of the service; shown on the page of services",
    ),
    optional(
        "attribution",
        ValueType::NameOrTexts,
        "the attribution that the licence requires; shown in the card's source line",
    ),
    optional(
        "hosts",
        ValueType::List(&ValueType::Text),
        "the only hosts that requests may go to. When absent: the hosts of the request URLs",
    ),
    optional(
        "pace",
        ValueType::Text,
        "minimum interval between requests: `\"30 s\"`, `\"5 min\"`, `\"1 h\"` (also when absent), `\"1 day\"`",
    ),
    optional(
        "limits",
        ValueType::Table(LIMITS),
        "`{ per_second, burst, at_once }`: rate limits of the service, see [Limits](#limits)",
    ),
    optional(
        "size",
        ValueType::Table(SIZE),
        "`{ best, smallest }`: `narrow` (one lane), `wide` (two) or `full` (all); both `narrow` when absent",
    ),
    optional(
        "evidence",
        ValueType::OneOf(EVIDENCE),
        "what the samples are based on: `recorded`, `client` (code that calls the service) or `documented` (also when absent)",
    ),
    optional(
        "owner",
        ValueType::Table(PUBLISHER),
        "`{ name, url }`: who fixes the widget when its service changes",
    ),
    optional(
        "key",
        ValueType::Table(KEY),
        "the API key that the service requires, see [Keys](#keys)",
    ),
    optional("field", ValueType::TableArray(FIELD), "what is asked of the citizen"),
    optional(
        "texts",
        ValueType::Map(&ValueType::Texts),
        "`[texts]`: texts of the widget's own, read in expressions as `texts.ID`",
    ),
    optional(
        "codes",
        ValueType::Map(&ValueType::Map(&ValueType::Table(CODE))),
        "`[codes.ID]`: what the values of the service mean, see [Codes](#codes)",
    ),
    optional(
        "let",
        ValueType::Map(&EXPRESSION),
        "`[let]`: expressions with a name, see [Names of your own](#names-of-your-own)",
    ),
    optional(
        "request",
        ValueType::TableArray(REQUEST),
        "what is asked of the service. Needed where there is a service",
    ),
    required("view", ValueType::Table(VIEW), "what the citizen sees"),
    optional("sample_moment", ValueType::Text, "the current moment in samples without `moment`"),
    optional("sample_place", ValueType::Text, "the postcode of samples without `place`"),
    optional(
        "sample_settings",
        ValueType::Map(&ValueType::Text),
        "the settings of samples without `settings`",
    ),
    optional(
        "sample",
        ValueType::TableArray(SAMPLE),
        "the stored responses, as far as the names of the files in `samples/` do not define them",
    ),
];

const PUBLISHER: &[KeySpec] = &[
    required("name", ValueType::Text, "as the publisher writes it"),
    required("url", ValueType::WebAddress, "an `https` page about the service"),
];

const LICENCE: &[KeySpec] = &[
    required("name", ValueType::Text, "the short name, for instance `CC BY 4.0`"),
    optional("url", ValueType::WebAddress, "the text of the licence"),
];

pub const LIMITS: &[KeySpec] = &[
    optional(
        "per_second",
        ValueType::Number,
        "requests per second, on average: from 0.02 (about one a minute) to 5 (also when absent)",
    ),
    optional(
        "burst",
        ValueType::Integer,
        "requests that may start at once after a quiet period: from 1 to 20 (also when absent)",
    ),
    optional("at_once", ValueType::Integer, "concurrent requests: from 1 to 6 (also when absent)"),
];

const SIZE: &[KeySpec] = &[
    required("best", ValueType::OneOf(&CardWidth::IDS), "the width a new card gets"),
    required(
        "smallest",
        ValueType::OneOf(&CardWidth::IDS),
        "the narrowest width at which the card can be read",
    ),
];

pub const KEY: &[KeySpec] = &[
    required("variable", ValueType::Text, "the environment variable that holds it"),
    required("url", ValueType::WebAddress, "the page where an operator gets one"),
];

pub const FIELD: &[KeySpec] = &[
    required("id", ValueType::Text, "its name in expressions: `settings.ID`"),
    required("kind", ValueType::OneOf(KIND_NAMES), "see below"),
    required("label", ValueType::Texts, "the question"),
    optional("hint", ValueType::Texts, "an example, or what happens when it is left open"),
    optional("required", ValueType::Boolean, "whether the card can show nothing without it"),
    optional("default", ValueType::Text, "the value when it is left open"),
    optional("personal", ValueType::Boolean, "whether the answer says something about a person"),
    optional(
        "longest",
        ValueType::Integer,
        "in characters; of `text` 80 when absent, of `lines` 3000, which is the most",
    ),
    optional("least", ValueType::Number, "of `number`: the least that is accepted"),
    optional("most", ValueType::Number, "of `number`: the most that is accepted"),
    optional("unit", ValueType::Text, "of `number`: shown after the box"),
    optional("choice", ValueType::TableArray(CHOICE), "of `choice`: what can be chosen"),
    optional("earliest", ValueType::Text, "of `date`: a day, `today`, `today+30` or `today-30`"),
    optional("latest", ValueType::Text, "of `date`: the same"),
    optional("lookup", ValueType::Table(LOOKUP), "of `lookup`: see [Lookups](#lookups)"),
];

pub const LOOKUP: &[KeySpec] = &[
    required(
        "url",
        ValueType::UrlTemplate(ScopeKind::Typed),
        "as of a request; it may read `typed`",
    ),
    optional("query", ValueType::Map(&ValueType::Expression(ScopeKind::Typed)), "as of a request"),
    optional("headers", ValueType::Map(&ValueType::Text), "as of a request"),
    optional("format", ValueType::OneOf(FORMAT_NAMES), "`json` when absent"),
    optional(
        "fresh_for",
        ValueType::Text,
        "how long a response counts as fresh; `1 day` when absent",
    ),
    optional("largest", ValueType::Text, "the largest response that is read; 2 MB when absent"),
    optional("key_header", ValueType::Text, "as of a request"),
    optional("key_query", ValueType::Text, "as of a request"),
    required(
        "each",
        ValueType::Expression(ScopeKind::LookupResponse),
        "the list of what is found, in `answer`",
    ),
    required(
        "value",
        ValueType::Expression(ScopeKind::LookupItem),
        "the value that is stored: a text or a whole number",
    ),
    required("label", ValueType::Expression(ScopeKind::LookupItem), "its words"),
    optional(
        "note",
        ValueType::Expression(ScopeKind::LookupItem),
        "distinguishes it from others with the same label",
    ),
    optional("also", ValueType::Expression(ScopeKind::LookupItem), "further search terms"),
    optional(
        "least",
        ValueType::Integer,
        "number of characters to type before a lookup; 2 when absent",
    ),
    optional("most", ValueType::Integer, "maximum number shown; 10 when absent"),
];

const CHOICE: &[KeySpec] = &[
    required("value", ValueType::Text, "what is kept and sent"),
    required("label", ValueType::Texts, "what the citizen reads"),
];

/// An entry in `[codes.ID]`.
pub const CODE: &[KeySpec] = &[
    optional("nl", ValueType::Text, "Dutch"),
    optional("fr", ValueType::Text, "French"),
    optional("de", ValueType::Text, "German"),
    optional("en", ValueType::Text, "English"),
    optional("severity", ValueType::OneOf(&Severity::IDS), "how serious it is"),
    optional("tone", ValueType::OneOf(Tone::VARIANTS), "whether it is good news"),
];

pub const REQUEST: &[KeySpec] = &[
    optional(
        "id",
        ValueType::Text,
        "the name of its response in expressions; `answer` when there is one request and it has no name",
    ),
    optional(
        "url",
        ValueType::UrlTemplate(ScopeKind::Item),
        "the address; `{expression}` in it is filled in and percent-encoded. Needed without `connector`",
    ),
    optional(
        "connector",
        ValueType::Text,
        "instead of `url` and `format`: the kind of portal of the data set, see [Connectors](#connectors)",
    ),
    optional(
        "dataset",
        ValueType::UrlTemplate(ScopeKind::Item),
        "with `connector`: the public URL of the data set",
    ),
    optional(
        "portal",
        ValueType::UrlTemplate(ScopeKind::Item),
        "with `connector`: the URL of the portal, when `dataset` is only the name",
    ),
    optional(
        "where",
        ITEM_EXPRESSION,
        "with `connector`: which records are wanted, in the portal's own terms",
    ),
    optional("select", ITEM_EXPRESSION, "with `connector`: which of their fields"),
    optional("order", ITEM_EXPRESSION, "with `connector`: in which order"),
    optional(
        "most",
        ValueType::Integer,
        "with `connector`: how many records at most; 100 when absent",
    ),
    optional(
        "query",
        ValueType::Map(&ITEM_EXPRESSION),
        "a table of expressions; one with the value `null` is left out",
    ),
    optional(
        "method",
        ValueType::OneOf(&["GET", "POST"]),
        "`\"GET\"` (also when absent) or `\"POST\"`, perhaps with `body`",
    ),
    optional("headers", ValueType::Map(&ValueType::Text), "a table of literal texts"),
    optional("body", ITEM_EXPRESSION, "an expression whose value is sent as JSON"),
    optional(
        "format",
        ValueType::OneOf(FORMAT_NAMES),
        "the format of the response, see below; `json` when absent",
    ),
    optional(
        "fresh_for",
        ValueType::Text,
        "how long a response counts as fresh, when that is not `pace`",
    ),
    optional(
        "largest",
        ValueType::Text,
        "the largest response that is read, for instance `\"6 MB\"`; 2 MB when absent",
    ),
    optional(
        "if_empty",
        ValueType::Text,
        "the response that an empty body stands for, when the service says so: `'{ \"items\": [] }'`, for instance of one that answers with status 204 when there is nothing. An empty body is an error when absent, but in `json-lines`, where it is a list without items",
    ),
    optional("when", EXPRESSION, "the request is left out unless it is true"),
    optional("each", EXPRESSION, "ask once for each of a list; `item` is the thing"),
    optional("limit", ValueType::Integer, "with `each`: maximum number of requests; 5 when absent"),
    optional(
        "pages",
        ValueType::Table(PAGES),
        "how the further pages of a list are asked, see [Pages](#pages)",
    ),
    optional(
        "may_fail",
        ValueType::Boolean,
        "`true` when the widget does not need it: after a failure the value is `null` and the card is still shown",
    ),
    optional(
        "key_header",
        ValueType::Text,
        "the name of the header in which the key of `[key]` is sent",
    ),
    optional("key_query", ValueType::Text, "its name in the query, when it is sent there"),
];

/// `pages` of a request.
pub const PAGES: &[KeySpec] = &[
    optional(
        "list",
        ValueType::Text,
        "the path of the list in a page, as `at` takes it; left out when the page itself is a list",
    ),
    optional(
        "next",
        ValueType::Expression(ScopeKind::Page),
        "the address of the next page, perhaps relative, or `null`; `page` is the page before. It stays on the declared hosts",
    ),
    optional(
        "offset",
        ValueType::Text,
        "the name in the query that says how many things to pass over",
    ),
    optional("number", ValueType::Text, "the name in the query that says which page"),
    optional(
        "step",
        ValueType::Integer,
        "how many things a full page has: needed with `offset`; with `number`, a page with fewer things is the last",
    ),
    optional(
        "first",
        ValueType::Integer,
        "what the first page would have there: 0 with `offset`, 1 with `number`. The first page is asked without it",
    ),
    optional("most", ValueType::Integer, "how many pages at most: from 2 to 10, else 3"),
];

pub const VIEW: &[KeySpec] = &[
    optional("about", EXPRESSION, "what the card is about, beside its title"),
    optional("moment", EXPRESSION, "when the data was true"),
    optional("page", EXPRESSION, "the official page"),
    optional(
        "notices",
        ValueType::List(&EXPRESSION_OR_TEXTS),
        "a list; those that give text are shown",
    ),
    required("block", ValueType::Blocks, "what is shown, in order: `[[view.block]]`"),
];

pub const SAMPLE: &[KeySpec] = &[
    required(
        "name",
        ValueType::Text,
        "`normal`, `empty`, `malformed`, or another state worth showing",
    ),
    optional("moment", ValueType::Text, "the current moment; `sample_moment` when absent"),
    optional("place", ValueType::Text, "a postcode; `sample_place` when absent"),
    optional(
        "settings",
        ValueType::Map(&ValueType::Text),
        "the citizen's answers; `sample_settings` when absent",
    ),
    optional(
        "answers",
        ValueType::Map(&ValueType::OneOrMore(&ValueType::Text)),
        "for each request the file in `samples/` (a list of files for a request with `each`); the files that bear its name when absent",
    ),
    optional(
        "lookup",
        ValueType::Map(&ValueType::Text),
        "for each field with a lookup the file in `samples/`",
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde::de::DeserializeOwned;
    use voordeur_widget_api::{Evidence, Format, Limits, Theme};

    use super::super::field_kinds::RawField;
    use super::super::lookups::RawLookup;
    use super::super::rate_limits::RawLimits;
    use super::super::requests::RawRequest;
    use super::*;

    /// The field names that serde expects, from its error message.
    fn names_of<T: DeserializeOwned>(wrong: &str) -> BTreeSet<String> {
        let Err(error) = toml::from_str::<T>(wrong) else { panic!("`{wrong}` is read") };
        let message = error.message().to_owned();
        let (_, names) = message.split_once("expected").unwrap_or_else(|| panic!("{message}"));
        names.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    }

    fn names(keys: &[KeySpec]) -> BTreeSet<String> {
        keys.iter().map(|key| key.name.to_owned()).collect()
    }

    #[test]
    fn documented_rate_limits_match_the_constants() {
        let describe = [
            format!(
                "from {} (about one a minute) to {} ",
                Limits::MIN_PER_SECOND,
                Limits::MAX_PER_SECOND
            ),
            format!("from 1 to {} ", Limits::MAX_BURST),
            format!("from 1 to {} ", Limits::MAX_CONCURRENT),
        ];
        for (key, describe) in LIMITS.iter().zip(describe) {
            assert!(key.description.contains(&describe), "{}: {describe}", key.name);
        }
        assert_eq!(LIMITS.len(), 3);
    }

    #[test]
    fn the_tables_match_the_deserialized_types() {
        assert_eq!(names_of::<RawRequest>("zzz = 1"), names(REQUEST));
        assert_eq!(names_of::<RawField>("zzz = 1"), names(FIELD));
        assert_eq!(names_of::<RawLookup>("zzz = 1"), names(LOOKUP));
        assert_eq!(names_of::<RawLimits>("zzz = 1"), names(LIMITS));
        #[derive(serde::Deserialize)]
        struct One<T> {
            #[expect(dead_code, reason = "it is never read")]
            one: T,
        }
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let wrong = "one = \"zzz\"";
        assert_eq!(names_of::<One<Theme>>(wrong), words(THEMES));
        assert_eq!(names_of::<One<Evidence>>(wrong), words(EVIDENCE));
        assert_eq!(names_of::<One<Format>>(wrong), words(FORMAT_NAMES));
        assert_eq!(names_of::<One<Format>>(wrong).len(), FORMAT_NAMES.len(), "a duplicate");
    }
}
