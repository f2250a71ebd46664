//! Charts: a series as runs of points, with its axis, its figures and its table.

use jiff::SignedDuration;
use voordeur_widget_api::{Moment, Phrase, Point};

use super::Context;
use crate::view_model::{BlockViewModel, SeriesViewModel, TimeViewModel};

/// Maximum number of rows of the table; a longer series is thinned.
const MAX_ROWS: usize = 25;
/// Maximum number of points of the line: as many as a narrow card can show.
const MAX_POINTS: usize = 100;
/// Two points further apart than this many usual steps are not connected: nothing was measured in
/// between.
const GAP: i64 = 3;
/// The axis of a longer chart has days; that of a shorter one also has times.
const DAYS: SignedDuration = SignedDuration::from_hours(60);

impl Context<'_> {
    pub(super) fn series(&self, label: &Phrase, unit: &str, points: &[Point]) -> BlockViewModel {
        let (Some(first), Some(last)) = (points.first(), points.last()) else {
            return BlockViewModel::Empty { text: self.words(label) };
        };
        let lowest = points.iter().map(|point| point.value).fold(f64::INFINITY, f64::min);
        let highest = points.iter().map(|point| point.value).fold(f64::NEG_INFINITY, f64::max);
        let decimals = decimals_for(highest - lowest, highest.abs().max(lowest.abs()));
        let written = |value: f64| {
            let number = self.locale.number(value, decimals);
            if unit.is_empty() { number } else { format!("{number}\u{a0}{unit}") }
        };
        let mut rows: Vec<(TimeViewModel, String)> = thin_out(points, MAX_ROWS)
            .map(|point| (self.time(Moment::At(point.at)), written(point.value)))
            .collect();
        rows.reverse();
        let unit_of_column = if unit.is_empty() { String::new() } else { format!(" ({unit})") };
        BlockViewModel::Series(SeriesViewModel {
            label: self.words(label),
            latest: self.locale.number(last.value, decimals),
            unit: unit.to_owned(),
            summary: self.locale.say_with(
                "series-summary",
                &[
                    ("latest", written(last.value).into()),
                    ("lowest", written(lowest).into()),
                    ("highest", written(highest).into()),
                ],
            ),
            runs: runs(points, lowest, highest),
            axis: self.axis(first, last),
            lowest: written(lowest),
            highest: written(highest),
            table_label: self.locale.say("series-table"),
            columns: (
                self.locale.say("series-column-moment"),
                label.text.clone() + &unit_of_column,
            ),
            rows,
        })
    }

    /// The labels of the axis: the first moment, the middle, the last.
    fn axis(&self, first: &Point, last: &Point) -> Vec<String> {
        let length = last.at.duration_since(first.at);
        // Between the two, so it is never out of range.
        let middle = first.at.checked_add(length / 2).unwrap_or(first.at);
        let words = |at| match length > DAYS {
            true => self.locale.day(self.day_of(Moment::At(at)), self.today()),
            false => self.locale.day_and_time(at, self.now, self.zone),
        };
        let between = match length > DAYS {
            true => words(middle),
            false => self.locale.time(middle, self.zone),
        };
        if length.is_zero() {
            vec![words(last.at)]
        } else {
            vec![words(first.at), between, words(last.at)]
        }
    }
}

/// The points of the line as shares of the drawing, in runs without gaps.
fn runs(points: &[Point], lowest: f64, highest: f64) -> Vec<Vec<(f32, f32)>> {
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return Vec::new() };
    let seconds = (last.at.as_second() - first.at.as_second()).max(1) as f64;
    let drawn: Vec<&Point> = thin_out(points, MAX_POINTS).collect();
    let mut steps: Vec<i64> =
        drawn.windows(2).map(|pair| pair[1].at.as_second() - pair[0].at.as_second()).collect();
    steps.sort_unstable();
    let usual = steps.get(steps.len() / 2).copied().unwrap_or(i64::MAX);
    let mut runs: Vec<Vec<(f32, f32)>> = Vec::new();
    let mut before: Option<&Point> = None;
    for point in drawn {
        let x = (point.at.as_second() - first.at.as_second()) as f64 / seconds;
        // Halves, since the range of two large numbers is infinite.
        let range = highest / 2.0 - lowest / 2.0;
        let y = if range > 0.0 { (point.value / 2.0 - lowest / 2.0) / range } else { 0.5 };
        let [x, y] = [x, y].map(|share| share.clamp(0.0, 1.0));
        let joined = before.is_some_and(|before| {
            point.at.as_second() - before.at.as_second() <= usual.saturating_mul(GAP)
        });
        let position = (x as f32, y as f32);
        match runs.last_mut().filter(|_| joined) {
            Some(run) => run.push(position),
            None => runs.push(vec![position]),
        }
        before = Some(point);
    }
    runs
}

/// At most `most` points, evenly spaced, always including the last.
fn thin_out(points: &[Point], most: usize) -> impl Iterator<Item = &Point> {
    let step = points.len().div_ceil(most).max(1);
    let offset = points.len().saturating_sub(1) % step;
    points.iter().skip(offset).step_by(step)
}

/// The number of decimals that shows the differences in a series without false precision.
fn decimals_for(range: f64, size: f64) -> u8 {
    if range >= 20.0 || size >= 1_000.0 {
        0
    } else if range >= 2.0 {
        1
    } else {
        2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quarters(hours: impl IntoIterator<Item = i64>) -> Vec<Point> {
        let start: jiff::Timestamp = "2026-11-22T07:45:00+01:00".parse().expect("a moment");
        let at = |quarter| start + SignedDuration::from_mins(15 * quarter);
        hours.into_iter().map(|n| Point { at: at(n), value: 7.0 + n as f64 / 100.0 }).collect()
    }

    #[test]
    fn a_long_series_is_thinned_and_keeps_its_last_point() {
        let points = quarters(0..96);
        let rows: Vec<&Point> = thin_out(&points, 25).collect();
        assert!(rows.len() <= 25);
        assert_eq!(rows.last().map(|point| point.at), points.last().map(|point| point.at));
    }

    #[test]
    fn a_gap_in_the_measurements_splits_the_line() {
        assert_eq!(runs(&quarters(0..40), 7.0, 7.4).len(), 1);
        let parted = runs(&quarters((0..10).chain(20..30)), 7.0, 7.3);
        assert_eq!(parted.iter().map(Vec::len).collect::<Vec<_>>(), [10, 10]);
        assert_eq!(runs(&quarters([5]), 7.0, 7.0), [[(0.0, 0.5)]]);
    }
}
