//! Moving a card by keyboard: it is picked up, moved, resized, put down or put back. Each step is
//! announced, and the focus stays on the handle.
//!
//! A click on the handle picks the card up and puts it down: Enter, the space bar and screen
//! readers all produce clicks.

use web_sys::{Element, Event};

use super::announce::{say, width_in_words};
use super::arranged_card::ArrangedCard;
use super::tabs;
use super::{Interaction, cancel, dom, gesture, keep, take};
use crate::placement::{self, Direction};

/// A card that is picked up by keyboard.
pub struct KeyboardMove {
    card_in_hand: ArrangedCard,
    /// The index of the tab that would take the card.
    tab: Option<usize>,
}

pub fn clicked(event: &Event) {
    let handle = dom::target(event).and_then(|target| dom::closest(&target, "[data-part=handle]"));
    let Some(handle) = handle.filter(|_| !gesture::ends_drag(event)) else { return };
    match take() {
        Interaction::Keyboard(picked) if picked.is_held_by(&handle) => picked.put_down(),
        interaction => {
            keep(interaction);
            cancel();
            pick_up(&handle);
        }
    }
}

/// Puts the card down when the focus leaves the handle, but not when the whole window loses the
/// focus. The card stays where it is seen; Escape puts it back.
pub fn focus_left(event: &Event) {
    let stays = dom::document().is_some_and(|document| !document.has_focus().unwrap_or(true));
    match take() {
        Interaction::Keyboard(picked)
            if !stays && dom::target(event).is_some_and(|left| picked.is_held_by(&left)) =>
        {
            if picked.is_connected() {
                picked.put_down();
            } else {
                picked.cancel();
            }
        }
        interaction => keep(interaction),
    }
}

fn pick_up(handle: &Element) {
    let card_in_hand = dom::closest(handle, "[data-card]").and_then(ArrangedCard::take);
    let Some(card_in_hand) = card_in_hand else { return };
    if let Some(handle) = card_in_hand.handle() {
        let _ = handle.focus();
    }
    let picked = KeyboardMove { card_in_hand, tab: None };
    picked.mark(true);
    let (position, total) = picked.position();
    say(
        "picked",
        &[("card", &picked.card_in_hand.title()), ("position", &position), ("total", &total)],
    );
    keep(Interaction::Keyboard(picked));
}

impl KeyboardMove {
    /// Whether an element is the handle of this card.
    pub fn is_held_by(&self, element: &Element) -> bool {
        self.card_in_hand.handle().is_some_and(|handle| *handle == *element)
    }

    pub fn is_connected(&self) -> bool {
        self.card_in_hand.is_connected()
    }

    fn mark(&self, picked: bool) {
        dom::mark(&self.card_in_hand.card, "data-held", picked.then_some("keyboard"));
        if let Some(handle) = self.card_in_hand.handle() {
            dom::mark(&handle, "aria-pressed", Some(if picked { "true" } else { "false" }));
        }
    }

    /// The position of the card and the number of cards, as announced.
    fn position(&self) -> (String, String) {
        ((self.card_in_hand.place() + 1).to_string(), self.card_in_hand.total().to_string())
    }

    pub fn go(mut self, direction: Direction) {
        self.target_tab(None);
        let rects = self.card_in_hand.rects();
        let to = placement::keyboard_target(&rects, self.card_in_hand.place(), direction);
        if let Some(to) = to {
            self.card_in_hand.go(to, false);
        }
        let (position, total) = self.position();
        let key = if to.is_some() { "moved" } else { "edge" };
        say(key, &[("position", &position), ("total", &total)]);
        keep(Interaction::Keyboard(self));
    }

    pub fn resize(self, wider: bool) {
        let (now, smallest) = (self.card_in_hand.size(), self.card_in_hand.smallest());
        let step = if wider { now.wider() } else { now.narrower(smallest) };
        if let Some(step) = step {
            self.card_in_hand.resize(step, false);
        }
        let now = step.unwrap_or(now);
        let key = if now.wider().is_none() {
            "widest"
        } else if now.narrower(smallest).is_none() {
            "narrowest"
        } else {
            "size"
        };
        say(key, &[("size", &width_in_words(now.id()))]);
        keep(Interaction::Keyboard(self));
    }

    /// Targets the next or the previous page of the board.
    pub fn target_page(mut self, on: bool) {
        let (tabs, shown) = tabs::all();
        let now = self.tab.unwrap_or(shown);
        let next = if on { Some(now + 1) } else { now.checked_sub(1) };
        let next = next.filter(|next| *next < tabs.len());
        match next.and_then(|next| tabs.get(next)) {
            None => say("no-page", &[]),
            Some(_) if next == Some(shown) => {
                self.target_tab(None);
                let (position, total) = self.position();
                say("this-page", &[("position", &position), ("total", &total)]);
            }
            Some(tab) => {
                self.target_tab(next);
                say("to-page", &[("page", &tab.name)]);
            }
        }
        keep(Interaction::Keyboard(self));
    }

    fn target_tab(&mut self, tab: Option<usize>) {
        self.tab = tab;
        for (index, each) in tabs::all().0.iter().enumerate() {
            each.mark(tab == Some(index));
        }
    }

    /// Puts the card down where it is, or on the targeted page.
    fn put_down(mut self) {
        let tab = self.tab.and_then(|tab| tabs::all().0.into_iter().nth(tab));
        self.target_tab(None);
        self.mark(false);
        if let Some(tab) = tab {
            self.card_in_hand.save_on_page(&tab.page);
        } else if self.card_in_hand.is_unchanged() {
            self.say_where("unchanged");
        } else {
            // The server's response announces what was done.
            self.card_in_hand.save();
        }
    }

    pub fn cancel(mut self) {
        self.target_tab(None);
        self.mark(false);
        if self.card_in_hand.is_connected() {
            self.card_in_hand.cancel();
            self.say_where("cancelled");
        }
    }

    fn say_where(&self, key: &str) {
        say(key, &[("card", &self.card_in_hand.title()), ("position", &self.position().0)]);
    }
}
