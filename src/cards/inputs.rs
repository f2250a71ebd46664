//! The inputs of a widget for one card.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::sync::Arc;
use voordeur_widget_api::{Budget, Place, Settings, Widget, WidgetContext};

use crate::blocks::DrawnCard;
use crate::locale::Locale;
use crate::presenter::{self, CardStatus, Context};

/// The inputs of a widget, owned so that a worker can hold them. They stay the same for a card from
/// its first request until it is drawn.
pub struct CardInputs {
    pub widget: Arc<dyn Widget>,
    pub settings: Settings,
    pub place: Option<Place>,
    pub locale: Locale,
    /// The moment that counts as now: that of the sample, if one is shown.
    pub now: Timestamp,
    /// The citizen's time zone.
    pub zone: TimeZone,
}

impl CardInputs {
    /// The id of the widget.
    pub fn widget_id(&self) -> &str {
        &self.widget.manifest().id
    }

    /// The time zone in which the days of the widget begin.
    pub fn shown_zone(&self) -> &TimeZone {
        self.widget.manifest().shown_zone(&self.zone)
    }

    /// Calls a function of the widget.
    pub fn with_context<T>(
        &self,
        budget: &Budget,
        act: impl FnOnce(&dyn Widget, &WidgetContext<'_>) -> T,
    ) -> T {
        let context = WidgetContext {
            settings: &self.settings,
            place: self.place.as_ref(),
            language: self.locale.language,
            now: self.now,
            zone: &self.zone,
            budget,
        };
        act(self.widget.as_ref(), &context)
    }

    /// Writes the words of a card and draws it.
    pub fn draw(&self, status: &CardStatus<'_>) -> DrawnCard {
        let context = Context { locale: self.locale, zone: &self.zone, now: self.now };
        let manifest = self.widget.manifest().for_settings(&self.settings);
        DrawnCard::new(presenter::present(&manifest, status, &context))
    }
}
