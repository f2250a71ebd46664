//! No widget of the catalogue shows garbage as good data, and `docs/GARBAGE.md` says what each makes
//! of it. `make views` writes that page anew.

#[expect(dead_code, reason = "this test reads folders only")]
mod folders;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use strum::VariantArray;
use voordeur_engine::conformance::{
    GarbageFault, GarbageTrial, GarbageVerdict, WidgetFolder, garbage,
};

const PAGE: &str = "docs/GARBAGE.md";

/// Names that a service leaves out where they do not apply, so that without them the rest is true as
/// it stands: no card can tell a missing one from one that was renamed.
const OPTIONAL: [(&str, &[&str]); 16] = [
    // Works that do not say until when they last.
    ("road-works-autobahn", &["description", "roadworks[].description"]),
    // A disaster without the day on which it began has the day on which it was reported.
    ("disasters-worldwide", &["fromdate"]),
    // A disturbance without a kind is one.
    ("rail-disturbances", &["type"]),
    // CAP 1.2: an alert without its end or beginning holds.
    ("civil-alerts", &["expirationDate"]),
    ("weather-warnings", &["expires", "onset", "effective", "status", "language"]),
    // An appointment without a time of its own has the day.
    ("council-decisions", &["started-at", "planned-public", "attributes"]),
    // The make alone.
    (
        "vehicle-inspection",
        &[
            "handelsbenaming",
            "vervaldatum_apk",
            "wam_verzekerd",
            "openstaande_terugroepactie_indicator",
        ],
    ),
    // A collection that was moved has an exception.
    ("waste-collection", &["exception", "replacedBy"]),
    // The hour before, which was measured too.
    ("air-quality-germany", &["2026-11-23 06:00:00"]),
    // An alert without its beginning holds.
    ("civil-alerts-germany", &["onset"]),
    // An offer that gives no position is near all the same: the service was asked for those.
    ("jobs-wallonia", &["lieuxtravailgeo", "results[].lieuxtravailgeo"]),
    // A market without its end lasts the day.
    ("markets-events", &["End"]),
    // A meeting in private is one, and the service leaves the name out of the others.
    ("parliament-flanders", &["besloten-vergadering"]),
    // A park that has not been closed does not say that it is.
    ("recycling-parks", &["active"]),
    // A disruption that does not say until when it lasts, or what it is in Dutch.
    ("traffic-brussels", &["end_time", "type_nl"]),
    // An event on one day has no dates within it.
    ("whats-on", &["subEvent", "calendarType", "endDate", "member[].subEvent", "status", "type"]),
];

/// How many trials of one kind ended in each way.
#[derive(Default)]
struct Tally {
    refused: usize,
    counted: usize,
    unchanged: usize,
    optional: usize,
}

impl Tally {
    fn cell(&self) -> String {
        let parts = [
            (self.refused, "refused"),
            (self.counted, "counted"),
            (self.unchanged, "unchanged"),
            (self.optional, "optional"),
        ];
        let parts = parts.iter().filter(|(count, _)| *count > 0);
        let parts: Vec<String> = parts.map(|(count, word)| format!("{count} {word}")).collect();
        if parts.is_empty() { "–".to_owned() } else { parts.join(", ") }
    }
}

#[test]
fn garbage_is_refused_or_counted_by_every_widget() {
    // A card without a service has no response.
    let has_service = |folder: &voordeur_engine::conformance::WidgetFolder| {
        let manifest = String::from_utf8_lossy(&folder.files["widget.toml"]);
        !["\nown = true\n", "\nlinks_only = true\n"].iter().any(|line| manifest.contains(line))
    };
    let folders: Vec<_> = folders::all().into_iter().filter(has_service).collect();
    let trials: BTreeMap<String, Vec<GarbageTrial>> = std::thread::scope(|scope| {
        let halves = folders.chunks(folders.len().div_ceil(2));
        let run = |part: &[voordeur_engine::conformance::WidgetFolder]| {
            let of = |folder: &voordeur_engine::conformance::WidgetFolder| {
                (folder.id.clone(), garbage(folder).expect("a manifest"))
            };
            part.iter().map(of).collect::<Vec<_>>()
        };
        let running: Vec<_> = halves.map(|part| scope.spawn(move || run(part))).collect();
        running.into_iter().flat_map(|half| half.join().expect("no panic")).collect()
    });
    assert_eq!(trials.len(), folders.len());
    let mut hidden = String::new();
    for (widget, trials) in &trials {
        // Each kind of fault was tried; `null` for a list in responses of JSON only.
        let kinds = |fault: &GarbageFault| trials.iter().any(|trial| trial.fault == *fault);
        let missing: Vec<_> = GarbageFault::VARIANTS.iter().filter(|fault| !kinds(fault)).collect();
        let may_lack = |fault: &&GarbageFault| {
            matches!(fault, GarbageFault::NullList | GarbageFault::NoContent)
        };
        if !missing.iter().all(may_lack) {
            let _ = writeln!(hidden, "{widget}: not tried: {missing:?}");
        }
        for trial in trials {
            let (GarbageVerdict::Hidden(why) | GarbageVerdict::Changed(why)) = &trial.verdict
            else {
                continue;
            };
            let may_change = matches!(&trial.verdict, GarbageVerdict::Changed(_))
                && OPTIONAL.iter().any(|(id, names)| {
                    id == widget
                        && names.iter().any(|name| trial.case.contains(&format!("`{name}`")))
                });
            if !may_change {
                let _ = writeln!(hidden, "{widget}: with {}, {why}", trial.case);
            }
        }
    }
    assert!(hidden.is_empty(), "\n{hidden}");
    page_is_up_to_date(&trials);
}

