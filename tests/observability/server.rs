//! The server as a process of its own, on a folder of its own.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Longer than anything takes on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(60);

pub struct Server {
    child: Child,
    pub url: String,
    /// What it wrote to standard output so far.
    pub log: Arc<Mutex<String>>,
}

/// The command of a server on a folder, with nothing taken over from the environment.
pub fn command(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_voordeur"));
    command.env_clear().current_dir(env!("CARGO_MANIFEST_DIR"));
    command.args(["--addr", "127.0.0.1:0", "--data"]).arg(data);
    command
}

/// A folder that `--site` takes.
pub fn site() -> TempDir {
    let site = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(site.path().join("pkg")).expect("a folder");
    for file in ["voordeur.css", "voordeur.js", "voordeur_bg.wasm"] {
        std::fs::write(site.path().join("pkg").join(file), "").expect("a file");
    }
    site
}

impl Server {
    pub fn start(command: &mut Command) -> Self {
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().expect("a server");
        let log = Arc::new(Mutex::new(String::new()));
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let heard = Arc::clone(&log);
        std::thread::spawn(move || {
            while let Some(Ok(line)) = lines.next() {
                let mut heard = heard.lock().expect("the log");
                heard.push_str(&line);
                heard.push('\n');
            }
        });
        let began = Instant::now();
        let url = loop {
            assert!(began.elapsed() < PATIENCE, "the server does not open");
            assert!(child.try_wait().expect("a process").is_none(), "the server ended");
            if let Some(address) = address_in(&log.lock().expect("the log")) {
                break format!("http://{address}");
            }
            std::thread::sleep(Duration::from_millis(20));
        };
        Server { child, url, log }
    }

    pub fn log(&self) -> String {
        self.log.lock().expect("the log").clone()
    }

    /// Tells it to stop, and waits until it has.
    pub fn stop(mut self) {
        let told = Command::new("kill").arg(self.child.id().to_string()).status().expect("kill");
        assert!(told.success());
        let began = Instant::now();
        while self.child.try_wait().expect("a process").is_none() {
            assert!(began.elapsed() < PATIENCE, "the server does not stop");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub async fn get(&self, path: &str) -> Page {
        get(&format!("{}{path}", self.url)).await
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Fails when it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Both forms of the log name the address it is open at.
fn address_in(log: &str) -> Option<String> {
    log.lines().find_map(|line| {
        let after = |mark: &str| line.split_once(mark).map(|(_, rest)| rest);
        let json = line.contains("Voordeur is open").then(|| after("\"address\":\"")).flatten();
        let rest = after("Voordeur is open at http://").or(json)?;
        Some(rest.chars().take_while(|letter| !"\" ".contains(*letter)).collect())
    })
}

pub struct Page {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub text: String,
}

pub async fn get(url: &str) -> Page {
    get_as(url, "nl").await
}

pub async fn get_as(url: &str, language: &str) -> Page {
    // Fails only when it was installed by another test of this process.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let answer =
        client.get(url).header("accept-language", language).send().await.expect("an answer");
    let status = answer.status().as_u16();
    let headers = answer
        .headers()
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned()))
        .collect();
    Page { status, headers, text: answer.text().await.expect("a text") }
}
