//! The frame of a card: its heading, its buttons, and the body that the blocks fill.

use leptos::prelude::*;

use super::board::PlacedCard;
use super::sending::Sending;
use super::{arch, arranging};
use crate::blocks::CardBody;
use crate::face::{CardFace, CardState};
use crate::icons::Icon;
use crate::locale::Locale;

/// The words on the buttons of cards, looked up once for a whole board.
pub(super) struct CardWords {
    refresh: String,
    again: String,
    reload: String,
    settings: String,
    fill_in: String,
    earlier: String,
    later: String,
    wider: String,
    narrower: String,
    remove: String,
    more: String,
    up: String,
    down: String,
    first: String,
    last: String,
    fold: String,
    unfold: String,
    page: String,
    to_page: String,
    handle: String,
}

impl CardWords {
    pub(super) fn new(locale: Locale) -> Self {
        CardWords {
            refresh: locale.say("card-refresh"),
            again: locale.say("card-again"),
            reload: locale.say("card-reload"),
            settings: locale.say("card-settings"),
            fill_in: locale.say("card-fill-in"),
            earlier: locale.say("card-earlier"),
            later: locale.say("card-later"),
            wider: locale.say("card-wider"),
            narrower: locale.say("card-narrower"),
            remove: locale.say("card-remove"),
            more: locale.say("card-more"),
            up: locale.say("card-up"),
            down: locale.say("card-down"),
            first: locale.say("card-first"),
            last: locale.say("card-last"),
            fold: locale.say("card-fold"),
            unfold: locale.say("card-unfold"),
            page: locale.say("card-page"),
            to_page: locale.say("card-to-page"),
            handle: locale.say("arranging-handle"),
        }
    }
}

/// Another page of the board, to move a card to.
pub(super) struct OtherPage {
    pub id: String,
    pub name: String,
}

/// A card on a board.
pub(super) fn draw(
    placed: PlacedCard,
    words: &CardWords,
    others: &[OtherPage],
    sending: &Sending,
) -> AnyView {
    let editing = sending.editing;
    let face = &placed.face;
    let (card, title, state) = (face.card.clone(), face.title.clone(), face.state);
    let heading_id = format!("title-{card}");
    let refresh = view! {
        <button class="tool again" id=format!("refresh-{card}") data-action="refresh" title=words.refresh.clone()>
            {Icon::Refresh.draw()}
            <span class="vh">{words.refresh.clone()}</span>
            <span class="word">{words.again.clone()}</span>
            <span class="vh">": " {title.clone()}</span>
        </button>
    };
    let needs_settings = state == CardState::NeedsSettings;
    let settings_page = format!("/cards/{card}/settings");
    let act = match state {
        CardState::NeedsSettings if placed.has_settings => view! {
            <a class="button main act" id=(!editing).then(|| format!("settings-{card}")) href=settings_page data-action="settings" data-smooth>
                {words.fill_in.clone()}
                <span class="vh">": " {title.clone()}</span>
            </a>
        }
        .into_any(),
        CardState::Waiting => view! { <a class="act" href=sending.address()>{words.reload.clone()}</a> }.into_any(),
        _ => ().into_any(),
    };
    let tool = |tool: Tool| draw_tool(&card, &title, tool);
    let folded = placed.folded;
    let fold = tool(Tool {
        id: "fold",
        action: "fold",
        path: "fold",
        name: "folded",
        value: Some((!folded).to_string()),
        icon: Some(if folded { Icon::Unfold } else { Icon::Fold }),
        words: if folded { &words.unfold } else { &words.fold },
    });
    let tools = editing.then(|| draw_tools(&placed, words, others, &tool));
    let handle = editing.then(|| arranging::handle(&card, &title, &words.handle));
    let heading = heading(face, heading_id.clone(), handle);
    let smallest = editing.then_some(placed.smallest);
    let (widget, theme, size, pace, sample) =
        (face.widget.clone(), face.theme.clone(), face.size, face.again_in, face.sample.is_some());
    view! {
        <article
            class="card"
            id=format!("card-{card}")
            data-card=card.clone()
            data-widget=widget
            data-state=state.id()
            data-size=size
            data-smallest=smallest
            data-pace=pace
            data-theme=theme
            data-sample=sample
            data-folded=folded
            aria-labelledby=heading_id
        >
            <form method="post" action=format!("/cards/{card}/refresh")>
                {sending.draw()}
                {heading}
                {(!needs_settings).then_some(refresh)}
                {fold}
                {tools}
            </form>
            <div data-part="body"><CardBody face=placed.face /></div>
            {act}
        </article>
    }
    .into_any()
}

/// A button of a card: a form of its own in the form of the card.
struct Tool<'a> {
    /// The beginning of its id.
    id: &'static str,
    /// For `data-action`.
    action: &'static str,
    /// Where it is posted, below the card.
    path: &'static str,
    /// The name of what it sends; may be empty.
    name: &'static str,
    /// What it sends; nothing when it cannot be pressed.
    value: Option<String>,
    /// Without one its words are shown.
    icon: Option<Icon>,
    words: &'a str,
}

