//! The keys of a manifest. What stands here is what can be read, and what `docs/WIDGETS.md` says.

use super::shape::{Key, Reads, Shape};

pub(super) const fn needed(name: &'static str, shape: Shape, what: &'static str) -> Key {
    Key { name, needed: true, shape, what }
}

pub(super) const fn perhaps(name: &'static str, shape: Shape, what: &'static str) -> Key {
    Key { name, needed: false, shape, what }
}

pub(super) const EXPRESSION: Shape = Shape::Expression(Reads::Everywhere);
pub(super) const WORDS: Shape = Shape::ExpressionOrTexts(Reads::Everywhere);
pub(super) const OF_THING: Shape = Shape::Expression(Reads::Thing);
pub(super) const WORDS_OF_THING: Shape = Shape::ExpressionOrTexts(Reads::Thing);

/// The parts of life.
pub const THEMES: &[&str] = &[
    "moving-about",
    "home-and-street",
    "weather-and-environment",
    "council-and-law",
    "family-and-school",
    "work-and-money",
];

/// What a manifest writes when its service covers the whole world.
pub const EVERYWHERE: &str = "everywhere";

/// What the samples rest on, and what each word says.
pub const EVIDENCE: &[&str] = &["recorded", "client", "documented"];

/// The formats of answers, and what each is.
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
    ("cap", "alerts (CAP 1.2), by themselves or in a feed: `alerts`"),
    ("json-stat", "statistics (JSON-stat 1 and 2): `dimensions` and `rows`"),
    ("gtfs-realtime", "public transport as it runs: `header` and `entity`"),
    (
        "feed",
        "RSS, RDF, Atom and JSON Feed alike: `title`, `link`, `description`, `language`, `updated` and `items`, each with `id`, `title`, `link`, `summary`, `published`, `updated`, `author`, `categories` and, where told, `latitude` and `longitude`: plain text, and dates as RFC 3339 text; `cut_off` is true when its end is missing, and the card says that something is left out",
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

/// The kinds of field, and what each asks.
pub const FIELDS: &[(&str, &str)] = &[
    ("text", "a line of text; with `longest`"),
    ("number", "a number; needs `least` and `most`, perhaps `unit`"),
    ("choice", "one of a few; needs `[[field.choice]]`"),
    ("toggle", "yes or no"),
    ("plate", "a vehicle's licence plate"),
    ("place", "a postcode or municipality"),
    ("web-address", "an address of the web: of a feed, say"),
    ("date", "a day; perhaps with `earliest` and `latest`"),
    ("lookup", "something that the service knows: a station, a stop; needs `[field.lookup]`"),
];

const FIELD_KINDS: &[&str] = &{
    let mut names = [""; FIELDS.len()];
    let mut at = 0;
    while at < FIELDS.len() {
        names[at] = FIELDS[at].0;
        at += 1;
    }
    names
};

/// The severities of an alert, the least first (CAP 1.2, section 3.2.2).
pub const SEVERITIES: &[&str] = &["minor", "moderate", "severe", "extreme"];

/// The tones of a fact, the best first.
pub const TONES: &[&str] = &["good", "fair", "poor"];

/// The whole manifest.
pub const MANIFEST: &[Key] = &[
    needed("name", Shape::Texts, "the title of the card"),
    needed("summary", Shape::Texts, "one sentence for the catalogue"),
    needed("theme", Shape::Word(THEMES), "the part of life it belongs to"),
    perhaps(
        "covers",
        Shape::OneOrMore(&Shape::Area),
        "where the service has something to say, see [Where a service covers](#where-a-service-covers); `everywhere` when absent",
    ),
    needed("icon", Shape::Text, "the name of an icon in `src/icons/`"),
    needed(
        "publisher",
        Shape::Table(PUBLISHER),
        "`{ name, url }`: who publishes the data, and a page about it",
    ),
    needed(
        "licence",
        Shape::Table(LICENCE),
        "`{ name, url }`: under which licence; `url` may be left out",
    ),
    perhaps(
        "documentation",
        Shape::Text,
        "an `https` page that describes how the service is asked and answers; shown on the page of services",
    ),
    perhaps(
        "attribution",
        Shape::NameOrTexts,
        "the words with which the licence wants the source to be named; shown in the card's source line",
    ),
    perhaps(
        "hosts",
        Shape::List(&Shape::Text),
        "the only hosts that may be asked; anything else is refused. When absent: those with which the addresses of the requests begin",
    ),
    perhaps(
        "pace",
        Shape::Text,
        "how often it is worth asking: `\"30 s\"`, `\"5 min\"`, `\"1 h\"` (also when absent), `\"1 day\"`",
    ),
    perhaps(
        "limits",
        Shape::Table(LIMITS),
        "`{ per_second, burst, at_once }`: how much the service wants to be asked at most, see [Limits](#limits)",
    ),
    perhaps(
        "size",
        Shape::Table(SIZE),
        "`{ best, smallest }`: columns of twelve (3, 4, 6, 8 or 12); `{ best = 4, smallest = 3 }` when absent",
    ),
    perhaps(
        "evidence",
        Shape::Word(EVIDENCE),
        "what the samples rest on: `recorded`, `client` (code that calls the service) or `documented` (also when absent)",
    ),
    perhaps(
        "owner",
        Shape::Table(PUBLISHER),
        "`{ name, url }`: who mends the widget when its service changes",
    ),
    perhaps(
        "proven",
        Shape::Text,
        "the day, `\"2026-11-23\"`, on which the widget last showed real data",
    ),
    perhaps(
        "key",
        Shape::Table(KEY),
        "the key without which the service does not answer, see [Keys](#keys)",
    ),
    perhaps("field", Shape::Tables(FIELD), "what is asked of the citizen"),
    perhaps(
        "texts",
        Shape::Named(&Shape::Texts),
        "`[texts]`: texts of the widget's own, read in expressions as `texts.ID`",
    ),
    perhaps(
        "codes",
        Shape::Named(&Shape::Named(&Shape::Table(CODE))),
        "`[codes.ID]`: what the values of the service mean, see [Codes](#codes)",
    ),
    perhaps(
        "let",
        Shape::Named(&EXPRESSION),
        "`[let]`: expressions with a name, see [Names of your own](#names-of-your-own)",
    ),
    needed("request", Shape::Tables(REQUEST), "what is asked of the service"),
    needed("view", Shape::Table(VIEW), "what the citizen sees"),
    perhaps(
        "sample_moment",
        Shape::Text,
        "what counts as now in every sample that does not say it",
    ),
    perhaps("sample_place", Shape::Text, "the postcode of every sample that does not say it"),
    perhaps(
        "sample_settings",
        Shape::Named(&Shape::Text),
        "the settings of every sample that does not say them",
    ),
    perhaps(
        "sample",
        Shape::Tables(SAMPLE),
        "the stored answers, as far as the files in `samples/` do not say it themselves",
    ),
];

const PUBLISHER: &[Key] = &[
    needed("name", Shape::Text, "as the publisher writes it"),
    needed("url", Shape::Text, "an `https` page about the service"),
];

const LICENCE: &[Key] = &[
    needed("name", Shape::Text, "the short name, for instance `CC BY 4.0`"),
    perhaps("url", Shape::Text, "the text of the licence"),
];

/// `[limits]`.
pub const LIMITS: &[Key] = &[
    perhaps(
        "per_second",
        Shape::Number,
        "so many requests begin in a second, in the long run: from 0.02 (about one a minute) to 5 (also when absent)",
    ),
    perhaps(
        "burst",
        Shape::Whole,
        "so many may begin at one moment, after a quiet time: from 1 to 20 (also when absent)",
    ),
    perhaps(
        "at_once",
        Shape::Whole,
        "so many are under way at once: from 1 to 6 (also when absent)",
    ),
];

const SIZE: &[Key] = &[
    needed("best", Shape::Whole, "the width a new card gets"),
    needed("smallest", Shape::Whole, "the narrowest width at which the card can be read"),
];

/// `[key]`.
pub const KEY: &[Key] = &[
    needed("variable", Shape::Text, "the environment variable that holds it"),
    needed("url", Shape::Text, "the page where an operator gets one"),
];

/// `[[field]]`.
pub const FIELD: &[Key] = &[
    needed("id", Shape::Text, "its name in expressions: `settings.ID`"),
    needed("kind", Shape::Word(FIELD_KINDS), "see below"),
    needed("label", Shape::Texts, "the question"),
    perhaps("hint", Shape::Texts, "an example, or what happens when it is left open"),
    perhaps("required", Shape::Flag, "whether the card can show nothing without it"),
    perhaps("default", Shape::Text, "what counts when it is left open"),
    perhaps("personal", Shape::Flag, "whether the answer says something about a person"),
    perhaps("longest", Shape::Whole, "of `text`: in characters; 80 when absent"),
    perhaps("least", Shape::Number, "of `number`: the least that is accepted"),
    perhaps("most", Shape::Number, "of `number`: the most that is accepted"),
    perhaps("unit", Shape::Text, "of `number`: shown after the box"),
    perhaps("choice", Shape::Tables(CHOICE), "of `choice`: what can be chosen"),
    perhaps("earliest", Shape::Text, "of `date`: a day, `today`, `today+30` or `today-30`"),
    perhaps("latest", Shape::Text, "of `date`: the same"),
    perhaps("lookup", Shape::Table(LOOKUP), "of `lookup`: see [Lookups](#lookups)"),
];

/// `[field.lookup]`.
pub const LOOKUP: &[Key] = &[
    needed("url", Shape::Address(Reads::Typed), "as of a request; it may read `typed`"),
    perhaps("query", Shape::Named(&Shape::Expression(Reads::Typed)), "as of a request"),
    perhaps("headers", Shape::Named(&Shape::Text), "as of a request"),
    perhaps("format", Shape::Word(FORMAT_NAMES), "`json` when absent"),
    perhaps("fresh_for", Shape::Text, "how long an answer counts as fresh; `1 day` when absent"),
    perhaps("largest", Shape::Text, "the largest answer that is read; 2 MB when absent"),
    perhaps("key_header", Shape::Text, "as of a request"),
    perhaps("key_query", Shape::Text, "as of a request"),
    needed("each", Shape::Expression(Reads::Found), "the list of what is found, in `answer`"),
    needed(
        "value",
        Shape::Expression(Reads::OneFound),
        "what is kept of one: a text or a whole number",
    ),
    needed("label", Shape::Expression(Reads::OneFound), "its words"),
    perhaps(
        "note",
        Shape::Expression(Reads::OneFound),
        "what tells it from others with the same words",
    ),
    perhaps("also", Shape::Expression(Reads::OneFound), "other words by which it is found"),
    perhaps("least", Shape::Whole, "so many characters are typed first; 2 when absent"),
    perhaps("most", Shape::Whole, "at most so many are shown; 10 when absent"),
];

const CHOICE: &[Key] = &[
    needed("value", Shape::Text, "what is kept and sent"),
    needed("label", Shape::Texts, "what the citizen reads"),
];

/// One value in `[codes.ID]`.
pub const CODE: &[Key] = &[
    perhaps("nl", Shape::Text, "Dutch"),
    perhaps("fr", Shape::Text, "French"),
    perhaps("de", Shape::Text, "German"),
    perhaps("en", Shape::Text, "English"),
    perhaps("severity", Shape::Word(SEVERITIES), "how serious it is"),
    perhaps("tone", Shape::Word(TONES), "whether it is good news"),
];

/// `[[request]]`.
pub const REQUEST: &[Key] = &[
    perhaps(
        "id",
        Shape::Text,
        "the name of its answer in expressions; `answer` when there is one request and it has no name",
    ),
    perhaps(
        "url",
        Shape::Address(Reads::Thing),
        "the address; `{expression}` in it is filled in and percent-encoded. Needed without `connector`",
    ),
    perhaps(
        "connector",
        Shape::Text,
        "in the place of `url` and `format`: the kind of portal on which a data set stands, see [Connectors](#connectors)",
    ),
    perhaps(
        "dataset",
        Shape::Address(Reads::Thing),
        "with `connector`: the address of the data set, as people know it",
    ),
    perhaps(
        "portal",
        Shape::Address(Reads::Thing),
        "with `connector`: the address of the portal, when `dataset` is only the name",
    ),
    perhaps(
        "where",
        OF_THING,
        "with `connector`: which records are wanted, in the portal's own terms",
    ),
    perhaps("select", OF_THING, "with `connector`: which of their fields"),
    perhaps("order", OF_THING, "with `connector`: in which order"),
    perhaps("most", Shape::Whole, "with `connector`: how many records at most; 100 when absent"),
    perhaps(
        "query",
        Shape::Named(&OF_THING),
        "a table of expressions; one that gives `null` is left out",
    ),
    perhaps(
        "method",
        Shape::Word(&["GET", "POST"]),
        "`\"GET\"` (also when absent) or `\"POST\"`, perhaps with `body`",
    ),
    perhaps("headers", Shape::Named(&Shape::Text), "a table of literal texts"),
    perhaps("body", OF_THING, "an expression whose value is sent as JSON"),
    perhaps(
        "format",
        Shape::Word(FORMAT_NAMES),
        "what the answer is written in, see below; `json` when absent",
    ),
    perhaps(
        "fresh_for",
        Shape::Text,
        "how long an answer counts as fresh, when that is not `pace`",
    ),
    perhaps(
        "largest",
        Shape::Text,
        "the largest answer that is read, for instance `\"6 MB\"`; 2 MB when absent",
    ),
    perhaps("when", EXPRESSION, "the request is left out unless it is true"),
    perhaps("each", EXPRESSION, "ask once for each of a list; `item` is the thing"),
    perhaps("limit", Shape::Whole, "with `each`: at most so many times; 5 when absent"),
    perhaps(
        "pages",
        Shape::Table(PAGES),
        "how the further pages of a list are asked, see [Pages](#pages)",
    ),
    perhaps(
        "may_fail",
        Shape::Flag,
        "`true` when the widget can do without: after a failure the answer is `null` and the card is shown all the same",
    ),
    perhaps(
        "key_header",
        Shape::Text,
        "the name of the header in which the key of `[key]` is sent",
    ),
    perhaps("key_query", Shape::Text, "its name in the query, when it is sent there"),
];

/// `pages` of a request.
pub const PAGES: &[Key] = &[
    perhaps(
        "list",
        Shape::Text,
        "the path of the list in a page, as `at` takes it; left out when the page itself is a list",
    ),
    perhaps(
        "next",
        Shape::Expression(Reads::Page),
        "the address of the next page, perhaps relative, or `null`; `page` is the page before. It stays on the declared hosts",
    ),
    perhaps("offset", Shape::Text, "the name in the query that says how many things to pass over"),
    perhaps("number", Shape::Text, "the name in the query that says which page"),
    perhaps(
        "step",
        Shape::Whole,
        "how many things a full page has: needed with `offset`; with `number`, a page with fewer things is the last",
    ),
    perhaps(
        "first",
        Shape::Whole,
        "what the first page would have there: 0 with `offset`, 1 with `number`. The first page is asked without it",
    ),
    perhaps("most", Shape::Whole, "how many pages at most: from 2 to 10, else 3"),
];

/// `[view]`.
pub const VIEW: &[Key] = &[
    perhaps("about", EXPRESSION, "what the card is about, beside its title"),
    perhaps("moment", EXPRESSION, "when the data was true"),
    perhaps("page", EXPRESSION, "the official page"),
    perhaps("notices", Shape::List(&WORDS), "a list; those that give text are shown"),
    needed("block", Shape::Blocks, "what is shown, in order: `[[view.block]]`"),
];

/// `[[sample]]`.
pub const SAMPLE: &[Key] = &[
    needed("name", Shape::Text, "`normal`, `empty`, `malformed`, or another state worth showing"),
    perhaps("moment", Shape::Text, "what counts as now; `sample_moment` when absent"),
    perhaps("place", Shape::Text, "a postcode; `sample_place` when absent"),
    perhaps(
        "settings",
        Shape::Named(&Shape::Text),
        "the citizen's answers; `sample_settings` when absent",
    ),
    perhaps(
        "answers",
        Shape::Named(&Shape::OneOrMore(&Shape::Text)),
        "for each request the file in `samples/` (a list of files for a request with `each`); the files that bear its name when absent",
    ),
    perhaps(
        "lookup",
        Shape::Named(&Shape::Text),
        "for each field that is looked up the file in `samples/`",
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde::de::DeserializeOwned;
    use voordeur_widget_api::{Evidence, Format, Limits, Theme};

    use super::super::fields::WrittenField;
    use super::super::limits::WrittenLimits;
    use super::super::lookups::WrittenLookup;
    use super::super::requests::WrittenRequest;
    use super::*;

    /// The names that would have been read, as the reader itself tells them.
    fn names_of<T: DeserializeOwned>(wrong: &str) -> BTreeSet<String> {
        let Err(error) = toml::from_str::<T>(wrong) else { panic!("`{wrong}` is read") };
        let message = error.message().to_owned();
        let (_, names) = message.split_once("expected").unwrap_or_else(|| panic!("{message}"));
        names.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    }

    fn names(keys: &[Key]) -> BTreeSet<String> {
        keys.iter().map(|key| key.name.to_owned()).collect()
    }

    #[test]
    fn the_limits_are_told_as_they_are() {
        let told = [
            format!(
                "from {} (about one a minute) to {} ",
                Limits::MIN_PER_SECOND,
                Limits::MAX_PER_SECOND
            ),
            format!("from 1 to {} ", Limits::MAX_BURST),
            format!("from 1 to {} ", Limits::MAX_CONCURRENT),
        ];
        for (key, told) in LIMITS.iter().zip(told) {
            assert!(key.what.contains(&told), "{}: {told}", key.name);
        }
        assert_eq!(LIMITS.len(), 3);
    }

    #[test]
    fn the_tables_hold_what_is_read() {
        assert_eq!(names_of::<WrittenRequest>("zzz = 1"), names(REQUEST));
        assert_eq!(names_of::<WrittenField>("zzz = 1"), names(FIELD));
        assert_eq!(names_of::<WrittenLookup>("zzz = 1"), names(LOOKUP));
        assert_eq!(names_of::<WrittenLimits>("zzz = 1"), names(LIMITS));
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
        assert_eq!(names_of::<One<Format>>(wrong).len(), FORMAT_NAMES.len(), "one stands twice");
    }
}
