//! The server.

use std::net::SocketAddr;
use std::process::ExitCode;

use tokio::net::TcpListener;
use voordeur::app::App;
use voordeur::cli;
use voordeur::config::{Config, Task};
use voordeur::routes;
use voordeur::server;
use voordeur::telemetry::{Exposure, LogFormat, start_log};
use voordeur_upstream::Source;

#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    let config = match Config::read() {
        Ok(config) => config,
        Err(told) => told.exit(),
    };
    match &config.task {
        Some(Task::Widget(command)) => return cli::widget::run(command),
        Some(Task::Backup(options)) => return cli::backup::back_up(&config.data, options),
        Some(Task::CheckBackup(backup)) => return cli::backup::check_backup(&backup.file),
        Some(Task::Restore(backup)) => return cli::backup::restore(&config.data, &backup.file),
        None => {}
    }
    let problems = config.problems();
    problems.iter().for_each(|problem| eprintln!("voordeur: {problem}"));
    let filter = match config.log_filter() {
        Ok(filter) if problems.is_empty() => filter,
        _ => return ExitCode::from(2),
    };
    start_log(filter, config.log_format);
    if config.sources == Source::Live && config.contact.is_none() {
        tracing::warn!(
            "--contact (VOORDEUR_CONTACT) is not set: no service can reach you before it shuts you out"
        );
    }
    // Fails only when another one was installed before, which is then as good.
    let _ = rustls::crypto::ring::default_provider().install_default();

    // As many threads as cores may be busy with cards (see `card_service::FairSemaphore`); the others take connections, tell the time and ask the store.
    let threads = std::thread::available_parallelism().map_or(4, |cores| cores.get() + 2);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build();
    let served = match runtime {
        Ok(runtime) => runtime.block_on(serve(config)),
        Err(error) => Err(format!("no threads: {error}")),
    };
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("voordeur: {problem}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(config: Config) -> Result<(), String> {
    let app = App::open(&config).await.map_err(|problem| problem.to_string())?;
    let listener = TcpListener::bind(config.addr)
        .await
        .map_err(|error| format!("--addr {}: {error}", config.addr))?;
    let address: SocketAddr = listener.local_addr().map_err(|error| error.to_string())?;
    match config.log_format {
        LogFormat::Text => println!("Voordeur is open at http://{address}"),
        LogFormat::Json => tracing::info!(%address, "Voordeur is open"),
    }
    if let Exposure::Apart(address) = config.metrics {
        let listener = TcpListener::bind(address)
            .await
            .map_err(|error| format!("--metrics {address}: {error}"))?;
        let figures = routes::metrics_router(app.clone());
        tokio::spawn(async move { axum::serve(listener, figures).await });
    }

    let router = routes::router(app.clone());
    let stopping = app.clone();
    let told = async move {
        told_to_stop().await;
        stopping.readiness.stop();
    };
    server::serve(listener, router, config.patience(), told).await;
    app.close().await;
    Ok(())
}

async fn told_to_stop() {
    let interrupted = async {
        if let Err(error) = tokio::signal::ctrl_c().await {
            tracing::error!(%error, "the signal to stop cannot be heard");
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
}
