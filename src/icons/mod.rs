//! The icons, from the open set Lucide, and the logo.
//!
//! A page carries a sprite with only the icons that it uses; each use is a `<use>` of its symbol.

use leptos::prelude::*;

use crate::markup::{Element, svg};

mod lucide;
pub mod weather;

/// An icon. A manifest names one by its id: `icon = "train"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    Warning,
    Train,
    Bus,
    Bike,
    Air,
    Weather,
    Water,
    Calendar,
    Car,
    Parking,
    Roadworks,
    Council,
    Waste,
    Energy,
    School,
    Health,
    Work,
    Money,
    Home,
    Library,
    News,
    /// Used for a widget whose manifest names no icon of this set.
    Door,
    Refresh,
    Settings,
    Earlier,
    Later,
    Wider,
    Narrower,
    Undo,
    Add,
    Search,
    Arrange,
    Done,
    Language,
    Clock,
    Waiting,
    Unavailable,
    Info,
    Place,
    Handle,
    Up,
    Down,
    Redo,
    History,
    Fold,
    Unfold,
    More,
    Look,
    Close,
    Heart,
    Star,
    People,
    Folder,
    Offline,
}

impl Icon {
    pub const ALL: [Icon; 54] = [
        Icon::Warning,
        Icon::Train,
        Icon::Bus,
        Icon::Bike,
        Icon::Air,
        Icon::Weather,
        Icon::Water,
        Icon::Calendar,
        Icon::Car,
        Icon::Parking,
        Icon::Roadworks,
        Icon::Council,
        Icon::Waste,
        Icon::Energy,
        Icon::School,
        Icon::Health,
        Icon::Work,
        Icon::Money,
        Icon::Home,
        Icon::Library,
        Icon::News,
        Icon::Door,
        Icon::Refresh,
        Icon::Settings,
        Icon::Earlier,
        Icon::Later,
        Icon::Wider,
        Icon::Narrower,
        Icon::Undo,
        Icon::Add,
        Icon::Search,
        Icon::Arrange,
        Icon::Done,
        Icon::Language,
        Icon::Clock,
        Icon::Waiting,
        Icon::Unavailable,
        Icon::Info,
        Icon::Place,
        Icon::Handle,
        Icon::Up,
        Icon::Down,
        Icon::Redo,
        Icon::History,
        Icon::Fold,
        Icon::Unfold,
        Icon::More,
        Icon::Look,
        Icon::Close,
        Icon::Heart,
        Icon::Star,
        Icon::People,
        Icon::Folder,
        Icon::Offline,
    ];

    /// The address of the symbol in the page: `#i-` and the id.
    pub fn address(self) -> &'static str {
        match self {
            Icon::Warning => "#i-warning",
            Icon::Train => "#i-train",
            Icon::Bus => "#i-bus",
            Icon::Bike => "#i-bike",
            Icon::Air => "#i-air",
            Icon::Weather => "#i-weather",
            Icon::Water => "#i-water",
            Icon::Calendar => "#i-calendar",
            Icon::Car => "#i-car",
            Icon::Parking => "#i-parking",
            Icon::Roadworks => "#i-roadworks",
            Icon::Council => "#i-council",
            Icon::Waste => "#i-waste",
            Icon::Energy => "#i-energy",
            Icon::School => "#i-school",
            Icon::Health => "#i-health",
            Icon::Work => "#i-work",
            Icon::Money => "#i-money",
            Icon::Home => "#i-home",
            Icon::Library => "#i-library",
            Icon::News => "#i-news",
            Icon::Door => "#i-door",
            Icon::Refresh => "#i-refresh",
            Icon::Settings => "#i-settings",
            Icon::Earlier => "#i-earlier",
            Icon::Later => "#i-later",
            Icon::Wider => "#i-wider",
            Icon::Narrower => "#i-narrower",
            Icon::Undo => "#i-undo",
            Icon::Add => "#i-add",
            Icon::Search => "#i-search",
            Icon::Arrange => "#i-arrange",
            Icon::Done => "#i-done",
            Icon::Language => "#i-language",
            Icon::Clock => "#i-clock",
            Icon::Waiting => "#i-waiting",
            Icon::Unavailable => "#i-unavailable",
            Icon::Info => "#i-info",
            Icon::Place => "#i-place",
            Icon::Handle => "#i-handle",
            Icon::Up => "#i-up",
            Icon::Down => "#i-down",
            Icon::Redo => "#i-redo",
            Icon::History => "#i-history",
            Icon::Fold => "#i-fold",
            Icon::Unfold => "#i-unfold",
            Icon::More => "#i-more",
            Icon::Look => "#i-look",
            Icon::Close => "#i-close",
            Icon::Heart => "#i-heart",
            Icon::Star => "#i-star",
            Icon::People => "#i-people",
            Icon::Folder => "#i-folder",
            Icon::Offline => "#i-offline",
        }
    }

    /// The id, as manifests write it.
    pub fn id(self) -> &'static str {
        &self.address()[3..]
    }

    /// The icon with this id; [`Icon::Door`] for any other.
    pub fn named(id: &str) -> Self {
        Icon::ALL.into_iter().find(|icon| icon.id() == id).unwrap_or(Icon::Door)
    }

    /// The `<svg>` that shows the icon. It is decoration: a text next to it has the meaning.
    pub fn draw(self) -> Element {
        let symbol = svg("use").with("href", self.address());
        svg("svg").class("i").with("aria-hidden", "true").child(symbol)
    }
}

