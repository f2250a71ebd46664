//! The number of things that the limit of a block left out, as a link to the rest.

use super::draw_linked;
use crate::markup::{Element, html};
use crate::view_model::LocalizedText;

pub(super) fn draw(text: LocalizedText, link: Option<String>) -> Element {
    html("p").class("further").child(draw_linked(text, link))
}
