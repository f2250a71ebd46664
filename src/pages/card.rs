//! The frame of a card: its heading, its buttons, and the body that the blocks fill.

use super::board::PlacedCard;
use super::form_context::FormContext;
use super::own_list::{self, ListLabels};
use super::wall::WallCard;
use super::{arranging, theme_icon};
use crate::blocks::DrawnCard;
use crate::icons::Icon;
use crate::locale::Locale;
use crate::markup::{Element, Html, html};
use crate::view_model::CardState;
use voordeur_shared::CardWidth;
use voordeur_shared::lanes::row_classes;
use voordeur_shared::paths::{self, CardAction};

/// The labels of the buttons, looked up once per board.
pub(super) struct CardLabels {
    refresh: String,
    again: String,
    reload: String,
    settings: String,
    fill_in: String,
    earlier: String,
    later: String,
    wider: String,
    narrower: String,
    remove: String,
    more: String,
    first: String,
    last: String,
    fold: String,
    unfold: String,
    page: String,
    to_page: String,
    handle: String,
    list: ListLabels,
}

impl CardLabels {
    pub(super) fn new(locale: Locale) -> Self {
        CardLabels {
            refresh: locale.say("card-refresh"),
            again: locale.say("card-again"),
            reload: locale.say("card-reload"),
            settings: locale.say("card-settings"),
            fill_in: locale.say("card-fill-in"),
            earlier: locale.say("card-earlier"),
            later: locale.say("card-later"),
            wider: locale.say("card-wider"),
            narrower: locale.say("card-narrower"),
            remove: locale.say("card-remove"),
            more: locale.say("card-more"),
            first: locale.say("card-first"),
            last: locale.say("card-last"),
            fold: locale.say("card-fold"),
            unfold: locale.say("card-unfold"),
            page: locale.say("card-page"),
            to_page: locale.say("card-to-page"),
            handle: locale.say("arranging-handle"),
            list: ListLabels::new(locale),
        }
    }
}

/// Another page of the board, as a target for a card.
pub(super) struct OtherPage {
    pub id: String,
    pub name: String,
}

/// Data shared by all cards of a board.
pub(super) struct CardsContext<'a> {
    pub words: CardLabels,
    pub others: Vec<OtherPage>,
    pub form_context: &'a FormContext,
    pub fields: Html,
}

/// Draws a card of a board.
pub(super) fn draw(placed: &PlacedCard, cards_context: &CardsContext<'_>) -> Element {
    let CardsContext { words, form_context, .. } = cards_context;
    let editing = form_context.editing;
    let (card, view_model) = (&placed.id, &placed.drawn.view_model);
    let title = &view_model.title;
    let needs_settings = view_model.state == CardState::NeedsSettings;
    let refresh = (!needs_settings && placed.has_service).then(|| {
        html("button")
            .class("tool again")
            .with("id", format!("refresh-{card}"))
            .with("data-action", "refresh")
            .with("title", words.refresh.clone())
            .child(Icon::Refresh.draw())
            .child(visually_hidden(words.refresh.clone()))
            .child(html("span").class("word").text(words.again.clone()))
            .child(visually_hidden(format!(": {title}")))
    });
    let folded = placed.folded;
    let fold = CardButton {
        id: "fold",
        action: "fold",
        path: CardAction::Fold,
        name: "folded",
        value: Some((!folded).to_string()),
        icon: Some(if folded { Icon::Unfold } else { Icon::Fold }),
        words: if folded { &words.unfold } else { &words.fold },
    };
    let handle = editing.then(|| arranging::handle(card, title, &words.handle));
    let form = html("form")
        .with("method", "post")
        .with("action", paths::card(card, CardAction::Refresh))
        .written(cards_context.fields.clone())
        .child(heading(&placed.drawn, card, handle))
        .children(refresh)
        .child(fold.draw(card, title))
        .children((!editing && placed.has_settings).then(|| draw_menu(card, title, words)))
        .children(editing.then(|| draw_edit_buttons(placed, cards_context)));
    let act = match view_model.state {
        CardState::NeedsSettings if placed.has_settings => Some(
            html("a")
                .class("button main act")
                // While the board is arranged, another button has this id.
                .with_some("id", (!editing).then(|| format!("settings-{card}")))
                .with("href", paths::card_settings(card, editing.then_some(paths::FROM_EDITING)))
                .with("data-action", "settings")
                .flag("data-smooth", true)
                .text(words.fill_in.clone())
                .child(visually_hidden(format!(": {title}"))),
        ),
        CardState::Waiting => Some(
            html("a").class("act").with("href", form_context.address()).text(words.reload.clone()),
        ),
        _ => None,
    };
    let list = placed
        .list
        .as_ref()
        .map(|list| own_list::draw(list, card, title, &words.list, &cards_context.fields));
    let body = html("div")
        .with("data-part", "body")
        .children(list.into_iter().flatten())
        .written(placed.drawn.body.clone());
    // While the board is arranged, a tool leads there.
    let write =
        placed.has_write_link(editing).then(|| own_list::draw_write(card, title, &words.list));
    let smallest = editing.then(|| placed.smallest.id().to_owned());
    let rows = row_classes(placed.rows(editing));
    let article = html("article")
        .with("class", ["card", &placed.places.classes(), &rows].concat())
        .with("id", format!("card-{card}"))
        .with("data-card", card.clone());
    with_data_attributes(article, &placed.drawn, card, placed.size)
        .with_some("data-smallest", smallest)
        // The script that moves cards places them anew.
        .with_some("data-rows", editing.then(|| placed.drawn.view_model.rows.to_attribute()))
        .with_some(
            "data-pace",
            placed.has_service.then(|| view_model.refresh_after_secs.to_string()),
        )
        .flag("data-folded", folded)
        .flag("data-highlight", placed.highlight)
        .child(form)
        .child(body)
        .children(write)
        .children(act)
}

