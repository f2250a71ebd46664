//! When services went down and returned, as a feed (Atom, RFC 4287).

use std::fmt::Write as _;

use jiff::{Timestamp, Unit};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::Service;
use crate::locale::Locale;
use crate::presenter::failure_in_words;
use voordeur_upstream::StateChange;

/// The media type of a feed (RFC 4287, section 7).
pub const CONTENT_TYPE: &str = "application/atom+xml; charset=utf-8";

/// What a feed is made of.
pub struct Feed<'a> {
    /// In which language it is.
    pub locale: Locale,
    /// For the names of services.
    pub services: &'a [Service],
    /// The newest first.
    pub turns: &'a [StateChange],
    /// What tells this Voordeur from others: the id of the feed is made of it.
    pub origin: &'a str,
    /// How browsers reach it, when that is known; links are relative otherwise (RFC 4287, section 2).
    pub site: &'a str,
    /// When nothing happened yet, the feed is as old as this.
    pub opened: Timestamp,
}

/// The whole document.
pub fn feed(feed: &Feed<'_>) -> String {
    let Feed { locale, services, turns, origin, site, opened } = feed;
    let language = locale.language.tag();
    let updated = turns.first().map_or(*opened, |turn| turn.at);
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    // Writing to a string cannot fail.
    let _ = write!(
        text,
        "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{language}\">\n\
         <id>{id}</id>\n<title>{title}</title>\n<updated>{updated}</updated>\n\
         <author><name>Voordeur</name></author>\n\
         <link rel=\"self\" type=\"application/atom+xml\" href=\"{site}/services.atom?lang={language}\"/>\n\
         <link rel=\"alternate\" type=\"text/html\" href=\"{site}/services\"/>\n",
        id = id(&[*origin, language]),
        title = escaped(&locale.say("services-feed-title")),
        updated = moment(updated),
    );
    for turn in *turns {
        let service = services.iter().find(|service| service.facts.host == turn.host);
        let name = service.map_or(turn.host.as_str(), |service| service.facts.name());
        let (title, words) = in_words(turn, name, *locale);
        let at = moment(turn.at);
        let what = if turn.reason.is_some() { "down" } else { "answers" };
        let _ = write!(
            text,
            "<entry>\n<id>{id}</id>\n<title>{title}</title>\n<updated>{at}</updated>\n\
             <link rel=\"alternate\" type=\"text/html\" href=\"{site}/services\"/>\n\
             <category term=\"{what}\"/>\n<summary>{summary}</summary>\n</entry>\n",
            id = id(&[*origin, language, &turn.host, &turn.at.to_string(), what]),
            title = escaped(&title),
            summary = escaped(&format!("{words} ({})", turn.host)),
        );
    }
    text.push_str("</feed>\n");
    text
}

/// What happened, in short and with its reason.
pub fn in_words(turn: &StateChange, name: &str, locale: Locale) -> (String, String) {
    let service = ("service", name.into());
    match &turn.reason {
        Some(reason) => {
            (locale.say_with("turn-down", &[service]), failure_in_words(reason, name, locale))
        }
        None => {
            let title = locale.say_with("turn-back", &[service]);
            let lasted = turn.down_since.map(|since| locale.age(since, turn.at));
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

/// A stable entry id (RFC 4287, section 4.2.6): the same parts give the same UUID of version 8 (RFC 9562, section 5.8).
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

/// Text as it stands in XML 1.0: its marks escaped, and without the characters that it may not hold (section 2.2).
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
    use voordeur_widget_api::{Format, Language};

    use super::*;
    use voordeur_upstream::FetchError;

    #[test]
    fn the_feed_is_one_that_our_own_reader_reads() {
        let at: Timestamp = "2026-11-23T06:36:00.5Z".parse().expect("a moment");
        let earlier: Timestamp = "2026-11-23T06:30:00Z".parse().expect("a moment");
        let host = "a.example".to_owned();
        let turns = [
            StateChange { host: host.clone(), at, reason: None, down_since: Some(earlier) },
            StateChange { host, at: earlier, reason: Some(FetchError::Timeout), down_since: None },
        ];
        let write = |language, origin| {
            let locale = Locale::new(language);
            feed(&Feed { locale, services: &[], turns: &turns, origin, site: "", opened: earlier })
        };
        for language in Language::ALL {
            let text = write(language, "x");
            let tree = voordeur_formats::read(Format::Feed, text.as_bytes());
            let tree = tree.expect("a feed");
            assert_eq!(tree["items"].as_array().map(Vec::len), Some(2), "{tree}");
        }
        let dutch = write(Language::Nl, "x");
        assert!(dutch.contains("<updated>2026-11-23T06:36:0"), "{dutch}");
        assert_eq!(dutch, write(Language::Nl, "x"), "ids stay");
        let id = |text: &str| text.lines().find(|line| line.starts_with("<id>")).map(str::to_owned);
        assert_ne!(id(&dutch), id(&write(Language::Nl, "y")));
        assert_eq!(escaped("a\u{0}<b> & \"c\""), "a&lt;b&gt; &amp; &quot;c&quot;");
    }
}
