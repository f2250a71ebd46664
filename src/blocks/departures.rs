//! A station board: time, line, destination and platform, with the delay next to the destination.

use super::draw_time;
use crate::markup::{Element, html};
use crate::view_model::DepartureViewModel;

pub(super) fn draw(departures: Vec<DepartureViewModel>) -> Element {
    html("ol").class("departures").children(departures.into_iter().map(draw_departure))
}

fn draw_departure(departure: DepartureViewModel) -> Element {
    let row = match departure.cancelled {
        Some(_) => html("li").class("gone"),
        None => html("li"),
    };
    let news = match (departure.cancelled, departure.late) {
        (Some(words), _) => Some(html("strong").class("off").text(words)),
        (None, late) => late.map(|words| html("strong").text(words)),
    };
    let to =
        html("span").class("to").child(html("span").words(departure.to)).space().children(news);
    let line = departure.line.map(|line| html("b").class("line").with("dir", "auto").text(line));
    row.child(draw_time(departure.time)).space().children(line).space().child(to).space().children(
        departure
            .platform
            .map(|platform| html("span").class("platform").with("dir", "auto").text(platform)),
    )
}
