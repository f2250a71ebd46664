//! `voordeur widget check`: runs the conformance kit on folders.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};

use clap::Args;
use jiff::Zoned;
use serde::Serialize;
use voordeur_engine::MAX_SAMPLE_BYTES;
use voordeur_engine::conformance::{self, Checker, Report, Tier, WidgetFolder};

use super::{CliError, check_sets};
use crate::console;
use crate::icons::Icon;

/// The file in a widget's folder with the tier that the widget reaches.
const TIER_FILE: &str = "tier";

/// Options of `voordeur widget check`.
#[derive(Clone, Debug, Args)]
pub struct CheckOptions {
    /// The widgets to check; all when none is named.
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// A folder of widgets; may be given more than once.
    #[arg(long, value_name = "DIR", default_value = "widgets/catalogue")]
    widgets: Vec<PathBuf>,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
    /// Store the views and the tier of each widget in its folder again. The age of a proof then
    /// counts from the day of the first sample, so that the stored files change only with the
    /// folder.
    #[arg(long)]
    store: bool,
    /// The tier that every widget should reach: `bronze`, `silver` or `gold`.
    #[arg(long, default_value = "bronze", value_parser = Tier::from_str)]
    tier: Tier,
}

/// Checks, and prints the findings. The exit code is 0 when every widget reaches the wanted tier, 1
/// when one does not, and 2 when the check could not be carried out.
pub fn run(options: &CheckOptions) -> ExitCode {
    match check(options) {
        Ok(result) => match console::print(result.output.trim_end()) {
            Ok(()) if result.reached => ExitCode::SUCCESS,
            Ok(()) => ExitCode::from(1),
            Err(error) => failed(&format!("cannot print the findings: {error}")),
        },
        Err(error) => failed(&error.to_string()),
    }
}

fn failed(reason: &str) -> ExitCode {
    console::complain(&format!("voordeur widget check: {reason}"));
    ExitCode::from(2)
}

#[derive(Debug)]
struct CheckResult {
    output: String,
    /// Whether every widget reaches the wanted tier.
    reached: bool,
}

fn check(options: &CheckOptions) -> Result<CheckResult, CliError> {
    let mut folders = Vec::new();
    for widgets in &options.widgets {
        folders.extend(folders_in(widgets, &options.names)?);
    }
    let absent =
        options.names.iter().find(|name| !folders.iter().any(|(_, folder)| folder.id == **name));
    if let Some(absent) = absent {
        let places: Vec<String> =
            options.widgets.iter().map(|path| path.display().to_string()).collect();
        return Err(CliError::Usage(format!(
            "NAME `{absent}`: there is no such widget in {}",
            places.join(", ")
        )));
    }
    if folders.is_empty() {
        let message = "--widgets: no folder with a `widget.toml` in it";
        return Err(CliError::Usage(message.to_owned()));
    }
    if options.store {
        for (path, folder) in &mut folders {
            store_views(path, folder)?;
        }
    }
    let icons = Icon::ALL.map(Icon::id);
    let today = (!options.store).then(|| Zoned::now().date());
    let kit = Checker { icons: Some(&icons), today, stored_views: true };
    let reports = reports(&kit, &folders);
    if options.store {
        for ((path, _), report) in folders.iter().zip(&reports) {
            store_tier(path, report.tier)?;
        }
    }
    let mut sets = Vec::new();
    for widgets in options.widgets.iter().filter(|_| options.names.is_empty()) {
        sets.extend(check_sets::errors(widgets)?);
    }
    let reached = sets.is_empty() && reports.iter().all(|report| report.reaches(options.tier));
    let output = if options.json {
        to_json(options.tier, reached, &folders, &reports, sets)?
    } else {
        let sets = sets.iter().map(|error| format!("{error}\n")).collect::<String>();
        sets + &to_text(options.tier, &folders, &reports)
    };
    Ok(CheckResult { output, reached })
}

/// The report on each folder, in their order.
fn reports(kit: &Checker<'_>, folders: &[(PathBuf, WidgetFolder)]) -> Vec<Report> {
    let next = Mutex::new(folders.iter().enumerate());
    let done = Mutex::new(BTreeMap::new());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let next = next.lock().unwrap_or_else(PoisonError::into_inner).next();
                    let Some((index, (_, folder))) = next else { break };
                    let report = kit.check(folder);
                    done.lock().unwrap_or_else(PoisonError::into_inner).insert(index, report);
                }
            });
        }
    });
    done.into_inner().unwrap_or_else(PoisonError::into_inner).into_values().collect()
}

fn of_path(path: &Path) -> impl FnOnce(std::io::Error) -> CliError {
    CliError::unusable(path.display().to_string())
}

