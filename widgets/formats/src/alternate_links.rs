use url::Url;
use voordeur_widget_api::Format;

use super::{encoding, markup};

/// No page announces more than this.
const MOST: usize = 50;

/// The addresses that an HTML page announces with `<link rel="alternate" type="…">`, in its order: of feeds where `formats` has
/// [`Format::Feed`]. `base` is the address of the page. Only addresses of the web
/// are given, each once, and at most 50.
pub fn alternate_links(html: &[u8], base: &str, formats: &[Format]) -> Vec<String> {
    let page = encoding::text(html);
    let mut base = Url::parse(base).ok();
    let mut found: Vec<String> = Vec::new();
    for (name, attributes) in markup::head_tags(&page) {
        let value = |wanted: &str| {
            let value = attributes.iter().find(|(name, _)| name == wanted);
            value.map_or("", |(_, value)| value.trim())
        };
        let href = value("href");
        if href.is_empty() {
            continue;
        }
        let address = match &base {
            Some(base) => base.join(href).ok(),
            None => Url::parse(href).ok(),
        };
        let Some(address) = address.filter(|url| matches!(url.scheme(), "http" | "https")) else {
            continue;
        };
        if name == "base" {
            base = Some(address);
            continue;
        }
        let alternate =
            value("rel").split_ascii_whitespace().any(|rel| rel.eq_ignore_ascii_case("alternate"));
        let kind = value("type").split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let format = match kind.as_str() {
            "application/rss+xml"
            | "application/atom+xml"
            | "application/rdf+xml"
            | "application/feed+json"
            | "text/rss+xml" => Format::Feed,
            _ => continue,
        };
        let address = address.to_string();
        if alternate && formats.contains(&format) && found.len() < MOST && !found.contains(&address)
        {
            found.push(address);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feeds_are_found_where_the_page_announces_them() {
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
