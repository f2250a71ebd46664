//! Nothing to show: the service answered, and there is nothing.

use crate::markup::{Element, html};
use crate::view_model::Words;

pub(super) fn draw(text: Words) -> Element {
    html("p").class("empty").words(text)
}
