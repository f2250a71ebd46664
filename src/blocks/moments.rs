//! Dated items, each with a calendar leaf; screen readers get the full date instead.

use super::{draw_linked, draw_note};
use crate::markup::{Element, html};
use crate::view_model::MomentViewModel;

pub(super) fn draw(moments: Vec<MomentViewModel>) -> Element {
    html("ul").class("moments").children(moments.into_iter().map(draw_moment))
}

fn draw_moment(moment: MomentViewModel) -> Element {
    let leaf = html("span")
        .class("leaf")
        .with("aria-hidden", "true")
        .child(html("i").text(moment.weekday))
        .child(html("b").text(moment.day))
        .text(moment.month);
    let date = html("time")
        .with("datetime", moment.datetime)
        .child(html("span").class("vh").text(moment.spoken))
        .child(leaf);
    let what = html("span")
        .child(draw_linked(moment.title, moment.link))
        .space()
        .child(html("small").text(moment.when))
        .children(draw_note(moment.note));
    let item = match moment.soon {
        true => html("li").class("soon"),
        false => html("li"),
    };
    item.child(date).space().child(what)
}
