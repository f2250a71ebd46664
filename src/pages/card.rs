//! The frame of a card: its heading, its buttons, and the body that the blocks fill.

use super::board::PlacedCard;
use super::sending::Sending;
use super::{arch, arranging};
use crate::blocks::DrawnCard;
use crate::icons::Icon;
use crate::locale::Locale;
use crate::markup::{Element, Html, html};
use crate::view_model::CardState;

/// The words on the buttons of cards, looked up once for a whole board.
pub(super) struct CardWords {
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
    up: String,
    down: String,
    first: String,
    last: String,
    fold: String,
    unfold: String,
    page: String,
    to_page: String,
    handle: String,
}

impl CardWords {
    pub(super) fn new(locale: Locale) -> Self {
        CardWords {
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
            up: locale.say("card-up"),
            down: locale.say("card-down"),
            first: locale.say("card-first"),
            last: locale.say("card-last"),
            fold: locale.say("card-fold"),
            unfold: locale.say("card-unfold"),
            page: locale.say("card-page"),
            to_page: locale.say("card-to-page"),
            handle: locale.say("arranging-handle"),
        }
    }
}

/// Another page of the board, to move a card to.
pub(super) struct OtherPage {
    pub id: String,
    pub name: String,
}

/// What all cards of a board have in common.
pub(super) struct Common<'a> {
    /// The words on their buttons.
    pub words: CardWords,
    /// Where they can be moved to.
    pub others: Vec<OtherPage>,
    /// What every form sends along.
    pub sending: &'a Sending,
    /// The same, drawn.
    pub fields: Html,
}

/// A card on a board.
pub(super) fn draw(placed: &PlacedCard, common: &Common<'_>) -> Element {
    let Common { words, sending, .. } = common;
    let editing = sending.editing;
    let (card, view_model) = (&placed.id, &placed.drawn.view_model);
    let title = &view_model.title;
    let needs_settings = view_model.state == CardState::NeedsSettings;
    let refresh = (!needs_settings).then(|| {
        html("button")
            .class("tool again")
            .with("id", format!("refresh-{card}"))
            .with("data-action", "refresh")
            .with("title", words.refresh.clone())
            .child(Icon::Refresh.draw())
            .child(hidden(words.refresh.clone()))
            .child(html("span").class("word").text(words.again.clone()))
            .child(hidden(format!(": {title}")))
    });
    let folded = placed.folded;
    let fold = Tool {
        id: "fold",
        action: "fold",
        path: "fold",
        name: "folded",
        value: Some((!folded).to_string()),
        icon: Some(if folded { Icon::Unfold } else { Icon::Fold }),
        words: if folded { &words.unfold } else { &words.fold },
    };
    let handle = editing.then(|| arranging::handle(card, title, &words.handle));
    let form = html("form")
        .with("method", "post")
        .with("action", format!("/cards/{card}/refresh"))
        .written(common.fields.clone())
        .child(heading(&placed.drawn, card, handle))
        .children(refresh)
        .child(fold.draw(card, title))
        .children(editing.then(|| draw_tools(placed, common)));
    let act = match view_model.state {
        CardState::NeedsSettings if placed.has_settings => Some(
            html("a")
                .class("button main act")
                // While the board is arranged, the tool for it has this id.
                .with_some("id", (!editing).then(|| format!("settings-{card}")))
                .with("href", format!("/cards/{card}/settings"))
                .with("data-action", "settings")
                .flag("data-smooth", true)
                .text(words.fill_in.clone())
                .child(hidden(format!(": {title}"))),
        ),
        CardState::Waiting => {
            Some(html("a").class("act").with("href", sending.address()).text(words.reload.clone()))
        }
        _ => None,
    };
    let smallest = editing.then(|| placed.smallest.to_string());
    let article = html("article")
        .class("card")
        .with("id", format!("card-{card}"))
        .with("data-card", card.clone());
    with_facts(article, &placed.drawn, card, placed.size)
        .with_some("data-smallest", smallest)
        .with("data-pace", view_model.again_in.to_string())
        .flag("data-folded", folded)
        .child(form)
        .child(draw_body(&placed.drawn))
        .children(act)
}