/// The folders of widgets in a folder, sorted by name: those in `names`, or all when it is empty.
fn folders_in(widgets: &Path, names: &[String]) -> Result<Vec<(PathBuf, WidgetFolder)>, CliError> {
    let argument = format!("--widgets {}", widgets.display());
    let of_option = |error: std::io::Error| CliError::unusable(argument.clone())(error);
    let mut paths: Vec<PathBuf> = fs::read_dir(widgets)
        .map_err(of_option)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()
        .map_err(of_option)?;
    paths.sort();
    let mut folders = Vec::new();
    for path in paths {
        let id = name(&path);
        let named = names.contains(&id);
        // A named folder is checked even without a manifest, to report that.
        if path.is_dir() && (named || names.is_empty() && path.join("widget.toml").is_file()) {
            let mut folder = WidgetFolder { id, files: BTreeMap::new() };
            read(&path, "", &mut folder)?;
            folders.push((path, folder));
        }
    }
    Ok(folders)
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Reads the files of a folder and of those in it.
fn read(path: &Path, prefix: &str, folder: &mut WidgetFolder) -> Result<(), CliError> {
    for entry in fs::read_dir(path).map_err(of_path(path))? {
        let path = entry.map_err(of_path(path))?.path();
        let name = name(&path);
        let metadata = fs::metadata(&path).map_err(of_path(&path))?;
        if name.starts_with('.') {
            continue;
        }
        if metadata.is_dir() && prefix.is_empty() {
            read(&path, &format!("{name}/"), folder)?;
        } else if metadata.len() > MAX_SAMPLE_BYTES as u64 {
            // Samples are the largest files of a widget.
            return Err(CliError::Usage(format!(
                "{}: larger than {MAX_SAMPLE_BYTES} bytes",
                path.display()
            )));
        } else if metadata.is_file() {
            let bytes = fs::read(&path).map_err(of_path(&path))?;
            folder.files.insert(format!("{prefix}{name}"), bytes);
        }
    }
    Ok(())
}

/// Writes the present view of each sample, and removes the views of samples that no longer exist. A
/// folder whose manifest has errors is left as it is: the check reports them.
fn store_views(path: &Path, folder: &mut WidgetFolder) -> Result<(), CliError> {
    let Ok(views) = conformance::views(folder) else { return Ok(()) };
    let stale: Vec<String> = folder
        .files
        .keys()
        .filter(|file| file.starts_with("views/") && !views.contains_key(*file))
        .cloned()
        .collect();
    for file in stale {
        let path = path.join(&file);
        fs::remove_file(&path).map_err(of_path(&path))?;
        folder.files.remove(&file);
    }
    for (file, text) in views {
        let into = path.join(&file);
        if folder.files.get(&file).map(Vec::as_slice) != Some(text.as_bytes()) {
            fs::create_dir_all(path.join("views")).map_err(of_path(path))?;
            fs::write(&into, &text).map_err(of_path(&into))?;
        }
        folder.files.insert(file, text.into_bytes());
    }
    Ok(())
}

fn store_tier(path: &Path, tier: Option<Tier>) -> Result<(), CliError> {
    let file = path.join(TIER_FILE);
    match tier {
        Some(tier) => fs::write(&file, format!("{tier}\n")).map_err(of_path(&file)),
        None if file.exists() => fs::remove_file(&file).map_err(of_path(&file)),
        None => Ok(()),
    }
}

/// The findings, grouped by widget, with the total.
fn to_text(wanted: Tier, folders: &[(PathBuf, WidgetFolder)], reports: &[Report]) -> String {
    let mut output = String::new();
    let named = |tier: Option<Tier>| tier.map_or("no tier", Tier::id);
    for ((path, _), report) in folders.iter().zip(reports) {
        let _ = writeln!(output, "{}: {}", report.widget, named(report.tier));
        for finding in report.blocking(wanted) {
            let _ = writeln!(output, "{}/{finding}", path.display());
        }
    }
    let count = |tier| reports.iter().filter(|report| report.tier == tier).count();
    let _ = writeln!(
        output,
        "\nWidgets: {}. Gold: {}, silver: {}, bronze: {}, without a tier: {}.",
        reports.len(),
        count(Some(Tier::Gold)),
        count(Some(Tier::Silver)),
        count(Some(Tier::Bronze)),
        count(None)
    );
    let shown: usize = reports.iter().map(|report| report.blocking(wanted).count()).sum();
    let all: usize = reports.iter().map(|report| report.findings.len()).sum();
    let _ = writeln!(output, "Findings in the way of {wanted}: {shown}.");
    if all > shown {
        let _ = writeln!(
            output,
            "Further ones in the way of higher tiers: {}. `--tier gold` shows them.",
            all - shown
        );
    }
    output
}

/// The document of `--json`.
#[derive(Serialize)]
struct JsonReport<'a> {
    wanted: Tier,
    reached: bool,
    widgets: Vec<WidgetReport<'a>>,
    /// The errors of the sets of cards.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sets: Vec<String>,
}

