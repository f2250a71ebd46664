//! A folded card: its warnings, or else the one line that tells most.

use super::text;
use crate::view_model::{BlockViewModel, CardViewModel, Words};

/// The longest line of a folded card, in characters.
const LONGEST_LINE: usize = 90;

/// The face of a card that is folded. It is a face like any other, so that it is drawn and asked again like any other.
pub fn folded(mut view_model: CardViewModel) -> CardViewModel {
    let is_alert = |block: &BlockViewModel| matches!(block, BlockViewModel::Alert(_));
    if view_model.blocks.iter().any(is_alert) {
        view_model.blocks.retain(is_alert);
    } else {
        let line = view_model.blocks.iter().filter_map(line).min_by_key(|(rank, _)| *rank);
        view_model.blocks =
            line.map(|(_, text)| BlockViewModel::Text { text }).into_iter().collect();
    }
    view_model.remarks.clear();
    view_model
}

/// What a block says in one line, and how much it tells beside other blocks: the least tells most.
fn line(block: &BlockViewModel) -> Option<(u8, Words)> {
    let plain = |rank: u8, text: String| Some((rank, Words { text: shortened(&text), lang: None }));
    let marked = |rank: u8, text: String, words: &Words| {
        Some((rank, Words { text: shortened(&text), lang: words.lang.clone() }))
    };
    match block {
        BlockViewModel::Departures { departures } => {
            let departure = departures.first()?;
            marked(0, text::departure(departure), &departure.to)
        }
        BlockViewModel::Facts { facts } => {
            let fact = facts.first()?;
            marked(1, text::fact(fact), &fact.value)
        }
        BlockViewModel::Moments { moments } => {
            let moment = moments.first()?;
            marked(2, text::moment(moment), &moment.title)
        }
        BlockViewModel::Series(series) => {
            plain(3, format!("{}: {}", series.label.text, series.summary))
        }
        BlockViewModel::List { items } => {
            let item = items.first()?;
            marked(4, text::item(item), &item.title)
        }
        BlockViewModel::LoadShed(places) => {
            let place = places.places.first()?;
            marked(5, place.title.text.clone(), &place.title)
        }
        BlockViewModel::Table(table) => {
            let row = table.rows.first()?;
            let cell = row.cells.first().map(|(words, _)| words.text.as_str()).unwrap_or_default();
            marked(6, format!("{}: {cell}", row.head.text), &row.head)
        }
        BlockViewModel::Text { text } => marked(7, text.text.clone(), text),
        BlockViewModel::Empty { text } => marked(8, text.text.clone(), text),
        BlockViewModel::Alert(_) => None,
    }
}

/// The first line, without the mark of a list, and cut at a word when it is long.
fn shortened(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let line = line.trim().trim_start_matches("- ");
    if line.chars().count() <= LONGEST_LINE {
        return line.to_owned();
    }
    let cut: String = line.chars().take(LONGEST_LINE).collect();
    let words = cut.rsplit_once(' ').map_or(cut.as_str(), |(words, _)| words);
    format!("{words}…")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_cut_at_a_word() {
        assert_eq!(shortened("- Glas\n    wit en gekleurd"), "Glas");
        let long = "woord ".repeat(40);
        let short = shortened(&long);
        assert!(short.ends_with("woord…"), "{short}");
        assert!(short.chars().count() <= LONGEST_LINE + 1);
    }
}
