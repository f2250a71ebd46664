use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use voordeur_widget_api::{
    Alert, Block, Departure, Fact, ListItem, Moment, MomentItem, Phrase, Row, Table, Tone, Value,
    View,
};

use super::Context;
use crate::locale::RelativeDay;
use crate::view_model::{
    AlertViewModel, BlockViewModel, DepartureViewModel, FactViewModel, ListItemViewModel,
    LocalizedText, MomentViewModel, TableRowViewModel, TableViewModel, TimeViewModel,
};

/// Maximum number of decimals of a figure in a table.
const MAX_DECIMALS: u8 = 3;
/// The longest delay that is shown, in minutes: a day.
const MAX_DELAY_MINUTES: i64 = 24 * 60;

/// The view models of a view's blocks.
pub fn present_blocks(view: &View, context: &Context<'_>) -> Vec<BlockViewModel> {
    view.blocks.iter().map(|block| context.block(block)).collect()
}

impl Context<'_> {
    fn block(&self, block: &Block) -> BlockViewModel {
        match block {
            Block::Text { text } => BlockViewModel::Text { text: self.words(text) },
            Block::Empty { text } => BlockViewModel::Empty { text: self.words(text) },
            Block::Facts { facts } => {
                BlockViewModel::Facts { facts: facts.iter().map(|fact| self.fact(fact)).collect() }
            }
            Block::List { items } => {
                BlockViewModel::List { items: items.iter().map(|item| self.item(item)).collect() }
            }
            Block::Departures { departures } => BlockViewModel::Departures {
                departures: departures.iter().map(|departure| self.departure(departure)).collect(),
            },
            Block::Moments { moments } => BlockViewModel::Moments {
                moments: moments.iter().map(|moment| self.moment(moment)).collect(),
            },
            Block::Series { label, unit, points } => self.series(label, unit, points),
            Block::Table(table) => BlockViewModel::Table(self.table(table)),
            Block::Alert(alert) => BlockViewModel::Alert(self.alert(alert)),
            Block::Places { centre, radius, places } => {
                BlockViewModel::Places(self.map(*centre, *radius, places))
            }
        }
    }

    pub(super) fn optional(&self, phrase: Option<&Phrase>) -> Option<LocalizedText> {
        phrase.map(|phrase| self.words(phrase))
    }

    pub(super) fn today(&self) -> Date {
        self.now.to_zoned(self.zone.clone()).date()
    }

    pub(super) fn day_of(&self, moment: Moment) -> Date {
        match moment {
            Moment::At(at) => at.to_zoned(self.zone.clone()).date(),
            Moment::Day(day) => day,
        }
    }

    fn datetime(&self, moment: Moment) -> String {
        match moment {
            Moment::At(at) => at.to_string(),
            Moment::Day(day) => day.to_string(),
        }
    }

    /// `23 november`, or `vandaag 7.36 uur`
    fn moment_in_words(&self, moment: Moment) -> String {
        match moment {
            Moment::At(at) => self.locale.day_and_time(at, self.now, self.zone),
            Moment::Day(day) => self.locale.day(day, self.today()),
        }
    }

    pub(super) fn time(&self, moment: Moment) -> TimeViewModel {
        TimeViewModel { datetime: self.datetime(moment), text: self.moment_in_words(moment) }
    }

    /// `tot en met 11 december`, `vanaf 4 januari`, `vandaag 14.00 uur tot vandaag 21.00 uur`
    pub(super) fn period(&self, start: Option<Moment>, end: Option<Moment>) -> Option<String> {
        let today = self.today();
        let begun = start.is_none_or(|start| match start {
            Moment::At(at) => at <= self.now,
            Moment::Day(day) => day <= today,
        });
        match (start, end) {
            (Some(start), Some(Moment::At(end))) if !begun => {
                Some(self.locale.span(self.start_of(start), end, self.now, self.zone))
            }
            (Some(start), _) if !begun => Some(self.from(start)),
            (_, Some(end)) => Some(match end {
                Moment::At(_) => self
                    .locale
                    .say_with("until-moment", &[("moment", self.moment_in_words(end).into())]),
                Moment::Day(day) => self
                    .locale
                    .say_with("until-day", &[("day", self.locale.day(day, today).into())]),
            }),
            (Some(start), None) => Some(self.moment_in_words(start)),
            (None, None) => None,
        }
    }

    /// A moment itself, or the start of a day.
    fn start_of(&self, moment: Moment) -> Timestamp {
        match moment {
            Moment::At(at) => at,
            Moment::Day(day) => self
                .zone
                .to_ambiguous_timestamp(day.at(0, 0, 0, 0))
                .compatible()
                .unwrap_or(self.now),
        }
    }

    fn from(&self, start: Moment) -> String {
        match start {
            Moment::At(_) => self
                .locale
                .say_with("from-moment", &[("moment", self.moment_in_words(start).into())]),
            Moment::Day(day) => {
                let day = self.locale.day(day, self.today());
                self.locale.say_with("from-day", &[("day", day.into())])
            }
        }
    }

    fn table(&self, table: &Table) -> TableViewModel {
        let columns = table.rows.iter().map(|row| row.cells.len()).max().unwrap_or_default();
        let digits: Vec<Option<u8>> = (0..columns).map(|at| digits(&table.rows, at)).collect();
        let row = |row: &Row| {
            let mut cells = row.cells.iter().zip(&digits).map(|(cell, digits)| {
                let figure = |text| (LocalizedText { text, lang: None }, digits.is_some());
                match (cell, digits) {
                    (Some(Value::Number { number, .. }), Some(digits)) => {
                        figure(self.locale.number(*number, *digits))
                    }
                    (Some(value), _) => (self.value(value).0, false),
                    // The dash stands in for a figure, so it is aligned like one.
                    (None, _) => figure("–".to_owned()),
                }
            });
            let head = cells.next().map(|(words, _)| words).unwrap_or_default();
            TableRowViewModel {
                head,
                link: row.link.as_ref().map(|link| link.url.clone()),
                cells: cells.collect(),
            }
        };
        TableViewModel {
            columns: table.columns.iter().map(|column| self.words(column)).collect(),
            rows: table.rows.iter().map(row).collect(),
        }
    }

    /// A formatted value and its unit.
    fn value(&self, value: &Value) -> (LocalizedText, String) {
        match value {
            Value::Number { number, decimals, unit } => {
                let text = self.locale.number(*number, *decimals);
                (LocalizedText { text, lang: None }, unit.clone())
            }
            Value::Moment(moment) => {
                (LocalizedText { text: self.moment_in_words(*moment), lang: None }, String::new())
            }
            Value::Phrase(phrase) => (self.words(phrase), String::new()),
        }
    }

    fn fact(&self, fact: &Fact) -> FactViewModel {
        let (value, unit) = self.value(&fact.value);
        FactViewModel {
            label: self.words(&fact.label),
            value,
            unit,
            note: self.optional(fact.note.as_ref()),
            // The widget API guarantees 0 to 1, so the percentage fits.
            share: fact.share.map(|share| (share * 100.0).round() as u8),
            tone: fact.tone.map(|tone| {
                match tone {
                    Tone::Good => "good",
                    Tone::Fair => "fair",
                    Tone::Poor => "poor",
                }
                .to_owned()
            }),
            link: fact.link.as_ref().map(|link| link.url.clone()),
        }
    }

    fn item(&self, item: &ListItem) -> ListItemViewModel {
        ListItemViewModel {
            title: self.words(&item.title),
            note: self.optional(item.note.as_ref()),
            tag: self.optional(item.tag.as_ref()),
            when: item.when.map(|moment| self.time(moment)),
            link: item.link.as_ref().map(|link| link.url.clone()),
        }
    }

    fn departure(&self, departure: &Departure) -> DepartureViewModel {
        let minutes = departure.delay / 60;
        // A delay of more than a day is a mistake of the service.
        let delay = SignedDuration::from_secs(departure.delay);
        let expected = departure.at.checked_add(delay).ok();
        let late =
            expected.filter(|_| (1..=MAX_DELAY_MINUTES).contains(&minutes)).map(|expected| {
                self.locale.say_with(
                    "late",
                    &[
                        ("minutes", minutes.into()),
                        ("time", self.locale.clock(expected, self.zone).into()),
                    ],
                )
            });
        DepartureViewModel {
            time: TimeViewModel {
                datetime: departure.at.to_string(),
                text: self.locale.clock(departure.at, self.zone),
            },
            to: self.words(&departure.to),
            line: departure.line.clone(),
            platform: departure.platform.as_ref().map(|platform| {
                self.locale.say_with("platform", &[("platform", platform.as_str().into())])
            }),
            late: late.filter(|_| !departure.cancelled),
            cancelled: departure.cancelled.then(|| self.locale.say("cancelled")),
        }
    }

    fn moment(&self, item: &MomentItem) -> MomentViewModel {
        let day = self.day_of(item.start);
        let today = self.today();
        let relative_day = self.locale.relative_day(RelativeDay::of(day, today));
        let running = day < today && item.end.is_some();
        let longer = item.end.filter(|end| self.day_of(*end) != day);
        let mut when = Vec::new();
        if !running {
            when.push(relative_day);
        }
        if let Moment::At(at) = item.start {
            when.push(self.locale.time(at, self.zone));
        }
        if let Some(end) = longer {
            let end_day = self.locale.day(self.day_of(end), today);
            when.push(self.locale.say_with("until-day", &[("day", end_day.into())]));
        }
        MomentViewModel {
            soon: matches!(RelativeDay::of(day, today), RelativeDay::Today | RelativeDay::Tomorrow),
            datetime: self.datetime(item.start),
            weekday: self.locale.short_weekday(day),
            day: day.day().to_string(),
            month: self.locale.short_month(day),
            spoken: self.locale.day_in_full(day),
            title: self.words(&item.title),
            when: when.join(" · "),
            note: self.optional(item.note.as_ref()),
            link: item.link.as_ref().map(|link| link.url.clone()),
        }
    }

    fn alert(&self, alert: &Alert) -> AlertViewModel {
        let severity = alert.severity.id();
        AlertViewModel {
            severity: alert.severity,
            word: self.locale.say(&format!("severity-{severity}")),
            title: self.words(&alert.title),
            text: self.optional(alert.text.as_ref()),
            area: self.optional(alert.area.as_ref()),
            when: self.period(alert.start, alert.end),
            link: alert.link.as_ref().map(|link| link.url.clone()),
            link_text: self.locale.say("alert-link"),
        }
    }
}

