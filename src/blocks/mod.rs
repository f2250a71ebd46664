//! The renderer of blocks: it turns the view model of a card into HTML, for a page and for a refresh
//! of the card alike.
//!
//! There is one file per kind of block. A new block needs its data in [`BlockViewModel`], its HTML
//! in a file here, and its formatting in `presenter`.

use crate::icons::Icon;
use crate::markup::{Element, html};
use crate::view_model::{
    BlockViewModel, CardState, CardViewModel, LocalizedText, SourceViewModel, TimeViewModel,
};

mod alert;
mod days;
mod departures;
mod drawn_card;
mod empty;
mod facts;
mod further;
mod gauge;
#[cfg(feature = "ssr")]
mod height;
mod links;
mod list;
pub mod mini;
mod moments;
mod places;
mod series;
mod table;
mod text;

pub use drawn_card::DrawnCard;

/// Everything of a card below its heading: the part that a refresh replaces.
pub fn body(view_model: CardViewModel) -> Vec<Element> {
    let CardViewModel { state, sample, notice, remarks, times, blocks, source, .. } = view_model;
    let mut body = Vec::with_capacity(blocks.len() + remarks.len() + 3);
    body.extend(notice.map(|words| draw_notice(state, words)));
    body.extend(blocks.into_iter().map(draw_block));
    body.extend(remarks.into_iter().map(|words| html("p").class("remark").words(words)));
    body.extend(times.map(|words| html("p").class("remark").text(words)));
    body.push(draw_source(source, sample));
    body
}

fn draw_block(block: BlockViewModel) -> Element {
    match block {
        BlockViewModel::Text { text } => text::draw(text),
        BlockViewModel::Facts { facts } => facts::draw(facts),
        BlockViewModel::List { items } => list::draw(items),
        BlockViewModel::Departures { departures } => departures::draw(departures),
        BlockViewModel::Moments { moments } => moments::draw(moments),
        BlockViewModel::Series(series) => series::draw(series),
        BlockViewModel::Days(days) => days::draw(days),
        BlockViewModel::Gauge(gauge) => gauge::draw(gauge),
        BlockViewModel::Links { links } => links::draw(links),
        BlockViewModel::Table(table) => table::draw(table),
        BlockViewModel::Alert(alert) => alert::draw(alert),
        BlockViewModel::Places(places) => places::draw(places),
        BlockViewModel::Empty { text } => empty::draw(text),
        BlockViewModel::Further { text, link } => further::draw(text, link),
    }
}

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

/// The source line: sample mark, moment of the data, publisher and licence, link.
fn draw_source(source: SourceViewModel, sample: Option<String>) -> Element {
    let mut publisher = html("span").text(source.publisher);
    // A card of the citizen's own has neither licence nor page.
    if !source.licence.is_empty() {
        publisher = publisher.text(" · ").text(source.licence);
    }
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
        .children(
            (!source.url.is_empty())
                .then(|| draw_link(html("a").text(source.link_text), source.url)),
        )
}

fn draw_time(time: TimeViewModel) -> Element {
    html("time").with("datetime", time.datetime).text(time.text)
}

fn draw_link(link: Element, address: String) -> Element {
    link.with("href", address).with("rel", "noopener noreferrer")
}

/// A text as a link, if there is one. Only `http` and `https` addresses become links.
fn draw_linked(words: LocalizedText, link: Option<String>) -> Element {
    match link.filter(|link| link.starts_with("https://") || link.starts_with("http://")) {
        Some(link) => draw_link(html("a").words(words), link),
        None => html("span").words(words),
    }
}

fn draw_tag(tag: Option<LocalizedText>) -> Option<Element> {
    tag.map(|tag| html("b").class("tag").words(tag))
}

fn draw_note(note: Option<LocalizedText>) -> Option<Element> {
    note.map(|note| html("small").words(note))
}

/// Converts a share (0 to 1) to a length in whole units of `full`.
fn length(share: f32, full: f32) -> i32 {
    (share.clamp(0.0, 1.0) * full + 0.5) as i32
}
