/// A change of the registry, found by a poll.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegistryEvent {
    /// A widget was added.
    Added {
        /// The widget's id.
        widget: String,
        /// The widget's folder.
        folder: String,
    },
    /// The manifest or a sample of a widget has changed.
    Changed {
        /// The widget's id.
        widget: String,
        /// The widget's folder.
        folder: String,
    },
    /// A widget's folder was removed.
    Removed {
        /// The widget's id.
        widget: String,
        /// The former folder.
        folder: String,
    },
    /// A widget is unusable, or is so for another reason than before.
    Broken {
        /// The name of the folder.
        widget: String,
        /// The widget's folder.
        folder: String,
        /// The error, with the file or the key of the manifest.
        reason: String,
    },
    /// A widget that was unusable is usable.
    Repaired {
        /// The widget's id.
        widget: String,
        /// The widget's folder.
        folder: String,
    },
    /// A widget overrides another one with the same id.
    Overrides {
        /// The widget's id.
        widget: String,
        /// The widget's folder.
        folder: String,
        /// The folder of the other one, or `embedded`.
        of: String,
    },
    /// A widget is no longer overridden.
    Restored {
        /// The widget's id.
        widget: String,
        /// The widget's folder, or `embedded`.
        folder: String,
    },
    /// A directory of `--widgets` cannot be read; its widgets stay as they were.
    DirectoryUnreadable {
        /// The directory.
        folder: String,
        /// The error of the file system.
        reason: String,
    },
    /// The directory can be read again.
    DirectoryReadable {
        /// The directory.
        folder: String,
    },
}

impl RegistryEvent {
    /// Logs the event.
    pub fn log(&self) {
        match self {
            RegistryEvent::Added { widget, folder } => {
                tracing::info!(widget, folder, "widget added");
            }
            RegistryEvent::Changed { widget, folder } => {
                tracing::info!(widget, folder, "widget changed");
            }
            RegistryEvent::Removed { widget, folder } => {
                tracing::info!(widget, folder, "widget removed");
            }
            RegistryEvent::Broken { widget, folder, reason } => {
                tracing::error!(widget, folder, reason, "widget rejected");
            }
            RegistryEvent::Repaired { widget, folder } => {
                tracing::info!(widget, folder, "widget repaired");
            }
            RegistryEvent::Overrides { widget, folder, of } => {
                tracing::info!(widget, folder, of, "widget overrides another");
            }
            RegistryEvent::Restored { widget, folder } => {
                tracing::info!(widget, folder, "widget is no longer overridden");
            }
            RegistryEvent::DirectoryUnreadable { folder, reason } => {
                tracing::warn!(folder, reason, "widget directory unreadable; widgets unchanged");
            }
            RegistryEvent::DirectoryReadable { folder } => {
                tracing::info!(folder, "widget directory readable again");
            }
        }
    }
}
