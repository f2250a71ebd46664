//! What the workbench shows: the cards of a widget in every state, at a width, in a language.

use std::collections::HashMap;
use std::time::Duration;

use jiff::tz::TimeZone;
use voordeur_engine::ManifestWidget;
use voordeur_widget_api::{Language, Refusal, Sample, View, Widget};

use crate::cards::{ExchangeError, Walk};
use crate::locale::Locale;
use crate::presenter::{self, CardStatus, Context, describe_fetch_error};
use crate::view_model::{CardState, CardViewModel};
use voordeur_upstream::FetchError;

/// What the author wants to see.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// Which cards: nothing for all, else the id of one of them.
    pub show: Option<String>,
    /// How wide.
    pub width: Width,
    /// In which look.
    pub look: Look,
    /// In the citizen's language.
    pub language: Language,
}

/// How wide a card is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// As wide as the manifest says is best.
    Best,
    /// So many of the twelve columns of a wide screen.
    Columns(u8),
    /// As on a phone of 360 pixels.
    Phone,
}

impl Width {
    /// Everything that can be chosen.
    pub const ALL: [Width; 7] = [
        Width::Best,
        Width::Columns(3),
        Width::Columns(4),
        Width::Columns(6),
        Width::Columns(8),
        Width::Columns(12),
        Width::Phone,
    ];

    /// As in addresses.
    pub fn id(self) -> String {
        match self {
            Width::Best => "best".to_owned(),
            Width::Columns(columns) => columns.to_string(),
            Width::Phone => "phone".to_owned(),
        }
    }
}

/// Light or dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// As the system of whoever looks.
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Look {
    /// Everything that can be chosen.
    pub const ALL: [Look; 3] = [Look::System, Look::Light, Look::Dark];

    /// As in addresses.
    pub fn id(self) -> &'static str {
        match self {
            Look::System => "system",
            Look::Light => "light",
            Look::Dark => "dark",
        }
    }
}

impl Choice {
    /// What an address asks for; whatever it does not say, or says wrongly, is as at first.
    pub fn read(asked: &HashMap<String, String>) -> Self {
        let said = |key: &str| asked.get(key).map(String::as_str).unwrap_or_default();
        let width = Width::ALL.into_iter().find(|width| width.id() == said("width"));
        let look = Look::ALL.into_iter().find(|look| look.id() == said("theme"));
        let show = Some(said("show")).filter(|show| !show.is_empty() && *show != "all");
        Choice {
            show: show.map(str::to_owned),
            width: width.unwrap_or(Width::Best),
            look: look.unwrap_or(Look::System),
            language: said("language").parse().unwrap_or(Language::Nl),
        }
    }
}

/// One card on the workbench.
pub struct Shown {
    /// As in addresses and in the page.
    pub id: String,
    /// What it shows, for its heading.
    pub label: String,
    /// Columns of twelve.
    pub size: u8,
    /// The card.
    pub view_model: CardViewModel,
    /// Why there is no view, when a sample gives none.
    pub stop: Option<ExchangeError>,
    /// Why things were left out.
    pub left_out: Vec<Refusal>,
}

/// The id of the card of a sample.
pub fn id_of_sample(name: &str) -> String {
    format!("sample-{name}")
}

/// The states that a card can have without a sample of its own, and what their headings say.
const STATES: [(CardState, &str); 4] = [
    (CardState::Waiting, "Waiting: the service has not answered yet"),
    (CardState::Stale, "Stale: the last good data, since the service fails"),
    (CardState::Unavailable, "Unavailable: the service fails, and there is no data"),
    (CardState::NeedsSettings, "Needs settings: the citizen has to answer first"),
];

fn id_of_state(state: CardState) -> String {
    format!("state-{}", state.id())
}

/// The ids of all cards of a widget and their headings, in the order shown.
pub fn all(widget: &ManifestWidget) -> Vec<(String, String)> {
    let samples = widget
        .samples()
        .iter()
        .map(|sample| (id_of_sample(&sample.name), format!("Sample: {}", sample.name)));
    let has_fields = !widget.manifest().fields.is_empty();
    let states =
        STATES.into_iter().filter(|(state, _)| *state != CardState::NeedsSettings || has_fields);
    samples.chain(states.map(|(state, label)| (id_of_state(state), label.to_owned()))).collect()
}

/// The cards that are wanted.
pub fn cards(widget: &ManifestWidget, choice: &Choice, zone: &TimeZone) -> Vec<Shown> {
    let maker = Maker { widget, choice, zone };
    let wanted = all(widget)
        .into_iter()
        .filter(|(id, _)| choice.show.as_ref().is_none_or(|show| show == id));
    wanted.filter_map(|(id, label)| maker.card(id, label)).collect()
}

struct Maker<'a> {
    widget: &'a ManifestWidget,
    choice: &'a Choice,
    zone: &'a TimeZone,
}

