//! Folders of widgets that change while the server runs.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use voordeur::cards::{CardService, Viewer};
use voordeur::locale::Locale;
use voordeur::registry::{Registry, RegistryError, RegistryEvent, Watcher};
use voordeur::view_model::{BlockViewModel, CardState, CardViewModel};
use voordeur_engine::Catalogue;
use voordeur_store::Card;
use voordeur_testkit::{TempDir, temp_dir};
use voordeur_upstream::{CachePolicy, Source, StaticHosts, Upstream, UpstreamOptions};
use voordeur_widget_api::{CardWidth, Language};
use voordeur_worker_pool::WorkerPool;

const ID: &str = "bank-holidays";

/// A folder of widgets with its registry and watcher.
struct Fixture {
    folder: TempDir,
    registry: Registry,
    watcher: Watcher,
}

impl Fixture {
    fn new() -> Self {
        let folder = temp_dir();
        let (registry, watcher, events) = open(&[folder.path()]);
        assert_eq!(events, []);
        Fixture { folder, registry, watcher }
    }

    fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    fn write(&self, path: &str, content: &str) {
        fs::write(self.path(path), content).expect("written");
    }

    /// Looks twice, so that the watcher reads files that no longer change.
    fn settle(&mut self) -> Vec<RegistryEvent> {
        let now = Instant::now();
        let mut events = self.watcher.poll(now);
        assert_eq!(events, [], "a file that has just changed is read");
        events.extend(self.watcher.poll(now));
        assert_eq!(self.watcher.poll(now), [], "an event is repeated");
        events
    }

    fn name(&self, id: &str) -> Option<String> {
        Some(self.registry.snapshot().get(id)?.manifest().name.nl.clone())
    }

    fn folder_name(&self, id: &str) -> String {
        self.path(id).display().to_string()
    }

