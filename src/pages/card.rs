//! The frame of a card: its heading, its buttons, and the body that the blocks fill.

use leptos::prelude::*;

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
            handle: locale.say("arranging-handle"),
        }
    }
}

/// What can be done with a card on a board.
pub(super) struct Handles {
    /// Whether it can go to the place before it.
    pub earlier: bool,
    /// Whether it can go to the place after it.
    pub later: bool,
    /// The next larger size.
    pub wider: Option<u8>,
    /// The next smaller size.
    pub narrower: Option<u8>,
    /// The narrowest size at which it can still be read.
    pub smallest: u8,
    /// Whether its widget asks anything of the citizen.
    pub has_settings: bool,
}

/// A card on a board.
pub(super) fn draw(
    face: CardFace,
    handles: Handles,
    words: &CardWords,
    editing: bool,
    revision: i64,
) -> AnyView {
    let card = face.card.clone();
    let title = face.title.clone();
    let state = face.state;
    let heading_id = format!("title-{card}");
    let refresh = view! {
        <button class="tool again" id=format!("refresh-{card}") data-action="refresh" title=words.refresh.clone()>
            {Icon::Refresh.draw()}
            <span class="vh">{words.refresh.clone()}</span>
            <span class="word">{words.again.clone()}</span>
            <span class="vh">": " {title.clone()}</span>
        </button>
    };
    let settings_id = format!("settings-{card}");
    let settings_page = format!("/cards/{card}/settings");
    let needs_settings = state == CardState::NeedsSettings;
    let act = match state {
        CardState::NeedsSettings if handles.has_settings => view! {
            <a class="button main act" id=(!editing).then(|| settings_id.clone()) href=settings_page.clone() data-action="settings" data-smooth>
                {words.fill_in.clone()}
                <span class="vh">": " {title.clone()}</span>
            </a>
        }
        .into_any(),
        CardState::Waiting => view! { <a class="act" href=if editing { "/?edit" } else { "/" }>{words.reload.clone()}</a> }.into_any(),
        _ => ().into_any(),
    };
    let tools = editing.then(|| {
        let tool = |id: &str, action: &'static str, path: &str, name: &'static str, value: Option<String>, icon: Icon, words: &str| {
            view! {
                <button
                    class="tool"
                    id=format!("{id}-{card}")
                    data-action=action
                    formaction=format!("/cards/{card}/{path}")
                    name=(!name.is_empty()).then_some(name)
                    disabled=value.is_none()
                    value=value.filter(|value| !value.is_empty())
                    title=words.to_owned()
                >
                    {icon.draw()}
                    <span class="vh">{words.to_owned()} ": " {title.clone()}</span>
                </button>
            }
            .into_any()
        };
        let size = |size: Option<u8>| size.map(|size| size.to_string());
        let direction = |can: bool, to: &str| can.then(|| to.to_owned());
        view! {
            <div class="tools">
                {tool("earlier", "move", "move", "direction", direction(handles.earlier, "earlier"), Icon::Earlier, &words.earlier)}
                {tool("later", "move", "move", "direction", direction(handles.later, "later"), Icon::Later, &words.later)}
                {tool("narrower", "resize", "resize", "size", size(handles.narrower), Icon::Narrower, &words.narrower)}
                {tool("wider", "resize", "resize", "size", size(handles.wider), Icon::Wider, &words.wider)}
                {handles
                    .has_settings
                    .then(|| {
                        view! {
                            <a class="tool" id=settings_id href=settings_page data-action="settings" data-smooth title=words.settings.clone()>
                                {Icon::Settings.draw()}
                                <span class="vh">{words.settings.clone()} ": " {title.clone()}</span>
                            </a>
                        }
                    })}
                {tool("remove", "remove", "remove", "", Some(String::new()), Icon::Waste, &words.remove)}
            </div>
        }
    });
    let handle = editing.then(|| arranging::handle(&card, &title, &words.handle));
    let heading = heading(&face, heading_id.clone(), handle);
    let smallest = editing.then_some(handles.smallest);
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
            aria-labelledby=heading_id
        >
            <form method="post" action=format!("/cards/{card}/refresh")>
                <input type="hidden" name="revision" value=revision />
                {editing.then(|| view! { <input type="hidden" name="editing" value="true" /> })}
                {heading}
                {(!needs_settings).then_some(refresh)}
                {tools}
            </form>
            <div data-part="body"><CardBody face=face /></div>
            {act}
        </article>
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
