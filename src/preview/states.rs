//! The cards of a preview: a widget in every state, at a width, in a language.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use voordeur_engine::{ManifestWidget, SampleError, SampleRun};
use voordeur_widget_api::{CardWidth, ExchangeError, Language, Refusal, Sample, View, Widget};

use crate::blocks::DrawnCard;
use crate::locale::Locale;
use crate::presenter::{self, CardStatus, Context, describe_fetch_error};
use crate::view_model::{CardState, CardViewModel};
use voordeur_upstream::FetchError;

/// The options of the form: which cards are shown, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct DisplayOptions {
    /// The id of the card to show; all cards when none is given.
    pub show: Option<String>,
    pub width: Width,
    pub color_scheme: ColorScheme,
    pub language: Language,
}

/// The width of cards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// The best width by the manifest.
    Best,
    /// Lanes of a wide screen.
    Lanes(CardWidth),
    /// A phone of 360 pixels.
    Phone,
}

impl Width {
    pub const ALL: [Width; 5] = [
        Width::Best,
        Width::Lanes(CardWidth::Narrow),
        Width::Lanes(CardWidth::Wide),
        Width::Lanes(CardWidth::Full),
        Width::Phone,
    ];

    /// The value in addresses.
    pub fn id(self) -> &'static str {
        match self {
            Width::Best => "best",
            Width::Lanes(width) => width.id(),
            Width::Phone => "phone",
        }
    }
}

/// The color scheme of the style sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColorScheme {
    /// The preference of the browser.
    System,
    Light,
    Dark,
}

impl ColorScheme {
    pub const ALL: [ColorScheme; 3] = [ColorScheme::System, ColorScheme::Light, ColorScheme::Dark];

    /// The value in addresses.
    pub fn id(self) -> &'static str {
        match self {
            ColorScheme::System => "system",
            ColorScheme::Light => "light",
            ColorScheme::Dark => "dark",
        }
    }
}

impl DisplayOptions {
    /// Parses the query of an address. An absent or invalid value means the default.
    pub fn read(query: &HashMap<String, String>) -> Self {
        let value = |key: &str| query.get(key).map(String::as_str).unwrap_or_default();
        let width = Width::ALL.into_iter().find(|width| width.id() == value("width"));
        let color_scheme =
            ColorScheme::ALL.into_iter().find(|color_scheme| color_scheme.id() == value("theme"));
        let show = Some(value("show")).filter(|show| !show.is_empty() && *show != "all");
        DisplayOptions {
            show: show.map(str::to_owned),
            width: width.unwrap_or(Width::Best),
            color_scheme: color_scheme.unwrap_or(ColorScheme::System),
            language: value("language").parse().unwrap_or(Language::Nl),
        }
    }
}

/// A card of the preview.
pub struct PreviewCard {
    /// The value in addresses, and the id of the element.
    pub id: String,
    /// The heading.
    pub label: String,
    pub size: CardWidth,
    pub drawn: DrawnCard,
    /// Why the sample has no view.
    pub error: Option<ExchangeError<SampleError>>,
    /// Why items were left out.
    pub left_out: Vec<Refusal>,
}

pub fn sample_card_id(name: &str) -> String {
    format!("sample-{name}")
}

/// The states that a card can have without a sample of its own, with their headings.
const STATES: [(CardState, &str); 4] = [
    (CardState::Waiting, "Waiting: the service has not responded yet"),
    (CardState::Stale, "Stale: the last good data, since the service fails"),
    (CardState::Unavailable, "Unavailable: the service fails, and there is no data"),
    (CardState::NeedsSettings, "Needs settings: a field has to be filled in first"),
];

fn state_card_id(state: CardState) -> String {
    format!("state-{}", state.id())
}

/// The ids and headings of all cards of a widget, in the order of the page.
pub fn all(widget: &ManifestWidget) -> Vec<(String, String)> {
    let samples = widget
        .samples()
        .iter()
        .map(|sample| (sample_card_id(&sample.name), format!("Sample: {}", sample.name)));
    let has_fields = !widget.manifest().fields.is_empty();
    let states =
        STATES.into_iter().filter(|(state, _)| *state != CardState::NeedsSettings || has_fields);
    samples.chain(states.map(|(state, label)| (state_card_id(state), label.to_owned()))).collect()
}

