use voordeur_widget_api::Limits;

/// The hosts that manifests declare, and the limits that they set. The catalogue changes while the
/// server runs, so it is asked for each flight.
pub trait HostPolicy: Send + Sync + 'static {
    /// The hosts that a widget declares, by its id; `None` if there is no such widget any more.
    /// Background refreshes go by it.
    fn hosts_of_widget(&self, widget: &str) -> Option<Vec<String>>;

    /// The lowest limits that manifests set for a host. [`HostLimits`](crate::HostLimits) caps
    /// them.
    fn limits_of_host(&self, host: &str) -> Limits;

    /// Whether the operator has paused a widget or a host: then nothing is asked, and what is
    /// stored is served as stale.
    fn is_paused(&self, _widget: &str, _host: &str) -> bool {
        false
    }
}

/// The same hosts for every widget, and no limits from manifests: for tests and tools without a
/// catalogue.
#[derive(Clone, Debug, Default)]
pub struct StaticHosts(pub Vec<String>);

impl HostPolicy for StaticHosts {
    fn hosts_of_widget(&self, _widget: &str) -> Option<Vec<String>> {
        Some(self.0.clone())
    }

    fn limits_of_host(&self, _host: &str) -> Limits {
        Limits::default()
    }
}