/// A card as an example of its widget: nothing can be done with it.
pub(crate) fn draw_preview(id: &str, size: u8, card: &DrawnCard) -> Element {
    with_facts(html("article").class("card"), card, id, size)
        .child(heading(card, id, None))
        .child(draw_body(card))
}

/// With what sheets and scripts go by.
fn with_facts(article: Element, card: &DrawnCard, id: &str, size: u8) -> Element {
    let view_model = &card.view_model;
    article
        .with("data-widget", view_model.widget.clone())
        .with("data-state", view_model.state.id())
        .with("data-size", size.to_string())
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
        .child(arch(&view_model.icon))
        .child(html("div").child(title).children(about))
}

fn draw_body(card: &DrawnCard) -> Element {
    html("div").with("data-part", "body").written(card.body.clone())
}

/// Words for those who do not see what they belong to.
fn hidden(words: String) -> Element {
    html("span").class("vh").text(words)
}

/// A button of a card: a form of its own in the form of the card.
struct Tool<'a> {
    /// The beginning of its id.
    id: &'static str,
    /// For `data-action`.
    action: &'static str,
    /// Where it is posted, below the card.
    path: &'static str,
    /// The name of what it sends; may be empty.
    name: &'static str,
    /// What it sends; nothing when it cannot be pressed.
    value: Option<String>,
    /// Without one its words are shown.
    icon: Option<Icon>,
    words: &'a str,
}

impl Tool<'_> {
    fn draw(self, card: &str, title: &str) -> Element {
        let Tool { id, action, path, name, value, icon, words } = self;
        let mut button = html("button")
            .class(if id == "fold" { "tool fold" } else { "tool" })
            .with("id", format!("{id}-{card}"))
            .with("data-action", action)
            .with("formaction", format!("/cards/{card}/{path}"));
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
                .child(hidden(format!("{words}: {title}"))),
            None => button
                .child(html("span").text(words.to_owned()))
                .child(hidden(format!(": {title}"))),
        }
    }
}

/// What can be done with a card while the board is being arranged.
fn draw_tools(placed: &PlacedCard, common: &Common<'_>) -> Element {
    let Common { words, others, .. } = common;
    let (card, title) = (&placed.id, &placed.drawn.view_model.title);
    let moving = |id: &'static str, possible: bool, icon: Option<Icon>, words: &str| {
        let value = possible.then(|| id.to_owned());
        Tool { id, action: "move", path: "move", name: "direction", value, icon, words }
            .draw(card, title)
    };
    let sizing = |id: &'static str, size: Option<u8>, icon: Icon, words: &str| {
        let (icon, value) = (Some(icon), size.map(|size| size.to_string()));
        Tool { id, action: "resize", path: "resize", name: "size", value, icon, words }
            .draw(card, title)
    };
    let settings = placed.has_settings.then(|| {
        html("a")
            .class("tool")
            .with("id", format!("settings-{card}"))
            .with("href", format!("/cards/{card}/settings"))
            .with("data-action", "settings")
            .flag("data-smooth", true)
            .with("title", words.settings.clone())
            .child(Icon::Settings.draw())
            .child(hidden(format!("{}: {title}", words.settings)))
    });
    let remove = Tool {
        id: "remove",
        action: "remove",
        path: "remove",
        name: "",
        value: Some(String::new()),
        icon: Some(Icon::Waste),
        words: &words.remove,
    };
    let summary = html("summary")
        .class("tool")
        .with("id", format!("more-{card}"))
        .with("title", words.more.clone())
        .child(Icon::More.draw())
        .child(hidden(format!("{}: {title}", words.more)));
    let moves = html("div")
        .class("moves")
        .child(moving("up", placed.up, None, &words.up))
        .child(moving("down", placed.down, None, &words.down))
        .child(moving("first", placed.earlier, None, &words.first))
        .child(moving("last", placed.later, None, &words.last));
    let to_page = (!others.is_empty()).then(|| draw_choice_of_page(card, title, common));
    let more = html("details")
        .class("more")
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

fn draw_choice_of_page(card: &str, title: &str, common: &Common<'_>) -> Element {
    let Common { words, others, .. } = common;
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
                .with("formaction", format!("/cards/{card}/place"))
                .text(words.to_page.clone())
                .child(hidden(format!(": {title}"))),
        )
}
