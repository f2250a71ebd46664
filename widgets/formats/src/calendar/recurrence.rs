//! Recurrence rules of RFC 5545 (3.3.10) over local times, without time zones or a clock.
//!
//! No crate serves: those that exist expand a rule from its first occurrence, bring a second time
//! zone database, and collect a whole period, which takes a gigabyte for a hostile rule. This
//! module starts at the window and bounds the number of steps.

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::{Span, ToSpan};
use voordeur_widget_api::{Budget, Exhausted};

use super::super::tree;

/// `FREQ`, from shortest to longest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Frequency {
    Secondly,
    Minutely,
    Hourly,
    Daily,
    Weekly,
    Monthly,
    Yearly,
}

/// `UNTIL`: the last possible start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// A day, which counts.
    Day(Date),
    Local(DateTime),
    /// In UTC.
    Universal(DateTime),
}

/// The longest `INTERVAL`; a longer one goes beyond the last year.
const MAX_INTERVAL: i64 = 1_000_000_000_000;

/// A recurrence rule. An empty list does not restrict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    pub frequency: Frequency,
    interval: i64,
    count: Option<u64>,
    until: Option<Until>,
    pub months: Vec<i64>,
    week_numbers: Vec<i64>,
    year_days: Vec<i64>,
    pub month_days: Vec<i64>,
    /// Weekdays, each with its ordinal in the month or year; 0 means every one.
    pub days: Vec<(i64, Weekday)>,
    hours: Vec<i64>,
    minutes: Vec<i64>,
    seconds: Vec<i64>,
    positions: Vec<i64>,
    week_start: Weekday,
}

impl Rule {
    /// Parses the value of an `RRULE`. `None` for invalid rules, and for calendars other than the
    /// Gregorian.
    pub fn parse(text: &str) -> Option<Self> {
        let mut rule = Self {
            frequency: Frequency::Daily,
            interval: 1,
            count: None,
            until: None,
            months: Vec::new(),
            week_numbers: Vec::new(),
            year_days: Vec::new(),
            month_days: Vec::new(),
            days: Vec::new(),
            hours: Vec::new(),
            minutes: Vec::new(),
            seconds: Vec::new(),
            positions: Vec::new(),
            week_start: Weekday::Monday,
        };
        let mut frequency = None;
        let text = text.to_ascii_uppercase();
        for (key, value) in parts(&text) {
            match key {
                // An empty part does not restrict.
                _ if value.is_empty() => {}
                "FREQ" => frequency = Some(frequency_of(value)?),
                "INTERVAL" => {
                    // Zero is not allowed; programs that write it mean every one.
                    rule.interval = value.parse::<i64>().ok()?.clamp(1, MAX_INTERVAL);
                }
                // A negative number, which is not allowed either, means no end.
                "COUNT" => {
                    rule.count = u64::try_from(value.parse::<i64>().ok()?).ok();
                }
                "UNTIL" => rule.until = Some(until_of(value)?),
                "BYMONTH" => rule.months = numbers(value, 1, 12)?,
                "BYWEEKNO" => rule.week_numbers = numbers(value, -53, 53)?,
                "BYYEARDAY" => rule.year_days = numbers(value, -366, 366)?,
                "BYMONTHDAY" => rule.month_days = numbers(value, -31, 31)?,
                "BYDAY" => {
                    rule.days = value.split(',').map(ordinal_weekday).collect::<Option<_>>()?
                }
                "BYHOUR" => rule.hours = numbers(value, 0, 23)?,
                "BYMINUTE" => rule.minutes = numbers(value, 0, 59)?,
                // A leap second is taken as the second before it.
                "BYSECOND" => {
                    rule.seconds = numbers(value, 0, 60)?.into_iter().map(|s| s.min(59)).collect()
                }
                "BYSETPOS" => rule.positions = numbers(value, -366, 366)?,
                "WKST" => rule.week_start = ordinal_weekday(value)?.1,
                "RSCALE" if value != "GREGORIAN" => return None,
                _ => {}
            }
        }
        // A day is looked up in these lists, which are no longer than their ranges.
        for list in [
            &mut rule.months,
            &mut rule.week_numbers,
            &mut rule.year_days,
            &mut rule.month_days,
            &mut rule.hours,
            &mut rule.minutes,
            &mut rule.seconds,
            &mut rule.positions,
        ] {
            list.sort_unstable();
            list.dedup();
        }
        rule.days.sort_unstable_by_key(|(nth, day)| (*nth, day.to_monday_zero_offset()));
        rule.days.dedup();
        rule.frequency = frequency?;
        Some(rule)
    }

