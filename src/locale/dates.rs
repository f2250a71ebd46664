use std::time::Duration;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SpanRound, Timestamp, Unit};

use super::Locale;

/// A day relative to today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RelativeDay {
    Past(i32),
    Today,
    Tomorrow,
    In(i32),
    /// By its date, in a text that holds on any day.
    On(Date),
}

impl RelativeDay {
    /// How far `day` is from `today`.
    pub fn of(day: Date, today: Date) -> Self {
        match today.until(day).map(|span| span.get_days()).unwrap_or_default() {
            0 => RelativeDay::Today,
            1 => RelativeDay::Tomorrow,
            days if days < 0 => RelativeDay::Past(-days),
            days => RelativeDay::In(days),
        }
    }

    /// How texts tell days apart: by a word of their own, or by their date.
    pub fn kind(self) -> &'static str {
        match self {
            RelativeDay::Today => "today",
            RelativeDay::Tomorrow => "tomorrow",
            RelativeDay::Past(1) => "yesterday",
            RelativeDay::Past(_) | RelativeDay::In(_) | RelativeDay::On(_) => "date",
        }
    }
}

impl Locale {
    /// How texts name a day.
    pub fn relative(self, day: Date, today: Date) -> RelativeDay {
        if self.is_lasting { RelativeDay::On(day) } else { RelativeDay::of(day, today) }
    }

    /// `7.36`, for columns of times.
    pub fn clock(self, at: Timestamp, zone: &TimeZone) -> String {
        self.time_with("clock", at, zone)
    }

    /// `7.36 uur`, in a sentence.
    pub fn time(self, at: Timestamp, zone: &TimeZone) -> String {
        self.time_with("time", at, zone)
    }

    fn time_with(self, key: &str, at: Timestamp, zone: &TimeZone) -> String {
        let local = at.to_zoned(zone.clone());
        let hour = i64::from(local.hour());
        let minute = format!("{:02}", local.minute());
        self.say_with(key, &[("hour", hour.into()), ("minute", minute.into())])
    }

    /// `maandag 23 november 2026`
    pub fn day_in_full(self, day: Date) -> String {
        self.say_with(
            "day-in-full",
            &[
                ("weekday", self.weekday(day).into()),
                ("day", i64::from(day.day()).into()),
                ("month", self.month(day).into()),
                ("year", day.year().to_string().into()),
            ],
        )
    }

    /// `23 november`, with the year when it is another than today's.
    pub fn day(self, day: Date, today: Date) -> String {
        let date = ("day", i64::from(day.day()).into());
        let month = ("month", self.month(day).into());
        if day.year() == today.year() {
            self.say_with("day", &[date, month])
        } else {
            let year = ("year", day.year().to_string().into());
            self.say_with("day-and-year", &[date, month, year])
        }
    }

    /// `maandag`
    pub fn weekday(self, day: Date) -> String {
        self.say(&format!("weekday-{}", day.weekday().to_monday_one_offset()))
    }

    /// `ma`
    pub fn short_weekday(self, day: Date) -> String {
        self.say(&format!("weekday-short-{}", day.weekday().to_monday_one_offset()))
    }

    /// `november`
    pub fn month(self, day: Date) -> String {
        self.say(&format!("month-{}", day.month()))
    }

    /// `nov`
    pub fn short_month(self, day: Date) -> String {
        self.say(&format!("month-short-{}", day.month()))
    }

    /// `vandaag`, `morgen`, `over 4 dagen`, `over 3 weken`, `3 dagen geleden`
    pub fn relative_day(self, relative_day: RelativeDay) -> String {
        match relative_day {
            RelativeDay::Past(1) => self.say("yesterday"),
            RelativeDay::Past(days) => {
                self.say_with("days-ago", &[("days", i64::from(days).into())])
            }
            RelativeDay::Today => self.say("today"),
            RelativeDay::Tomorrow => self.say("tomorrow"),
            RelativeDay::In(days) if days >= 21 => {
                self.say_with("in-weeks", &[("weeks", i64::from((days + 3) / 7).into())])
            }
            RelativeDay::In(days) => self.say_with("in-days", &[("days", i64::from(days).into())]),
            RelativeDay::On(day) => self.day(day, day),
        }
    }

