//! The empty state: the service responded, and there is nothing to report.

use crate::markup::{Element, html};
use crate::view_model::LocalizedText;

pub(super) fn draw(text: LocalizedText) -> Element {
    html("p").class("empty").words(text)
}
