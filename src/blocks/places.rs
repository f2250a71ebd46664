//! A small map with its list. No streets are known, so none are drawn: only how far and in what direction from the middle.

use super::markup::{Element, html, svg};
use super::{draw_linked, draw_note, draw_tag, length};
use crate::face::{PlaceFace, PlacesFace};

/// The map's own units, both ways.
const SIDE: f32 = 200.0;
/// A mark keeps this share of the side away from the edge, so that it is never cut.
const EDGE: f32 = 0.055;

pub(super) fn draw(places: PlacesFace) -> Element {
    let any = places.places.iter().any(|place| place.spot.is_some());
    html("div")
        .class("places")
        .children(any.then(|| draw_map(places.label, &places.places)))
        .child(html("ol").class("list").children(places.places.into_iter().map(draw_place)))
}

fn draw_map(label: String, places: &[PlaceFace]) -> Element {
    let ring = |radius: &'static str| {
        svg("circle").class("ring").with("cx", "100").with("cy", "100").with("r", radius)
    };
    // The first lies on top.
    let marks = places
        .iter()
        .enumerate()
        .rev()
        .filter_map(|(at, place)| place.spot.map(|spot| draw_mark(at + 1, spot)));
    svg("svg")
        .class("map")
        .with("viewBox", "0 0 200 200")
        .with("role", "img")
        .with("aria-label", label)
        .child(ring("94"))
        .child(ring("63"))
        .child(ring("32"))
        .child(svg("path").class("cross").with("d", "M100 6v188M6 100h188"))
        .child(svg("path").class("home").with("d", "M94 107V98a6 6 0 0 1 12 0v9z"))
        .children(marks)
}

fn draw_mark(number: usize, spot: (f32, f32)) -> Element {
    let at = |share: f32| length(share.clamp(EDGE, 1.0 - EDGE), SIDE).to_string();
    let (x, y) = (at(spot.0), at(spot.1));
    svg("g")
        .child(
            svg("circle").class("spot").with("cx", x.clone()).with("cy", y.clone()).with("r", "10"),
        )
        .child(svg("text").with("x", x).with("y", y).with("dy", ".35em").text(number.to_string()))
}

fn draw_place(place: PlaceFace) -> Element {
    let meta = html("span")
        .class("meta")
        .children(draw_tag(place.tag))
        .space()
        .child(html("span").text(place.when));
    html("li")
        .child(draw_linked(place.title, place.link))
        .space()
        .child(meta)
        .children(draw_note(place.note))
}
