//! The elements, attributes and addresses of a page, as the tokenizer of a browser sees them.

use html5gum::{State, Token, Tokenizer};
use voordeur_shared::paths;

use crate::raw_http::RawResponse;

/// The scripts that a page may load.
const OWN_SCRIPTS: [&str; 3] = [paths::SCRIPT, paths::WALL_SCRIPT, paths::DEVICE_SCRIPT];
/// The name of the function in every injected script. Where it is shown as text, the script was
/// harmless.
pub const MARK: &str = "zqx";
/// Closes any element or attribute around it, and then runs.
pub const SCRIPT: &str =
    "\"'></title></textarea></script><script>zqx()</script><img src=x onerror=zqx()>";
/// The same, short enough for the name of a page.
pub const SHORT: &str = "\"><img src=x onerror=zqx()>";

/// Elements that no page contains.
const NEVER: [&str; 12] = [
    "img", "iframe", "object", "embed", "base", "frame", "applet", "audio", "video", "style",
    "math", "noscript",
];
const ADDRESSES: [&str; 5] = ["href", "src", "action", "formaction", "xlink:href"];

/// Everything in a page that could run a script or leave the site unnoticed.
pub fn dangers(page: &RawResponse) -> Vec<String> {
    let policy = page.header("content-security-policy").unwrap_or_default();
    let mut dangers = Vec::new();
    if policy.contains("unsafe-inline") || !policy.contains("default-src 'none'") {
        dangers.push(format!("policy: {policy}"));
    }
    let html = page.header("content-type").is_some_and(|kind| kind.starts_with("text/html"));
    if !html {
        let sniffed = page.header("x-content-type-options") != Some("nosniff");
        dangers.extend(sniffed.then(|| "no `nosniff`".to_owned()));
        return dangers;
    }
    each_tag(&page.body, |name, attributes| {
        if NEVER.contains(&name) {
            dangers.push(format!("<{name}>"));
        }
        let attribute = |wanted: &str| attributes.iter().find(|(name, _)| name == wanted);
        let source = attribute("src").map_or("", |(_, value)| value.as_str());
        if name == "script" && !OWN_SCRIPTS.contains(&&*without_release(source)) {
            dangers.push(format!("a script of another address than our own: `{source}`"));
        }
        for (attribute, value) in attributes {
            let address = value.trim().to_ascii_lowercase();
            let leads = ADDRESSES.contains(&attribute.as_str());
            let scheme =
                ["http://", "https://", "/", "#", "?"].iter().any(|it| address.starts_with(it));
            if attribute.starts_with("on") || attribute == "style" || attribute == "srcdoc" {
                dangers.push(format!("<{name} {attribute}>"));
            } else if leads && (!scheme || address.starts_with("//")) {
                dangers.push(format!("<{name} {attribute}=\"{value}\">"));
            }
        }
    });
    dangers
}

/// The address of a file whatever its release, which is a segment of its own.
fn without_release(address: &str) -> String {
    match address.rsplit_once('/') {
        Some((folder, file)) if folder.starts_with("/pkg/") => format!("/pkg/{file}"),
        _ => address.to_owned(),
    }
}

/// Visits the start tags of a page.
pub fn each_tag(html: &str, mut visit: impl FnMut(&str, &[(String, String)])) {
    each(html, |token| {
        if let Token::StartTag(tag) = token {
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            let attributes: Vec<(String, String)> =
                tag.attributes.iter().map(|(name, value)| (text(name), text(value))).collect();
            visit(&text(&tag.name), &attributes);
        }
    });
}

/// The text of a page.
pub fn to_plain_text(html: &str) -> String {
    let mut all = String::new();
    each(html, |token| {
        if let Token::String(text) = token {
            all.push_str(&String::from_utf8_lossy(text));
        }
    });
    all
}

fn each(html: &str, mut visit: impl FnMut(&Token)) {
    let mut tokens = Tokenizer::new(html);
    while let Some(Ok(token)) = tokens.next() {
        visit(&token);
        // The parser of a browser switches the state of its tokenizer likewise (HTML standard,
        // 13.2.6.4).
        let Token::StartTag(tag) = &token else { continue };
        match tag.name.as_slice() {
            b"script" => tokens.set_state(State::ScriptData),
            b"style" => tokens.set_state(State::RawText),
            b"title" | b"textarea" => tokens.set_state(State::RcData),
            _ => {}
        }
    }
}

#[test]
fn dangers_finds_everything_that_would_run() {
    let page = |body: &str| RawResponse {
        status: 200,
        headers: vec![
            ("content-type".to_owned(), "text/html".to_owned()),
            (
                "content-security-policy".to_owned(),
                "default-src 'none'; script-src 'self'".to_owned(),
            ),
        ],
        body: body.to_owned(),
    };
    let fine = "<title><script></title><script src=/pkg/start.js>'<img>'</script><a href=\"/x\">&lt;img&gt;</a>";
    assert_eq!(dangers(&page(fine)), Vec::<String>::new());
    for body in [
        SCRIPT,
        SHORT,
        "<script>zqx()</script>",
        "<a href=' JavaScript:zqx()'>",
        "<a href='//evil.example'>",
        "<p onclick=zqx()>",
        "<p style='color:red'>",
        "<form action='data:text/html,x'>",
    ] {
        assert_ne!(dangers(&page(body)), Vec::<String>::new(), "{body}");
    }
    assert_eq!(to_plain_text("<p>a<b>b</b>&amp;</p>"), "ab&");
}
