//! Two versions of a card that was changed in two tabs, to choose from.

use leptos::prelude::*;
use voordeur_shared::CardWidth;

use crate::blocks::DrawnCard;
use crate::icons::Icon;
use crate::pages::card::draw_preview;
use crate::pages::notice::{NoticeAction, draw_action, draw_keep};

/// The two versions of a card, and the buttons to choose one.
pub struct ConflictChoice {
    pub title: String,
    pub text: String,
    pub now: CardVersion,
    /// The card with the citizen's edit applied.
    pub wished: CardVersion,
    /// Label and address of the link that keeps the card as it is.
    pub keep: (String, String),
    /// The button that applies the citizen's edit.
    pub take: NoticeAction,
}

/// One version of a card.
pub struct CardVersion {
    pub heading: String,
    /// The differences from the other version.
    pub lines: Vec<String>,
    /// `None` when the card is not on the board.
    pub card: Option<PreviewCard>,
}

pub struct PreviewCard {
    /// The id in this preview: the card itself may be on the same page.
    pub id: String,
    pub size: CardWidth,
    pub drawn: DrawnCard,
}

impl ConflictChoice {
    pub(super) fn icons(&self) -> impl Iterator<Item = Icon> {
        let cards = self.now.card.iter().chain(&self.wished.card);
        cards.map(|card| Icon::named(&card.drawn.view_model.icon))
    }
}

pub(super) fn draw(choice: ConflictChoice) -> AnyView {
    let keep = draw_keep(choice.keep);
    view! {
        <section class="choice" aria-labelledby="choice-title">
            <div class="notice" id="notice" data-part="notice" data-tone="problem" role="alert" tabindex="-1" autofocus>
                <h2 id="choice-title">{choice.title}</h2>
                <p>{choice.text}</p>
            </div>
            <div class="versions">
                {draw_version(choice.now, keep)} {draw_version(choice.wished, draw_action(choice.take))}
            </div>
        </section>
    }
    .into_any()
}

fn draw_version(preview: CardVersion, button: AnyView) -> AnyView {
    let lines = preview.lines.into_iter().map(|line| view! { <li>{line}</li> }).collect::<Vec<_>>();
    view! {
        <div class="version">
            <h3>{preview.heading}</h3>
            <ul>{lines}</ul>
            {preview.card.map(|card| draw_preview(&card.id, card.size, &card.drawn))}
            {button}
        </div>
    }
    .into_any()
}
