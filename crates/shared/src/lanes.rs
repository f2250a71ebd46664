//! The lanes of a board: which one each card is in, when the board has two, three or four.
//!
//! The server decides, from the height that it expects of each card, and the browser only stacks:
//! so the places are the same with `display: grid-lanes` and without. While a card is dragged, the
//! `arranging` module decides by the same rules.
//!
//! A card goes into the lane that ends first, left before right, and never above the card before
//! it. A card of two or more lanes needs lanes that end evenly above it: what is missing is given
//! to the cards there, as far as they can take it.
//!
//! Heights are in rows of half a rem, with the gap below the card.

use crate::card_width::CardWidth;

/// The numbers of lanes for which the places are fixed. With one, cards are below each other.
pub const LANE_COUNTS: [usize; 3] = [2, 3, 4];

/// The most rows that a card is stretched by, to end with its neighbours: 4.5 rem.
pub const MAX_EXTRA_ROWS: u16 = 9;
/// The most that a card is stretched by, in hundredths of its height.
const MAX_EXTRA_PERCENT: u16 = 5;
/// The rows that the buttons of a card take while the board is arranged.
pub const EDITING_ROWS: u16 = 7;
/// The greatest number of rows that the style sheet can express.
pub const MAX_ROWS: u16 = 199;
/// The cards at the end of a lane that are stretched.
const STRETCHED_CARDS: usize = 2;

/// The rows that a card takes on a board of two, three and four lanes.
pub type Rows = [u16; LANE_COUNTS.len()];

/// The rows that a card takes in each width, in the order of [`CardWidth::ALL`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct RowsByWidth(pub [Rows; CardWidth::ALL.len()]);

impl RowsByWidth {
    /// The rows in a width.
    pub fn of(&self, width: CardWidth) -> Rows {
        let [narrow, wide, full] = self.0;
        match width {
            CardWidth::Narrow => narrow,
            CardWidth::Wide => wide,
            CardWidth::Full => full,
        }
    }

    /// The rows in a width while the board is arranged: with those of the buttons.
    pub fn while_arranged(&self, width: CardWidth) -> Rows {
        self.of(width).map(|rows| rows.saturating_add(EDITING_ROWS).min(MAX_ROWS))
    }

    /// As an attribute: nine numbers with spaces between them.
    pub fn to_attribute(self) -> String {
        let mut text = String::with_capacity(36);
        for rows in self.0.into_iter().flatten() {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(&rows.to_string());
        }
        text
    }

    /// Reads the attribute; `None` when it is not one of ours.
    pub fn from_attribute(text: &str) -> Option<Self> {
        let mut numbers = text.split(' ').map(|number| number.parse::<u16>().ok());
        let mut rows = RowsByWidth::default();
        for each in rows.0.iter_mut().flatten() {
            *each = numbers.next()??.min(MAX_ROWS);
        }
        numbers.next().is_none().then_some(rows)
    }
}

/// A card to be placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LaneCard {
    /// Its width.
    pub width: CardWidth,
    /// The rows that it takes in this width.
    pub rows: Rows,
}

/// The place of a card on a board of one number of lanes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Its first lane, from 0.
    pub lane: usize,
    /// The rows that it is stretched by.
    pub extra: u16,
    /// The rows that are left free above it.
    pub skip: u16,
}

/// The place of a card on a board of two, three and four lanes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Places(pub [Place; LANE_COUNTS.len()]);

/// The places of all cards of a page, in reading order.
pub fn place(cards: &[LaneCard]) -> Vec<Places> {
    let mut all = vec![Places::default(); cards.len()];
    for (at, lanes) in LANE_COUNTS.into_iter().enumerate() {
        for (places, place) in all.iter_mut().zip(Board::of(cards, lanes, at)) {
            places.0[at] = place;
        }
    }
    all
}

/// A board while its cards are placed.
struct Board {
    /// The row at which each lane ends.
    ends: Vec<u16>,
    /// The cards of one lane that are at the end of each lane, which can be stretched.
    stack: Vec<Vec<usize>>,
    places: Vec<Place>,
    /// The first row and lane of the last card.
    last: (u16, usize),
}

impl Board {
    fn of(cards: &[LaneCard], lanes: usize, at: usize) -> Vec<Place> {
        let mut board = Board {
            ends: vec![0; lanes],
            stack: vec![Vec::new(); lanes],
            places: Vec::with_capacity(cards.len()),
            last: (0, 0),
        };
        let rows: Vec<u16> = cards.iter().map(|card| card.rows[at].min(MAX_ROWS)).collect();
        let spans: Vec<usize> = cards.iter().map(|card| card.width.lanes(lanes)).collect();
        for (index, span) in spans.iter().enumerate() {
            board.put(index, *span, &rows);
        }
        let end = board.ends.iter().copied().max().unwrap_or(0);
        for lane in 0..lanes {
            board.stretch(lane, end, &rows);
        }
        settle(board.places, &rows, &spans, lanes)
    }

