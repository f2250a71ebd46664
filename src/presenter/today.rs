//! Facts of today in a view, for the band above the cards.
//!
//! Only the roles of the blocks are read, so that no widget is named here. A view that cannot tell
//! for certain gives nothing.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan as _};
use voordeur_shared::Severity;
use voordeur_widget_api::{
    Alert, Block, DayRole, Departure, Fact, Moment, MomentItem, Phrase, Value, View,
};

use super::departures::MAX_DELAY_MINUTES;
use super::{Context, shown_zone};
use crate::locale::{RelativeDay, capitalised};
use crate::view_model::{CardState, LocalizedText, TodayFact};

/// The number of days, today included, in which an appointment is near.
const APPOINTMENT_DAYS: i32 = 7;
/// The number of days before its last day that a deadline is near.
const DEADLINE_DAYS: i32 = 30;
/// A departure further ahead than this is not the next one of today, in hours.
const DEPARTURE_HOURS: i64 = 12;
/// From this hour on, tomorrow's collection matters more than today's.
const NOON: i8 = 12;
/// The most titles that one fact names.
const MAX_TITLES: usize = 4;

/// The facts of a view, at most one for each part of the day. `zone`: that of its times.
pub fn today_facts(
    view: &View,
    state: CardState,
    citizens: &Context<'_>,
    zone: &TimeZone,
) -> Vec<TodayFact> {
    let times = shown_zone::times_of(view, citizens, zone);
    let context = &Context { zone, ..*citizens };
    // Days and warnings hold also when the service has not answered for a while.
    let is_fresh = state == CardState::Fresh;
    if !is_fresh && state != CardState::Stale {
        return Vec::new();
    }
    let warning = context.worst_warning(view);
    if let Some(times) = times {
        // A time of another zone would be taken for the citizen's.
        return warning.map(|warning| of_zone(warning, &times)).into_iter().collect();
    }
    let mut facts = Vec::new();
    if is_fresh {
        facts.extend(context.weather(view));
        facts.extend(context.next_departure(view));
    }
    facts.extend(warning);
    facts.extend(context.next_appointment(view));
    facts.extend(context.collection(view));
    facts
}

/// A fact that says whose times it has.
fn of_zone(mut fact: TodayFact, times: &str) -> TodayFact {
    if let Some(note) = &mut fact.note {
        note.text = format!("{} ({times})", note.text);
    }
    fact
}

fn plain(text: String) -> LocalizedText {
    LocalizedText { text, lang: None }
}

