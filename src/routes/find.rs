//! Quick find: everything that can be jumped to.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;
use voordeur_engine::Catalogue;
use voordeur_shared::paths;
use voordeur_widget_api::search_key;
use voordeur_widget_api::{FieldKind, Manifest, label_key};

use super::RequestError;
use crate::app::App;
use crate::find::{MAX_SEARCH_CHARS, is_short, rank, shortened};
use crate::locale::Locale;
use crate::page_response::{PageOptions, render_page};
use crate::pages::board::tabs::page_name;
use crate::pages::find::{FindPage, ResultGroup, SearchResult, draw, draw_list};
use crate::pages::theme_name;
use crate::session::Session;
use voordeur_store::{Board, Card, Page};

#[derive(Debug, Default, Deserialize)]
pub struct FindQuery {
    #[serde(default)]
    q: String,
    /// `list`: all items as a fragment, for the dialog.
    #[serde(rename = "as")]
    shape: Option<String>,
}

/// `GET /find`
pub async fn show(
    State(app): State<App>,
    session: Session,
    Query(search): Query<FindQuery>,
) -> Result<Response, RequestError> {
    let locale = session.locale;
    let board = session.board(&app).await?;
    if !is_short(&search.q) {
        let query = shortened(&search.q);
        let problem = Some(describe_long_search("find-label", locale));
        return Ok(show_page(&session, FindPage { locale, query, problem, results: Vec::new() }));
    }
    let all = all_results(&app.catalogue(), &board, locale);
    if search.shape.as_deref() == Some("list") {
        // The items are private to the citizen.
        return Ok(
            ([(CACHE_CONTROL, "private, no-store")], Html(draw_list(locale, all))).into_response()
        );
    }
    let typed = search_key(&search.q);
    let mut results: Vec<(u8, SearchResult)> =
        all.into_iter().filter_map(|one| Some((rank(&one.words, &typed)?, one))).collect();
    results.sort_by_key(|(rank, _)| *rank);
    let results = results.into_iter().map(|(_, one)| one).collect();
    let model = FindPage { locale, query: search.q, problem: None, results };
    Ok(show_page(&session, model))
}

fn show_page(session: &Session, model: FindPage) -> Response {
    let page_options = PageOptions {
        title: model.locale.say("find-title"),
        current: Some("find"),
        ..PageOptions::default()
    };
    render_page(session, StatusCode::OK, page_options, || draw(model))
}

/// Says that the text in a search field is too long; `label` is the key of the field's label.
pub fn describe_long_search(label: &str, locale: Locale) -> String {
    let longest = i64::try_from(MAX_SEARCH_CHARS).unwrap_or(i64::MAX);
    let label = locale.say(label);
    locale
        .say_with("problem-too-long-field", &[("label", label.into()), ("longest", longest.into())])
}

/// Cards, pages, settings and widgets, each group in its own order.
fn all_results(catalogue: &Catalogue, board: &Board, locale: Locale) -> Vec<SearchResult> {
    let mut all = cards(catalogue, board, locale);
    all.extend(pages(board, locale));
    all.extend(settings(locale));
    let mut widgets: Vec<SearchResult> =
        catalogue.all().map(|widget| widget_result(widget.manifest(), locale)).collect();
    widgets.sort_by_key(|widget| widget.name.to_lowercase());
    all.extend(widgets);
    all
}

fn cards(catalogue: &Catalogue, board: &Board, locale: Locale) -> Vec<SearchResult> {
    let of_widget = |widget: &str| board.cards().filter(|other| other.widget == widget).count();
    let mut results = Vec::new();
    for (index, (page, card)) in cards_by_page(board).enumerate() {
        let Some(widget) = catalogue.get(&card.widget) else { continue };
        let manifest = widget.manifest();
        let position = || {
            let number = i64::try_from(index + 1).unwrap_or(i64::MAX);
            locale.say_with("find-card-number", &[("number", number.into())])
        };
        let note = distinguishing_setting(manifest, card, locale)
            .or_else(|| (of_widget(&card.widget) > 1).then(position));
        let name = manifest.name.get(locale.language).to_owned();
        let words = search_text(manifest, locale, &[note.as_deref().unwrap_or_default()]);
        results.push(SearchResult {
            group: ResultGroup::Cards,
            // The heading of a card takes the focus.
            href: format!("{}#title-{}", page_address(board, page), card.id),
            name,
            note,
            theme: Some(manifest.theme),
            words,
        });
    }
    results
}

fn cards_by_page(board: &Board) -> impl Iterator<Item = (&Page, &Card)> {
    board.pages.iter().flat_map(|page| page.cards.iter().map(move |card| (page, card)))
}

fn page_address(board: &Board, page: &Page) -> String {
    let first = board.pages.first().is_some_and(|first| first.id == page.id);
    paths::board((!first).then_some(&page.id), false)
}

