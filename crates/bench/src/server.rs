//! The server that is measured, and what it uses as the system counts it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::BenchError;

/// The unit of processor time in `/proc`: `USER_HZ`, which is 100 on every architecture that Rust's
/// standard library knows.
const TICKS_PER_SECOND: f64 = 100.0;

/// A running server.
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    /// Time from the start of the process until it listens.
    pub start: Duration,
    server: voordeur_testkit::Server,
    process: PathBuf,
}

/// Resources that the server used, as counted by the system.
#[derive(Clone, Copy, Debug, Default)]
pub struct Used {
    /// Resident memory in bytes (`VmRSS`).
    pub memory: u64,
    /// The highest resident memory so far, in bytes (`VmHWM`).
    pub most_memory: u64,
    /// Processor time since its start.
    pub processor: Duration,
}

impl Server {
    /// Starts the binary on a folder of data, with the site of a build and a gateway in place of
    /// the services.
    pub async fn start(
        binary: &Path,
        data: &Path,
        gateway: SocketAddr,
        options: &[&str],
    ) -> Result<Self, BenchError> {
        // The keys only have to be there: the stand-in accepts any.
        let server = voordeur_testkit::Server::builder(std::path::absolute(binary)?)
            .args(["--sources", &format!("gateway=http://{gateway}")])
            // All visitors come from one address, like those behind a proxy of our own.
            .args(["--trusted-proxies", "127.0.0.0/8"])
            .args(options)
            .data(&std::path::absolute(data)?)
            .site(Path::new("target/site"))
            .env("VOORDEUR_KEY_DE_LIJN", "bench")
            .env("VOORDEUR_KEY_UITDATABANK", "bench")
            .start()
            .await?;
        let process = PathBuf::from(format!("/proc/{}", server.pid()));
        Ok(Server { address: server.address, start: server.startup, server, process })
    }

    /// Resources used since the start.
    pub fn used(&self) -> Result<Used, BenchError> {
        let status = std::fs::read_to_string(self.process.join("status"))?;
        let kilobytes = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
            line.split_whitespace().next().and_then(|it| it.parse::<u64>().ok()).unwrap_or_default()
        };
        let stat = std::fs::read_to_string(self.process.join("stat"))?;
        // The name in brackets may hold spaces; time in user mode and in the kernel are the 14th
        // and 15th field (proc_pid_stat(5)).
        let after_name = stat.rsplit_once(')').map(|it| it.1).unwrap_or_default();
        let ticks = after_name.split_whitespace().skip(11).take(2);
        let ticks: f64 = ticks.filter_map(|it| it.parse::<f64>().ok()).sum();
        Ok(Used {
            memory: kilobytes("VmRSS:") * 1_024,
            most_memory: kilobytes("VmHWM:") * 1_024,
            processor: Duration::from_secs_f64(ticks / TICKS_PER_SECOND),
        })
    }

    /// Shuts it down as an operator does, and waits until it has exited.
    pub async fn stop(mut self) -> Result<(), BenchError> {
        let status = self.server.stop().await?;
        let failed = BenchError::Message(format!("the server exited with {status}"));
        if status.success() { Ok(()) } else { Err(failed) }
    }
}
