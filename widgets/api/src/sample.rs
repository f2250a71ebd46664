use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::{Place, Settings};

/// Stored responses of a service: fixtures for the widget's tests, the data of its preview in the
/// catalogue, and what a card shows when the server runs without a network.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// `normal`, `empty`, `malformed`, or a name of the author's choice.
    pub name: String,
    /// The moment of recording; a card that shows the sample takes it as the current time.
    pub moment: Timestamp,
    /// The place of the card.
    pub place: Option<Place>,
    /// The settings of the card.
    pub settings: Settings,
    /// Response bodies by request id; one body for each repetition, in the order of
    /// [`Request::nth`](crate::Request::nth).
    pub responses: BTreeMap<String, Vec<Vec<u8>>>,
}