/// The pages of a board, if there are several.
fn pages(board: &Board, locale: Locale) -> Vec<SearchResult> {
    if board.pages.len() < 2 {
        return Vec::new();
    }
    let results = board.pages.iter().map(|page| {
        let name = page_name(&page.name, locale);
        SearchResult {
            group: ResultGroup::Pages,
            href: page_address(board, page),
            words: search_key(&name),
            name,
            note: None,
            theme: None,
        }
    });
    results.collect()
}

/// The setting that distinguishes a card from others of its widget: the first one that is
/// meaningful by itself.
fn distinguishing_setting(manifest: &Manifest, card: &Card, locale: Locale) -> Option<String> {
    manifest.fields.iter().find_map(|field| {
        let value = card.settings.get(&field.id).filter(|value| !value.is_empty())?;
        match &field.kind {
            FieldKind::Choice { choices } => choices
                .iter()
                .find(|choice| choice.value == *value)
                .map(|choice| choice.label.get(locale.language).to_owned()),
            FieldKind::Lookup { .. } => {
                Some(card.settings.get(&label_key(&field.id)).unwrap_or(value).clone())
            }
            FieldKind::Text { .. }
            | FieldKind::Plate
            | FieldKind::Place
            | FieldKind::WebAddress
            | FieldKind::Date { .. } => Some(value.clone()),
            FieldKind::Number { .. } | FieldKind::Toggle => None,
        }
    })
}

fn widget_result(manifest: &Manifest, locale: Locale) -> SearchResult {
    SearchResult {
        group: ResultGroup::Widgets,
        href: paths::widget(&manifest.id, None),
        name: manifest.name.get(locale.language).to_owned(),
        note: Some(manifest.publisher.name.clone()),
        theme: Some(manifest.theme),
        words: search_text(manifest, locale, &[]),
    }
}

/// All texts of a widget, its name first.
pub fn search_text(manifest: &Manifest, locale: Locale, more: &[&str]) -> String {
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

fn settings(locale: Locale) -> Vec<SearchResult> {
    let one = |name: String, href: &str, others: String| SearchResult {
        group: ResultGroup::Settings,
        href: href.to_owned(),
        words: search_key(&format!("{name} {others}")),
        name,
        note: None,
        theme: None,
    };
    vec![
        one(locale.say("welcome-page-title"), paths::WELCOME, locale.say("find-words-place")),
        one(locale.say("find-arrange"), paths::BOARD_EDIT, locale.say("find-words-arrange")),
        one(locale.say("shell-language"), "#language", locale.say("find-words-language")),
        one(locale.say("look-title"), "#look", locale.say("find-words-look")),
        one(locale.say("history-title"), paths::HISTORY, locale.say("find-words-history")),
        one(
            locale.say("catalogue-everything"),
            paths::CATALOGUE,
            locale.say("find-words-catalogue"),
        ),
        one(locale.say("shell-services"), paths::SERVICES, locale.say("find-words-services")),
        one(locale.say("shell-privacy"), paths::PRIVACY, locale.say("find-words-privacy")),
        one(
            locale.say("shell-accessibility"),
            paths::ACCESSIBILITY,
            locale.say("find-words-accessibility"),
        ),
        one(locale.say("shell-about"), paths::ABOUT, locale.say("find-words-about")),
        one(locale.say("shell-own-card"), paths::ABOUT_OWN_CARD, locale.say("find-words-own-card")),
    ]
}

#[cfg(test)]
mod tests {
    use voordeur_widget_api::{Language, Settings};

    use super::*;
    use crate::default_board;

    fn results(typed: &str, language: Language, board: &Board) -> Vec<(ResultGroup, String)> {
        let (catalogue, _) = Catalogue::embedded();
        let mut results: Vec<(u8, ResultGroup, String)> =
            all_results(&catalogue, board, Locale::new(language))
                .into_iter()
                .filter_map(|one| {
                    Some((rank(&one.words, &search_key(typed))?, one.group, one.href))
                })
                .collect();
        results.sort_by_key(|(rank, ..)| *rank);
        results.into_iter().map(|(_, group, href)| (group, href)).collect()
    }

    fn board() -> Board {
        let (catalogue, _) = Catalogue::embedded();
        Board::starting(default_board::cards(&catalogue))
    }

    #[test]
    fn a_word_finds_cards_widgets_and_settings() {
        let trains = results("trein", Language::Nl, &board());
        let card = (ResultGroup::Cards, "/#title-first-train-departures".to_owned());
        assert_eq!(trains[0], card);
        assert!(trains.contains(&(ResultGroup::Widgets, "/catalogue/train-departures".to_owned())));
        let moved = results("verhuizen", Language::Nl, &board());
        assert_eq!(moved, [(ResultGroup::Settings, "/welcome".to_owned())]);
        assert_eq!(results("zzz", Language::Nl, &board()), []);
    }

    #[test]
    fn case_and_accents_do_not_matter() {
        for typed in ["METEO", "météo", "Meteo"] {
            let warnings = results(typed, Language::Fr, &board());
            assert!(
                warnings
                    .contains(&(ResultGroup::Widgets, "/catalogue/weather-warnings".to_owned())),
                "{typed}: {warnings:?}"
            );
        }
    }

    #[test]
    fn cards_of_one_widget_are_distinguished() {
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
