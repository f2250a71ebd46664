//! The conformance rules, each with the tier that it blocks. `docs/WIDGETS.md` describes the tiers.

use super::Tier;

/// A conformance rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Id of the rule in findings.
    pub id: &'static str,
    /// The tier that a broken rule blocks.
    pub tier: Tier,
}

macro_rules! rules {
    ($($(#[doc = $doc:literal])+ $name:ident = $tier:ident $id:literal;)+) => {
        $($(#[doc = $doc])+ pub const $name: Rule = Rule { id: $id, tier: Tier::$tier };)+
    };
}

rules! {
    /// The manifest is valid.
    MANIFEST = Bronze "manifest";
    /// No text is empty.
    TEXT_EMPTY = Bronze "text-empty";
    /// No text is a `TODO`.
    TEXT_TODO = Bronze "text-todo";
    /// Sentences are translated.
    TEXT_SAME = Bronze "text-same";
    /// Texts of the widget contain no markup.
    TEXT_MARKUP = Bronze "text-markup";
    /// Every text of the widget is used.
    TEXT_UNUSED = Bronze "text-unused";
    /// The title fits the head of a card.
    TITLE_LONG = Bronze "title-long";
    /// The summary is one short sentence.
    SUMMARY = Bronze "summary";
    /// The publisher has a name and a page.
    PUBLISHER = Bronze "publisher";
    /// The licence has a name, and its URL is valid.
    LICENCE = Bronze "licence";
    /// The manifest declares the area that its service covers.
    COVERS = Bronze "covers";
    /// The icon exists.
    ICON = Bronze "icon";
    /// The refresh interval is within bounds.
    PACE = Bronze "pace";
    /// A host is a domain name.
    HOST_NAME = Bronze "host-name";
    /// A host is used by a request.
    HOST_UNUSED = Bronze "host-unused";
    /// Requests go to declared hosts only.
    HOST_UNLISTED = Bronze "host-unlisted";
    /// The best card width is at least the smallest.
    SIZE = Bronze "size";
    /// Ids of fields, requests and samples are unique.
    NAME_TWICE = Bronze "name-twice";
    /// Every file in `samples/` belongs to a sample.
    SAMPLE_UNUSED = Bronze "sample-unused";
    /// Samples are small.
    SAMPLE_LARGE = Bronze "sample-large";
    /// The moment of a sample is plausible.
    SAMPLE_MOMENT = Bronze "sample-moment";
    /// Settings of a sample name existing fields and have accepted values.
    SAMPLE_SETTINGS = Bronze "sample-settings";
    /// The normal sample shows items.
    SAMPLE_NORMAL = Bronze "sample-normal";
    /// The empty sample shows a text.
    SAMPLE_EMPTY = Bronze "sample-empty";
    /// The malformed sample is refused or counted.
    SAMPLE_MALFORMED = Bronze "sample-malformed";
    /// Garbage is refused or counted.
    GARBAGE = Bronze "garbage";
    /// The moment of the data is plausible.
    MOMENT = Bronze "moment";
    /// `about`, `page`, `moment` and links have a value in at least one sample.
    NEVER_SHOWN = Bronze "never-shown";
    /// A link has a host.
    LINK = Bronze "link";
    /// No markup is shown.
    MARKUP_SHOWN = Bronze "markup-shown";
    /// Every sample has a stored view.
    VIEW_MISSING = Bronze "view-missing";
    /// The stored view is up to date.
    VIEW_CHANGED = Bronze "view-changed";
    /// Every stored view belongs to a sample.
    VIEW_UNUSED = Bronze "view-unused";

    /// A sample shows the same in each language.
    LANGUAGES = Silver "languages";
    /// No response makes a widget panic.
    PANICS = Silver "panics";
    /// No response causes an endless series of requests.
    ENDLESS = Silver "endless";
    /// No response of an ordinary size takes more work than a card may.
    OVER_BUDGET = Silver "over-budget";
    /// A refusal names its key.
    UNNAMED = Silver "unnamed-refusal";
    /// No response makes the view too large.
    LARGE_VIEW = Silver "large-view";
    /// Hostile text is neutralised.
    HOSTILE = Silver "hostile-text";
    /// The word `null` is never shown.
    NULL_SHOWN = Silver "null-shown";
    /// A missing required field is reported.
    FIELD_OPEN = Silver "field-open";
    /// A field accepts exactly the values within its bounds.
    FIELD_BOUNDS = Silver "field-bounds";
    /// A field accepts its default.
    FIELD_DEFAULT = Silver "field-default";
    /// Requests can be made for every accepted value.
    FIELD_ASKED = Silver "field-asked";
    /// Requests stay the same for five minutes.
    REQUESTS_CHANGE = Silver "requests-change";
    /// Neighbours send the same requests.
    NEIGHBOURS = Silver "neighbours";
    /// Every option changes something in at least one sample.
    OPTION = Silver "option";
    /// The things shown and their order do not depend on the order of the service.
    ORDER = Silver "order";
    /// A block of moments declares its part in the day.
    DAY_ROLE = Silver "day-role";
    /// A link leads to the page in the citizen's language, when the service names it.
    LINK_LANGUAGE = Silver "link-language";
    /// The samples are based on a recorded response, or on a page that is named.
    EVIDENCE = Silver "evidence";

    /// Malformed data is not shown as good data.
    SHOWN_AS_GOOD = Gold "shown-as-good";
    /// Citizens find the widget by their own words.
    SEARCH = Gold "search";
    /// The widget has an owner.
    OWNER = Gold "owner";
    /// The widget was recently proven on live data.
    PROVEN = Gold "proven";
}
