//! A figure within its range, in steps.

use voordeur_widget_api::Gauge;

use super::Context;
use super::blocks::tone_id;
use crate::view_model::GaugeViewModel;

impl Context<'_> {
    pub(super) fn gauge(&self, gauge: &Gauge) -> GaugeViewModel {
        let written = |value| self.locale.number(value, gauge.decimals);
        let end = if gauge.unit.is_empty() {
            written(gauge.high)
        } else {
            format!("{}\u{a0}{}", written(gauge.high), gauge.unit)
        };
        let ends = [("low", written(gauge.low).into()), ("high", end.into())];
        GaugeViewModel {
            label: self.words(&gauge.label),
            value: written(gauge.value),
            unit: gauge.unit.clone(),
            note: self.optional(gauge.note.as_ref()),
            scale: self.locale.say_with("gauge-scale", &ends),
            steps: gauge.steps,
            lit: lit(gauge),
            tone: gauge.tone.map(tone_id),
        }
    }
}

/// How many panes are lit: none at or below the low end, and one as soon as there is something.
fn lit(gauge: &Gauge) -> u8 {
    let share = (gauge.value - gauge.low) / (gauge.high - gauge.low);
    if share <= 0.0 {
        return 0;
    }
    let steps = f64::from(gauge.steps);
    // Between 1 and the number of steps; no figure at all lights none.
    (share * steps).round().clamp(1.0, steps.max(1.0)) as u8
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::tz::TimeZone;
    use voordeur_widget_api::{Language, Tone};

    use super::*;
    use crate::locale::Locale;

    fn gauge(value: f64) -> Gauge {
        Gauge {
            label: "Waterpeil".into(),
            value,
            decimals: 0,
            unit: "cm".to_owned(),
            low: 100.0,
            high: 500.0,
            steps: 8,
            note: Some("gewoon".into()),
            tone: Some(Tone::Good),
        }
    }

    #[test]
    fn a_figure_lights_its_share_of_the_panes() {
        let lit = |value| super::lit(&gauge(value));
        assert_eq!([100.0, 101.0, 150.0, 300.0, 500.0].map(lit), [0, 1, 1, 4, 8]);
        // Outside the range, the panes stay within theirs.
        assert_eq!([-20.0, 9_000.0, f64::INFINITY, f64::NAN].map(lit), [0, 8, 8, 0]);
    }

    #[test]
    fn a_gauge_says_its_range_in_words() {
        let zone = TimeZone::UTC;
        for (language, scale) in [
            (Language::Nl, "op een schaal van 100 tot 500 cm"),
            (Language::Fr, "sur une échelle de 100 à 500 cm"),
            (Language::De, "auf einer Skala von 100 bis 500 cm"),
            (Language::En, "on a scale from 100 to 500 cm"),
        ] {
            let locale = Locale::new(language);
            let context = Context { locale, zone: &zone, now: Timestamp::UNIX_EPOCH };
            let view_model = context.gauge(&gauge(342.0));
            let said = view_model.scale.replace(['\u{2068}', '\u{2069}'], "");
            assert_eq!(said.replace('\u{a0}', " "), scale);
            assert_eq!((view_model.value.as_str(), view_model.lit), ("342", 5));
        }
    }
}
