//! The elements that cards are built of: HTML and SVG without behaviour.
//!
//! With Leptos's `view!`, each piece of markup has its own type and its own code. Here one type
//! serves all, and HTML that was rendered once can be used on many pages. Text is always escaped,
//! so there is no way to inject markup.

use std::borrow::Cow;
use std::sync::Arc;

use leptos::tachys::html::attribute::any_attribute::AnyAttribute;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::no_attrs;
use leptos::tachys::prelude::*;
use leptos::tachys::view::{Position, PositionState};

use crate::view_model::LocalizedText;

#[derive(Clone, Debug)]
pub struct Element {
    tag: &'static str,
    /// Whether it is SVG rather than HTML.
    drawn: bool,
    attributes: Vec<(&'static str, Cow<'static, str>)>,
    children: Vec<Node>,
}

#[derive(Clone, Debug)]
enum Node {
    Element(Element),
    Text(Cow<'static, str>),
    Written(Html),
}

/// Rendered HTML. It can be made from [`Element`]s only.
#[derive(Clone, Debug)]
pub struct Html(Arc<str>);

impl Html {
    pub fn of(elements: &[Element]) -> Self {
        let mut html = String::new();
        elements.iter().for_each(|element| element.write(&mut html));
        Html(html.into())
    }

    /// The HTML itself, for tests of markup.
    #[cfg(test)]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }
}

pub fn html(tag: &'static str) -> Element {
    Element { tag, drawn: false, attributes: Vec::new(), children: Vec::new() }
}

pub fn svg(tag: &'static str) -> Element {
    Element { drawn: true, ..html(tag) }
}

impl Element {
    pub fn with(mut self, name: &'static str, value: impl Into<Cow<'static, str>>) -> Self {
        self.attributes.push((name, value.into()));
        self
    }

    pub fn with_some(self, name: &'static str, value: Option<String>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// Adds a boolean attribute if it is set.
    pub fn flag(self, name: &'static str, is_there: bool) -> Self {
        if is_there { self.with(name, "") } else { self }
    }

    pub fn class(self, class: &'static str) -> Self {
        self.with("class", class)
    }

    pub fn child(mut self, child: Element) -> Self {
        self.children.push(Node::Element(child));
        self
    }

    pub fn children(mut self, children: impl IntoIterator<Item = Element>) -> Self {
        self.children.extend(children.into_iter().map(Node::Element));
        self
    }

    /// Adds rendered HTML.
    pub fn written(mut self, html: Html) -> Self {
        self.children.push(Node::Written(html));
        self
    }

    pub fn text(mut self, text: impl Into<Cow<'static, str>>) -> Self {
        self.children.push(Node::Text(text.into()));
        self
    }

    /// Adds a space, for readers of the page without its style sheet.
    pub fn space(self) -> Self {
        self.text(" ")
    }

    /// Adds a text, its language, and the direction of its first letter: it may come from outside.
    pub fn words(self, words: LocalizedText) -> Self {
        self.with("dir", "auto").with_some("lang", words.lang).text(words.text)
    }

    fn write(&self, to: &mut String) {
        to.push('<');
        to.push_str(self.tag);
        for (name, value) in &self.attributes {
            to.push(' ');
            to.push_str(name);
            to.push_str("=\"");
            write_escaped(value, to);
            to.push('"');
        }
        if self.drawn && self.children.is_empty() {
            to.push_str("/>");
            return;
        }
        to.push('>');
        if self.tag == "input" {
            // A void element has no end tag (HTML, 13.1.2).
            return;
        }
        for child in &self.children {
            match child {
                Node::Element(child) => child.write(to),
                Node::Text(text) => write_escaped(text, to),
                Node::Written(html) => to.push_str(&html.0),
            }
        }
        to.push_str("</");
        to.push_str(self.tag);
        to.push('>');
    }
}

/// Escapes a text for use in content and in double-quoted attributes.
fn write_escaped(text: &str, to: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"']) {
        to.push_str(&rest[..at]);
        to.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            _ => "&quot;",
        });
        rest = &rest[at + 1..];
    }
    to.push_str(rest);
}

/// Elements are drawn on the server only: the browser is sent their HTML.
impl Render for Element {
    type State = ();

    fn build(self) {}

    fn rebuild(self, (): &mut ()) {}
}

no_attrs!(Element);

impl RenderHtml for Element {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 64;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(
        self,
        buf: &mut String,
        position: &mut Position,
        _escape: bool,
        _mark_branches: bool,
        _extra_attrs: Vec<AnyAttribute>,
    ) {
        self.write(buf);
        *position = Position::NextChild;
    }

    fn hydrate<const FROM_SERVER: bool>(self, _cursor: &Cursor, _position: &PositionState) {}

    fn into_owned(self) -> Self {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_and_a_value_are_never_markup() {
        let element = html("p")
            .with("title", "\"><script>")
            .text("<b> & \"quotes\"")
            .child(svg("path").with("d", "M0 0"));
        assert_eq!(
            element.to_html(),
            "<p title=\"&quot;&gt;&lt;script&gt;\">&lt;b&gt; &amp; &quot;quotes&quot;<path d=\"M0 0\"/></p>"
        );
    }

    #[test]
    fn rendered_html_can_be_reused() {
        let field = html("input").with("name", "a").with("value", "1 < 2").flag("disabled", true);
        let written = Html::of(&[field.flag("hidden", false), html("b").text("&")]);
        let all = "<input name=\"a\" value=\"1 &lt; 2\" disabled=\"\"><b>&amp;</b>";
        assert_eq!(written.len(), all.len());
        let form = html("form").written(written.clone()).child(html("p").written(written));
        assert_eq!(form.to_html(), format!("<form>{all}<p>{all}</p></form>"));
    }

    #[test]
    fn a_text_carries_its_language_and_direction() {
        let words = LocalizedText { text: "Gare".to_owned(), lang: Some("fr".to_owned()) };
        assert_eq!(html("b").words(words).to_html(), "<b dir=\"auto\" lang=\"fr\">Gare</b>");
    }
}
