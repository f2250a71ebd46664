//! A chart: the latest value, a line, one sentence that says what the line does, and the same as a table.
//!
//! The drawing is decoration: whoever does not see it has the sentence and the table.

use super::markup::{Element, html, svg};
use super::{draw_time, length};
use crate::face::{SeriesFace, TimeFace};

/// The drawing's own units; it is stretched to the card's width.
const WIDTH: f32 = 600.0;
/// See `WIDTH`.
const HEIGHT: f32 = 100.0;

pub(super) fn draw(series: SeriesFace) -> Element {
    let latest = html("p")
        .class("lead")
        .child(html("span").words(series.label))
        .space()
        .child(html("b").text(series.latest))
        .space()
        .child(html("span").text(series.unit));
    let axis = html("p")
        .class("axis")
        .with("aria-hidden", "true")
        .child(html("span").text(series.from))
        .child(html("span").text(series.to));
    html("div")
        .class("series")
        .child(latest)
        .children(draw_chart(&series.line, series.lowest, series.highest))
        .child(axis)
        .child(html("p").class("remark").text(series.summary))
        .children(
            (!series.rows.is_empty())
                .then(|| draw_table(series.table_label, series.columns, series.rows)),
        )
}

fn draw_chart(line: &[(f32, f32)], lowest: String, highest: String) -> Option<Element> {
    let (Some(first), Some(last)) = (line.first(), line.last()) else { return None };
    let mut path = String::with_capacity(line.len() * 8);
    for &(x, y) in line {
        path.push(if path.is_empty() { 'M' } else { ' ' });
        path.push_str(&length(x, WIDTH).to_string());
        path.push(' ');
        path.push_str(&length(1.0 - y, HEIGHT).to_string());
    }
    let area = [path.as_str(), "V100H", &length(first.0, WIDTH).to_string(), "z"].concat();
    let lowest_at = line.iter().fold(first, |a, b| if b.1 < a.1 { b } else { a });
    let highest_at = line.iter().fold(first, |a, b| if b.1 > a.1 { b } else { a });
    let layer = || svg("svg").with("y", "18").with("height", "72");
    let stretched = layer()
        .with("viewBox", "0 0 600 100")
        .with("preserveAspectRatio", "none")
        .child(svg("path").class("area").with("d", area))
        .child(svg("path").class("line").with("d", path));
    let marks = layer()
        .child(draw_label(*highest_at, highest, "-.6em"))
        .children((lowest_at.1 < highest_at.1).then(|| draw_label(*lowest_at, lowest, "1.3em")))
        .child(
            svg("circle")
                .with("cx", percent(last.0))
                .with("cy", percent(1.0 - last.1))
                .with("r", "4"),
        );
    Some(svg("svg").class("chart").with("aria-hidden", "true").child(stretched).child(marks))
}

/// A value, written at its place on the line.
fn draw_label(at: (f32, f32), value: String, dy: &'static str) -> Element {
    let anchor = match at.0 {
        x if x < 0.15 => "start",
        x if x > 0.85 => "end",
        _ => "middle",
    };
    svg("text")
        .with("x", percent(at.0))
        .with("y", percent(1.0 - at.1))
        .with("dy", dy)
        .with("text-anchor", anchor)
        .text(value)
}

fn percent(share: f32) -> String {
    length(share, 100.0).to_string() + "%"
}

fn draw_table(label: String, columns: (String, String), rows: Vec<(TimeFace, String)>) -> Element {
    let column = |words: String| html("th").with("scope", "col").text(words);
    let row = |(moment, value): (TimeFace, String)| {
        html("tr")
            .child(html("th").with("scope", "row").child(draw_time(moment)))
            .child(html("td").text(value))
    };
    let head = html("tr").child(column(columns.0)).child(column(columns.1));
    let table = html("table")
        .child(html("thead").child(head))
        .child(html("tbody").children(rows.into_iter().map(row)));
    html("details").child(html("summary").text(label)).child(table)
}
