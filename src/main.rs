//! The server and its command line.

use std::io;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use tokio::net::TcpListener;
use voordeur::app::{App, AppError};
use voordeur::cli::{self, Cli, Command};
use voordeur::config::Config;
use voordeur::console;
use voordeur::error::with_sources;
use voordeur::middleware::SharedPool;
use voordeur::routes;
use voordeur::server::{self, Limits};
use voordeur::telemetry::{LogFormat, MetricsExposure, start_log};
use voordeur_upstream::Source;

#[cfg(feature = "jemalloc")]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// The exit code of invalid options, as of clap.
const USAGE_ERROR: u8 = 2;
/// Threads besides one per core. Making cards may occupy one thread per core (see
/// `cards::cpu_permits`); these accept connections, run timers and query the store meanwhile.
const EXTRA_THREADS: usize = 2;
/// Connections to the address of `--metrics`: a few programs read it.
const METRICS_CONNECTIONS: usize = 32;

fn main() -> ExitCode {
    let Cli { command, config } = match Cli::from_process() {
        Ok(cli) => cli,
        Err(error) => error.exit(),
    };
    match &command {
        Some(Command::Widget(command)) => cli::widget::run(command),
        Some(Command::Backup(options)) => cli::backup::back_up(&config.data, options),
        Some(Command::CheckBackup(backup)) => cli::backup::check_backup(&backup.file),
        Some(Command::Restore(backup)) => cli::backup::restore(&config.data, &backup.file),
        None => run_server(config),
    }
}

fn run_server(config: Config) -> ExitCode {
    let errors = config.errors();
    errors.iter().for_each(|error| console::complain(&format!("voordeur: {error}")));
    let filter = match config.log_filter() {
        Ok(filter) if errors.is_empty() => filter,
        _ => return ExitCode::from(USAGE_ERROR),
    };
    start_log(filter, config.log_format);
    if config.sources == Source::Live && config.contact.is_none() {
        tracing::warn!(
            "--contact (VOORDEUR_CONTACT) is not set: services cannot contact you before they block you"
        );
    }
    // Fails only when a provider is installed already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();

    let cores = std::thread::available_parallelism().map_or(EXTRA_THREADS, Into::into);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(cores + EXTRA_THREADS)
        .enable_all()
        .build();
    let result = match runtime {
        Ok(runtime) => runtime.block_on(serve(config)),
        Err(error) => Err(ServeError::Runtime(error)),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            console::complain(&format!("voordeur: {}", with_sources(&error)));
            ExitCode::FAILURE
        }
    }
}

#[derive(Debug, thiserror::Error)]
enum ServeError {
    #[error("cannot start the async runtime")]
    Runtime(#[source] io::Error),
    #[error(transparent)]
    App(#[from] AppError),
    #[error("{option} {address}: cannot listen")]
    Listen { option: &'static str, address: SocketAddr, source: io::Error },
}

async fn serve(config: Config) -> Result<(), ServeError> {
    let app = App::open(&config).await?;
    let signal = shutdown_signal();
    let listener = listen("--addr", config.addr)?;
    let address = listener.local_addr().map_err(|source| ServeError::Listen {
        option: "--addr",
        address: config.addr,
        source,
    })?;
    // Programs that start the server wait for this line and read the address from it.
    match config.log_format {
        LogFormat::Text => {
            // The server serves all the same when nobody reads the line.
            let _ = console::print(&format!("Voordeur is open at http://{address}"));
        }
        LogFormat::Json => tracing::info!(%address, "Voordeur is open"),
    }
    if let MetricsExposure::Separate(address) = config.metrics {
        let listener = listen("--metrics", address)?;
        let router = routes::metrics_router(app.clone());
        let limits = Limits {
            client_timeout: config.client_timeout(),
            connections: SharedPool::new(METRICS_CONNECTIONS),
            held_bytes: Arc::clone(&app.middleware.held_bytes),
            trusted_proxies: Vec::new(),
        };
        // The metrics are served until the process ends, so that a shutdown can be observed.
        tokio::spawn(server::serve(listener, router, limits, std::future::pending()));
    }

    let router = routes::router(app.clone());
    let stopping = app.clone();
    let shutdown = async move {
        signal.await;
        stopping.readiness.begin_shutdown();
    };
    let limits = Limits {
        client_timeout: config.client_timeout(),
        connections: Arc::clone(&app.middleware.connections),
        held_bytes: Arc::clone(&app.middleware.held_bytes),
        trusted_proxies: config.trusted_proxies,
    };
    server::serve(listener, router, limits, shutdown).await;
    app.close().await;
    Ok(())
}

fn listen(option: &'static str, address: SocketAddr) -> Result<TcpListener, ServeError> {
    server::listen(address).map_err(|source| ServeError::Listen { option, address, source })
}

/// Completes on SIGINT or SIGTERM. It listens from the call on, not only once it is awaited: whoever
/// has read that the server is open may stop it at once.
#[cfg(unix)]
fn shutdown_signal() -> impl Future<Output = ()> {
    use tokio::signal::unix::{SignalKind, signal};

    let listen = |kind, name: &'static str| {
        let signal = signal(kind);
        if let Err(error) = &signal {
            tracing::error!(%error, "cannot install the {name} handler");
        }
        async move {
            match signal {
                Ok(mut signal) => drop(signal.recv().await),
                Err(_) => std::future::pending().await,
            }
        }
    };
    let interrupt = listen(SignalKind::interrupt(), "SIGINT");
    let terminate = listen(SignalKind::terminate(), "SIGTERM");
    async {
        tokio::select! {
            () = interrupt => {}
            () = terminate => {}
        }
    }
}

#[cfg(not(unix))]
async fn shutdown_signal() {
    if let Err(error) = tokio::signal::ctrl_c().await {
        tracing::error!(%error, "cannot install the handler of Ctrl+C");
        std::future::pending::<()>().await;
    }
}
