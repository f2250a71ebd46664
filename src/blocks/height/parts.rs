//! The heights of the blocks, in rem.

use super::text::{Font, bold, lines, plain, width};
use crate::view_model::{
    AlertViewModel, BlockViewModel, DepartureViewModel, FactViewModel, GaugeViewModel,
    LegViewModel, LinkViewModel, ListItemViewModel, LocalizedText, MomentViewModel,
    PlacesViewModel, SeriesViewModel, TableRowViewModel, TableViewModel,
};

/// The padding above and below a row of a list.
const ROW: f32 = 0.55;
/// A line of one pixel.
const RULE: f32 = 0.06;
const NOTE: f32 = 0.88;
const FINE: f32 = 0.78;
/// The arrow after an external link.
const ARROW: f32 = 0.85;
/// The lines of titles and notes in lists.
const ENTRY_LINE: f32 = 1.4;
/// The padding of a link, which adds to its line.
const LINK: f32 = 0.24;
/// The width of a card's content from which lists and bars have two columns.
const TWO_COLUMNS: f32 = 30.0;
/// Up to this width departures and tables are stacked.
const STACKED: f32 = 25.0;

/// A row of a forecast, whose columns never wrap.
const FORECAST_DAY: f32 = 2.24;

pub(super) fn block(block: &BlockViewModel, before: Option<&BlockViewModel>, within: f32) -> f32 {
    match block {
        BlockViewModel::Text { text } | BlockViewModel::Empty { text } => {
            lines(&text.text, plain(1.0), within) * 1.5
        }
        BlockViewModel::Further { text, link } => {
            lines(&text.text, plain(NOTE), within) * NOTE * 1.5
                + if link.is_some() { LINK } else { 0.0 }
        }
        BlockViewModel::Facts { facts } => self::facts(facts, within),
        BlockViewModel::List { items } => list(items, within),
        BlockViewModel::Departures { departures } => self::departures(departures, within),
        BlockViewModel::Moments { moments } => self::moments(moments, within),
        BlockViewModel::Series(series) => self::series(series, before, within),
        BlockViewModel::Days(days) => count_of(days.rows.len()) * FORECAST_DAY,
        BlockViewModel::Gauge(gauge) => self::gauge(gauge, within),
        BlockViewModel::Links { links } => self::links(links, within),
        BlockViewModel::Table(table) => self::table(table, within),
        BlockViewModel::Alert(alert) => self::alert(alert, within),
        BlockViewModel::Places(places) => self::places(places, within),
    }
}

/// The number of lines of items that wrap as wholes, as those of a flex container do.
pub(super) fn wrapped<'a>(
    items: impl Iterator<Item = &'a str>,
    font: Font,
    gap: f32,
    within: f32,
) -> f32 {
    let (mut count, mut used) = (0.0_f32, f32::INFINITY);
    for item in items {
        let wide = width(item, font);
        if used + gap + wide > within {
            count += lines(item, font, within);
            used = wide.min(within);
        } else {
            used += gap + wide;
        }
    }
    count
}

fn columns(within: f32, at_least: f32, gap: f32) -> usize {
    // A card holds a few columns at most.
    (1..=12)
        .take_while(|count| (at_least + gap) * count_of(*count) - gap <= within)
        .last()
        .unwrap_or(1)
}

fn count_of(count: usize) -> f32 {
    f32::from(u16::try_from(count).unwrap_or(u16::MAX))
}

/// The height of items in rows of columns: the highest of each row, with gaps between rows.
fn in_rows(heights: &[f32], columns: usize, gap: f32) -> f32 {
    let rows = heights.chunks(columns.max(1));
    let gaps = count_of(rows.len().saturating_sub(1)) * gap;
    rows.map(|row| row.iter().copied().fold(0.0, f32::max)).sum::<f32>() + gaps
}