    fn put(&mut self, index: usize, span: usize, rows: &[u16]) {
        let lanes = self.ends.len();
        let lane = (0..=lanes.saturating_sub(span))
            .min_by_key(|lane| (self.start(*lane, span), self.free_above(*lane, span)))
            .unwrap_or(0);
        let start = self.start(lane, span);
        for each in lane..lane + span {
            self.stretch(each, start, rows);
            if span > 1 || self.ends[each] < start {
                self.stack[each].clear();
            }
            self.ends[each] = start.saturating_add(rows[index]);
            if span == 1 {
                self.stack[each].push(index);
            }
        }
        self.last = (start, lane);
        self.places.push(Place { lane, extra: 0, skip: 0 });
    }

    /// The row at which these lanes have all ended.
    fn level(&self, lane: usize, span: usize) -> u16 {
        self.ends.iter().skip(lane).take(span).copied().max().unwrap_or(0)
    }

    /// The row at which a card would start.
    fn start(&self, lane: usize, span: usize) -> u16 {
        let earliest = if self.places.is_empty() { 0 } else { earliest(self.last, lane) };
        self.level(lane, span).max(earliest)
    }

    /// The rows that stay free when a card starts there, above it and above what follows it.
    fn free_above(&self, lane: usize, span: usize) -> u16 {
        let start = self.start(lane, span);
        self.ends.iter().fold(0, |free, end| free.saturating_add(start.saturating_sub(*end)))
    }

    /// Stretches the last cards of a lane, so that it ends at a row. The last one takes the most:
    /// then the cards before it stay where they are.
    fn stretch(&mut self, lane: usize, to: u16, rows: &[u16]) {
        let mut missing = to.saturating_sub(self.ends[lane]);
        let cards = self.stack[lane].clone();
        for (back, index) in cards.into_iter().rev().enumerate() {
            if missing == 0 || back >= STRETCHED_CARDS {
                break;
            }
            let most = (rows[index].saturating_mul(MAX_EXTRA_PERCENT) / 100).min(MAX_EXTRA_ROWS);
            let place = &mut self.places[index];
            let more = most.saturating_sub(place.extra).min(missing);
            place.extra = place.extra.saturating_add(more);
            missing = missing.saturating_sub(more);
            self.ends[lane] = self.ends[lane].saturating_add(more);
        }
    }
}

/// Stacks the cards in their lanes, and notes the rows that stay free above each.
fn settle(mut places: Vec<Place>, rows: &[u16], spans: &[usize], lanes: usize) -> Vec<Place> {
    let mut ends = vec![0_u16; lanes];
    let mut last: Option<(u16, usize)> = None;
    for ((place, rows), span) in places.iter_mut().zip(rows).zip(spans) {
        let level = ends.iter().skip(place.lane).take(*span).copied().max().unwrap_or(0);
        let start = level.max(last.map_or(0, |last| earliest(last, place.lane)));
        place.skip = start.saturating_sub(level);
        last = Some((start, place.lane));
        let end = start.saturating_add(*rows).saturating_add(place.extra);
        ends.iter_mut().skip(place.lane).take(*span).for_each(|each| *each = end);
    }
    places
}

/// The first row at which a card may start after the card with this first row and lane: not above
/// it. Placement in a grid goes on to the next row for a card to the left of the one before it
/// (CSS Grid Layout 2, section 8.5).
fn earliest((row, last_lane): (u16, usize), lane: usize) -> u16 {
    if lane < last_lane { row.saturating_add(1) } else { row }
}

impl Places {
    /// The classes by which `style/lanes.css` knows the places: `l3-2` is the second of three
    /// lanes, `e3-2` are two rows more on three lanes, `s3-1` and `r3-5` are 15 rows that are left
    /// free above the card. Each begins with a space.
    pub fn classes(&self) -> String {
        let mut classes = String::with_capacity(32);
        for (lanes, place) in LANE_COUNTS.into_iter().zip(self.0) {
            let lane = u16::try_from(place.lane).unwrap_or(0);
            add_class(&mut classes, "l", lanes, if lane > 0 { lane.saturating_add(1) } else { 0 });
            add_class(&mut classes, "e", lanes, place.extra);
            add_class(&mut classes, "s", lanes, place.skip.min(MAX_ROWS) / 10);
            add_class(&mut classes, "r", lanes, place.skip.min(MAX_ROWS) % 10);
        }
        classes
    }
}

