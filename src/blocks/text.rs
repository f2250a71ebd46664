//! A paragraph.

use crate::markup::{Element, html};
use crate::view_model::Words;

pub(super) fn draw(text: Words) -> Element {
    html("p").words(text)
}
