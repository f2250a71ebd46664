//! The server as a process of its own.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::{root, temp_dir};

/// Maximum time until the server listens: enough for a database of a million boards and for a busy
/// machine.
const START_TIMEOUT: Duration = Duration::from_secs(120);
/// Maximum time for a line in the log, and for an orderly shutdown.
const TIMEOUT: Duration = Duration::from_secs(60);
/// The precision of [`Server::startup`].
const POLL_INTERVAL: Duration = Duration::from_millis(2);
/// Files without which the server refuses to start.
const SITE_FILES: [&str; 4] = ["voordeur.css", "start.js", "voordeur.js", "voordeur_bg.wasm"];

/// The server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A folder, the log or the process could not be created.
    #[error("the server cannot be started")]
    Io(#[from] io::Error),
    /// The process exited.
    #[error("the server exited with {status}: {log}")]
    Exited {
        /// Its exit status.
        status: ExitStatus,
        /// Its output.
        log: String,
    },
    /// It does not listen after 120 s.
    #[error("the server does not listen: {log}")]
    Timeout {
        /// Its output.
        log: String,
    },
}

/// The binary that tests start: the compiled one, or another that `VOORDEUR_BIN` names, such as an
/// optimised one.
pub fn server_binary(compiled: &str) -> OsString {
    std::env::var_os("VOORDEUR_BIN").unwrap_or_else(|| compiled.into())
}

/// A command that runs a binary without the variables that configure a Voordeur server: those in
/// the environment of the tests belong to another server.
pub fn command(binary: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(binary);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("VOORDEUR_") {
            command.env_remove(name);
        }
    }
    command.current_dir(root());
    command
}

/// Creates a folder for `--site`: the public files, and empty files in place of those that a build
/// makes.
///
/// # Errors
/// When a file cannot be written.
pub fn create_site(folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder.join("pkg"))?;
    for file in SITE_FILES {
        std::fs::write(folder.join("pkg").join(file), "")?;
    }
    for file in std::fs::read_dir(root().join("public"))? {
        let file = file?;
        std::fs::copy(file.path(), folder.join(file.file_name()))?;
    }
    Ok(())
}

/// The options of a server that has not started yet.
#[derive(Debug)]
pub struct ServerBuilder {
    command: Command,
    data: Option<PathBuf>,
    site: Option<PathBuf>,
}

impl ServerBuilder {
    /// Uses a folder of data that outlives the server, instead of an empty one.
    #[must_use]
    pub fn data(mut self, folder: &Path) -> Self {
        self.data = Some(folder.to_owned());
        self
    }

    /// Uses a folder of site files, instead of one by [`create_site`].
    #[must_use]
    pub fn site(mut self, folder: &Path) -> Self {
        self.site = Some(folder.to_owned());
        self
    }

    /// Adds options of the command line.
    #[must_use]
    pub fn args<A: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.command.args(args);
        self
    }

    /// Sets a variable of the environment.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Starts the server on a free port of loopback and waits until it listens.
    ///
    /// # Errors
    /// When the process cannot be created, exits, or does not listen in time.
    pub async fn start(self) -> Result<Server, StartError> {
        let ServerBuilder { mut command, data, site } = self;
        let folder = temp_dir();
        let data = data.unwrap_or_else(|| folder.path().join("data"));
        let site = match site {
            Some(site) => site,
            None => {
                let site = folder.path().join("site");
                create_site(&site)?;
                site
            }
        };
        // A file rather than a pipe: all that the server logged before a response is in the file
        // when the response has arrived.
        let log = folder.path().join("log");
        let file = File::create(&log)?;
        command.args(["--addr", "127.0.0.1:0", "--data"]).arg(&data).arg("--site").arg(site);
        command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
        let began = Instant::now();
        let child = command.spawn()?;
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut server =
            Server { address, startup: Duration::ZERO, child, data, log, _folder: folder };
        loop {
            if let Some(address) = address_in(&server.log()) {
                server.address = address;
                server.startup = began.elapsed();
                return Ok(server);
            }
            if let Some(status) = server.child.try_wait()? {
                return Err(StartError::Exited { status, log: server.log() });
            }
            if began.elapsed() > START_TIMEOUT {
                return Err(StartError::Timeout { log: server.log() });
            }
            tokio::time::sleep(POLL_INTERVAL).await;
        }
    }
}

