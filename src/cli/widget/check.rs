//! `voordeur widget check`: what the conformance kit says of folders on the disk.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};

use clap::Args;
use jiff::Zoned;
use serde::Serialize;
use voordeur_engine::conformance::{self, Checker, Report, Tier, WidgetFolder};

use crate::icons::Icon;

/// In bytes. Nothing in the folder of a widget is larger: samples are small, and so is all else.
const LARGEST_FILE: u64 = 16_000_000;
/// The file in a widget's folder that holds the tier it reaches.
const TIER_FILE: &str = "tier";

/// What is to be checked, and how it is told.
#[derive(Clone, Debug, Args)]
pub struct CheckOptions {
    /// The widgets that are checked; all, when none is named.
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// A folder of widgets; may be given more than once.
    #[arg(long, value_name = "DIR", default_value = "widgets/catalogue")]
    widgets: Vec<PathBuf>,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
    /// Store the views and the tier of each widget in its folder again. The age of a proof then counts from the day of the first sample, so
    /// that what is stored changes only with the folder.
    #[arg(long)]
    store: bool,
    /// The tier that every widget should reach: `bronze`, `silver` or `gold`.
    #[arg(long, default_value = "bronze", value_parser = Tier::from_str)]
    tier: Tier,
}

/// Checks and prints what was found. The exit code is 0 when every widget reaches the wanted tier, 1 when one does not, and 2 when the
/// check could not be made.
pub fn run(options: &CheckOptions) -> ExitCode {
    match check(options) {
        Ok(checked) => {
            // Fails only when nobody reads any further, as behind `| head`.
            let _ = std::io::stdout().write_all(checked.told.as_bytes());
            if checked.reached { ExitCode::SUCCESS } else { ExitCode::from(1) }
        }
        Err(problem) => {
            eprintln!("voordeur widget check: {problem}");
            ExitCode::from(2)
        }
    }
}

/// What came of a check.
#[derive(Debug)]
struct Checked {
    told: String,
    reached: bool,
}

fn check(options: &CheckOptions) -> Result<Checked, String> {
    let mut folders = Vec::new();
    for widgets in &options.widgets {
        folders.extend(folders_in(widgets, &options.names)?);
    }
    let absent =
        options.names.iter().find(|name| !folders.iter().any(|(_, folder)| folder.id == **name));
    if let Some(absent) = absent {
        let places: Vec<String> =
            options.widgets.iter().map(|path| path.display().to_string()).collect();
        return Err(format!("NAME `{absent}`: there is no such widget in {}", places.join(", ")));
    }
    if folders.is_empty() {
        return Err("--widgets: no folder with a `widget.toml` in it".to_owned());
    }
    if options.store {
        for (path, folder) in &mut folders {
            store_views(path, folder)?;
        }
    }
    let icons = Icon::ALL.map(Icon::id);
    let today = (!options.store).then(|| Zoned::now().date());
    let checker = Checker { icons: Some(&icons), today, stored_views: true };
    let reports = reports(&checker, &folders);
    if options.store {
        for ((path, _), report) in folders.iter().zip(&reports) {
            store_tier(path, report.tier)?;
        }
    }
    let reached = reports.iter().all(|report| report.reaches(options.tier));
    let told = if options.json {
        in_json(options.tier, reached, &folders, &reports)?
    } else {
        in_words(options.tier, &folders, &reports)
    };
    Ok(Checked { told, reached })
}

/// What is found for each folder, in their order.
fn reports(checker: &Checker<'_>, folders: &[(PathBuf, WidgetFolder)]) -> Vec<Report> {
    let next = Mutex::new(folders.iter().enumerate());
    let done = Mutex::new(BTreeMap::new());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let next = next.lock().unwrap_or_else(PoisonError::into_inner).next();
                    let Some((index, (_, folder))) = next else { break };
                    let report = checker.check(folder);
                    done.lock().unwrap_or_else(PoisonError::into_inner).insert(index, report);
                }
            });
        }
    });
    done.into_inner().unwrap_or_else(PoisonError::into_inner).into_values().collect()
}

fn of_path(path: &Path) -> impl Fn(std::io::Error) -> String {
    let path = path.display().to_string();
    move |error| format!("{path}: {error}")
}

