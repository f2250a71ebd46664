//! The operator's commands: make, check and restore a backup of the store.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use crate::console;
use crate::error::with_sources;
use voordeur_store::backup::{self, BackupError};

/// Options of `voordeur backup`.
#[derive(Clone, Debug, Args)]
pub struct BackupOptions {
    /// The file of the backup. It appears when it is complete and checked.
    pub file: PathBuf,
    /// Replace an existing file.
    #[arg(long)]
    pub replace: bool,
}

/// Argument of `voordeur check-backup` and `voordeur restore`.
#[derive(Clone, Debug, Args)]
pub struct BackupFile {
    /// The file of the backup.
    pub file: PathBuf,
}

/// Copies the store in a data directory into a file.
pub fn back_up(data_dir: &Path, options: &BackupOptions) -> ExitCode {
    run(async {
        let BackupOptions { file, replace } = options;
        let contents = backup::back_up(data_dir, file, *replace).await?;
        Ok(format!("{}: {contents}", file.display()))
    })
}

/// Checks a backup.
pub fn check_backup(file: &Path) -> ExitCode {
    run(async {
        let contents = backup::check(file).await?;
        Ok(format!("{}: a good backup, {contents}", file.display()))
    })
}

/// Replaces the store in a data directory by a backup.
pub fn restore(data_dir: &Path, file: &Path) -> ExitCode {
    run(async {
        let restored = backup::restore(file, data_dir).await?;
        let mut report = format!("{}: {}", data_dir.display(), restored.summary);
        if let Some(before) = restored.previous_database {
            report.push_str(&format!("\nWhat was there before is now {}", before.display()));
        }
        Ok(report)
    })
}

/// Prints the report and exits with 0, or prints the error and exits with 1.
fn run(work: impl Future<Output = Result<String, BackupError>>) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let result = match runtime {
        Ok(runtime) => runtime.block_on(work).map_err(|error| with_sources(&error)),
        Err(error) => Err(format!("cannot start the async runtime: {error}")),
    };
    match result {
        Ok(report) => match console::print(&report) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => failed(&format!("cannot print the report: {error}")),
        },
        Err(error) => failed(&error),
    }
}

fn failed(reason: &str) -> ExitCode {
    console::complain(&format!("voordeur: {reason}"));
    ExitCode::FAILURE
}
