//! The area that a manifest covers.

use voordeur_widget_api::{Area, Coverage};

use super::*;

/// The coverage of a manifest with this `covers`, or its errors.
fn covers(written: &str) -> Result<Coverage, String> {
    let text = manifest(THINGS).replace("covers = \"everywhere\"", written);
    ManifestWidget::read("test", &text, |_| Some(b"{}".to_vec()))
        .map(|widget| widget.manifest.covers)
        .map_err(|errors| errors.to_string())
}

#[test]
fn coverage_is_everywhere_or_areas() {
    let ghent = Area::Municipality("44021".to_owned());
    let netherlands = Area::Country("NL".to_owned());
    assert_eq!(covers("covers = \"everywhere\""), Ok(Coverage::Everywhere));
    assert_eq!(covers(""), Ok(Coverage::Everywhere));
    assert_eq!(covers("covers = \"44021\""), Ok(Coverage::Areas(vec![ghent.clone()])));
    assert_eq!(
        covers("covers = [\"NL\", \"44021\"]"),
        Ok(Coverage::Areas(vec![netherlands, ghent]))
    );
}

#[test]
fn an_unknown_area_has_its_line_and_a_suggestion() {
    let reported = covers("covers = [\n\"BE\",\n\"flandres\"]").expect_err("it is refused");
    assert!(reported.contains("line 6"), "{reported}");
    assert!(reported.contains("`flandres` is not a country"), "{reported}");
    assert!(reported.contains("flanders"), "{reported}");
    let reported = covers("covers = 44021").expect_err("it is refused");
    assert!(reported.contains("line 4"), "{reported}");
}