/// The folders of widgets in a folder, by name: those that are named, or all.
fn folders_in(widgets: &Path, names: &[String]) -> Result<Vec<(PathBuf, WidgetFolder)>, String> {
    let of_option = |error| format!("--widgets {}", of_path(widgets)(error));
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
        // A folder that is named is checked, also when what it lacks is its manifest.
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
fn read(path: &Path, prefix: &str, folder: &mut WidgetFolder) -> Result<(), String> {
    for entry in fs::read_dir(path).map_err(of_path(path))? {
        let path = entry.map_err(of_path(path))?.path();
        let name = name(&path);
        let size = fs::metadata(&path).map_err(of_path(&path))?;
        if name.starts_with('.') {
            continue;
        }
        if size.is_dir() && prefix.is_empty() {
            read(&path, &format!("{name}/"), folder)?;
        } else if size.len() > LARGEST_FILE {
            return Err(format!("{}: larger than {LARGEST_FILE} bytes", path.display()));
        } else if size.is_file() {
            let bytes = fs::read(&path).map_err(of_path(&path))?;
            folder.files.insert(format!("{prefix}{name}"), bytes);
        }
    }
    Ok(())
}

/// Writes the views as the samples give them now, and removes those of samples that are gone. A folder whose manifest cannot be read is
/// left as it is: the check says why.
fn store_views(path: &Path, folder: &mut WidgetFolder) -> Result<(), String> {
    let Ok(views) = conformance::views(folder) else { return Ok(()) };
    let stale: Vec<String> = folder
        .files
        .keys()
        .filter(|file| file.starts_with("views/") && !views.contains_key(*file))
        .cloned()
        .collect();
    for file in stale {
        let gone = path.join(&file);
        fs::remove_file(&gone).map_err(of_path(&gone))?;
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

fn store_tier(path: &Path, tier: Option<Tier>) -> Result<(), String> {
    let file = path.join(TIER_FILE);
    match tier {
        Some(tier) => fs::write(&file, format!("{tier}\n")).map_err(of_path(&file)),
        None if file.exists() => fs::remove_file(&file).map_err(of_path(&file)),
        None => Ok(()),
    }
}

/// What was found, grouped by widget, with the total.
fn in_words(wanted: Tier, folders: &[(PathBuf, WidgetFolder)], reports: &[Report]) -> String {
    let mut told = String::new();
    let named = |tier: Option<Tier>| tier.map_or("no tier", Tier::id);
    for ((path, _), report) in folders.iter().zip(reports) {
        let _ = writeln!(told, "{}: {}", report.widget, named(report.tier));
        for finding in report.blocking(wanted) {
            let _ = writeln!(told, "{}/{finding}", path.display());
        }
    }
    let count = |tier| reports.iter().filter(|report| report.tier == tier).count();
    let _ = writeln!(
        told,
        "\nWidgets: {}. Gold: {}, silver: {}, bronze: {}, without a tier: {}.",
        reports.len(),
        count(Some(Tier::Gold)),
        count(Some(Tier::Silver)),
        count(Some(Tier::Bronze)),
        count(None)
    );
    let shown: usize = reports.iter().map(|report| report.blocking(wanted).count()).sum();
    let all: usize = reports.iter().map(|report| report.findings.len()).sum();
    let _ = writeln!(told, "Findings in the way of {wanted}: {shown}.");
    if all > shown {
        let _ = writeln!(
            told,
            "Further ones in the way of higher tiers: {}. `--tier gold` shows them.",
            all - shown
        );
    }
    told
}

/// The document of `--json`.
#[derive(Serialize)]
struct Document<'a> {
    wanted: Tier,
    reached: bool,
    widgets: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    folder: String,
    #[serde(flatten)]
    report: &'a Report,
}

fn in_json(
    wanted: Tier,
    reached: bool,
    folders: &[(PathBuf, WidgetFolder)],
    reports: &[Report],
) -> Result<String, String> {
    let widgets = folders
        .iter()
        .zip(reports)
        .map(|((path, _), report)| Entry { folder: path.display().to_string(), report })
        .collect();
    let text = serde_json::to_string_pretty(&Document { wanted, reached, widgets });
    text.map(|text| text + "\n").map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A copy of one widget of the catalogue in a folder of its own.
    fn copy(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("voordeur-{name}-{}", std::process::id()));
        // It is there only when an earlier run was cut off.
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
        assert!(good.reached && good.told.contains("Widgets: 1. "), "{}", good.told);

        let view = widgets.join("bank-holidays-uk/views/normal.json");
        fs::write(&view, "{}\n").expect("written");
        let stale = widgets.join("bank-holidays-uk/views/gone.json");
        fs::write(&stale, "{}\n").expect("written");
        let changed = check(&options(&widgets, &["bank-holidays-uk"])).expect("a check");
        assert!(!changed.reached);
        let line = format!("{}:1: [view-changed] ", view.display());
        assert!(changed.told.contains(&line), "{}", changed.told);
        assert!(changed.told.contains("bank-holidays-uk: no tier"), "{}", changed.told);

        let json = CheckOptions { json: true, ..options(&widgets, &[]) };
        let json = check(&json).expect("a check").told;
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
        assert_eq!(gold.reached, tier == "gold\n", "{}", gold.told);
        fs::remove_dir_all(&widgets).expect("removed");
    }

    #[test]
    fn what_cannot_be_checked_is_said() {
        let widgets = copy("check-absent");
        let absent = check(&options(&widgets, &["no-such"])).expect_err("no such widget");
        assert!(absent.starts_with("NAME `no-such`"), "{absent}");
        let nowhere = check(&options(&widgets.join("x"), &[])).expect_err("no folder");
        assert!(nowhere.starts_with("--widgets "), "{nowhere}");
        fs::remove_dir_all(&widgets).expect("removed");
    }
}
