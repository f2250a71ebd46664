//! A card that was rendered once, for all boards that show the same.

use std::sync::Arc;

use super::{body, height};
use crate::markup::Html;
use crate::view_model::CardViewModel;

/// A view model, and the body of the card as HTML.
#[derive(Clone, Debug)]
pub struct DrawnCard {
    pub view_model: Arc<CardViewModel>,
    pub body: Html,
}

impl DrawnCard {
    pub fn new(mut view_model: CardViewModel) -> Self {
        view_model.rows = height::rows(&view_model);
        let body = Html::of(&body(view_model.clone()));
        DrawnCard { view_model: Arc::new(view_model), body }
    }

    /// A card whose board draws items to tick, and the line to add one, above its body.
    pub fn with_items(view_model: CardViewModel, items: &[&str], can_clear: bool) -> Self {
        let mut drawn = DrawnCard::new(view_model);
        let view_model = Arc::make_mut(&mut drawn.view_model);
        view_model.rows = height::rows_with_items(view_model, items, can_clear);
        drawn
    }

    /// The same card with another title.
    #[must_use]
    pub fn with_title(mut self, title: String) -> Self {
        let view_model = Arc::make_mut(&mut self.view_model);
        view_model.title = title;
        view_model.rows = height::rows(view_model);
        self
    }
}
