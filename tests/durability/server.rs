//! The real binary, started on a folder.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Longer than any start takes, also on a machine that does much else.
const LONGEST_START: Duration = Duration::from_secs(60);

/// A server that runs; it is killed when this goes.
pub struct Server {
    child: Child,
    /// Without a path.
    pub url: String,
    /// From the start of the process until it can be spoken to.
    pub start: Duration,
    log: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Starts a server on a folder and waits until it listens.
    pub fn start(folder: &Path) -> Self {
        let began = Instant::now();
        let mut child = command()
            .args(["--addr", "127.0.0.1:0", "--sources", "samples", "--data"])
            .arg(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the server is started");
        let output = child.stdout.take().expect("its output");
        let (found, address) = std::sync::mpsc::channel();
        let log = Arc::new(Mutex::new(Vec::new()));
        std::thread::spawn({
            let log = Arc::clone(&log);
            move || {
                for line in BufReader::new(output).lines().map_while(Result::ok) {
                    if let Some((_, url)) = line.split_once("open at ") {
                        // Nobody waits for it any more when the start took too long.
                        let _ = found.send(url.to_owned());
                    }
                    log.lock().expect("the log").push(line);
                }
            }
        });
        let url = address.recv_timeout(LONGEST_START);
        let Ok(url) = url else { panic!("it does not start: {:?}", log.lock()) };
        Server { child, url, start: began.elapsed(), log }
    }

    /// Ends it as a loss of power ends a process: at once.
    pub fn kill(&mut self) {
        // It may have ended by itself, which the next step of a test will notice.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Asks it to end, as an operator does, and waits until it has.
    pub fn stop(&mut self) {
        let asked = Command::new("kill").arg(self.child.id().to_string()).status();
        assert!(asked.is_ok_and(|asked| asked.success()));
        let _ = self.child.wait();
    }

    /// The lines of its log that hold a text.
    pub fn logged(&self, text: &str) -> usize {
        self.log.lock().expect("the log").iter().filter(|line| line.contains(text)).count()
    }

    /// Waits until something was logged so often.
    pub fn wait_for_log(&self, text: &str, times: usize) {
        let end = Instant::now() + LONGEST_START;
        while self.logged(text) < times {
            assert!(Instant::now() < end, "{text} was not logged: {:?}", self.log.lock());
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The binary, or another that `VOORDEUR_BIN` names, without what the person who runs the tests has set for a server of their own.
pub fn command() -> Command {
    let binary = std::env::var_os("VOORDEUR_BIN");
    let mut command = Command::new(binary.unwrap_or(env!("CARGO_BIN_EXE_voordeur").into()));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("VOORDEUR_") {
            command.env_remove(name);
        }
    }
    command
}

/// Runs the binary until it ends: the exit code, and all that it said.
pub fn run(arguments: &[&str]) -> (i32, String) {
    let Output { status, stdout, stderr } =
        command().args(arguments).output().expect("the command is run");
    let said = [stdout, stderr].concat();
    (status.code().unwrap_or(-1), String::from_utf8_lossy(&said).into_owned())
}
