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
    /// The page of an item, also when only its identifier is a link.
    pub(super) fn link_of_item(
        self,
        element: &Element<'_>,
        base: Option<&Url>,
    ) -> Result<Option<Url>, Exhausted> {
        if let Some(link) = self.best_link(element, base)? {
            return Ok(Some(link));
        }
        if let Some(guid) = child(element, "", "guid")
            && guid.attribute("isPermaLink").is_none_or(|is| !is.eq_ignore_ascii_case("false"))
        {
            let text = guid.text(self.budget)?;
            if let Some(link) = resolve(&text, None) {
                return Ok(Some(link));
            }
        }
        Ok(element.attribute("rdf:about").and_then(|about| resolve(&about, None)))
    }

    /// The URL of the page of an element: the text of `<link>` in RSS, or the `href` of the most
    /// suitable `<link>` in Atom.
    pub(super) fn best_link(
        self,
        element: &Element<'_>,
        base: Option<&Url>,
    ) -> Result<Option<Url>, Exhausted> {
        self.budget.charge_steps(element.child_count())?;
        let links =
            element.elements().filter(|child| child.is("", "link") || child.is("atom", "link"));
        let mut best: Option<(Suitability, Url)> = None;
        for link in links {
            let text = link.text(self.budget)?;
            let (suitability, address) = match link.attribute("href") {
                Some(href) if text.trim().is_empty() => (Suitability::of(link), href),
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
    /// The page that the item is about, or comes from.
    Source,
    Related,
    /// Data for programs, or a file.
    OtherType,
    /// The feed or entry itself.
    Itself,
}

impl Suitability {
    /// That of a link with `href`; `None` for one that leads elsewhere.
    fn of(link: &Element<'_>) -> Option<Self> {
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
            "text/html" | "application/xhtml+xml" => Suitability::Page,
            "" => Suitability::Untyped,
            _ => Suitability::OtherType,
        })
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
