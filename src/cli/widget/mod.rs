//! The commands of widget authors: `voordeur widget …`.

mod check;
mod check_sets;
mod new;
mod nightly_report;
mod try_all;
mod try_report;
mod try_service;

use std::error::Error;
use std::process::ExitCode;

use clap::Subcommand;

use crate::console;
use crate::preview::{self, PreviewError};
use crate::widget_folder::WidgetLookupError;
use voordeur_upstream::Source;

pub use check::CheckOptions;
pub use new::NewOptions;
pub use try_service::TryOptions;

/// The subcommands of `voordeur widget`.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Start a widget: a folder with a manifest and samples, in which the texts are still to be
    /// written.
    New(NewOptions),
    /// Send the requests of a widget to its service, and print its card as text; with `--all`, ask
    /// each service of the catalogue once and report which ones still answer as expected.
    Try(TryOptions),
    /// Open a preview in the browser: the card in every state, beside the response and the
    /// manifest, following every save.
    Preview(preview::Options),
    /// Say what is still wrong with widgets, where, and what to do, and which tier of quality each
    /// reaches.
    Check(CheckOptions),
}

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// The command line is wrong. In one line that names the argument.
    #[error("{0}")]
    Usage(String),
    /// A file, folder or service that an argument names cannot be used.
    #[error("{argument}: {source}")]
    Unusable {
        /// The argument, or the path.
        argument: String,
        /// The cause.
        source: Box<dyn Error + Send + Sync>,
    },
    /// A step of the command failed.
    #[error("{step}: {source}")]
    Failed {
        /// The step, or the argument or file that it is about.
        step: String,
        /// The cause.
        source: Box<dyn Error + Send + Sync>,
    },
    /// Something is wrong with the widget or its service.
    #[error("{message}")]
    Widget {
        /// The part of the result that there is, for the standard output.
        output: String,
        /// The error; empty when `output` says it.
        message: String,
    },
}

impl CliError {
    /// Wraps the cause of [`CliError::Unusable`].
    pub fn unusable<E: Into<Box<dyn Error + Send + Sync>>>(
        argument: impl Into<String>,
    ) -> impl FnOnce(E) -> Self {
        let argument = argument.into();
        move |source| CliError::Unusable { argument, source: source.into() }
    }

    /// Wraps the cause of [`CliError::Failed`].
    pub fn failed<E: Into<Box<dyn Error + Send + Sync>>>(
        step: impl Into<String>,
    ) -> impl FnOnce(E) -> Self {
        let step = step.into();
        move |source| CliError::Failed { step, source: source.into() }
    }

    /// 2 when the command line is to be corrected, else 1.
    pub fn exit_code(&self) -> u8 {
        match self {
            CliError::Usage(_) | CliError::Unusable { .. } => 2,
            CliError::Failed { .. } | CliError::Widget { .. } => 1,
        }
    }
}

impl From<WidgetLookupError> for CliError {
    fn from(error: WidgetLookupError) -> Self {
        let message = error.to_string();
        match error {
            WidgetLookupError::NoFolder { .. } | WidgetLookupError::Unknown { .. } => {
                CliError::Usage(message)
            }
            WidgetLookupError::File { path, source } => {
                CliError::failed(path.display().to_string())(source)
            }
            WidgetLookupError::Manifest { place, source } => CliError::failed(place)(source),
        }
    }
}

impl From<PreviewError> for CliError {
    fn from(error: PreviewError) -> Self {
        match error {
            PreviewError::Widget(error) => error.into(),
            PreviewError::TimeZone(source) => CliError::failed("cannot load the time zone")(source),
            PreviewError::Listen { address, source } => {
                CliError::failed(format!("--addr {address}"))(source)
            }
            PreviewError::Serve(source) => CliError::failed("cannot serve the preview")(source),
        }
    }
}

/// Runs a subcommand and prints its result. The exit code is 0 on success, 1 when something is
/// wrong with the widget or its service, and 2 when the command cannot be carried out.
pub fn run(command: &Command) -> ExitCode {
    // Fails only when another provider was installed before, which does as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let result = match command {
        Command::New(options) => block_on(new::start(options)),
        Command::Try(options) if options.all => block_on(try_all::run(options)),
        Command::Try(options) => block_on(try_service::run(options)),
        Command::Preview(options) => block_on(async { Ok(preview::serve(options).await?) }),
        Command::Check(options) => return check::run(options),
    };
    let (output, mut error, mut code) = match result {
        Ok(output) => (output, String::new(), 0),
        Err(error) => {
            let (message, code) = (error.to_string(), error.exit_code());
            match error {
                CliError::Widget { output, .. } => (output, message, code),
                _ => (String::new(), message, code),
            }
        }
    };
    if !output.is_empty()
        && let Err(unwritten) = console::print(output.trim_end())
    {
        (error, code) = (format!("cannot print the result: {unwritten}"), 2);
    }
    if !error.is_empty() {
        console::complain(&format!("voordeur widget: {}", error.trim_end()));
    }
    ExitCode::from(code)
}

fn block_on(command: impl Future<Output = Result<String, CliError>>) -> Result<String, CliError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(CliError::failed("cannot start the async runtime"))?.block_on(command)
}

/// Parses `--sources` of a command that talks to services: samples are no source here.
fn parse_service_source(text: &str) -> Result<Source, String> {
    match text.parse()? {
        Source::Samples => {
            Err("must be `live` or `gateway=URL`: samples are shown by `voordeur widget preview`"
                .to_owned())
        }
        source => Ok(source),
    }
}
