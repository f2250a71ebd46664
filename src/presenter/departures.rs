//! Departures: times, delays, and the ride of the next one.

use jiff::{SignedDuration, Timestamp};
use voordeur_widget_api::{Departure, Leg};

use super::Context;
use crate::view_model::{DepartureViewModel, LegViewModel, LocalizedText, TimeViewModel};

/// The longest delay that is shown, in minutes: a day.
pub(super) const MAX_DELAY_MINUTES: i64 = 24 * 60;
/// Minutes until a departure are shown while the data is younger than this, in seconds: later, they
/// could send somebody to a train that has left.
const COUNTABLE: i64 = 120;
/// A departure further away has its time only.
const MAX_MINUTES: i64 = 99;

impl Context<'_> {
    /// Departures; `moment` is that of the data.
    pub(super) fn departures(
        &self,
        departures: &[Departure],
        moment: Option<Timestamp>,
    ) -> Vec<DepartureViewModel> {
        let next = departures.iter().position(|departure| !departure.cancelled);
        let each = departures.iter().enumerate();
        each.map(|(index, departure)| {
            let leg = departure.leg.as_ref().filter(|_| next == Some(index));
            let mut view_model = self.departure(departure);
            view_model.leg = leg.map(|leg| self.leg(departure, leg, moment));
            let later = departure.leg.as_ref().filter(|_| leg.is_none() && !departure.cancelled);
            view_model.arrives = later.map(|leg| self.arrival(leg));
            view_model
        })
        .collect()
    }

    pub(super) fn departure(&self, departure: &Departure) -> DepartureViewModel {
        let late = delay(departure.at, departure.delay).map(|(minutes, expected)| {
            let time = self.locale.clock(expected, self.zone);
            self.locale.say_with("late", &[("minutes", minutes.into()), ("time", time.into())])
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
            leg: None,
            arrives: None,
        }
    }

    /// `aankomst 8.22 · 1 keer overstappen`
    fn arrival(&self, leg: &Leg) -> String {
        let time = self.locale.clock(expected_arrival(leg), self.zone);
        let arrives = self.locale.say_with("arrives", &[("time", time.into())]);
        [Some(arrives), self.changes(leg)].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    /// `1 keer overstappen`
    fn changes(&self, leg: &Leg) -> Option<String> {
        let count = ("count", i64::from(leg.changes).into());
        (leg.changes > 0).then(|| self.locale.say_with("changes", &[count]))
    }

    fn leg(&self, departure: &Departure, leg: &Leg, moment: Option<Timestamp>) -> LegViewModel {
        let clock = |at| self.locale.clock(at, self.zone);
        let late = delay(departure.at, departure.delay);
        let departs = late.map_or(departure.at, |(_, expected)| expected);
        let arrives = expected_arrival(leg);
        let duration = arrives.duration_since(departs).as_mins().max(0);
        let duration = self.locale.say_with("minutes", &[("minutes", duration.into())]);
        let towards = self.words(&departure.to);
        let (from, to) = (self.words(&leg.from), self.words(&leg.to));
        let summary = self.locale.say_with(
            "leg",
            &[
                ("from", from.text.as_str().into()),
                ("departs", clock(departs).into()),
                ("to", to.text.as_str().into()),
                ("arrives", clock(arrives).into()),
                ("duration", duration.as_str().into()),
            ],
        );
        LegViewModel {
            minutes: self.minutes_until(departs, moment),
            towards: LocalizedText {
                text: self.locale.say_with("towards", &[("to", towards.text.into())]),
                lang: None,
            },
            departs: clock(departs),
            planned: late.map(|_| clock(departure.at)),
            late: late.map(|(minutes, _)| format!("+{minutes}\u{a0}min")),
            arrives: clock(arrives),
            duration,
            from,
            to,
            changes: self.changes(leg),
            summary,
        }
    }

    /// `12`, while the data is young enough to count on.
    fn minutes_until(&self, departs: Timestamp, moment: Option<Timestamp>) -> Option<String> {
        if self.locale.is_lasting {
            return None;
        }
        let age = self.now.duration_since(moment?).as_secs();
        let minutes = departs.duration_since(self.now).as_mins();
        let countable = (-COUNTABLE..COUNTABLE).contains(&age);
        (countable && (0..=MAX_MINUTES).contains(&minutes)).then(|| minutes.to_string())
    }
}

fn expected_arrival(leg: &Leg) -> Timestamp {
    delay(leg.arrival, leg.arrival_delay).map_or(leg.arrival, |(_, expected)| expected)
}

/// A delay in minutes, and the expected time; `None` when it is on time, or when the delay is more
/// than a day: a mistake of the service.
fn delay(planned: Timestamp, seconds: i64) -> Option<(i64, Timestamp)> {
    let minutes = seconds / 60;
    let expected = planned.checked_add(SignedDuration::from_secs(seconds)).ok()?;
    (1..=MAX_DELAY_MINUTES).contains(&minutes).then_some((minutes, expected))
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use voordeur_widget_api::Language;

    use super::*;
    use crate::locale::Locale;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a moment")
    }

    fn with_context<T>(check: impl FnOnce(&Context<'_>) -> T) -> T {
        let zone = TimeZone::get("Europe/Brussels").expect("the zone is bundled");
        let now = at("2026-11-23T07:36:00+01:00");
        check(&Context { locale: Locale::new(Language::Nl), zone: &zone, now })
    }

    fn to_halle(delay: i64) -> Departure {
        Departure {
            id: String::new(),
            at: at("2026-11-23T07:42:00+01:00"),
            delay,
            to: "Halle".into(),
            line: None,
            platform: Some("3".to_owned()),
            cancelled: false,
            leg: Some(Leg {
                from: "Vilvoorde".into(),
                to: "Brussel-Zuid".into(),
                arrival: at("2026-11-23T08:07:00+01:00"),
                arrival_delay: delay,
                changes: 1,
            }),
        }
    }

    fn plain(text: &str) -> String {
        text.replace(['\u{2068}', '\u{2069}'], "").replace('\u{a0}', " ")
    }

    #[test]
    fn a_late_train_shows_its_expected_time() {
        with_context(|context| {
            let view_model = context.departure(&to_halle(360));
            assert_eq!(view_model.late.as_deref(), Some("+6 min, verwacht 7.48"));
            assert_eq!(view_model.platform.as_deref(), Some("spoor 3"));
        });
    }

    #[test]
    fn an_impossible_delay_is_not_shown() {
        with_context(|context| {
            for delay in [i64::MAX, i64::MIN, 999_999_999_999, -60, 25 * 60 * 60] {
                assert_eq!(context.departure(&to_halle(delay)).late, None, "{delay}");
                let ride = context.departures(&[to_halle(delay)], None);
                let leg = ride[0].leg.as_ref().expect("a ride");
                assert_eq!((leg.departs.as_str(), leg.arrives.as_str()), ("7.42", "8.07"));
            }
            let last = Departure { at: Timestamp::MAX, ..to_halle(600) };
            assert_eq!(context.departure(&last).late, None);
        });
    }

    #[test]
    fn the_next_departure_that_runs_has_its_ride() {
        with_context(|context| {
            let cancelled = Departure { cancelled: true, ..to_halle(0) };
            let all = [cancelled, to_halle(360), to_halle(0)];
            let all = context.departures(&all, Some(context.now));
            assert_eq!(
                all.iter().map(|one| one.leg.is_some()).collect::<Vec<_>>(),
                [false, true, false]
            );
            let leg = all[1].leg.as_ref().expect("a ride");
            assert_eq!(leg.minutes.as_deref(), Some("12"));
            assert_eq!((leg.planned.as_deref(), leg.departs.as_str()), (Some("7.42"), "7.48"));
            assert_eq!((leg.arrives.as_str(), plain(&leg.duration)), ("8.13", "25 min".to_owned()));
            assert_eq!(leg.changes.as_deref().map(plain).as_deref(), Some("1 keer overstappen"));
            assert_eq!(plain(&leg.summary), "Vilvoorde 7.48, Brussel-Zuid 8.13: 25 min onderweg.");
            // Later ones say where the ride ends; one that does not run has no ride.
            let ends: Vec<_> = all.iter().map(|one| one.arrives.as_deref().map(plain)).collect();
            assert_eq!(ends, [None, None, Some("aankomst 8.07 · 1 keer overstappen".to_owned())]);
        });
    }

    #[test]
    fn minutes_are_counted_from_young_data_only() {
        with_context(|context| {
            let minutes = |moment: Option<&str>| {
                let all = context.departures(&[to_halle(0)], moment.map(at));
                all[0].leg.as_ref().and_then(|leg| leg.minutes.clone())
            };
            assert_eq!(minutes(Some("2026-11-23T07:34:01+01:00")).as_deref(), Some("6"));
            assert_eq!(minutes(Some("2026-11-23T07:34:00+01:00")), None);
            // A clock that is wrong counts for nothing.
            assert_eq!(minutes(Some("2026-11-23T07:40:00+01:00")), None);
            assert_eq!(minutes(None), None);
            // Of a copy nobody knows when it is read.
            let lasting = Context { locale: context.locale.lasting(), ..*context };
            let young = lasting.departures(&[to_halle(0)], Some(at("2026-11-23T07:34:01+01:00")));
            assert_eq!(young[0].leg.as_ref().and_then(|leg| leg.minutes.clone()), None);
        });
    }
}
