//! The height that the server expects of a card, in rows of half a rem, on a board of two, three
//! and four lanes and in each width. The lanes of the board are fixed from it; browsers stack.
//!
//! The numbers are those of the style sheets; `end2end/tests/lanes.spec.js` measures every card and
//! fails when one of them is no longer true.

mod parts;
mod text;

use voordeur_shared::lanes::{MAX_ROWS, RowsByWidth};

use self::text::{bold, lines, plain};
use crate::view_model::{CardState, CardViewModel, SourceViewModel};

/// The width of a lane on a board of two, three and four lanes, in rem: at 768, 1440 and 1920
/// pixels.
const LANES: [f32; 3] = [22.0, 25.9, 23.1];
/// The gap between two lanes and below a card, in rem.
const GAP: f32 = 1.15;
/// Padding and border at the left and right of a card.
const SIDES: f32 = 2.52;
/// Padding and border above and below.
const ENDS: f32 = 2.02;
/// The gap between the parts of a body.
const STACK: f32 = 0.8;
/// Up to this width of its content a card has a smaller title.
const SMALL_TITLE: f32 = 24.0;
/// Rows are this high, in rem.
const ROW: f32 = 0.5;
/// A surplus on each expected height: too high by little is better than too low.
const MARGIN: f32 = 0.35;

/// The rows of a card.
pub(super) fn rows(card: &CardViewModel) -> RowsByWidth {
    rows_of(|within| height(card, within))
}

/// The rows of a card with items to tick, and the line to add one.
pub(super) fn rows_with_items(
    card: &CardViewModel,
    items: &[&str],
    can_clear: bool,
) -> RowsByWidth {
    rows_of(|within| height(card, within) + items_height(items, can_clear, within))
}

/// The rows of a height in rem that depends on the width of the content.
fn rows_of(height: impl Fn(f32) -> f32) -> RowsByWidth {
    let mut rows = RowsByWidth::default();
    for (at, lane) in LANES.into_iter().enumerate() {
        let lanes = [2.0, 3.0, 4.0][at];
        let across = |count: f32| count * lane + (count - 1.0) * GAP;
        let (wide, full) = (across(2.0), across(lanes));
        for (width, each) in [lane, wide, full].into_iter().enumerate() {
            rows.0[width][at] = to_rows(height(each - SIDES) + GAP);
        }
    }
    rows
}

