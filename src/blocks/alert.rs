//! A warning: an icon, a word and a colour, so that none of them carries the meaning alone.

use super::draw_linked;
use crate::icons::Icon;
use crate::markup::{Element, html};
use crate::view_model::{AlertViewModel, LocalizedText};

pub(super) fn draw(alert: AlertViewModel) -> Element {
    let what = html("p")
        .class("what")
        .child(html("b").text(alert.word))
        .space()
        .child(html("span").words(alert.title));
    let link_text = LocalizedText { text: alert.link_text, lang: None };
    let text = html("div")
        .child(what)
        .children(draw_where_and_when(alert.area, alert.when))
        .children(alert.text.map(|text| html("p").words(text)))
        .children(alert.link.map(|link| html("p").child(draw_linked(link_text, Some(link)))));
    html("div")
        .class("alert")
        .with("data-severity", alert.severity.id())
        .child(Icon::Warning.draw())
        .child(text)
}

fn draw_where_and_when(area: Option<LocalizedText>, when: Option<String>) -> Option<Element> {
    let both = area.is_some() && when.is_some();
    (area.is_some() || when.is_some()).then(|| {
        html("p")
            .children(area.map(|area| html("span").words(area)))
            .text(if both { " · " } else { "" })
            .text(when.unwrap_or_default())
    })
}
