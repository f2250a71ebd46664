//! Cards without a service: those of the citizen's own (`own = true`) and those of links to
//! official pages (`links_only = true`). Their manifests say nothing of a service.

use toml::Spanned;
use toml::de::{DeTable, DeValue};
use voordeur_widget_api::{Licence, Publisher};

use super::error_at;
use crate::manifest::error::ManifestError;

/// The keys that every manifest with a service has.
const NEEDED_OF_A_SERVICE: [&str; 3] = ["publisher", "licence", "request"];
/// The area that a card is for: a card of one's own is for everybody.
const COVERS: &str = "covers";
/// The other keys that are about a service.
const FURTHER_OF_A_SERVICE: [&str; 8] =
    ["zone", "documentation", "attribution", "hosts", "pace", "limits", "evidence", "key"];

/// The keys that say that a manifest has no service.
const KEYS: [&str; 2] = ["own", "links_only"];

/// The key by which the manifest says that it has no service.
pub fn key(document: &DeTable<'_>) -> Option<&'static str> {
    KEYS.into_iter().find(|key| is_true(document, key))
}

/// Whether a key of the manifest is `true`.
pub fn is_true(document: &DeTable<'_>, key: &str) -> bool {
    document.get(key).and_then(|value| value.get_ref().as_bool()) == Some(true)
}

/// Reports what a manifest lacks about its service, or says although it has none.
pub fn check(document: &DeTable<'_>, text: &str, errors: &mut Vec<ManifestError>) {
    let Some(key) = key(document) else {
        let missing = NEEDED_OF_A_SERVICE.iter().filter(|key| !document.contains_key(**key));
        errors.extend(missing.map(|key| ManifestError::new(*key, "is missing").at_byte(text, 0)));
        return;
    };
    let [own, links_only] = KEYS;
    if key == own && is_true(document, links_only) {
        let message = "is for a card of links, and a card with `own = true` is the citizen's own";
        let value = document.get(links_only);
        let error = ManifestError::new(links_only, message);
        errors.extend(value.map(|value| error_at(error, text, value)));
    }
    let covers = (key == own).then_some(&COVERS);
    for about in NEEDED_OF_A_SERVICE.iter().chain(&FURTHER_OF_A_SERVICE).chain(covers) {
        if let Some(value) = document.get(*about) {
            let message =
                format!("is about a service, and a manifest with `{key} = true` has none");
            errors.push(error_at(ManifestError::new(*about, message), text, value));
        }
    }
    let fields = document.get("field").and_then(|fields| fields.get_ref().as_array());
    for field in fields.into_iter().flat_map(|fields| fields.iter()) {
        let kind = field.get_ref().as_table().and_then(|field| field.get("kind"));
        let asks = |kind: &&Spanned<DeValue<'_>>| kind.get_ref().as_str() == Some("lookup");
        if let Some(kind) = kind.filter(asks) {
            let message = format!("asks a service, and a manifest with `{key} = true` has none");
            errors.push(error_at(ManifestError::new("field.kind", message), text, kind));
        }
    }
}

/// The publisher and the licence of a card without a service: none.
pub fn no_source() -> (Publisher, Licence) {
    let publisher = Publisher { name: String::new(), url: String::new() };
    (publisher, Licence { name: String::new(), url: None })
}
