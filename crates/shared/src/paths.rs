//! Every address of the application. The patterns of the router are in `src/routes/mod.rs`; a test
//! there holds that they agree with [`PATTERNS`].

/// The first page of the board.
pub const BOARD: &str = "/";
/// The first page of the board, while it is arranged.
pub const BOARD_EDIT: &str = "/?edit";
/// `POST` adds a card.
pub const CARDS: &str = "/cards";
/// `POST` adds a page to the board.
pub const PAGES: &str = "/pages";
/// `POST` undoes the last change.
pub const UNDO: &str = "/undo";
/// `POST` redoes the last change that was undone.
pub const REDO: &str = "/redo";
/// The history of the board.
pub const HISTORY: &str = "/history";
/// The page to keep, share and take boards as files.
pub const SHARE: &str = "/share";
/// The board as a file.
pub const SHARE_BOARD: &str = "/share/board.json";
/// The board as a template: a file without personal values.
pub const SHARE_TEMPLATE: &str = "/share/template.json";
/// The pages of a template in a link, with the parameter [`TEMPLATE_IN_LINK`].
pub const SHARED_TEMPLATE: &str = "/share/template";
/// The parameter of [`SHARED_TEMPLATE`].
pub const TEMPLATE_IN_LINK: &str = "t";
/// `POST` shows the pages of a file.
pub const IMPORT: &str = "/import";
/// `POST` takes the pages of a file.
pub const IMPORT_TAKE: &str = "/import/take";
/// The questions about place and interests.
pub const WELCOME: &str = "/welcome";
/// `POST` sets the language.
pub const LANGUAGE: &str = "/language";
/// `POST` sets the colours, the density, the size and the form of the texts.
pub const APPEARANCE: &str = "/look";
/// Leads back after a choice that made a new guest, or says that the browser keeps no cookie.
pub const KEPT: &str = "/kept";
/// The dated things of all cards, by day.
pub const AGENDA: &str = "/agenda";
/// `POST` makes an agenda for other programs.
pub const AGENDA_FEEDS: &str = "/agenda/feeds";
/// The catalogue of widgets.
pub const CATALOGUE: &str = "/catalogue";
/// Quick find.
pub const FIND: &str = "/find";
/// The results of quick find as a fragment of HTML, for the dialog.
pub const FIND_LIST: &str = "/find?as=list";
/// The state of each service.
pub const SERVICES: &str = "/services";
/// The same as JSON.
pub const SERVICES_JSON: &str = "/services.json";
/// The outages and recoveries as an Atom feed.
pub const SERVICES_ATOM: &str = "/services.atom";
/// The privacy statement.
pub const PRIVACY: &str = "/privacy";
/// The board without anything to press, for a screen that hangs somewhere.
pub const WALL: &str = "/?wall";
/// `GET` asks, and `POST` erases everything that is kept of a citizen.
pub const FORGET: &str = "/forget";
/// The accessibility statement.
pub const ACCESSIBILITY: &str = "/accessibility";
/// The questions about appearance on the accessibility statement.
pub const ACCESSIBILITY_DISPLAY: &str = "/accessibility#display";
/// About Voordeur.
pub const ABOUT: &str = "/about";
/// The paragraph about making a widget.
pub const ABOUT_OWN_CARD: &str = "/about#own-card";
/// Liveness.
pub const HEALTHZ: &str = "/healthz";
/// Readiness.
pub const READYZ: &str = "/readyz";
/// Metrics for Prometheus.
pub const METRICS: &str = "/metrics";
/// The prefix of server functions.
pub const API: &str = "/api/";
/// The server function that draws a card anew.
pub const REFRESH_CARD: &str = "/api/refresh-card";
/// The files that pages load. The server adds the release of each as a segment.
pub const ASSETS: &str = "/pkg";
/// The style sheet.
pub const STYLE_SHEET: &str = "/pkg/voordeur.css";
/// The script that loads the browser's module.
pub const SCRIPT: &str = "/pkg/start.js";
/// The script of the page about the device.
pub const DEVICE_SCRIPT: &str = "/pkg/device.js";
/// The script that turns the pages of a wall.
pub const WALL_SCRIPT: &str = "/pkg/wall.js";
/// The script that starts the module for arranging cards, in the folder of [`SCRIPT`].
pub const ARRANGING_SCRIPT_FILE: &str = "arranging-start.js";

