//! Everything that can be found: cards, pages, settings, widgets, and the services that are not
//! there yet.

use voordeur_engine::Catalogue;
use voordeur_shared::paths;
use voordeur_widget_api::{FieldKind, Manifest, TITLE_KEY, label_key, search_key};

use crate::find::{FAR, WANTED, ranks};
use crate::locale::Locale;
use crate::pages::board::tabs::page_name;
use crate::pages::find::{Instead, ResultGroup, SearchResult};
use crate::pages::theme_name;
use crate::suggestions::Neighbourhood;
use crate::wanted::{self, Wanted};
use voordeur_store::{Board, Card, Page};

/// The widgets that show what a citizen brings along: the last resort of a search.
const OWN_WIDGETS: [&str; 2] = ["news-feed", "calendar"];

/// The catalogue and the citizen, as far as a search needs them.
pub struct Searcher<'a> {
    pub catalogue: &'a Catalogue,
    pub locale: Locale,
    pub neighbourhood: Neighbourhood<'a>,
    /// Whether the operator has the API key in this variable.
    pub has_key: &'a dyn Fn(&str) -> bool,
}

/// The results that match what was typed, the best first.
pub fn in_order(all: Vec<SearchResult>, typed: &str) -> Vec<SearchResult> {
    let texts: Vec<&str> = all.iter().map(|one| one.words.as_str()).collect();
    let ranks = ranks(&texts, typed);
    let mut found: Vec<(u8, SearchResult)> =
        ranks.into_iter().zip(all).filter_map(|(rank, one)| Some((rank?, one))).collect();
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().map(|(_, one)| one).collect()
}

