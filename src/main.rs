//! The server.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use axum::serve::ListenerExt;
use clap::Parser;
use tokio::net::TcpListener;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use voordeur::app::App;
use voordeur::config::{Config, Task};
use voordeur::routes;
use voordeur::{author, operator};

/// What is still being answered when the server is told to stop gets so much time.
const LAST_ANSWERS: Duration = Duration::from_secs(10);

fn main() -> ExitCode {
    let config = Config::parse();
    match &config.task {
        Some(Task::Widget(command)) => return author::run(command),
        Some(Task::Backup(options)) => return operator::back_up(&config.data, options),
        Some(Task::CheckBackup(backup)) => return operator::check_backup(&backup.file),
        Some(Task::Restore(backup)) => return operator::restore(&config.data, &backup.file),
        None => {}
    }
    let filter: Targets = match config.log.parse() {
        Ok(filter) => filter,
        Err(error) => {
            eprintln!("--log {}: {error}", config.log);
            return ExitCode::from(2);
        }
    };
    tracing_subscriber::registry().with(tracing_subscriber::fmt::layer()).with(filter).init();
    // Fails only when another one was installed before, which is then as good.
    let _ = rustls::crypto::ring::default_provider().install_default();

    // One thread alone can wait for itself while a page is drawn.
    let threads = std::thread::available_parallelism().map_or(4, |cores| cores.get().max(4));
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
    // Answers are written in pieces: without this each page would wait for the acknowledgement of the one before (Nagle's algorithm).
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::warn!(%error, "TCP_NODELAY cannot be set");
        }
    });
    println!("Voordeur is open at http://{address}");

    let (stop, mut stopped) = tokio::sync::watch::channel(false);
    let server =
        axum::serve(listener, routes::router(app.clone())).with_graceful_shutdown(async move {
            told_to_stop().await;
            stop.send_replace(true);
        });
    let last_answers = async move {
        // An error means that the server has ended by itself.
        let _ = stopped.wait_for(|stopped| *stopped).await;
        tokio::time::sleep(LAST_ANSWERS).await;
    };
    tokio::select! {
        served = server.into_future() => served.map_err(|error| error.to_string())?,
        () = last_answers => tracing::warn!("stopped before every answer was sent"),
    }
    app.store.close().await;
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
