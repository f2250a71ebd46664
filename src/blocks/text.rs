//! A paragraph.

use crate::markup::{Element, html};
use crate::view_model::LocalizedText;

pub(super) fn draw(text: LocalizedText) -> Element {
    html("p").words(text)
}
