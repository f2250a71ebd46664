//! Gauges that are set when the metrics are read.

use std::path::Path;

use metrics::gauge;

use super::AppState;

impl AppState {
    /// All metrics in the text format of Prometheus. It reads files, so it blocks.
    pub fn metrics_text(&self) -> String {
        self.set_gauges();
        self.metrics.render()
    }

    fn set_gauges(&self) {
        if let Some(bytes) = store_bytes(&self.data_dir) {
            gauge!("voordeur_store_bytes").set(bytes as f64);
        }
        let catalogue = self.registry.snapshot();
        gauge!("voordeur_widgets").set(catalogue.all().count() as f64);
        let (responses, bytes) = self.upstream.cache_size();
        gauge!("voordeur_answers").set(responses as f64);
        gauge!("voordeur_answers_bytes").set(bytes as f64);
        for widget in catalogue.all() {
            for host in &widget.manifest().hosts {
                let health = self.upstream.health().get(host);
                if let Some(answered) = health.and_then(|health| health.last_success) {
                    let seconds = answered.as_millisecond() as f64 / 1000.0;
                    gauge!("voordeur_service_answered_timestamp_seconds", "host" => host.clone())
                        .set(seconds);
                }
            }
        }
    }
}

/// Size of the database and its write-ahead log.
fn store_bytes(data_dir: &Path) -> Option<u64> {
    let size = |file: &str| std::fs::metadata(data_dir.join(file)).map(|file| file.len()).ok();
    let database = size("voordeur.sqlite")?;
    Some(database + size("voordeur.sqlite-wal").unwrap_or_default())
}
