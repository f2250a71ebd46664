//! Names of widgets and pages, and descriptions of changes, in the citizen's language.

use voordeur_engine::Catalogue;

use crate::locale::Locale;
use voordeur_store::ChangeSummary;

pub use crate::pages::board::tabs::page_name;

/// The name of a widget of the catalogue.
pub fn widget_name(catalogue: &Catalogue, widget: &str, locale: Locale) -> Option<String> {
    let widget = catalogue.get(widget)?;
    Some(widget.manifest().name.get(locale.language).to_owned())
}

pub fn describe_change(change: &ChangeSummary, catalogue: &Catalogue, locale: Locale) -> String {
    // A widget that left the catalogue is called by its id.
    let card = |widget: &str| {
        widget_name(catalogue, widget, locale).unwrap_or_else(|| widget.to_owned()).into()
    };
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX).into();
    let of_card = |key: &str, widget: &str| locale.say_with(key, &[("card", card(widget))]);
    let of_page =
        |key: &str, name: &str| locale.say_with(key, &[("page", page_name(name, locale).into())]);
    match change {
        ChangeSummary::Added { widget } => of_card("deed-added", widget),
        ChangeSummary::Removed { widget } => of_card("deed-removed", widget),
        ChangeSummary::PutBack { widget } => of_card("deed-put-back", widget),
        ChangeSummary::Moved { widget, position } => {
            locale.say_with("deed-moved", &[("card", card(widget)), ("position", count(*position))])
        }
        ChangeSummary::MovedToPage { widget, page, position } => locale.say_with(
            "deed-to-page",
            &[
                ("card", card(widget)),
                ("page", page_name(page, locale).into()),
                ("position", count(*position)),
            ],
        ),
        ChangeSummary::Resized { widget, size } => locale
            .say_with("deed-resized", &[("card", card(widget)), ("size", i64::from(*size).into())]),
        ChangeSummary::Folded { widget } => of_card("deed-folded", widget),
        ChangeSummary::Unfolded { widget } => of_card("deed-unfolded", widget),
        ChangeSummary::Configured { widget } => of_card("deed-configured", widget),
        ChangeSummary::Arranged => locale.say("deed-arranged"),
        ChangeSummary::AddedPage { name } => of_page("deed-page-added", name),
        ChangeSummary::ChangedPage { name } => of_page("deed-page-changed", name),
        ChangeSummary::MovedPage { name, position } => locale.say_with(
            "deed-page-moved",
            &[("page", page_name(name, locale).into()), ("position", count(*position))],
        ),
        ChangeSummary::RemovedPage { name } => of_page("deed-page-removed", name),
        ChangeSummary::Changed => locale.say("deed-changed"),
    }
}
