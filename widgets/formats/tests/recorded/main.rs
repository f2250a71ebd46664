//! Recorded responses of public services, read in every format.

mod recordings;

use std::fs;
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

use voordeur_widget_api::{Budget, Format};

/// Timeout of a reader: far more than any recording takes.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Recordings that are not feeds: truncated, with another root element, without any element.
const NOT_FEEDS: [&str; 3] =
    ["rss_2.0_invalid_1.xml", "iso88591_utf8_mismatch.xml", "rss_empty_document.xml"];

#[test]
fn ill_formed_feeds_are_read() {
    let recorded = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/recorded");
    if !recorded.is_dir() {
        println!("skipped: no recordings");
        return;
    }
    for folder in ["feeds-odd", "feeds-real"] {
        for entry in fs::read_dir(recorded.join(folder)).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            let bytes = fs::read(&path).expect("a recording");
            let (sender, receiver) = mpsc::channel();
            std::thread::spawn(move || {
                sender.send(voordeur_formats::read(Format::Feed, &bytes, &Budget::default()))
            });
            let read =
                receiver.recv_timeout(TIMEOUT).unwrap_or_else(|_| panic!("{name} hangs or panics"));
            match read {
                Ok(tree) => {
                    assert!(!NOT_FEEDS.contains(&name.as_str()), "{name} is not a feed");
                    let items = tree["items"].as_array().expect("items");
                    if folder == "feeds-real" {
                        assert!(tree["title"].is_string(), "{name} has a title");
                        assert!(!items.is_empty(), "{name} has items");
                        assert!(items.iter().all(|item| item["link"].is_string()), "{name}: links");
                    }
                    println!("{name}: {} with {} items", tree["title"], items.len());
                }
                Err(error) => {
                    assert!(NOT_FEEDS.contains(&name.as_str()), "{name}: {error}");
                    assert!(error.to_string().contains("line "), "{name}: {error}");
                }
            }
        }
    }
}