    /// Whether the rule has no start at all, not even the first: `COUNT=0`.
    pub fn is_empty(&self) -> bool {
        self.count == Some(0)
    }

    /// Whether a rule that begins at `start` may have this moment, by its month, weekday and time
    /// of day; the rule is not expanded.
    pub fn may_have(&self, at: DateTime, start: DateTime) -> bool {
        if at < start {
            return false;
        }
        let allows = |list: &[i64], unit: Frequency, part: i8, of_start: i8| match list {
            [] => self.frequency <= unit || part == of_start,
            list => list.contains(&i64::from(part)),
        };
        let weekdays = match self.days.as_slice() {
            [] => self.frequency != Frequency::Weekly || at.weekday() == start.weekday(),
            days => days.iter().any(|(_, day)| *day == at.weekday()),
        };
        weekdays
            && (self.months.is_empty() || self.months.contains(&i64::from(at.month())))
            && allows(&self.hours, Frequency::Hourly, at.hour(), start.hour())
            && allows(&self.minutes, Frequency::Minutely, at.minute(), start.minute())
            && allows(&self.seconds, Frequency::Secondly, at.second(), start.second())
    }

    /// Whether the rule goes on without end.
    pub fn is_endless(&self) -> bool {
        self.count.is_none() && self.until.is_none()
    }

    /// Whether no part but months and days restricts the rule.
    pub fn is_plain(&self) -> bool {
        let others = [&self.week_numbers, &self.year_days, &self.hours, &self.minutes];
        self.interval == 1
            && others.iter().all(|list| list.is_empty())
            && self.seconds.is_empty()
            && self.positions.is_empty()
    }

    /// `UNTIL`.
    pub fn until(&self) -> Option<Until> {
        self.until
    }

    /// Sets `UNTIL`, as a local time.
    pub fn set_until(&mut self, until: DateTime) {
        self.until = Some(Until::Local(until));
    }

    /// The local starts from `from` to `until` (both inclusive) of a series that starts at `start`,
    /// in order. `start` itself is the first occurrence (RFC 5545, 3.8.5.3). Each step decrements
    /// `steps_left`; at zero the list ends early. An `UNTIL` in UTC is taken as a local time.
    ///
    /// # Errors
    /// When the list takes more than the budget.
    pub fn starts(
        &self,
        start: DateTime,
        (from, until): (DateTime, DateTime),
        steps_left: &mut u64,
        budget: &Budget,
    ) -> Result<Vec<DateTime>, Exhausted> {
        let mut found = Vec::new();
        let until = match self.until {
            Some(Until::Day(day)) => until.min(day.at(23, 59, 59, 0)),
            Some(Until::Local(own) | Until::Universal(own)) => until.min(own),
            None => until,
        };
        let mut left = self.count.unwrap_or(u64::MAX);
        // Whether the series goes on after this start.
        let mut take = |at: DateTime, found: &mut Vec<DateTime>| {
            if left == 0 || at > until {
                return Ok(false);
            }
            left -= 1;
            if at >= from {
                tree::push(budget, found, at)?;
            }
            Ok(true)
        };
        if !take(start, &mut found)? {
            return Ok(found);
        }
        let full = self.with_defaults(start);
        // Only `COUNT` requires an expansion from the first occurrence.
        let mut period = if self.count.is_some() { 0 } else { full.period_before(start, from) };
        let mut batch = Vec::new();
        while *steps_left > 0 {
            *steps_left -= 1;
            let Some((anchor, step)) = full.anchor(start, period) else { break };
            if anchor > until {
                break;
            }
            batch.clear();
            full.candidates(anchor, steps_left, budget, &mut batch)?;
            for at in &batch {
                if *at > start && !take(*at, &mut found)? {
                    return Ok(found);
                }
            }
            period += step;
        }
        Ok(found)
    }