fn facts(facts: &[FactViewModel], within: f32) -> f32 {
    const GAP: f32 = 0.7;
    let has_bars = facts.iter().any(|fact| fact.share.is_some());
    let count = match has_bars && within >= TWO_COLUMNS {
        true => 2,
        false => columns(within, 8.5_f32.min(within), if has_bars { 1.8 } else { 1.0 }),
    };
    // `auto-fit` lets few facts have more room.
    let side_by_side = count.min(facts.len().max(1));
    let each = (within + 1.0) / count_of(side_by_side) - 1.0;
    let mut height = 0.0;
    let mut row = Vec::new();
    let mut rows = 0_usize;
    let close = |row: &mut Vec<f32>, rows: &mut usize, columns: usize| {
        let closed = in_rows(row, columns, GAP);
        *rows += row.len().div_ceil(columns.max(1));
        row.clear();
        closed
    };
    for (at, fact) in facts.iter().enumerate() {
        let spans = match fact.share {
            Some(_) => within < TWO_COLUMNS,
            None => at == 0 || is_story(fact),
        };
        if spans {
            height += close(&mut row, &mut rows, count) + self::fact(fact, at == 0, within);
            rows += 1;
            continue;
        }
        row.push(self::fact(fact, false, each));
    }
    height += close(&mut row, &mut rows, count);
    height + count_of(rows.saturating_sub(1)) * GAP
}

fn is_story(fact: &FactViewModel) -> bool {
    fact.note.as_ref().is_some_and(|note| note.text.len() > 40)
}

fn fact(fact: &FactViewModel, first: bool, within: f32) -> f32 {
    let label = |size: f32| lines(&fact.label.text, plain(size), within) * size * 1.5;
    let note =
        |within: f32| fact.note.as_ref().map_or(0.0, |note| lines(&note.text, plain(NOTE), within));
    let figure = format!("{} {}", fact.value.text, fact.unit);
    if fact.share.is_some() {
        let beside = width(&figure, bold(1.0)) + 1.0;
        let label = lines(&fact.label.text, plain(0.94), within - beside) * 0.94 * 1.5;
        let note = note(within) * 1.5;
        return label.max(1.35) + 0.25 + 0.4 + note;
    }
    if is_story(fact) {
        return label(NOTE) + lines(&figure, bold(1.0), within) * 1.35 + note(within) * NOTE * 1.35;
    }
    let with_note = match &fact.note {
        Some(note) => format!("{figure} {}", note.text),
        None => figure.clone(),
    };
    if !first {
        return label(NOTE) + lines(&with_note, plain(0.98), within) * 1.35;
    }
    let long = fact.value.text.chars().count() > 7;
    let size = if long { 1.35 } else { 2.7 };
    let value = lines(&fact.value.text, plain(size), within) * size * 1.1;
    let rest = width(&fact.value.text, plain(size))
        + width(&fact.unit, plain(1.0))
        + fact.note.as_ref().map_or(0.0, |note| width(&note.text, plain(NOTE)) + 0.5)
        + 0.5;
    let below = if rest > within { note(within) * NOTE * 1.35 } else { 0.0 };
    label(NOTE) + value.max(1.6) + below
}

fn list(items: &[ListItemViewModel], within: f32) -> f32 {
    let (columns, each) = two_columns(within);
    let heights: Vec<f32> = items
        .iter()
        .map(|item| {
            let meta = item.tag.is_some() || item.when.is_some();
            let when = item.when.as_ref().map(|when| when.text.as_str());
            let meta = if meta { self::meta(item.tag.as_ref(), when, each) } else { 0.0 };
            entry(&item.title, item.link.is_some(), item.note.as_ref(), each) + meta
        })
        .collect();
    framed(&heights, columns)
}

fn two_columns(within: f32) -> (usize, f32) {
    if within >= TWO_COLUMNS { (2, (within - 1.8) / 2.0) } else { (1, within) }
}

/// Rows with a line and padding between them, without those of the first and with that of the last.
fn framed(heights: &[f32], columns: usize) -> f32 {
    let rows = count_of(heights.len().div_ceil(columns.max(1)));
    in_rows(heights, columns, 0.0) + rows * (2.0 * ROW + RULE)
        - if rows > 0.0 { ROW + RULE } else { 0.0 }
}

fn entry(title: &LocalizedText, linked: bool, note: Option<&LocalizedText>, within: f32) -> f32 {
    let mark = if linked { ARROW } else { 0.0 };
    let title = lines(&title.text, plain(1.0), within - mark) * ENTRY_LINE
        + if linked { LINK } else { 0.0 };
    title + note.map_or(0.0, |note| lines(&note.text, plain(NOTE), within) * NOTE * ENTRY_LINE)
}