/// The cards to show.
pub fn cards(
    widget: &ManifestWidget,
    options: &DisplayOptions,
    zone: &TimeZone,
) -> Vec<PreviewCard> {
    let builder = CardBuilder { widget, options, zone };
    let shown = all(widget)
        .into_iter()
        .filter(|(id, _)| options.show.as_ref().is_none_or(|show| show == id));
    shown.filter_map(|(id, label)| builder.card_or_panic(id, label)).collect()
}

struct CardBuilder<'a> {
    widget: &'a ManifestWidget,
    options: &'a DisplayOptions,
    zone: &'a TimeZone,
}

impl CardBuilder<'_> {
    /// A card; one whose widget, presenter or block panics says so.
    fn card_or_panic(&self, id: String, label: String) -> Option<PreviewCard> {
        let building = AssertUnwindSafe(|| self.card(id.clone(), label.clone()));
        catch_unwind(building).unwrap_or_else(|_| {
            let sample = self.widget.samples().first()?;
            let notice = self.unavailable(&FetchError::Unreadable(String::new()));
            let view_model = self.view_model(sample, CardState::Unavailable, Some(notice), None);
            Some(PreviewCard {
                id,
                label,
                size: self.size(),
                drawn: DrawnCard::new(view_model),
                error: Some(ExchangeError::Refused(Refusal::Panicked { message: String::new() })),
                left_out: Vec::new(),
            })
        })
    }

    fn card(&self, id: String, label: String) -> Option<PreviewCard> {
        let samples = self.widget.samples();
        if let Some(sample) = samples.iter().find(|sample| sample_card_id(&sample.name) == id) {
            return Some(self.sample_card(sample, id, label));
        }
        let (state, _) = STATES.into_iter().find(|(state, _)| state_card_id(*state) == id)?;
        let normal = samples.first()?;
        let view = match state {
            CardState::Stale => self.view(normal).ok(),
            _ => None,
        };
        let notice = self.notice(state, normal);
        let view_model = self.view_model(normal, state, Some(notice), view.as_ref());
        Some(PreviewCard {
            id,
            label,
            size: self.size(),
            drawn: DrawnCard::new(view_model),
            error: None,
            left_out: Vec::new(),
        })
    }

    fn sample_card(&self, sample: &Sample, id: String, label: String) -> PreviewCard {
        let (state, view, error) = match self.view(sample) {
            Ok(view) => (CardState::Fresh, Some(view), None),
            Err(error @ ExchangeError::Refused(Refusal::NeedsSetting { .. })) => {
                (CardState::NeedsSettings, None, Some(error))
            }
            Err(error) => (CardState::Unavailable, None, Some(error)),
        };
        let notice = match (&error, state) {
            (Some(ExchangeError::Refused(Refusal::NeedsSetting { field })), _) => {
                Some(self.needs(Some(field)))
            }
            (Some(_), _) => Some(self.unavailable(&FetchError::Unreadable(String::new()))),
            (None, _) => None,
        };
        let view_model = self.view_model(sample, state, notice, view.as_ref());
        let left_out = view.map(|view| view.omission_reasons).unwrap_or_default();
        let drawn = DrawnCard::new(view_model);
        PreviewCard { id, label, size: self.size(), drawn, error, left_out }
    }

    fn view(&self, sample: &Sample) -> Result<View, ExchangeError<SampleError>> {
        SampleRun::new(self.widget, sample, self.options.language, self.zone).view
    }

    fn locale(&self) -> Locale {
        Locale::new(self.options.language)
    }

    /// The notice that the card service writes in a state.
    fn notice(&self, state: CardState, sample: &Sample) -> String {
        let locale = self.locale();
        let manifest = self.widget.manifest().for_settings(&sample.settings);
        let publisher = manifest.publisher.name.as_str();
        match state {
            CardState::Waiting if !manifest.has_service() => locale.say("own-waiting"),
            CardState::Waiting => {
                locale.say_with("state-waiting", &[("publisher", publisher.into())])
            }
            CardState::Stale => {
                let age = locale.age(earlier(sample.moment, self.staleness()), sample.moment);
                let reason = describe_fetch_error(&FetchError::Timeout, publisher, locale);
                locale.say_with("state-stale", &[("age", age.into()), ("reason", reason.into())])
            }
            CardState::NeedsSettings => {
                let needed = manifest.fields.iter().find(|field| field.required);
                let field = needed.or(manifest.fields.first()).map(|field| field.id.as_str());
                self.needs(field)
            }
            CardState::Unavailable | CardState::Fresh => self.unavailable(&FetchError::Unreachable),
        }
    }

    /// The age of stale data in the preview: well beyond the pace.
    fn staleness(&self) -> Duration {
        self.widget.manifest().pace.0.saturating_mul(10)
    }

    fn unavailable(&self, error: &FetchError) -> String {
        let reason =
            describe_fetch_error(error, &self.widget.manifest().publisher.name, self.locale());
        self.locale().say_with("state-unavailable", &[("reason", reason.into())])
    }

    fn needs(&self, field: Option<&str>) -> String {
        let id = field.unwrap_or_default();
        let label = self.widget.manifest().field(id);
        let label = label.map_or(id, |field| field.label.get(self.options.language));
        self.locale().say_with("state-needs-setting", &[("field", label.into())])
    }

    fn size(&self) -> CardWidth {
        match self.options.width {
            Width::Lanes(width) => width,
            Width::Best | Width::Phone => self.widget.manifest().size.best,
        }
    }

    fn view_model(
        &self,
        sample: &Sample,
        state: CardState,
        notice: Option<String>,
        view: Option<&View>,
    ) -> CardViewModel {
        let manifest = self.widget.manifest().for_settings(&sample.settings);
        let fetched = match state {
            CardState::Fresh => Some(sample.moment),
            CardState::Stale => Some(earlier(sample.moment, self.staleness())),
            _ => None,
        };
        let status =
            CardStatus { state, notice, view, fetched, sample: true, refresh_after_secs: 0 };
        let context = Context { locale: self.locale(), zone: self.zone, now: sample.moment };
        presenter::present(&manifest, &status, &context)
    }
}