impl Context<'_> {
    fn weather(&self, view: &View) -> Option<TodayFact> {
        let forecast = view.blocks.iter().find_map(|block| match block {
            Block::Days { role: Some(DayRole::Weather), days, .. } => self.weather_of_today(days),
            _ => None,
        });
        if let Some((value, note)) = forecast {
            return Some(TodayFact {
                role: DayRole::Weather,
                rank: 0,
                label: plain(self.locale.say("today-weather")),
                value: plain(value),
                delay: None,
                note: note.map(plain),
                severity: None,
                further: 0,
            });
        }
        let facts = view.blocks.iter().filter_map(|block| match block {
            Block::Facts { role: Some(DayRole::Weather), facts } => Some(facts),
            _ => None,
        });
        let mut facts = facts.flatten().map(|fact| self.fact(fact));
        let first = facts.next()?;
        let value = match first.unit.as_str() {
            "" => first.value,
            unit => LocalizedText {
                text: [&first.value.text, "\u{a0}", unit].concat(),
                lang: first.value.lang,
            },
        };
        Some(TodayFact {
            role: DayRole::Weather,
            rank: 0,
            label: first.label,
            value,
            delay: None,
            note: first.note,
            severity: None,
            further: 0,
        })
    }

    fn next_departure(&self, view: &View) -> Option<TodayFact> {
        let departures = view.blocks.iter().filter_map(|block| match block {
            Block::Departures { departures, .. } => Some(departures),
            _ => None,
        });
        let leaves = |departure: &Departure| {
            departure.at.checked_add(SignedDuration::from_secs(delay_of(departure))).ok()
        };
        let last = self.now.checked_add(SignedDuration::from_hours(DEPARTURE_HOURS)).ok()?;
        let (at, next) = departures
            .flatten()
            .filter(|departure| !departure.cancelled)
            .filter_map(|departure| Some((leaves(departure)?, departure)))
            .filter(|(at, _)| (self.now..=last).contains(at))
            .min_by_key(|(at, _)| *at)?;
        let minutes = delay_of(next) / 60;
        let to = self.words(&next.to);
        let label = self.locale.say_with("today-departure", &[("to", to.text.into())]);
        let shown = self.departure(next);
        let note: Vec<String> = [shown.line, shown.platform].into_iter().flatten().collect();
        Some(TodayFact {
            role: DayRole::Departure,
            rank: 0,
            label: LocalizedText { text: label, lang: to.lang },
            value: plain(self.locale.clock(at, self.zone)),
            delay: (minutes > 0)
                .then(|| self.locale.say_with("today-delay", &[("minutes", minutes.into())])),
            note: (!note.is_empty()).then(|| plain(note.join(" · "))),
            severity: None,
            further: 0,
        })
    }

    fn worst_warning(&self, view: &View) -> Option<TodayFact> {
        let is_near =
            |alert: &&Alert| alert.severity >= Severity::Moderate && alert.here != Some(false);
        let alerts = view.blocks.iter().filter_map(|block| match block {
            Block::Alert(alert) => Some(alert),
            _ => None,
        });
        let near: Vec<&Alert> = alerts.filter(is_near).collect();
        // Of equal ones the first: a card has those for the citizen's place first.
        let worst = near.iter().rev().max_by_key(|alert| alert.severity)?;
        let shown = self.alert(worst);
        Some(TodayFact {
            role: DayRole::Warning,
            rank: -i64::try_from(severity_rank(worst.severity)).unwrap_or_default(),
            label: plain(shown.word.trim_end_matches(|c: char| !c.is_alphabetic()).to_owned()),
            value: shown.title,
            delay: None,
            note: shown.when.map(plain).or(shown.area),
            severity: Some(worst.severity),
            further: near.len().saturating_sub(1),
        })
    }

    /// The next entry of the citizen's calendar, or the last day of something.
    fn next_appointment(&self, view: &View) -> Option<TodayFact> {
        let next = view.blocks.iter().filter_map(|block| match block {
            Block::Moments { role: Some(DayRole::Appointment), moments } => moments
                .iter()
                .filter(|item| self.is_ahead(item.start, APPOINTMENT_DAYS))
                .min_by_key(|item| self.start_of(item.start))
                .map(|item| self.appointment(item)),
            Block::Moments { role: Some(DayRole::Deadline), moments } => moments
                .iter()
                .map(|item| (self.day_of(item.end.unwrap_or(item.start)), item))
                .filter(|(day, _)| self.is_ahead(Moment::Day(*day), DEADLINE_DAYS))
                .min_by_key(|(day, _)| *day)
                .map(|(day, item)| self.deadline(Moment::Day(day), &item.title)),
            Block::Facts { role: Some(DayRole::Deadline), facts } => facts
                .iter()
                .filter_map(|fact: &Fact| match fact.value {
                    Value::Moment(day) => Some((day, fact)),
                    _ => None,
                })
                .filter(|(day, _)| self.is_ahead(*day, DEADLINE_DAYS))
                .min_by_key(|(day, _)| self.day_of(*day))
                .map(|(day, fact)| self.deadline(day, &fact.label)),
            _ => None,
        });
        next.min_by_key(|fact| fact.rank)
    }

    /// Whether a moment is to come, within a number of days, today included.
    fn is_ahead(&self, moment: Moment, days: i32) -> bool {
        let (today, day) = (self.today(), self.day_of(moment));
        let is_over = matches!(moment, Moment::At(at) if at < self.now);
        !is_over && (today..today.saturating_add(days.days())).contains(&day)
    }

    fn appointment(&self, item: &MomentItem) -> TodayFact {
        let day = self.day_of(item.start);
        let near = match RelativeDay::of(day, self.today()) {
            near @ (RelativeDay::Today | RelativeDay::Tomorrow) => self.locale.relative_day(near),
            _ => self.locale.weekday(day),
        };
        let title = self.words(&item.title);
        let (value, note) = match item.start {
            Moment::At(at) => (plain(self.locale.clock(at, self.zone)), Some(title)),
            Moment::Day(_) => (title, None),
        };
        TodayFact {
            role: DayRole::Appointment,
            rank: self.start_of(item.start).as_second(),
            label: plain(capitalised(&near)),
            value,
            delay: None,
            note,
            severity: None,
            further: 0,
        }
    }

    fn deadline(&self, day: Moment, title: &Phrase) -> TodayFact {
        let relative = RelativeDay::of(self.day_of(day), self.today());
        TodayFact {
            role: DayRole::Appointment,
            rank: self.start_of(day).as_second(),
            label: self.words(title),
            value: plain(self.locale.day(self.day_of(day), self.today())),
            delay: None,
            note: Some(plain(self.locale.relative_day(relative))),
            severity: None,
            further: 0,
        }
    }

    /// The collection of today, or that of tomorrow, which has to be put out tonight.
    fn collection(&self, view: &View) -> Option<TodayFact> {
        let things: Vec<&MomentItem> = view
            .blocks
            .iter()
            .filter_map(|block| match block {
                Block::Moments { role: Some(DayRole::Collection), moments } => Some(moments),
                _ => None,
            })
            .flatten()
            .collect();
        let today = self.today();
        let on = |day| things.iter().filter(move |item| self.day_of(item.start) == day);
        let tomorrow = today.tomorrow().ok()?;
        let is_afternoon = self.now.to_zoned(self.zone.clone()).hour() >= NOON;
        let comes_tomorrow = on(tomorrow).next().is_some();
        let goes_today = on(today).next().is_some();
        let (day, label, note) = match (goes_today, comes_tomorrow) {
            (_, true) if is_afternoon || !goes_today => {
                (tomorrow, "today-put-out", "today-collected-tomorrow")
            }
            (true, _) => (today, "today-collected", ""),
            _ => return None,
        };
        let titles: Vec<LocalizedText> =
            on(day).take(MAX_TITLES).map(|item| self.words(&item.title)).collect();
        let lang = titles.first().and_then(|title| title.lang.clone());
        let text: Vec<&str> = titles.iter().map(|title| title.text.as_str()).collect();
        Some(TodayFact {
            role: DayRole::Collection,
            rank: self.start_of(Moment::Day(day)).as_second(),
            label: plain(self.locale.say(label)),
            value: LocalizedText { text: text.join(", "), lang },
            delay: None,
            note: (!note.is_empty()).then(|| plain(self.locale.say(note))),
            severity: None,
            further: 0,
        })
    }
}

