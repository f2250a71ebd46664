//! The pauses of the operator, read from `paused.toml` in the data directory while the server
//! runs.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use serde::Deserialize;

const FILE: &str = "paused.toml";
/// In bytes. Every host of the catalogue takes a tenth of it.
const MAX_BYTES: u64 = 64_000;

/// The hosts and widgets that are not asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    #[serde(default)]
    hosts: BTreeSet<String>,
    #[serde(default)]
    widgets: BTreeSet<String>,
}

/// The present list, and the file that it comes from.
#[derive(Clone)]
pub struct Paused {
    file: Arc<PathBuf>,
    list: Arc<ArcSwap<List>>,
    /// The error that was logged last.
    error: Arc<Mutex<Option<String>>>,
}

impl Paused {
    /// Reads the list in the data directory. Without a file, nothing is paused.
    pub fn open(data: &Path) -> Self {
        let paused =
            Paused { file: Arc::new(data.join(FILE)), list: Arc::default(), error: Arc::default() };
        paused.poll();
        paused
    }

    /// Reads the file again and logs what has changed. While it has errors, the list stays.
    pub fn poll(&self) {
        let read = read(&self.file);
        let mut logged = self.error.lock().unwrap_or_else(PoisonError::into_inner);
        match read {
            Ok(list) => {
                *logged = None;
                let before = self.list.swap(Arc::new(list.clone()));
                log_changes(&before.hosts, &list.hosts, "host");
                log_changes(&before.widgets, &list.widgets, "widget");
            }
            Err(error) if logged.as_ref() != Some(&error) => {
                tracing::warn!(file = FILE, error, "list of paused services not readable");
                *logged = Some(error);
            }
            Err(_) => {}
        }
    }

    /// Whether a widget or a host is paused.
    pub fn is_paused(&self, widget: &str, host: &str) -> bool {
        let list = self.list.load();
        list.hosts.contains(host) || list.widgets.contains(widget)
    }

    /// Whether a host is paused for all widgets.
    pub fn is_host_paused(&self, host: &str) -> bool {
        self.list.load().hosts.contains(host)
    }

    /// Whether a widget is paused at all of its hosts.
    pub fn is_widget_paused(&self, widget: &str) -> bool {
        self.list.load().widgets.contains(widget)
    }
}

fn read(file: &Path) -> Result<List, String> {
    match std::fs::metadata(file) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(List::default()),
        Err(error) => return Err(error.to_string()),
        Ok(about) if about.len() > MAX_BYTES => {
            return Err(format!("larger than {MAX_BYTES} bytes"));
        }
        Ok(_) => {}
    }
    let text = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
    toml::from_str(&text).map_err(|error| error.to_string())
}

fn log_changes(before: &BTreeSet<String>, now: &BTreeSet<String>, kind: &str) {
    for name in now.difference(before) {
        tracing::info!(kind, name, "paused by the operator");
    }
    for name in before.difference(now) {
        tracing::info!(kind, name, "no longer paused");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_again_and_an_error_changes_nothing() {
        let data = std::env::temp_dir().join(format!("voordeur-paused-{}", std::process::id()));
        std::fs::create_dir_all(&data).expect("a folder");
        let paused = Paused::open(&data);
        assert!(!paused.is_paused("bus-stop", "api.example"));
        let write = |text: &str| {
            std::fs::write(data.join(FILE), text).expect("written");
            paused.poll();
        };
        write("hosts = [\"api.example\"]\nwidgets = [\"bus-stop\"]\n");
        assert!(paused.is_paused("other", "api.example") && paused.is_host_paused("api.example"));
        assert!(
            paused.is_paused("bus-stop", "b.example") && !paused.is_paused("other", "b.example")
        );
        write("hosts = api.example");
        assert!(paused.is_widget_paused("bus-stop"), "a mistake must not resume a service");
        std::fs::remove_file(data.join(FILE)).expect("removed");
        paused.poll();
        assert!(!paused.is_paused("bus-stop", "api.example"));
        std::fs::remove_dir_all(&data).expect("removed");
    }
}
