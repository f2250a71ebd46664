//! The picture of a widget in the catalogue: the beginning of the first block of its sample that
//! looks like something, without links, in the form of the block itself. The style sheet makes it
//! small.

use super::draw_block;
use crate::markup::{Html, html};
use crate::view_model::{BlockViewModel, CardViewModel};

/// Rows of a block, and alerts, that fit into the picture.
const ROWS: usize = 3;

/// The picture as HTML. It is decoration: the name and the summary beside it say more.
pub fn draw(view_model: &CardViewModel) -> Html {
    let blocks = view_model.blocks.iter();
    let forecast = blocks.clone().position(|block| matches!(block, BlockViewModel::Days(_)));
    let first = forecast.or_else(|| blocks.clone().position(is_picture)).unwrap_or_default();
    let is_alert = |block: &&BlockViewModel| matches!(block, BlockViewModel::Alert(_));
    let alerts = blocks.clone().skip(first).take_while(is_alert).take(ROWS).count();
    let shown = blocks.skip(first).take(alerts.max(1)).cloned().map(beginning).map(draw_block);
    let card = html("div").children(shown);
    Html::of(&[card])
}

/// Whether a block looks like something.
fn is_picture(block: &BlockViewModel) -> bool {
    !matches!(
        block,
        BlockViewModel::Text { .. } | BlockViewModel::Empty { .. } | BlockViewModel::Further { .. }
    )
}

fn beginning(mut block: BlockViewModel) -> BlockViewModel {
    match &mut block {
        BlockViewModel::Facts { facts } => {
            facts.truncate(ROWS);
            facts.iter_mut().for_each(|fact| fact.link = None);
        }
        BlockViewModel::List { items } => {
            items.truncate(ROWS);
            items.iter_mut().for_each(|item| item.link = None);
        }
        BlockViewModel::Departures { departures } => departures.truncate(ROWS),
        BlockViewModel::Moments { moments } => {
            moments.truncate(ROWS);
            moments.iter_mut().for_each(|moment| moment.link = None);
        }
        BlockViewModel::Series(series) => series.rows.clear(),
        BlockViewModel::Days(days) => days.rows.truncate(ROWS),
        BlockViewModel::Links { links } => {
            links.truncate(ROWS);
            links.iter_mut().for_each(|link| link.link = None);
        }
        BlockViewModel::Table(table) => {
            table.rows.truncate(ROWS);
            table.rows.iter_mut().for_each(|row| row.link = None);
        }
        BlockViewModel::Alert(alert) => {
            alert.text = None;
            alert.link = None;
        }
        BlockViewModel::Places(places) => {
            // The map is as wide as a card: the list tells as much in less.
            places.places.truncate(ROWS);
            for place in &mut places.places {
                place.link = None;
                place.map_point = None;
            }
        }
        BlockViewModel::Text { .. }
        | BlockViewModel::Gauge(_)
        | BlockViewModel::Empty { .. }
        | BlockViewModel::Further { .. } => {}
    }
    block
}
