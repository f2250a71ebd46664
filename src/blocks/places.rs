//! A small map with its list. No streets are known, so none are drawn: only how far and in what direction from the middle.

use std::borrow::Cow;

use super::{draw_linked, draw_note, draw_tag, length};
use crate::markup::{Element, html, svg};
use crate::view_model::{PlaceFace, PlacesFace};

/// The map's own units, both ways; around it is room for the marks at its edge.
const SIDE: f32 = 200.0;

pub(super) fn draw(places: PlacesFace) -> Element {
    let any = places.places.iter().any(|place| place.spot.is_some());
    html("div")
        .class("places")
        .children(any.then(|| draw_map(places.label, places.rings, &places.places)))
        .child(html("ol").class("list").children(places.places.into_iter().map(draw_place)))
}

fn draw_map(label: String, rings: Vec<(f32, String)>, places: &[PlaceFace]) -> Element {
    // The first lies on top.
    let marks = places.iter().enumerate().rev().filter_map(|(at, place)| {
        place.spot.map(|spot| draw_mark(at + 1, spot, place.aside.unwrap_or(spot)))
    });
    svg("svg")
        .class("map")
        .with("viewBox", "-12 -20 224 232")
        .with("role", "img")
        .with("aria-label", label)
        .child(svg("circle").class("ground").with("cx", "100").with("cy", "100").with("r", "100"))
        .children(rings.into_iter().map(draw_ring))
        .child(svg("path").class("cross").with("d", "M100-6V200M0 100H200M96-1l4-7 4 7"))
        .child(draw_text("100", "-12", "N"))
        .child(svg("path").class("home").with("d", "M93 108V99l7-7 7 7v9z"))
        .children(marks)
}

/// A distance from the middle; its words stand at its foot.
fn draw_ring((share, words): (f32, String)) -> Element {
    let radius = length(share, SIDE / 2.0);
    let ring = svg("circle")
        .class("ring")
        .with("cx", "100")
        .with("cy", "100")
        .with("r", radius.to_string());
    svg("g").child(ring).child(draw_text("100", (radius + 96).to_string(), words).class("far"))
}

fn draw_mark(number: usize, spot: (f32, f32), at: (f32, f32)) -> Element {
    let units = |(x, y): (f32, f32)| (length(x, SIDE).to_string(), length(y, SIDE).to_string());
    let ((spot_x, spot_y), (x, y)) = (units(spot), units(at));
    // Where a number had to make room for another, a line leads to the place itself.
    let tie = (spot != at).then(|| {
        let path =
            ["M", spot_x.as_str(), " ", &spot_y, "h0M", &spot_x, " ", &spot_y, "L", &x, " ", &y];
        svg("path").class("tie").with("d", path.concat())
    });
    let disc =
        svg("circle").class("spot").with("cx", x.clone()).with("cy", y.clone()).with("r", "10");
    svg("g")
        .children(tie)
        .child(disc)
        .child(draw_text(x, y, number.to_string()).with("dy", ".35em"))
}

fn draw_text(
    x: impl Into<Cow<'static, str>>,
    y: impl Into<Cow<'static, str>>,
    words: impl Into<Cow<'static, str>>,
) -> Element {
    svg("text").with("x", x).with("y", y).text(words)
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
