//! The application state that handlers share.

mod background;
mod gauges;
mod snapshot_cache;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use voordeur_engine::Catalogue;

use crate::assets::Assets;
use crate::cards::CardService;
use crate::config::Config;
use crate::markup::Html;
use crate::middleware::{MiddlewareOptions, MiddlewareState, PublicUrl};
use crate::pages::privacy::DisclosedService;
use crate::pages::widget::WidgetSample;
use crate::paused::Paused;
use crate::registry::{Registry, RegistryError, RegistryEvent, Watcher};
use crate::server;
use crate::status::StatusBoard;
use crate::telemetry::{Metrics, MetricsExposure, Readiness};
use crate::tiers::Tiers;
use snapshot_cache::SnapshotCache;
use voordeur_store::{Store, StoreError};
use voordeur_upstream::{ApiKeys, HostPolicy, OpenError, Upstream, UpstreamOptions};
use voordeur_widget_api::{Language, Limits};
use voordeur_worker_pool::WorkerPool;

/// A shared handle to the application state.
#[derive(Clone)]
pub struct App(Arc<AppState>);

/// The application state.
pub struct AppState {
    /// The current catalogue.
    pub registry: Registry,
    /// The quality tier of each widget.
    pub tiers: Tiers,
    /// The pauses of the operator.
    pub paused: Paused,
    /// The only part that talks to services.
    pub upstream: Arc<Upstream>,
    /// Makes cards from widgets and responses.
    pub card_service: CardService,
    /// State of the HTTP middleware.
    pub middleware: Arc<MiddlewareState>,
    /// Boards and citizens.
    pub store: Store,
    /// The folder of `--site`.
    pub site: PathBuf,
    /// The files that browsers load.
    pub assets: Arc<Assets>,
    /// The operator's mail address or page.
    pub contact: Option<String>,
    /// The origin of `--public-url`.
    pub public_origin: Option<String>,
    /// The services that are reported as down.
    pub status_board: StatusBoard,
    /// When the application started.
    pub started_at: Timestamp,
    /// The data directory.
    pub data_dir: PathBuf,
    /// The metrics of this process.
    pub metrics: Metrics,
    /// The place where metrics are served.
    pub metrics_exposure: MetricsExposure,
    /// Whether a proxy should send requests here.
    pub readiness: Readiness,
    /// The data that is sent to each service, by language.
    pub disclosures: SnapshotCache<Language, Vec<DisclosedService>>,
    /// The part of a widget's page that shows its sample, by id and language.
    pub widget_samples: SnapshotCache<(String, Language), WidgetSample>,
    /// The pictures of all widgets in the catalogue, by id, for each language.
    pub widget_minis: SnapshotCache<Language, HashMap<String, Html>>,
}

impl std::ops::Deref for App {
    type Target = AppState;

    fn deref(&self) -> &AppState {
        &self.0
    }
}

