//! A table. On a narrow card each row stands by itself, its cells under the names of their columns; where it is still wider than its card
//! it is scrolled sideways, by keyboard too.

use super::draw_linked;
use crate::markup::{Element, html};
use crate::view_model::{RowFace, TableFace, Words};

pub(super) fn draw(table: TableFace) -> Element {
    let heads = table.columns.iter().enumerate().map(|(at, words)| {
        let figures = at > 0 && table.rows.iter().any(|row| is_figure(row, at - 1));
        html("th")
            .with("scope", "col")
            .with_some("class", figures.then(figure))
            .words(words.clone())
    });
    let head = html("thead").child(html("tr").children(heads));
    let columns = &table.columns;
    let body = html("tbody").children(table.rows.into_iter().map(|row| draw_row(row, columns)));
    html("div").class("table").with("tabindex", "0").child(html("table").child(head).child(body))
}

fn draw_row(row: RowFace, columns: &[Words]) -> Element {
    let cells = row.cells.into_iter().enumerate().map(|(at, (words, is_figure))| {
        let column = columns.get(at + 1).map(|column| column.text.clone());
        html("td")
            .with_some("class", is_figure.then(figure))
            .with_some("data-column", column)
            .words(words)
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
