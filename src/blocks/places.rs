//! A small map with its list. It shows distance and direction from the centre only, as no streets
//! are known.

use std::borrow::Cow;

use super::{draw_linked, draw_note, draw_tag, length};
use crate::markup::{Element, html, svg};
use crate::view_model::{PlaceViewModel, PlacesViewModel};

/// The size of the map in its own units; a margin around it leaves room for marks at the edge.
const SIDE: f32 = 200.0;

pub(super) fn draw(places: PlacesViewModel) -> Element {
    let any = places.places.iter().any(|place| place.map_point.is_some());
    html("div")
        .class("places")
        .children(any.then(|| draw_map(places.label, places.rings, &places.places)))
        .child(html("ol").class("list").children(places.places.into_iter().map(draw_place)))
}

fn draw_map(label: String, rings: Vec<(f32, String)>, places: &[PlaceViewModel]) -> Element {
    // The first place is drawn last, on top.
    let marks = places.iter().enumerate().rev().filter_map(|(at, place)| {
        place
            .map_point
            .map(|map_point| draw_mark(at + 1, map_point, place.label_point.unwrap_or(map_point)))
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

/// A ring of equal distance (the scale of the map), labelled at its foot.
fn draw_ring((share, words): (f32, String)) -> Element {
    let radius = length(share, SIDE / 2.0);
    let ring = svg("circle")
        .class("ring")
        .with("cx", "100")
        .with("cy", "100")
        .with("r", radius.to_string());
    svg("g").child(ring).child(draw_text("100", (radius + 96).to_string(), words).class("far"))
}

fn draw_mark(number: usize, map_point: (f32, f32), at: (f32, f32)) -> Element {
    let units = |(x, y): (f32, f32)| (length(x, SIDE).to_string(), length(y, SIDE).to_string());
    let ((point_x, point_y), (x, y)) = (units(map_point), units(at));
    // A line connects a number that was moved aside with its place.
    let tie = (map_point != at).then(|| {
        let path = [
            "M",
            point_x.as_str(),
            " ",
            &point_y,
            "h0M",
            &point_x,
            " ",
            &point_y,
            "L",
            &x,
            " ",
            &y,
        ];
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

fn draw_place(place: PlaceViewModel) -> Element {
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
