//! The conformance checks find each mistake planted into a good widget, in the right file and line,
//! and nothing in the good one.

use voordeur_engine::conformance::{Checker, Finding, Proof, Report, Tier, WidgetFolder, views};

const ICONS: [&str; 2] = ["calendar", "train"];

const MANIFEST: &str = r#"
name = { nl = "Markten", fr = "Marchés", de = "Märkte", en = "Markets" }
summary = {
    nl = "De volgende markten in de stad.",
    fr = "Les prochains marchés de la ville.",
    de = "Die nächsten Märkte in der Stadt.",
    en = "The next markets in town.",
}
search = { nl = ["markt"], fr = ["marché"], de = ["Markt"], en = ["market"] }
theme = "home-and-street"
covers = ["44021"]
icon = "calendar"
publisher = { name = "Town", url = "https://www.town.example/markets" }
licence = { name = "CC0 1.0", url = "https://creativecommons.org/publicdomain/zero/1.0/" }
hosts = ["data.town.example"]
pace = "1 h"
size = { best = "narrow", smallest = "narrow" }
evidence = "recorded"
owner = { name = "Town", url = "https://www.town.example/contact" }

[[field]]
id = "days"
kind = "number"
least = 1
most = 60
unit = "d"
default = "30"
label = { nl = "Dagen", fr = "Jours", de = "Tage", en = "Days" }
hint = { nl = "Hoe ver vooruit je kijkt.", fr = "Jusqu’où vous regardez.", de = "Wie weit Sie blicken.", en = "How far ahead you look." }

[[field]]
id = "town"
kind = "text"
longest = 40
required = true
label = { nl = "Stad", fr = "Ville", de = "Stadt", en = "Town" }

[texts]
none = { nl = "Er zijn geen markten.", fr = "Il n’y a pas de marché.", de = "Es gibt keine Märkte.", en = "There are no markets." }

[[request]]
id = "markets"
url = "https://data.town.example/markets.json"
format = "json"

[request.query]
town = "settings.town"
from = "today"
until = "add_days(today, integer(settings.days))"

[view]
about = "settings.town"
moment = "moment(markets.updated)"
page = "'https://www.town.example/markets'"

[[view.block]]
kind = "moments"
role = "event"
each = "markets.items + []"
keep = "day(item.date) >= today"
sort = "item.date"
limit = 6
empty = "texts.none"
start = "day(item.date)"
title = "in_language(item.title, 'en')"
link = "item.url"

[[sample]]
name = "normal"
moment = "2026-11-23T07:36:00+01:00"
settings = { town = "Aalst" }
answers = { markets = "normal.json" }

[[sample]]
name = "empty"
moment = "2026-11-23T07:36:00+01:00"
settings = { town = "Aalst" }
answers = { markets = "empty.json" }

[[sample]]
name = "malformed"
moment = "2026-11-23T07:36:00+01:00"
settings = { town = "Aalst" }
answers = { markets = "malformed.json" }
"#;

const NORMAL: &str = r#"{
  "updated": "2026-11-23T06:00:00Z",
  "items": [
    { "title": "Winter fair", "date": "2026-12-05", "url": "https://www.town.example/fair" },
    { "title": "Old books", "date": "2026-12-06", "url": "https://www.town.example/books" }
  ]
}
"#;
const EMPTY: &str = r#"{ "updated": "2026-11-23T06:00:00Z", "items": [] }"#;
const MALFORMED: &str = r#"{ "updated": "2026-11-23T06:00:00Z", "items": "none" }"#;

fn good() -> WidgetFolder {
    folder(MANIFEST, NORMAL)
}

/// A folder with its stored views, and a record of live data.
fn folder(manifest: &str, normal: &str) -> WidgetFolder {
    let proof = Proof::of(manifest, "2026-11-20".parse().expect("a day"), 2);
    let proof = serde_json::to_string(&proof).expect("JSON");
    let files = [
        ("widget.toml", manifest),
        ("proven.json", proof.as_str()),
        ("samples/normal.json", normal),
        ("samples/empty.json", EMPTY),
        ("samples/malformed.json", MALFORMED),
    ];
    let files = files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()));
    let mut folder = WidgetFolder { id: "markets".to_owned(), files: files.into() };
    let views = views(&folder).expect("the good manifest can be read");
    folder.files.extend(views.into_iter().map(|(path, text)| (path, text.into_bytes())));
    folder
}

