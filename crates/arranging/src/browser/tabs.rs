//! The tabs of the board's pages, as drop targets.

use web_sys::Element;

use super::dom;
use crate::gesture::Point;

/// The tab of a page of the board.
pub struct TabElement {
    element: Element,
    pub page: String,
    pub name: String,
}

impl TabElement {
    fn of(element: Element) -> Option<TabElement> {
        let page = element.get_attribute("data-page")?;
        let name = element.text_content().unwrap_or_default().trim().to_owned();
        Some(TabElement { element, page, name })
    }

    fn is_shown(&self) -> bool {
        let current = "[aria-current]";
        self.element.matches(current).unwrap_or(false)
            || dom::first(&self.element, current).is_some()
    }

    /// Shows whether the tab would take the card.
    pub fn mark(&self, takes: bool) {
        dom::mark(&self.element, "data-takes", takes.then_some(""));
    }
}

/// The tab under a point of the window, unless its page is the one shown.
pub fn under(point: Point) -> Option<TabElement> {
    #[allow(clippy::cast_precision_loss, reason = "pixels of a window")]
    let element = dom::document()?.element_from_point(point.x as f32, point.y as f32)?;
    TabElement::of(dom::closest(&element, "nav [data-page]")?).filter(|tab| !tab.is_shown())
}

/// All tabs in order, and the index of the one whose page is shown.
pub fn all() -> (Vec<TabElement>, usize) {
    let tabs: Vec<TabElement> = dom::document()
        .and_then(|document| document.query_selector_all("nav [data-page]").ok())
        .map(|list| {
            dom::all(&list).into_iter().filter_map(|tab| TabElement::of(tab.into())).collect()
        })
        .unwrap_or_default();
    let shown = tabs.iter().position(TabElement::is_shown).unwrap_or(0);
    (tabs, shown)
}
