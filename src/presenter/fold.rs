//! A folded card: its warnings, or else the most informative line.

use super::plain_text;
use crate::locale::capitalised;
use crate::view_model::{BlockViewModel, CardViewModel, LocalizedText};

/// Maximum length of that line, in characters.
const MAX_LINE_LENGTH: usize = 90;

/// Reduces the view model of a card to its folded form. The result is an ordinary view model, so
/// rendering and refreshing stay the same.
pub fn fold_card(mut view_model: CardViewModel) -> CardViewModel {
    let is_alert = |block: &BlockViewModel| matches!(block, BlockViewModel::Alert(_));
    if view_model.blocks.iter().any(is_alert) {
        let mut of_alerts = false;
        view_model.blocks.retain(|block| {
            of_alerts =
                is_alert(block) || (of_alerts && matches!(block, BlockViewModel::Further { .. }));
            of_alerts
        });
    } else {
        let line = view_model.blocks.iter().filter_map(line).min_by_key(|(rank, _)| *rank);
        view_model.blocks =
            line.map(|(_, text)| BlockViewModel::Text { text }).into_iter().collect();
    }
    view_model.remarks.clear();
    view_model
}

/// A block as one line, with its priority among the blocks; the lowest wins.
fn line(block: &BlockViewModel) -> Option<(u8, LocalizedText)> {
    let plain =
        |rank: u8, text: String| Some((rank, LocalizedText { text: shortened(&text), lang: None }));
    let marked = |rank: u8, text: String, words: &LocalizedText| {
        Some((rank, LocalizedText { text: shortened(&text), lang: words.lang.clone() }))
    };
    match block {
        BlockViewModel::Departures { departures } => {
            let departure = departures.first()?;
            marked(0, plain_text::departure(departure), &departure.to)
        }
        BlockViewModel::Facts { facts } => {
            let fact = facts.first()?;
            marked(1, plain_text::fact(fact), &fact.value)
        }
        BlockViewModel::Moments { moments } => {
            let moment = moments.first()?;
            marked(2, plain_text::moment(moment), &moment.title)
        }
        BlockViewModel::Series(series) => {
            plain(3, format!("{}: {}", series.label.text, series.summary))
        }
        BlockViewModel::Days(days) => plain(1, capitalised(&days.summary)),
        BlockViewModel::Gauge(gauge) => marked(1, plain_text::gauge(gauge), &gauge.label),
        BlockViewModel::Links { links } => {
            let link = links.first()?;
            marked(6, plain_text::link(link), &link.title)
        }
        BlockViewModel::List { items } => {
            let item = items.first()?;
            marked(4, plain_text::item(item), &item.title)
        }
        BlockViewModel::Places(places) => {
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
        BlockViewModel::Alert(_) | BlockViewModel::Further { .. } => None,
    }
}

/// The first line of a text, without its list marker, cut at a word when it is too long.
fn shortened(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let line = line.trim().trim_start_matches("- ");
    if line.chars().count() <= MAX_LINE_LENGTH {
        return line.to_owned();
    }
    let cut: String = line.chars().take(MAX_LINE_LENGTH).collect();
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
        assert!(short.chars().count() <= MAX_LINE_LENGTH + 1);
    }
}
