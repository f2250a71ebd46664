use jiff::Timestamp;
use jiff::civil::Date;
use voordeur_widget_api::{
    Alert, Block, Fact, LinkItem, ListItem, Moment, MomentItem, Phrase, Row, Table, Tone, Value,
    View,
};

use super::Context;
use crate::locale::RelativeDay;
use crate::view_model::{
    AlertViewModel, BlockViewModel, FactViewModel, LinkViewModel, ListItemViewModel, LocalizedText,
    MomentViewModel, TableRowViewModel, TableViewModel, TimeViewModel,
};

/// Maximum number of decimals of a figure in a table.
const MAX_DECIMALS: u8 = 3;

/// The view models of a view's blocks.
pub fn present_blocks(view: &View, context: &Context<'_>) -> Vec<BlockViewModel> {
    let mut blocks = Vec::with_capacity(view.blocks.len().saturating_add(view.further.len()));
    for (index, block) in view.blocks.iter().enumerate() {
        blocks.push(context.block(block, view.moment));
        let further = view.further.iter().filter(|further| further.block == index);
        blocks.extend(further.map(|further| context.further(further.count, view.page.as_deref())));
    }
    blocks
}

impl Context<'_> {
    /// A block; `moment` is that of the data.
    fn block(&self, block: &Block, moment: Option<Timestamp>) -> BlockViewModel {
        match block {
            Block::Text { text } => BlockViewModel::Text { text: self.words(text) },
            Block::Empty { text } => BlockViewModel::Empty { text: self.words(text) },
            Block::Facts { facts, .. } => {
                BlockViewModel::Facts { facts: facts.iter().map(|fact| self.fact(fact)).collect() }
            }
            Block::List { items, .. } => {
                BlockViewModel::List { items: items.iter().map(|item| self.item(item)).collect() }
            }
            Block::Departures { departures, .. } => {
                BlockViewModel::Departures { departures: self.departures(departures, moment) }
            }
            Block::Moments { moments, .. } => BlockViewModel::Moments {
                moments: moments.iter().map(|moment| self.moment(moment)).collect(),
            },
            Block::Series { label, unit, points } => self.series(label, unit, points),
            Block::Days { now, days, .. } => {
                let forecast = self.forecast(*now, days);
                match forecast.rows.is_empty() {
                    true => BlockViewModel::Text {
                        text: LocalizedText { text: self.locale.say("forecast-over"), lang: None },
                    },
                    false => BlockViewModel::Days(forecast),
                }
            }
            Block::Gauge(gauge) => BlockViewModel::Gauge(self.gauge(gauge)),
            Block::Links { links } => {
                BlockViewModel::Links { links: links.iter().map(|link| self.link(link)).collect() }
            }
            Block::Table(table) => BlockViewModel::Table(self.table(table)),
            Block::Alert(alert) => BlockViewModel::Alert(self.alert(alert)),
            Block::Places { centre, radius, places, .. } => {
                BlockViewModel::Places(self.map(*centre, *radius, places))
            }
        }
    }

    /// The number of things that a limit left out, with the way to them.
    fn further(&self, count: usize, page: Option<&str>) -> BlockViewModel {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let text = self.locale.say_with("further", &[("count", count.into())]);
        let text = LocalizedText { text, lang: None };
        BlockViewModel::Further { text, link: page.map(str::to_owned) }
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

    /// `tot en met 11 december`, `van 4 januari tot en met 8 januari`, `vandaag 14.00 uur tot
    /// 21.00 uur`: what has begun goes by its end.
    pub(super) fn period(&self, start: Option<Moment>, end: Option<Moment>) -> Option<String> {
        let today = self.today();
        let begun = start.is_none_or(|start| match start {
            Moment::At(at) => at <= self.now,
            Moment::Day(day) => day <= today,
        });
        match (start.filter(|_| !begun), end) {
            (Some(start), Some(Moment::At(end))) => {
                Some(self.locale.span(self.start_of(start), end, self.now, self.zone))
            }
            (Some(Moment::Day(start)), Some(Moment::Day(end))) if start == end => {
                let day = self.locale.day(start, today);
                Some(self.locale.say_with("on-day", &[("day", day.into())]))
            }
            (Some(Moment::Day(start)), Some(Moment::Day(end))) if start < end => {
                let [from, until] = [start, end].map(|day| self.locale.day(day, today));
                let days = [("from", from.into()), ("until", until.into())];
                Some(self.locale.say_with("from-until-day", &days))
            }
            (Some(start), Some(end)) if self.day_of(start) < self.day_of(end) => {
                Some(format!("{} {}", self.from(start), self.until(end)))
            }
            (Some(start), _) => Some(self.from(start)),
            (None, Some(end)) => Some(self.until(end)),
            (None, None) => start.map(|start| self.moment_in_words(start)),
        }
    }

    fn until(&self, end: Moment) -> String {
        match end {
            Moment::At(at) => self.locale.until(at, self.now, self.zone),
            Moment::Day(day) => {
                let day = self.locale.day(day, self.today());
                self.locale.say_with("until-day", &[("day", day.into())])
            }
        }
    }

    /// A moment itself, or the start of a day.
    pub(super) fn start_of(&self, moment: Moment) -> Timestamp {
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
            Moment::At(at) => self.locale.from(at, self.now, self.zone),
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

    pub(super) fn fact(&self, fact: &Fact) -> FactViewModel {
        let (value, unit) = self.value(&fact.value);
        FactViewModel {
            label: self.words(&fact.label),
            value,
            unit,
            note: self.optional(fact.note.as_ref()),
            // The widget API guarantees 0 to 1, so the percentage fits.
            share: fact.share.map(|share| (share * 100.0).round() as u8),
            tone: fact.tone.map(tone_id),
            link: fact.link.as_ref().map(|link| link.url.clone()),
        }
    }

    fn link(&self, item: &LinkItem) -> LinkViewModel {
        // A number to call has a letter in its words; a digit alone says nothing.
        let of_title =
            |is_letter: fn(char) -> bool| item.title.text.chars().find(|c| is_letter(*c));
        let letter = of_title(char::is_alphabetic).or_else(|| of_title(char::is_alphanumeric));
        LinkViewModel {
            letter: letter.map(|letter| letter.to_uppercase().collect()).unwrap_or_default(),
            title: self.words(&item.title),
            note: self.optional(item.note.as_ref()),
            link: item.link.as_ref().map(|link| link.url.clone()),
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

    fn moment(&self, item: &MomentItem) -> MomentViewModel {
        let day = self.day_of(item.start);
        let relative_day = self.locale.relative(day, self.today());
        MomentViewModel {
            soon: matches!(relative_day, RelativeDay::Today | RelativeDay::Tomorrow),
            datetime: self.datetime(item.start),
            weekday: self.locale.short_weekday(day),
            day: day.day().to_string(),
            month: self.locale.short_month(day),
            spoken: self.locale.day_in_full(day),
            title: self.words(&item.title),
            when: self.when(item.start, item.end).join(" · "),
            note: self.optional(item.note.as_ref()),
            link: item.link.as_ref().map(|link| link.url.clone()),
        }
    }

    /// Beside a calendar leaf: `over 3 dagen`, `18.00–19.00 uur`; `morgen 18.00 uur`, as one says it
    /// of a near day. What runs since an earlier day goes by its end.
    fn when(&self, start: Moment, end: Option<Moment>) -> Vec<String> {
        let (day, today) = (self.day_of(start), self.today());
        let relative_day = self.locale.relative(day, today);
        let end = end.filter(|end| match (start, *end) {
            (Moment::At(start), Moment::At(end)) => start < end,
            (_, end) => day < self.day_of(end),
        });
        let runs = end.filter(|end| {
            day < today
                && match end {
                    Moment::At(end) => *end >= self.now,
                    Moment::Day(end) => *end >= today,
                }
        });
        if let Some(end) = runs {
            return vec![self.until(end)];
        }
        let near = matches!(relative_day, RelativeDay::Today | RelativeDay::Tomorrow);
        let word = self.locale.relative_day(relative_day);
        match (start, end) {
            (Moment::At(start), Some(Moment::At(end))) if self.day_of(Moment::At(end)) == day => {
                let times = self.locale.times(start, end, self.zone);
                if near { vec![format!("{word} {times}")] } else { vec![word, times] }
            }
            (Moment::At(start), Some(Moment::At(end))) => {
                let span = self.locale.span(start, end, self.now, self.zone);
                // The span says the word of a near day itself.
                if near { vec![span] } else { vec![word, span] }
            }
            (start, end) => {
                let mut when = match start {
                    Moment::At(_) if near => vec![self.moment_in_words(start)],
                    Moment::At(at) => vec![word, self.locale.time(at, self.zone)],
                    Moment::Day(_) => vec![word],
                };
                when.extend(end.map(|end| self.until(end)));
                when
            }
        }
    }

    pub(super) fn alert(&self, alert: &Alert) -> AlertViewModel {
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

/// The value of `data-tone`.
pub(super) fn tone_id(tone: Tone) -> String {
    match tone {
        Tone::Good => "good",
        Tone::Fair => "fair",
        Tone::Poor => "poor",
    }
    .to_owned()
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
    fn what_a_limit_left_out_is_said_under_its_block_with_the_way_to_it() {
        let text = |text: &str| Block::Text { text: Phrase::from(text) };
        let view = View {
            blocks: vec![text("one"), text("two")],
            further: vec![voordeur_widget_api::Further { block: 0, count: 23 }],
            page: Some("https://example.org/".to_owned()),
            ..View::default()
        };
        with_context(|context| {
            let blocks = present_blocks(&view, context);
            let BlockViewModel::Further { text, link } = &blocks[1] else {
                panic!("{blocks:?}");
            };
            assert_eq!((text.text.as_str(), blocks.len()), ("En nog 23", 3));
            assert_eq!(link.as_deref(), Some("https://example.org/"));
        });
    }

    #[test]
    fn a_period_names_the_boundary_that_matters_now() {
        with_context(|context| {
            let day = |month, day| Some(Moment::Day(date(2026, month, day)));
            let period = |start, end| context.period(start, end).unwrap_or_default();
            assert_eq!(period(day(11, 2), day(12, 11)), "tot en met 11 december");
            assert_eq!(period(day(12, 1), day(12, 11)), "van 1 december tot en met 11 december");
            assert_eq!(period(day(12, 1), day(12, 1)), "op 1 december");
            assert_eq!(period(day(12, 1), None), "vanaf 1 december");
            assert_eq!(period(None, day(12, 11)), "tot en met 11 december");
            assert_eq!(period(None, None), "");
            let today = (
                Some(Moment::At(at("2026-11-23T14:00:00+01:00"))),
                Some(Moment::At(at("2026-11-23T21:00:00+01:00"))),
            );
            assert_eq!(period(today.0, today.1), "vandaag 14.00\u{a0}uur tot 21.00\u{a0}uur");
            assert_eq!(period(None, today.1), "tot 21.00\u{a0}uur");
            assert_eq!(
                period(today.0, day(12, 11)),
                "vanaf vandaag 14.00\u{a0}uur tot en met 11 december"
            );
        });
    }

    #[test]
    fn an_appointment_says_when_it_ends() {
        with_context(|context| {
            let day = |month, day| Moment::Day(date(2026, month, day));
            let time = |text: &str| Moment::At(at(text));
            let when = |start, end| {
                let when = context.when(start, end).join(" · ");
                when.replace(['\u{2068}', '\u{2069}'], "").replace('\u{a0}', " ")
            };
            let six = time("2026-11-26T18:00:00+01:00");
            assert_eq!(
                when(six, Some(time("2026-11-26T19:00:00+01:00"))),
                "over 3 dagen · 18.00–19.00 uur"
            );
            assert_eq!(when(six, None), "over 3 dagen · 18.00 uur");
            // An end that is no later says nothing.
            assert_eq!(when(six, Some(six)), "over 3 dagen · 18.00 uur");
            assert_eq!(when(six, Some(day(11, 26))), "over 3 dagen · 18.00 uur");
            assert_eq!(
                when(six, Some(time("2026-11-27T02:00:00+01:00"))),
                "over 3 dagen · 26 november 18.00 uur tot 27 november 2.00 uur"
            );
            assert_eq!(
                when(six, Some(day(12, 11))),
                "over 3 dagen · 18.00 uur · tot en met 11 december"
            );
            let tonight = time("2026-11-23T20:00:00+01:00");
            assert_eq!(
                when(tonight, Some(time("2026-11-24T02:00:00+01:00"))),
                "vandaag 20.00 uur tot morgen 2.00 uur"
            );
            assert_eq!(when(tonight, None), "vandaag 20.00 uur");
            let late = time("2026-11-23T22:00:00+01:00");
            assert_eq!(when(tonight, Some(late)), "vandaag 20.00–22.00 uur");
            assert_eq!(
                when(tonight, Some(day(12, 11))),
                "vandaag 20.00 uur · tot en met 11 december"
            );
            assert_eq!(when(day(11, 24), None), "morgen");
            assert_eq!(when(day(11, 24), Some(day(11, 24))), "morgen");
            assert_eq!(when(day(11, 24), Some(day(11, 26))), "morgen · tot en met 26 november");
            // An appointment that has begun names its end only.
            assert_eq!(when(day(11, 20), Some(day(11, 26))), "tot en met 26 november");
            let friday = time("2026-11-20T20:00:00+01:00");
            assert_eq!(when(friday, Some(time("2026-11-23T12:00:00+01:00"))), "tot 12.00 uur");
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
