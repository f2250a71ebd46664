//! A full disk and a read-only folder, on a small tmpfs. The tests pass without a check where none
//! can be mounted, which needs root.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use voordeur_testkit::{HttpClient, TempDir, temp_dir};

use super::editor::GuestClient;
use super::server::{run, start};

/// A text of the error page, in the language of the guests.
const NOTHING_CHANGED: &str = "Er is niets gewijzigd";

/// A file system in memory, unmounted on drop.
struct Disk(TempDir);

impl Disk {
    /// `None` where no file system can be mounted.
    fn mount(size: &str) -> Option<Self> {
        let folder = temp_dir();
        let options = format!("size={size}");
        if mount(&["-t", "tmpfs", "-o", &options, "tmpfs"], folder.path()) {
            return Some(Disk(folder));
        }
        println!("skipped: no file system can be mounted here");
        None
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// The folder of data.
    fn data(&self) -> PathBuf {
        self.path().join("data")
    }

    /// Writes until the disk is full.
    fn fill(&self) {
        let file = self.path().join("filler");
        let full = std::fs::write(&file, vec![7; 64 << 20]).expect_err("the disk is full");
        assert_eq!(full.kind(), std::io::ErrorKind::StorageFull);
    }

    fn free(&self) {
        std::fs::remove_file(self.path().join("filler")).expect("the file is removed");
    }

    fn remount(&self, mode: &str) {
        assert!(mount(&["-o", &format!("remount,{mode}")], self.path()), "{mode}");
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

/// Renames a page of the guest. Returns the status and the text of the response.
async fn rename(guest: &GuestClient, url: &str, page: &str, name: &str) -> (u16, String) {
    let fields = [("name", name), ("icon", "work"), ("revision", "1000000000"), ("tab", "t")];
    let response = guest.post(url, &format!("/pages/{page}"), &fields).await.expect("a response");
    if response.status == 503 {
        assert!(response.header("retry-after").is_some());
    }
    (response.status, response.text)
}

async fn assert_refused(guest: &GuestClient, url: &str, page: &str) {
    let (status, text) = rename(guest, url, page, "Te laat").await;
    assert_eq!(status, 503);
    assert!(text.contains(NOTHING_CHANGED), "{text}");
    let (status, text) = guest.get(url, "/").await;
    assert_eq!(status, 200);
    assert!(text.contains("Voordien") && !text.contains("Te laat"), "the page changed");
    assert_eq!(guest.get(url, "/history").await.0, 200);
    assert!(not_ready(guest, url).await);
    assert_eq!(guest.get(url, "/healthz").await.0, 200);
}

/// Whether `/readyz` names the store as the reason for not being ready.
async fn not_ready(guest: &GuestClient, url: &str) -> bool {
    guest.get(url, "/readyz").await.1.contains("the store cannot be written")
}

/// Retries an edit until it succeeds, without a restart of the server.
async fn wait_for_recovery(guest: &GuestClient, url: &str, page: &str) {
    let end = Instant::now() + Duration::from_secs(60);
    loop {
        let (status, text) = rename(guest, url, page, "Nadien").await;
        // `/readyz` may be one second behind.
        if status == 303 && !not_ready(guest, url).await {
            break;
        }
        assert!(Instant::now() < end, "{status}: {text}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(guest.get(url, "/").await.1.contains("Nadien"));
}

#[tokio::test]
async fn on_a_full_disk_edits_are_refused_with_an_explanation_and_work_again_once_there_is_space() {
    let Some(disk) = Disk::mount("16m") else { return };
    let server = start(&disk.data()).await;
    let guest = GuestClient::arrive(&server.url()).await;
    let page = guest.add_page(&server.url(), "Voordien").await;
    disk.fill();
    for _ in 0..3 {
        assert_refused(&guest, &server.url(), &page).await;
    }
    // A client without a cookie can read too, and cannot become a guest either.
    let newcomer = GuestClient { client: HttpClient::new() };
    assert_eq!(newcomer.get(&server.url(), "/").await.0, 200);
    let created = newcomer.post(&server.url(), "/language", &[("language", "nl")]).await;
    assert_eq!(created.expect("a response").status, 503);
    server.wait_for_log("database outage began").await;
    disk.free();
    wait_for_recovery(&guest, &server.url(), &page).await;
    server.wait_for_log("database outage ended").await;
    assert_eq!(server.log_count("database outage began"), 1, "the outage is logged once");
    assert_eq!(server.log_count("request failed"), 0, "not once for each edit");
}

#[tokio::test]
async fn a_server_on_a_read_only_folder_shows_boards_and_accepts_edits_once_it_is_writable() {
    for stopped_cleanly in [true, false] {
        let Some(disk) = Disk::mount("16m") else { return };
        let mut server = start(&disk.data()).await;
        let guest = GuestClient::arrive(&server.url()).await;
        let page = guest.add_page(&server.url(), "Voordien").await;
        if stopped_cleanly {
            server.stop().await.expect("the server stops");
        } else {
            server.kill().await.expect("the server is killed");
        }
        disk.remount("ro");
        let server = start(&disk.data()).await;
        assert_refused(&guest, &server.url(), &page).await;
        disk.remount("rw");
        wait_for_recovery(&guest, &server.url(), &page).await;
        server.wait_for_log("database outage ended").await;
        assert_eq!(server.log_count("database outage began"), 1, "the outage is logged once");
        let again = start(&disk.data()).await;
        assert!(guest.get(&again.url(), "/").await.1.contains("Nadien"));
    }
}

#[tokio::test]
async fn a_read_only_folder_without_a_store_is_an_error_that_names_the_option() {
    let Some(disk) = Disk::mount("1m") else { return };
    std::fs::create_dir(disk.data()).expect("a folder");
    disk.remount("ro");
    let folder = disk.data().display().to_string();
    let (code, output) = run(&["--data", &folder, "--addr", "127.0.0.1:0"]);
    assert_eq!(code, 2);
    assert!(output.contains("--data") && output.contains(&folder), "{output}");
}