impl Maker<'_> {
    fn card(&self, id: String, label: String) -> Option<Shown> {
        let samples = self.widget.samples();
        if let Some(sample) = samples.iter().find(|sample| id_of_sample(&sample.name) == id) {
            return Some(self.of_sample(sample, id, label));
        }
        let (state, _) = STATES.into_iter().find(|(state, _)| id_of_state(*state) == id)?;
        let normal = samples.first()?;
        let view = match state {
            CardState::Stale => self.view(normal).ok(),
            _ => None,
        };
        let notice = self.notice(state, normal);
        let view_model = self.view_model(normal, state, Some(notice), view.as_ref());
        Some(Shown { id, label, size: self.size(), view_model, stop: None, left_out: Vec::new() })
    }

    fn of_sample(&self, sample: &Sample, id: String, label: String) -> Shown {
        let (state, view, stop) = match self.view(sample) {
            Ok(view) => (CardState::Fresh, Some(view), None),
            Err(stop @ ExchangeError::RejectionEffect(Refusal::NeedsSetting { .. })) => {
                (CardState::NeedsSettings, None, Some(stop))
            }
            Err(stop) => (CardState::Unavailable, None, Some(stop)),
        };
        let notice = match (&stop, state) {
            (Some(ExchangeError::RejectionEffect(Refusal::NeedsSetting { field })), _) => {
                Some(self.needs(Some(field)))
            }
            (Some(_), _) => {
                let failure = FetchError::Unreadable(String::new());
                Some(self.unavailable(&failure))
            }
            (None, _) => None,
        };
        let view_model = self.view_model(sample, state, notice, view.as_ref());
        let left_out = view.map(|view| view.left_out_because).unwrap_or_default();
        Shown { id, label, size: self.size(), view_model, stop, left_out }
    }

    fn view(&self, sample: &Sample) -> Result<View, ExchangeError> {
        Walk::of_sample(self.widget, sample, self.choice.language, self.zone).1
    }

    fn locale(&self) -> Locale {
        Locale::new(self.choice.language)
    }

    /// What the desk says in a state.
    fn notice(&self, state: CardState, sample: &Sample) -> String {
        let locale = self.locale();
        let manifest = self.widget.manifest();
        let publisher = manifest.publisher.name.as_str();
        match state {
            CardState::Waiting => {
                locale.say_with("state-waiting", &[("publisher", publisher.into())])
            }
            CardState::Stale => {
                let age = locale.age(sample.moment - self.late(), sample.moment);
                let reason = describe_fetch_error(&FetchError::Slow, publisher, locale);
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

    /// How old stale data is shown to be: well beyond the pace.
    fn late(&self) -> Duration {
        self.widget.manifest().pace.0.saturating_mul(10)
    }

    fn unavailable(&self, failure: &FetchError) -> String {
        let reason =
            describe_fetch_error(failure, &self.widget.manifest().publisher.name, self.locale());
        self.locale().say_with("state-unavailable", &[("reason", reason.into())])
    }

    fn needs(&self, field: Option<&str>) -> String {
        let id = field.unwrap_or_default();
        let label = self.widget.manifest().field(id);
        let label = label.map_or(id, |field| field.label.get(self.choice.language));
        self.locale().say_with("state-needs-setting", &[("field", label.into())])
    }

    fn size(&self) -> u8 {
        match self.choice.width {
            Width::Columns(columns) => columns,
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
        let manifest = self.widget.manifest();
        let fetched = match state {
            CardState::Fresh => Some(sample.moment),
            CardState::Stale => Some(sample.moment - self.late()),
            _ => None,
        };
        let showing =
            CardStatus { state, notice, view, fetched, sample: true, refresh_after_secs: 0 };
        let context = Context { locale: self.locale(), zone: self.zone, now: sample.moment };
        presenter::present(manifest, &showing, &context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cards::ZONE;

    fn shown(id: &str, show: &str) -> Vec<(String, CardState, bool)> {
        let widget = ManifestWidget::embedded(id).expect("it is there").expect("it is good");
        let zone = TimeZone::get(ZONE).expect("the zone is bundled");
        let asked = HashMap::from([("show".to_owned(), show.to_owned())]);
        let cards = cards(&widget, &Choice::read(&asked), &zone);
        let told = |card: Shown| (card.id, card.view_model.state, card.view_model.notice.is_some());
        cards.into_iter().map(told).collect()
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
        // Who asks nothing never lacks an answer.
        let asks_nothing = shown("earthquakes", "state-needs-settings");
        let fields =
            ManifestWidget::embedded("earthquakes").expect("it is there").expect("it is good");
        assert_eq!(asks_nothing.is_empty(), fields.manifest().fields.is_empty());
    }

    #[test]
    fn what_an_address_says_wrongly_is_as_at_first() {
        let asked = [("width", "5"), ("theme", "pink"), ("language", "xx"), ("show", "")];
        let asked = asked.map(|(key, value)| (key.to_owned(), value.to_owned()));
        let choice = Choice::read(&HashMap::from(asked));
        assert_eq!((choice.width, choice.look), (Width::Best, Look::System));
        assert_eq!((choice.language, choice.show), (Language::Nl, None));
    }
}
