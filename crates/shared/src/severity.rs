/// The severity of a warning, as in CAP 1.2 (section 3.2.2, `severity`). Ordered: the most severe
/// is the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum Severity {
    /// Minimal or no known threat.
    Minor,
    /// Possible threat.
    Moderate,
    /// Significant threat.
    Severe,
    /// Extraordinary threat.
    Extreme,
}

impl Severity {
    /// Every severity, the least severe first.
    pub const ALL: [Severity; 4] =
        [Severity::Minor, Severity::Moderate, Severity::Severe, Severity::Extreme];

    /// The ids of [`Severity::ALL`], in the same order.
    pub const IDS: [&'static str; 4] = ["minor", "moderate", "severe", "extreme"];

    /// The id in manifests, stored views and `data-severity`.
    pub const fn id(self) -> &'static str {
        match self {
            Severity::Minor => "minor",
            Severity::Moderate => "moderate",
            Severity::Severe => "severe",
            Severity::Extreme => "extreme",
        }
    }

    /// The severity with this id.
    pub fn from_id(id: &str) -> Option<Self> {
        Severity::ALL.into_iter().find(|severity| severity.id() == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_lead_back() {
        for severity in Severity::ALL {
            assert_eq!(Severity::from_id(severity.id()), Some(severity));
        }
        assert_eq!(Severity::ALL.map(Severity::id), Severity::IDS);
        assert_eq!(Severity::from_id("Severe"), None);
        assert!(Severity::ALL.is_sorted());
    }
}
