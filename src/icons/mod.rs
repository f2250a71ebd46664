//! The icons: one open set, Lucide, and a mark of our own.
//!
//! A page carries a sprite of just the icons that it uses; each use is a `<use>` of its symbol. The browser needs only the names.

#[cfg(feature = "ssr")]
use leptos::prelude::*;

use crate::markup::{Element, svg};

#[cfg(feature = "ssr")]
mod lucide;

/// An icon. A manifest names one by its id: `icon = "train"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// A warning.
    Warning,
    /// Trains.
    Train,
    /// Buses and trams.
    Bus,
    /// Bicycles.
    Bike,
    /// The air.
    Air,
    /// The weather.
    Weather,
    /// Rivers and bathing water.
    Water,
    /// Dated things.
    Calendar,
    /// A vehicle.
    Car,
    /// Parking.
    Parking,
    /// Road works.
    Roadworks,
    /// Council and law.
    Council,
    /// Waste; also what removes something.
    Waste,
    /// Power and gas.
    Energy,
    /// School.
    School,
    /// Health.
    Health,
    /// Work.
    Work,
    /// Money.
    Money,
    /// House and street.
    Home,
    /// Libraries.
    Library,
    /// News.
    RegistryEvent,
    /// Any widget whose manifest names no icon of this set.
    MiddlewareState,
    /// Ask again.
    Refresh,
    /// Settings.
    Settings,
    /// Put earlier on the board.
    Earlier,
    /// Put later on the board.
    Later,
    /// Make wider.
    Wider,
    /// Make narrower.
    Narrower,
    /// Undo.
    Undo,
    /// Add.
    Add,
    /// Search.
    Search,
    /// Arrange the board.
    Arrange,
    /// Done.
    Done,
    /// Language.
    Language,
    /// Older than it should be.
    Clock,
    /// Asked, not answered yet.
    Waiting,
    /// Nothing to show.
    Unavailable,
    /// A remark.
    Info,
    /// A place.
    Place,
    /// What a card is dragged by.
    Handle,
    /// Put a row higher.
    Up,
    /// Put a row lower.
    Down,
    /// Redo.
    Redo,
    /// What was changed.
    History,
    /// Fold a card.
    Fold,
    /// Unfold a card.
    Unfold,
    /// More that can be done.
    More,
    /// How the pages look.
    Look,
    /// Close.
    Close,
    /// What somebody cares about.
    Heart,
    /// What matters most.
    Star,
    /// People.
    People,
    /// Things kept together.
    Folder,
    /// The server cannot be reached.
    Offline,
}

impl Icon {
    /// All icons.
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
        Icon::RegistryEvent,
        Icon::MiddlewareState,
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

    /// The address of its symbol in the page; the id follows the `#i-`.
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
            Icon::RegistryEvent => "#i-news",
            Icon::MiddlewareState => "#i-door",
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

    /// The id: what a manifest writes.
    pub fn id(self) -> &'static str {
        &self.address()[3..]
    }

    /// The icon with this id; the door for any other.
    pub fn named(id: &str) -> Self {
        Icon::ALL.into_iter().find(|icon| icon.id() == id).unwrap_or(Icon::MiddlewareState)
    }

    /// The `<svg>` that shows it. It is decoration: what it means stands in words beside it.
    pub fn draw(self) -> Element {
        let symbol = svg("use").with("href", self.address());
        svg("svg").class("i").with("aria-hidden", "true").child(symbol)
    }
}

/// The icons that a page uses.
#[cfg(feature = "ssr")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Icons(u64);

#[cfg(feature = "ssr")]
impl Icons {
    /// What a card's body may show: in the browser too, where a card can change after the page was drawn.
    pub const OF_BODIES: [Icon; 6] =
        [Icon::Warning, Icon::Clock, Icon::Waiting, Icon::Unavailable, Icon::Settings, Icon::Info];

    /// With this one too.
    pub fn with(self, icon: Icon) -> Self {
        Icons(self.0 | 1 << icon as u32)
    }

    /// With these too.
    pub fn with_all(self, icons: impl IntoIterator<Item = Icon>) -> Self {
        icons.into_iter().fold(self, Icons::with)
    }

    /// The sprite: a symbol for each.
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

#[cfg(feature = "ssr")]
const _: () = assert!(Icon::ALL.len() <= 64, "a set of icons is kept in 64 bits");

/// The mark: a front door that stands ajar under its fanlight.
#[cfg(feature = "ssr")]
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

/// A front door with a number: what stands where there is nothing behind an address.
#[cfg(feature = "ssr")]
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
