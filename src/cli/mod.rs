//! The command line: the options of the server and the subcommands.

pub mod backup;
pub mod widget;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, Parser, Subcommand};

use crate::config::Config;

/// The command line.
#[derive(Clone, Debug, Parser)]
#[command(version, about)]
pub struct Cli {
    /// Subcommand; serves when absent.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Options of the server.
    #[command(flatten)]
    pub config: Config,
}

/// Subcommands of the binary.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// The tools of widget authors.
    #[command(subcommand)]
    Widget(Box<widget::Command>),
    /// Copy the store into a file; the server may be running.
    Backup(backup::BackupOptions),
    /// Check that a backup is intact and that every board in it can be read.
    CheckBackup(backup::BackupFile),
    /// Replace the store by a backup, and keep the old store beside it. The server must be stopped.
    Restore(backup::BackupFile),
}

impl Cli {
    /// Parses the command line and the environment of this process.
    ///
    /// # Errors
    /// When an option is invalid, or help or the version was asked for; the error prints it.
    pub fn from_process() -> Result<Self, clap::Error> {
        Cli::try_parse().map_err(|mut error| {
            // clap names the flag only, although the value may come from the environment.
            if error.kind() == ErrorKind::ValueValidation
                && let Some(ContextValue::String(flag)) = error.get(ContextKind::InvalidArg)
                && let Some(variable) = variable_of(flag)
            {
                let hint = format!("the variable of this option is {variable}");
                error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![hint.into()]));
            }
            error
        })
    }
}

/// The variable of an option, by its flag as clap writes it: `--addr <ADDR>`.
fn variable_of(flag: &str) -> Option<String> {
    let name = flag.strip_prefix("--")?.split_whitespace().next()?;
    let command = Cli::command();
    let option = command.get_arguments().find(|option| option.get_long() == Some(name))?;
    Some(option.get_env()?.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn every_option_has_the_variable_that_its_error_names() {
        for option in Cli::command().get_arguments() {
            let (Some(long), Some(variable)) = (option.get_long(), option.get_env()) else {
                continue;
            };
            let expected = format!("VOORDEUR_{}", long.to_uppercase().replace('-', "_"));
            assert_eq!(variable.to_string_lossy(), expected);
            assert_eq!(variable_of(&format!("--{long} <X>")), Some(expected));
        }
    }

    #[test]
    fn widget_directories_are_given_one_by_one_or_as_a_path_list() {
        let separator = if cfg!(windows) { ';' } else { ':' };
        let list = format!("b{separator}c");
        let cli = Cli::try_parse_from(["voordeur", "--widgets", "a", "--widgets", &list]);
        let widgets = cli.expect("options").config.widgets;
        assert_eq!(widgets, ["a", "b", "c"].map(PathBuf::from));
        assert!(Cli::try_parse_from(["voordeur"]).expect("no options").config.widgets.is_empty());
    }

    #[test]
    fn the_help_describes_the_program_and_not_its_options() {
        let about = Cli::command().get_about().map(ToString::to_string);
        assert_eq!(about.as_deref(), Some(env!("CARGO_PKG_DESCRIPTION")));
    }
}
