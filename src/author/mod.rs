//! The commands of widget authors: `voordeur widget …`.

mod check;
mod new;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;

pub use check::CheckOptions;

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
    /// Say what is still wrong with widgets, where, and what to do, and which tier of quality each reaches.
    Check(CheckOptions),
}

/// Does what is asked, and tells the author. What is wrong is told in one line that names the argument.
pub fn run(command: &Command) -> ExitCode {
    let done = match command {
        Command::New { name, from, url, into } => new::start(name, from, url, into),
        Command::Check(options) => return check::run(options),
    };
    match done {
        Ok(told) => {
            println!("{told}");
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("voordeur widget: {problem}");
            ExitCode::FAILURE
        }
    }
}
