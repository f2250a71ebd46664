use url::Url;
use voordeur_widget_api::Format;

use super::{encoding, html};

/// Maximum number of links returned for a page.
const MAX_LINKS: usize = 50;

/// The URLs of the `<link rel="alternate">` elements of an HTML page whose `type` is one of
/// `formats`, in document order (feed autodiscovery when `formats` contains [`Format::Feed`]).
///
/// `base` is the URL of the page. The result contains only `http` and `https` URLs, without
/// duplicates, and at most 50.
pub fn alternate_links(page: &[u8], base: &str, formats: &[Format]) -> Vec<String> {
    let page = encoding::text(page);
    let mut base = Url::parse(base).ok();
    let mut links: Vec<String> = Vec::new();
    for (name, attributes) in html::link_tags(&page) {
        let attribute = |wanted: &str| {
            let found = attributes.iter().find(|(name, _)| name == wanted);
            found.map_or("", |(_, value)| value.trim())
        };
        let href = attribute("href");
        if href.is_empty() {
            continue;
        }
        let url = match &base {
            Some(base) => base.join(href).ok(),
            None => Url::parse(href).ok(),
        };
        let Some(url) = url.filter(|url| matches!(url.scheme(), "http" | "https")) else {
            continue;
        };
        if name == "base" {
            base = Some(url);
            continue;
        }
        let is_alternate = attribute("rel")
            .split_ascii_whitespace()
            .any(|rel| rel.eq_ignore_ascii_case("alternate"));
        let is_wanted =
            format_of(attribute("type")).is_some_and(|format| formats.contains(&format));
        let url = url.to_string();
        if is_alternate && is_wanted && links.len() < MAX_LINKS && !links.contains(&url) {
            links.push(url);
        }
    }
    links
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
}