/// The patterns of the router that handlers answer, apart from static files.
pub const PATTERNS: [&str; 51] = [
    BOARD,
    AGENDA,
    AGENDA_FEEDS,
    "/agenda/feeds/{feed}/remove",
    "/agenda/{file}",
    CARDS,
    KEPT,
    "/cards/{card}/clear",
    "/cards/{card}/fold",
    "/cards/{card}/items",
    "/cards/{card}/look",
    "/cards/{card}/move",
    "/cards/{card}/place",
    "/cards/{card}/refresh",
    "/cards/{card}/remove",
    "/cards/{card}/resize",
    "/cards/{card}/settings",
    "/cards/{card}/tick",
    PAGES,
    "/pages/{page}",
    "/pages/{page}/move",
    "/pages/{page}/remove",
    UNDO,
    REDO,
    HISTORY,
    "/history/{number}",
    SHARE,
    SHARE_BOARD,
    SHARE_TEMPLATE,
    SHARED_TEMPLATE,
    IMPORT,
    IMPORT_TAKE,
    WELCOME,
    WELCOME_LOOK,
    LANGUAGE,
    APPEARANCE,
    CATALOGUE,
    "/catalogue/{widget}",
    FIND,
    SERVICES,
    SERVICES_JSON,
    SERVICES_ATOM,
    PRIVACY,
    FORGET,
    ACCESSIBILITY,
    ABOUT,
    HEALTHZ,
    READYZ,
    METRICS,
    "/api/{*function}",
    ASSETS,
];

/// The actions on a card: the last segment of its address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardAction {
    /// Adds an item to its list.
    AddItem,
    /// Removes the ticked items of its list.
    ClearItems,
    /// Folds or unfolds it.
    Fold,
    /// Looks up the value of a setting.
    LookUp,
    /// Moves it one step, or to an end of the page.
    Move,
    /// Puts it before another card or on another page; may resize it as well.
    Place,
    /// Asks its services again.
    Refresh,
    /// Removes it.
    Remove,
    /// Gives it another width.
    Resize,
    /// Shows or saves its settings.
    Settings,
    /// Ticks an item of its list, or makes it one that is to be done.
    Tick,
}

impl CardAction {
    /// Every action.
    pub const ALL: [CardAction; 11] = [
        CardAction::AddItem,
        CardAction::ClearItems,
        CardAction::Fold,
        CardAction::LookUp,
        CardAction::Move,
        CardAction::Place,
        CardAction::Refresh,
        CardAction::Remove,
        CardAction::Resize,
        CardAction::Settings,
        CardAction::Tick,
    ];

    /// The segment of the address.
    pub const fn segment(self) -> &'static str {
        match self {
            CardAction::AddItem => "items",
            CardAction::ClearItems => "clear",
            CardAction::Fold => "fold",
            CardAction::LookUp => "look",
            CardAction::Move => "move",
            CardAction::Place => "place",
            CardAction::Refresh => "refresh",
            CardAction::Remove => "remove",
            CardAction::Resize => "resize",
            CardAction::Settings => "settings",
            CardAction::Tick => "tick",
        }
    }
}

/// The address for an action on a card.
pub fn card(id: &str, action: CardAction) -> String {
    [CARDS, "/", id, "/", action.segment()].concat()
}

/// The card and the action that an address names; the inverse of [`card`]. The address may be
/// absolute.
pub fn parse_card(url: &str) -> Option<(&str, CardAction)> {
    let (rest, segment) = url.rsplit_once('/')?;
    let (collection, id) = rest.rsplit_once('/')?;
    let action = CardAction::ALL.into_iter().find(|action| action.segment() == segment)?;
    collection.ends_with(CARDS).then_some((id, action))
}

/// The agenda of one card, or of all.
pub fn agenda(card: Option<&str>) -> String {
    match card {
        Some(card) => [AGENDA, "?card=", card].concat(),
        None => AGENDA.to_owned(),
    }
}

/// The agenda for other programs, at the secret of a token.
pub fn agenda_file(secret: &str) -> String {
    [AGENDA, "/", secret, ".ics"].concat()
}

/// `POST` makes the address of an agenda void.
pub fn remove_agenda_feed(feed: &str) -> String {
    [AGENDA_FEEDS, "/", feed, "/remove"].concat()
}

/// The address of a page of the board; the first page has no id in it.
pub fn board(page: Option<&str>, editing: bool) -> String {
    match (page, editing) {
        (None, false) => BOARD.to_owned(),
        (None, true) => BOARD_EDIT.to_owned(),
        (Some(page), false) => ["/?page=", page].concat(),
        (Some(page), true) => ["/?page=", page, "&edit"].concat(),
    }
}

/// The wall with a page of the board; `None` for the first.
pub fn wall(page: Option<&str>, seconds: Option<u32>, paused: bool) -> String {
    let mut address = WALL.to_owned();
    if let Some(seconds) = seconds {
        address.push('=');
        address.push_str(&seconds.to_string());
    }
    if let Some(page) = page {
        address.push_str("&page=");
        address.push_str(page);
    }
    if paused {
        address.push_str("&pause");
    }
    address
}

/// `POST` changes the name and icon of a page of the board.
pub fn page(id: &str) -> String {
    [PAGES, "/", id].concat()
}

/// `POST` moves a page of the board.
pub fn move_page(id: &str) -> String {
    [PAGES, "/", id, "/move"].concat()
}

/// `POST` removes a page of the board.
pub fn remove_page(id: &str) -> String {
    [PAGES, "/", id, "/remove"].concat()
}

/// `POST` takes the board to the state after this change.
pub fn history(change: i64) -> String {
    [HISTORY, "/", &change.to_string()].concat()
}

/// The catalogue, to add a card to this page of the board.
pub fn catalogue(page: Option<&str>) -> String {
    match page {
        Some(page) => [CATALOGUE, "?page=", page].concat(),
        None => CATALOGUE.to_owned(),
    }
}

