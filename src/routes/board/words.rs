//! Names of cards and pages, and what was done, in the citizen's words.

use voordeur_engine::Catalogue;

use crate::locale::Locale;
use voordeur_store::Deed;

pub use crate::pages::board::tabs::page_name;

/// The name of a widget that is in the catalogue.
pub fn title(catalogue: &Catalogue, widget: &str, locale: Locale) -> Option<String> {
    let widget = catalogue.get(widget)?;
    Some(widget.manifest().name.get(locale.language).to_owned())
}

/// What was done.
pub fn deed_in_words(deed: &Deed, catalogue: &Catalogue, locale: Locale) -> String {
    // A widget that is not in the catalogue any more is called by its id.
    let card =
        |widget: &str| title(catalogue, widget, locale).unwrap_or_else(|| widget.to_owned()).into();
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX).into();
    let of_card = |key: &str, widget: &str| locale.say_with(key, &[("card", card(widget))]);
    let of_page =
        |key: &str, name: &str| locale.say_with(key, &[("page", page_name(name, locale).into())]);
    match deed {
        Deed::Added { widget } => of_card("deed-added", widget),
        Deed::Removed { widget } => of_card("deed-removed", widget),
        Deed::PutBack { widget } => of_card("deed-put-back", widget),
        Deed::Moved { widget, position } => {
            locale.say_with("deed-moved", &[("card", card(widget)), ("position", count(*position))])
        }
        Deed::MovedToPage { widget, page, position } => locale.say_with(
            "deed-to-page",
            &[
                ("card", card(widget)),
                ("page", page_name(page, locale).into()),
                ("position", count(*position)),
            ],
        ),
        Deed::Resized { widget, size } => locale
            .say_with("deed-resized", &[("card", card(widget)), ("size", i64::from(*size).into())]),
        Deed::Folded { widget } => of_card("deed-folded", widget),
        Deed::Unfolded { widget } => of_card("deed-unfolded", widget),
        Deed::Configured { widget } => of_card("deed-configured", widget),
        Deed::Arranged => locale.say("deed-arranged"),
        Deed::AddedPage { name } => of_page("deed-page-added", name),
        Deed::ChangedPage { name } => of_page("deed-page-changed", name),
        Deed::MovedPage { name, position } => locale.say_with(
            "deed-page-moved",
            &[("page", page_name(name, locale).into()), ("position", count(*position))],
        ),
        Deed::RemovedPage { name } => of_page("deed-page-removed", name),
        Deed::Changed => locale.say("deed-changed"),
    }
}
