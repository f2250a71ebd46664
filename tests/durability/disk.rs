//! A disk that is full and a folder that is read-only: a small file system of its own, where the system lets us mount one.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use reqwest::StatusCode;
use reqwest::header::RETRY_AFTER;
use tempfile::TempDir;

use super::server::{Server, run};
use super::tab::{Guest, client};

/// The words of the page, in the language that the guests of these tests chose.
const NOTHING_CHANGED: &str = "Er is niets gewijzigd";

/// A file system in memory; it goes when this goes.
struct Disk(TempDir);

impl Disk {
    /// Nothing where none may be mounted, which needs root and is then said.
    fn of(size: &str) -> Option<Self> {
        let folder = TempDir::new().expect("a folder");
        let options = format!("size={size}");
        if mount(&["-t", "tmpfs", "-o", &options, "tmpfs"], folder.path()) {
            return Some(Disk(folder));
        }
        println!("not tried: no file system can be mounted here");
        None
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// The folder of the data.
    fn data(&self) -> PathBuf {
        self.path().join("data")
    }

    /// Writes into it until nothing more fits.
    fn fill(&self) {
        let file = self.path().join("filler");
        let full = std::fs::write(&file, vec![7; 64 << 20]).expect_err("it does not fit");
        assert_eq!(full.kind(), std::io::ErrorKind::StorageFull);
    }

    fn make_room(&self) {
        std::fs::remove_file(self.path().join("filler")).expect("is removed");
    }

    fn remount(&self, how: &str) {
        assert!(mount(&["-o", &format!("remount,{how}")], self.path()), "{how}");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.path()).output();
    }
}

fn mount(arguments: &[&str], at: &Path) -> bool {
    let mounted = Command::new("mount").args(arguments).arg(at).output();
    mounted.is_ok_and(|mounted| mounted.status.success())
}

/// Names a page of the guest: the status and the text of the answer.
async fn name(guest: &Guest, url: &str, page: &str, name: &str) -> (StatusCode, String) {
    let fields = [("name", name), ("icon", "work"), ("revision", "1000000000"), ("tab", "t")];
    let answer = guest.post(url, &format!("/pages/{page}"), &fields).await.expect("answers");
    let status = answer.status();
    if status == StatusCode::SERVICE_UNAVAILABLE {
        assert!(answer.headers().contains_key(RETRY_AFTER));
    }
    (status, answer.text().await.expect("a page"))
}

async fn is_refused(guest: &Guest, url: &str, page: &str) {
    let (status, text) = name(guest, url, page, "Te laat").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(text.contains(NOTHING_CHANGED), "{text}");
    let (status, text) = guest.get(url, "/").await;
    assert_eq!(status, StatusCode::OK);
    assert!(text.contains("Voordien") && !text.contains("Te laat"), "the page is as it was");
    assert_eq!(guest.get(url, "/history").await.0, StatusCode::OK);
    assert!(not_ready(guest, url).await);
    assert_eq!(guest.get(url, "/healthz").await.0, StatusCode::OK);
}

/// Whether the server says that its store keeps it from being ready.
async fn not_ready(guest: &Guest, url: &str) -> bool {
    guest.get(url, "/readyz").await.1.contains("the store cannot be written")
}

/// Tries again until it works, with no restart.
async fn comes_back(guest: &Guest, url: &str, page: &str) {
    let end = Instant::now() + Duration::from_secs(60);
    loop {
        let (status, text) = name(guest, url, page, "Nadien").await;
        // What `/readyz` says may be a second old.
        if status == StatusCode::SEE_OTHER && !not_ready(guest, url).await {
            break;
        }
        assert!(Instant::now() < end, "{status}: {text}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(guest.get(url, "/").await.1.contains("Nadien"));
}

#[tokio::test]
async fn a_full_disk_refuses_edits_in_plain_words_and_they_come_back_by_themselves() {
    let Some(disk) = Disk::of("16m") else { return };
    let client = client();
    let server = Server::start(&disk.data());
    let guest = Guest::arrive(&client, &server.url).await;
    let page = guest.add_page(&server.url, "Voordien").await;
    disk.fill();
    for _ in 0..3 {
        is_refused(&guest, &server.url, &page).await;
    }
    // Somebody new reads as well, and cannot settle either.
    let nobody = Guest { cookie: String::new(), ..guest.clone() };
    assert_eq!(nobody.get(&server.url, "/").await.0, StatusCode::OK);
    let settled = nobody.post(&server.url, "/language", &[("language", "nl")]).await;
    assert_eq!(settled.expect("answers").status(), StatusCode::SERVICE_UNAVAILABLE);
    server.wait_for_log("database outage began", 1);
    disk.make_room();
    comes_back(&guest, &server.url, &page).await;
    server.wait_for_log("the store works again", 1);
    assert_eq!(server.logged("the store has an outage"), 1, "it is told once");
    assert_eq!(server.logged("request failed"), 0, "and not for each edit");
}

#[tokio::test]
async fn a_server_that_starts_on_a_read_only_folder_shows_boards_and_edits_again_when_it_can() {
    for stopped_well in [true, false] {
        let Some(disk) = Disk::of("16m") else { return };
        let client = client();
        let mut server = Server::start(&disk.data());
        let guest = Guest::arrive(&client, &server.url).await;
        let page = guest.add_page(&server.url, "Voordien").await;
        if stopped_well {
            server.stop();
        } else {
            server.kill();
        }
        disk.remount("ro");
        let server = Server::start(&disk.data());
        is_refused(&guest, &server.url, &page).await;
        disk.remount("rw");
        comes_back(&guest, &server.url, &page).await;
        server.wait_for_log("database outage ended", 1);
        assert_eq!(server.logged("database outage began"), 1, "it is told once");
        let again = Server::start(&disk.data());
        assert!(guest.get(&again.url, "/").await.1.contains("Nadien"));
    }
}

#[tokio::test]
async fn a_read_only_folder_without_a_store_is_an_error_that_names_the_option() {
    let Some(disk) = Disk::of("1m") else { return };
    std::fs::create_dir(disk.data()).expect("a folder");
    disk.remount("ro");
    let folder = disk.data().display().to_string();
    let (code, said) = run(&["--data", &folder, "--addr", "127.0.0.1:0"]);
    assert_eq!(code, 2);
    assert!(said.contains("--data") && said.contains(&folder), "{said}");
}