fn meta(tag: Option<&LocalizedText>, when: Option<&str>, within: f32) -> f32 {
    // A tag has a border and padding, as wide as two letters.
    let tag = tag.map(|tag| format!("{}xx", tag.text));
    let items = tag.as_deref().into_iter().chain(when);
    wrapped(items, plain(NOTE), 0.53, within) * NOTE * 1.4 + 0.1
}

fn departures(departures: &[DepartureViewModel], within: f32) -> f32 {
    let heights: Vec<f32> = departures
        .iter()
        .map(|departure| {
            if let Some(leg) = &departure.leg {
                return ride(departure, leg, within);
            }
            let time = width(&departure.time.text, bold(1.06));
            let line = departure.line.as_ref().map_or(0.0, |line| width(line, bold(FINE)) + 1.5);
            let platform =
                departure.platform.as_ref().map_or(0.0, |words| width(words, plain(NOTE)) + 1.8);
            let beside = match within {
                within if within > STACKED => time + line + platform,
                within if within > 20.0 => time + platform,
                _ => time,
            };
            let to = within - beside - 0.8;
            let news = departure.cancelled.as_ref().or(departure.late.as_ref());
            let to = lines(&departure.to.text, plain(1.0), to) * 1.4
                + news.map_or(0.0, |news| lines(news, bold(NOTE), to) * NOTE * 1.4)
                + departure
                    .arrives
                    .as_ref()
                    .map_or(0.0, |words| lines(words, plain(NOTE), to) * NOTE * 1.4);
            let below = match within {
                within if within > STACKED => 0.0,
                within if within > 20.0 && departure.line.is_none() => 0.0,
                _ if departure.line.is_none() && departure.platform.is_none() => 0.0,
                _ => 1.25,
            };
            to.max(1.5) + below
        })
        .collect();
    framed(&heights, 1)
}

/// The next departure as a ride: the figure, the line from here to there, and the changes.
fn ride(departure: &DepartureViewModel, leg: &LegViewModel, within: f32) -> f32 {
    let towards = lines(&leg.towards.text, plain(1.0), within - 9.0) * 1.5;
    let ends = lines(&leg.from.text, plain(NOTE), within / 2.0).max(lines(
        &leg.to.text,
        plain(NOTE),
        within / 2.0,
    ));
    let changes = leg.changes.as_ref().map_or(0.0, |_| NOTE * 1.5);
    let platform = departure.platform.as_ref().map_or(0.0, |_| 0.2);
    towards.max(3.0) + 1.06 * 1.5 + ends * NOTE * 1.4 + changes + platform + 0.6
}

fn moments(moments: &[MomentViewModel], within: f32) -> f32 {
    const GAP: f32 = ROW + 0.35;
    let columns = columns(within, 14.0_f32.min(within), GAP);
    let each = (within + GAP) / count_of(columns) - GAP - 4.0;
    let heights: Vec<f32> = moments
        .iter()
        .map(|moment| {
            let when = if moment.soon { bold(NOTE) } else { plain(NOTE) };
            let text = entry(&moment.title, moment.link.is_some(), moment.note.as_ref(), each)
                + lines(&moment.when, when, each) * NOTE * 1.4;
            text.max(3.95)
        })
        .collect();
    in_rows(&heights, columns, GAP)
}

fn series(series: &SeriesViewModel, before: Option<&BlockViewModel>, within: f32) -> f32 {
    let label = lines(&series.label.text, plain(NOTE), within) * NOTE * 1.5;
    let figure = match before {
        // It has the figure already.
        Some(BlockViewModel::Gauge(_)) => -label,
        Some(BlockViewModel::Facts { .. }) => 2.0,
        _ => 3.5,
    };
    let chart = if series.runs.iter().any(|run| !run.is_empty()) { 6.8 } else { 0.0 };
    let summary = lines(&series.summary, plain(NOTE), within) * NOTE * 1.5;
    let table = if series.rows.is_empty() { 0.0 } else { 0.7 + NOTE * 1.5 };
    label + figure + chart + 1.85 + summary + table
}

