//! Folders of widgets that change while the server runs.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use voordeur::cards::{CardService, Viewer};
use voordeur::locale::Locale;
use voordeur::registry::{Registry, RegistryError, RegistryEvent, Watcher};
use voordeur::view_model::{BlockViewModel, CardState, CardViewModel};
use voordeur_engine::Catalogue;
use voordeur_store::Card;
use voordeur_upstream::{CachePolicy, Source, StaticHosts, Upstream, UpstreamOptions};
use voordeur_widget_api::Language;

const ID: &str = "bank-holidays";

/// A folder of widgets, and what is made of it.
struct Bench {
    folder: TempDir,
    registry: Registry,
    watch: Watcher,
}

impl Bench {
    fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        let (registry, watch, news) = open(&[folder.path()]);
        assert_eq!(news, []);
        Bench { folder, registry, watch }
    }

    fn path(&self, of: &str) -> PathBuf {
        self.folder.path().join(of)
    }

    fn write(&self, path: &str, content: &str) {
        fs::write(self.path(path), content).expect("written");
    }

    /// Looks until what was written is at rest.
    fn ensure_citizen(&mut self) -> Vec<RegistryEvent> {
        let now = Instant::now();
        let mut news = self.watch.poll(now);
        assert_eq!(news, [], "what may be half written is not read");
        news.extend(self.watch.poll(now));
        assert_eq!(self.watch.poll(now), [], "nothing is told twice");
        news
    }

    fn name(&self, id: &str) -> Option<String> {
        Some(self.registry.snapshot().get(id)?.manifest().name.nl.clone())
    }

    fn shown(&self, id: &str) -> String {
        self.path(id).display().to_string()
    }

    /// Why a folder is left out, when that is the only news.
    fn broken(&mut self) -> String {
        match self.ensure_citizen().as_slice() {
            [RegistryEvent::Broken { reason, .. }] => reason.clone(),
            other => panic!("{other:?}"),
        }
    }
}

fn embedded() -> Catalogue {
    let (catalogue, problems) = Catalogue::embedded();
    assert!(problems.is_empty());
    catalogue
}

fn open(folders: &[&Path]) -> (Registry, Watcher, Vec<RegistryEvent>) {
    let folders: Vec<PathBuf> = folders.iter().map(|folder| folder.to_path_buf()).collect();
    Watcher::open(embedded(), &folders).expect("a shelf")
}

/// The widget of `docs/WIDGETS.md`: the first block of code in a language.
fn guide(language: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/WIDGETS.md");
    let guide = fs::read_to_string(path).expect("the guide");
    let (_, rest) = guide.split_once(&format!("```{language}\n")).expect("the block begins");
    rest.split_once("```").expect("the block ends").0.to_owned()
}

