//! The list of a card of the citizen's own: items to tick, and a line to add one. It is drawn with
//! the board, since its buttons name the card.

use voordeur_shared::paths::{self, CardAction};
use voordeur_widget_api::{MAX_ITEM_CHARS, OwnItem};

use crate::icons::Icon;
use crate::locale::Locale;
use crate::markup::{Element, Html, html};

/// The list, and what was typed to be added.
pub struct OwnList {
    /// In the order in which they are written.
    pub items: Vec<OwnItem>,
    /// An item that could not be added.
    pub typed: Option<String>,
}

/// The labels of the list, looked up once per board.
pub(super) struct ListLabels {
    add: String,
    new: String,
    clear: String,
    write: String,
}

impl ListLabels {
    pub(super) fn new(locale: Locale) -> Self {
        ListLabels {
            add: locale.say("own-list-add"),
            new: locale.say("own-list-new"),
            clear: locale.say("own-list-clear"),
            write: locale.say("own-write"),
        }
    }
}

/// The link to where a card of the citizen's own is written.
pub(super) fn draw_write(card: &str, title: &str, words: &ListLabels) -> Element {
    html("a")
        .class("write")
        .with("id", format!("write-{card}"))
        .with("href", paths::card(card, CardAction::Settings))
        .with("data-action", "settings")
        .flag("data-smooth", true)
        .text(words.write.clone())
        .child(html("span").class("vh").text(format!(": {title}")))
}

/// Draws the list of a card; `fields` are the hidden fields of a form about the board.
pub(super) fn draw(
    list: &OwnList,
    card: &str,
    title: &str,
    words: &ListLabels,
    fields: &Html,
) -> Vec<Element> {
    let form = |action: CardAction| {
        html("form")
            .with("method", "post")
            .with("action", paths::card(card, action))
            .written(fields.clone())
    };
    // The number of an item says which it is, so that the focus stays on it when it moves.
    let mut items: Vec<(usize, &OwnItem)> = list.items.iter().enumerate().collect();
    items.sort_by_key(|(_, item)| item.ticked);
    let ticked = || list.items.iter().filter(|item| item.ticked);
    let of_card = || html("span").class("vh").text(format!(": {title}"));
    let mut drawn = Vec::new();
    if !items.is_empty() {
        let items = items.into_iter().map(|(number, item)| draw_item(card, number, item));
        let items = html("ul").class("items").children(items);
        drawn.push(form(CardAction::Tick).child(items));
    }
    let clear = (ticked().count() > 0).then(|| {
        let seen = |item: &OwnItem| {
            let seen = html("input").with("type", "hidden").with("name", "seen");
            seen.with("value", item.text.clone())
        };
        form(CardAction::ClearItems).children(ticked().map(seen)).child(
            html("button")
                .class("button")
                .with("id", format!("clear-{card}"))
                .with("data-action", "clear")
                .text(words.clear.clone())
                .child(of_card()),
        )
    });
    let id = format!("new-{card}");
    let is_wrong = list.typed.is_some();
    let input = html("input")
        .with("id", id.clone())
        .with("name", "new")
        .with_some("value", list.typed.clone())
        // Twice the length that fits: a browser cuts off what is beyond, and nothing would say so.
        .with("maxlength", (MAX_ITEM_CHARS.saturating_mul(2)).to_string())
        .with("autocomplete", "off")
        .with("enterkeyhint", "done")
        .with_some("aria-invalid", is_wrong.then(|| "true".to_owned()))
        .with_some("aria-describedby", is_wrong.then(|| "notice".to_owned()));
    let add = form(CardAction::AddItem)
        .child(html("label").with("for", id).text(words.new.clone()).child(of_card()))
        .child(
            html("div").class("joined").child(input).child(
                html("button")
                    .class("button")
                    .with("id", format!("add-item-{card}"))
                    .with("data-action", "add-item")
                    .with("title", words.add.clone())
                    .child(Icon::Add.draw())
                    .child(html("span").class("vh").text(words.add.clone()))
                    .child(of_card()),
            ),
        );
    drawn.extend(clear);
    drawn.push(add);
    drawn
}

fn draw_item(card: &str, number: usize, item: &OwnItem) -> Element {
    let button = html("button")
        .with("id", format!("tick-{card}-{number}"))
        .with("role", "checkbox")
        .with("aria-checked", if item.ticked { "true" } else { "false" })
        .with("data-action", "tick")
        .with("name", if item.ticked { "untick" } else { "tick" })
        .with("value", item.text.clone())
        .child(html("span").class("box").child(Icon::Done.draw()))
        .child(html("span").with("dir", "auto").text(item.text.clone()));
    html("li").child(button)
}
