//! The notices that report the last change.
//!
//! The address says what was done; it is believed only from a browser that has sent its cookie.

use super::BoardQuery;
use super::descriptions::{card_name, page_name, widget_name};
use voordeur_engine::Catalogue;

use crate::locale::Locale;
use crate::pages::form_context::FormContext;
use crate::pages::notice::{Notice, NoticeAction, NoticeTone};
use crate::session::Session;
use voordeur_shared::{Completed, paths};
use voordeur_store::Board;

/// The notice for the completed action that the address names, on the board as it is now.
pub fn done(
    catalogue: &Catalogue,
    session: &Session,
    board: &Board,
    query: &BoardQuery,
) -> Option<Notice> {
    let locale = session.locale;
    let completed = Completed::from_id(query.done.as_deref()?)?;
    // Fresh data needs no cookie.
    let changes_board = !matches!(completed, Completed::Refresh | Completed::RefreshFailed);
    if session.citizen.is_none() && changes_board {
        // The change was made for a guest whose cookie the browser has not kept.
        let text = locale.say("done-without-cookie");
        return Some(Notice { text, tone: NoticeTone::Failed, actions: Vec::new(), keep: None });
    }
    let spot = query.card.as_deref().and_then(|id| board.position_of(id));
    let shown = &board.pages[board.page_or_first(query.page.as_deref())];
    let page = spot.map_or(shown, |spot| &board.pages[spot.page]);
    let card = spot.map(|spot| &page.cards[spot.index]);
    let named = card.and_then(|card| card_name(catalogue, card, locale));
    let of_card = |key: &str| Some(locale.say_with(key, &[("card", named.clone()?.into())]));
    let of_page =
        |key: &str| Some(locale.say_with(key, &[("page", page_name(&page.name, locale).into())]));
    let position = spot.and_then(|spot| i64::try_from(spot.index + 1).ok());
    let total = i64::try_from(page.cards.len()).unwrap_or(i64::MAX);
    let mut undo = true;
    let mut tone = NoticeTone::Done;
    let text = match completed {
        Completed::Add => of_card("done-added"),
        Completed::Remove => {
            let widget = query.widget.as_deref()?;
            // The address may be from another board, or from before the card was put back.
            board.removed.iter().find(|removed| removed.card.widget == widget)?;
            let removed = widget_name(catalogue, widget, locale)?;
            Some(locale.say_with("done-removed", &[("card", removed.into())]))
        }
        Completed::Move => Some(locale.say_with(
            "done-moved",
            &[
                ("card", named.clone()?.into()),
                ("position", position?.into()),
                ("total", total.into()),
            ],
        )),
        Completed::Place => Some(locale.say_with(
            "done-placed",
            &[
                ("card", named.clone()?.into()),
                ("position", position?.into()),
                ("total", total.into()),
                ("size", card?.size.id().into()),
            ],
        )),
        Completed::ToPage => Some(locale.say_with(
            "done-to-page",
            &[
                ("card", named.clone()?.into()),
                ("page", page_name(&page.name, locale).into()),
                ("position", position?.into()),
                ("total", total.into()),
            ],
        )),
        Completed::Resize => Some(locale.say_with(
            "done-resized",
            &[("card", named.clone()?.into()), ("size", card?.size.id().into())],
        )),
        Completed::Fold => of_card("done-folded"),
        Completed::Unfold => of_card("done-unfolded"),
        Completed::Settings => of_card("done-settings"),
        Completed::SetAdd => Some(locale.say("done-set-added")),
        Completed::Tick => of_card("done-ticked"),
        Completed::Untick => of_card("done-unticked"),
        Completed::ItemAdd => of_card("done-item-added"),
        Completed::ItemsClear => of_card("done-items-cleared"),
        Completed::PageAdd => of_page("done-page-added"),
        Completed::PageChange => of_page("done-page-changed"),
        Completed::PageMove => {
            let position = board.pages.iter().position(|other| other.id == page.id)? + 1;
            Some(locale.say_with(
                "done-page-moved",
                &[
                    ("page", page_name(&page.name, locale).into()),
                    ("position", i64::try_from(position).ok()?.into()),
                    ("total", i64::try_from(board.pages.len()).ok()?.into()),
                ],
            ))
        }
        Completed::PageRemove => Some(locale.say("done-page-removed")),
        Completed::Refresh => {
            undo = false;
            of_card("done-refreshed")
        }
        Completed::RefreshFailed => {
            undo = false;
            tone = NoticeTone::Failed;
            of_card("done-not-refreshed")
        }
        Completed::Undo => {
            undo = false;
            Some(locale.say("done-undone"))
        }
        Completed::Redo => {
            undo = false;
            Some(locale.say("done-redone"))
        }
        Completed::History => {
            undo = false;
            Some(locale.say("done-history"))
        }
        Completed::Welcome => {
            undo = false;
            Some(welcome_done(session, locale))
        }
        Completed::Import => Some(locale.say("done-imported")),
        Completed::Arrange => None,
    }?;
    let actions = if undo { vec![undo_action(locale, board, query)] } else { Vec::new() };
    Some(Notice { text, tone, actions, keep: None })
}

fn welcome_done(session: &Session, locale: Locale) -> String {
    let place = session.place().municipality.get(locale.language).to_owned();
    locale.say_with("done-welcome", &[("place", place.into())])
}

fn undo_action(locale: Locale, board: &Board, query: &BoardQuery) -> NoticeAction {
    NoticeAction {
        url: paths::UNDO.to_owned(),
        data_action: "undo".to_owned(),
        label: locale.say("action-undo"),
        hidden: FormContext::new(board.revision, query.page.clone(), query.edit.is_some()).fields(),
        id: "undo-last".to_owned(),
    }
}
