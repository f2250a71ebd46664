//! Colours and hazards: what the awareness level and the awareness type of MeteoAlarm say, or else
//! the words of a warning.

/// Colours of MeteoAlarm, from no danger to the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Colour {
    Green,
    Yellow,
    Orange,
    Red,
}

const COLOURS: [(Colour, &[&str]); 4] = [
    (Colour::Green, &["green", "groen", "groene", "vert", "verte", "grün", "grüne"]),
    (Colour::Yellow, &["yellow", "geel", "gele", "jaune", "gelb", "gelbe"]),
    (Colour::Orange, &["orange", "oranje"]),
    (Colour::Red, &["red", "rood", "rode", "rouge", "rot", "rote"]),
];

/// Words before a colour, as in `Code geel`.
const BEFORE_COLOUR: [&str; 7] =
    ["code", "vigilance", "alerte", "alert", "niveau", "warnstufe", "stufe"];

/// Words after a colour, as in `Yellow warning for wind`, beside those of a hazard.
const AFTER_COLOUR: [&str; 5] = ["warning", "alert", "advisory", "warnung", "waarschuwing"];

/// The name of a hazard in the tree, its number as awareness type, and the beginnings of its words:
/// an earlier hazard counts first, so that an icy cold is no mere cold.
const HAZARDS: [(&str, &str, &[&str]); 15] = [
    ("thunderstorm", "3", &["thunder", "lightning", "onweer", "orage", "gewitter"]),
    ("avalanche", "9", &["avalanche", "lawine"]),
    ("coast", "7", &["coast", "kust", "côti", "submersion", "surge", "sturmflut"]),
    ("fire", "8", &["fire", "wildfire", "bosbrand", "feu", "waldbrand"]),
    (
        "snow-ice",
        "2",
        &[
            "snow", "ice", "icy", "blizzard", "sneeuw", "gladheid", "neige", "verglas", "schnee",
            "glätte",
        ],
    ),
    ("fog", "4", &["fog", "mist", "brouillard", "nebel"]),
    ("rain-flood", "13", &[]),
    (
        "flood",
        "12",
        &["flood", "inondation", "crue", "overstroming", "hochwasser", "wateroverlast"],
    ),
    ("rain", "10", &["rain", "regen", "pluie", "neerslag"]),
    ("heat", "5", &["heat", "hitte", "warmte", "canicule", "hitze"]),
    ("cold", "6", &["cold", "frost", "kou", "koude", "froid", "kälte", "freeze"]),
    ("wind", "1", &["wind", "gust", "storm", "gale", "vent", "rafale", "sturm"]),
    ("drought", "15", &["drought", "droogte", "sécheresse", "dürre"]),
    ("marine", "14", &["marine", "sea", "zee", "mer"]),
    ("cold-ice", "", &[]),
];

/// Words longer than these are of no use here.
const MAX_WORDS: usize = 12;

fn words(text: &str) -> Vec<String> {
    let separate = |c: char| !c.is_alphabetic();
    let words = text.get(..text.floor_char_boundary(300)).unwrap_or_default().split(separate);
    words.filter(|word| !word.is_empty()).take(MAX_WORDS).map(str::to_lowercase).collect()
}

fn colour_named(word: &str) -> Option<Colour> {
    COLOURS.iter().find(|(_, names)| names.contains(&word)).map(|(colour, _)| *colour)
}

fn hazard_named(words: &[String]) -> Option<&'static str> {
    let has = |start: &str| words.iter().any(|word| begins(word, start));
    // A temperature is high or low; it is spoken of in no other way.
    if has("temperature") || has("temperatuur") || has("température") || has("temperatur") {
        if has("low") || has("laag") || has("lage") || has("basse") || has("tief") {
            let icy = ["ice", "icy", "snow"].into_iter().any(has);
            return Some(if icy { "cold-ice" } else { "cold" });
        }
        if has("high") || has("hoge") || has("haute") || has("hoch") {
            return Some("heat");
        }
    }
    if has("rain") && has("flood") {
        return Some("rain-flood");
    }
    let known = HAZARDS.iter().find(|(_, _, starts)| starts.iter().any(|start| has(start)));
    known.map(|(name, ..)| *name)
}

/// Whether a word begins so. Short ones must be the whole word, perhaps in the plural: "ice" is in
/// "police", and "vent" in "ventilation".
fn begins(word: &str, start: &str) -> bool {
    let rest = word.strip_prefix(start);
    let compound = start.chars().count() > 4 || ["wind", "snow", "rain"].contains(&start);
    rest.is_some_and(|rest| compound || rest.len() <= 2)
}

/// The colour of a warning: its awareness level (`2; yellow; Moderate`), else its words. A word is
/// a colour only where MeteoAlarm writes it: "Red Flag Warning" and "Green River" are none.
pub fn colour(level: Option<&str>, texts: &[Option<&str>]) -> Option<Colour> {
    if let Some(level) = level {
        let mut parts = level.split(';').map(str::trim);
        let number = parts.next().unwrap_or_default();
        let by_number = match number {
            "1" => Some(Colour::Green),
            "2" => Some(Colour::Yellow),
            "3" => Some(Colour::Orange),
            "4" => Some(Colour::Red),
            word => colour_named(&word.to_lowercase()),
        };
        let by_word = || parts.find_map(|word| colour_named(&word.to_lowercase()));
        if let Some(colour) = by_number.or_else(by_word) {
            return Some(colour);
        }
    }
    texts.iter().flatten().find_map(|text| {
        let words = words(text);
        let [first, second, ..] = words.as_slice() else { return None };
        if BEFORE_COLOUR.contains(&first.as_str()) {
            return colour_named(second);
        }
        let colour = colour_named(first)?;
        let warns = AFTER_COLOUR.contains(&second.as_str());
        // "Low" and "high" begin the name of a hazard.
        let of_hazard = hazard_named(words.get(1..2)?).is_some()
            || (matches!(second.as_str(), "low" | "high") && hazard_named(&words).is_some());
        (warns || of_hazard).then_some(colour)
    })
}