impl Searcher<'_> {
    /// All that can be found, each group in its own order.
    pub fn all(&self, board: &Board) -> Vec<SearchResult> {
        let mut all = self.cards(board);
        all.extend(pages(board, self.locale));
        all.extend(settings(self.locale));
        all.extend(self.manifests().into_iter().map(|manifest| self.widget(manifest)));
        all.extend(wanted::all().iter().map(|wanted| self.wanted(wanted)));
        all
    }

    /// The manifests of all widgets: the nearest first, those that lack a key last.
    pub fn manifests(&self) -> Vec<&Manifest> {
        let mut manifests: Vec<&Manifest> =
            self.catalogue.all().map(|widget| widget.manifest()).collect();
        manifests.sort_by_cached_key(|manifest| {
            let nearness = self.neighbourhood.nearness(manifest);
            let lacks_key = manifest.key.as_ref().is_some_and(|key| !(self.has_key)(&key.variable));
            let name = manifest.name.get(self.locale.language).to_lowercase();
            (lacks_key, u8::MAX - nearness, name)
        });
        manifests
    }

    /// The widgets for what the citizen brings along.
    pub fn instead(&self) -> Vec<Instead> {
        self.names_of(&OWN_WIDGETS)
    }

    /// The widgets that help until there is one for what is wanted.
    pub fn instead_of(&self, wanted: &Wanted) -> Vec<Instead> {
        self.names_of(&wanted.instead)
    }

    fn names_of(&self, widgets: &[impl AsRef<str>]) -> Vec<Instead> {
        let manifests = widgets.iter().filter_map(|id| self.catalogue.get(id.as_ref()));
        let manifests = manifests.map(|widget| widget.manifest());
        let near = manifests
            .filter(|manifest| self.neighbourhood.nearness(manifest) > Neighbourhood::FAR)
            .map(|manifest| Instead {
                name: manifest.name.get(self.locale.language).to_owned(),
                href: paths::widget(&manifest.id, None),
            });
        near.collect()
    }

    /// The text of a widget, as [`ranks`] takes it; `more` distinguishes a card of it.
    pub fn text_of(&self, manifest: &Manifest, more: &str) -> String {
        let language = self.locale.language;
        let far = self.neighbourhood.nearness(manifest) == Neighbourhood::FAR;
        let search: String =
            manifest.search.get(language).iter().map(|word| search_key(word) + ",").collect();
        let others = [manifest.summary.get(language), &manifest.publisher.name, &manifest.id, more];
        format!(
            "{}{};{search};{};{}",
            if far { FAR.to_string() } else { String::new() },
            search_key(manifest.name.get(language)),
            search_key(&others.join(" ")),
            search_key(&theme_name(self.locale, manifest.theme)),
        )
    }

    fn cards(&self, board: &Board) -> Vec<SearchResult> {
        let locale = self.locale;
        let of_widget = |widget: &str| board.cards().filter(|other| other.widget == widget).count();
        let mut results = Vec::new();
        for (index, (page, card)) in cards_by_page(board).enumerate() {
            let Some(widget) = self.catalogue.get(&card.widget) else { continue };
            let manifest = widget.manifest();
            let position = || {
                let number = i64::try_from(index + 1).unwrap_or(i64::MAX);
                locale.say_with("find-card-number", &[("number", number.into())])
            };
            let note = distinguishing_setting(manifest, card, locale)
                .or_else(|| (of_widget(&card.widget) > 1).then(position));
            let own = card.settings.get(TITLE_KEY);
            let name = own.map_or(manifest.name.get(locale.language), String::as_str).to_owned();
            // A title of one's own is the name; that of the widget finds the card, too.
            let words = self.text_of(manifest, note.as_deref().unwrap_or_default());
            let words = words.trim_start_matches(FAR);
            let words = match own {
                Some(own) => {
                    let (known, rest) = words.split_once(';').unwrap_or((words, ""));
                    format!("{};{known},{rest}", search_key(own))
                }
                None => words.to_owned(),
            };
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

    fn widget(&self, manifest: &Manifest) -> SearchResult {
        SearchResult {
            group: ResultGroup::Widgets,
            href: paths::widget(&manifest.id, None),
            name: manifest.name.get(self.locale.language).to_owned(),
            note: Some(manifest.publisher.name.clone()).filter(|name| !name.is_empty()),
            theme: Some(manifest.theme),
            words: self.text_of(manifest, ""),
        }
    }

    /// The text of something wanted, as [`ranks`] takes it.
    pub fn text_of_wanted(&self, wanted: &Wanted) -> String {
        let language = self.locale.language;
        let far = self.neighbourhood.nearness_of(&wanted.covers) == Neighbourhood::FAR;
        let search: String =
            wanted.search.get(language).iter().map(|word| search_key(word) + ",").collect();
        let far = if far { FAR.to_string() } else { String::new() };
        format!("{far}{WANTED}{};{search};;", search_key(wanted.name.get(language)))
    }

    fn wanted(&self, wanted: &Wanted) -> SearchResult {
        let name = wanted.name.get(self.locale.language).to_owned();
        let instead: Vec<String> =
            self.instead_of(wanted).into_iter().map(|other| other.name).collect();
        let note = (!instead.is_empty()).then(|| {
            let cards = instead.join(", ");
            self.locale.say_with("wanted-try", &[("cards", cards.into())])
        });
        SearchResult {
            group: ResultGroup::Wanted,
            href: search_address(&name),
            name,
            note,
            theme: None,
            words: self.text_of_wanted(wanted),
        }
    }
}

/// The catalogue, searched for a text.
fn search_address(typed: &str) -> String {
    let query =
        url::form_urlencoded::Serializer::new(String::new()).append_pair("q", typed).finish();
    format!("{}?{query}", paths::CATALOGUE)
}

fn cards_by_page(board: &Board) -> impl Iterator<Item = (&Page, &Card)> {
    board.pages.iter().flat_map(|page| page.cards.iter().map(move |card| (page, card)))
}

fn page_address(board: &Board, page: &Page) -> String {
    let first = board.pages.first().is_some_and(|first| first.id == page.id);
    paths::board((!first).then_some(&page.id), false)
}

/// The pages of a board, if there are several.
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
            words: format!("{};;;", search_key(&name)),
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
            FieldKind::Lines { .. }
            | FieldKind::Links
            | FieldKind::Items
            | FieldKind::Number { .. }
            | FieldKind::Toggle => None,
        }
    })
}

fn settings(locale: Locale) -> Vec<SearchResult> {
    let one = |name: String, href: &str, others: String| SearchResult {
        group: ResultGroup::Settings,
        href: href.to_owned(),
        words: format!("{};{};;", search_key(&name), search_key(&others).replace(' ', ",")),
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
        one(locale.say("wall-title"), paths::WALL, locale.say("find-words-wall")),
        one(locale.say("forget-title"), paths::FORGET, locale.say("find-words-forget")),
        one(
            locale.say("shell-accessibility"),
            paths::ACCESSIBILITY,
            locale.say("find-words-accessibility"),
        ),
        one(locale.say("shell-about"), paths::ABOUT, locale.say("find-words-about")),
        one(locale.say("shell-own-card"), paths::ABOUT_OWN_CARD, locale.say("find-words-own-card")),
    ]
}
