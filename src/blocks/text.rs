//! A paragraph.

use crate::markup::{Element, html};
use crate::view_model::LocalizedText;

pub(super) fn draw(text: LocalizedText) -> Element {
    #[cfg(test)]
    crate::planted::check("a block", &text.text);
    html("p").words(text)
}