    /// The rule with the parts that default to those of the first start.
    fn with_defaults(&self, start: DateTime) -> Self {
        let mut full = self.clone();
        let (month, day) = (i64::from(start.month()), i64::from(start.day()));
        let no_days = full.week_numbers.is_empty()
            && full.year_days.is_empty()
            && full.month_days.is_empty()
            && full.days.is_empty();
        match full.frequency {
            Frequency::Yearly if no_days => {
                if full.months.is_empty() {
                    full.months = vec![month];
                }
                full.month_days = vec![day];
            }
            Frequency::Yearly
                if full.year_days.is_empty()
                    && full.month_days.is_empty()
                    && full.days.is_empty() =>
            {
                full.days = vec![(0, start.weekday())];
            }
            Frequency::Monthly if no_days => full.month_days = vec![day],
            Frequency::Weekly if no_days => full.days = vec![(0, start.weekday())],
            _ => {}
        }
        if full.hours.is_empty() && full.frequency > Frequency::Hourly {
            full.hours = vec![i64::from(start.hour())];
        }
        if full.minutes.is_empty() && full.frequency > Frequency::Minutely {
            full.minutes = vec![i64::from(start.minute())];
        }
        if full.seconds.is_empty() && full.frequency > Frequency::Secondly {
            full.seconds = vec![i64::from(start.second())];
        }
        full
    }

    /// The number of a period that ends before `from`, as near to it as is cheap to say.
    fn period_before(&self, start: DateTime, from: DateTime) -> i64 {
        let days = |from: DateTime| {
            start.date().until(from.date()).map_or(0, |span| i64::from(span.get_days()))
        };
        let seconds = days(from) * 86_400;
        let units = match self.frequency {
            Frequency::Yearly => i64::from(from.year()) - i64::from(start.year()),
            Frequency::Monthly => {
                (i64::from(from.year()) - i64::from(start.year())) * 12 + i64::from(from.month())
                    - i64::from(start.month())
            }
            Frequency::Weekly => days(from) / 7,
            Frequency::Daily => days(from),
            Frequency::Hourly => seconds / 3_600 - 24,
            Frequency::Minutely => seconds / 60 - 1_440,
            Frequency::Secondly => seconds - 86_400,
        };
        (units / self.interval - 1).max(0)
    }

    /// The start of a period, and the number of periods to the next candidate. `None` beyond the
    /// supported range of dates.
    fn anchor(&self, start: DateTime, period: i64) -> Option<(DateTime, i64)> {
        let units = period.checked_mul(self.interval)?;
        let date = start.date();
        let midnight = |date: Date| date.to_datetime(Time::midnight());
        let anchor = match self.frequency {
            Frequency::Yearly => {
                midnight(date.first_of_year().checked_add(Span::new().try_years(units).ok()?).ok()?)
            }
            Frequency::Monthly => midnight(
                date.first_of_month().checked_add(Span::new().try_months(units).ok()?).ok()?,
            ),
            Frequency::Weekly => {
                let back = i64::from(date.weekday().since(self.week_start));
                let days = units.checked_mul(7)?.checked_sub(back)?;
                midnight(date.checked_add(Span::new().try_days(days).ok()?).ok()?)
            }
            Frequency::Daily => midnight(date.checked_add(Span::new().try_days(units).ok()?).ok()?),
            Frequency::Hourly => {
                truncate(start, 3_600).checked_add(Span::new().try_hours(units).ok()?).ok()?
            }
            Frequency::Minutely => {
                truncate(start, 60).checked_add(Span::new().try_minutes(units).ok()?).ok()?
            }
            Frequency::Secondly => start.checked_add(Span::new().try_seconds(units).ok()?).ok()?,
        };
        let unit = match self.frequency {
            Frequency::Hourly => 3_600,
            Frequency::Minutely => 60,
            Frequency::Secondly => 1,
            _ => return Some((anchor, 1)),
        };
        // Skip the rest of a day, hour or minute in which nothing can start.
        let rest_of = |length: i64| {
            let gone = i64::from(anchor.hour()) * 3_600
                + i64::from(anchor.minute()) * 60
                + i64::from(anchor.second());
            let left = length - gone % length;
            ((left + unit * self.interval - 1) / (unit * self.interval)).max(1)
        };
        if !self.allows_day(anchor.date()) {
            return Some((anchor, rest_of(86_400)));
        }
        if !allows(&self.hours, anchor.hour()) {
            return Some((anchor, rest_of(3_600)));
        }
        if unit == 1 && !allows(&self.minutes, anchor.minute()) {
            return Some((anchor, rest_of(60)));
        }
        Some((anchor, 1))
    }

