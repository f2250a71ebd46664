//! A list of items, each with its link, state and date.

use super::{draw_linked, draw_note, draw_tag, draw_time};
use crate::markup::{Element, html};
use crate::view_model::ListItemViewModel;

pub(super) fn draw(items: Vec<ListItemViewModel>) -> Element {
    html("ul").class("list").children(items.into_iter().map(draw_item))
}

fn draw_item(item: ListItemViewModel) -> Element {
    let meta = (item.tag.is_some() || item.when.is_some()).then(|| {
        html("span")
            .class("meta")
            .children(draw_tag(item.tag))
            .space()
            .children(item.when.map(draw_time))
    });
    html("li")
        .child(draw_linked(item.title, item.link))
        .space()
        .children(meta)
        .children(draw_note(item.note))
}