fn check(folder: &WidgetFolder) -> Report {
    let today = Some("2026-11-23".parse().expect("a day"));
    Checker { icons: Some(&ICONS), today, stored_views: true }.check(folder)
}

#[test]
fn nothing_is_found_in_a_good_folder() {
    let report = check(&good());
    let findings: Vec<String> = report.findings.iter().map(Finding::to_string).collect();
    assert!(findings.is_empty(), "{}", findings.join("\n"));
    assert_eq!(report.tier, Some(Tier::Gold));
    assert!(report.asked > 100, "asked only {} times", report.asked);
}

/// A mistake: in `file`, `from` is replaced by `to`; then `rule` is found in `found`, at the line
/// that contains `line`.
struct Mistake {
    file: &'static str,
    from: &'static str,
    to: &'static str,
    found: &'static str,
    line: &'static str,
    rule: &'static str,
}

/// A mistake in the manifest, found there.
const fn in_manifest(
    rule: &'static str,
    from: &'static str,
    to: &'static str,
    line: &'static str,
) -> Mistake {
    Mistake { file: "widget.toml", from, to, found: "widget.toml", line, rule }
}

/// A mistake in another file.
const fn file(
    rule: &'static str,
    file: &'static str,
    from: &'static str,
    to: &'static str,
    found: &'static str,
    line: &'static str,
) -> Mistake {
    Mistake { file, from, to, found, line, rule }
}

const LONG: &str = r#"en = "The next markets in town, whatever they sell, from vegetables and flowers to old books and older furniture, on every square and in every hall.""#;
const ANSWERS: &str = r#"answers = { markets = "normal.json" }"#;

