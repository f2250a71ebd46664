//! Silver, in place of the rules about responses: a card of one's own shows whatever the citizen
//! wrote, and neutralises what is hostile in it.

use voordeur_widget_api::{Field, FieldKind, Language, MAX_LINES_BYTES, Settings, Widget};

use super::harness::{Asker, Citizen, Outcome};
use super::robustness::{self, Violations};
use super::{Findings, mutations, rule_table};
use crate::manifest::key_path::PathStep;

pub fn check(findings: &mut Findings<'_>, asker: &Asker<'_>) {
    if !asker.widget.manifest().own {
        return;
    }
    let mut violations = Violations::default();
    for field in asker.widget.manifest().fields.iter().filter(|field| is_written(field)) {
        let place = [PathStep::Key("field"), PathStep::Named(&field.id)];
        let line = findings.source.line(&place);
        for (kind, text) in texts() {
            let outcome = shown(asker, field, &text);
            let case = format!("With {kind} in the field `{}`,", field.id);
            match &outcome {
                Some(Outcome::Shown(_)) | None => {}
                Some(other) => {
                    let what = format!("{case} nothing is shown: {}", other.reason());
                    let advice = "Show whatever the citizen wrote.";
                    violations.add(rule_table::FIELD_ASKED, line, what, advice);
                }
            }
            if let Some(outcome) = &outcome {
                robustness::judge(&mut violations, findings, outcome, line, &case);
            }
        }
    }
    violations.report_to(findings);
}

fn is_written(field: &Field) -> bool {
    matches!(
        field.kind,
        FieldKind::Text { .. } | FieldKind::Lines { .. } | FieldKind::Links | FieldKind::Items
    )
}

/// Texts that a field may hold: also a store that another program wrote is read.
fn texts() -> Vec<(String, String)> {
    let mut texts: Vec<(String, String)> =
        mutations::hostile().map(|(kind, text)| (kind.to_owned(), text)).into();
    let lines = |line: &str| line.repeat(MAX_LINES_BYTES / line.len());
    texts.extend([
        ("nothing but line ends".to_owned(), lines("\r\n")),
        ("as many lines as fit".to_owned(), lines("x\n")),
        ("ticks without texts".to_owned(), lines("✓\n")),
        ("as many links as fit".to_owned(), lines("https://example.org/ a\n")),
        (
            "links to scripts".to_owned(),
            lines("javascript://example.org/%0aalert(1) a\nhttps://a\u{202e}.example/ b\n"),
        ),
    ]);
    texts
}

fn shown(asker: &Asker<'_>, field: &Field, text: &str) -> Option<Outcome> {
    let sample = asker.samples().first()?;
    let mut settings: Settings = sample.settings.clone();
    settings.insert(field.id.clone(), text.to_owned());
    let citizen = Citizen { settings: &settings, ..Citizen::of(sample, Language::Nl) };
    Some(asker.view(&citizen, |_| Err("a card of one's own has no answer".to_owned())).0)
}

#[cfg(test)]
mod tests {
    use crate::conformance::{Checker, Report, Tier, WidgetFolder};

    const NOTE: &str = include_str!("../../../catalogue/note/widget.toml");

    fn check(manifest: &str) -> Report {
        let files = [("widget.toml".to_owned(), manifest.as_bytes().to_vec())];
        let folder = WidgetFolder { id: "note".to_owned(), files: files.into() };
        Checker::default().check(&folder)
    }

    fn found(manifest: &str) -> Vec<(&'static str, Option<usize>)> {
        check(manifest).findings.iter().map(|finding| (finding.rule, finding.line)).collect()
    }

    fn line_of(manifest: &str, text: &str) -> Option<usize> {
        manifest.lines().position(|line| line.contains(text)).map(|index| index + 1)
    }

    #[test]
    fn a_card_of_ones_own_has_settings_for_samples_and_is_silver() {
        let report = check(NOTE);
        assert_eq!((report.findings, report.tier), (Vec::new(), Some(Tier::Silver)));
        let (without, _) = NOTE.rsplit_once("[[sample]]").expect("the empty sample");
        assert_eq!(found(without)[0].0, "manifest");
    }

    #[test]
    fn what_is_about_a_service_is_refused() {
        for key in
            ["pace = \"1 h\"", "covers = \"BE\"", "evidence = \"client\"", "hosts = [\"a.be\"]"]
        {
            let manifest = NOTE.replace("own = true", &format!("own = true\n{key}"));
            let found = found(&manifest);
            assert!(found.contains(&("manifest", line_of(&manifest, key))), "{key}: {found:?}");
        }
        let manifest = NOTE.replace("own = true", "");
        let missing: Vec<String> =
            check(&manifest).findings.iter().map(|finding| finding.what.clone()).collect();
        for key in ["publisher", "licence", "request"] {
            assert!(missing.contains(&format!("`{key}` is missing.")), "{missing:?}");
        }
    }

    #[test]
    fn whatever_was_written_is_shown() {
        let field = line_of(NOTE, "[[field]]");
        let number = NOTE.replace(
            "text = \"settings.text\"",
            "text = \"[settings.text][size(settings.text) < 3000 ? 0 : 1]\"",
        );
        assert_eq!(found(&number), [("field-asked", field)]);
    }
}
