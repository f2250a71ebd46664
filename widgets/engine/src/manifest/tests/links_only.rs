//! Cards of links, which have no service.

use voordeur_widget_api::{Area, Coverage, Widget as _};

use super::*;

const LINKS: &str = r#"
name = { nl = "n", fr = "n", de = "n", en = "n" }
summary = { nl = "s", fr = "s", de = "s", en = "s" }
theme = "work-and-money"
links_only = true
covers = "BE"
icon = "calendar"
size = { best = "narrow", smallest = "narrow" }

[view]

[[view.block]]
kind = "links"

[[view.block.item]]
title = "'Library'"
link = "'https://library.example/' + language"

[[sample]]
name = "normal"
moment = "2026-11-23T07:36:00+01:00"

[[sample]]
name = "empty"
moment = "2026-11-23T07:36:00+01:00"
"#;

fn read(text: &str) -> Result<ManifestWidget, String> {
    ManifestWidget::read("test", text, |_| None).map_err(|errors| errors.to_string())
}

#[test]
fn a_card_of_links_covers_an_area_and_has_no_service() {
    let widget = read(LINKS).expect("a manifest");
    let manifest = widget.manifest();
    assert_eq!(manifest.covers, Coverage::Areas(vec![Area::Country("BE".to_owned())]));
    assert!(!manifest.has_service() && !manifest.own);
    assert!(manifest.hosts.is_empty() && manifest.publisher.name.is_empty());
    assert_eq!(widget.samples().len(), 2);
}

#[test]
fn a_card_of_links_says_nothing_of_a_service() {
    for (key, line) in [
        ("publisher", "publisher = { name = \"P\", url = \"https://example.org/\" }"),
        ("pace", "pace = \"5 min\""),
        ("hosts", "hosts = [\"library.example\"]"),
    ] {
        let text = LINKS.replace("links_only = true", &format!("links_only = true\n{line}"));
        let reported = read(&text).err().expect("it is refused");
        let expected =
            format!("{key}: is about a service, and a manifest with `links_only = true`");
        assert!(reported.contains(&expected), "{reported}");
        assert!(reported.contains("line 6"), "{reported}");
    }
    let both = LINKS.replace("links_only = true", "links_only = true\nown = true");
    let reported = read(&both).err().expect("it is refused");
    assert!(reported.contains("links_only: is for a card of links"), "{reported}");
    let none = LINKS.replace("links_only = true", "");
    let reported = read(&none).err().expect("it is refused");
    assert!(reported.contains("publisher: is missing"), "{reported}");
}
