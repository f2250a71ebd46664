//! What runs in the browser: `changes` sends forms and follows links without a reload, `cards` asks for cards again.

mod cards;
mod changes;
mod dom;

/// Brings the page to life. Called once, when the island hydrates.
pub fn start(lost: String) {
    changes::listen(lost);
    cards::keep_fresh();
}
