//! What every handler can reach.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use leptos::prelude::LeptosOptions;
use voordeur_engine::Catalogue;

use crate::cards::CardService;
use crate::config::Config;
use crate::middleware::{MiddlewareState, PublicUrl};
use crate::registry::{Registry, RegistryError, RegistryEvent, Watcher};
use crate::status::StatusBoard;
use crate::telemetry::{Exposure, Metrics, Readiness, start_upkeep};
use crate::tiers::Tiers;
use voordeur_store::{Store, StoreError};
use voordeur_upstream::{ApiKeys, OpenError, Policy, Upstream};

/// The application, as the handlers see it.
#[derive(Clone)]
pub struct App(Arc<AppState>);

/// The rooms behind the handlers.
pub struct AppState {
    /// The present catalogue.
    pub registry: Registry,
    /// How well each widget was checked.
    pub tiers: Tiers,
    /// The only part that talks to services.
    pub upstream: Arc<Upstream>,
    /// Where cards are made.
    pub card_service: CardService,
    /// Who may come in.
    pub middleware: MiddlewareState,
    /// Where boards are kept.
    pub store: Store,
    /// Where the browser's part is.
    pub leptos_options: LeptosOptions,
    /// How to reach the operator.
    pub contact: Option<String>,
    /// How browsers reach it: scheme, host and port, when the operator said so.
    pub public_origin: Option<String>,
    /// What is known of each service beforehand.
    pub status_board: StatusBoard,
    /// When it was opened.
    pub started_at: Timestamp,
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
    type Target = AppState;

    fn deref(&self) -> &AppState {
        &self.0
    }
}

/// Why the application cannot start.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
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
        problem: StoreError,
    },
    /// How browsers reach the server.
    #[error("--public-url: {0}")]
    PublicUrl(#[from] tower_http::csrf::ConfigError),
    /// The hub.
    #[error(transparent)]
    Upstream(#[from] OpenError),
    /// The folders of `--widgets`.
    #[error(transparent)]
    Registry(#[from] RegistryError),
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

fn cause_of(problem: &StoreError) -> String {
    let cause = std::error::Error::source(problem);
    cause.map(|cause| format!(": {cause}")).unwrap_or_default()
}

impl App {
    /// Opens the rooms.
    ///
    /// # Errors
    /// What the operator has to mend.
    pub async fn open(config: &Config) -> Result<Self, AppError> {
        let middleware = MiddlewareState::new(config)?;
        std::fs::create_dir_all(&config.data)
            .map_err(|cause| AppError::Data { folder: config.data.display().to_string(), cause })?;
        let (embedded, problems) = Catalogue::embedded();
        for problem in problems {
            tracing::error!(widget = problem.id, reason = %problem.problem, "a widget is left out");
        }
        let (registry, watch, news) = Watcher::open(embedded, &config.widgets)?;
        news.iter().for_each(RegistryEvent::log);
        if registry.snapshot().all().next().is_none() {
            return Err(AppError::NoWidgets);
        }
        let metrics = Metrics::keep();
        let store = Store::open(&config.data).await.map_err(|problem| AppError::Store {
            folder: config.data.display().to_string(),
            problem,
        })?;
        store.start_upkeep();
        let upstream = Upstream::new(
            config.sources.clone(),
            &config.data.join("answers"),
            config.contact.as_deref(),
            ApiKeys::from_environment(),
            Policy::default(),
        )?;
        upstream.health().keep_in(&config.data.join("health.json"));
        let catalogue = registry.clone();
        upstream.follow_hosts(move |widget| {
            catalogue.snapshot().get(widget).map(|widget| widget.manifest().hosts.clone())
        });
        let catalogue = registry.clone();
        upstream.follow_limits(move |host| catalogue.snapshot().limits_of(host));
        let card_service = CardService::new(registry.clone(), Arc::clone(&upstream))?;
        watch.start()?;
        let options = LeptosOptions::builder()
            .output_name("voordeur")
            .site_root(config.site.to_string_lossy())
            .site_pkg_dir("pkg")
            .site_addr(config.addr)
            .build();
        let rooms = Arc::new(AppState {
            registry,
            tiers: Tiers::open().map_err(AppError::Tiers)?,
            upstream,
            card_service,
            middleware,
            store,
            leptos_options: options,
            contact: config.contact.clone(),
            public_origin: config.public_url.as_ref().map(PublicUrl::origin),
            status_board: StatusBoard::default(),
            started_at: Timestamp::now(),
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
        self.upstream.health().save(true);
        self.store.close().await;
    }

    /// All widgets that can be chosen now. A page takes it once, so that it is of one piece.
    pub fn catalogue(&self) -> Arc<Catalogue> {
        self.registry.snapshot()
    }
}
