/// What a look found to be different.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegistryEvent {
    /// A folder with a new widget.
    Added {
        /// The widget's id.
        widget: String,
        /// Where it stands.
        folder: String,
    },
    /// The manifest or a sample of a widget is another one.
    Changed {
        /// The widget's id.
        widget: String,
        /// Where it stands.
        folder: String,
    },
    /// A folder is no longer there.
    Removed {
        /// The widget's id.
        widget: String,
        /// Where it stood.
        folder: String,
    },
    /// A folder cannot be used, or still not and for another reason.
    Broken {
        /// The name of the folder.
        widget: String,
        /// Where it stands.
        folder: String,
        /// What is wrong and what would be right.
        reason: String,
    },
    /// A folder that could not be used can be used.
    Repaired {
        /// The widget's id.
        widget: String,
        /// Where it stands.
        folder: String,
    },
    /// A widget hides another one with its id.
    Overrides {
        /// The widget's id.
        widget: String,
        /// Where it stands.
        folder: String,
        /// Where the other one stands, or `embedded`.
        of: String,
    },
    /// A widget that was hidden is in the catalogue again.
    Restored {
        /// The widget's id.
        widget: String,
        /// Where it stands, or `embedded`.
        folder: String,
    },
    /// A folder of `--widgets` cannot be read; what was last read in it stays.
    DirectoryUnreadable {
        /// The folder.
        folder: String,
        /// What the system said.
        reason: String,
    },
    /// It can be read again.
    DirectoryReadable {
        /// The folder.
        folder: String,
    },
}

impl RegistryEvent {
    /// One line of the log.
    pub fn log(&self) {
        match self {
            RegistryEvent::Added { widget, folder } => {
                tracing::info!(widget, folder, "a widget came to the catalogue");
            }
            RegistryEvent::Changed { widget, folder } => {
                tracing::info!(widget, folder, "a widget was read again");
            }
            RegistryEvent::Removed { widget, folder } => {
                tracing::info!(widget, folder, "the folder of a widget is no longer there");
            }
            RegistryEvent::Broken { widget, folder, reason } => {
                tracing::error!(widget, folder, reason, "a widget is left out");
            }
            RegistryEvent::Repaired { widget, folder } => {
                tracing::info!(widget, folder, "a widget that was left out is mended");
            }
            RegistryEvent::Overrides { widget, folder, of } => {
                tracing::info!(widget, folder, of, "a widget takes the place of another one");
            }
            RegistryEvent::Restored { widget, folder } => {
                tracing::info!(widget, folder, "a widget is back in its place");
            }
            RegistryEvent::DirectoryUnreadable { folder, reason } => {
                tracing::warn!(
                    folder,
                    reason,
                    "a folder of --widgets cannot be read; its widgets stay as they were"
                );
            }
            RegistryEvent::DirectoryReadable { folder } => {
                tracing::info!(folder, "a folder of --widgets can be read again");
            }
        }
    }
}
