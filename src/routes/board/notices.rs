//! What came of the last change, in words.

use super::Asked;
use super::words::{page_name, title};
use crate::locale::Locale;
use crate::pages::notice::{Notice, NoticeAction, NoticeTone};
use crate::pages::sending::Sending;
use crate::session::Session;
use voordeur_engine::Catalogue;
use voordeur_store::Board;

/// What the address says was done, on the board as it is now.
pub fn done(
    catalogue: &Catalogue,
    session: &Session,
    board: &Board,
    asked: &Asked,
) -> Option<Notice> {
    let locale = session.locale;
    let spot = asked.card.as_deref().and_then(|id| board.spot(id));
    let shown = &board.pages[board.page_or_first(asked.page.as_deref())];
    let page = spot.map_or(shown, |spot| &board.pages[spot.page]);
    let card = spot.map(|spot| &page.cards[spot.index]);
    let named = card.and_then(|card| title(catalogue, &card.widget, locale));
    let of_card = |key: &str| Some(locale.say_with(key, &[("card", named.clone()?.into())]));
    let of_page =
        |key: &str| Some(locale.say_with(key, &[("page", page_name(&page.name, locale).into())]));
    let position = spot.and_then(|spot| i64::try_from(spot.index + 1).ok());
    let total = i64::try_from(page.cards.len()).unwrap_or(i64::MAX);
    let mut undo = true;
    let mut tone = NoticeTone::Done;
    let text = match asked.done.as_deref()? {
        "add" => of_card("done-added"),
        "remove" => {
            let removed = title(catalogue, asked.widget.as_deref()?, locale)?;
            Some(locale.say_with("done-removed", &[("card", removed.into())]))
        }
        "move" => Some(locale.say_with(
            "done-moved",
            &[
                ("card", named.clone()?.into()),
                ("position", position?.into()),
                ("total", total.into()),
            ],
        )),
        "place" => Some(locale.say_with(
            "done-placed",
            &[
                ("card", named.clone()?.into()),
                ("position", position?.into()),
                ("total", total.into()),
                ("size", i64::from(card?.size).into()),
            ],
        )),
        "to-page" => Some(locale.say_with(
            "done-to-page",
            &[
                ("card", named.clone()?.into()),
                ("page", page_name(&page.name, locale).into()),
                ("position", position?.into()),
                ("total", total.into()),
            ],
        )),
        "resize" => Some(locale.say_with(
            "done-resized",
            &[("card", named.clone()?.into()), ("size", i64::from(card?.size).into())],
        )),
        "fold" => of_card("done-folded"),
        "unfold" => of_card("done-unfolded"),
        "settings" => of_card("done-settings"),
        "page-add" => of_page("done-page-added"),
        "page-change" => of_page("done-page-changed"),
        "page-move" => {
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
        "page-remove" => Some(locale.say("done-page-removed")),
        "refresh" => {
            undo = false;
            of_card("done-refreshed")
        }
        "refresh-failed" => {
            undo = false;
            tone = NoticeTone::RequestError;
            of_card("done-not-refreshed")
        }
        "undo" => {
            undo = false;
            Some(locale.say("done-undone"))
        }
        "redo" => {
            undo = false;
            Some(locale.say("done-redone"))
        }
        "history" => {
            undo = false;
            Some(locale.say("done-history"))
        }
        "welcome" => {
            undo = false;
            Some(welcome_done(session, locale))
        }
        _ => None,
    }?;
    let actions = if undo { vec![undo_action(locale, board, asked)] } else { Vec::new() };
    Some(Notice { text, tone, actions, keep: None })
}

fn welcome_done(session: &Session, locale: Locale) -> String {
    let place = session.place().municipality.get(locale.language).to_owned();
    locale.say_with("done-welcome", &[("place", place.into())])
}

fn undo_action(locale: Locale, board: &Board, asked: &Asked) -> NoticeAction {
    NoticeAction {
        url: "/undo".to_owned(),
        data_action: "undo".to_owned(),
        label: locale.say("action-undo"),
        hidden: Sending::new(board.revision, asked.page.clone(), asked.edit.is_some()).fields(),
        id: "undo-last".to_owned(),
    }
}
