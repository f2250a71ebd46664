//! Two pictures of a card that two tabs changed, to choose from.

use leptos::prelude::*;

use crate::blocks::DrawnCard;
use crate::icons::Icon;
use crate::pages::card::draw_preview;
use crate::pages::notice::{NoticeAction, draw_action, draw_keep};

/// What there is to choose from.
pub struct Choice {
    /// What happened.
    pub title: String,
    /// What to do.
    pub text: String,
    /// The card as it is.
    pub now: Picture,
    /// The card as the citizen wanted it.
    pub wished: Picture,
    /// The words and the address of what leaves it as it is.
    pub keep: (String, String),
    /// What makes it as the citizen wanted.
    pub take: NoticeAction,
}

/// A picture of a card.
pub struct Picture {
    /// Which of the two it is.
    pub heading: String,
    /// What differs from the other, in words.
    pub lines: Vec<String>,
    /// The card; nothing when it is not on the board.
    pub card: Option<PicturedCard>,
}

/// A card in a picture.
pub struct PicturedCard {
    /// The id that it has there: the card itself may stand on the same page.
    pub id: String,
    /// Columns of twelve.
    pub size: u8,
    /// What it shows.
    pub drawn: DrawnCard,
}

impl Choice {
    /// The icons of its pictures.
    pub(super) fn icons(&self) -> impl Iterator<Item = Icon> {
        let cards = self.now.card.iter().chain(&self.wished.card);
        cards.map(|card| Icon::named(&card.drawn.view_model.icon))
    }
}

/// Draws both, each with its button.
pub(super) fn draw(choice: Choice) -> AnyView {
    let keep = draw_keep(choice.keep);
    view! {
        <section class="choice" aria-labelledby="choice-title">
            <div class="notice" id="notice" data-part="notice" data-tone="problem" role="alert" tabindex="-1" autofocus>
                <h2 id="choice-title">{choice.title}</h2>
                <p>{choice.text}</p>
            </div>
            <div class="versions">
                {draw_picture(choice.now, keep)} {draw_picture(choice.wished, draw_action(choice.take))}
            </div>
        </section>
    }
    .into_any()
}

fn draw_picture(picture: Picture, button: AnyView) -> AnyView {
    let lines = picture.lines.into_iter().map(|line| view! { <li>{line}</li> }).collect::<Vec<_>>();
    view! {
        <div class="version">
            <h3>{picture.heading}</h3>
            <ul>{lines}</ul>
            {picture.card.map(|card| draw_preview(&card.id, card.size, &card.drawn))}
            {button}
        </div>
    }
    .into_any()
}
