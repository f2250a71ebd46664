//! A chart: the latest value, the line, a sentence that describes the line, and the same data as a
//! table.
//!
//! The drawing is hidden from screen readers, which get the sentence and the table.

use super::{draw_time, length};
use crate::markup::{Element, html, svg};
use crate::view_model::{SeriesViewModel, TimeViewModel};

/// The drawing's own units; it is stretched to the width of the card.
const WIDTH: f32 = 600.0;
const HEIGHT: f32 = 100.0;

pub(super) fn draw(series: SeriesViewModel) -> Element {
    let latest = html("p")
        .class("lead")
        .child(html("span").words(series.label))
        .space()
        .child(html("b").text(series.latest))
        .space()
        .child(html("span").with("dir", "auto").text(series.unit));
    let axis = html("p")
        .class("axis")
        .with("aria-hidden", "true")
        .children(series.axis.into_iter().map(|moment| html("span").text(moment)));
    html("div")
        .class("series")
        .child(latest)
        .children(draw_chart(&series.runs, series.lowest, series.highest))
        .child(axis)
        .child(html("p").class("remark").text(series.summary))
        .children(
            (!series.rows.is_empty())
                .then(|| draw_table(series.table_label, series.columns, series.rows)),
        )
}

fn draw_chart(runs: &[Vec<(f32, f32)>], lowest: String, highest: String) -> Option<Element> {
    let points = || runs.iter().flatten();
    let last = points().last()?;
    let mut line = String::new();
    let mut area = String::new();
    for run in runs {
        let start = line.len();
        for &(x, y) in run {
            line.push(if line.len() == start { 'M' } else { ' ' });
            line.push_str(&length(x, WIDTH).to_string());
            line.push(' ');
            line.push_str(&length(1.0 - y, HEIGHT).to_string());
        }
        // A run of a single point is a dot.
        line.push_str("h0");
        area.push_str(&line[start..]);
        area.push_str("V100H");
        area.push_str(&length(run.first().map_or(0.0, |first| first.0), WIDTH).to_string());
        area.push('z');
    }
    let lowest_at = points().fold(last, |a, b| if b.1 < a.1 { b } else { a });
    let highest_at = points().fold(last, |a, b| if b.1 > a.1 { b } else { a });
    let layer = || svg("svg").with("y", "18").with("height", "72");
    let stretched = layer()
        .with("viewBox", "0 0 600 100")
        .with("preserveAspectRatio", "none")
        .child(svg("path").class("area").with("d", area))
        .child(svg("path").class("line").with("d", line));
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

/// A value at its point of the line.
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

fn draw_table(
    label: String,
    columns: (String, String),
    rows: Vec<(TimeViewModel, String)>,
) -> Element {
    let column = |words: String| html("th").with("scope", "col").text(words);
    let row = |(moment, value): (TimeViewModel, String)| {
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
