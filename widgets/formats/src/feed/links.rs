//! The links of a feed and of its items, as absolute URLs.

use std::borrow::Cow;

use url::Url;
use voordeur_widget_api::Exhausted;

use super::super::alternate_links::MAX_URL_BYTES;
use super::markup::Element;
use super::{Reader, child};

/// The IRI that a relation may be written as (RFC 4287, section 4.2.7.2).
const RELATIONS: &str = "http://www.iana.org/assignments/relation/";

impl Reader<'_> {
    /// Charges a link that is remembered until its item is written.
    pub(super) fn charge_link(self, link: Option<&Url>) -> Result<(), Exhausted> {
        self.budget.charge_bytes(link.map_or(0, |link| link.as_str().len()))
    }

    /// The page of an item, also when only its identifier is a link.
    pub(super) fn link_of_item(
        self,
        element: &Element<'_>,
        base: Option<&Url>,
        language: Option<&str>,
    ) -> Result<Option<Url>, Exhausted> {
        if let Some(link) = self.best_link(element, base, language)? {
            return Ok(Some(link));
        }
        if let Some(guid) = child(element, "", "guid") {
            let text = guid.text(self.budget)?;
            let link = match guid.attribute("isPermaLink") {
                Some(is) if is.eq_ignore_ascii_case("false") => None,
                // Without the attribute it may be a mere number.
                None if !text.trim_start().starts_with('/') => resolve(&text, None),
                _ => resolve(&text, base),
            };
            if link.is_some() {
                return Ok(link);
            }
        }
        // The content of an entry may be a page of its own (RFC 4287, section 4.1.3.2).
        let content = child(element, "", "content").and_then(|content| content.attribute("src"));
        let about = content.or_else(|| element.attribute("rdf:about"));
        Ok(about.and_then(|about| resolve(&about, base)))
    }

    /// The URL of the page of an element: the text of `<link>` in RSS, or the `href` of the most
    /// suitable `<link>` in Atom, of several in the language of the element.
    pub(super) fn best_link(
        self,
        element: &Element<'_>,
        base: Option<&Url>,
        language: Option<&str>,
    ) -> Result<Option<Url>, Exhausted> {
        self.budget.charge_steps(element.child_count())?;
        let links =
            element.elements().filter(|child| child.is("", "link") || child.is("atom", "link"));
        let mut best: Option<(Suitability, Url)> = None;
        for link in links {
            let text = link.text(self.budget)?;
            let (suitability, address) = match link.attribute("href") {
                Some(href) if text.trim().is_empty() => (Suitability::of(link, language), href),
                _ => (Some(Suitability::Page), Cow::Owned(text)),
            };
            let Some(suitability) = suitability else { continue };
            if best.as_ref().is_some_and(|(known, _)| *known <= suitability) {
                continue;
            }
            let own_base = base_of(link, base.cloned());
            if let Some(url) = resolve(&address, own_base.as_ref()) {
                let is_best = suitability == Suitability::Page;
                best = Some((suitability, url));
                if is_best {
                    break;
                }
            }
        }
        Ok(best.map(|(_, url)| url))
    }
}

/// How well a link serves a reader, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Suitability {
    /// A page in HTML.
    Page,
    /// An alternate that does not say what it is.
    Untyped,
    /// The same in another language.
    Translation,
    /// A document that is no page: a PDF.
    Document,
    /// The page that the item is about, or comes from.
    Source,
    Related,
    /// Data for programs.
    Data,
    /// The feed or entry itself.
    Itself,
}

impl Suitability {
    /// That of a link with `href`; `None` for one that leads elsewhere.
    fn of(link: &Element<'_>, language: Option<&str>) -> Option<Self> {
        let relation = link.attribute("rel").unwrap_or_default().to_ascii_lowercase();
        match relation.strip_prefix(RELATIONS).unwrap_or(&relation) {
            "" | "alternate" => {}
            "via" => return Some(Suitability::Source),
            "related" => return Some(Suitability::Related),
            "self" => return Some(Suitability::Itself),
            _ => return None,
        }
        let media_type = link.attribute("type").unwrap_or_default();
        let media_type = media_type.split(';').next().unwrap_or_default().trim();
        Some(match media_type.to_ascii_lowercase().as_str() {
            "text/html" | "application/xhtml+xml" if is_in(link, language) => Suitability::Page,
            "text/html" | "application/xhtml+xml" => Suitability::Translation,
            "" if is_in(link, language) => Suitability::Untyped,
            "" => Suitability::Translation,
            "application/pdf" | "text/plain" => Suitability::Document,
            _ => Suitability::Data,
        })
    }
}

/// Whether a link leads to a page in this language; one that does not say is.
fn is_in(link: &Element<'_>, language: Option<&str>) -> bool {
    let primary = |tag: &str| tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    match (link.attribute("hreflang"), language) {
        (Some(of_link), Some(language)) => primary(&of_link) == primary(language),
        _ => true,
    }
}

/// The base URL of an element.
pub(super) fn base_of(element: &Element<'_>, outer: Option<Url>) -> Option<Url> {
    let own = element.attribute("xml:base").filter(|own| own.len() <= MAX_URL_BYTES);
    let Some(own) = own else { return outer };
    let joined = match &outer {
        Some(outer) => outer.join(&own).ok(),
        None => Url::parse(&own).ok(),
    };
    joined.filter(is_base).or(outer)
}

/// Whether a URL is short enough to be copied into each link.
pub(super) fn is_base(url: &Url) -> bool {
    url.as_str().len() <= MAX_URL_BYTES
}

/// The absolute URL of a link; `None` for schemes other than `http` and `https`.
pub(super) fn resolve(link: &str, base: Option<&Url>) -> Option<Url> {
    let link = link.trim();
    if link.is_empty() {
        return None;
    }
    let url = match base {
        Some(base) => base.join(link).ok()?,
        None => Url::parse(link).ok()?,
    };
    matches!(url.scheme(), "http" | "https").then_some(url)
}