fn items_height(items: &[&str], can_clear: bool, within: f32) -> f32 {
    const BUTTON: f32 = 2.75;
    let item = |item: &&str| (lines(item, plain(1.0), within - 2.1) * 1.5 + 0.6).max(BUTTON) + 0.06;
    let list = if items.is_empty() { 0.0 } else { items.iter().map(item).sum::<f32>() + STACK };
    let clear = if can_clear { BUTTON + STACK } else { 0.0 };
    let add = 0.88 * 1.5 + 0.2 + BUTTON + STACK;
    list + clear + add
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded just before")]
fn to_rows(rem: f32) -> u16 {
    (rem / ROW).ceil().clamp(1.0, f32::from(MAX_ROWS)) as u16
}

/// The height of a card whose content is this wide, both in rem.
fn height(card: &CardViewModel, within: f32) -> f32 {
    ENDS + header(card, within) + STACK + body(card, within) + action(card) + MARGIN
}

fn header(card: &CardViewModel, within: f32) -> f32 {
    // Beside the text: the icon, refresh, fold and the menu.
    let has_refresh = card.has_service && card.state != CardState::NeedsSettings;
    let beside = if has_refresh { 8.6 } else { 6.6 };
    let text = within - beside;
    let size = if within <= SMALL_TITLE { 0.92 } else { 1.06 };
    let title = lines(&card.title, bold(size), text) * size * 1.3;
    let about = card
        .about
        .as_ref()
        .map_or(0.0, |about| lines(&about.text, plain(0.88), text) * 0.88 * 1.35);
    (title + about).max(2.4)
}

fn body(card: &CardViewModel, within: f32) -> f32 {
    let mut heights = Vec::with_capacity(card.blocks.len() + card.remarks.len() + 2);
    heights.extend(
        card.notice.as_deref().map(|notice| lines(notice, plain(0.94), within - 1.5) * 0.94 * 1.5),
    );
    let mut before = None;
    for block in &card.blocks {
        heights.push(parts::block(block, before, within));
        before = Some(block);
    }
    let remark = |text: &str| lines(text, plain(0.88), within) * 0.88 * 1.5;
    heights.extend(card.remarks.iter().map(|words| remark(&words.text)));
    heights.extend(card.times.as_deref().map(remark));
    heights.push(source(&card.source, card.sample.as_deref(), within));
    let gaps = f32::from(u16::try_from(heights.len().saturating_sub(1)).unwrap_or(u16::MAX));
    heights.iter().sum::<f32>() + gaps * STACK
}

/// The source line: the moment, publisher and licence, and the link wrap as whole words of a line.
fn source(source: &SourceViewModel, sample: Option<&str>, within: f32) -> f32 {
    const FINE: f32 = 0.78;
    const LINE: f32 = FINE * 1.6;
    let sample = sample.map_or(0.0, |words| lines(words, plain(FINE), within - 0.94) * LINE + 0.5);
    let mut publisher = source.publisher.clone();
    if !source.licence.is_empty() {
        publisher = format!("{publisher} · {}", source.licence);
    }
    if let Some(attribution) = &source.attribution {
        publisher = format!("{publisher} · {attribution}");
    }
    let link = (!source.url.is_empty()).then(|| format!("{} →", source.link_text));
    let moment = source.moment.as_ref().map(|moment| moment.text.as_str());
    let items = moment.into_iter().chain([publisher.as_str()]).chain(link.as_deref());
    0.35 + sample + parts::wrapped(items, plain(FINE), 0.7 * FINE, within) * LINE + 0.19
}

/// The button below the body of a card without data.
fn action(card: &CardViewModel) -> f32 {
    match card.state {
        CardState::Fresh | CardState::Stale => 0.0,
        CardState::Unavailable => 3.4,
        CardState::Waiting => 5.8,
        CardState::NeedsSettings => 3.6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view_model::{BlockViewModel, ListItemViewModel, LocalizedText};
    use voordeur_shared::CardWidth;

    fn card(state: CardState, items: usize) -> CardViewModel {
        let words = |text: &str| LocalizedText { text: text.to_owned(), lang: None };
        let item = ListItemViewModel {
            title: words("Kerstmarkt op het Kerkplein: zo rijdt de bus om"),
            note: None,
            tag: None,
            when: None,
            link: None,
        };
        CardViewModel {
            widget: "news".to_owned(),
            theme: String::new(),
            icon: String::new(),
            title: "Nieuws".to_owned(),
            about: None,
            state,
            has_service: true,
            sample: None,
            notice: (items == 0).then(|| "De dienst antwoordt niet.".to_owned()),
            remarks: Vec::new(),
            times: None,
            blocks: vec![BlockViewModel::List { items: vec![item; items] }],
            today: Vec::new(),
            source: SourceViewModel {
                publisher: "Grimbergen".to_owned(),
                licence: "CC BY".to_owned(),
                attribution: None,
                url: String::new(),
                link_text: "Bron".to_owned(),
                moment: None,
            },
            rows: RowsByWidth::default(),
            refresh_after_secs: 0,
        }
    }

    #[test]
    fn a_card_is_as_high_as_what_it_says() {
        let [short, long] = [3, 9].map(|items| rows(&card(CardState::Fresh, items)));
        for width in CardWidth::ALL {
            for (short, long) in short.of(width).into_iter().zip(long.of(width)) {
                assert!(short < long, "{width:?}: {short} {long}");
            }
        }
        // Titles wrap in one lane, and a wide list has two columns.
        assert!(long.of(CardWidth::Narrow)[1] > long.of(CardWidth::Wide)[1]);
    }

    #[test]
    fn states_without_data_are_short_and_no_card_is_out_of_bounds() {
        for state in [CardState::Waiting, CardState::Unavailable, CardState::NeedsSettings] {
            let rows = rows(&card(state, 0));
            assert!(rows.0.into_iter().flatten().all(|rows| rows < 45), "{state:?} {rows:?}");
        }
        let rows = rows(&card(CardState::Fresh, 10_000));
        assert!(rows.0.into_iter().flatten().all(|rows| rows == MAX_ROWS), "{rows:?}");
    }
}