/// The classes by which `style/lanes.css` knows the rows of a card: `t3-4` and `u3-7` are 47 rows
/// on three lanes. Each begins with a space.
pub fn row_classes(rows: Rows) -> String {
    let mut classes = String::with_capacity(36);
    for (lanes, rows) in LANE_COUNTS.into_iter().zip(rows) {
        add_class(&mut classes, "t", lanes, rows.min(MAX_ROWS) / 10);
        add_class(&mut classes, "u", lanes, rows.min(MAX_ROWS) % 10);
    }
    classes
}

fn add_class(classes: &mut String, kind: &str, lanes: usize, number: u16) {
    if number > 0 {
        for part in [" ", kind, &lanes.to_string(), "-", &number.to_string()] {
            classes.push_str(part);
        }
    }
}

/// The classes of a card with those of [`row_classes`] replaced, and those of [`Places::classes`]
/// too when there are new places.
pub fn replace_classes(now: &str, rows: Rows, places: Option<&Places>) -> String {
    let stays = |class: &&str| !is_row_class(class) && (places.is_none() || !is_place_class(class));
    let mut classes = String::with_capacity(now.len());
    for class in now.split_ascii_whitespace().filter(stays) {
        if !classes.is_empty() {
            classes.push(' ');
        }
        classes.push_str(class);
    }
    if let Some(places) = places {
        classes.push_str(&places.classes());
    }
    classes.push_str(&row_classes(rows));
    classes
}

/// The classes of a card with those of [`row_classes`] taken from another drawing of it.
pub fn take_row_classes(now: &str, drawn: &str) -> String {
    let stay = now.split_ascii_whitespace().filter(|class| !is_row_class(class));
    let taken = drawn.split_ascii_whitespace().filter(|class| is_row_class(class));
    let mut classes = String::with_capacity(now.len());
    for class in stay.chain(taken) {
        if !classes.is_empty() {
            classes.push(' ');
        }
        classes.push_str(class);
    }
    classes
}

fn is_row_class(class: &str) -> bool {
    matches!(class.as_bytes(), [b't' | b'u', b'2'..=b'4', b'-', ..])
}