    /// The reason why a folder is left out, when that is the only event.
    fn reason(&mut self) -> String {
        match self.settle().as_slice() {
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
    Watcher::open(embedded(), &folders).expect("a registry")
}

/// The first code block of `docs/WIDGETS.md` in a language.
fn guide(language: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/WIDGETS.md");
    let guide = fs::read_to_string(path).expect("the guide");
    let (_, rest) = guide.split_once(&format!("```{language}\n")).expect("the block begins");
    rest.split_once("```").expect("the block ends").0.to_owned()
}

fn add_widget(folder: &Path, id: &str) {
    let samples = folder.join(id).join("samples");
    fs::create_dir_all(&samples).expect("a folder");
    fs::write(samples.join("normal.json"), guide("json")).expect("written");
    fs::write(samples.join("empty.json"), r#"{"england-and-wales": {"events": []}}"#)
        .expect("written");
    fs::write(samples.join("malformed.json"), "{}").expect("written");
    fs::write(folder.join(id).join("widget.toml"), guide("toml")).expect("written");
}

#[test]
fn a_widget_is_added_changed_broken_mended_and_removed_with_its_folder() {
    let mut fixture = Fixture::new();
    let (widget, folder) = (ID.to_owned(), fixture.folder_name(ID));
    let others = fixture.registry.snapshot().all().count();

    add_widget(fixture.folder.path(), ID);
    let added = RegistryEvent::Added { widget: widget.clone(), folder: folder.clone() };
    assert_eq!(fixture.settle(), [added]);
    assert_eq!(fixture.name(ID).as_deref(), Some("Feestdagen in Engeland"));

    fixture.write("bank-holidays/widget.toml", &guide("toml").replace("Feestdagen", "Vrije dagen"));
    let changed = RegistryEvent::Changed { widget: widget.clone(), folder: folder.clone() };
    assert_eq!(fixture.settle(), [changed]);
    assert_eq!(fixture.name(ID).as_deref(), Some("Vrije dagen in Engeland"));

    fixture.write("bank-holidays/widget.toml", &guide("toml").replace("pace =", "peace ="));
    let [RegistryEvent::Broken { reason, .. }] = &fixture.settle()[..] else {
        panic!("no `Broken` event")
    };
    assert!(reason.contains("peace") && reason.contains("line"), "{reason}");
    assert_eq!(fixture.name(ID), None);
    assert_eq!(fixture.registry.snapshot().all().count(), others);

    fixture.write("bank-holidays/widget.toml", &guide("toml"));
    let mended = RegistryEvent::Repaired { widget: widget.clone(), folder: folder.clone() };
    assert_eq!(fixture.settle(), [mended]);
    assert_eq!(fixture.registry.snapshot().all().count(), others + 1);

    fs::remove_dir_all(fixture.path(ID)).expect("removed");
    assert_eq!(fixture.settle(), [RegistryEvent::Removed { widget, folder }]);
    assert_eq!(fixture.name(ID), None);
}

#[test]
fn files_that_are_being_written_are_not_read() {
    let mut fixture = Fixture::new();
    add_widget(fixture.folder.path(), ID);
    fixture.settle();
    let now = Instant::now();
    let whole = guide("toml").replace("Feestdagen", "Vrije dagen");
    // A slow editor truncates the file and writes it in pieces, and the watcher looks in between.
    for end in [0, 300, 900, whole.len()] {
        fixture.write("bank-holidays/widget.toml", &whole[..end]);
        assert_eq!(fixture.watcher.poll(now), []);
        assert_eq!(fixture.name(ID).as_deref(), Some("Feestdagen in Engeland"));
    }
    // Another editor replaces the file, which is missing for a moment.
    fs::remove_file(fixture.path("bank-holidays/widget.toml")).expect("removed");
    assert_eq!(fixture.watcher.poll(now), []);
    fixture.write("bank-holidays/widget.toml", &whole);
    assert!(matches!(&fixture.settle()[..], [RegistryEvent::Changed { .. }]));
    assert_eq!(fixture.name(ID).as_deref(), Some("Vrije dagen in Engeland"));
}

#[test]
fn a_folder_replaces_an_embedded_widget_until_it_is_removed() {
    let mut fixture = Fixture::new();
    let original = fixture.name("holidays").expect("an embedded widget");
    let (widget, folder) = ("holidays".to_owned(), fixture.folder_name("holidays"));
    let replaces = RegistryEvent::Overrides {
        widget: widget.clone(),
        folder: folder.clone(),
        of: "embedded".to_owned(),
    };
    let back = RegistryEvent::Restored { widget: widget.clone(), folder: "embedded".to_owned() };

    add_widget(fixture.folder.path(), "holidays");
    let events = fixture.settle();
    assert_eq!(events[1..], *std::slice::from_ref(&replaces));
    assert_eq!(fixture.name("holidays").as_deref(), Some("Feestdagen in Engeland"));

    fixture.write("holidays/widget.toml", "name = ");
    let events = fixture.settle();
    assert!(matches!(events[0], RegistryEvent::Broken { .. }), "{events:?}");
    assert_eq!(events[1..], *std::slice::from_ref(&back));
    assert_eq!(fixture.name("holidays"), Some(original.clone()));

    fixture.write("holidays/widget.toml", &guide("toml"));
    assert_eq!(
        fixture.settle(),
        [RegistryEvent::Repaired { widget: widget.clone(), folder: folder.clone() }, replaces]
    );

    fs::remove_dir_all(fixture.path("holidays")).expect("removed");
    assert_eq!(fixture.settle(), [RegistryEvent::Removed { widget, folder }, back]);
    assert_eq!(fixture.name("holidays"), Some(original));
}

#[test]
fn the_first_of_two_folders_has_precedence() {
    let (first, second) = (temp_dir(), temp_dir());
    add_widget(first.path(), ID);
    add_widget(second.path(), ID);
    let manifest = second.path().join(ID).join("widget.toml");
    fs::write(manifest, guide("toml").replace("Feestdagen", "Vrije dagen")).expect("written");
    let (registry, mut watcher, events) = open(&[first.path(), second.path()]);
    assert_eq!(events.len(), 2, "{events:?}");
    let name = || registry.snapshot().get(ID).map(|widget| widget.manifest().name.nl.clone());
    assert_eq!(name().as_deref(), Some("Feestdagen in Engeland"));
    fs::remove_dir_all(first.path().join(ID)).expect("removed");
    let now = Instant::now();
    watcher.poll(now);
    let events = watcher.poll(now);
    let shown = second.path().join(ID).display().to_string();
    assert_eq!(events[1..], [RegistryEvent::Restored { widget: ID.to_owned(), folder: shown }]);
    assert_eq!(name().as_deref(), Some("Vrije dagen in Engeland"));
}

#[test]
fn no_file_outside_the_folder_is_read() {
    let mut fixture = Fixture::new();
    fixture.write("secret.json", &guide("json"));
    for path in
        ["../../secret.json", "../widget.toml", "/etc/hostname", "a/../../widget.toml", "..", ""]
    {
        add_widget(fixture.folder.path(), ID);
        fixture.write("bank-holidays/widget.toml", &naming(path));
        let reason = fixture.reason();
        assert!(reason.contains(&format!("`{path}` must be the name of a file")), "{reason}");
        fs::remove_dir_all(fixture.path(ID)).expect("removed");
        fixture.settle();
    }
    // A folder in place of a file.
    add_widget(fixture.folder.path(), ID);
    fixture.write("bank-holidays/widget.toml", &naming("normal.json"));
    fs::remove_file(fixture.path("bank-holidays/samples/normal.json")).expect("removed");
    fs::create_dir(fixture.path("bank-holidays/samples/normal.json")).expect("a folder");
    assert_eq!(fixture.reason(), "samples/normal.json: must be a file");
    fs::remove_dir(fixture.path("bank-holidays/samples/normal.json")).expect("removed");
    assert_eq!(fixture.reason(), "there is no `samples/normal.json`");
}

/// The manifest of the guide, with a named file for its first sample.
fn naming(file: &str) -> String {
    let sample = format!("[[sample]]\nname = \"normal\"\nanswers = {{ holidays = \"{file}\" }}\n");
    format!("{}\n{sample}", guide("toml"))
}

#[cfg(unix)]
#[test]
fn a_symbolic_link_may_only_point_into_the_folder() {
    use std::os::unix::fs::symlink;

    let mut fixture = Fixture::new();
    fixture.write("secret.json", &guide("json"));
    add_widget(fixture.folder.path(), ID);
    let normal = fixture.path("bank-holidays/samples/normal.json");
    fs::remove_file(&normal).expect("removed");
    symlink(fixture.path("secret.json"), &normal).expect("a link");
    assert_eq!(fixture.reason(), "samples/normal.json: leads out of the folder of the widget");
    fs::remove_file(&normal).expect("removed");
    fixture.write("bank-holidays/kept.json", &guide("json"));
    symlink("../kept.json", &normal).expect("a link");
    assert!(matches!(&fixture.settle()[..], [RegistryEvent::Repaired { .. }]));
    // A change of the target of the link is noticed.
    fixture.write("bank-holidays/kept.json", &guide("json").replace("Christmas Day", "Boxing Day"));
    assert!(matches!(&fixture.settle()[..], [RegistryEvent::Changed { .. }]));

    // The folder itself may be a link to any place: the operator made it.
    let elsewhere = temp_dir();
    add_widget(elsewhere.path(), ID);
    symlink(elsewhere.path().join(ID), fixture.path("linked")).expect("a link");
    assert!(matches!(&fixture.settle()[..], [RegistryEvent::Added { .. }]));
    // A manifest without readable metadata.
    fs::create_dir(fixture.path("circle")).expect("a folder");
    symlink("widget.toml", fixture.path("circle/widget.toml")).expect("a link");
    let reason = fixture.reason();
    assert!(reason.starts_with("widget.toml: cannot be read: "), "{reason}");
}

#[test]
fn folders_that_are_too_large_or_hold_no_widget_are_left_out() {
    let mut fixture = Fixture::new();
    // Folders and files without a manifest, and hidden ones, are ignored without an event.
    fs::create_dir_all(fixture.path("notes/samples")).expect("a folder");
    fs::create_dir_all(fixture.path(".git")).expect("a folder");
    fixture.write(".git/widget.toml", "no");
    fixture.write("README.md", "Widgets");
    assert_eq!(fixture.settle(), []);

    add_widget(fixture.folder.path(), "Bank Holidays");
    assert!(fixture.reason().contains("`Bank Holidays` is no id"));

    add_widget(fixture.folder.path(), ID);
    let huge = fs::File::create(fixture.path("bank-holidays/samples/normal.json")).expect("a file");
    huge.set_len(17_000_000).expect("a size");
    assert_eq!(fixture.reason(), "samples/normal.json: must be at most 16000000 bytes");
    for name in ["normal", "empty", "malformed"] {
        let large = fs::File::create(fixture.path(&format!("bank-holidays/samples/{name}.json")));
        large.expect("a file").set_len(12_000_000).expect("a size");
    }
    assert!(fixture.reason().ends_with(".json: must be at most 8000000 bytes"));
    add_widget(fixture.folder.path(), ID);
    for number in 0..201 {
        fixture.write(&format!("bank-holidays/samples/{number}.json"), "{}");
    }
    assert_eq!(fixture.reason(), "samples/: has more than 200 files");
    fs::remove_dir_all(fixture.path(ID)).expect("removed");
    fixture.settle();

    add_widget(fixture.folder.path(), ID);
    fixture.write("bank-holidays/widget.toml", &" ".repeat(256_001));
    assert_eq!(fixture.reason(), "widget.toml: must be at most 256000 bytes");
    fs::write(fixture.path("bank-holidays/widget.toml"), [b'a', 0xff]).expect("written");
    assert!(fixture.reason().starts_with("widget.toml: must be UTF-8: "));
}

#[test]
fn a_missing_folder_is_reported_with_its_option() {
    let missing = Path::new("no-such-folder");
    let error = Watcher::open(embedded(), &[missing.to_owned()]).err().expect("no folder");
    assert!(matches!(error, RegistryError::Directory { .. }));
    assert!(error.to_string().starts_with("--widgets no-such-folder: "), "{error}");
}

#[test]
fn a_folder_that_vanishes_keeps_its_widgets() {
    let mut fixture = Fixture::new();
    add_widget(fixture.folder.path(), ID);
    fixture.settle();
    let beside = fixture.folder.path().with_extension("away");
    fs::rename(fixture.folder.path(), &beside).expect("moved");
    let now = Instant::now();
    assert!(matches!(&fixture.watcher.poll(now)[..], [RegistryEvent::DirectoryUnreadable { .. }]));
    for _ in 0..3 {
        assert_eq!(fixture.watcher.poll(now), []);
        assert!(fixture.name(ID).is_some());
    }
    fs::rename(&beside, fixture.folder.path()).expect("moved");
    assert!(matches!(&fixture.watcher.poll(now)[..], [RegistryEvent::DirectoryReadable { .. }]));
    assert_eq!(fixture.settle(), []);
    assert!(fixture.name(ID).is_some());
}

#[test]
fn a_reloaded_widget_frees_its_former_version() {
    let mut fixture = Fixture::new();
    add_widget(fixture.folder.path(), ID);
    fixture.settle();
    for number in 0..20 {
        let old = Arc::downgrade(fixture.registry.snapshot().get(ID).expect("a widget"));
        let name = format!("Feest {number}");
        fixture.write("bank-holidays/widget.toml", &guide("toml").replace("Feestdagen", &name));
        fixture.settle();
        assert!(old.upgrade().is_none(), "version {number} is still in memory");
        assert!(fixture.name(ID).expect("a widget").starts_with(&name));
    }
}

#[test]
fn the_watcher_thread_adds_a_widget_within_seconds() {
    let Fixture { folder, registry, watcher } = Fixture::new();
    watcher.start().expect("a thread");
    add_widget(folder.path(), ID);
    let written = Instant::now();
    while registry.snapshot().get(ID).is_none() {
        assert!(written.elapsed() < Duration::from_secs(10), "the widget is not added");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn upstream(source: Source, folder: &Path, keys: &[(&str, &str)]) -> Arc<Upstream> {
    // Fails when another test of this process has installed it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let keys = keys.iter().map(|(variable, key)| ((*variable).to_owned(), (*key).to_owned()));
    let options = UpstreamOptions::new(source, folder, Arc::new(StaticHosts::default()));
    Upstream::open(UpstreamOptions { api_keys: keys.collect(), ..options }).expect("upstream opens")
}

#[test]
fn a_key_is_available_to_a_widget_that_is_added_later() {
    let mut fixture = Fixture::new();
    let data = temp_dir();
    let upstream = upstream(Source::Live, data.path(), &[("VOORDEUR_KEY_LATER", "s3cret")]);
    add_widget(fixture.folder.path(), ID);
    let key = "\n[key]\nvariable = \"VOORDEUR_KEY_LATER\"\nurl = \"https://www.gov.uk/key\"\n\n[[request]]\nkey_header = \"X-Key\"\n";
    fixture.write("bank-holidays/widget.toml", &guide("toml").replace("\n[[request]]\n", key));
    assert!(matches!(&fixture.settle()[..], [RegistryEvent::Added { .. }]));
    let catalogue = fixture.registry.snapshot();
    let manifest = catalogue.get(ID).expect("a widget").manifest();
    assert!(upstream.has_api_key(&manifest.key.as_ref().expect("a key").variable));
}

/// The titles on a card with a block of moments.
fn titles(view_model: &CardViewModel) -> Vec<&str> {
    let [BlockViewModel::Moments { moments }] = view_model.blocks.as_slice() else {
        panic!("{view_model:?}")
    };
    moments.iter().map(|moment| moment.title.text.as_str()).collect()
}

#[tokio::test]
async fn a_card_shows_the_current_content_of_the_folder() {
    let mut fixture = Fixture::new();
    let data = temp_dir();
    let upstream = upstream(Source::Samples, data.path(), &[]);
    let card_service =
        CardService::new(upstream, WorkerPool::for_this_machine()).expect("a card service");
    let place = voordeur_gazetteer::by_postcode("9000").expect("a place");
    let viewer = Viewer { locale: Locale::new(Language::Nl), place, client: None };
    let card = Card::new("one".to_owned(), ID.to_owned(), CardWidth::Narrow);
    let cards = [card];
    let registry = fixture.registry.clone();
    let view_model = async || {
        card_service
            .cards(&registry.snapshot(), &cards, &viewer, CachePolicy::StaleWhileRevalidate)
            .await
            .remove(0)
            .1
            .view_model
    };

    assert_eq!(view_model().await.state, CardState::Unavailable);
    add_widget(fixture.folder.path(), ID);
    fixture.settle();
    assert_eq!(titles(view_model().await.as_ref()), ["Christmas Day"]);

    // Only the sample changes: the cached card is not shown.
    let boxing = guide("json").replace("Christmas Day", "Boxing Day");
    fixture.write("bank-holidays/samples/normal.json", &boxing);
    fixture.settle();
    assert_eq!(titles(view_model().await.as_ref()), ["Boxing Day"]);

    // A widget that rejects its sample does not show the last good card of its former version.
    fixture.write("bank-holidays/samples/normal.json", "{}");
    fixture.settle();
    let refused = view_model().await;
    assert_eq!((refused.state, refused.blocks.len()), (CardState::Unavailable, 0));

    fixture.write("bank-holidays/widget.toml", "name = ");
    fixture.settle();
    let catalogue = registry.snapshot();
    let gone =
        card_service.card(&catalogue, &cards[0], &viewer, CachePolicy::Refresh).await.view_model;
    assert_eq!((gone.state, gone.title.as_str()), (CardState::Unavailable, ID));

    add_widget(fixture.folder.path(), ID);
    fixture.settle();
    assert_eq!(titles(view_model().await.as_ref()), ["Christmas Day"]);
}