/// The reason for which the application cannot start.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The data directory cannot be created.
    #[error("--data {dir}: cannot create the directory")]
    DataDir {
        /// The directory as given by the operator.
        dir: String,
        /// The error of the file system.
        source: std::io::Error,
    },
    /// The database cannot be opened.
    #[error("--data {dir}: cannot open the store")]
    Store {
        /// The directory as given by the operator.
        dir: String,
        /// The error of the store.
        source: StoreError,
    },
    /// The public URL is not an origin that a browser can send.
    #[error("--public-url: not an origin that a browser can send")]
    PublicUrl(#[from] tower_http::csrf::ConfigError),
    /// The part that talks to services cannot be opened.
    #[error(transparent)]
    Upstream(#[from] OpenError),
    /// The directories of `--widgets` cannot be read.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// The thread that checks the tiers of widgets cannot be started.
    #[error("cannot start the thread that checks tiers")]
    Tiers(#[source] std::io::Error),
    /// No widget is usable.
    #[error("the catalogue is empty")]
    EmptyCatalogue,
    /// The bundled time zone database lacks Brussels.
    #[error("the time zone Europe/Brussels is missing")]
    TimeZone(#[from] jiff::Error),
}

/// The declarations of manifests, and the pauses of the operator.
struct DeclaredHosts {
    registry: Registry,
    paused: Paused,
}

impl HostPolicy for DeclaredHosts {
    fn hosts_of_widget(&self, widget: &str) -> Option<Vec<String>> {
        self.registry.snapshot().get(widget).map(|widget| widget.manifest().hosts.clone())
    }

    fn limits_of_host(&self, host: &str) -> Limits {
        self.registry.snapshot().limits_of(host)
    }

    fn is_paused(&self, widget: &str, host: &str) -> bool {
        self.paused.is_paused(widget, host)
    }
}

impl App {
    /// Opens the store, the catalogue and the connection to services, and starts the background
    /// tasks.
    ///
    /// # Errors
    /// When one of them cannot be opened with the operator's options.
    pub async fn open(config: &Config) -> Result<Self, AppError> {
        let middleware = MiddlewareState::new(middleware_options(config))?;
        let dir = || config.data.display().to_string();
        std::fs::create_dir_all(&config.data)
            .map_err(|source| AppError::DataDir { dir: dir(), source })?;
        let (registry, watcher) = open_registry(config)?;
        let metrics = Metrics::install();
        let store = Store::open_with(&config.data, config.min_free_space)
            .await
            .map_err(|source| AppError::Store { dir: dir(), source })?;
        store.start_maintenance();
        let workers = WorkerPool::for_this_machine();
        let paused = Paused::open(&config.data);
        let hosts = DeclaredHosts { registry: registry.clone(), paused: paused.clone() };
        let upstream = open_upstream(config, hosts, Arc::clone(&workers))?;
        let card_service = CardService::new(Arc::clone(&upstream), workers)?;
        watcher.start()?;
        let state = Arc::new(AppState {
            registry,
            tiers: Tiers::start().map_err(AppError::Tiers)?,
            paused,
            upstream,
            card_service,
            middleware: Arc::new(middleware),
            store,
            site: config.site.clone(),
            assets: Arc::new(Assets::read(&config.site)),
            contact: config.contact.clone(),
            public_origin: config.public_url.as_ref().map(PublicUrl::origin),
            status_board: StatusBoard::default(),
            started_at: Timestamp::now(),
            data_dir: config.data.clone(),
            metrics,
            metrics_exposure: config.metrics,
            readiness: Readiness::default(),
            disclosures: SnapshotCache::default(),
            widget_samples: SnapshotCache::default(),
            widget_minis: SnapshotCache::default(),
        });
        background::start(&state);
        Ok(App(state))
    }

    /// Saves the health of services and closes the store. Call it after the last response.
    pub async fn close(&self) {
        self.upstream.health().save(true);
        self.store.close().await;
    }

    /// The current catalogue. A request takes it once, so that a page is consistent.
    pub fn catalogue(&self) -> Arc<Catalogue> {
        self.registry.snapshot()
    }
}

fn middleware_options(config: &Config) -> MiddlewareOptions {
    MiddlewareOptions {
        public_url: config.public_url.clone(),
        trusted_proxies: config.trusted_proxies.clone(),
        visits_per_minute: config.visits_per_minute,
        client_timeout: config.client_timeout(),
        max_connections: server::max_connections(),
    }
}

fn open_registry(config: &Config) -> Result<(Registry, Watcher), AppError> {
    let (embedded, errors) = Catalogue::embedded();
    for error in errors {
        tracing::error!(widget = error.id, reason = %error.error, "embedded widget rejected");
    }
    let (registry, watcher, events) = Watcher::open(embedded, &config.widgets)?;
    events.iter().for_each(RegistryEvent::log);
    if registry.snapshot().all().next().is_none() {
        return Err(AppError::EmptyCatalogue);
    }
    Ok((registry, watcher))
}

fn open_upstream(
    config: &Config,
    hosts: DeclaredHosts,
    workers: Arc<WorkerPool>,
) -> Result<Arc<Upstream>, OpenError> {
    let upstream = Upstream::open(UpstreamOptions {
        contact: config.contact.clone(),
        api_keys: ApiKeys::from_environment(),
        workers,
        ..UpstreamOptions::new(config.sources.clone(), config.data.join("answers"), Arc::new(hosts))
    })?;
    upstream.health().persist_to(&config.data.join("health.json"));
    Ok(upstream)
}