/// The address in the line that says that the server listens: its end in the log for people, a
/// field in the log for programs.
fn address_in(log: &str) -> Option<SocketAddr> {
    log.lines().filter(|line| !line.contains("gateway")).find_map(|line| {
        let text = line.rsplit_once(" http://").or_else(|| line.split_once("\"address\":\""))?.1;
        text.split('"').next()?.parse().ok()
    })
}

/// A running server, killed on drop.
#[derive(Debug)]
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    /// Time from the start of the process until it listens.
    pub startup: Duration,
    child: Child,
    data: PathBuf,
    log: PathBuf,
    _folder: TempDir,
}

impl Server {
    /// A server that runs this binary, with all its files in a temporary folder.
    pub fn builder(binary: impl AsRef<OsStr>) -> ServerBuilder {
        ServerBuilder { command: command(binary), data: None, site: None }
    }

    /// Its address without a path, as `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The id of its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Its folder of data.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// Its output to standard output and standard error.
    pub fn log(&self) -> String {
        let bytes = std::fs::read(&self.log).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// The number of lines of the log that contain a text.
    pub fn log_count(&self, text: &str) -> usize {
        self.log().lines().filter(|line| line.contains(text)).count()
    }

    /// Waits until a line of the log contains a text.
    ///
    /// # Panics
    /// After 60 s.
    pub async fn wait_for_log(&self, text: &str) {
        let began = Instant::now();
        while self.log_count(text) == 0 {
            assert!(began.elapsed() < TIMEOUT, "`{text}` was not logged: {}", self.log());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Asks it to shut down, with SIGTERM.
    ///
    /// # Errors
    /// When the process cannot be signalled.
    pub fn terminate(&self) -> io::Result<()> {
        Ok(kill_process(Pid::from_child(&self.child), Signal::TERM)?)
    }

    /// Waits for the end of its process; `None` when it still runs after this time.
    ///
    /// # Errors
    /// When the process cannot be waited for.
    pub async fn wait(&mut self, timeout: Duration) -> io::Result<Option<ExitStatus>> {
        let began = Instant::now();
        loop {
            let status = self.child.try_wait()?;
            if status.is_some() || began.elapsed() > timeout {
                return Ok(status);
            }
            tokio::time::sleep(POLL_INTERVAL).await;
        }
    }

    /// Asks it to shut down, as an operator does, and waits until it has.
    ///
    /// # Errors
    /// When the process cannot be signalled, or still runs after 60 s.
    pub async fn stop(&mut self) -> io::Result<ExitStatus> {
        self.terminate()?;
        self.wait(TIMEOUT).await?.ok_or_else(|| io::ErrorKind::TimedOut.into())
    }

    /// Ends it at once, with SIGKILL, as a power failure does.
    ///
    /// # Errors
    /// When the process cannot be killed.
    pub async fn kill(&mut self) -> io::Result<()> {
        self.child.kill()?;
        self.wait(TIMEOUT).await?;
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail when it has exited already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::address_in;

    #[test]
    fn the_address_is_read_from_either_format_of_the_log() {
        let text = "INFO store opened\nVoordeur is open at http://127.0.0.1:4321\n";
        let json =
            "{\"level\":\"INFO\",\"message\":\"Voordeur is open\",\"address\":\"127.0.0.1:4321\"}";
        for log in [text, json] {
            assert_eq!(address_in(log).map(|address| address.port()), Some(4321), "{log}");
        }
        assert_eq!(address_in("sources: gateway http://127.0.0.1:4321"), None);
    }
}