    /// `vandaag 7.36 uur`, `gisteren 7.36 uur`, `21 november 7.36 uur`
    pub fn day_and_time(self, at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
        let day = at.to_zoned(zone.clone()).date();
        let today = now.to_zoned(zone.clone()).date();
        let time = self.time(at, zone);
        let relative_day = self.relative(day, today);
        let day = match relative_day {
            RelativeDay::Today | RelativeDay::Tomorrow | RelativeDay::Past(1) => {
                self.relative_day(relative_day)
            }
            _ => self.day(day, today),
        };
        self.say_with("day-and-time", &[("day", day.into()), ("time", time.into())])
    }

    /// `18.00–19.00 uur`, `de 18 h 00 à 19 h 00`: two times of one day.
    pub fn times(self, from: Timestamp, until: Timestamp, zone: &TimeZone) -> String {
        let [from, until] = [from, until].map(|at| self.clock(at, zone));
        self.say_with("times", &[("from", from.into()), ("until", until.into())])
    }

    /// `tot 21.00 uur`, `tot morgen 5.31 uur`, `jusqu’au 5 décembre à 2 h 00`
    pub fn until(self, at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
        self.boundary("until-moment", at, now, zone)
    }

    /// `vanaf vandaag 7.36 uur`, `à partir du 5 décembre à 2 h 00`
    pub fn from(self, at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
        self.boundary("from-moment", at, now, zone)
    }

    fn boundary(self, key: &str, at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
        let [day, today] = [at, now].map(|at| at.to_zoned(zone.clone()).date());
        self.say_with(
            key,
            &[
                ("kind", self.relative(day, today).kind().into()),
                ("moment", self.day_and_time(at, now, zone).into()),
                ("time", self.time(at, zone).into()),
            ],
        )
    }

    /// `vandaag 14.00 uur tot 21.00 uur`, `d’aujourd’hui 19 h 18 à demain 5 h 31`
    pub fn span(
        self,
        from: Timestamp,
        until: Timestamp,
        now: Timestamp,
        zone: &TimeZone,
    ) -> String {
        let today = now.to_zoned(zone.clone()).date();
        let [from_day, until_day] = [from, until].map(|at| at.to_zoned(zone.clone()).date());
        let kind = |day| self.relative(day, today).kind();
        let word = |day| match self.relative(day, today) {
            near @ (RelativeDay::Today | RelativeDay::Tomorrow | RelativeDay::Past(1)) => {
                self.relative_day(near)
            }
            _ => self.day(day, today),
        };
        let until_kind = if from_day == until_day { "same" } else { kind(until_day) };
        self.say_with(
            "from-until",
            &[
                ("from_kind", kind(from_day).into()),
                ("from_day", word(from_day).into()),
                ("from_clock", self.clock(from, zone).into()),
                ("until_kind", until_kind.into()),
                ("until_day", word(until_day).into()),
                ("until_clock", self.clock(until, zone).into()),
            ],
        )
    }

    /// The moment of the data: the time if it is today, otherwise the day as well.
    pub fn moment_of_data(self, at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
        let same_day = at.to_zoned(zone.clone()).date() == now.to_zoned(zone.clone()).date();
        if same_day && !self.is_lasting {
            self.time(at, zone)
        } else {
            self.day_and_time(at, now, zone)
        }
    }

    /// `5 minuten`, `2 uur`, `3 dagen`: an age.
    pub fn age(self, from: Timestamp, now: Timestamp) -> String {
        let span = from.until(now).unwrap_or_default();
        let minutes = span
            .round(SpanRound::new().smallest(Unit::Minute).largest(Unit::Minute))
            .map(|span| span.get_minutes())
            .unwrap_or_default()
            .max(1);
        if minutes < 60 {
            self.say_with("age-minutes", &[("count", minutes.into())])
        } else if minutes < 48 * 60 {
            self.say_with("age-hours", &[("count", (minutes / 60).into())])
        } else {
            self.say_with("age-days", &[("count", (minutes / (24 * 60)).into())])
        }
    }
    /// `elke 5 minuten`, `elk uur`, `elke 2 dagen`: an interval.
    pub fn interval(self, pace: Duration) -> String {
        let minutes = i64::try_from(pace.as_secs() / 60).unwrap_or(i64::MAX).max(1);
        if minutes < 60 {
            self.say_with("every-minutes", &[("count", minutes.into())])
        } else if minutes < 24 * 60 {
            self.say_with("every-hours", &[("count", (minutes / 60).into())])
        } else {
            self.say_with("every-days", &[("count", (minutes / (24 * 60)).into())])
        }
    }