/// The places that complete what is typed in the welcome, as a fragment of HTML.
pub const WELCOME_LOOK: &str = "/welcome/look";

/// A value of `from` in [`card_settings`]: the settings are opened from a board that is being
/// arranged.
pub const FROM_EDITING: &str = "edit";
/// The card was just added, and needs settings.
pub const AFTER_ADDING: &str = "added";
/// The welcome was just answered, and this card needs one answer more.
pub const AFTER_WELCOME: &str = "welcome";

/// The settings of a card; `from` says where they are opened.
pub fn card_settings(card: &str, from: Option<&str>) -> String {
    let address = self::card(card, CardAction::Settings);
    match from {
        Some(from) => [&address, "?from=", from].concat(),
        None => address,
    }
}

/// The page of a widget, to add a card to this page of the board.
pub fn widget(id: &str, page: Option<&str>) -> String {
    match page {
        Some(page) => [CATALOGUE, "/", id, "?page=", page].concat(),
        None => [CATALOGUE, "/", id].concat(),
    }
}

/// The Atom feed in a language, by its BCP 47 tag.
pub fn services_atom(language: &str) -> String {
    [SERVICES_ATOM, "?lang=", language].concat()
}

/// Maximum length of an address to go back to, in bytes; far longer than any of our own.
const MAX_RETURN_PATH_BYTES: usize = 1_024;

/// The address to go back to after a change of language or appearance, from the path and query of
/// the page on which it was chosen. An address that only answers `POST` leads to the board; one
/// that is not a path of this server, or too long to be one, leads to `/`.
pub fn return_path(back: &str) -> &str {
    // Browsers drop tabs and line ends from an address, which could join what was apart (WHATWG
    // URL, section 4.4).
    let own = back.len() <= MAX_RETURN_PATH_BYTES
        && back.starts_with('/')
        && !back.starts_with("//")
        && !back.contains('\\');
    if !own || back.contains(char::is_control) {
        return BOARD;
    }
    let path = back.split_once('?').map_or(back, |(path, _)| path);
    match path {
        IMPORT | IMPORT_TAKE => SHARE,
        _ if path == CARDS || path.starts_with(PAGES) => BOARD,
        _ if path.starts_with(AGENDA_FEEDS) => AGENDA,
        _ if [UNDO, REDO, LANGUAGE, APPEARANCE, KEPT].iter().any(|post| path.starts_with(post)) => {
            BOARD
        }
        _ if path.strip_prefix(HISTORY).is_some_and(|rest| rest.starts_with('/')) => BOARD,
        _ if path.strip_prefix(CARDS).is_some_and(|rest| rest.starts_with('/'))
            && !path.ends_with("/settings") =>
        {
            BOARD_EDIT
        }
        _ => back,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_a_card_leads_back_to_card_and_action() {
        for action in CardAction::ALL {
            let address = card("x1", action);
            assert_eq!(parse_card(&address), Some(("x1", action)));
            let absolute = ["https://example.org", &address].concat();
            assert_eq!(parse_card(&absolute), Some(("x1", action)));
            let pattern = card("{card}", action);
            assert!(PATTERNS.contains(&&*pattern), "{pattern}");
        }
        assert_eq!(parse_card("/pages/x1/move"), None);
        assert_eq!(parse_card("/cards/x1/other"), None);
        assert_eq!(parse_card("/undo"), None);
    }

    #[test]
    fn built_addresses_match_the_patterns() {
        for address in [page("{page}"), move_page("{page}"), remove_page("{page}")] {
            assert!(PATTERNS.contains(&&*address), "{address}");
        }
        assert_eq!(history(3), "/history/3");
        assert_eq!(widget("{widget}", None), "/catalogue/{widget}");
        assert_eq!(widget("air", Some("work")), "/catalogue/air?page=work");
        assert_eq!(catalogue(Some("work")), "/catalogue?page=work");
        assert_eq!(board(Some("work"), true), "/?page=work&edit");
    }

    #[test]
    fn the_return_path_is_a_page_of_this_server() {
        for (back, path) in [
            ("/?page=2&edit", "/?page=2&edit"),
            ("/catalogue?q=gent", "/catalogue?q=gent"),
            ("/history", "/history"),
            ("/cards/one/settings", "/cards/one/settings"),
            ("/cards/one/move", "/?edit"),
            ("/cards", "/"),
            ("/undo", "/"),
            ("/pages/work/remove", "/"),
            ("/history/3", "/"),
            ("/look", "/"),
            ("/import", "/share"),
            ("/import/take", "/share"),
            ("", "/"),
            ("//example.org/", "/"),
            ("/\\example.org", "/"),
            ("https://example.org/", "/"),
            ("/\t/example.org", "/"),
            ("/ok\r\nx: y", "/"),
        ] {
            assert_eq!(return_path(back), path, "{back}");
        }
        let long = ["/find?q=", &"x".repeat(60_000)].concat();
        assert_eq!(return_path(&long), BOARD);
    }
}
