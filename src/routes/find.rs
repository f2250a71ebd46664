//! Quick find: everything that can be jumped to from anywhere.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;
use voordeur_engine::Catalogue;
use voordeur_widget_api::{FieldKind, Manifest, label_key, search_key};

use super::RequestError;
use crate::app::App;
use crate::find::rank;
use crate::locale::Locale;
use crate::page_response::{PageOptions, render_page};
use crate::pages::board::tabs::page_name;
use crate::pages::find::{FindPage, Found, Group, draw, draw_list};
use crate::pages::sending::board_address;
use crate::pages::theme_name;
use crate::session::Session;
use voordeur_store::{Board, Card, Page};

/// What is searched for, and in which form the answer is wanted.
#[derive(Debug, Default, Deserialize)]
pub struct Search {
    #[serde(default)]
    q: String,
    /// `list`: everything, for the dialog that sifts it by itself.
    #[serde(rename = "as")]
    shape: Option<String>,
}

/// `GET /find`
pub async fn show(
    State(app): State<App>,
    session: Session,
    Query(search): Query<Search>,
) -> Result<Response, RequestError> {
    let locale = session.locale;
    let board = session.board(&app).await?;
    let all = everything(&app.catalogue(), &board, locale);
    if search.shape.as_deref() == Some("list") {
        // What stands on a board is nobody else's.
        return Ok(
            ([(CACHE_CONTROL, "private, no-store")], Html(draw_list(locale, all))).into_response()
        );
    }
    let typed = search_key(&search.q);
    let mut found: Vec<(u8, Found)> =
        all.into_iter().filter_map(|one| Some((rank(&one.words, &typed)?, one))).collect();
    found.sort_by_key(|(rank, _)| *rank);
    let model = FindPage {
        locale,
        query: search.q,
        found: found.into_iter().map(|(_, one)| one).collect(),
    };
    let page_options = PageOptions {
        title: locale.say("find-title"),
        current: Some("find"),
        ..PageOptions::default()
    };
    Ok(render_page(&app, &session, StatusCode::OK, page_options, || draw(model)))
}

/// Cards, pages, settings and widgets, each group in its own order.
fn everything(catalogue: &Catalogue, board: &Board, locale: Locale) -> Vec<Found> {
    let mut all = cards(catalogue, board, locale);
    all.extend(pages(board, locale));
    all.extend(settings(locale));
    let mut widgets: Vec<Found> =
        catalogue.all().map(|widget| widget_found(widget.manifest(), locale)).collect();
    widgets.sort_by_key(|widget| widget.name.to_lowercase());
    all.extend(widgets);
    all
}

fn cards(catalogue: &Catalogue, board: &Board, locale: Locale) -> Vec<Found> {
    let of_widget = |widget: &str| board.cards().filter(|other| other.widget == widget).count();
    let mut found = Vec::new();
    for (index, (page, card)) in cards_by_page(board).enumerate() {
        let Some(widget) = catalogue.get(&card.widget) else { continue };
        let manifest = widget.manifest();
        let position = || {
            let number = i64::try_from(index + 1).unwrap_or(i64::MAX);
            locale.say_with("find-card-number", &[("number", number.into())])
        };
        let note =
            answer(manifest, card, locale).or_else(|| (of_widget(&card.widget) > 1).then(position));
        let name = manifest.name.get(locale.language).to_owned();
        let words = said(manifest, locale, &[note.as_deref().unwrap_or_default()]);
        found.push(Found {
            group: Group::Cards,
            // The heading of a card takes the focus.
            href: format!("{}#title-{}", page_address(board, page), card.id),
            name,
            note,
            theme: Some(manifest.theme),
            words,
        });
    }
    found
}

fn cards_by_page(board: &Board) -> impl Iterator<Item = (&Page, &Card)> {
    board.pages.iter().flat_map(|page| page.cards.iter().map(move |card| (page, card)))
}

/// The first page of a board has no address of its own.
fn page_address(board: &Board, page: &Page) -> String {
    let first = board.pages.first().is_some_and(|first| first.id == page.id);
    board_address((!first).then_some(&page.id), false)
}

/// The pages of a board, when there are several.
fn pages(board: &Board, locale: Locale) -> Vec<Found> {
    if board.pages.len() < 2 {
        return Vec::new();
    }
    let found = board.pages.iter().map(|page| {
        let name = page_name(&page.name, locale);
        Found {
            group: Group::Pages,
            href: page_address(board, page),
            words: search_key(&name),
            name,
            note: None,
            theme: None,
        }
    });
    found.collect()
}

/// What tells a card from others of its widget: the first of its settings that says something by itself.
fn answer(manifest: &Manifest, card: &Card, locale: Locale) -> Option<String> {
    manifest.fields.iter().find_map(|field| {
        let kept = card.settings.get(&field.id).filter(|kept| !kept.is_empty())?;
        match &field.kind {
            FieldKind::Choice { choices } => choices
                .iter()
                .find(|choice| choice.value == *kept)
                .map(|choice| choice.label.get(locale.language).to_owned()),
            FieldKind::Lookup { .. } => {
                Some(card.settings.get(&label_key(&field.id)).unwrap_or(kept).clone())
            }
            FieldKind::Text { .. }
            | FieldKind::Plate
            | FieldKind::Place
            | FieldKind::WebAddress
            | FieldKind::Date { .. } => Some(kept.clone()),
            FieldKind::Number { .. } | FieldKind::Toggle => None,
        }
    })
}

