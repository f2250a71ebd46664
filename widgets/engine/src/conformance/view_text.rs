//! Inspection of a view without knowledge of its widget.

use voordeur_widget_api::{Block, MAX_LINES_BYTES, Moment, Value, View};

/// In characters; the interpreter truncates longer texts.
pub const MAX_TEXT_LENGTH: usize = 600;
/// In characters; longer URLs are not shown.
pub const MAX_URL_LENGTH: usize = 2_000;

/// Number of items from the service.
pub fn item_count(view: &View) -> usize {
    view.blocks.iter().map(block_item_count).sum()
}

fn block_item_count(block: &Block) -> usize {
    match block {
        Block::Text { .. } | Block::Empty { .. } => 0,
        Block::Facts { facts, .. } => facts.len(),
        Block::List { items, .. } => items.len(),
        Block::Departures { departures, .. } => departures.len(),
        Block::Moments { moments, .. } => moments.len(),
        Block::Series { points, .. } => points.len(),
        Block::Table(table) => table.rows.len(),
        Block::Days { days, .. } => days.len(),
        Block::Links { links } => links.len(),
        Block::Gauge(_) | Block::Alert(_) => 1,
        Block::Places { places, .. } => places.len(),
    }
}

/// Number of text blocks and notices.
pub fn text_count(view: &View) -> usize {
    let says = |block: &&Block| matches!(block, Block::Empty { .. } | Block::Text { .. });
    view.blocks.iter().filter(says).count() + view.notices.len()
}

/// Whether a view has text blocks only, none of them empty.
pub fn shows_only_text(view: &View) -> bool {
    let says = |block: &Block| match block {
        Block::Empty { text } | Block::Text { text } => !text.text.is_empty(),
        _ => false,
    };
    !view.blocks.is_empty() && view.blocks.iter().all(says)
}

/// Every text of a view with its path: `blocks[0].items[3].title`.
pub fn texts(view: &View) -> Vec<(String, String)> {
    let mut texts = Vec::new();
    // A view is plain data, so serialization cannot fail.
    if let Ok(tree) = serde_json::to_value(view) {
        collect(&tree, "", &mut texts);
    }
    texts
}

fn collect(tree: &serde_json::Value, path: &str, texts: &mut Vec<(String, String)>) {
    match tree {
        serde_json::Value::String(text) => {
            // Tags of the view's own format are no text of a service.
            let own = ["id", "kind", "role", "language", "severity", "tone", "day", "at", "moment"];
            let key = path.rsplit('.').next().unwrap_or(path);
            if !own.contains(&key) {
                let path = path.trim_end_matches(".text").trim_end_matches(".phrase");
                texts.push((path.to_owned(), text.clone()));
            }
        }
        serde_json::Value::Array(list) => {
            for (index, item) in list.iter().enumerate() {
                collect(item, &format!("{path}[{index}]"), texts);
            }
        }
        serde_json::Value::Object(map) => {
            for (key, value) in map {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                collect(value, &path, texts);
            }
        }
        _ => {}
    }
}

/// Whether the text at this path, as given by [`texts`], is a URL.
pub fn is_address(path: &str) -> bool {
    path == "page" || path.ends_with(".link.url")
}

/// Why a shown text is unsafe, if it is. A text of the citizen's own may have several lines.
pub fn unsafe_content(path: &str, text: &str, own: bool) -> Option<&'static str> {
    let is_bidi_control = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let length = text.chars().count();
    if is_address(path) {
        if !text.starts_with("https://") && !text.starts_with("http://") {
            return Some("leads elsewhere than to the web");
        }
        return (length > MAX_URL_LENGTH).then_some("is an address without end");
    }
    if text.chars().any(|c| c.is_control() && !(own && c == '\n')) {
        return Some("holds control characters");
    }
    if text.chars().any(is_bidi_control) {
        return Some("turns the direction of the text around");
    }
    let max_length = if own { MAX_LINES_BYTES } else { MAX_TEXT_LENGTH };
    (length > max_length).then_some("is a text without end")
}

/// The first tag or character reference in a text.
pub fn markup(text: &str) -> Option<&str> {
    for (start, _) in text.match_indices('<') {
        let inside = &text[start + 1..];
        let name = inside.strip_prefix('/').unwrap_or(inside);
        let Some(end) = inside.find('>') else { continue };
        if name.starts_with(|c: char| c.is_ascii_alphabetic()) && end < 200 {
            return text.get(start..=start + 1 + end);
        }
    }
    for (start, _) in text.match_indices('&') {
        let inside = &text[start + 1..];
        let Some(end) = inside.find(';') else { continue };
        let name = &inside[..end];
        let digits = name.strip_prefix('#').map(|number| number.trim_start_matches(['x', 'X']));
        let reference = match digits {
            Some(digits) => digits.chars().all(|c| c.is_ascii_hexdigit()),
            None => name.chars().all(|c| c.is_ascii_alphanumeric()),
        };
        if (2..=8).contains(&end) && reference {
            return text.get(start..=start + 1 + end);
        }
    }
    None
}

/// The years of all moments and dates in a view.
pub fn years(view: &View) -> Vec<i16> {
    let year = |moment: &Moment| match moment {
        Moment::At(at) => at.to_zoned(jiff::tz::TimeZone::UTC).year(),
        Moment::Day(day) => day.year(),
    };
    let mut years = Vec::new();
    let mut take = |moments: &[Option<&Moment>]| {
        years.extend(moments.iter().flatten().map(|moment| year(moment)));
    };
    for block in &view.blocks {
        match block {
            Block::Facts { facts, .. } => {
                for fact in facts {
                    if let Value::Moment(moment) = &fact.value {
                        take(&[Some(moment)]);
                    }
                }
            }
            Block::List { items, .. } => items.iter().for_each(|item| take(&[item.when.as_ref()])),
            Block::Departures { departures, .. } => {
                for departure in departures {
                    let arrival = departure.leg.as_ref().map(|leg| Moment::At(leg.arrival));
                    take(&[Some(&Moment::At(departure.at)), arrival.as_ref()]);
                }
            }
            Block::Moments { moments, .. } => {
                moments.iter().for_each(|item| take(&[Some(&item.start), item.end.as_ref()]));
            }
            Block::Series { points, .. } => {
                points.iter().for_each(|point| take(&[Some(&Moment::At(point.at))]));
            }
            Block::Alert(alert) => take(&[alert.start.as_ref(), alert.end.as_ref()]),
            Block::Places { places, .. } => {
                places.iter().for_each(|place| take(&[place.start.as_ref(), place.end.as_ref()]))
            }
            Block::Days { days, .. } => {
                days.iter().for_each(|day| take(&[Some(&Moment::Day(day.day))]));
            }
            Block::Text { .. }
            | Block::Empty { .. }
            | Block::Gauge(_)
            | Block::Links { .. }
            | Block::Table(_) => {}
        }
    }
    years
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_a_tag_or_a_reference() {
        assert_eq!(markup("a <p class=\"b\">c"), Some("<p class=\"b\">"));
        assert_eq!(markup("a</p>"), Some("</p>"));
        assert_eq!(markup("Q&amp;A"), Some("&amp;"));
        assert_eq!(markup("l&#39;eau"), Some("&#39;"));
        assert_eq!(markup("1 < 2 > 0, R&D; H&M"), None);
    }
}
