//! The page, JSON and feed of services: for every service that a manifest names, static information
//! and its health. `docs/STATUS.md` says how each fact is derived.

mod atom;
mod json;
mod open_data;
mod service_info;

use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use voordeur_engine::Catalogue;

pub use atom::{CONTENT_TYPE as FEED_TYPE, Feed, describe_change as turn_in_words, feed};
pub use json::document;
pub use open_data::OpenDataScore;
pub use service_info::ServiceInfo;

use crate::paused::Paused;
use voordeur_upstream::{Health, HealthMonitor, ServiceState, ShapeChange};
use voordeur_widget_api::Texts;

/// A response counts as fresh for this many intervals: one may be missed.
const FRESH_ROUNDS: u32 = 2;

/// The services of the present catalogue.
#[derive(Default)]
pub struct StatusBoard {
    cached: Mutex<Option<CachedInfo>>,
}

/// The information, and the catalogue from which it was derived.
struct CachedInfo {
    of: Weak<Catalogue>,
    info: Arc<[ServiceInfo]>,
}

/// A service and its health.
#[derive(Clone, Debug)]
pub struct Service {
    pub info: ServiceInfo,
    /// `None` when it was never asked.
    pub health: Option<Health>,
    /// Whether the operator has paused it for every widget.
    pub paused: bool,
    /// The ids of its widgets that are paused while others are not.
    pub paused_widgets: Vec<String>,
}

impl StatusBoard {
    /// Every service of a catalogue: first those that are down, then degraded or paused, healthy, and not
    /// asked; each group by publisher. Slow for a new catalogue, as every sample is evaluated.
    pub fn services(
        &self,
        catalogue: &Arc<Catalogue>,
        zone: &TimeZone,
        book: &HealthMonitor,
        paused: &Paused,
    ) -> Vec<Service> {
        let info = self.info(catalogue, zone);
        let with_health = |info: &ServiceInfo| {
            let ids = info.widgets.iter().map(|(id, _)| id);
            let paused_widgets: Vec<String> =
                ids.filter(|id| paused.is_widget_paused(id)).cloned().collect();
            let all = !paused_widgets.is_empty() && paused_widgets.len() == info.widgets.len();
            Service {
                info: info.clone(),
                health: book.get(&info.host),
                paused: all || paused.is_host_paused(&info.host),
                paused_widgets,
            }
        };
        let mut services: Vec<Service> = info.iter().map(with_health).collect();
        services.sort_by_key(|service| (service.rank(), service.info.name().to_lowercase()));
        services
    }

    fn info(&self, catalogue: &Arc<Catalogue>, zone: &TimeZone) -> Arc<[ServiceInfo]> {
        // Concurrent callers wait, so that the work is done once.
        let mut cached = self.cached.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(CachedInfo { of, info }) = cached.as_ref()
            && of.upgrade().is_some_and(|of| Arc::ptr_eq(&of, catalogue))
        {
            return Arc::clone(info);
        }
        let info: Arc<[ServiceInfo]> = service_info::read(catalogue, zone).into();
        *cached = Some(CachedInfo { of: Arc::downgrade(catalogue), info: Arc::clone(&info) });
        info
    }
}

impl Service {
    pub fn is_unhealthy(&self) -> bool {
        self.paused || self.health.as_ref().is_some_and(|health| health.state != ServiceState::Up)
    }

    /// The changes of shape that hurt widgets of the present catalogue, each with the id and the
    /// name of the widget.
    pub fn shape_changes<'a>(
        &'a self,
        health: &'a Health,
    ) -> impl Iterator<Item = (&'a str, &'a Texts, &'a ShapeChange)> {
        let widgets = self.info.widgets.iter();
        widgets.filter_map(|(id, name)| Some((id.as_str(), name, health.shape_changes.get(id)?)))
    }

    /// Whether the last good response is younger than [`FRESH_ROUNDS`] intervals; `None` when there
    /// is none.
    pub fn is_fresh(&self, now: Timestamp) -> Option<bool> {
        let answered = self.health.as_ref()?.last_success?;
        let age = Duration::try_from(now.duration_since(answered)).unwrap_or_default();
        Some(age <= self.info.pace * FRESH_ROUNDS)
    }

    fn rank(&self) -> u8 {
        if self.paused {
            return 1;
        }
        match self.health.as_ref().map(|health| health.state) {
            Some(ServiceState::Down(_)) => 0,
            Some(ServiceState::Degraded) => 1,
            Some(ServiceState::Up) => 2,
            None => 3,
        }
    }
}