/// Draws a card as a preview of its widget, without buttons.
pub(crate) fn draw_preview(id: &str, size: CardWidth, card: &DrawnCard) -> Element {
    draw_unarranged(html("article").class("card"), id, size, card)
}

/// Draws a card on a wall, in its lane and without buttons.
pub(super) fn draw_on_wall(on_wall: &WallCard) -> Element {
    let WallCard { id, size, places, drawn } = on_wall;
    let rows = row_classes(drawn.view_model.rows.of(*size));
    let article = html("article")
        .with("class", ["card", &places.classes(), &rows].concat())
        .with("id", format!("card-{id}"))
        .with("data-card", id.clone());
    draw_unarranged(article, id, *size, drawn)
}

fn draw_unarranged(article: Element, id: &str, size: CardWidth, card: &DrawnCard) -> Element {
    with_data_attributes(article, card, id, size)
        .child(heading(card, id, None))
        .child(draw_body(card))
}

/// Draws a card for the script that refreshes it: the script takes over what the card says, and
/// leaves its buttons as they are.
pub(crate) fn draw_refreshed(id: &str, size: CardWidth, card: &DrawnCard) -> Element {
    let rows = card.view_model.rows;
    let article = html("article").with("class", ["card", &row_classes(rows.of(size))].concat());
    draw_unarranged(article, id, size, card)
        // For a card that is being arranged: its buttons take rows of their own.
        .with("data-rows", rows.to_attribute())
        .with("data-card", id.to_owned())
        .with("data-pace", card.view_model.refresh_after_secs.to_string())
}

/// Adds the attributes that style sheets and scripts use.
fn with_data_attributes(article: Element, card: &DrawnCard, id: &str, size: CardWidth) -> Element {
    let view_model = &card.view_model;
    article
        .with("data-widget", view_model.widget.clone())
        .with("data-state", view_model.state.id())
        .with("data-size", size.id())
        .with("data-theme", view_model.theme.clone())
        .flag("data-sample", view_model.sample.is_some())
        .with("aria-labelledby", format!("title-{id}"))
}

fn heading(card: &DrawnCard, id: &str, handle: Option<Element>) -> Element {
    let view_model = &card.view_model;
    let title = html("h2")
        .with("id", format!("title-{id}"))
        .with("tabindex", "-1")
        .text(view_model.title.clone());
    let about = view_model.about.clone().map(|about| html("p").words(about));
    html("header")
        .children(handle)
        .child(theme_icon(&view_model.icon))
        .child(html("div").child(title).children(about))
}

fn draw_body(card: &DrawnCard) -> Element {
    html("div").with("data-part", "body").written(card.body.clone())
}

/// A text for screen readers.
fn visually_hidden(words: String) -> Element {
    html("span").class("vh").text(words)
}

/// A button of a card, in the form of the card.
struct CardButton<'a> {
    id: &'static str,
    action: &'static str,
    path: CardAction,
    /// The name of the button; may be empty.
    name: &'static str,
    /// The value of the button; `None` disables it.
    value: Option<String>,
    icon: Option<Icon>,
    words: &'a str,
}

