//! The modules of the browser's part: `navigation` sends forms and follows links without a reload;
//! `page` replaces the parts of the page; `outbox` is the queue of edits that the server has not
//! confirmed yet, and `optimistic` shows their effect meanwhile; `cards` refreshes cards; `redraw`
//! draws all of them anew when their day is over; both replace `card_content`; `lanes` places the
//! cards; `lookup` is the combobox of settings; `find` is the dialog of quick find; `menus` closes
//! menus; `arranging` loads the module that moves cards.

mod arranging;
mod card_content;
mod cards;
mod dom;
mod find;
mod lanes;
mod lookup;
mod menus;
mod navigation;
mod optimistic;
mod outbox;
mod page;
mod redraw;
mod today;

/// Starts everything. Called once, when the module is loaded.
pub fn start() {
    navigation::listen();
    lookup::listen();
    find::listen();
    menus::listen();
    outbox::start();
    cards::keep_fresh();
    arranging::load_when_needed();
}
