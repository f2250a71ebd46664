//! Cards of the citizen's own: a manifest with `own = true` has no service, so it says nothing of
//! one.

use toml::Spanned;
use toml::de::{DeTable, DeValue};
use voordeur_widget_api::{Licence, Publisher};

use super::error_at;
use crate::manifest::error::ManifestError;

/// The keys that every manifest with a service has.
const NEEDED_OF_A_SERVICE: [&str; 3] = ["publisher", "licence", "request"];
/// The other keys that are about a service.
const FURTHER_OF_A_SERVICE: [&str; 9] = [
    "covers",
    "zone",
    "documentation",
    "attribution",
    "hosts",
    "pace",
    "limits",
    "evidence",
    "key",
];

/// Whether the manifest is of a card of one's own.
pub fn is_own(document: &DeTable<'_>) -> bool {
    document.get("own").and_then(|own| own.get_ref().as_bool()) == Some(true)
}

/// Reports what a manifest lacks about its service, or says although it has none.
pub fn check(document: &DeTable<'_>, text: &str, errors: &mut Vec<ManifestError>) {
    if !is_own(document) {
        let missing = NEEDED_OF_A_SERVICE.iter().filter(|key| !document.contains_key(**key));
        errors.extend(missing.map(|key| ManifestError::new(*key, "is missing").at_byte(text, 0)));
        return;
    }
    for key in NEEDED_OF_A_SERVICE.iter().chain(&FURTHER_OF_A_SERVICE) {
        if let Some(value) = document.get(*key) {
            let message = "is about a service, and a manifest with `own = true` has none";
            errors.push(error_at(ManifestError::new(*key, message), text, value));
        }
    }
    let fields = document.get("field").and_then(|fields| fields.get_ref().as_array());
    for field in fields.into_iter().flat_map(|fields| fields.iter()) {
        let kind = field.get_ref().as_table().and_then(|field| field.get("kind"));
        let asks = |kind: &&Spanned<DeValue<'_>>| kind.get_ref().as_str() == Some("lookup");
        if let Some(kind) = kind.filter(asks) {
            let message = "asks a service, and a manifest with `own = true` has none";
            errors.push(error_at(ManifestError::new("field.kind", message), text, kind));
        }
    }
}

/// The publisher and the licence of a card of one's own: none.
pub fn no_source() -> (Publisher, Licence) {
    let publisher = Publisher { name: String::new(), url: String::new() };
    (publisher, Licence { name: String::new(), url: None })
}
