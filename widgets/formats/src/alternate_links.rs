use url::Url;
use voordeur_widget_api::Format;

use super::encoding;
use super::tokens::{Syntax, Tag, Token, Tokens, decode};

/// Maximum number of links returned for a page.
const MAX_LINKS: usize = 50;

/// Maximum length of a URL, and of the URL to which others are relative: it is copied into each.
pub const MAX_URL_BYTES: usize = 2_000;

/// The URLs of the `<link rel="alternate">` elements of an HTML page whose `type` is one of
/// `formats`, in document order (feed autodiscovery when `formats` contains [`Format::Feed`]).
///
/// `base` is the URL of the page. The result contains only `http` and `https` URLs of at most 2,000
/// bytes, without duplicates, and at most 50. So it takes a bounded amount of memory, and the time
/// is linear in the length of the page.
pub fn alternate_links(page: &[u8], base: &str, formats: &[Format]) -> Vec<String> {
    let page = encoding::text(page, None);
    let mut base = Url::parse(base).ok();
    let mut links: Vec<String> = Vec::new();
    for token in Tokens::new(&page, Syntax::Html) {
        let Token::Start(tag) = token else { continue };
        let is_base = tag.name.eq_ignore_ascii_case("base");
        if !is_base && !tag.name.eq_ignore_ascii_case("link") {
            continue;
        }
        let Some(href) = attribute(tag, "href").filter(|href| href.len() <= MAX_URL_BYTES) else {
            continue;
        };
        let url = match &base {
            Some(base) => base.join(&href).ok(),
            None => Url::parse(&href).ok(),
        };
        let Some(url) = url.filter(is_web_page) else { continue };
        if is_base {
            base = Some(url);
            continue;
        }
        let is_alternate = attribute(tag, "rel").is_some_and(|relations| {
            relations.split_ascii_whitespace().any(|rel| rel.eq_ignore_ascii_case("alternate"))
        });
        let format = attribute(tag, "type").and_then(|media_type| format_of(&media_type));
        let is_wanted = format.is_some_and(|format| formats.contains(&format));
        let url = url.to_string();
        if is_alternate && is_wanted && !links.contains(&url) {
            links.push(url);
            if links.len() == MAX_LINKS {
                break;
            }
        }
    }
    links
}

/// Whether a URL may be copied into others, and shown.
fn is_web_page(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.as_str().len() <= MAX_URL_BYTES
}

/// The value of an attribute that is not empty.
fn attribute(tag: Tag<'_>, wanted: &str) -> Option<String> {
    let (_, value) = tag.attributes().find(|(name, _)| name.eq_ignore_ascii_case(wanted))?;
    let value = decode(value, true).trim().to_owned();
    (!value.is_empty()).then_some(value)
}

/// The format with this media type; parameters are ignored.
fn format_of(media_type: &str) -> Option<Format> {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match essence.as_str() {
        "application/rss+xml"
        | "application/atom+xml"
        | "application/rdf+xml"
        | "application/feed+json"
        | "text/rss+xml" => Some(Format::Feed),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feeds_are_discovered_from_alternate_links() {
        let page = b"<html><head><base href='/nl/'><!-- <link rel=alternate type=application/atom+xml href=no> -->\
            <script>'<link rel=alternate type=application/atom+xml href=no>'</script>\
            <LINK REL='Alternate feed' TYPE='application/rss+xml; charset=utf-8' HREF='news.xml'>\
            <link rel=stylesheet type='application/rss+xml' href=no>\
            <link rel=alternate type='application/atom+xml' href='javascript:x'>";
        let found = alternate_links(page, "https://example.org/start", &[Format::Feed]);
        assert_eq!(found, ["https://example.org/nl/news.xml"]);
        assert!(alternate_links(page, "https://example.org/start", &[Format::Xml]).is_empty());
    }

    #[test]
    fn long_urls_are_left_out() {
        let link =
            |href: &str| format!("<link rel=alternate type=application/rss+xml href='{href}'>");
        let long = "x".repeat(MAX_URL_BYTES);
        let page = format!("<base href='/{long}/'>{}{}", link(&long), link("short"));
        let found = alternate_links(page.as_bytes(), "https://example.org/", &[Format::Feed]);
        assert_eq!(found, ["https://example.org/short"]);
        let many: String = (0..MAX_LINKS * 2).map(|at| link(&at.to_string())).collect();
        let found = alternate_links(many.as_bytes(), "https://example.org/", &[Format::Feed]);
        assert_eq!(found.len(), MAX_LINKS);
    }
}
