//! The commands of operators: a backup of the store, its check, and putting it back.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use voordeur_store::backup::{self, BackupError};

/// Where a backup goes.
#[derive(Clone, Debug, Args)]
pub struct BackupOptions {
    /// The file of the backup. It is made when it is whole and checked.
    pub file: PathBuf,
    /// Take the place of a file that is there.
    #[arg(long)]
    pub replace: bool,
}

/// Which backup is meant.
#[derive(Clone, Debug, Args)]
pub struct BackupFile {
    /// The file of the backup.
    pub file: PathBuf,
}

/// Copies the store of the folder into a file.
pub fn back_up(folder: &Path, options: &BackupOptions) -> ExitCode {
    tell(async {
        let BackupOptions { file, replace } = options;
        let contents = backup::back_up(folder, file, *replace).await?;
        Ok(format!("{}: {contents}", file.display()))
    })
}

/// Says whether a backup is good.
pub fn check_backup(file: &Path) -> ExitCode {
    tell(async {
        let contents = backup::check(file).await?;
        Ok(format!("{}: a good backup, {contents}", file.display()))
    })
}

/// Puts a backup in the place of the store of the folder.
pub fn restore(folder: &Path, file: &Path) -> ExitCode {
    tell(async {
        let restored = backup::restore(file, folder).await?;
        let mut told = format!("{}: {}", folder.display(), restored.summary);
        if let Some(before) = restored.previous_database {
            told.push_str(&format!("\nWhat was there before is now {}", before.display()));
        }
        Ok(told)
    })
}

/// Says what was done and ends with 0, or why not and ends with 1.
fn tell(work: impl Future<Output = Result<String, BackupError>>) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let done = match runtime {
        Ok(runtime) => runtime.block_on(work).map_err(|error| with_sources(&error)),
        Err(error) => Err(format!("no threads: {error}")),
    };
    match done {
        Ok(told) => {
            println!("{told}");
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("voordeur: {problem}");
            ExitCode::FAILURE
        }
    }
}

/// The messages of an error and its sources.
fn with_sources(error: &dyn std::error::Error) -> String {
    let mut message = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        message.push_str(&format!(": {error}"));
        source = error.source();
    }
    message
}
