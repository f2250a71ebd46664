//! The rules, each with the tier that it stands in the way of. `docs/WIDGETS.md` tells what each tier asks.

use super::Tier;

/// What can be wrong with a widget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The name that findings bear.
    pub id: &'static str,
    /// What is not reached while it is broken.
    pub tier: Tier,
}

macro_rules! rules {
    ($($(#[doc = $doc:literal])+ $name:ident = $tier:ident $id:literal;)+) => {
        $($(#[doc = $doc])+ pub const $name: Rule = Rule { id: $id, tier: Tier::$tier };)+
    };
}

rules! {
    /// The manifest can be read.
    MANIFEST = Bronze "manifest";
    /// No text is empty.
    TEXT_EMPTY = Bronze "text-empty";
    /// No text still has to be written.
    TEXT_TODO = Bronze "text-todo";
    /// A sentence is translated.
    TEXT_SAME = Bronze "text-same";
    /// No text of the widget holds markup.
    TEXT_MARKUP = Bronze "text-markup";
    /// A text of the widget is read somewhere.
    TEXT_UNUSED = Bronze "text-unused";
    /// A title fits the head of a card.
    TITLE_LONG = Bronze "title-long";
    /// A summary is one sentence, and not a long one.
    SUMMARY = Bronze "summary";
    /// The publisher has a name and a page.
    PUBLISHER = Bronze "publisher";
    /// The licence has a name, and its address is one.
    LICENCE = Bronze "licence";
    /// The manifest says where its service has something to say.
    COVERS = Bronze "covers";
    /// There is such an icon.
    ICON = Bronze "icon";
    /// Asking so often makes sense.
    PACE = Bronze "pace";
    /// A host is a name.
    HOST_NAME = Bronze "host-name";
    /// A host is asked.
    HOST_UNUSED = Bronze "host-unused";
    /// A request goes to a host of the manifest.
    HOST_UNLISTED = Bronze "host-unlisted";
    /// A card is not smaller than it can be read.
    SIZE = Bronze "size";
    /// No two fields, requests or samples have one name.
    NAME_TWICE = Bronze "name-twice";
    /// A file in `samples/` belongs to a sample.
    SAMPLE_UNUSED = Bronze "sample-unused";
    /// A sample is small.
    SAMPLE_LARGE = Bronze "sample-large";
    /// A sample was true at a moment that can be.
    SAMPLE_MOMENT = Bronze "sample-moment";
    /// A sample answers fields that there are, with what they accept.
    SAMPLE_SETTINGS = Bronze "sample-settings";
    /// The normal sample shows something.
    SAMPLE_NORMAL = Bronze "sample-normal";
    /// The empty sample is put in words.
    SAMPLE_EMPTY = Bronze "sample-empty";
    /// The malformed sample is refused or counted.
    SAMPLE_MALFORMED = Bronze "sample-malformed";
    /// A view says when its data was true, and that can be.
    MOMENT = Bronze "moment";
    /// `about`, `page`, `moment` and links give something in some sample.
    NEVER_SHOWN = Bronze "never-shown";
    /// A link leads to a host.
    LINK = Bronze "link";
    /// No markup is left in what is shown.
    MARKUP_SHOWN = Bronze "markup-shown";
    /// A sample has its stored view.
    VIEW_MISSING = Bronze "view-missing";
    /// The stored view is what the sample gives.
    VIEW_CHANGED = Bronze "view-changed";
    /// A stored view belongs to a sample.
    VIEW_UNUSED = Bronze "view-unused";

    /// A sample shows as much in each language.
    LANGUAGES = Silver "languages";
    /// Nothing that is answered makes a widget panic.
    PANICS = Silver "panics";
    /// Nothing that is answered makes a widget ask without end.
    ENDLESS = Silver "endless";
    /// A refusal names its place.
    UNNAMED = Silver "unnamed-refusal";
    /// No answer makes a view too large.
    LARGE_VIEW = Silver "large-view";
    /// Hostile text comes out inert.
    HOSTILE = Silver "hostile-text";
    /// No `null` is shown as a word.
    NULL_SHOWN = Silver "null-shown";
    /// A required field is missed.
    FIELD_OPEN = Silver "field-open";
    /// A field accepts what is within its bounds, and nothing else.
    FIELD_BOUNDS = Silver "field-bounds";
    /// The default of a field is accepted by it.
    FIELD_DEFAULT = Silver "field-default";
    /// What a field accepts can be asked.
    FIELD_ASKED = Silver "field-asked";
    /// Neighbours in time share an answer.
    REQUESTS_CHANGE = Silver "requests-change";
    /// The samples rest on a recorded answer.
    EVIDENCE = Silver "evidence";

    /// What is taken away or wrong is not shown as if it were good.
    SHOWN_AS_GOOD = Gold "shown-as-good";
    /// Somebody looks after the widget.
    OWNER = Gold "owner";
    /// The widget has shown real data.
    PROVEN = Gold "proven";
}
