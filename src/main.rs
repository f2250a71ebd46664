//! The server.

use std::net::SocketAddr;
use std::process::ExitCode;

use clap::Parser;
use tokio::net::TcpListener;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use voordeur::app::App;
use voordeur::author;
use voordeur::config::{Config, Task};
use voordeur::door::connections;
use voordeur::routes;

fn main() -> ExitCode {
    let config = Config::parse();
    if let Some(Task::Widget(command)) = &config.task {
        return author::run(command);
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
    println!("Voordeur is open at http://{address}");

    let router = routes::router(app.clone());
    connections::serve(listener, router, config.patience(), told_to_stop()).await;
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
