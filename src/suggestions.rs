//! Suggests widgets by a citizen's place and interests. The content of the board is not used.

use voordeur_engine::Entry;
use voordeur_widget_api::{Area, Coverage, CoverageLevel, FieldKind, Manifest, Place, Theme};

/// The nearness of services to a citizen: the higher, the nearer.
#[derive(Clone, Copy)]
pub struct Neighbourhood<'a> {
    /// The chosen place, or the default one.
    pub place: &'a Place,
    /// Whether the place is the default one: then only the country is certain.
    pub guessed: bool,
}

impl Neighbourhood<'_> {
    /// The nearness of a service that is of no use to the citizen.
    pub const FAR: u8 = 0;

    /// The nearness of a widget's service. A service without limits that is asked about the
    /// citizen's own place is as near as one of the country.
    pub fn nearness(self, manifest: &Manifest) -> u8 {
        let about_place = || manifest.fields.iter().any(|field| field.kind == FieldKind::Place);
        match self.nearness_of(&manifest.covers) {
            level if level == of_level(CoverageLevel::World) && about_place() => {
                of_level(CoverageLevel::Country)
            }
            level => level,
        }
    }

    /// The nearness of a service that covers these areas.
    pub fn nearness_of(self, covers: &Coverage) -> u8 {
        match covers.covers(self.place) {
            Some(level) if self.guessed => of_level(level.min(CoverageLevel::Country)),
            Some(level) => of_level(level),
            None if self.guessed && is_partly_in_belgium(covers) => of_level(CoverageLevel::World),
            None => Self::FAR,
        }
    }
}

fn of_level(level: CoverageLevel) -> u8 {
    level as u8 + 1
}

fn is_partly_in_belgium(covers: &Coverage) -> bool {
    match covers {
        Coverage::Everywhere => true,
        Coverage::Areas(areas) => {
            areas.iter().any(|area| !matches!(area, Area::Country(code) if code != "BE"))
        }
    }
}

/// Maximum number of suggestions.
const MAX_SUGGESTIONS: usize = 6;
/// Weight of a theme among the interests; the nearness of a service weighs from 0 to 4.
const INTEREST_WEIGHT: usize = 3;
/// Penalty for each earlier suggestion of the same theme, so that themes are spread.
const SAME_THEME_PENALTY: usize = 2;

/// Place and interests of a citizen.
#[derive(Clone, Copy)]
pub struct Preferences<'a> {
    /// The chosen place, or the default one.
    pub place: &'a Place,
    /// Whether the place is the default one.
    pub guessed: bool,
    /// The chosen themes.
    pub interests: &'a [Theme],
}

/// The reason for a suggestion; at least one of both fields is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reason {
    /// How closely the area of the service surrounds the place, when that is a reason.
    pub near: Option<CoverageLevel>,
    /// The chosen theme, when that is a reason.
    pub interest: Option<Theme>,
}

impl Reason {
    fn weight(self) -> usize {
        self.near.map_or(0, |near| near as usize) + self.interest.map_or(0, |_| INTEREST_WEIGHT)
    }
}

