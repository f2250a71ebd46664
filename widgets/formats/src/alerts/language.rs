//! Which entries of a message a citizen sees: a message says the same in several languages.

use voordeur_widget_api::{Budget, Exhausted, Language, LanguageTag};

use super::entry::{AreaKey, Entry, Message, Messages};

/// An entry is compared with at most this many of those that were chosen before it.
const MAX_COMPARED: usize = 32;

/// Codes of areas of an entry beyond this many are not compared: translations have the same first.
const MAX_CODES: usize = 100;

/// The entries of a message in the citizen's language, else in English, else in the language that
/// comes first. An entry in another language is chosen beside them when it says something else:
/// it is about other areas, another time or another hazard.
pub fn chosen(
    messages: &Messages<'_>,
    message: &Message<'_>,
    language: Language,
    budget: &Budget,
) -> Result<Vec<usize>, Exhausted> {
    let entry = |at: &usize| messages.entries.get(*at);
    let first = message.entries.first().and_then(entry).map_or("", |entry| entry.language);
    let rank = |entry: &Entry<'_>| match entry.language.parse::<Language>() {
        Ok(spoken) if spoken == language => 0,
        _ if entry.language.is_empty() => 1,
        Ok(Language::En) => 2,
        _ if entry.language.eq_ignore_ascii_case(first) => 3,
        _ => 4,
    };
    budget.charge_steps(message.entries.len())?;
    budget.charge_bytes(message.entries.len().saturating_mul(4 * size_of::<usize>()))?;
    let mut ranked: Vec<(u8, usize)> =
        message.entries.iter().filter_map(|at| Some((rank(entry(at)?), *at))).collect();
    ranked.sort_unstable();
    let mut chosen: Vec<usize> = Vec::new();
    for (_, at) in ranked {
        let Some(candidate) = entry(&at) else { continue };
        let mut is_known = false;
        for known in chosen.iter().take(MAX_COMPARED).filter_map(entry) {
            budget.charge_steps(1)?;
            let other_language = !known.language.eq_ignore_ascii_case(candidate.language);
            if other_language && says_the_same(known, candidate, budget)? {
                is_known = true;
                break;
            }
        }
        if !is_known {
            chosen.push(at);
        }
    }
    // In the order of the message.
    chosen.sort_unstable();
    Ok(chosen)
}

/// The tag of the language of an entry, to mark its texts. Without one it is English (CAP 1.2,
/// 3.2.2). What is no tag at all counts as the citizen's.
pub fn spoken(entry: &Entry<'_>, citizen: Language) -> String {
    let known = match entry.language {
        "" => Ok(Language::En),
        language => language.parse(),
    };
    match (known, entry.language.parse::<LanguageTag>()) {
        (Ok(language), _) => language.tag().to_owned(),
        (Err(_), Ok(tag)) => tag.to_string(),
        (Err(_), Err(_)) => citizen.tag().to_owned(),
    }
}

/// Whether nothing tells two entries apart but their language.
fn says_the_same(a: &Entry<'_>, b: &Entry<'_>, budget: &Budget) -> Result<bool, Exhausted> {
    let differ = |a: Option<&str>, b: Option<&str>| a.is_some() && b.is_some() && a != b;
    let before = |end, start| matches!((end, start), (Some(end), Some(start)) if end <= start);
    let kind = |entry: &Entry<'_>| {
        entry.tree.get("parameters")?.get("awareness_type")?.as_str().map(kind_number)
    };
    if differ(kind(a).as_deref(), kind(b).as_deref())
        || before(a.over, b.start)
        || before(b.over, a.start)
    {
        return Ok(false);
    }
    budget.charge_steps(2 * MAX_CODES)?;
    Ok(!areas_differ(a, b))
}

/// The number in `10; Rain`: the words differ by language.
fn kind_number(kind: &str) -> String {
    kind.split(';').next().unwrap_or_default().trim().to_owned()
}

/// Whether both have codes of one scheme, and none in common. Names differ by language.
fn areas_differ(a: &Entry<'_>, b: &Entry<'_>) -> bool {
    fn codes<'e, 'a>(entry: &'e Entry<'a>) -> impl Iterator<Item = &'e AreaKey<'a>> {
        let keys = entry.areas.iter().flat_map(|area| &area.keys);
        keys.filter(|key| !key.scheme.is_empty()).take(MAX_CODES)
    }
    let known: std::collections::HashSet<&AreaKey<'_>> = codes(a).collect();
    let schemes: std::collections::HashSet<&str> = codes(a).map(|key| key.scheme).collect();
    let comparable = codes(b).any(|key| schemes.contains(key.scheme));
    comparable && !codes(b).any(|key| known.contains(key))
}
