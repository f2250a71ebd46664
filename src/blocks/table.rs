//! A table. On a narrow card each row is a block, with the column names in front of the cells; a
//! table that is still wider than its card scrolls sideways, by keyboard too.

use super::draw_linked;
use crate::markup::{Element, html};
use crate::view_model::{LocalizedText, TableRowViewModel, TableViewModel};

pub(super) fn draw(table: TableViewModel) -> Element {
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

fn draw_row(row: TableRowViewModel, columns: &[LocalizedText]) -> Element {
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

fn is_figure(row: &TableRowViewModel, at: usize) -> bool {
    row.cells.get(at).is_some_and(|(_, is_figure)| *is_figure)
}

fn figure() -> String {
    "figure".to_owned()
}
