//! A card that was drawn once, for all boards that show the same.

use std::sync::Arc;

use super::body;
use super::markup::Html;
use crate::face::CardFace;

/// What a card shows, and its body as HTML.
#[derive(Clone, Debug)]
pub struct DrawnCard {
    /// What it shows.
    pub face: Arc<CardFace>,
    /// Everything below its heading.
    pub body: Html,
}

impl DrawnCard {
    /// Draws the body of a face.
    pub fn new(face: CardFace) -> Self {
        let body = Html::of(&body(face.clone()));
        DrawnCard { face: Arc::new(face), body }
    }
}
