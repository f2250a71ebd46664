//! A table. Where it is wider than its card it is scrolled sideways, by keyboard too.

use super::draw_linked;
use super::markup::{Element, html};
use crate::face::{RowFace, TableFace};

pub(super) fn draw(table: TableFace) -> Element {
    let heads = table.columns.iter().enumerate().map(|(at, words)| {
        let figures = at > 0 && table.rows.iter().any(|row| is_figure(row, at - 1));
        html("th")
            .with("scope", "col")
            .with_some("class", figures.then(figure))
            .words(words.clone())
    });
    let head = html("thead").child(html("tr").children(heads));
    let body = html("tbody").children(table.rows.into_iter().map(draw_row));
    html("div").class("table").with("tabindex", "0").child(html("table").child(head).child(body))
}

fn draw_row(row: RowFace) -> Element {
    let cells = row.cells.into_iter().map(|(words, is_figure)| {
        html("td").with_some("class", is_figure.then(figure)).words(words)
    });
    let head = html("th").with("scope", "row").child(draw_linked(row.head, row.link));
    html("tr").child(head).children(cells)
}

fn is_figure(row: &RowFace, at: usize) -> bool {
    row.cells.get(at).is_some_and(|(_, is_figure)| *is_figure)
}

fn figure() -> String {
    "figure".to_owned()
}