/// A moment before another; the earliest there is when that is out of range.
fn earlier(moment: Timestamp, by: Duration) -> Timestamp {
    moment.checked_sub(by).unwrap_or(Timestamp::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cards::ZONE;

    fn shown(id: &str, show: &str) -> Vec<(String, CardState, bool)> {
        let widget = ManifestWidget::embedded(id).expect("it is there").expect("it is good");
        let zone = TimeZone::get(ZONE).expect("the zone is bundled");
        let query = HashMap::from([("show".to_owned(), show.to_owned())]);
        cards(&widget, &DisplayOptions::read(&query), &zone)
            .into_iter()
            .map(|card| {
                (card.id, card.drawn.view_model.state, card.drawn.view_model.notice.is_some())
            })
            .collect()
    }

    #[test]
    fn every_sample_and_every_state_has_a_card() {
        let cards = shown("vehicle-inspection", "all");
        for (id, state, has_notice) in [
            ("sample-normal", CardState::Fresh, false),
            ("sample-malformed", CardState::Unavailable, true),
            ("state-waiting", CardState::Waiting, true),
            ("state-stale", CardState::Stale, true),
            ("state-unavailable", CardState::Unavailable, true),
            ("state-needs-settings", CardState::NeedsSettings, true),
        ] {
            assert!(cards.contains(&(id.to_owned(), state, has_notice)), "{id}: {cards:?}");
        }
        assert_eq!(shown("vehicle-inspection", "state-stale").len(), 1);
        // A widget without fields never needs settings.
        let cards = shown("earthquakes", "state-needs-settings");
        let widget =
            ManifestWidget::embedded("earthquakes").expect("it is there").expect("it is good");
        assert_eq!(cards.is_empty(), widget.manifest().fields.is_empty());
    }

    #[test]
    fn an_invalid_value_in_an_address_means_the_default() {
        let query = [("width", "5"), ("theme", "pink"), ("language", "xx"), ("show", "")];
        let query = query.map(|(key, value)| (key.to_owned(), value.to_owned()));
        let options = DisplayOptions::read(&HashMap::from(query));
        assert_eq!((options.width, options.color_scheme), (Width::Best, ColorScheme::System));
        assert_eq!((options.language, options.show), (Language::Nl, None));
    }
}
