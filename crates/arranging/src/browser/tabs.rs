//! The tabs of the board's pages: what a card is put on to go to another page.

use web_sys::Element;

use super::dom;
use crate::press::Spot;

/// A page of the board.
pub struct Tab {
    element: Element,
    /// Its id.
    pub page: String,
    /// Its name.
    pub name: String,
}

impl Tab {
    fn of(element: Element) -> Option<Tab> {
        let page = element.get_attribute("data-page")?;
        let name = element.text_content().unwrap_or_default().trim().to_owned();
        Some(Tab { element, page, name })
    }

    fn is_shown(&self) -> bool {
        let current = "[aria-current]";
        self.element.matches(current).unwrap_or(false)
            || dom::first(&self.element, current).is_some()
    }

    /// Shows that a card would go here, or not any more.
    pub fn mark(&self, takes: bool) {
        dom::mark(&self.element, "data-takes", takes.then_some(""));
    }
}

/// The tab under a pointer, unless it is that of the page that is shown.
pub fn under(spot: Spot) -> Option<Tab> {
    #[allow(clippy::cast_precision_loss, reason = "pixels of a window")]
    let element = dom::document()?.element_from_point(spot.x as f32, spot.y as f32)?;
    Tab::of(dom::around(&element, "nav [data-page]")?).filter(|tab| !tab.is_shown())
}

/// All tabs in order, and which of them is shown.
pub fn all() -> (Vec<Tab>, usize) {
    let tabs: Vec<Tab> = dom::document()
        .and_then(|document| document.query_selector_all("nav [data-page]").ok())
        .map(|list| dom::all(&list).into_iter().filter_map(|tab| Tab::of(tab.into())).collect())
        .unwrap_or_default();
    let shown = tabs.iter().position(Tab::is_shown).unwrap_or(0);
    (tabs, shown)
}