/// The hazard of a warning: its awareness type (`6; low-temperature`), else its words.
pub fn hazard(awareness_type: Option<&str>, texts: &[Option<&str>]) -> Option<&'static str> {
    let by_words = || texts.iter().flatten().find_map(|text| hazard_named(&words(text)));
    let Some(awareness_type) = awareness_type else { return by_words() };
    let number = awareness_type.split(';').next().unwrap_or_default().trim();
    let by_number = HAZARDS.iter().find(|(_, known, _)| !known.is_empty() && *known == number);
    match by_number {
        // MeteoAlarm has no type of its own for ice on a cold day.
        Some(("cold", ..)) if by_words().is_some_and(|words| words.ends_with("ice")) => {
            Some("cold-ice")
        }
        Some((name, ..)) => Some(name),
        None => hazard_named(&words(awareness_type)).or_else(by_words),
    }
}

impl Colour {
    pub fn name(self) -> &'static str {
        match self {
            Colour::Green => "green",
            Colour::Yellow => "yellow",
            Colour::Orange => "orange",
            Colour::Red => "red",
        }
    }

    /// The severity of CAP that goes with it.
    pub fn severity(self) -> Severity {
        match self {
            Colour::Green => Severity::Minor,
            Colour::Yellow => Severity::Moderate,
            Colour::Orange => Severity::Severe,
            Colour::Red => Severity::Extreme,
        }
    }
}

/// The severities of CAP, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Extreme,
    Severe,
    Moderate,
    Minor,
}

impl Severity {
    /// `None` when the word is not one of the standard. "Unknown" is one: the alert holds, and is
    /// shown as moderate.
    pub fn of(word: Option<&str>) -> Option<Severity> {
        let word = word.unwrap_or_default().trim();
        let known = [
            ("extreme", Severity::Extreme),
            ("severe", Severity::Severe),
            ("moderate", Severity::Moderate),
            ("unknown", Severity::Moderate),
            ("", Severity::Moderate),
            ("minor", Severity::Minor),
        ];
        let found = known.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(word));
        found.map(|(_, severity)| severity)
    }

    pub fn name(self) -> &'static str {
        match self {
            Severity::Extreme => "extreme",
            Severity::Severe => "severe",
            Severity::Moderate => "moderate",
            Severity::Minor => "minor",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_stands_in_the_level_or_at_the_beginning_of_the_words() {
        for (level, words, expected) in [
            (Some("2; yellow; Moderate"), "Wind", Some(Colour::Yellow)),
            (Some("1; green; Minor"), "Yellow wind warning", Some(Colour::Green)),
            (Some("orange"), "Wind", Some(Colour::Orange)),
            (None, "Green warning for thunderstorm", Some(Colour::Green)),
            (None, "Orange Low-temperature Warning issued for Belgium", Some(Colour::Orange)),
            (None, "Yellow Snow-ice Warning", Some(Colour::Yellow)),
            (None, "Code rood: storm", Some(Colour::Red)),
            (None, "Vigilance verte vent", Some(Colour::Green)),
            (None, "Red Flag Warning", None),
            (None, "Green River Flood Warning", None),
            (None, "Orange County Flood Warning", None),
            (None, "Moderate avalanches warning", None),
            (None, "", None),
        ] {
            assert_eq!(colour(level, &[Some(words)]), expected, "{level:?} {words}");
        }
    }

    #[test]
    fn a_hazard_is_told_by_its_type_or_by_whole_words() {
        for (kind, words, expected) in [
            (Some("10; Rain"), "Code geel", Some("rain")),
            (Some("2; snow-ice"), "Glatteis", Some("snow-ice")),
            (Some("6; low-temperature"), "Yellow Low Temperature/Ice", Some("cold-ice")),
            (Some("6; low-temperature"), "Cold", Some("cold")),
            (Some("99; volcanic ash"), "Ash", None),
            (None, "Low Temperature/Ice", Some("cold-ice")),
            (None, "Low temperature", Some("cold")),
            (None, "High-temperature", Some("heat")),
            (None, "Black ice", Some("snow-ice")),
            (None, "Police notice", None),
            (None, "Thunderstorm with wind gusts", Some("thunderstorm")),
            (None, "Rain-flood", Some("rain-flood")),
            (None, "Coastal event", Some("coast")),
            (None, "Zware windstoten", Some("wind")),
            (None, "Storm", Some("wind")),
        ] {
            assert_eq!(hazard(kind, &[Some(words)]), expected, "{kind:?} {words}");
        }
    }

    #[test]
    fn a_severity_that_the_standard_does_not_know_is_none() {
        assert_eq!(Severity::of(Some("SEVERE")), Some(Severity::Severe));
        assert_eq!(Severity::of(Some("Unknown")), Some(Severity::Moderate));
        assert_eq!(Severity::of(None), Some(Severity::Moderate));
        assert_eq!(Severity::of(Some("MAJOR")), None);
    }
}
