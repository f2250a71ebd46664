//! Names of months, weekdays and time zones in dates, and the words between them.

use jiff::tz::{Offset, TimeZone};

/// Month names in Dutch, French, German and English, full and abbreviated, in small letters,
/// without the final dot.
pub const MONTHS: [(&str, &[&str]); 12] = [
    (
        "January",
        &["januari", "janvier", "januar", "jänner", "jaenner", "january", "jan", "janv", "jän"],
    ),
    (
        "February",
        &[
            "februari", "février", "fevrier", "februar", "february", "feb", "febr", "févr", "fevr",
            "fév", "fev",
        ],
    ),
    ("March", &["maart", "mars", "märz", "maerz", "march", "mrt", "mär", "mrz", "mar"]),
    ("April", &["april", "avril", "apr", "avr"]),
    ("May", &["mei", "mai", "may"]),
    ("June", &["juni", "juin", "june", "jun"]),
    ("July", &["juli", "juillet", "july", "jul", "juil"]),
    ("August", &["augustus", "août", "aout", "august", "aug"]),
    ("September", &["september", "septembre", "sep", "sept"]),
    ("October", &["oktober", "octobre", "october", "okt", "oct"]),
    ("November", &["november", "novembre", "nov"]),
    ("December", &["december", "décembre", "decembre", "dezember", "dec", "déc", "dez"]),
];

/// Weekday names in the same languages, from Monday.
pub const WEEKDAYS: [(&str, &[&str]); 7] = [
    ("Monday", &["maandag", "lundi", "montag", "monday", "mon", "lun", "ma", "mo"]),
    ("Tuesday", &["dinsdag", "mardi", "dienstag", "tuesday", "tue", "tues", "di"]),
    ("Wednesday", &["woensdag", "mercredi", "mittwoch", "wednesday", "wed", "mer", "wo", "mi"]),
    (
        "Thursday",
        &["donderdag", "jeudi", "donnerstag", "thursday", "thu", "thur", "thurs", "jeu", "do"],
    ),
    ("Friday", &["vrijdag", "vendredi", "freitag", "friday", "fri", "ven", "vr", "fr"]),
    (
        "Saturday",
        &["zaterdag", "samedi", "samstag", "sonnabend", "saturday", "sat", "sam", "za", "sa"],
    ),
    ("Sunday", &["zondag", "dimanche", "sonntag", "sunday", "sun", "dim", "zo", "so"]),
];

/// Words in dates that say nothing, in small letters.
const FILLERS: [&str; 23] = [
    "om", "op", "de", "den", "der", "le", "la", "à", "a", "at", "on", "the", "of", "um", "am",
    "uur", "uhr", "heures", "u", "er", "st", "nd", "rd",
];

/// Offsets from UTC in minutes, by the abbreviation of the zone in small letters. Those that stand
/// for several zones are left out, but for the ones of RFC 822 and of Europe: `BST` is British.
const ZONES: [(&str, i32); 51] = [
    ("z", 0),
    ("ut", 0),
    ("utc", 0),
    ("gmt", 0),
    ("wet", 0),
    ("west", 60),
    ("wesz", 60),
    ("bst", 60),
    ("cet", 60),
    ("mez", 60),
    ("met", 60),
    ("cest", 120),
    ("mesz", 120),
    ("mest", 120),
    ("eet", 120),
    ("oez", 120),
    ("eest", 180),
    ("oesz", 180),
    ("msk", 180),
    ("trt", 180),
    ("msd", 240),
    ("sast", 120),
    ("hkt", 480),
    ("sgt", 480),
    ("awst", 480),
    ("jst", 540),
    ("kst", 540),
    ("acst", 570),
    ("acdt", 630),
    ("aest", 600),
    ("aedt", 660),
    ("nzst", 720),
    ("nzdt", 780),
    ("brt", -180),
    ("art", -180),
    ("nst", -210),
    ("ndt", -150),
    ("ast", -240),
    ("adt", -180),
    ("est", -300),
    ("edt", -240),
    ("cst", -360),
    ("cdt", -300),
    ("mst", -420),
    ("mdt", -360),
    ("pst", -480),
    ("pdt", -420),
    ("akst", -540),
    ("akdt", -480),
    ("hst", -600),
    ("hast", -600),
];

/// Abbreviations that mean the time of a place in winter and in summer.
const ALL_YEAR: [(&str, &str); 4] = [
    ("et", "America/New_York"),
    ("ct", "America/Chicago"),
    ("mt", "America/Denver"),
    ("pt", "America/Los_Angeles"),
];

/// The month from 1 with this name, in small letters.
pub fn month(word: &str) -> Option<i8> {
    (1..).zip(MONTHS).find(|(_, (_, names))| names.contains(&word)).map(|(number, _)| number)
}

/// The weekday from 1, Monday, with this name, in small letters.
pub fn weekday(word: &str) -> Option<i8> {
    // March in English, Tuesday in French: the other word of the date decides.
    if word == "mar" {
        return Some(2);
    }
    (1..).zip(WEEKDAYS).find(|(_, (_, names))| names.contains(&word)).map(|(number, _)| number)
}

/// Whether a word says nothing.
pub fn is_filler(word: &str) -> bool {
    word == "th" || FILLERS.contains(&word)
}

/// The zone with this name, in any letters: an abbreviation, or a name of the IANA database.
pub fn zone(name: &str) -> Option<TimeZone> {
    let lower = name.to_lowercase();
    if let Some((_, minutes)) = ZONES.iter().find(|(known, _)| *known == lower) {
        return fixed(*minutes);
    }
    let of_all_year = ALL_YEAR.iter().find(|(known, _)| *known == lower).map(|(_, zone)| *zone);
    TimeZone::get(of_all_year.or(name.contains('/').then_some(name))?).ok()
}

/// The zone at an offset in minutes.
pub fn fixed(minutes: i32) -> Option<TimeZone> {
    Offset::from_seconds(minutes.checked_mul(60)?).ok().map(TimeZone::fixed)
}
