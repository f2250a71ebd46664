//! Official pages, each with the first letter of its title in our arch: no icon is fetched.

use super::{draw_linked, draw_note};
use crate::markup::{Element, html};
use crate::view_model::LinkViewModel;

pub(super) fn draw(links: Vec<LinkViewModel>) -> Element {
    html("ul").class("links").children(links.into_iter().map(draw_page))
}

fn draw_page(page: LinkViewModel) -> Element {
    let letter = html("b").class("letter").with("aria-hidden", "true").text(page.letter);
    let words = html("span")
        .child(draw_linked(page.title, page.link))
        .space()
        .children(draw_note(page.note));
    html("li").child(letter).space().child(words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markup::Html;
    use crate::view_model::LocalizedText;

    #[test]
    fn a_page_has_a_letter_that_is_not_read_out() {
        let words = |text: &str| LocalizedText { text: text.to_owned(), lang: None };
        let page = |link: &str| LinkViewModel {
            letter: "M".to_owned(),
            title: words("MyMinfin"),
            note: Some(words("belastingen")),
            link: Some(link.to_owned()),
        };
        let html = Html::of(&[draw(vec![page("https://example.org/"), page("javascript:1")])]);
        let html = html.as_str();
        assert!(html.contains("<b class=\"letter\" aria-hidden=\"true\">M</b>"), "{html}");
        assert_eq!(html.matches("<a ").count(), 1, "{html}");
        assert_eq!(html.matches("MyMinfin").count(), 2, "{html}");
    }
}