fn put(folder: &Path, id: &str) {
    let samples = folder.join(id).join("samples");
    fs::create_dir_all(&samples).expect("a folder");
    fs::write(samples.join("normal.json"), guide("json")).expect("written");
    fs::write(samples.join("empty.json"), r#"{"england-and-wales": {"events": []}}"#)
        .expect("written");
    fs::write(samples.join("malformed.json"), "{}").expect("written");
    fs::write(folder.join(id).join("widget.toml"), guide("toml")).expect("written");
}

#[test]
fn a_folder_comes_changes_breaks_is_mended_and_goes() {
    let mut bench = Bench::new();
    let (widget, folder) = (ID.to_owned(), bench.shown(ID));
    let others = bench.registry.snapshot().all().count();

    put(bench.folder.path(), ID);
    let added = RegistryEvent::Added { widget: widget.clone(), folder: folder.clone() };
    assert_eq!(bench.ensure_citizen(), [added]);
    assert_eq!(bench.name(ID).as_deref(), Some("Feestdagen in Engeland"));

    bench.write("bank-holidays/widget.toml", &guide("toml").replace("Feestdagen", "Vrije dagen"));
    let changed = RegistryEvent::Changed { widget: widget.clone(), folder: folder.clone() };
    assert_eq!(bench.ensure_citizen(), [changed]);
    assert_eq!(bench.name(ID).as_deref(), Some("Vrije dagen in Engeland"));

    bench.write("bank-holidays/widget.toml", &guide("toml").replace("pace =", "peace ="));
    let [RegistryEvent::Broken { reason, .. }] = &bench.ensure_citizen()[..] else {
        panic!("it is broken")
    };
    assert!(reason.contains("peace") && reason.contains("line"), "{reason}");
    assert_eq!(bench.name(ID), None);
    assert_eq!(bench.registry.snapshot().all().count(), others);

    bench.write("bank-holidays/widget.toml", &guide("toml"));
    let mended = RegistryEvent::Repaired { widget: widget.clone(), folder: folder.clone() };
    assert_eq!(bench.ensure_citizen(), [mended]);
    assert_eq!(bench.registry.snapshot().all().count(), others + 1);

    fs::remove_dir_all(bench.path(ID)).expect("removed");
    assert_eq!(bench.ensure_citizen(), [RegistryEvent::Removed { widget, folder }]);
    assert_eq!(bench.name(ID), None);
}

#[test]
fn what_is_being_written_is_left_alone() {
    let mut bench = Bench::new();
    put(bench.folder.path(), ID);
    bench.ensure_citizen();
    let now = Instant::now();
    let whole = guide("toml").replace("Feestdagen", "Vrije dagen");
    // A slow editor: it makes the file empty, writes it piece by piece, and the look comes in between each time.
    for end in [0, 300, 900, whole.len()] {
        bench.write("bank-holidays/widget.toml", &whole[..end]);
        assert_eq!(bench.watch.poll(now), []);
        assert_eq!(bench.name(ID).as_deref(), Some("Feestdagen in Engeland"));
    }
    // One that puts another file in its place, with a moment in which there is none.
    fs::remove_file(bench.path("bank-holidays/widget.toml")).expect("removed");
    assert_eq!(bench.watch.poll(now), []);
    bench.write("bank-holidays/widget.toml", &whole);
    assert!(matches!(&bench.ensure_citizen()[..], [RegistryEvent::Changed { .. }]));
    assert_eq!(bench.name(ID).as_deref(), Some("Vrije dagen in Engeland"));
}

#[test]
fn a_folder_takes_the_place_of_an_embedded_widget_and_gives_it_back() {
    let mut bench = Bench::new();
    let original = bench.name("holidays").expect("an embedded widget");
    let (widget, folder) = ("holidays".to_owned(), bench.shown("holidays"));
    let takes = RegistryEvent::Overrides {
        widget: widget.clone(),
        folder: folder.clone(),
        of: "embedded".to_owned(),
    };
    let back = RegistryEvent::Restored { widget: widget.clone(), folder: "embedded".to_owned() };

    put(bench.folder.path(), "holidays");
    let news = bench.ensure_citizen();
    assert_eq!(news[1..], *std::slice::from_ref(&takes));
    assert_eq!(bench.name("holidays").as_deref(), Some("Feestdagen in Engeland"));

    bench.write("holidays/widget.toml", "name = ");
    let news = bench.ensure_citizen();
    assert!(matches!(news[0], RegistryEvent::Broken { .. }), "{news:?}");
    assert_eq!(news[1..], *std::slice::from_ref(&back));
    assert_eq!(bench.name("holidays"), Some(original.clone()));

    bench.write("holidays/widget.toml", &guide("toml"));
    assert_eq!(
        bench.ensure_citizen(),
        [RegistryEvent::Repaired { widget: widget.clone(), folder: folder.clone() }, takes]
    );

    fs::remove_dir_all(bench.path("holidays")).expect("removed");
    assert_eq!(bench.ensure_citizen(), [RegistryEvent::Removed { widget, folder }, back]);
    assert_eq!(bench.name("holidays"), Some(original));
}

#[test]
fn of_two_folders_the_first_comes_first() {
    let (first, second) = (TempDir::new().expect("one"), TempDir::new().expect("two"));
    put(first.path(), ID);
    put(second.path(), ID);
    let manifest = second.path().join(ID).join("widget.toml");
    fs::write(manifest, guide("toml").replace("Feestdagen", "Vrije dagen")).expect("written");
    let (registry, mut watch, news) = open(&[first.path(), second.path()]);
    assert_eq!(news.len(), 2, "{news:?}");
    let name = || registry.snapshot().get(ID).map(|widget| widget.manifest().name.nl.clone());
    assert_eq!(name().as_deref(), Some("Feestdagen in Engeland"));
    fs::remove_dir_all(first.path().join(ID)).expect("removed");
    let now = Instant::now();
    watch.poll(now);
    let news = watch.poll(now);
    let shown = second.path().join(ID).display().to_string();
    assert_eq!(news[1..], [RegistryEvent::Restored { widget: ID.to_owned(), folder: shown }]);
    assert_eq!(name().as_deref(), Some("Vrije dagen in Engeland"));
}

#[test]
fn nothing_outside_the_folder_is_read() {
    let mut bench = Bench::new();
    bench.write("secret.json", &guide("json"));
    for path in
        ["../../secret.json", "../widget.toml", "/etc/hostname", "a/../../widget.toml", "..", ""]
    {
        put(bench.folder.path(), ID);
        bench.write("bank-holidays/widget.toml", &naming(path));
        let reason = bench.broken();
        assert!(reason.contains(&format!("`{path}` must be the name of a file")), "{reason}");
        fs::remove_dir_all(bench.path(ID)).expect("removed");
        bench.ensure_citizen();
    }
    // A folder where a file should be.
    put(bench.folder.path(), ID);
    bench.write("bank-holidays/widget.toml", &naming("normal.json"));
    fs::remove_file(bench.path("bank-holidays/samples/normal.json")).expect("removed");
    fs::create_dir(bench.path("bank-holidays/samples/normal.json")).expect("a folder");
    assert_eq!(bench.broken(), "samples/normal.json: must be a file");
    fs::remove_dir(bench.path("bank-holidays/samples/normal.json")).expect("removed");
    assert_eq!(bench.broken(), "there is no `samples/normal.json`");
}

/// The manifest of the guide, with a file named for its first sample.
fn naming(file: &str) -> String {
    let sample = format!("[[sample]]\nname = \"normal\"\nanswers = {{ holidays = \"{file}\" }}\n");
    format!("{}\n{sample}", guide("toml"))
}

#[cfg(unix)]
#[test]
fn a_link_may_lead_into_the_folder_only() {
    use std::os::unix::fs::symlink;

    let mut bench = Bench::new();
    bench.write("secret.json", &guide("json"));
    put(bench.folder.path(), ID);
    let normal = bench.path("bank-holidays/samples/normal.json");
    fs::remove_file(&normal).expect("removed");
    symlink(bench.path("secret.json"), &normal).expect("a link");
    assert_eq!(bench.broken(), "samples/normal.json: leads out of the folder of the widget");
    fs::remove_file(&normal).expect("removed");
    bench.write("bank-holidays/kept.json", &guide("json"));
    symlink("../kept.json", &normal).expect("a link");
    assert!(matches!(&bench.ensure_citizen()[..], [RegistryEvent::Repaired { .. }]));
    // What the link leads to is seen to change.
    bench.write("bank-holidays/kept.json", &guide("json").replace("Christmas Day", "Boxing Day"));
    assert!(matches!(&bench.ensure_citizen()[..], [RegistryEvent::Changed { .. }]));

    // The folder itself may stand elsewhere: the operator made the link.
    let elsewhere = TempDir::new().expect("a folder");
    put(elsewhere.path(), ID);
    symlink(elsewhere.path().join(ID), bench.path("linked")).expect("a link");
    assert!(matches!(&bench.ensure_citizen()[..], [RegistryEvent::Added { .. }]));
    // A manifest that cannot even be looked at.
    fs::create_dir(bench.path("circle")).expect("a folder");
    symlink("widget.toml", bench.path("circle/widget.toml")).expect("a link");
    let reason = bench.broken();
    assert!(reason.starts_with("widget.toml: cannot be read: "), "{reason}");
}

#[test]
fn what_is_too_large_or_no_widget_is_left_out() {
    let mut bench = Bench::new();
    // Neither is a widget, nor a reason to say anything.
    fs::create_dir_all(bench.path("notes/samples")).expect("a folder");
    fs::create_dir_all(bench.path(".git")).expect("a folder");
    bench.write(".git/widget.toml", "no");
    bench.write("README.md", "Widgets");
    assert_eq!(bench.ensure_citizen(), []);

    put(bench.folder.path(), "Bank Holidays");
    assert!(bench.broken().contains("`Bank Holidays` is no id"));

    put(bench.folder.path(), ID);
    let huge = fs::File::create(bench.path("bank-holidays/samples/normal.json")).expect("a file");
    huge.set_len(17_000_000).expect("a size");
    assert_eq!(bench.broken(), "samples/normal.json: must be at most 16000000 bytes");
    for name in ["normal", "empty", "malformed"] {
        let large = fs::File::create(bench.path(&format!("bank-holidays/samples/{name}.json")));
        large.expect("a file").set_len(12_000_000).expect("a size");
    }
    assert!(bench.broken().ends_with(".json: must be at most 8000000 bytes"));
    put(bench.folder.path(), ID);
    for number in 0..201 {
        bench.write(&format!("bank-holidays/samples/{number}.json"), "{}");
    }
    assert_eq!(bench.broken(), "samples/: has more than 200 files");
    fs::remove_dir_all(bench.path(ID)).expect("removed");
    bench.ensure_citizen();

    put(bench.folder.path(), ID);
    bench.write("bank-holidays/widget.toml", &" ".repeat(256_001));
    assert_eq!(bench.broken(), "widget.toml: must be at most 256000 bytes");
    fs::write(bench.path("bank-holidays/widget.toml"), [b'a', 0xff]).expect("written");
    assert!(bench.broken().starts_with("widget.toml: must be UTF-8: "));
}

#[test]
fn a_folder_that_is_not_there_is_told_by_its_option() {
    let missing = Path::new("no-such-folder");
    let problem = Watcher::open(embedded(), &[missing.to_owned()]).err().expect("no folder");
    assert!(matches!(problem, RegistryError::Directory { .. }));
    assert!(problem.to_string().starts_with("--widgets no-such-folder: "), "{problem}");
}

#[test]
fn a_folder_that_vanishes_keeps_what_was_in_it() {
    let mut bench = Bench::new();
    put(bench.folder.path(), ID);
    bench.ensure_citizen();
    let beside = bench.folder.path().with_extension("away");
    fs::rename(bench.folder.path(), &beside).expect("moved");
    let now = Instant::now();
    assert!(matches!(&bench.watch.poll(now)[..], [RegistryEvent::DirectoryUnreadable { .. }]));
    for _ in 0..3 {
        assert_eq!(bench.watch.poll(now), []);
        assert!(bench.name(ID).is_some());
    }
    fs::rename(&beside, bench.folder.path()).expect("moved");
    assert!(matches!(&bench.watch.poll(now)[..], [RegistryEvent::DirectoryReadable { .. }]));
    assert_eq!(bench.ensure_citizen(), []);
    assert!(bench.name(ID).is_some());
}

#[test]
fn a_widget_that_was_read_again_leaves_nothing_behind() {
    let mut bench = Bench::new();
    put(bench.folder.path(), ID);
    bench.ensure_citizen();
    for number in 0..20 {
        let old = Arc::downgrade(bench.registry.snapshot().get(ID).expect("a widget"));
        let name = format!("Feest {number}");
        bench.write("bank-holidays/widget.toml", &guide("toml").replace("Feestdagen", &name));
        bench.ensure_citizen();
        assert!(old.upgrade().is_none(), "reading {number} is still held");
        assert!(bench.name(ID).expect("a widget").starts_with(&name));
    }
}

#[test]
fn a_running_server_sees_it_within_seconds() {
    let Bench { folder, registry, watch } = Bench::new();
    watch.start().expect("a thread");
    put(folder.path(), ID);
    let written = Instant::now();
    while registry.snapshot().get(ID).is_none() {
        assert!(written.elapsed() < Duration::from_secs(10), "it does not come");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn upstream(source: Source, folder: &Path, keys: &[(&str, &str)]) -> Arc<Upstream> {
    // Fails only when it was installed by another test of this process.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let keys = keys.iter().map(|(variable, key)| ((*variable).to_owned(), (*key).to_owned()));
    let options = UpstreamOptions::new(source, folder, Arc::new(StaticHosts::default()));
    Upstream::open(UpstreamOptions { api_keys: keys.collect(), ..options }).expect("opened")
}

#[test]
fn a_key_is_there_for_a_widget_that_comes_later() {
    let mut bench = Bench::new();
    let answers = TempDir::new().expect("a folder");
    let upstream = upstream(Source::Live, answers.path(), &[("VOORDEUR_KEY_LATER", "s3cret")]);
    put(bench.folder.path(), ID);
    let key = "\n[key]\nvariable = \"VOORDEUR_KEY_LATER\"\nurl = \"https://www.gov.uk/key\"\n\n[[request]]\nkey_header = \"X-Key\"\n";
    bench.write("bank-holidays/widget.toml", &guide("toml").replace("\n[[request]]\n", key));
    assert!(matches!(&bench.ensure_citizen()[..], [RegistryEvent::Added { .. }]));
    let catalogue = bench.registry.snapshot();
    let manifest = catalogue.get(ID).expect("a widget").manifest();
    assert!(upstream.has_api_key(&manifest.key.as_ref().expect("a key").variable));
}

/// The titles on a card of dated things.
fn titles(view_model: &CardViewModel) -> Vec<&str> {
    let [BlockViewModel::Moments { moments }] = view_model.blocks.as_slice() else {
        panic!("{view_model:?}")
    };
    moments.iter().map(|moment| moment.title.text.as_str()).collect()
}

#[tokio::test]
async fn a_card_shows_what_the_folder_says_now() {
    let mut bench = Bench::new();
    let answers = TempDir::new().expect("a folder");
    let upstream = upstream(Source::Samples, answers.path(), &[]);
    let card_service = CardService::new(upstream).expect("a card service");
    let place = voordeur_gazetteer::by_postcode("9000").expect("a place");
    let viewer = Viewer { locale: Locale::new(Language::Nl), place, client: None };
    let card = Card::new("one".to_owned(), ID.to_owned(), 4);
    let cards = [card];
    let registry = bench.registry.clone();
    let view_model =
        async || card_service.cards(&registry.now(), &cards, &viewer).await.remove(0).1.view_model;

    assert_eq!(view_model().await.state, CardState::Unavailable);
    put(bench.folder.path(), ID);
    bench.ensure_citizen();
    assert_eq!(titles(view_model().await.as_ref()), ["Christmas Day"]);

    // Another sample, with nothing else changed: what was drawn a moment ago is no answer.
    let boxing = guide("json").replace("Christmas Day", "Boxing Day");
    bench.write("bank-holidays/samples/normal.json", &boxing);
    bench.ensure_citizen();
    assert_eq!(titles(view_model().await.as_ref()), ["Boxing Day"]);

    // A widget that refuses its sample has no last good card: that was another reading's.
    bench.write("bank-holidays/samples/normal.json", "{}");
    bench.ensure_citizen();
    let refused = view_model().await;
    assert_eq!((refused.state, refused.blocks.len()), (CardState::Unavailable, 0));

    bench.write("bank-holidays/widget.toml", "name = ");
    bench.ensure_citizen();
    let gone = card_service
        .card(&registry.now(), &cards[0], &viewer, CachePolicy::Refresh)
        .await
        .view_model;
    assert_eq!((gone.state, gone.title.as_str()), (CardState::Unavailable, ID));

    put(bench.folder.path(), ID);
    bench.ensure_citizen();
    assert_eq!(titles(view_model().await.as_ref()), ["Christmas Day"]);
}