fn draw_tool(card: &str, title: &str, tool: Tool<'_>) -> AnyView {
    let Tool { id, action, path, name, value, icon, words } = tool;
    let label = match icon {
        Some(icon) => view! { {icon.draw()} <span class="vh">{words.to_owned()} ": " {title.to_owned()}</span> }.into_any(),
        None => view! { <span>{words.to_owned()}</span> <span class="vh">": " {title.to_owned()}</span> }.into_any(),
    };
    view! {
        <button
            class=if id == "fold" { "tool fold" } else { "tool" }
            id=format!("{id}-{card}")
            data-action=action
            formaction=format!("/cards/{card}/{path}")
            name=(!name.is_empty()).then_some(name)
            disabled=value.is_none()
            value=value.filter(|value| !value.is_empty())
            title=icon.is_some().then(|| words.to_owned())
        >
            {label}
        </button>
    }
    .into_any()
}

/// What can be done with a card while the board is being arranged.
fn draw_tools(
    placed: &PlacedCard,
    words: &CardWords,
    others: &[OtherPage],
    draw: &dyn Fn(Tool) -> AnyView,
) -> AnyView {
    let card = &placed.face.card;
    let title = &placed.face.title;
    let moving = |id: &'static str, possible: bool, icon: Option<Icon>, words: &str| {
        let value = possible.then(|| id.to_owned());
        draw(Tool { id, action: "move", path: "move", name: "direction", value, icon, words })
    };
    let sizing = |id: &'static str, size: Option<u8>, icon: Icon, words: &str| {
        let icon = Some(icon);
        let value = size.map(|size| size.to_string());
        draw(Tool { id, action: "resize", path: "resize", name: "size", value, icon, words })
    };
    let settings = placed.has_settings.then(|| {
        view! {
            <a
                class="tool"
                id=format!("settings-{card}")
                href=format!("/cards/{card}/settings")
                data-action="settings"
                data-smooth
                title=words.settings.clone()
            >
                {Icon::Settings.draw()}
                <span class="vh">{words.settings.clone()} ": " {title.clone()}</span>
            </a>
        }
    });
    let remove = draw(Tool {
        id: "remove",
        action: "remove",
        path: "remove",
        name: "",
        value: Some(String::new()),
        icon: Some(Icon::Waste),
        words: &words.remove,
    });
    let to_page = (!others.is_empty()).then(|| {
        let options = others
            .iter()
            .map(|page| view! { <option value=page.id.clone()>{page.name.clone()}</option> })
            .collect::<Vec<_>>();
        view! {
            <div class="to-page">
                <label for=format!("page-of-{card}")>{words.page.clone()}</label>
                <select id=format!("page-of-{card}") name="to">{options}</select>
                <button class="button" id=format!("to-page-{card}") data-action="move" formaction=format!("/cards/{card}/place")>
                    {words.to_page.clone()}
                    <span class="vh">": " {title.clone()}</span>
                </button>
            </div>
        }
    });
    view! {
        <div class="tools">
            {moving("earlier", placed.earlier, Some(Icon::Earlier), &words.earlier)}
            {moving("later", placed.later, Some(Icon::Later), &words.later)}
            {sizing("narrower", placed.narrower, Icon::Narrower, &words.narrower)}
            {sizing("wider", placed.wider, Icon::Wider, &words.wider)} {settings}
            <details class="more">
                <summary class="tool" id=format!("more-{card}") title=words.more.clone()>
                    {Icon::More.draw()}
                    <span class="vh">{words.more.clone()} ": " {title.clone()}</span>
                </summary>
                <div>
                    <div class="moves">
                        {moving("up", placed.up, None, &words.up)}
                        {moving("down", placed.down, None, &words.down)}
                        {moving("first", placed.earlier, None, &words.first)}
                        {moving("last", placed.later, None, &words.last)}
                    </div>
                    {to_page}
                </div>
            </details>
            {remove}
        </div>
    }
    .into_any()
}

/// A card as an example of its widget: nothing can be done with it.
pub(crate) fn draw_preview(face: CardFace) -> AnyView {
    let heading_id = format!("title-{}", face.card);
    let heading = heading(&face, heading_id.clone(), None);
    let (widget, theme, state, size, sample) =
        (face.widget.clone(), face.theme.clone(), face.state, face.size, face.sample.is_some());
    view! {
        <article
            class="card"
            data-widget=widget
            data-state=state.id()
            data-size=size
            data-theme=theme
            data-sample=sample
            aria-labelledby=heading_id
        >
            {heading} <div data-part="body"><CardBody face=face /></div>
        </article>
    }
    .into_any()
}

fn heading(face: &CardFace, id: String, handle: Option<AnyView>) -> AnyView {
    view! {
        <header>
            {handle} {arch(&face.icon)} <div>
                <h2 id=id tabindex="-1">{face.title.clone()}</h2>
                {face.about.clone().map(|about| view! { <p lang=about.lang>{about.text}</p> })}
            </div>
        </header>
    }
    .into_any()
}