fn page_is_up_to_date(trials: &BTreeMap<String, Vec<GarbageTrial>>) {
    let faults = GarbageFault::VARIANTS;
    let mut table = String::from("| widget |");
    let names: Vec<&str> = faults.iter().map(|fault| fault.name()).collect();
    let _ = writeln!(table, " {} |\n|---|{}", names.join(" | "), "---|".repeat(names.len()));
    for (widget, trials) in trials {
        let mut cells = Vec::new();
        for fault in faults {
            let mut tally = Tally::default();
            for trial in trials.iter().filter(|trial| trial.fault == *fault) {
                match trial.verdict {
                    GarbageVerdict::Refused => tally.refused += 1,
                    GarbageVerdict::Counted => tally.counted += 1,
                    GarbageVerdict::Unchanged => tally.unchanged += 1,
                    GarbageVerdict::Changed(_) => tally.optional += 1,
                    GarbageVerdict::Hidden(_) => {}
                }
            }
            cells.push(tally.cell());
        }
        let _ = writeln!(table, "| {widget} | {} |", cells.join(" | "));
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(PAGE);
    let page = std::fs::read_to_string(&path).expect(PAGE);
    let start = page.find("| widget |").expect("a table");
    let expected = format!("{}{table}", &page[..start]);
    if std::env::var_os("VOORDEUR_STORE").is_some() {
        std::fs::write(&path, expected).expect("written");
    } else {
        assert!(page == expected, "{PAGE} is out of date: run `make views`");
    }
}

/// A widget over a table or over lines, which no widget of the catalogue has.
fn lines(format: &str, extension: &str, each: &str, sample: &str, empty: &str) -> WidgetFolder {
    let text =
        |key: &str| format!("{key} = {{ nl = \"a\", fr = \"a\", de = \"a\", en = \"a\" }}\n");
    let manifest = format!(
        "{}{}theme = \"home-and-street\"\nicon = \"calendar\"\n\
         publisher = {{ name = \"Town\", url = \"https://town.example/\" }}\nlicence = {{ name = \"CC0\" }}\n\
         sample_moment = \"2026-11-23T07:36:00+01:00\"\n\
         [[request]]\nid = \"fairs\"\nurl = \"https://town.example/fairs\"\nformat = \"{format}\"\n\
         [view]\n[[view.block]]\nkind = \"list\"\neach = \"{each}\"\ntitle = \"item.name\"\n\
         tag = \"item.open\"\n{}",
        text("name"),
        text("summary"),
        text("empty"),
    );
    let bodies = [("normal", sample), ("empty", empty), ("malformed", "<html>Maintenance</html>")];
    let samples = bodies
        .map(|(name, body)| (format!("samples/{name}.{extension}"), body.as_bytes().to_vec()));
    let manifest = ("widget.toml".to_owned(), manifest.into_bytes());
    WidgetFolder { id: "fairs".to_owned(), files: samples.into_iter().chain([manifest]).collect() }
}

#[test]
fn tables_and_lines_that_end_early_are_refused_or_counted() {
    let names = ["Fair", "Market", "Mass", "Kermis", "Parade", "Circus", "Concert", "Play"];
    let rows: Vec<String> = names.iter().map(|name| format!("{name};monday;open")).collect();
    let table = format!("name;day;open\n{}\n", rows.join("\n"));
    let line = |name: &&str| format!("{{\"name\":\"{name}\",\"open\":\"open\"}}\n");
    let objects: String = names.iter().map(line).collect();
    for folder in [
        lines("csv", "csv", "fairs.rows", &table, "name;day;open\n"),
        lines("json-lines", "jsonl", "fairs", &objects, ""),
    ] {
        let trials = garbage(&folder).expect("a manifest");
        let kind = |trial: &&GarbageTrial| trial.fault == GarbageFault::Truncated;
        let early: Vec<&GarbageTrial> = trials.iter().filter(kind).collect();
        assert_eq!(early.len(), 4);
        for trial in early {
            let good = matches!(trial.verdict, GarbageVerdict::Refused | GarbageVerdict::Counted);
            assert!(good, "{}: {:?}", trial.case, trial.verdict);
        }
        for trial in trials {
            let bad = matches!(trial.verdict, GarbageVerdict::Hidden(_));
            assert!(!bad, "{}: {:?}", trial.case, trial.verdict);
        }
    }
}
