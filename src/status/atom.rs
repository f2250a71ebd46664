//! Outages and recoveries of services as an Atom feed (RFC 4287).

use std::fmt::Write as _;

use jiff::{Timestamp, Unit};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use voordeur_shared::paths;

use super::Service;
use crate::locale::Locale;
use crate::presenter::describe_fetch_error;
use voordeur_upstream::StateChange;

/// The media type (RFC 4287, section 7).
pub const CONTENT_TYPE: &str = "application/atom+xml; charset=utf-8";

/// The content of a feed.
pub struct Feed<'a> {
    pub locale: Locale,
    pub services: &'a [Service],
    pub changes: &'a [StateChange],
    /// Distinguishes this instance from others: part of the ids.
    pub origin: &'a str,
    /// The public origin, if known; links are relative otherwise (RFC 4287, section 2).
    pub site: &'a str,
    /// The feed's `updated` when nothing happened yet.
    pub opened: Timestamp,
}

pub fn feed(feed: &Feed<'_>) -> String {
    let Feed { locale, services, changes, origin, site, opened } = feed;
    let language = locale.language.tag();
    let updated = changes.first().map_or(*opened, |change| change.at);
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    // Writing to a string cannot fail.
    let _ = write!(
        text,
        "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{language}\">\n\
         <id>{id}</id>\n<title>{title}</title>\n<updated>{updated}</updated>\n\
         <author><name>Voordeur</name></author>\n\
         <link rel=\"self\" type=\"application/atom+xml\" href=\"{site}{feed}\"/>\n\
         <link rel=\"alternate\" type=\"text/html\" href=\"{site}{page}\"/>\n",
        id = id(&[*origin, language]),
        title = escaped(&locale.say("services-feed-title")),
        updated = moment(updated),
        feed = paths::services_atom(language),
        page = paths::SERVICES,
    );
    for change in *changes {
        let service = services.iter().find(|service| service.info.host == change.host);
        let name = service.map_or(change.host.as_str(), |service| service.info.name());
        let (title, words) = describe_change(change, name, *locale);
        let at = moment(change.at);
        let what = if change.reason.is_some() { "down" } else { "answers" };
        let _ = write!(
            text,
            "<entry>\n<id>{id}</id>\n<title>{title}</title>\n<updated>{at}</updated>\n\
             <link rel=\"alternate\" type=\"text/html\" href=\"{site}{page}\"/>\n\
             <category term=\"{what}\"/>\n<summary>{summary}</summary>\n</entry>\n",
            id = id(&[*origin, language, &change.host, &change.at.to_string(), what]),
            title = escaped(&title),
            summary = escaped(&format!("{words} ({})", change.host)),
            page = paths::SERVICES,
        );
    }
    text.push_str("</feed>\n");
    text
}

/// Title and text of an entry.
pub fn describe_change(change: &StateChange, name: &str, locale: Locale) -> (String, String) {
    let service = ("service", name.into());
    match &change.reason {
        Some(reason) => {
            (locale.say_with("turn-down", &[service]), describe_fetch_error(reason, name, locale))
        }
        None => {
            let title = locale.say_with("turn-back", &[service]);
            let lasted = change.down_since.map(|since| locale.age(since, change.at));
            let words =
                lasted.map(|lasted| locale.say_with("turn-lasted", &[("age", lasted.into())]));
            let words = words.unwrap_or_else(|| title.clone());
            (title, words)
        }
    }
}

/// RFC 3339 in UTC, to the second (RFC 4287, section 3.3).
fn moment(at: Timestamp) -> String {
    at.round(Unit::Second).unwrap_or(at).to_string()
}

/// A stable entry id (RFC 4287, section 4.2.6): the same parts give the same UUID of version 8 (RFC
/// 9562, section 5.8).
fn id(parts: &[&str]) -> String {
    let mut digest = Sha256::new();
    digest.update("voordeur:services");
    for part in parts {
        digest.update([0]);
        digest.update(part);
    }
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest.finalize()[..16]);
    Uuid::new_v8(bytes).urn().to_string()
}

/// Escapes a text for XML 1.0, without the characters that it does not allow (section 2.2).
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(letter),
            '\u{fffe}' | '\u{ffff}' => {}
            letter if letter.is_control() => {}
            letter => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use voordeur_widget_api::{Budget, Format, Language};

    use super::*;
    use voordeur_upstream::FetchError;

    #[test]
    fn the_feed_is_valid_for_our_own_parser() {
        let at: Timestamp = "2026-11-23T06:36:00.5Z".parse().expect("a moment");
        let earlier: Timestamp = "2026-11-23T06:30:00Z".parse().expect("a moment");
        let host = "a.example".to_owned();
        let changes = [
            StateChange { host: host.clone(), at, reason: None, down_since: Some(earlier) },
            StateChange { host, at: earlier, reason: Some(FetchError::Timeout), down_since: None },
        ];
        let write = |language, origin| {
            let locale = Locale::new(language);
            feed(&Feed {
                locale,
                services: &[],
                changes: &changes,
                origin,
                site: "",
                opened: earlier,
            })
        };
        for language in Language::ALL {
            let text = write(language, "x");
            let tree = voordeur_formats::read(Format::Feed, text.as_bytes(), &Budget::default());
            let tree = tree.expect("a feed");
            assert_eq!(tree["items"].as_array().map(Vec::len), Some(2), "{tree}");
        }
        let dutch = write(Language::Nl, "x");
        assert!(dutch.contains("<updated>2026-11-23T06:36:0"), "{dutch}");
        assert_eq!(dutch, write(Language::Nl, "x"), "ids are stable");
        let id = |text: &str| text.lines().find(|line| line.starts_with("<id>")).map(str::to_owned);
        assert_ne!(id(&dutch), id(&write(Language::Nl, "y")));
        assert_eq!(escaped("a\u{0}<b> & \"c\""), "a&lt;b&gt; &amp; &quot;c&quot;");
    }
}
