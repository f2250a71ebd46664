use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantNames};

/// The part that the things of a block play in a citizen's day. The manifest declares it, so that
/// an agenda need not guess it from words or from the id of a widget.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    VariantNames,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum DayRole {
    /// A train, bus or boat that leaves.
    Departure,
    /// Waste or goods that are collected at the door.
    Collection,
    /// A warning of danger.
    Warning,
    /// A forecast or a measurement of the weather.
    Weather,
    /// An entry of a calendar of the citizen's own choice.
    Appointment,
    /// Something public that takes place: a concert, a meeting of a council.
    Event,
    /// A public holiday or a school holiday.
    Holiday,
    /// The last day on which something can or must be done.
    Deadline,
    /// Planned works.
    Works,
    /// Traffic or a service that does not run as usual.
    Disruption,
    /// A product that is taken back.
    Recall,
    /// News, or a report of an event that is over.
    News,
    /// None of these.
    Other,
}

impl DayRole {
    /// Its name in manifests and stored views, for instance `collection`.
    pub fn id(self) -> &'static str {
        self.into()
    }
}