fn is_place_class(class: &str) -> bool {
    matches!(class.as_bytes(), [b'l' | b'e' | b's' | b'r', b'2'..=b'4', b'-', ..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use CardWidth::{Full, Narrow, Wide};

    fn cards(list: &[(CardWidth, u16)]) -> Vec<LaneCard> {
        list.iter().map(|(width, rows)| LaneCard { width: *width, rows: [*rows; 3] }).collect()
    }

    /// The first row and the end of each card, and the end of each lane.
    fn stacked(cards: &[LaneCard], at: usize) -> (Vec<(usize, u16, u16)>, Vec<u16>) {
        let lanes = LANE_COUNTS[at];
        let mut ends = vec![0; lanes];
        let boxes = cards
            .iter()
            .zip(place(cards))
            .map(|(card, places)| {
                let Place { lane, extra, skip } = places.0[at];
                let span = card.width.lanes(lanes);
                let own = lane..lane + span;
                let top = own.clone().map(|lane| ends[lane]).max().expect("a lane") + skip;
                let end = top + card.rows[at] + extra;
                own.for_each(|lane| ends[lane] = end);
                (lane, top, end)
            })
            .collect();
        (boxes, ends)
    }

    #[test]
    fn a_card_goes_into_the_lane_that_ends_first_left_before_right() {
        let board = cards(&[(Narrow, 40), (Narrow, 30), (Narrow, 50), (Narrow, 20), (Narrow, 20)]);
        let lanes = |at: usize| -> Vec<usize> {
            stacked(&board, at).0.into_iter().map(|place| place.0).collect()
        };
        assert_eq!(lanes(0), [0, 1, 1, 0, 0]);
        assert_eq!(lanes(1), [0, 1, 2, 1, 0]);
        assert_eq!(lanes(2), [0, 1, 2, 3, 3]);
    }

    #[test]
    fn lanes_are_made_even_above_a_wide_card_as_far_as_their_cards_can_take_it() {
        let board = cards(&[(Narrow, 42), (Narrow, 40), (Wide, 20), (Full, 10)]);
        let places = place(&board);
        assert_eq!(places[1].0[0], Place { lane: 1, extra: 2, skip: 0 });
        let (boxes, ends) = stacked(&board, 0);
        assert_eq!(boxes[2], (0, 42, 62));
        assert_eq!(ends, [72, 72]);
        // Twenty rows are more than a card of forty can take.
        let board = cards(&[(Narrow, 60), (Narrow, 40), (Full, 20)]);
        assert_eq!(place(&board)[1].0[0].extra, 2);
    }

    #[test]
    fn no_card_is_above_the_one_before_it_and_lanes_end_within_one_card() {
        let mut seed = 7_u32;
        let mut next = |below: u32| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 16) % below
        };
        for _ in 0..2_000 {
            let count = 1 + next(30);
            let board: Vec<LaneCard> = (0..count)
                .map(|_| {
                    let width = [Narrow, Narrow, Narrow, Narrow, Wide, Full][next(6) as usize];
                    let rows = 10 + u16::try_from(next(70)).expect("small");
                    LaneCard { width, rows: [rows, rows, rows] }
                })
                .collect();
            for at in 0..LANE_COUNTS.len() {
                let (boxes, ends) = stacked(&board, at);
                for pair in boxes.windows(2) {
                    assert!(pair[0].1 <= pair[1].1, "{board:?} {boxes:?}");
                    // The placement of a grid would move such a card to the next row.
                    assert!(pair[0].1 < pair[1].1 || pair[0].0 < pair[1].0, "{boxes:?}");
                }
                for (card, (_, top, end)) in board.iter().zip(&boxes) {
                    let most = card.rows[at] + card.rows[at] * MAX_EXTRA_PERCENT / 100;
                    assert!(end - top <= most, "{boxes:?}");
                }
                if board.iter().all(|card| card.width == Narrow) {
                    let tallest = board.iter().map(|card| card.rows[at]).max().expect("a card");
                    let spread =
                        ends.iter().max().expect("ends") - ends.iter().min().expect("ends");
                    assert!(spread <= tallest + MAX_EXTRA_ROWS, "{board:?} {ends:?}");
                }
            }
        }
    }

    #[test]
    fn classes_say_places_and_rows() {
        let places = Places([
            Place { lane: 0, extra: 0, skip: 0 },
            Place { lane: 1, extra: 2, skip: 15 },
            Place { lane: 3, extra: 0, skip: 0 },
        ]);
        assert_eq!(places.classes(), " l3-2 e3-2 s3-1 r3-5 l4-4");
        assert_eq!(row_classes([40, 47, 105]), " t2-4 t3-4 u3-7 t4-10 u4-5");
        let now = ["card", &places.classes(), &row_classes([40, 47, 105])].concat();
        assert_eq!(
            replace_classes(&now, [5, 0, 60], None),
            "card l3-2 e3-2 s3-1 r3-5 l4-4 u2-5 t4-6"
        );
        let elsewhere = Places::default();
        assert_eq!(replace_classes(&now, [5, 0, 60], Some(&elsewhere)), "card u2-5 t4-6");
        assert_eq!(replace_classes("card t2 x2-1", [0; 3], Some(&elsewhere)), "card t2 x2-1");
        assert_eq!(take_row_classes(&now, "card l2-2 t2-5"), "card l3-2 e3-2 s3-1 r3-5 l4-4 t2-5");
    }

    #[test]
    fn rows_go_through_an_attribute() {
        let rows = RowsByWidth([[40, 41, 42], [30, 31, 32], [20, 21, 22]]);
        assert_eq!(rows.to_attribute(), "40 41 42 30 31 32 20 21 22");
        assert_eq!(RowsByWidth::from_attribute(&rows.to_attribute()), Some(rows));
        for other in ["", "40", "40 41 42 30 31 32 20 21 22 23", "40 41 42 30 31 32 20 21 x"] {
            assert_eq!(RowsByWidth::from_attribute(other), None, "{other}");
        }
        assert_eq!(rows.while_arranged(Wide), [37, 38, 39]);
    }

    #[test]
    fn the_style_sheet_has_a_rule_for_each_class() {
        let sheet = include_str!("../../../style/lanes.css");
        let rule = |kind: &str, lanes: usize, number: u16| {
            let class = [".", kind, &lanes.to_string(), "-", &number.to_string(), "{"].concat();
            assert!(sheet.contains(&class), "{class}");
        };
        for lanes in LANE_COUNTS {
            (2..=u16::try_from(lanes).expect("small")).for_each(|lane| rule("l", lanes, lane));
            (1..=MAX_ROWS / 10).for_each(|tens| rule("t", lanes, tens));
            (1..=MAX_ROWS / 10).for_each(|tens| rule("s", lanes, tens));
            (1..=9).for_each(|units| rule("u", lanes, units));
            (1..=9).for_each(|units| rule("r", lanes, units));
            (1..=MAX_EXTRA_ROWS).for_each(|extra| rule("e", lanes, extra));
        }
    }
}
