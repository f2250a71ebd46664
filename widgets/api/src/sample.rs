use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::{Place, Settings};

/// Stored answers that show how a service answers: the tests of the widget, its picture in the catalogue, and what is shown without a network.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// `normal`, `empty`, `malformed`, or any other state worth showing.
    pub name: String,
    /// When it was true. A card that shows the sample takes this for now.
    pub moment: Timestamp,
    /// Where it was true.
    pub place: Option<Place>,
    /// With which settings.
    pub settings: Settings,
    /// The bodies, by the id of the request, in the order in which a repeated request asks.
    pub answers: BTreeMap<String, Vec<Vec<u8>>>,
}