impl CardButton<'_> {
    fn draw(self, card: &str, title: &str) -> Element {
        let CardButton { id, action, path, name, value, icon, words } = self;
        let mut button = html("button")
            .class(if id == "fold" { "tool fold" } else { "tool" })
            .with("id", format!("{id}-{card}"))
            .with("data-action", action)
            .with("formaction", paths::card(card, path));
        if !name.is_empty() {
            button = button.with("name", name);
        }
        let button = button
            .flag("disabled", value.is_none())
            .with_some("value", value.filter(|value| !value.is_empty()));
        match icon {
            Some(icon) => button
                .with("title", words.to_owned())
                .child(icon.draw())
                .child(visually_hidden(format!("{words}: {title}"))),
            None => button
                .child(html("span").text(words.to_owned()))
                .child(visually_hidden(format!(": {title}"))),
        }
    }
}

/// The menu of a card that is not being arranged.
fn draw_menu(card: &str, title: &str, words: &CardLabels) -> Element {
    let settings = html("a")
        .class("tool")
        .with("id", format!("menu-settings-{card}"))
        .with("href", paths::card_settings(card, None))
        .with("data-action", "settings")
        .flag("data-smooth", true)
        .child(Icon::Settings.draw())
        .child(html("span").text(words.settings.clone()))
        .child(visually_hidden(format!(": {title}")));
    html("details")
        .class("more menu-of-card")
        .with("name", "menu")
        .child(draw_more(card, title, words))
        .child(html("div").child(html("div").class("moves").child(settings)))
}

fn draw_more(card: &str, title: &str, words: &CardLabels) -> Element {
    html("summary")
        .class("tool")
        .with("id", format!("more-{card}"))
        .with("title", words.more.clone())
        .child(Icon::More.draw())
        .child(visually_hidden(format!("{}: {title}", words.more)))
}

/// The buttons for arranging a card.
fn draw_edit_buttons(placed: &PlacedCard, cards_context: &CardsContext<'_>) -> Element {
    let CardsContext { words, others, .. } = cards_context;
    let (card, title) = (&placed.id, &placed.drawn.view_model.title);
    let moving = |id: &'static str, possible: bool, icon: Option<Icon>, words: &str| {
        let value = possible.then(|| id.to_owned());
        CardButton {
            id,
            action: "move",
            path: CardAction::Move,
            name: "direction",
            value,
            icon,
            words,
        }
        .draw(card, title)
    };
    let sizing = |id: &'static str, size: Option<CardWidth>, icon: Icon, words: &str| {
        let (icon, value) = (Some(icon), size.map(|size| size.id().to_owned()));
        CardButton {
            id,
            action: "resize",
            path: CardAction::Resize,
            name: "size",
            value,
            icon,
            words,
        }
        .draw(card, title)
    };
    let settings = placed.has_settings.then(|| {
        html("a")
            .class("tool")
            .with("id", format!("settings-{card}"))
            .with("href", paths::card_settings(card, Some(paths::FROM_EDITING)))
            .with("data-action", "settings")
            .flag("data-smooth", true)
            .with("title", words.settings.clone())
            .child(Icon::Settings.draw())
            .child(visually_hidden(format!("{}: {title}", words.settings)))
    });
    let remove = CardButton {
        id: "remove",
        action: "remove",
        path: CardAction::Remove,
        name: "",
        value: Some(String::new()),
        icon: Some(Icon::Waste),
        words: &words.remove,
    };
    let summary = draw_more(card, title, words);
    let moves = html("div")
        .class("moves")
        .child(moving("first", placed.earlier, None, &words.first))
        .child(moving("last", placed.later, None, &words.last));
    let to_page = (!others.is_empty()).then(|| draw_page_select(card, title, cards_context));
    let more = html("details")
        .class("more")
        .with("name", "menu")
        .child(summary)
        .child(html("div").child(moves).children(to_page));
    html("div")
        .class("tools")
        .child(moving("earlier", placed.earlier, Some(Icon::Earlier), &words.earlier))
        .child(moving("later", placed.later, Some(Icon::Later), &words.later))
        .child(sizing("narrower", placed.narrower, Icon::Narrower, &words.narrower))
        .child(sizing("wider", placed.wider, Icon::Wider, &words.wider))
        .children(settings)
        .child(more)
        .child(remove.draw(card, title))
}

fn draw_page_select(card: &str, title: &str, cards_context: &CardsContext<'_>) -> Element {
    let CardsContext { words, others, .. } = cards_context;
    let id = format!("page-of-{card}");
    let option =
        |page: &OtherPage| html("option").with("value", page.id.clone()).text(page.name.clone());
    html("div")
        .class("to-page")
        .child(html("label").with("for", id.clone()).text(words.page.clone()))
        .child(html("select").with("id", id).with("name", "to").children(others.iter().map(option)))
        .child(
            html("button")
                .class("button")
                .with("id", format!("to-page-{card}"))
                .with("data-action", "move")
                .with("formaction", paths::card(card, CardAction::Place))
                .text(words.to_page.clone())
                .child(visually_hidden(format!(": {title}"))),
        )
}