/// A set of icons: those that a page uses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Icons(u64);

impl Icons {
    /// The icons that the body of a card may contain, also after a refresh in the browser.
    pub const IN_CARD_BODIES: [Icon; 6] =
        [Icon::Warning, Icon::Clock, Icon::Waiting, Icon::Unavailable, Icon::Settings, Icon::Info];

    pub fn with(self, icon: Icon) -> Self {
        Icons(self.0 | 1 << icon as u32)
    }

    pub fn with_all(self, icons: impl IntoIterator<Item = Icon>) -> Self {
        icons.into_iter().fold(self, Icons::with)
    }

    /// The sprite: a symbol for each icon.
    pub fn sprite(self) -> AnyView {
        let mut symbols = String::with_capacity(4096);
        for icon in Icon::ALL {
            if self.0 & 1 << icon as u32 != 0 {
                symbols.push_str("<symbol id=\"i-");
                symbols.push_str(icon.id());
                symbols.push_str("\" viewBox=\"0 0 24 24\">");
                symbols.push_str(lucide::shape(icon));
                symbols.push_str("</symbol>");
            }
        }
        view! { <svg class="sprite" aria-hidden="true" inner_html=symbols></svg> }.into_any()
    }
}

const _: () = assert!(Icon::ALL.len() <= 64, "`Icons` has 64 bits");

/// The logo: a front door ajar under its fanlight.
pub fn mark() -> AnyView {
    view! {
        <svg class="mark" viewBox="0 0 28 32" aria-hidden="true">
            <path class="frame" d="M3 31V14a11 11 0 0 1 22 0v17M3 14h22M14 14V3.5M14 14 6.3 6.3M14 14l7.7-7.7" />
            <path class="leaf" d="M7 30.5V17h2l9 2v11.5z" />
            <circle class="knob" cx="15.3" cy="25" r="1.2" />
        </svg>
    }
    .into_any()
}

/// A front door with the status code on it, for error pages.
pub fn closed_door(number: &str) -> Element {
    let path = |class, d| svg("path").class(class).with("d", d);
    let number = svg("text").with("x", "60").with("y", "104").text(number.to_owned());
    svg("svg")
        .class("closed")
        .with("viewBox", "0 0 120 152")
        .with("aria-hidden", "true")
        .child(path("leaf", "M20 148V68h80v80M32 116h22v22H32zM66 116h22v22H66z"))
        .child(path(
            "frame",
            "M10 149V60a50 50 0 0 1 100 0v89M10 60h100M60 60V10M60 60 24.6 24.6M60 60l35.4-35.4",
        ))
        .child(path("step", "M2 150h116"))
        .child(number)
        .child(svg("circle").class("knob").with("cx", "92").with("cy", "108").with("r", "3"))
}