/// The number of decimals for a column of figures: that of the figure with the most. `None` for a
/// column without figures.
fn digits(rows: &[Row], column: usize) -> Option<u8> {
    let most = rows
        .iter()
        .filter_map(|row| match row.cells.get(column) {
            Some(Some(Value::Number { decimals, .. })) => Some(*decimals),
            _ => None,
        })
        .max()?;
    Some(most.min(MAX_DECIMALS))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use jiff::tz::TimeZone;
    use voordeur_widget_api::Language;

    use super::*;
    use crate::locale::Locale;

    fn at(text: &str) -> jiff::Timestamp {
        text.parse().expect("a moment")
    }

    fn with_context<T>(check: impl FnOnce(&Context<'_>) -> T) -> T {
        let zone = TimeZone::get("Europe/Brussels").expect("the zone is bundled");
        check(&Context {
            locale: Locale::new(Language::Nl),
            zone: &zone,
            now: at("2026-11-23T07:36:00+01:00"),
        })
    }

    #[test]
    fn a_period_names_the_boundary_that_matters_now() {
        with_context(|context| {
            let day = |month, day| Some(Moment::Day(date(2026, month, day)));
            let period = |start, end| context.period(start, end).unwrap_or_default();
            assert_eq!(period(day(11, 2), day(12, 11)), "tot en met 11 december");
            assert_eq!(period(day(12, 1), day(12, 11)), "vanaf 1 december");
            assert_eq!(period(None, None), "");
            let today = (
                Some(Moment::At(at("2026-11-23T14:00:00+01:00"))),
                Some(Moment::At(at("2026-11-23T21:00:00+01:00"))),
            );
            assert_eq!(period(today.0, today.1), "vandaag 14.00\u{a0}uur tot 21.00\u{a0}uur");
        });
    }

    #[test]
    fn a_late_train_shows_its_expected_time() {
        with_context(|context| {
            let view_model = context.departure(&Departure {
                at: at("2026-11-23T07:42:00+01:00"),
                delay: 360,
                to: "Halle".into(),
                line: None,
                platform: Some("3".to_owned()),
                cancelled: false,
            });
            assert_eq!(view_model.late.as_deref(), Some("+6 min, verwacht 7.48"));
            assert_eq!(view_model.platform.as_deref(), Some("spoor 3"));
        });
    }

    #[test]
    fn an_impossible_delay_is_not_shown() {
        with_context(|context| {
            for delay in [i64::MAX, i64::MIN, 999_999_999_999, -60, 25 * 60 * 60] {
                let view_model = context.departure(&Departure {
                    at: at("2026-11-23T07:42:00+01:00"),
                    delay,
                    to: "Halle".into(),
                    line: None,
                    platform: None,
                    cancelled: false,
                });
                assert_eq!(view_model.late, None, "{delay}");
            }
            let last = Departure {
                at: Timestamp::MAX,
                delay: 600,
                to: "Halle".into(),
                line: None,
                platform: None,
                cancelled: false,
            };
            assert_eq!(context.departure(&last).late, None);
        });
    }

    #[test]
    fn an_unknown_cell_is_a_dash() {
        with_context(|context| {
            let number = Value::Number { number: 12.5, decimals: 1, unit: String::new() };
            let view_model = context.table(&Table {
                columns: vec!["Gemeente".into(), "Bomen".into(), "Sinds".into()],
                rows: vec![Row {
                    cells: vec![Some(Value::Phrase("Meise".into())), Some(number), None],
                    link: None,
                }],
            });
            let words = |text: &str| LocalizedText { text: text.to_owned(), lang: None };
            assert_eq!(view_model.rows[0].head, words("Meise"));
            assert_eq!(view_model.rows[0].cells, [(words("12,5"), true), (words("–"), false)]);
        });
    }

    #[test]
    fn the_figures_of_a_column_have_equal_decimals() {
        with_context(|context| {
            let number =
                |number, decimals| Some(Value::Number { number, decimals, unit: String::new() });
            let row = |cells: [Option<Value>; 3]| {
                let head = Some(Value::Phrase("Meise".into()));
                Row { cells: [head].into_iter().chain(cells).collect(), link: None }
            };
            let view_model = context.table(&Table {
                columns: vec!["Plaats".into(), "Regen".into(), "Bomen".into(), "Sinds".into()],
                rows: vec![
                    row([number(7.0, 0), number(1204.0, 0), Some(Value::Phrase("2019".into()))]),
                    row([number(5.6, 1), None, None]),
                    row([None, number(0.123_456_7, 6), Some(Value::Phrase("lang".into()))]),
                ],
            });
            let cells: Vec<Vec<(&str, bool)>> = view_model
                .rows
                .iter()
                .map(|row| {
                    row.cells.iter().map(|(words, figure)| (words.text.as_str(), *figure)).collect()
                })
                .collect();
            assert_eq!(
                cells,
                [
                    [("7,0", true), ("1204,000", true), ("2019", false)],
                    [("5,6", true), ("–", true), ("–", false)],
                    [("–", true), ("0,123", true), ("lang", false)],
                ]
            );
        });
    }
}
