//! What runs in the browser: `changes` sends forms and follows links without a reload, `page` puts what arrives in the place of what is
//! there, `outbox` keeps edits until the server has answered them and `optimistic` shows meanwhile what they will do, `cards` asks for cards
//! again, `lookup` shows what can be chosen as somebody types, `find` is the dialog of
//! quick find, `arranging` loads what moves cards.

mod arranging;
mod cards;
mod changes;
mod dom;
mod find;
mod lookup;
mod optimistic;
mod outbox;
mod page;

/// Brings the page to life. Called once, when the island hydrates.
pub fn start(lost: String) {
    changes::listen(lost);
    lookup::listen();
    find::listen();
    outbox::start();
    cards::keep_fresh();
    arranging::load_when_needed();
}
