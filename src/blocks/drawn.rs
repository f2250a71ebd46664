//! A card that was drawn once, for all boards that show the same.

use std::sync::Arc;

use super::body;
use crate::markup::Html;
use crate::view_model::CardViewModel;

/// What a card shows, and its body as HTML.
#[derive(Clone, Debug)]
pub struct DrawnCard {
    /// What it shows.
    pub view_model: Arc<CardViewModel>,
    /// Everything below its heading.
    pub body: Html,
}

impl DrawnCard {
    /// Draws the body of a face.
    pub fn new(view_model: CardViewModel) -> Self {
        let body = Html::of(&body(view_model.clone()));
        DrawnCard { view_model: Arc::new(view_model), body }
    }
}
