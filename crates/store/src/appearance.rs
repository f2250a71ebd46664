//! How the pages look for a citizen: in which colours, and how close together. What that means stands in `style/tokens.css`.

use serde::Deserialize;

/// In which colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Look {
    /// Light or dark, as the system is.
    #[default]
    System,
    /// Dark ink on paper.
    Light,
    /// Light ink on a dark ground.
    Dark,
    /// Black on white or white on black, as the system is, with strong borders.
    Contrast,
}

/// How close together things stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Density {
    /// With room around everything.
    #[default]
    Roomy,
    /// More on one screen.
    Dense,
}

/// Both, as a citizen chose them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Appearance {
    /// In which colours.
    pub look: Look,
    /// How close together things stand.
    pub density: Density,
}

impl Look {
    /// Every look, in the order in which they are offered.
    pub const ALL: [Look; 4] = [Look::System, Look::Light, Look::Dark, Look::Contrast];

    /// As in a form, and as it is kept.
    pub fn id(self) -> &'static str {
        match self {
            Look::System => "system",
            Look::Light => "light",
            Look::Dark => "dark",
            Look::Contrast => "contrast",
        }
    }

    /// The look with this id.
    pub fn from_id(id: &str) -> Option<Self> {
        Look::ALL.into_iter().find(|look| look.id() == id)
    }

    /// The value of `data-look`; none when the system decides.
    pub fn attribute(self) -> Option<&'static str> {
        (self != Look::System).then(|| self.id())
    }

    /// What the browser may draw by itself: scroll bars, boxes to tick.
    pub fn color_scheme(self) -> &'static str {
        match self {
            Look::System | Look::Contrast => "light dark",
            Look::Light => "light",
            Look::Dark => "dark",
        }
    }

    /// The colour around the page, on light and on dark ground: that of the door.
    pub fn door(self) -> (&'static str, &'static str) {
        match self {
            Look::System => ("#0f4c4a", "#0b3735"),
            Look::Light => ("#0f4c4a", "#0f4c4a"),
            Look::Dark => ("#0b3735", "#0b3735"),
            Look::Contrast => ("#00312f", "#000"),
        }
    }
}

impl Density {
    /// Both, in the order in which they are offered.
    pub const ALL: [Density; 2] = [Density::Roomy, Density::Dense];

    /// As in a form, and as it is kept.
    pub fn id(self) -> &'static str {
        match self {
            Density::Roomy => "roomy",
            Density::Dense => "dense",
        }
    }

    /// The density with this id.
    pub fn from_id(id: &str) -> Option<Self> {
        Density::ALL.into_iter().find(|density| density.id() == id)
    }

    /// The value of `data-density`; none for the usual one.
    pub fn attribute(self) -> Option<&'static str> {
        (self == Density::Dense).then_some("dense")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tokens are kept in the style sheet; what a browser wants to know outside of it is held to them.
    #[test]
    fn the_colour_around_the_page_is_that_of_the_door() {
        let tokens = include_str!("../../../style/tokens.css");
        let door = tokens.lines().find_map(|line| line.trim().strip_prefix("--door: "));
        let of = |look: Look| look.door();
        let (light, dark) = of(Look::System);
        let (white, black) = of(Look::Contrast);
        assert_eq!(
            door,
            Some(
                format!("var(--calm, light-dark({light}, {dark})) var(--strong, light-dark({white}, {black}));")
                    .as_str()
            )
        );
        assert_eq!((of(Look::Light), of(Look::Dark)), ((light, light), (dark, dark)));
    }

    #[test]
    fn a_look_and_a_density_are_known_by_their_id() {
        for look in Look::ALL {
            assert_eq!(Look::from_id(look.id()), Some(look));
        }
        for density in Density::ALL {
            assert_eq!(Density::from_id(density.id()), Some(density));
        }
        assert_eq!(Look::from_id("pink"), None);
    }
}
