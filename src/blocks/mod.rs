//! The renderer of blocks: it turns a card's face into HTML, on the server and, when a card is asked again, in the browser.
//!
//! One file draws one kind of block.

use crate::icons::Icon;
use crate::markup::{Element, html};
use crate::view_model::{
    BlockViewModel, CardState, CardViewModel, SourceViewModel, TimeViewModel, Words,
};

mod alert;
mod departures;
#[cfg(feature = "ssr")]
mod drawn;
mod empty;
mod facts;
mod list;
mod moments;
mod places;
mod series;
mod table;
mod text;

#[cfg(feature = "ssr")]
pub use drawn::DrawnCard;

/// Everything of a card below its heading: what changes when it is asked again.
pub fn body(view_model: CardViewModel) -> Vec<Element> {
    let CardViewModel { state, sample, notice, remarks, blocks, source, .. } = view_model;
    let mut body = Vec::with_capacity(blocks.len() + remarks.len() + 2);
    body.extend(notice.map(|words| draw_notice(state, words)));
    body.extend(blocks.into_iter().map(draw_block));
    body.extend(remarks.into_iter().map(|words| html("p").class("remark").words(words)));
    body.push(draw_source(source, sample));
    body
}

/// One block.
fn draw_block(block: BlockViewModel) -> Element {
    match block {
        BlockViewModel::Text { text } => text::draw(text),
        BlockViewModel::Facts { facts } => facts::draw(facts),
        BlockViewModel::List { items } => list::draw(items),
        BlockViewModel::Departures { departures } => departures::draw(departures),
        BlockViewModel::Moments { moments } => moments::draw(moments),
        BlockViewModel::Series(series) => series::draw(series),
        BlockViewModel::Table(table) => table::draw(table),
        BlockViewModel::Alert(alert) => alert::draw(alert),
        BlockViewModel::LoadShed(places) => places::draw(places),
        BlockViewModel::Empty { text } => empty::draw(text),
    }
}

/// What is the matter and what the citizen can do.
fn draw_notice(state: CardState, words: String) -> Element {
    let icon = match state {
        CardState::Fresh => Icon::Info,
        CardState::Stale => Icon::Clock,
        CardState::Waiting => Icon::Waiting,
        CardState::Unavailable => Icon::Unavailable,
        CardState::NeedsSettings => Icon::Settings,
    };
    html("p").class("hint").child(icon.draw()).child(html("span").text(words))
}

/// Where it comes from and how old it is; and that it is a sample, when it is.
fn draw_source(source: SourceViewModel, sample: Option<String>) -> Element {
    let mut publisher = html("span").text(source.publisher).text(" · ").text(source.licence);
    if let Some(attribution) = source.attribution {
        publisher = publisher.text(" · ").text(attribution);
    }
    html("p")
        .with("data-part", "source")
        .children(sample.map(|words| html("b").class("sample").text(words)))
        .space()
        .children(source.moment.map(draw_time))
        .space()
        .child(publisher)
        .space()
        .child(draw_link(html("a").text(source.link_text), source.url))
}

/// A moment in words.
fn draw_time(time: TimeViewModel) -> Element {
    html("time").with("datetime", time.datetime).text(time.text)
}

/// A link that leads elsewhere.
fn draw_link(link: Element, address: String) -> Element {
    link.with("href", address).with("rel", "noopener noreferrer")
}

/// Words that lead to a page, when there is one. An address that is no web page is not drawn as a link.
fn draw_linked(words: Words, link: Option<String>) -> Element {
    match link.filter(|link| link.starts_with("https://") || link.starts_with("http://")) {
        Some(link) => draw_link(html("a").words(words), link),
        None => html("span").words(words),
    }
}

/// One word about the state of a thing.
fn draw_tag(tag: Option<Words>) -> Option<Element> {
    tag.map(|tag| html("b").class("tag").words(tag))
}

/// More about a thing, under it.
fn draw_note(note: Option<Words>) -> Option<Element> {
    note.map(|note| html("small").words(note))
}

/// A share of a whole as a length in a drawing, in units of `full`: an integer, since the browser's build is spared the printing of floats.
fn length(share: f32, full: f32) -> i32 {
    (share.clamp(0.0, 1.0) * full + 0.5) as i32
}
