//! Names of widgets and pages, and descriptions of changes, in the citizen's language.

use voordeur_engine::Catalogue;

use crate::locale::Locale;
use crate::sets;
use voordeur_store::{Card, ChangeSummary};
use voordeur_widget_api::TITLE_KEY;

pub use crate::pages::board::tabs::page_name;

/// The name of a widget of the catalogue.
pub fn widget_name(catalogue: &Catalogue, widget: &str, locale: Locale) -> Option<String> {
    let widget = catalogue.get(widget)?;
    Some(widget.manifest().name.get(locale.language).to_owned())
}

/// The title that the citizen gave to a card, or the name of its widget.
pub fn card_name(catalogue: &Catalogue, card: &Card, locale: Locale) -> Option<String> {
    let own = card.settings.get(TITLE_KEY).cloned();
    own.or_else(|| widget_name(catalogue, &card.widget, locale))
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
        ChangeSummary::Resized { widget, size } => {
            locale.say_with("deed-resized", &[("card", card(widget)), ("size", size.id().into())])
        }
        ChangeSummary::Folded { widget } => of_card("deed-folded", widget),
        ChangeSummary::Unfolded { widget } => of_card("deed-unfolded", widget),
        ChangeSummary::Configured { widget } => of_card("deed-configured", widget),
        ChangeSummary::Ticked { widget } => of_card("deed-ticked", widget),
        ChangeSummary::Unticked { widget } => of_card("deed-unticked", widget),
        ChangeSummary::AddedItem { widget } => of_card("deed-item-added", widget),
        ChangeSummary::ClearedItems { widget } => of_card("deed-items-cleared", widget),
        ChangeSummary::Arranged => locale.say("deed-arranged"),
        ChangeSummary::Started => locale.say("deed-started"),
        ChangeSummary::AddedSet { set } => {
            let name = sets::with_id(set).map_or(set.as_str(), |set| set.name.get(locale.language));
            locale.say_with("deed-set", &[("set", name.into())])
        }
        ChangeSummary::AddedPage { name } => of_page("deed-page-added", name),
        ChangeSummary::ChangedPage { name } => of_page("deed-page-changed", name),
        ChangeSummary::MovedPage { name, position } => locale.say_with(
            "deed-page-moved",
            &[("page", page_name(name, locale).into()), ("position", count(*position))],
        ),
        ChangeSummary::RemovedPage { name } => of_page("deed-page-removed", name),
        ChangeSummary::Imported { cards, replace: true } => {
            locale.say_with("deed-imported-instead", &[("count", count(*cards))])
        }
        ChangeSummary::Imported { cards, .. } => {
            locale.say_with("deed-imported", &[("count", count(*cards))])
        }
        ChangeSummary::Changed => locale.say("deed-changed"),
    }
}