fn widget_found(manifest: &Manifest, locale: Locale) -> Found {
    Found {
        group: Group::Widgets,
        href: format!("/catalogue/{}", manifest.id),
        name: manifest.name.get(locale.language).to_owned(),
        note: Some(manifest.publisher.name.clone()),
        theme: Some(manifest.theme),
        words: said(manifest, locale, &[]),
    }
}

/// All that is said about a widget, its name first.
pub fn said(manifest: &Manifest, locale: Locale, more: &[&str]) -> String {
    let theme = theme_name(locale, manifest.theme);
    let texts = [
        manifest.name.get(locale.language),
        manifest.summary.get(locale.language),
        &manifest.publisher.name,
        &theme,
        &manifest.id,
    ];
    search_key(&[&texts[..], more].concat().join(" "))
}

fn settings(locale: Locale) -> Vec<Found> {
    let one = |name: String, href: &str, others: String| Found {
        group: Group::Settings,
        href: href.to_owned(),
        words: search_key(&format!("{name} {others}")),
        name,
        note: None,
        theme: None,
    };
    vec![
        one(locale.say("welcome-page-title"), "/welcome", locale.say("find-words-place")),
        one(locale.say("find-arrange"), "/?edit", locale.say("find-words-arrange")),
        one(locale.say("shell-language"), "#language", locale.say("find-words-language")),
        one(locale.say("look-title"), "#look", locale.say("find-words-look")),
        one(locale.say("history-title"), "/history", locale.say("find-words-history")),
        one(locale.say("catalogue-everything"), "/catalogue", locale.say("find-words-catalogue")),
        one(locale.say("shell-services"), "/services", locale.say("find-words-services")),
        one(locale.say("shell-privacy"), "/privacy", locale.say("find-words-privacy")),
        one(
            locale.say("shell-accessibility"),
            "/accessibility",
            locale.say("find-words-accessibility"),
        ),
        one(locale.say("shell-about"), "/about", locale.say("find-words-about")),
        one(locale.say("shell-own-card"), "/about#own-card", locale.say("find-words-own-card")),
    ]
}

#[cfg(test)]
mod tests {
    use voordeur_widget_api::{Language, Settings};

    use super::*;
    use crate::default_board;

    fn found(typed: &str, language: Language, board: &Board) -> Vec<(Group, String)> {
        let (catalogue, _) = Catalogue::embedded();
        let mut found: Vec<(u8, Group, String)> =
            everything(&catalogue, board, Locale::new(language))
                .into_iter()
                .filter_map(|one| {
                    Some((rank(&one.words, &search_key(typed))?, one.group, one.href))
                })
                .collect();
        found.sort_by_key(|(rank, ..)| *rank);
        found.into_iter().map(|(_, group, href)| (group, href)).collect()
    }

    fn board() -> Board {
        let (catalogue, _) = Catalogue::embedded();
        Board::starting(default_board::cards(&catalogue))
    }

    #[test]
    fn a_word_finds_cards_widgets_and_settings() {
        let trains = found("trein", Language::Nl, &board());
        let card = (Group::Cards, "/#title-first-train-departures".to_owned());
        assert_eq!(trains[0], card);
        assert!(trains.contains(&(Group::Widgets, "/catalogue/train-departures".to_owned())));
        let moved = found("verhuizen", Language::Nl, &board());
        assert_eq!(moved, [(Group::Settings, "/welcome".to_owned())]);
        assert_eq!(found("zzz", Language::Nl, &board()), []);
    }

    #[test]
    fn case_and_accents_do_not_matter() {
        for typed in ["METEO", "météo", "Meteo"] {
            let warnings = found(typed, Language::Fr, &board());
            assert!(
                warnings.contains(&(Group::Widgets, "/catalogue/weather-warnings".to_owned())),
                "{typed}: {warnings:?}"
            );
        }
    }

    #[test]
    fn cards_of_one_widget_are_told_apart() {
        let (catalogue, _) = Catalogue::embedded();
        let card = |id: &str, settings: Settings| Card {
            settings,
            ..Card::new(id.to_owned(), "air-quality".to_owned(), 4)
        };
        let lives = Settings::from([("place".to_owned(), "9000 Gent".to_owned())]);
        let cards = vec![card("a", Settings::new()), card("b", lives)];
        let board = Board::starting(cards);
        let notes: Vec<Option<String>> = cards_of(&catalogue, &board);
        assert_eq!(notes[0].as_deref(), Some("kaart 1 van je pagina"));
        assert_eq!(notes[1].as_deref(), Some("9000 Gent"));
    }

    fn cards_of(catalogue: &Catalogue, board: &Board) -> Vec<Option<String>> {
        super::cards(catalogue, board, Locale::new(Language::Nl))
            .into_iter()
            .map(|card| card.note)
            .collect()
    }
}
