//! A forecast: days on one scale of temperatures.

use voordeur_widget_api::{ForecastDay, WeatherSign};

use super::Context;
use crate::locale::{RelativeDay, capitalised};
use crate::view_model::{DayViewModel, DaysViewModel, TimeViewModel};

/// Below this, in millimetres, it is dry.
const DRY: f64 = 0.05;
/// From this on, in millimetres, tenths are not shown.
const NO_TENTHS: f64 = 1.0;

impl Context<'_> {
    /// The days from today on, with the temperature of now.
    pub(super) fn forecast(&self, now: Option<f64>, days: &[ForecastDay]) -> DaysViewModel {
        let today = self.today();
        let days: Vec<&ForecastDay> = days.iter().filter(|day| day.day >= today).collect();
        let lowest = days.iter().map(|day| day.low).fold(f64::INFINITY, f64::min);
        let highest = days.iter().map(|day| day.high).fold(f64::NEG_INFINITY, f64::max);
        let percent = |degrees: f64| {
            let share =
                if highest > lowest { (degrees - lowest) / (highest - lowest) } else { 0.5 };
            (share * 100.0).round().clamp(0.0, 100.0) as u8
        };
        let columns = ["day", "weather", "rain", "low", "high"]
            .map(|column| self.locale.say(&format!("forecast-{column}")));
        let rows = days.iter().map(|day| {
            let relative = self.locale.relative(day.day, today);
            let text = match relative {
                RelativeDay::Today => capitalised(&self.locale.relative_day(relative)),
                _ => format!("{}\u{a0}{}", self.locale.short_weekday(day.day), day.day.day()),
            };
            DayViewModel {
                day: TimeViewModel { datetime: day.day.to_string(), text },
                full_day: self.locale.day_in_full(day.day),
                sign: day.sign,
                weather: self.weather_in_words(day),
                rain: self.rain(day),
                low: self.degrees(day.low),
                high: self.degrees(day.high),
                bar: (percent(day.low), percent(day.high)),
                now: now.filter(|_| day.day == today && !self.locale.is_lasting).map(percent),
            }
        });
        DaysViewModel {
            summary: days.first().map(|day| self.summary(day)).unwrap_or_default(),
            columns,
            rows: rows.collect(),
        }
    }

    /// Temperatures and weather of today: `4 – 9°` and `regen, 6 mm`.
    pub(super) fn weather_of_today(
        &self,
        days: &[ForecastDay],
    ) -> Option<(String, Option<String>)> {
        let today = days.iter().find(|day| day.day == self.today())?;
        let low = self.locale.number(today.low.round(), 0);
        let words: Vec<String> = [today.sign.map(|sign| self.sign(sign)), self.rain(today)]
            .into_iter()
            .flatten()
            .collect();
        let note = (!words.is_empty()).then(|| words.join(", "));
        Some((format!("{low}\u{a0}– {}", self.degrees(today.high)), note))
    }

    fn summary(&self, day: &ForecastDay) -> String {
        let relative = self.locale.relative(day.day, self.today());
        let word = match relative {
            RelativeDay::Today | RelativeDay::Tomorrow => self.locale.relative_day(relative),
            _ => self.locale.weekday(day.day),
        };
        let degrees = self.locale.say_with(
            "forecast-degrees",
            &[
                ("low", self.locale.number(day.low.round(), 0).into()),
                ("high", self.locale.number(day.high.round(), 0).into()),
            ],
        );
        let words = [self.weather_in_words(day), self.rain(day).unwrap_or_default(), degrees];
        let words: Vec<String> = words.into_iter().filter(|words| !words.is_empty()).collect();
        format!("{word}: {}", words.join(", "))
    }

    fn weather_in_words(&self, day: &ForecastDay) -> String {
        let wind = day.wind.map(|wind| {
            let wind = self.locale.number(wind.round(), 0);
            self.locale.say_with("forecast-wind", &[("wind", wind.into())])
        });
        let words = [day.sign.map(|sign| self.sign(sign)), wind];
        words.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    fn sign(&self, sign: WeatherSign) -> String {
        let id: &str = sign.into();
        self.locale.say(&format!("weather-{id}"))
    }

    /// `6 mm`; `None` when it is dry, or when nobody knows.
    fn rain(&self, day: &ForecastDay) -> Option<String> {
        let rain = day.rain.filter(|rain| *rain >= DRY)?;
        let decimals = u8::from(rain < NO_TENTHS);
        Some(format!("{}\u{a0}mm", self.locale.number(rain, decimals)))
    }

    fn degrees(&self, degrees: f64) -> String {
        format!("{}°", self.locale.number(degrees.round(), 0))
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::civil::Date;
    use jiff::tz::TimeZone;
    use strum::VariantArray as _;
    use voordeur_widget_api::Language;

    use super::*;
    use crate::locale::Locale;

    fn date(text: &str) -> Date {
        text.parse().expect("a day")
    }

    fn with_context<T>(language: Language, check: impl FnOnce(&Context<'_>) -> T) -> T {
        let zone = TimeZone::get("Europe/Brussels").expect("the zone is bundled");
        let now: Timestamp = "2026-11-23T07:36:00+01:00".parse().expect("a moment");
        check(&Context { locale: Locale::new(language), zone: &zone, now })
    }

    fn day(day: &str, low: f64, high: f64, rain: Option<f64>) -> ForecastDay {
        ForecastDay {
            day: date(day),
            sign: Some(WeatherSign::Rain),
            low,
            high,
            rain,
            wind: Some(34.6),
        }
    }

    fn plain(text: &str) -> String {
        text.replace(['\u{2068}', '\u{2069}'], "").replace('\u{a0}', " ")
    }

    #[test]
    fn a_forecast_whose_days_are_over_says_so() {
        with_context(Language::Nl, |context| {
            let days = vec![day("2026-11-21", 4.0, 9.0, None), day("2026-11-22", 4.0, 9.0, None)];
            let block = voordeur_widget_api::Block::Days { role: None, now: None, days };
            let view = voordeur_widget_api::View { blocks: vec![block], ..Default::default() };
            let blocks = crate::presenter::present_blocks(&view, context);
            let [crate::view_model::BlockViewModel::Text { text }] = blocks.as_slice() else {
                panic!("{blocks:?}");
            };
            assert_eq!(text.text, "Deze voorspelling is voorbij.");
        });
    }

    #[test]
    fn all_days_share_one_scale() {
        with_context(Language::Nl, |context| {
            let days = [
                day("2026-11-22", -20.0, 40.0, None),
                day("2026-11-23", 4.6, 8.9, Some(6.4)),
                day("2026-11-24", -1.1, 3.0, Some(0.2)),
            ];
            let forecast = context.forecast(Some(5.3), &days);
            let rows: Vec<_> = forecast
                .rows
                .iter()
                .map(|row| (plain(&row.day.text), row.low.as_str(), row.high.as_str(), row.bar))
                .collect();
            // Yesterday is over, and does not stretch the scale.
            let expected = [
                ("Vandaag".to_owned(), "5°", "9°", (57, 100)),
                ("di 24".to_owned(), "−1°", "3°", (0, 41)),
            ];
            assert_eq!(rows, expected);
            assert_eq!((forecast.rows[0].now, forecast.rows[1].now), (Some(64), None));
            assert_eq!(forecast.rows[0].rain.as_deref().map(plain).as_deref(), Some("6 mm"));
            assert_eq!(forecast.rows[1].rain.as_deref().map(plain).as_deref(), Some("0,2 mm"));
            assert_eq!(
                plain(&forecast.summary),
                "vandaag: regen, wind 35 km/u, 6 mm, 5 tot 9 graden"
            );
        });
    }

    #[test]
    fn a_dry_day_has_no_millimetres_and_one_temperature_has_a_place() {
        with_context(Language::Nl, |context| {
            for rain in [None, Some(0.0), Some(0.04)] {
                let forecast = context.forecast(None, &[day("2026-11-23", 5.0, 5.0, rain)]);
                assert_eq!(forecast.rows[0].rain, None);
                assert_eq!(forecast.rows[0].bar, (50, 50));
            }
            assert_eq!(context.forecast(None, &[]).rows, []);
        });
    }

    #[test]
    fn the_band_has_the_weather_of_today_only() {
        with_context(Language::Fr, |context| {
            let today = day("2026-11-23", 4.6, 8.9, Some(6.4));
            let (value, note) = context.weather_of_today(&[today]).expect("today's weather");
            assert_eq!(
                (plain(&value).as_str(), note.as_deref().map(plain).as_deref()),
                ("5 – 9°", Some("pluie, 6 mm"))
            );
            let tomorrow = day("2026-11-24", 4.6, 8.9, Some(6.4));
            assert_eq!(context.weather_of_today(&[tomorrow]), None);
        });
    }

    #[test]
    fn each_sign_has_its_word_in_every_language() {
        for language in [Language::Nl, Language::Fr, Language::De, Language::En] {
            with_context(language, |context| {
                let words: Vec<String> =
                    WeatherSign::VARIANTS.iter().map(|sign| context.sign(*sign)).collect();
                let mut distinct = words.clone();
                distinct.sort();
                distinct.dedup();
                assert_eq!(distinct.len(), words.len(), "{words:?}");
                assert!(words.iter().all(|word| !word.contains("weather-")), "{words:?}");
            });
        }
    }
}
