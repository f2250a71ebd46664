//! The addresses in a manifest.

use super::*;

#[test]
fn the_documentation_is_an_https_page() {
    let page = "documentation = \"https://example.org/docs\"\n";
    let read = widget(&format!("{page}{THINGS}"));
    assert_eq!(read.manifest.documentation.as_deref(), Some("https://example.org/docs"));
    assert_eq!(widget(THINGS).manifest.documentation, None);
    let (message, line) = error(&format!("{}{THINGS}", page.replace("https", "http")));
    assert!(message.contains("must be an `https` page"), "{message}");
    assert_eq!(line, "documentation = \"http://example.org/docs\"");
}

#[test]
fn every_address_of_a_page_is_a_web_address() {
    let places = [
        ("publisher = { name = \"P\", url = \"https://example.org/\" }", "publisher.url"),
        ("licence = { name = \"P\", url = \"https://example.org/\" }", "licence.url"),
        ("owner = { name = \"P\", url = \"https://example.org/\" }", "owner.url"),
        ("documentation = \"https://example.org/\"", "documentation"),
        ("key = { variable = \"VOORDEUR_KEY_P\", url = \"https://example.org/\" }", "key.url"),
    ];
    for (written, key) in places {
        let with = |address: &str| {
            let written = written.replace("https://example.org/", address);
            let name = written.split(' ').next().unwrap_or_default().to_owned();
            let head: Vec<&str> =
                HEAD.lines().filter(|line| !line.starts_with(&format!("{name} "))).collect();
            let sent = if key == "key.url" { "key_header = \"X-ApiKey\"\n" } else { "" };
            let head = head.join("\n");
            let text = format!(
                "{written}\n{}\nhosts = [\"example.org\"]\n{THINGS}{sent}{VIEW}{SAMPLES}",
                head.trim_start()
            );
            ManifestWidget::read("test", &text, |_| Some(b"{}".to_vec())).map(drop)
        };
        with("https://example.org/a?b#c").unwrap_or_else(|errors| panic!("{errors}"));
        for wrong in [
            "javascript:alert(document.cookie)",
            "JavaScript://example.org/%0aalert(1)",
            "data:text/html,<script>alert(1)</script>",
            "vbscript:x",
            "file:///etc/passwd",
            "ftp://example.org/",
            "//example.org/",
            "/page",
            "example.org",
            "https://",
            "",
        ] {
            let Err(errors) = with(wrong) else { panic!("{key} takes {wrong}") };
            let [error] = errors.0.as_slice() else { panic!("more than one: {errors}") };
            let message = error.to_string();
            assert!(message.contains(key) && message.contains("`https://`"), "{message}");
            assert_eq!(error.line, Some(1), "{message}");
        }
    }
}