    /// Adds the starts in the period that begins at `anchor`, in order.
    fn candidates(
        &self,
        anchor: DateTime,
        steps_left: &mut u64,
        budget: &Budget,
        found: &mut Vec<DateTime>,
    ) -> Result<(), Exhausted> {
        let date = anchor.date();
        let length = match self.frequency {
            Frequency::Yearly => i32::from(date.days_in_year()),
            Frequency::Monthly => i32::from(date.days_in_month()),
            Frequency::Weekly => 7,
            _ => 1,
        };
        let (hour, minute, second) = (
            vec![i64::from(anchor.hour())],
            vec![i64::from(anchor.minute())],
            vec![i64::from(anchor.second())],
        );
        let limited = |unit: Frequency, list: &[i64], own: &Vec<i64>| -> Vec<i64> {
            if self.frequency > unit {
                return list.to_vec();
            }
            if list.is_empty() || list.contains(&own[0]) { own.clone() } else { Vec::new() }
        };
        let hours = limited(Frequency::Hourly, &self.hours, &hour);
        let minutes = limited(Frequency::Minutely, &self.minutes, &minute);
        let seconds = limited(Frequency::Secondly, &self.seconds, &second);
        let mut day = Some(date);
        for _ in 0..length {
            let Some(current) = day else { break };
            if *steps_left == 0 {
                break;
            }
            *steps_left -= 1;
            day = current.tomorrow().ok();
            if !self.allows_day(current) {
                continue;
            }
            for hour in &hours {
                for minute in &minutes {
                    for second in &seconds {
                        if *steps_left == 0 {
                            return Ok(());
                        }
                        *steps_left -= 1;
                        // All values of these lists are less than 60.
                        let time = Time::new(*hour as i8, *minute as i8, *second as i8, 0);
                        if let Ok(time) = time {
                            tree::push(budget, found, current.to_datetime(time))?;
                        }
                    }
                }
            }
        }
        if !self.positions.is_empty() {
            *steps_left = steps_left.saturating_sub(self.positions.len() as u64);
            let count = found.len() as i64;
            let mut chosen: Vec<i64> = self
                .positions
                .iter()
                .map(|position| if *position > 0 { position - 1 } else { count + position })
                .filter(|at| (0..count).contains(at))
                .collect();
            chosen.sort_unstable();
            chosen.dedup();
            *found = chosen.into_iter().map(|at| found[at as usize]).collect();
        }
        Ok(())
    }

    /// Whether the rule allows a start on this day.
    fn allows_day(&self, day: Date) -> bool {
        let from_end = |list: &[i64], number: i64, length: i64| {
            list.is_empty() || has(list, number) || has(list, number - length - 1)
        };
        allows(&self.months, day.month())
            && from_end(&self.month_days, i64::from(day.day()), i64::from(day.days_in_month()))
            && from_end(
                &self.year_days,
                i64::from(day.day_of_year()),
                i64::from(day.days_in_year()),
            )
            && self.allows_weekday(day)
            && self.allows_week(day)
    }

    fn allows_weekday(&self, day: Date) -> bool {
        if self.days.is_empty() {
            return true;
        }
        // Ordinals count within the month, or within the year when the rule has no `BYMONTH`.
        let (number, length) = match self.frequency {
            Frequency::Yearly if self.months.is_empty() => {
                (i64::from(day.day_of_year()), i64::from(day.days_in_year()))
            }
            Frequency::Yearly | Frequency::Monthly => {
                (i64::from(day.day()), i64::from(day.days_in_month()))
            }
            _ => (0, 0),
        };
        self.days.iter().filter(|(_, weekday)| *weekday == day.weekday()).any(|(nth, _)| {
            *nth == 0
                || length == 0
                || (number - 1) / 7 + 1 == *nth
                || -((length - number) / 7 + 1) == *nth
        })
    }