/// The fanlight is half as high as it is wide; its words are beside it.
fn gauge(gauge: &GaugeViewModel, within: f32) -> f32 {
    const FANLIGHT: f32 = 9.0;
    let beside = within - FANLIGHT - 1.2;
    let small = |text: &str| lines(text, plain(NOTE), beside) * NOTE * 1.35;
    let figure = format!("{} {}", gauge.value, gauge.unit);
    let words = small(&gauge.label.text)
        + lines(&figure, plain(1.9), beside) * 1.9 * 1.15
        + gauge.note.as_ref().map_or(0.0, |note| small(&note.text))
        + small(&gauge.scale);
    words.max(FANLIGHT * 78.0 / 150.0)
}

fn links(links: &[LinkViewModel], within: f32) -> f32 {
    const LETTER: f32 = 2.6;
    let least = if links.iter().any(|link| link.note.is_some()) { 15.0_f32 } else { 11.0 };
    let count = columns(within, least.min(within), 1.0);
    let each = (within + 1.0) / count_of(count) - 1.0 - 3.0;
    let height = |link: &LinkViewModel| {
        entry(&link.title, link.link.is_some(), link.note.as_ref(), each).max(LETTER)
    };
    let heights: Vec<f32> = links.iter().map(height).collect();
    in_rows(&heights, count, ROW + 0.1)
}

fn table(table: &TableViewModel, within: f32) -> f32 {
    let is_stacked = table.columns.len() >= 3 && within <= STACKED;
    let count = count_of(table.columns.len().max(1));
    let row = |row: &TableRowViewModel| {
        let link = if row.link.is_some() { 0.05 } else { 0.0 };
        if is_stacked {
            let head = lines(&row.head.text, bold(NOTE), within) * NOTE * 1.5;
            let columns = columns(within, 6.5_f32.min(within), 1.0);
            let each = (within + 1.0) / count_of(columns) - 1.0;
            let cells: Vec<f32> = row
                .cells
                .iter()
                .zip(table.columns.iter().skip(1))
                .map(|((cell, _), column)| {
                    lines(&column.text, plain(FINE), each) * FINE * 1.5
                        + lines(&cell.text, plain(NOTE), each) * NOTE * 1.5
                })
                .collect();
            return head + in_rows(&cells, columns, 0.0) + 2.0 * ROW + RULE + link;
        }
        let each = within / count - 0.7;
        let most = row
            .cells
            .iter()
            .map(|(cell, _)| lines(&cell.text, plain(NOTE), each))
            .chain([lines(&row.head.text, plain(NOTE), each * 1.3)])
            .fold(1.0, f32::max);
        most * NOTE * 1.5 + 0.5 + RULE + link
    };
    let head = if is_stacked { 0.0 } else { NOTE * 1.5 + 0.5 + RULE };
    head + table.rows.iter().map(row).sum::<f32>()
}

fn alert(alert: &AlertViewModel, within: f32) -> f32 {
    const LINE: f32 = 0.94 * 1.45;
    let text = within - 4.5;
    let what = format!("{} {}", alert.word, alert.title.text);
    let both = match (&alert.area, &alert.when) {
        (Some(area), Some(when)) => Some(format!("{} · {when}", area.text)),
        (Some(area), None) => Some(area.text.clone()),
        (None, when) => when.clone(),
    };
    let mut heights = vec![lines(&what, bold(1.0), text) * 1.45];
    heights.extend(both.map(|both| lines(&both, plain(0.94), text) * LINE));
    heights.extend(alert.text.as_ref().map(|said| lines(&said.text, plain(0.94), text) * LINE));
    heights.extend(alert.link.as_ref().map(|_| LINE + LINK));
    let gaps = count_of(heights.len() - 1) * 0.15;
    1.5 + 2.0 * RULE + heights.iter().sum::<f32>() + gaps
}

fn places(places: &PlacesViewModel, within: f32) -> f32 {
    let has_map = places.places.iter().any(|place| place.map_point.is_some());
    let beside = has_map && within >= 37.0;
    let each = if beside { within - 16.0 - 1.4 } else { within } - 2.0;
    let heights: Vec<f32> = places
        .places
        .iter()
        .map(|place| {
            let meta = meta(place.tag.as_ref(), Some(&place.when), each);
            entry(&place.title, place.link.is_some(), place.note.as_ref(), each) + meta
        })
        .collect();
    let list = framed(&heights, 1);
    let map = within.min(16.0) * 232.0 / 224.0;
    match (has_map, beside) {
        (false, _) => list,
        (true, true) => list.max(map),
        (true, false) => list + 1.0 + map,
    }
}
