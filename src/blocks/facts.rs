//! Key figures: the first one large, unless it has a bar; shares of a whole as bars.

use super::{draw_linked, draw_note};
use crate::markup::{Element, html, svg};
use crate::view_model::FactViewModel;

/// A leading value with more characters than this is drawn smaller.
const FIGURE: usize = 7;
/// A note with more bytes than this is drawn as running text, and its value carries the colour.
const STORY: usize = 40;

pub(super) fn draw(facts: Vec<FactViewModel>) -> Element {
    let facts = facts.into_iter().enumerate().map(|(at, fact)| draw_fact(fact, at == 0));
    html("dl").class("facts").children(facts)
}

fn draw_fact(fact: FactViewModel, first: bool) -> Element {
    let class = match fact.share {
        Some(_) => "barred",
        None if fact.note.as_ref().is_some_and(|note| note.text.len() > STORY) => "fact story",
        None if !first => "fact",
        None if fact.value.text.chars().count() > FIGURE => "lead long",
        None => "lead",
    };
    let value = html("dd")
        .child(html("b").words(fact.value))
        .space()
        .children((!fact.unit.is_empty()).then(|| html("span").with("dir", "auto").text(fact.unit)))
        .space();
    let label = match fact.link {
        Some(link) => html("dt").child(draw_linked(fact.label, Some(link))),
        None => html("dt").words(fact.label),
    };
    let note = draw_note(fact.note);
    // The bar and its note come below, so that labels and values stay in their columns.
    let (value, means) = match fact.share {
        Some(share) => {
            (value, Some(html("dd").class("means").child(draw_bar(share)).children(note)))
        }
        None => (value.children(note), None),
    };
    html("div")
        .class(class)
        .with_some("data-tone", fact.tone)
        .child(label)
        .child(value)
        .children(means)
}

fn draw_bar(share: u8) -> Element {
    let width = share.min(100).to_string() + "%";
    let bar = svg("rect").with("width", width).with("height", "100%");
    svg("svg").class("bar").with("aria-hidden", "true").child(bar)
}
