//! Appearance preferences of a citizen: colour scheme, density, text size and reading.
//! `style/tokens.css` implements them.

use serde::Deserialize;
use strum::{EnumString, IntoStaticStr, VariantArray};

/// Colour scheme.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, EnumString, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Look {
    /// Light or dark, following the operating system.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
    /// High contrast with strong borders; light or dark, following the operating system.
    Contrast,
}

/// Spacing of the pages.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, EnumString, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Density {
    /// Default spacing.
    #[default]
    Roomy,
    /// Reduced spacing, so that more fits on one screen.
    Dense,
}

/// Size of the texts, and of all that is measured by them.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, EnumString, IntoStaticStr, VariantArray,
)]
pub enum TextSize {
    /// 100 %.
    #[default]
    #[serde(rename = "100")]
    #[strum(serialize = "100")]
    Usual,
    /// 125 %.
    #[serde(rename = "125")]
    #[strum(serialize = "125")]
    Larger,
    /// 150 %.
    #[serde(rename = "150")]
    #[strum(serialize = "150")]
    Large,
    /// 200 %.
    #[serde(rename = "200")]
    #[strum(serialize = "200")]
    Double,
}

/// The form of the texts.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, EnumString, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Reading {
    /// As designed.
    #[default]
    Usual,
    /// One plain face, more space between letters, words and lines, and short lines.
    Easy,
}

/// The appearance that a citizen chose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Appearance {
    /// Colour scheme.
    pub look: Look,
    /// Spacing.
    pub density: Density,
    /// Size of the texts.
    pub text_size: TextSize,
    /// Form of the texts.
    pub reading: Reading,
}

impl Look {
    /// All looks, in the order in which the settings page offers them.
    pub const ALL: &[Look] = Look::VARIANTS;

    /// Identifier in forms and in the database.
    pub fn id(self) -> &'static str {
        self.into()
    }

    /// Parses an identifier; `None` when it is unknown.
    pub fn from_id(id: &str) -> Option<Self> {
        id.parse().ok()
    }

    /// The value of `data-look`; `None` when the operating system decides.
    pub fn attribute(self) -> Option<&'static str> {
        (self != Look::System).then(|| self.id())
    }

    /// The CSS `color-scheme`, for parts that the browser draws itself, such as scroll bars.
    pub fn color_scheme(self) -> &'static str {
        match self {
            Look::System | Look::Contrast => "light dark",
            Look::Light => "light",
            Look::Dark => "dark",
        }
    }

    /// The `theme-color` of the page for a light and for a dark system: the token `--door`.
    pub fn theme_colors(self) -> (&'static str, &'static str) {
        match self {
            Look::System => ("#0f4c4a", "#0b3735"),
            Look::Light => ("#0f4c4a", "#0f4c4a"),
            Look::Dark => ("#0b3735", "#0b3735"),
            Look::Contrast => ("#00312f", "#000"),
        }
    }
}

impl Density {
    /// All densities, in the order in which the settings page offers them.
    pub const ALL: &[Density] = Density::VARIANTS;

    /// Identifier in forms and in the database.
    pub fn id(self) -> &'static str {
        self.into()
    }

    /// Parses an identifier; `None` when it is unknown.
    pub fn from_id(id: &str) -> Option<Self> {
        id.parse().ok()
    }

    /// The value of `data-density`; `None` for the default.
    pub fn attribute(self) -> Option<&'static str> {
        (self == Density::Dense).then_some("dense")
    }
}

impl TextSize {
    /// All sizes, in the order in which the settings page offers them.
    pub const ALL: &[TextSize] = TextSize::VARIANTS;

    /// Identifier in forms and in the database: the size in percent.
    pub fn id(self) -> &'static str {
        self.into()
    }

    /// Parses an identifier; `None` when it is unknown.
    pub fn from_id(id: &str) -> Option<Self> {
        id.parse().ok()
    }

    /// The value of `data-text`; `None` for the default.
    pub fn attribute(self) -> Option<&'static str> {
        (self != TextSize::Usual).then(|| self.id())
    }
}

impl Reading {
    /// All forms, in the order in which the settings page offers them.
    pub const ALL: &[Reading] = Reading::VARIANTS;

    /// Identifier in forms and in the database.
    pub fn id(self) -> &'static str {
        self.into()
    }

    /// Parses an identifier; `None` when it is unknown.
    pub fn from_id(id: &str) -> Option<Self> {
        id.parse().ok()
    }

    /// The value of `data-reading`; `None` for the default.
    pub fn attribute(self) -> Option<&'static str> {
        (self != Reading::Usual).then(|| self.id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn theme_colors_equal_the_door_token_of_the_style_sheet() {
        let tokens = include_str!("../../../style/tokens.css");
        let token = tokens.lines().find_map(|line| line.trim().strip_prefix("--door: "));
        let (light, dark) = Look::System.theme_colors();
        let (white, black) = Look::Contrast.theme_colors();
        assert_eq!(
            token,
            Some(
                format!("var(--calm, light-dark({light}, {dark})) var(--strong, light-dark({white}, {black}));")
                    .as_str()
            )
        );
        assert_eq!(Look::Light.theme_colors(), (light, light));
        assert_eq!(Look::Dark.theme_colors(), (dark, dark));
    }

    #[test]
    fn ids_round_trip() {
        for look in Look::ALL {
            assert_eq!(Look::from_id(look.id()), Some(*look));
        }
        for density in Density::ALL {
            assert_eq!(Density::from_id(density.id()), Some(*density));
        }
        for size in TextSize::ALL {
            assert_eq!(TextSize::from_id(size.id()), Some(*size));
        }
        for reading in Reading::ALL {
            assert_eq!(Reading::from_id(reading.id()), Some(*reading));
        }
        assert_eq!(Look::from_id("pink"), None);
        assert_eq!(TextSize::from_id("1000"), None);
    }
}
