//! The server that is measured: started from its binary, watched from outside.

use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::BenchError;

/// A store of millions has to open within this.
const LONGEST_START: Duration = Duration::from_secs(120);
const LONGEST_STOP: Duration = Duration::from_secs(20);
/// What Linux counts processor time in, a second: `USER_HZ`, which is 100 on every architecture that Rust's standard library knows.
const TICKS: f64 = 100.0;

/// A server that runs.
pub struct Server {
    /// Where it is.
    pub address: SocketAddr,
    /// How long it took from its start until it said that it is open.
    pub start: Duration,
    child: Child,
    process: PathBuf,
}

/// What the server used, as the system counts it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Used {
    /// Memory that is its own, and of files that it has read in, in bytes (`VmRSS`).
    pub memory: u64,
    /// The most it ever was (`VmHWM`).
    pub most_memory: u64,
    /// Processor time since its start.
    pub processor: Duration,
}

impl Server {
    /// Starts the binary on a folder of data, with the answers of a gateway. What it logs goes to a file beside the folder.
    pub async fn start(
        binary: &Path,
        data: &Path,
        gateway: SocketAddr,
        options: &[&str],
    ) -> Result<Self, BenchError> {
        let log = data.with_extension("log");
        let began = Instant::now();
        let child = Command::new(binary)
            .args(["--addr", "127.0.0.1:0", "--sources", &format!("gateway=http://{gateway}")])
            .arg("--data")
            .arg(data)
            .args(options)
            .envs([("VOORDEUR_KEY_DE_LIJN", "bench"), ("VOORDEUR_KEY_UITDATABANK", "bench")])
            .stdout(File::create(&log)?)
            .stderr(Stdio::inherit())
            .spawn()?;
        let process = PathBuf::from(format!("/proc/{}", child.id()));
        let address = loop {
            let said = std::fs::read_to_string(&log)?;
            let open = said.lines().find_map(|line| line.split_once("is open at http://"));
            if let Some((_, address)) = open {
                break address
                    .trim()
                    .parse()
                    .map_err(|error| BenchError::Message(format!("{error}")))?;
            }
            if began.elapsed() > LONGEST_START {
                return Err(BenchError::Message(format!("the server did not start: {said}")));
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        };
        Ok(Server { address, start: began.elapsed(), child, process })
    }

    /// What it used until now.
    pub fn used(&self) -> Result<Used, BenchError> {
        let status = std::fs::read_to_string(self.process.join("status"))?;
        let kilobytes = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
            line.split_whitespace().next().and_then(|it| it.parse::<u64>().ok()).unwrap_or_default()
        };
        let stat = std::fs::read_to_string(self.process.join("stat"))?;
        // The name in brackets may hold spaces; time in user mode and in the kernel are the 14th and 15th field (proc_pid_stat(5)).
        let after_name = stat.rsplit_once(')').map(|it| it.1).unwrap_or_default();
        let ticks = after_name.split_whitespace().skip(11).take(2);
        let ticks: f64 = ticks.filter_map(|it| it.parse::<f64>().ok()).sum();
        Ok(Used {
            memory: kilobytes("VmRSS:") * 1_024,
            most_memory: kilobytes("VmHWM:") * 1_024,
            processor: Duration::from_secs_f64(ticks / TICKS),
        })
    }

    /// Stops it as an operator does, and waits for its end.
    pub async fn stop(mut self) -> Result<(), BenchError> {
        Command::new("kill").arg("-TERM").arg(self.child.id().to_string()).status()?;
        let last = Instant::now() + LONGEST_STOP;
        while Instant::now() < last {
            if let Some(ended) = self.child.try_wait()? {
                let said = BenchError::Message(format!("the server ended with {ended}"));
                return if ended.success() { Ok(()) } else { Err(said) };
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Err(BenchError::Message("the server did not stop".to_owned()))
    }
}

impl Drop for Server {
    /// Leaves none behind when something goes wrong.
    fn drop(&mut self) {
        // It has ended already when all went well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
