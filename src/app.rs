//! What every handler can reach.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use leptos::prelude::LeptosOptions;
use voordeur_engine::Catalogue;

use crate::config::Config;
use crate::desk::Desk;
use crate::door::{Door, PublicUrl};
use crate::scoreboard::Scoreboard;
use crate::shelf::{News, Shelf, ShelfProblem, Watch};
use crate::telemetry::{Exposure, Metrics, Readiness, start_upkeep};
use crate::tiers::Tiers;
use voordeur_store::{Store, StoreProblem};
use voordeur_upstream::{Hub, HubProblem, Keys, Patience};

/// The application, as the handlers see it.
#[derive(Clone)]
pub struct App(Arc<Rooms>);

/// The rooms behind the handlers.
pub struct Rooms {
    /// The present catalogue.
    pub shelf: Shelf,
    /// How well each widget was checked.
    pub tiers: Tiers,
    /// The only part that talks to services.
    pub hub: Arc<Hub>,
    /// Where cards are made.
    pub desk: Desk,
    /// Who may come in.
    pub door: Door,
    /// Where boards are kept.
    pub store: Store,
    /// Where the browser's part is.
    pub options: LeptosOptions,
    /// How to reach the operator.
    pub contact: Option<String>,
    /// How browsers reach it: scheme, host and port, when the operator said so.
    pub public_origin: Option<String>,
    /// What is known of each service beforehand.
    pub scoreboard: Scoreboard,
    /// When it was opened.
    pub opened: Timestamp,
    /// The folder of the data.
    pub data: PathBuf,
    /// The figures of this process.
    pub metrics: Metrics,
    /// Who gets them.
    pub exposure: Exposure,
    /// Whether visitors should be sent here.
    pub readiness: Readiness,
}

impl std::ops::Deref for App {
    type Target = Rooms;

    fn deref(&self) -> &Rooms {
        &self.0
    }
}

/// Why the application cannot start.
#[derive(Debug, thiserror::Error)]
pub enum AppProblem {
    /// The folder of `--data`.
    #[error("--data {folder}: the folder cannot be used: {cause}")]
    Data {
        /// As the operator gave it.
        folder: String,
        /// What the system said.
        cause: std::io::Error,
    },
    /// The database in it.
    #[error("--data {folder}: {problem}{}", cause_of(.problem))]
    Store {
        /// As the operator gave it.
        folder: String,
        /// What the store said.
        problem: StoreProblem,
    },
    /// How browsers reach the server.
    #[error("--public-url: {0}")]
    PublicUrl(#[from] tower_http::csrf::ConfigError),
    /// The hub.
    #[error(transparent)]
    Hub(#[from] HubProblem),
    /// The folders of `--widgets`.
    #[error(transparent)]
    Shelf(#[from] ShelfProblem),
    /// The thread that examines widgets.
    #[error("widgets cannot be examined: {0}")]
    Tiers(std::io::Error),
    /// No widget can be used.
    #[error("the catalogue is empty")]
    NoWidgets,
    /// The bundled time zones.
    #[error("the zone of Brussels is missing: {0}")]
    Zone(#[from] jiff::Error),
}

fn cause_of(problem: &StoreProblem) -> String {
    let cause = std::error::Error::source(problem);
    cause.map(|cause| format!(": {cause}")).unwrap_or_default()
}

impl App {
    /// Opens the rooms.
    ///
    /// # Errors
    /// What the operator has to mend.
    pub async fn open(config: &Config) -> Result<Self, AppProblem> {
        let door = Door::new(config)?;
        std::fs::create_dir_all(&config.data).map_err(|cause| AppProblem::Data {
            folder: config.data.display().to_string(),
            cause,
        })?;
        let (embedded, problems) = Catalogue::embedded();
        for problem in problems {
            tracing::error!(widget = problem.id, reason = %problem.problem, "a widget is left out");
        }
        let (shelf, watch, news) = Watch::open(embedded, &config.widgets)?;
        news.iter().for_each(News::log);
        if shelf.now().all().next().is_none() {
            return Err(AppProblem::NoWidgets);
        }
        let metrics = Metrics::keep();
        let store = Store::open(&config.data).await.map_err(|problem| AppProblem::Store {
            folder: config.data.display().to_string(),
            problem,
        })?;
        store.start_upkeep();
        let hub = Hub::new(
            config.sources.clone(),
            &config.data.join("answers"),
            config.contact.as_deref(),
            Keys::from_environment(),
            Patience::default(),
        )?;
        hub.health().keep_in(&config.data.join("health.json"));
        let named = shelf.clone();
        hub.follow_hosts(move |widget| {
            named.now().get(widget).map(|widget| widget.manifest().hosts.clone())
        });
        let named = shelf.clone();
        hub.follow_limits(move |host| named.now().limits_of(host));
        let desk = Desk::new(shelf.clone(), Arc::clone(&hub))?;
        watch.start()?;
        let options = LeptosOptions::builder()
            .output_name("voordeur")
            .site_root(config.site.to_string_lossy())
            .site_pkg_dir("pkg")
            .site_addr(config.addr)
            .build();
        let rooms = Arc::new(Rooms {
            shelf,
            tiers: Tiers::open().map_err(AppProblem::Tiers)?,
            hub,
            desk,
            door,
            store,
            options,
            contact: config.contact.clone(),
            public_origin: config.public_url.as_ref().map(PublicUrl::origin),
            scoreboard: Scoreboard::default(),
            opened: Timestamp::now(),
            data: config.data.clone(),
            metrics,
            exposure: config.metrics,
            readiness: Readiness::default(),
        });
        start_upkeep(&rooms);
        Ok(App(rooms))
    }

    /// Writes what is kept in memory, and ends what is running in the store. Called once nobody is answered any more.
    pub async fn close(&self) {
        self.hub.health().save(true);
        self.store.close().await;
    }

    /// All widgets that can be chosen now. A page takes it once, so that it is of one piece.
    pub fn catalogue(&self) -> Arc<Catalogue> {
        self.shelf.now()
    }
}
