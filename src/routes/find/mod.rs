//! Quick find: everything that can be jumped to.

mod results;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;
use voordeur_widget_api::search_key;

use super::RequestError;
use crate::app::App;
use crate::find::{MAX_SEARCH_CHARS, is_short, shortened};
use crate::locale::Locale;
use crate::page_response::{PageOptions, render_page};
use crate::pages::find::{FindPage, draw, draw_list};
use crate::session::Session;
use crate::suggestions::Neighbourhood;
pub use results::{Searcher, in_order};

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
        let (results, instead) = (Vec::new(), Vec::new());
        return Ok(show_page(&session, FindPage { locale, query, problem, results, instead }));
    }
    let catalogue = app.catalogue();
    let (place, guessed) = (session.place(), session.chosen_place().is_none());
    let has_key = |variable: &str| app.upstream.has_api_key(variable);
    let searcher = Searcher {
        catalogue: &catalogue,
        locale,
        neighbourhood: Neighbourhood { place: &place, guessed },
        has_key: &has_key,
    };
    let all = searcher.all(&board);
    let instead = searcher.instead();
    if search.shape.as_deref() == Some("list") {
        // The items are private to the citizen.
        return Ok(([(CACHE_CONTROL, "private, no-store")], Html(draw_list(locale, all, instead)))
            .into_response());
    }
    let results = in_order(all, &search_key(&search.q));
    let model = FindPage { locale, query: search.q, problem: None, results, instead };
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

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use voordeur_engine::Catalogue;
    use voordeur_store::{Board, Card};
    use voordeur_widget_api::{CardWidth, Language, Settings};

    use super::*;
    use crate::default_board;
    use crate::pages::find::{ResultGroup, SearchResult};

    /// The results of a citizen with a chosen place, or with none.
    fn search(
        typed: &str,
        language: Language,
        place: Option<&str>,
        board: &Board,
    ) -> Vec<SearchResult> {
        static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::embedded().0);
        let chosen = place.and_then(voordeur_gazetteer::by_postcode);
        let home = chosen.clone().unwrap_or_else(|| default_board::default_place(language));
        let searcher = Searcher {
            catalogue: &CATALOGUE,
            locale: Locale::new(language),
            neighbourhood: Neighbourhood { place: &home, guessed: chosen.is_none() },
            has_key: &|_| true,
        };
        in_order(searcher.all(board), &search_key(typed))
    }

    fn results(typed: &str, language: Language, board: &Board) -> Vec<(ResultGroup, String)> {
        let found = search(typed, language, None, board);
        found.into_iter().map(|one| (one.group, one.href)).collect()
    }

    fn board() -> Board {
        let (catalogue, _) = Catalogue::embedded();
        Board::starting(default_board::cards(&catalogue, Language::Nl))
    }

    #[test]
    fn the_words_that_people_type_find_the_card_that_they_mean() {
        let mut wrong = String::new();
        let mut count = 0;
        for row in include_str!("expected.tsv").lines().skip(1) {
            let [language, place, typed, expected] = row.split('\t').collect::<Vec<_>>()[..] else {
                panic!("{row}");
            };
            let language: Language = language.parse().expect("a language");
            let place = (place != "-").then_some(place);
            let found = search(typed, language, place, &Board::starting(Vec::new()));
            let first = found.first().map(|one| match one.group {
                ResultGroup::Widgets => one.href.trim_start_matches("/catalogue/").to_owned(),
                ResultGroup::Wanted => {
                    let wanted = crate::wanted::all();
                    let known = wanted.iter().find(|known| *known.name.get(language) == one.name);
                    format!("wanted:{}", known.map_or("?", |known| known.id.as_str()))
                }
                _ => one.href.clone(),
            });
            if first.as_deref() != Some(expected) {
                wrong.push_str(&format!("{row}: {first:?}\n"));
            }
            count += 1;
        }
        assert!(wrong.is_empty(), "\n{wrong}");
        assert!(count >= 120, "{count}");
    }

    #[test]
    fn every_embedded_widget_is_found_by_each_of_its_search_words() {
        let (catalogue, _) = Catalogue::embedded();
        for widget in catalogue.all() {
            let manifest = widget.manifest();
            for language in Language::ALL {
                let words = manifest.search.get(language);
                assert!(!words.is_empty(), "{} has no word in {language}", manifest.id);
            }
            let word = &manifest.search.nl[0];
            let href = format!("/catalogue/{}", manifest.id);
            let found = search(word, Language::Nl, Some("1850"), &Board::starting(Vec::new()));
            assert!(found.iter().any(|one| one.href == href), "{}: {word}", manifest.id);
        }
    }

    #[test]
    fn a_word_finds_cards_widgets_and_settings() {
        let trains = results("trein", Language::Nl, &board());
        let card = (ResultGroup::Cards, "/#title-first-train-departures".to_owned());
        assert_eq!(trains[0], card);
        assert!(trains.contains(&(ResultGroup::Widgets, "/catalogue/train-departures".to_owned())));
        let moved = results("verhuizen", Language::Nl, &board());
        assert_eq!(moved[0], (ResultGroup::Settings, "/welcome".to_owned()));
        assert_eq!(results("zzz", Language::Nl, &board()), []);
    }

    #[test]
    fn without_a_search_each_group_is_whole_and_nothing_is_wanted() {
        let all = results("", Language::Nl, &board());
        assert!(!all.iter().any(|(group, _)| *group == ResultGroup::Wanted));
        let first = |group| all.iter().position(|(one, _)| *one == group);
        assert!(first(ResultGroup::Cards) < first(ResultGroup::Settings));
        assert!(first(ResultGroup::Settings) < first(ResultGroup::Widgets));
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
        let card = |id: &str, settings: Settings| Card {
            settings,
            ..Card::new(id.to_owned(), "air-quality".to_owned(), CardWidth::Narrow)
        };
        let lives = Settings::from([("place".to_owned(), "9000 Gent".to_owned())]);
        let board = Board::starting(vec![card("a", Settings::new()), card("b", lives)]);
        let found = search("luchtkwaliteit", Language::Nl, None, &board);
        let note = |id: &str| {
            let href = format!("/#title-{id}");
            found.iter().find(|one| one.href == href).and_then(|one| one.note.clone())
        };
        assert_eq!(note("a").as_deref(), Some("kaart 1 van je pagina"));
        assert_eq!(note("b").as_deref(), Some("9000 Gent"));
    }
}