/// The delay in seconds, as the card has it: one of more than a day is a mistake of the service.
fn delay_of(departure: &Departure) -> i64 {
    let is_shown = (1..=MAX_DELAY_MINUTES).contains(&(departure.delay / 60));
    if is_shown { departure.delay } else { 0 }
}

/// The greater, the more severe.
fn severity_rank(severity: Severity) -> usize {
    Severity::ALL.iter().position(|other| *other == severity).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use voordeur_engine::{Catalogue, SampleRun};
    use voordeur_shared::today::ROLES;
    use voordeur_widget_api::{Language, Sample};

    use super::*;
    use crate::cards::ZONE;
    use crate::locale::Locale;

    fn zone() -> TimeZone {
        TimeZone::get(ZONE).expect("the zone is bundled")
    }

    /// Steps of the clock from a sample's moment: minutes, hours, midnights and days.
    const STEPS_MINUTES: [i64; 13] =
        [-2_880, -720, 0, 7, 33, 61, 300, 545, 900, 1_440, 2_100, 4_320, 14_400];

    /// The state of a view at a moment, read by brute force, for one role.
    struct Reader<'a> {
        view: &'a View,
        context: Context<'a>,
    }

    impl Reader<'_> {
        fn moments(&self, role: DayRole) -> Vec<&MomentItem> {
            let of_role = self.view.blocks.iter().filter(|block| block.role() == Some(role));
            let moments = of_role.filter_map(|block| match block {
                Block::Moments { moments, .. } => Some(moments.iter()),
                _ => None,
            });
            moments.flatten().collect()
        }

        fn day(&self, item: &MomentItem) -> i32 {
            let day = self.context.day_of(item.start);
            self.context.today().until(day).expect("a span").get_days()
        }

        fn check(&self, fact: &TodayFact, widget: &str) {
            let now = self.context.now;
            let value = &fact.value.text;
            match fact.role {
                DayRole::Departure => {
                    let mut times: Vec<Timestamp> = Vec::new();
                    for block in &self.view.blocks {
                        let Block::Departures { departures, .. } = block else { continue };
                        times.extend(
                            departures
                                .iter()
                                .filter(|one| !one.cancelled)
                                .map(|one| one.at + SignedDuration::from_secs(one.delay)),
                        );
                    }
                    let next = times.into_iter().filter(|at| *at >= now).min().expect("one");
                    let clock = self.context.locale.clock(next, self.context.zone);
                    assert_eq!(*value, clock, "{widget}");
                }
                DayRole::Collection => {
                    let items = self.moments(DayRole::Collection);
                    let near = items.iter().filter(|item| (0..=1).contains(&self.day(item)));
                    let titles: Vec<&str> = near.map(|item| item.title.text.as_str()).collect();
                    assert!(titles.iter().any(|title| value.contains(title)), "{widget}: {value}");
                }
                DayRole::Appointment => {
                    let says_time = fact.note.is_some();
                    let all = self.moments(DayRole::Appointment);
                    let ahead = all.iter().filter(|item| match item.start {
                        Moment::At(at) => at >= now,
                        Moment::Day(_) => self.day(item) >= 0,
                    });
                    let first = ahead.min_by_key(|item| self.context.start_of(item.start));
                    if let Some(first) = first.filter(|_| says_time) {
                        let title = fact.note.as_ref().map(|note| note.text.as_str());
                        assert_eq!(title, Some(first.title.text.as_str()), "{widget}");
                    }
                }
                DayRole::Warning => {
                    let alerts = self.view.blocks.iter().filter_map(|block| match block {
                        Block::Alert(alert) if alert.here != Some(false) => Some(alert),
                        _ => None,
                    });
                    let worst = alerts.map(|alert| alert.severity).max().expect("a warning");
                    assert_eq!(fact.severity, Some(worst), "{widget}");
                }
                DayRole::Weather => assert!(!value.is_empty(), "{widget}"),
                other => panic!("{widget}: {other:?}"),
            }
        }

        fn has_collection(&self) -> bool {
            let items = self.moments(DayRole::Collection);
            items.iter().any(|item| (0..=1).contains(&self.day(item)))
        }
    }

    #[test]
    fn the_facts_are_those_of_the_card_at_any_moment() {
        let (catalogue, _) = Catalogue::embedded();
        let zone = zone();
        let mut seen = std::collections::BTreeMap::<&str, usize>::new();
        for widget in catalogue.all().filter(|widget| !widget.roles().is_empty()) {
            for sample in widget.samples() {
                for minutes in STEPS_MINUTES {
                    let moment = sample.moment + SignedDuration::from_mins(minutes);
                    let sample = Sample { moment, ..sample.clone() };
                    let run = SampleRun::new(widget.as_ref(), &sample, Language::Nl, &zone);
                    let Ok(view) = run.view else { continue };
                    let locale = Locale::new(Language::Nl);
                    let shown = widget.manifest().shown_zone(&zone);
                    let citizens = Context { locale, zone: &zone, now: moment };
                    let facts = today_facts(&view, CardState::Fresh, &citizens, shown);
                    let reader =
                        Reader { view: &view, context: Context { zone: shown, ..citizens } };
                    let id = &widget.manifest().id;
                    for fact in &facts {
                        reader.check(fact, id);
                        *seen.entry(fact.role.id()).or_default() += 1;
                    }
                    let says = facts.iter().any(|fact| fact.role == DayRole::Collection);
                    assert_eq!(says, reader.has_collection(), "{id} at {moment}");
                    // An old answer says nothing of trains and weather.
                    let stale = today_facts(&view, CardState::Stale, &citizens, shown);
                    let of_now = [DayRole::Departure, DayRole::Weather];
                    assert!(stale.iter().all(|fact| !of_now.contains(&fact.role)), "{id}");
                    let none = today_facts(&view, CardState::Unavailable, &citizens, shown);
                    assert!(none.is_empty(), "{id}");
                }
            }
        }
        assert_eq!(seen.keys().copied().collect::<std::collections::BTreeSet<_>>(), ROLES.into());
    }

    fn view_of(blocks: Vec<Block>) -> View {
        View { blocks, ..View::default() }
    }

    fn facts_at(view: &View, now: &str) -> Vec<TodayFact> {
        let zone = zone();
        let now = now.parse().expect("a moment");
        let context = Context { locale: Locale::new(Language::Nl), zone: &zone, now };
        today_facts(view, CardState::Fresh, &context, &zone)
    }

    fn item(start: Moment, title: &str) -> MomentItem {
        MomentItem {
            id: String::new(),
            start,
            end: None,
            title: title.into(),
            note: None,
            link: None,
        }
    }

    #[test]
    fn bins_go_out_on_the_evening_before() {
        let day = |text: &str| Moment::Day(text.parse().expect("a day"));
        let moments = vec![
            item(day("2026-11-24"), "Gft"),
            item(day("2026-11-24"), "Papier"),
            item(day("2026-11-25"), "Glas"),
        ];
        let view = view_of(vec![Block::Moments { role: Some(DayRole::Collection), moments }]);
        let said = |now: &str| {
            let fact = facts_at(&view, now).pop();
            fact.map(|fact| [fact.label.text, fact.value.text].join(": "))
        };
        assert_eq!(said("2026-11-22T21:00:00+01:00"), None);
        let evening = said("2026-11-23T07:00:00+01:00");
        assert_eq!(evening.as_deref(), Some("Vanavond buitenzetten: Gft, Papier"));
        let morning = said("2026-11-24T07:00:00+01:00");
        assert_eq!(morning.as_deref(), Some("Vandaag opgehaald: Gft, Papier"));
        let after_noon = said("2026-11-24T12:00:00+01:00");
        assert_eq!(after_noon.as_deref(), Some("Vanavond buitenzetten: Glas"));
        assert_eq!(said("2026-11-26T07:00:00+01:00"), None);
    }

    #[test]
    fn only_a_warning_for_the_place_is_repeated() {
        let alert = |severity, here| Alert {
            id: String::new(),
            role: Some(DayRole::Warning),
            severity,
            title: format!("{severity:?}").as_str().into(),
            text: None,
            area: None,
            here,
            start: None,
            end: None,
            link: None,
        };
        let warnings = vec![
            Block::Alert(alert(Severity::Moderate, Some(true))),
            Block::Alert(alert(Severity::Extreme, Some(false))),
            Block::Alert(alert(Severity::Severe, None)),
            Block::Alert(alert(Severity::Minor, Some(true))),
        ];
        let facts = facts_at(&view_of(warnings), "2026-11-23T07:00:00+01:00");
        let [fact] = facts.as_slice() else { panic!("{facts:?}") };
        assert_eq!((fact.value.text.as_str(), fact.further), ("Severe", 1));
        assert_eq!(fact.label.text, "Gevaar");
    }

    #[test]
    fn the_next_train_is_the_first_that_runs() {
        let departure = |minute: i64, delay: i64, cancelled| Departure {
            id: String::new(),
            at: "2026-11-23T07:00:00+01:00".parse::<Timestamp>().expect("a moment")
                + SignedDuration::from_mins(minute),
            delay: delay * 60,
            to: "Brussel-Zuid".into(),
            line: Some("S1".to_owned()),
            platform: Some("2".to_owned()),
            cancelled,
            leg: None,
        };
        let departures = vec![
            departure(2, 0, false),
            departure(8, 0, true),
            // It leaves after the one below.
            departure(9, 20, false),
            departure(18, 3, false),
        ];
        let view = view_of(vec![Block::Departures { role: Some(DayRole::Departure), departures }]);
        let facts = facts_at(&view, "2026-11-23T07:05:00+01:00");
        let [fact] = facts.as_slice() else { panic!("{facts:?}") };
        assert_eq!(
            (fact.label.text.as_str(), fact.value.text.as_str()),
            ("Naar Brussel-Zuid", "7.21")
        );
        assert_eq!(fact.delay.as_deref(), Some("+3 min"));
        assert_eq!(fact.note.as_ref().map(|note| note.text.as_str()), Some("S1 · spoor 2"));
        assert!(facts_at(&view, "2026-11-23T08:05:00+01:00").is_empty());
        // As on the card, a delay that cannot be is none.
        for delay in [i64::MAX / 60, -60, 25 * 60] {
            let departures = vec![departure(10, delay, false)];
            let view =
                view_of(vec![Block::Departures { role: Some(DayRole::Departure), departures }]);
            let facts = facts_at(&view, "2026-11-23T07:05:00+01:00");
            let [fact] = facts.as_slice() else { panic!("{facts:?}") };
            assert_eq!((fact.value.text.as_str(), &fact.delay), ("7.10", &None), "{delay}");
        }
    }
}