impl Preferences<'_> {
    /// Whether the citizen chose neither a place nor an interest.
    pub fn is_empty(self) -> bool {
        self.guessed && self.interests.is_empty()
    }

    /// The reason for suggesting a widget, if there is one.
    fn reason(self, manifest: &Manifest) -> Option<Reason> {
        let near = manifest.covers.covers(self.place)?;
        // Of the default place, only the country is certain.
        if self.guessed && near > CoverageLevel::Country {
            return None;
        }
        // Worldwide coverage is no reason for this citizen in particular.
        let near = (!self.guessed && near > CoverageLevel::World).then_some(near);
        let interest = self.interests.contains(&manifest.theme).then_some(manifest.theme);
        (near.is_some() || interest.is_some()).then_some(Reason { near, interest })
    }

    /// The best widgets, each with the reason.
    pub fn suggest<'w>(self, entries: impl Iterator<Item = &'w Entry>) -> Vec<(&'w Entry, Reason)> {
        let mut fitting: Vec<_> = entries
            .filter_map(|entry| Some((entry, self.reason(entry.widget.manifest())?)))
            .collect();
        let mut best: Vec<(&Entry, Reason)> = Vec::new();
        let theme = |entry: &Entry| entry.widget.manifest().theme;
        while best.len() < MAX_SUGGESTIONS {
            let weight = |(entry, reason): &(&Entry, Reason)| {
                let same = best.iter().filter(|(one, _)| theme(one) == theme(entry)).count();
                reason.weight() + SAME_THEME_PENALTY * (MAX_SUGGESTIONS - same)
            };
            // The first of equal weights.
            let heaviest = (0..fitting.len()).rev().max_by_key(|index| weight(&fitting[*index]));
            let Some(heaviest) = heaviest else { break };
            best.push(fitting.remove(heaviest));
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use voordeur_engine::Catalogue;
    use voordeur_widget_api::{Coverage, Language};

    use super::*;

    fn place(postcode: &str) -> Place {
        voordeur_gazetteer::by_postcode(postcode).expect("a place")
    }

    fn suggested(place: Option<&Place>, interests: &[Theme]) -> Vec<(String, Theme, Reason)> {
        let (catalogue, _) = Catalogue::embedded();
        let stand_in = crate::default_board::default_place(Language::Nl);
        let preferences =
            Preferences { place: place.unwrap_or(&stand_in), guessed: place.is_none(), interests };
        preferences
            .suggest(catalogue.entries())
            .into_iter()
            .map(|(entry, reason)| {
                let manifest = entry.widget.manifest();
                (manifest.id.clone(), manifest.theme, reason)
            })
            .collect()
    }

    #[test]
    fn nothing_is_suggested_without_place_and_interests() {
        let place = place("9000");
        assert!(Preferences { place: &place, guessed: true, interests: &[] }.is_empty());
        assert!(!Preferences { place: &place, guessed: false, interests: &[] }.is_empty());
        assert_eq!(suggested(None, &[]), []);
    }

    #[test]
    fn widgets_of_a_town_come_first_there_and_not_elsewhere() {
        let ghent = suggested(Some(&place("9000")), &[]);
        let near = Some(CoverageLevel::Municipality);
        assert_eq!(ghent[0].2, Reason { near, interest: None });
        assert!(["bike-sharing-ghent", "parking-ghent", "dataset-table"].contains(&&*ghent[0].0));
        for (widget, ..) in suggested(Some(&place("1850")), &Theme::ALL) {
            assert!(!widget.contains("ghent"), "{widget}");
        }
    }

    #[test]
    fn a_widget_that_does_not_cover_the_place_is_never_suggested() {
        let (catalogue, _) = Catalogue::embedded();
        let liege = place("4000");
        for (widget, ..) in suggested(Some(&liege), &Theme::ALL) {
            let widget = catalogue.get(&widget).expect("a widget");
            assert!(widget.manifest().covers.covers(&liege).is_some());
        }
    }

    #[test]
    fn a_worldwide_widget_is_suggested_for_its_theme_only() {
        let home = place("1850");
        let sky = Theme::WeatherAndEnvironment;
        let (catalogue, _) = Catalogue::embedded();
        let everywhere: Vec<&Manifest> = catalogue
            .all()
            .map(|widget| widget.manifest())
            .filter(|manifest| manifest.covers == Coverage::Everywhere)
            .collect();
        assert!(everywhere.iter().any(|manifest| manifest.theme == sky));
        for manifest in everywhere {
            let preferences = |interests| Preferences { place: &home, guessed: false, interests };
            assert_eq!(preferences(&[]).reason(manifest), None);
            let chosen = (manifest.theme == sky).then_some(sky);
            let reason = chosen.map(|_| Reason { near: None, interest: chosen });
            assert_eq!(preferences(&[sky]).reason(manifest), reason);
        }
    }

    #[test]
    fn the_default_place_is_no_reason_and_brings_no_widget_of_its_town() {
        let moving = Theme::MovingAbout;
        let found = suggested(None, &[moving]);
        assert!(found.iter().any(|(widget, ..)| widget == "train-departures"));
        for (widget, theme, reason) in found {
            assert_eq!(reason, Reason { near: None, interest: Some(moving) });
            assert_eq!(theme, moving);
            assert!(!widget.contains("ghent"), "{widget}");
        }
    }

    #[test]
    fn suggestions_are_few_spread_over_themes_and_led_by_the_interests() {
        let all = suggested(Some(&place("1850")), &[Theme::CouncilAndLaw]);
        assert_eq!(all.len(), MAX_SUGGESTIONS);
        assert_eq!(all[0].1, Theme::CouncilAndLaw);
        for theme in Theme::ALL {
            let same = all.iter().filter(|(_, one, _)| *one == theme).count();
            assert!(same <= 2, "{same} of {theme:?}");
        }
    }
}
