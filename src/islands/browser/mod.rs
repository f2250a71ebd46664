//! What runs in the browser: `changes` sends forms and follows links without a reload, `page` puts what arrives in the place of what is there, `cards` asks for cards again, `lookup` shows what can be chosen as somebody types, `find` is the dialog of quick find.

mod cards;
mod changes;
mod dom;
mod find;
mod lookup;
mod page;

/// Brings the page to life. Called once, when the island hydrates.
pub fn start(lost: String) {
    changes::listen(lost);
    lookup::listen();
    find::listen();
    cards::keep_fresh();
}
