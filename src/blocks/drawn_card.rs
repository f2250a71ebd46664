//! A card that was rendered once, for all boards that show the same.

use std::sync::Arc;

use super::body;
use crate::markup::Html;
use crate::view_model::CardViewModel;

/// A view model, and the body of the card as HTML.
#[derive(Clone, Debug)]
pub struct DrawnCard {
    pub view_model: Arc<CardViewModel>,
    pub body: Html,
}

impl DrawnCard {
    pub fn new(view_model: CardViewModel) -> Self {
        let body = Html::of(&body(view_model.clone()));
        DrawnCard { view_model: Arc::new(view_model), body }
    }
}
