//! A card that is held by keyboard: picked up, moved, widened, put down or put back; each step is said, and the focus stays on its handle.
//!
//! It begins and ends with a click on the handle: that is what Enter, the space bar and a screen reader's own command make.

use web_sys::{Element, Event};

use super::held::Held;
use super::tabs;
use super::words::say;
use super::{Hand, dom, keep, press, put_back, take};
use crate::places::{self, Way};
use crate::widths;

/// A card that is held by keyboard.
pub struct Picked {
    held: Held,
    /// The tab that would take it, counted from 0.
    tab: Option<usize>,
}

/// Somebody clicked.
pub fn clicked(event: &Event) {
    let handle = dom::target(event).and_then(|target| dom::around(&target, "[data-part=handle]"));
    let Some(handle) = handle.filter(|_| !press::was_drag()) else { return };
    match take() {
        Hand::Pick(picked) if picked.is_held_by(&handle) => picked.put_down(),
        hand => {
            keep(hand);
            put_back();
            pick_up(&handle);
        }
    }
}

/// The focus went away: so does the hand. Not when the whole window loses it, which says nothing about the card.
pub fn focus_left(event: &Event) {
    let stays = dom::document().is_some_and(|document| !document.has_focus().unwrap_or(true));
    match take() {
        Hand::Pick(picked)
            if !stays && dom::target(event).is_some_and(|left| picked.is_held_by(&left)) =>
        {
            picked.put_back();
        }
        hand => keep(hand),
    }
}

fn pick_up(handle: &Element) {
    let held = dom::around(handle, "[data-card]").and_then(Held::take);
    let Some(held) = held else { return };
    if let Some(handle) = held.handle() {
        let _ = handle.focus();
    }
    let picked = Picked { held, tab: None };
    picked.mark(true);
    let (position, total) = picked.position();
    say("picked", &[("card", &picked.held.title()), ("position", &position), ("total", &total)]);
    keep(Hand::Pick(picked));
}

impl Picked {
    /// Whether an element is what holds it.
    pub fn is_held_by(&self, element: &Element) -> bool {
        self.held.handle().is_some_and(|handle| *handle == *element)
    }

    /// Whether the page still shows it.
    pub fn is_there(&self) -> bool {
        self.held.is_there()
    }

    fn mark(&self, picked: bool) {
        dom::mark(&self.held.card, "data-held", picked.then_some("keyboard"));
        if let Some(handle) = self.held.handle() {
            dom::mark(&handle, "aria-pressed", Some(if picked { "true" } else { "false" }));
        }
    }

    /// Its place and how many there are, as they are said.
    fn position(&self) -> (String, String) {
        ((self.held.place() + 1).to_string(), self.held.total().to_string())
    }

    /// Sends it one way.
    pub fn go(mut self, way: Way) {
        self.look_at_tab(None);
        let rects = self.held.rects();
        let to = places::sent(&rects, self.held.place(), way);
        if let Some(to) = to {
            self.held.go(to, false);
        }
        let (position, total) = self.position();
        let row = places::rows(&self.held.rects()).get(self.held.place()).map_or(1, |row| row + 1);
        let key = if to.is_some() { "moved" } else { "edge" };
        let row = row.to_string();
        say(key, &[("position", &position), ("total", &total), ("row", &row)]);
        keep(Hand::Pick(self));
    }

    /// Makes it wider or narrower.
    pub fn resize(self, wider: bool) {
        let (now, smallest) = (self.held.size(), self.held.smallest());
        let step = if wider { widths::wider(now) } else { widths::narrower(now, smallest) };
        if let Some(step) = step {
            self.held.resize(step, false);
        }
        let now = step.unwrap_or(now);
        let key = if widths::wider(now).is_none() {
            "widest"
        } else if widths::narrower(now, smallest).is_none() {
            "narrowest"
        } else {
            "size"
        };
        say(key, &[("size", &now.to_string())]);
        keep(Hand::Pick(self));
    }

    /// Looks at the page before or after the one it would go to now.
    pub fn turn(mut self, on: bool) {
        let (tabs, shown) = tabs::all();
        let now = self.tab.unwrap_or(shown);
        let next = if on { Some(now + 1) } else { now.checked_sub(1) };
        let next = next.filter(|next| *next < tabs.len());
        match next.and_then(|next| tabs.get(next)) {
            None => say("no-page", &[]),
            Some(_) if next == Some(shown) => {
                self.look_at_tab(None);
                let (position, total) = self.position();
                say("this-page", &[("position", &position), ("total", &total)]);
            }
            Some(tab) => {
                self.look_at_tab(next);
                say("to-page", &[("page", &tab.name)]);
            }
        }
        keep(Hand::Pick(self));
    }

    fn look_at_tab(&mut self, tab: Option<usize>) {
        self.tab = tab;
        for (index, each) in tabs::all().0.iter().enumerate() {
            each.mark(tab == Some(index));
        }
    }

    /// Puts it down where it is, or on the page that was looked for.
    fn put_down(mut self) {
        let tab = self.tab.and_then(|tab| tabs::all().0.into_iter().nth(tab));
        self.look_at_tab(None);
        self.mark(false);
        if let Some(tab) = tab {
            self.held.save_on_page(&tab.page);
        } else if self.held.is_unchanged() {
            self.say_where("unchanged");
        } else {
            // The server says what was done.
            self.held.save();
        }
    }

    /// Puts it back where it was.
    pub fn put_back(mut self) {
        self.look_at_tab(None);
        self.mark(false);
        if self.held.is_there() {
            self.held.put_back();
            self.say_where("cancelled");
        }
    }

    fn say_where(&self, key: &str) {
        say(key, &[("card", &self.held.title()), ("position", &self.position().0)]);
    }
}
