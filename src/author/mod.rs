//! The commands of widget authors: `voordeur widget …`.

mod new;

use std::path::PathBuf;

use clap::Subcommand;

/// What a widget author can ask.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Start a widget from an answer of its service: a folder with a manifest and samples, in which the texts are still to be written.
    New {
        /// The name of the folder, which is the widget's id: lower-case letters, digits and hyphens.
        name: String,
        /// A file that holds an answer of the service.
        #[arg(long)]
        from: PathBuf,
        /// The address that gave the answer.
        #[arg(long)]
        url: String,
        /// The folder of widgets in which the new one is made.
        #[arg(long, default_value = "widgets/catalogue")]
        into: PathBuf,
    },
}

/// Does what is asked, and gives what to tell the author.
///
/// # Errors
/// What is wrong, naming the argument, in one line.
pub fn run(command: &Command) -> Result<String, String> {
    match command {
        Command::New { name, from, url, into } => new::start(name, from, url, into),
    }
}