    fn allows_week(&self, day: Date) -> bool {
        if self.week_numbers.is_empty() || self.frequency != Frequency::Yearly {
            return true;
        }
        // Week 1 is the first week with at least four days in the year (RFC 5545, 3.3.10).
        let first = |year: i16| -> Option<Date> {
            let fourth = Date::new(year, 1, 4).ok()?;
            fourth.checked_sub(i64::from(fourth.weekday().since(self.week_start)).days()).ok()
        };
        let year = day.year();
        // Days around New Year may belong to a week of the adjacent year.
        let weeks = [year + 1, year, year - 1].into_iter().find_map(|year| {
            let (this, next) = (first(year)?, first(year + 1)?);
            (day >= this).then_some((this, next))
        });
        let Some((this, next)) = weeks else { return false };
        let days =
            |from: Date, to: Date| from.until(to).map_or(0, |span| i64::from(span.get_days()));
        let number = days(this, day) / 7 + 1;
        let length = days(this, next) / 7;
        has(&self.week_numbers, number) || has(&self.week_numbers, number - length - 1)
    }
}

/// The time truncated to a multiple of `unit` seconds within its hour.
fn truncate(at: DateTime, unit: i64) -> DateTime {
    let second = i64::from(at.minute()) * 60 + i64::from(at.second());
    at.checked_sub((second % unit).seconds()).unwrap_or(at)
}

fn allows(list: &[i64], value: i8) -> bool {
    list.is_empty() || has(list, i64::from(value))
}

/// Whether a sorted list contains a number.
fn has(list: &[i64], number: i64) -> bool {
    list.binary_search(&number).is_ok()
}

fn frequency_of(text: &str) -> Option<Frequency> {
    Some(match text {
        "SECONDLY" => Frequency::Secondly,
        "MINUTELY" => Frequency::Minutely,
        "HOURLY" => Frequency::Hourly,
        "DAILY" => Frequency::Daily,
        "WEEKLY" => Frequency::Weekly,
        "MONTHLY" => Frequency::Monthly,
        "YEARLY" => Frequency::Yearly,
        _ => return None,
    })
}

fn numbers(text: &str, min: i64, max: i64) -> Option<Vec<i64>> {
    text.split(',')
        .map(|part| part.trim().parse().ok().filter(|number| (min..=max).contains(number)))
        .collect()
}

fn ordinal_weekday(text: &str) -> Option<(i64, Weekday)> {
    let text = text.trim();
    let at = text.len().checked_sub(2)?;
    let (number, day) = (text.get(..at)?, text.get(at..)?);
    let weekday = match day {
        "MO" => Weekday::Monday,
        "TU" => Weekday::Tuesday,
        "WE" => Weekday::Wednesday,
        "TH" => Weekday::Thursday,
        "FR" => Weekday::Friday,
        "SA" => Weekday::Saturday,
        "SU" => Weekday::Sunday,
        _ => return None,
    };
    let number = if number.is_empty() { 0 } else { number.parse().ok()? };
    (-53..=53).contains(&number).then_some((number, weekday))
}

/// The parts of a rule, without white space around them.
pub fn parts(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let parts = text.split(';').filter_map(|part| part.split_once('='));
    parts.map(|(key, value)| (key.trim(), value.trim()))
}

/// `YYYYMMDD`, `YYYYMMDDTHHMMSS` or `YYYYMMDDTHHMMSSZ`.
fn until_of(text: &str) -> Option<Until> {
    let at = |text: &str| {
        let at = DateTime::strptime("%Y%m%dT%H%M%S", text);
        at.or_else(|_| DateTime::strptime("%Y%m%dT%H%M", text)).ok()
    };
    match text.strip_suffix('Z') {
        Some(universal) => at(universal).map(Until::Universal),
        None if text.contains('T') => at(text).map(Until::Local),
        None => Date::strptime("%Y%m%d", text).ok().map(Until::Day),
    }
}