#[rustfmt::skip]
const MISTAKES: [Mistake; 72] = [
    in_manifest("text-empty", r#"nl = "Markten""#, r#"nl = " ""#, "name = {"),
    in_manifest("text-todo", "Les prochains marchés de la ville.", "TODO écrire.", "TODO"),
    in_manifest("text-todo", "about = \"settings.town\"", "about = \"'TODO what it is about'\"", "TODO"),
    in_manifest("text-same", r#"fr = "Jusqu’où vous regardez.", de = "Wie weit Sie blicken.", en = "How far ahead you look.""#, r#"fr = "Hoe ver vooruit je kijkt.", de = "Hoe ver vooruit je kijkt.", en = "Hoe ver vooruit je kijkt.""#, "hint ="),
    in_manifest("text-markup", "Er zijn geen markten.", "Er zijn <b>geen</b> markten.", "<b>"),
    in_manifest("text-unused", "[texts]\n", "[texts]\nspare = { nl = \"Over\", fr = \"Reste\", de = \"Rest\", en = \"Spare\" }\n", "spare"),
    in_manifest("title-long", r#"en = "Markets" }"#, r#"en = "Markets, fairs and other gatherings" }"#, "gatherings"),
    in_manifest("summary", "The next markets in town.", "The next markets. In town.", "In town."),
    in_manifest("summary", "The next markets in town.", "The next markets in town", "The next markets in town"),
    in_manifest("summary", r#"en = "The next markets in town.""#, LONG, "older furniture"),
    in_manifest("search", "search = { nl = [\"markt\"], fr = [\"marché\"], de = [\"Markt\"], en = [\"market\"] }\n", "", "summary = {"),
    in_manifest("text-todo", "[\"Markt\"]", "[\"TODO Wort\"]", "TODO Wort"),
    in_manifest("manifest", "[\"Markt\"]", "[\"Markt\", \"märkt\"]", "märkt"),
    in_manifest("manifest", "de = [\"Markt\"]", "de = []", "de = []"),
    in_manifest("publisher", "https://www.town.example/markets\" }", "http://www.town.example/markets\" }", "publisher ="),
    in_manifest("publisher", r#"publisher = { name = "Town""#, r#"publisher = { name = """#, "publisher ="),
    in_manifest("licence", "CC0 1.0", "TODO licence", "TODO"),
    in_manifest("licence", "https://creativecommons.org/publicdomain/zero/1.0/", "CC0", "licence ="),
    in_manifest("covers", "covers = [\"44021\"]\n", "", "theme ="),
    in_manifest("covers", "[\"44021\"]", "[]", "covers ="),
    in_manifest("covers", "[\"44021\"]", "[\"44021\",\n\n\"44021\"]", "\"44021\"]"),
    in_manifest("covers", "[\"44021\"]", "[\"44021\",\n\n\"everywhere\"]", "\"everywhere\"]"),
    in_manifest("manifest", "[\"44021\"]", "[\n\"flandres\"]", "\"flandres\"]"),
    in_manifest("icon", r#"icon = "calendar""#, r#"icon = "clandar""#, "clandar"),
    in_manifest("pace", r#"pace = "1 h""#, r#"pace = "1 s""#, "pace ="),
    in_manifest("manifest", r#"pace = "1 h""#, r#"pace = "often""#, "often"),
    in_manifest("host-name", r#"hosts = ["#, "hosts = [\n\"*.town.example\",", "*.town"),
    in_manifest("host-name", r#"hosts = ["#, "hosts = [\n\"192.0.2.1\",", "192.0.2.1"),
    in_manifest("host-name", r#"hosts = ["#, "hosts = [\n\"https://www.town.example\",", "\"https://www.town.example\""),
    in_manifest("host-unused", r#"hosts = ["#, "hosts = [\n\"old.town.example\",", "old.town"),
    in_manifest("host-unused", r#"hosts = ["data.town.example""#, "hosts = [\"data.town.example\",\n\n\"data.town.example\"", "\"data.town.example\"]"),
    in_manifest("size", r#"smallest = "narrow""#, r#"smallest = "wide""#, "size ="),
    in_manifest("manifest", r#"best = "narrow""#, r#"best = "broad""#, "size ="),
    in_manifest("manifest", r#"best = "narrow""#, "best = 4", "size ="),
    in_manifest("name-twice", "id = \"town\"\nkind", "id = \"days\"\nkind = \"toggle\"\nlabel = { nl = \"x\", fr = \"x\", de = \"x\", en = \"x\" }\n\n[[field]]\nid = \"town\"\nkind", "id = \"days\"\nkind = \"toggle\""),
    in_manifest("manifest", "    de = \"Die nächsten Märkte in der Stadt.\",\n", "", "summary = {"),
    in_manifest("manifest", "limit = 6", "limits = 6", "limits = 6"),
    in_manifest("manifest", "https://data.town.example/", "https://data.city.example/", "data.city.example"),
    in_manifest("manifest", "day(item.date) >= today", "day(item.date >= today", "day(item.date >= today"),
    in_manifest("manifest", "kind = \"number\"", "kind = \"nummer\"", "nummer"),
    in_manifest("manifest", r#"{ markets = "empty.json" }"#, r#"{ markets = "void.json" }"#, "void.json"),
    file("sample-unused", "samples/normal.markets.json", "", "{}", "samples/normal.markets.json", ""),
    file("sample-large", "samples/normal.json", "\"items\"", "BLANKS\"items\"", "samples/normal.json", ""),
    in_manifest("sample-moment", "\"normal\"\nmoment = \"2026", "\"normal\"\nmoment = \"1926", "1926"),
    in_manifest("sample-settings", "\"normal\"\nmoment = \"2026-11-23T07:36:00+01:00\"\nsettings = { town = \"Aalst\" }", "\"normal\"\nmoment = \"2026-11-23T07:36:00+01:00\"\nsettings = { town = \"Aalst\", city = \"Aalst\" }", "city ="),
    in_manifest("sample-settings", "\"normal\"\nmoment = \"2026-11-23T07:36:00+01:00\"\nsettings = { town = \"Aalst\" }", "\"normal\"\nmoment = \"2026-11-23T07:36:00+01:00\"\nsettings = { town = \"Aalst\", days = \"100\" }", "days = \"100\""),
    file("sample-normal", "samples/normal.json", "2026-12-06", "soon", "widget.toml", "name = \"normal\""),
    file("sample-normal", "samples/normal.json", "\"items\": [", "\"old\": [], \"things\": [", "widget.toml", "name = \"normal\""),
    in_manifest("sample-empty", "empty.json", "normal.json", "name = \"empty\""),
    in_manifest("sample-malformed", "malformed.json", "normal.json", "name = \"malformed\""),
    file("moment", "samples/normal.json", "2026-11-23T06", "2027-11-23T06", "widget.toml", "moment = \"moment("),
    in_manifest("never-shown", "link = \"item.url\"", "link = \"at(item, 'path')\"", "link ="),
    in_manifest("never-shown", "'https://www.town.example/markets'", "'/markets'", "page ="),
    file("link", "samples/normal.json", "https://www.town.example/fair", "https://localhost/fair", "widget.toml", "link ="),
    file("markup-shown", "samples/normal.json", "Old books", "Old books &amp; maps", "widget.toml", "title ="),
    file("view-changed", "samples/normal.json", "town.example/books", "town.example/novels", "views/normal.json", "town.example/books"),
    file("view-unused", "views/old.json", "", "{}", "views/old.json", ""),
    in_manifest("view-missing", "name = \"malformed\"", "name = \"malformed\"\nplace = \"1850\"\nmoment = \"2026-11-23T07:36:00+01:00\"\nsettings = { town = \"Aalst\" }\nanswers = { markets = \"malformed.json\" }\n\n[[sample]]\nname = \"extra\"", "[[sample]]\nname = \"extra\""),
    in_manifest("evidence", "\"recorded\"", "\"client\"", "evidence ="),
    in_manifest("null-shown", "about = \"settings.town\"", "about = \"at(markets, 'updated') == null ? 'null' : settings.town\"", ANSWERS),
    in_manifest("field-bounds", "least = 1\nmost = 60", "least = 30\nmost = 30", "least = 30"),
    in_manifest("field-open", "required = true", "required = true\ndefault = \"Aalst\"", "required = true"),
    in_manifest("field-asked", "integer(settings.days)", "settings.days > 50.0 ? [1][5] : integer(settings.days)", "[[field]]\nid = \"days\""),
    in_manifest("requests-change", "from = \"today\"", "from = \"iso(now)\"", "[[request]]"),
    in_manifest("option", "integer(settings.days)", "settings.days > 99.0 ? 60 : 30", "[[field]]\nid = \"days\""),
    in_manifest("day-role", "role = \"event\"\n", "", "[[view.block]]"),
    in_manifest("order", "sort = \"item.date\"\n", "", "[[view.block]]"),
    in_manifest("languages", ">= today\"", ">= today && (language != 'fr' || index > 0)\"", "[[sample]]\nname = \"normal\""),
    in_manifest("shown-as-good", "keep = \"day(item.date) >= today\"", "keep = \"at(item, 'date') != null && day(item.date) >= today\"", ANSWERS),
    in_manifest("owner", "url = \"https://www.town.example/contact\"", "url = \"http://www.town.example/contact\"", "owner ="),
    file("proven", "proven.json", "2026-11-20", "2024-11-20", "proven.json", "2024-11-20"),
    in_manifest("manifest", "pace = \"1 h\"", "pace = \"1 h\"\nproven = \"2026-11-20\"", "proven ="),
];

#[test]
fn each_planted_mistake_is_found_at_its_line() {
    let blanks = " ".repeat(70_000);
    let mut missed = String::new();
    for mistake in &MISTAKES {
        let mut folder = good();
        let to = mistake.to.replace("BLANKS", &blanks);
        let before = folder.files.get(mistake.file).map(Vec::as_slice).unwrap_or_default();
        let before = String::from_utf8_lossy(before).into_owned();
        assert!(before.contains(mistake.from), "{} is not there", mistake.from);
        let after =
            if mistake.from.is_empty() { to } else { before.replacen(mistake.from, &to, 1) };
        folder.files.insert(mistake.file.to_owned(), after.into_bytes());

        let text = String::from_utf8_lossy(&folder.files[mistake.found]).into_owned();
        let at = text.find(mistake.line).unwrap_or_else(|| panic!("no {}", mistake.line));
        let line = text[..at].matches('\n').count() + 1;
        let line = (!mistake.line.is_empty()).then_some(line);
        let report = check(&folder);
        let found = report.findings.iter().any(|finding| {
            (finding.file.as_str(), finding.rule, finding.line)
                == (mistake.found, mistake.rule, line)
        });
        let reaches = report.findings.iter().all(|finding| report.tier < Some(finding.tier));
        if !found || !reaches {
            missed.push_str(&format!(
                "\n{} at {}:{line:?} ({}) not in:\n",
                mistake.rule, mistake.found, mistake.to
            ));
            report.findings.iter().for_each(|finding| missed.push_str(&format!("  {finding}\n")));
        }
    }
    assert!(missed.is_empty(), "{missed}");
}

/// The rules that a folder breaks.
fn broken(manifest: &str, normal: &str) -> Vec<&'static str> {
    check(&folder(manifest, normal)).findings.iter().map(|finding| finding.rule).collect()
}

#[test]
fn dates_of_a_list_are_in_order_whatever_the_order_of_the_service() {
    let late_first = MANIFEST.replace("sort = \"item.date\"", "sort = \"item.title\"");
    let normal = NORMAL.replace("Winter fair", "Yarn fair");
    assert_eq!(broken(&late_first, &normal), ["order"]);
    assert!(broken(&late_first, NORMAL.replace("Old books", "Yarn").as_str()).is_empty());
}

#[test]
fn a_link_is_in_the_language_of_the_citizen() {
    let normal = NORMAL.replace(
        "\"https://www.town.example/fair\"",
        "\"https://www.town.example/en/fair\", \"fr\": \"https://www.town.example/fr/fair\"",
    );
    assert_eq!(broken(MANIFEST, &normal), ["link-language"]);
    let chosen = MANIFEST
        .replace("link = \"item.url\"", "link = \"coalesce(at(item, language), item.url)\"");
    assert!(broken(&chosen, &normal).is_empty());
}

#[test]
fn neighbours_share_requests() {
    let place = |north: &str| {
        let field = "[[field]]\nid = \"place\"\nkind = \"place\"\nlabel = { nl = \"Plaats\", fr = \"Lieu\", de = \"Ort\", en = \"Place\" }\n\n[texts]";
        MANIFEST
            .replace("[texts]", field)
            .replace("from = \"today\"", &format!("from = \"today\"\nnorth = \"{north}\""))
            .replace("[[sample]]\n", "[[sample]]\nplace = \"1850\"\n")
    };
    assert_eq!(broken(&place("place.latitude"), NORMAL), ["neighbours"]);
    assert!(broken(&place("grid(place.latitude, 0.1)"), NORMAL).is_empty());
}

#[test]
fn missing_keys_and_files_are_found() {
    let owner = "owner = { name = \"Town\", url = \"https://www.town.example/contact\" }\n";
    assert!(MANIFEST.contains(owner));
    let report = check(&folder(&MANIFEST.replace(owner, ""), NORMAL));
    let rules: Vec<_> =
        report.findings.iter().map(|finding| (finding.rule, finding.line)).collect();
    assert_eq!((rules, report.tier), (vec![("owner", None)], Some(Tier::Silver)));
    let mut unproven = good();
    unproven.files.remove("proven.json");
    let report = check(&unproven);
    let rules: Vec<_> = report.findings.iter().map(|finding| finding.rule).collect();
    assert_eq!((rules, report.tier), (vec!["proven"], Some(Tier::Silver)));
    // Any change of the manifest voids the record.
    let mut edited = good();
    let changed = MANIFEST.replace("unit = \"d\"\n", "");
    assert_ne!(changed, MANIFEST);
    edited.files.insert("widget.toml".to_owned(), changed.into_bytes());
    let report = check(&edited);
    let rules: Vec<_> = report.findings.iter().map(|finding| finding.rule).collect();
    assert_eq!((rules, report.tier), (vec!["proven"], Some(Tier::Silver)));

    let mut folder = good();
    folder.files.remove("widget.toml");
    let report = check(&folder);
    assert_eq!((report.findings[0].rule, report.tier), ("manifest", None));
}