    /// `80 ms`, `1,2 s`: a response time.
    pub fn duration(self, took: Duration) -> String {
        if took < Duration::from_secs(1) {
            format!("{}\u{a0}ms", took.as_millis())
        } else {
            format!("{}\u{a0}s", self.number(took.as_secs_f64(), 1))
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use voordeur_widget_api::Language;

    use super::*;

    #[test]
    fn a_text_that_holds_on_any_day_has_dates() {
        let zone = TimeZone::get("Europe/Brussels").expect("the zone is bundled");
        let now: Timestamp = "2026-11-23T07:36:00+01:00".parse().expect("a moment");
        let today = now.to_zoned(zone.clone()).date();
        for language in voordeur_widget_api::Language::ALL {
            let plain = Locale::new(language);
            let lasting = plain.lasting();
            let relative: Vec<String> =
                ["today", "tomorrow", "yesterday"].map(|key| plain.say(key)).to_vec();
            for days in -30..=30_i64 {
                let at = now + jiff::SignedDuration::from_hours(24 * days);
                let day = at.to_zoned(zone.clone()).date();
                let later = at + jiff::SignedDuration::from_hours(26);
                for text in [
                    lasting.relative_day(lasting.relative(day, today)),
                    lasting.day_and_time(at, now, &zone),
                    lasting.until(at, now, &zone),
                    lasting.from(at, now, &zone),
                    lasting.span(at, later, now, &zone),
                    lasting.moment_of_data(at, now, &zone),
                ] {
                    assert!(text.contains(&plain.month(day)), "{days}: {text}");
                    assert!(text.contains(&day.day().to_string()), "{days}: {text}");
                    assert!(!relative.iter().any(|word| text.contains(word)), "{days}: {text}");
                }
            }
        }
    }

    #[test]
    fn dates_are_written_out_in_every_language() {
        let day = date(2026, 11, 23);
        let in_full = |language| Locale::new(language).day_in_full(day);
        assert_eq!(in_full(Language::Nl), "maandag 23 november 2026");
        assert_eq!(in_full(Language::Fr), "lundi 23 novembre 2026");
        assert_eq!(in_full(Language::De), "Montag, 23. November 2026");
        assert_eq!(in_full(Language::En), "Monday 23 November 2026");
        let first = date(2026, 12, 1);
        assert_eq!(Locale::new(Language::Fr).day(first, day), "1er décembre");
        assert_eq!(Locale::new(Language::De).day(first, day), "1. Dezember");
    }

    #[test]
    fn times_are_in_the_time_zone() {
        let zone = TimeZone::get("Europe/Brussels").expect("the zone is bundled");
        let at: Timestamp = "2026-11-23T06:05:00Z".parse().expect("a moment");
        assert_eq!(Locale::new(Language::Nl).time(at, &zone), "7.05\u{a0}uur");
        assert_eq!(Locale::new(Language::Fr).time(at, &zone), "7\u{a0}h\u{a0}05");
        assert_eq!(Locale::new(Language::De).time(at, &zone), "7.05\u{a0}Uhr");
        assert_eq!(Locale::new(Language::En).time(at, &zone), "7:05");
    }

    #[test]
    fn a_span_is_said_as_each_language_says_it() {
        let zone = TimeZone::get("Europe/Brussels").expect("the zone is bundled");
        let at = |text: &str| text.parse::<Timestamp>().expect("a moment");
        let now = at("2026-11-23T06:05:00Z");
        let span = |language, from, until| {
            let text = Locale::new(language).span(at(from), at(until), now, &zone);
            text.replace(['\u{a0}', '\u{2068}', '\u{2069}'], " ").replace("  ", " ")
        };
        let night = ("2026-11-23T18:18:00Z", "2026-11-24T04:31:00Z");
        let today = ("2026-11-23T18:18:00Z", "2026-11-23T20:00:00Z");
        let week = ("2026-11-28T18:18:00Z", "2026-11-29T20:00:00Z");
        for (language, expected) in [
            (
                Language::Nl,
                [
                    "vandaag 19.18 uur tot morgen 5.31 uur",
                    "vandaag 19.18 uur tot 21.00 uur",
                    "28 november 19.18 uur tot 29 november 21.00 uur",
                ],
            ),
            (
                Language::Fr,
                [
                    "d’aujourd’hui 19 h 18 à demain 5 h 31",
                    "d’aujourd’hui 19 h 18 à 21 h 00",
                    "du 28 novembre 19 h 18 au 29 novembre 21 h 00",
                ],
            ),
            (
                Language::De,
                [
                    "von heute 19.18 bis morgen 5.31 Uhr",
                    "von heute 19.18 bis 21.00 Uhr",
                    "vom 28. November 19.18 bis zum 29. November 21.00 Uhr",
                ],
            ),
            (
                Language::En,
                [
                    "today 19:18 to tomorrow 5:31",
                    "today 19:18 to 21:00",
                    "28 November 19:18 to 29 November 21:00",
                ],
            ),
        ] {
            let spans = [night, today, week].map(|(from, until)| span(language, from, until));
            assert_eq!(spans, expected);
        }
    }

    #[test]
    fn the_boundaries_of_a_time_are_said_as_each_language_says_them() {
        let zone = TimeZone::get("Europe/Brussels").expect("the zone is bundled");
        let at = |text: &str| text.parse::<Timestamp>().expect("a moment");
        let now = at("2026-11-23T06:05:00Z");
        let [six, seven] = ["2026-11-23T17:00:00Z", "2026-11-23T18:00:00Z"].map(at);
        let [tomorrow, later] = ["2026-11-24T01:00:00Z", "2026-12-05T01:00:00Z"].map(at);
        for (language, expected) in [
            (
                Language::Nl,
                [
                    "18.00–19.00 uur",
                    "tot 19.00 uur",
                    "tot morgen 2.00 uur",
                    "tot 5 december 2.00 uur",
                    "vanaf vandaag 18.00 uur",
                    "vanaf 5 december 2.00 uur",
                ],
            ),
            (
                Language::Fr,
                [
                    "de 18 h 00 à 19 h 00",
                    "jusqu’à 19 h 00",
                    "jusqu’à demain à 2 h 00",
                    "jusqu’au 5 décembre à 2 h 00",
                    "à partir d’aujourd’hui à 18 h 00",
                    "à partir du 5 décembre à 2 h 00",
                ],
            ),
            (
                Language::De,
                [
                    "18.00–19.00 Uhr",
                    "bis 19.00 Uhr",
                    "bis morgen um 2.00 Uhr",
                    "bis zum 5. Dezember um 2.00 Uhr",
                    "ab heute um 18.00 Uhr",
                    "ab dem 5. Dezember um 2.00 Uhr",
                ],
            ),
            (
                Language::En,
                [
                    "18:00–19:00",
                    "until 19:00",
                    "until tomorrow 2:00",
                    "until 5 December 2:00",
                    "from today 18:00",
                    "from 5 December 2:00",
                ],
            ),
        ] {
            let locale = Locale::new(language);
            let said = [
                locale.times(six, seven, &zone),
                locale.until(seven, now, &zone),
                locale.until(tomorrow, now, &zone),
                locale.until(later, now, &zone),
                locale.from(six, now, &zone),
                locale.from(later, now, &zone),
            ];
            let plain =
                |text: &String| text.replace(['\u{2068}', '\u{2069}'], "").replace('\u{a0}', " ");
            assert_eq!(said.each_ref().map(plain), expected);
        }
    }

    #[test]
    fn days_are_described_relative_to_today() {
        let dutch = Locale::new(Language::Nl);
        let today = date(2026, 11, 23);
        let near = |day| dutch.relative_day(RelativeDay::of(day, today));
        assert_eq!(near(today), "vandaag");
        assert_eq!(near(date(2026, 11, 24)), "morgen");
        assert_eq!(near(date(2026, 11, 27)), "over 4 dagen");
        assert_eq!(near(date(2026, 12, 21)), "over 4 weken");
        assert_eq!(near(date(2026, 11, 20)), "3 dagen geleden");
    }
}
