//! The commands of widget authors: `voordeur widget …`.

mod check;
mod new;
mod try_report;
mod try_service;

use std::process::ExitCode;

use clap::Subcommand;

use crate::preview::{self, PreviewError};
use voordeur_upstream::Source;

pub use check::CheckOptions;
pub use new::NewOptions;
pub use try_service::TryOptions;

/// What a widget author can ask.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Start a widget: a folder with a manifest and samples, in which the texts are still to be written.
    New(NewOptions),
    /// Ask a service what a widget asks, and print its card as text.
    Try(TryOptions),
    /// Open a workbench in the browser: the card in every state, beside the answer and the manifest, following every save.
    Preview(preview::Options),
    /// Say what is still wrong with widgets, where, and what to do, and which tier of quality each reaches.
    Check(CheckOptions),
}

/// Why a command ends without what was wanted.
#[derive(Debug, PartialEq)]
pub enum CliError {
    /// The command itself is wrong, or something that it needs is not there: exit code 2. One line that names the argument.
    Usage(String),
    /// Something is wrong with the widget or its service: exit code 1.
    FoundWidget {
        /// What can be told all the same, for the standard output.
        told: String,
        /// What is wrong; nothing when `told` says it.
        problem: String,
    },
}

impl From<String> for CliError {
    fn from(problem: String) -> Self {
        CliError::FoundWidget { told: String::new(), problem }
    }
}

impl From<PreviewError> for CliError {
    fn from(error: PreviewError) -> Self {
        match error {
            PreviewError::NoSuchWidget(message) => CliError::Usage(message),
            PreviewError::Serve(message) => CliError::from(message),
        }
    }
}

/// Does what is asked and tells the author. The exit code is 0 when it was done, 1 when something is wrong with the widget or its service,
/// and 2 when the command cannot be carried out.
pub fn run(command: &Command) -> ExitCode {
    // Fails only when another one was installed before, which is then as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let done = match command {
        Command::New(options) => waited(new::start(options)),
        Command::Try(options) => waited(try_service::run(options)),
        Command::Preview(options) => waited(async { Ok(preview::serve(options).await?) }),
        Command::Check(options) => return check::run(options),
    };
    let (told, problem, code) = match done {
        Ok(told) => (told, String::new(), ExitCode::SUCCESS),
        Err(CliError::FoundWidget { told, problem }) => (told, problem, ExitCode::FAILURE),
        Err(CliError::Usage(problem)) => (String::new(), problem, ExitCode::from(2)),
    };
    if !told.is_empty() {
        println!("{}", told.trim_end());
    }
    if !problem.is_empty() {
        eprintln!("voordeur widget: {}", problem.trim_end());
    }
    code
}

fn waited(work: impl Future<Output = Result<String, CliError>>) -> Result<String, CliError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(|error| CliError::from(format!("no threads: {error}")))?.block_on(work)
}

/// Where a command may get answers: of the services or of a gateway.
fn source_of_answers(text: &str) -> Result<Source, String> {
    match text.parse()? {
        Source::Samples => {
            Err("must be `live` or `gateway=URL`: samples are shown by `voordeur widget preview`"
                .to_owned())
        }
        source => Ok(source),
    }
}
