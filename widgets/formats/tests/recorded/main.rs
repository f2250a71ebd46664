//! The recorded answers of public services, in the formats that are read.

mod recordings;

use std::fs;
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

use voordeur_widget_api::Format;

/// Far more than any reading takes: only one that hangs is longer.
const BOUND: Duration = Duration::from_secs(60);

/// Recordings that no reader can take for a feed: another document, and one without an element.
const REFUSED: [&str; 3] =
    ["rss_2.0_invalid_1.xml", "iso88591_utf8_mismatch.xml", "rss_empty_document.xml"];

#[test]
fn recorded_feeds_are_read_however_ill_formed() {
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
            let (tell, told) = mpsc::channel();
            std::thread::spawn(move || tell.send(voordeur_formats::read(Format::Feed, &bytes)));
            let read =
                told.recv_timeout(BOUND).unwrap_or_else(|_| panic!("{name} hangs or panics"));
            match read {
                Ok(tree) => {
                    assert!(!REFUSED.contains(&name.as_str()), "{name} is no feed");
                    let items = tree["items"].as_array().expect("items");
                    if folder == "feeds-real" {
                        assert!(tree["title"].is_string(), "{name} has a title");
                        assert!(!items.is_empty(), "{name} has items");
                        assert!(items.iter().all(|item| item["link"].is_string()), "{name}: links");
                    }
                    println!("{name}: {} with {} items", tree["title"], items.len());
                }
                Err(problem) => {
                    assert!(REFUSED.contains(&name.as_str()), "{name}: {problem}");
                    assert!(problem.to_string().contains("line "), "{name}: {problem}");
                }
            }
        }
    }
}