#[derive(Serialize)]
struct WidgetReport<'a> {
    folder: String,
    #[serde(flatten)]
    report: &'a Report,
}

fn to_json(
    wanted: Tier,
    reached: bool,
    folders: &[(PathBuf, WidgetFolder)],
    reports: &[Report],
    sets: Vec<String>,
) -> Result<String, CliError> {
    let widgets = folders
        .iter()
        .zip(reports)
        .map(|((path, _), report)| WidgetReport { folder: path.display().to_string(), report })
        .collect();
    let text = serde_json::to_string_pretty(&JsonReport { wanted, reached, widgets, sets });
    text.map(|text| text + "\n").map_err(CliError::failed("--json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A copy of one widget of the catalogue in a folder of its own.
    fn copy(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("voordeur-{name}-{}", std::process::id()));
        // It exists only when an earlier run was cut off.
        let _ = fs::remove_dir_all(&folder);
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("widgets/catalogue/bank-holidays-uk");
        for part in ["samples", "views"] {
            let into = folder.join("bank-holidays-uk").join(part);
            fs::create_dir_all(&into).expect("a folder");
            for entry in fs::read_dir(from.join(part)).expect("a folder") {
                let path = entry.expect("a file").path();
                fs::copy(&path, into.join(path.file_name().expect("a name"))).expect("a copy");
            }
        }
        let manifest = folder.join("bank-holidays-uk/widget.toml");
        fs::copy(from.join("widget.toml"), manifest).expect("a copy");
        folder
    }

    fn options(widgets: &Path, names: &[&str]) -> CheckOptions {
        CheckOptions {
            names: names.iter().map(|name| (*name).to_owned()).collect(),
            widgets: vec![widgets.to_owned()],
            json: false,
            store: false,
            tier: Tier::Bronze,
        }
    }

    #[test]
    fn a_folder_is_checked_and_its_views_are_stored() {
        let widgets = copy("check");
        let good = check(&options(&widgets, &[])).expect("a check");
        assert!(good.reached && good.output.contains("Widgets: 1. "), "{}", good.output);

        let view = widgets.join("bank-holidays-uk/views/normal.json");
        fs::write(&view, "{}\n").expect("written");
        let stale = widgets.join("bank-holidays-uk/views/gone.json");
        fs::write(&stale, "{}\n").expect("written");
        let changed = check(&options(&widgets, &["bank-holidays-uk"])).expect("a check");
        assert!(!changed.reached);
        let line = format!("{}:1: [view-changed] ", view.display());
        assert!(changed.output.contains(&line), "{}", changed.output);
        assert!(changed.output.contains("bank-holidays-uk: no tier"), "{}", changed.output);

        let json = CheckOptions { json: true, ..options(&widgets, &[]) };
        let json = check(&json).expect("a check").output;
        let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        assert_eq!(json["widgets"][0]["findings"][0]["rule"], "view-unused");
        assert_eq!(json["widgets"][0]["tier"], serde_json::Value::Null);

        let store = CheckOptions { store: true, ..options(&widgets, &[]) };
        assert!(check(&store).expect("a check").reached);
        assert!(!stale.exists());
        let tier = fs::read_to_string(widgets.join("bank-holidays-uk/tier")).expect("a tier");
        assert!(["bronze\n", "silver\n", "gold\n"].contains(&tier.as_str()), "{tier}");
        let gold = CheckOptions { tier: Tier::Gold, ..options(&widgets, &[]) };
        let gold = check(&gold).expect("a check");
        assert_eq!(gold.reached, tier == "gold\n", "{}", gold.output);
        fs::remove_dir_all(&widgets).expect("removed");
    }

    #[test]
    fn an_absent_widget_or_folder_is_an_error() {
        let widgets = copy("check-absent");
        let absent = check(&options(&widgets, &["no-such"])).expect_err("no such widget");
        assert!(absent.to_string().starts_with("NAME `no-such`"), "{absent}");
        let nowhere = check(&options(&widgets.join("x"), &[])).expect_err("no folder");
        assert!(nowhere.to_string().starts_with("--widgets "), "{nowhere}");
        fs::remove_dir_all(&widgets).expect("removed");
    }
}
