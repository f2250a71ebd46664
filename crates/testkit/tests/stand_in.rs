//! The binary of the stand-in, as the browser tests start it.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use voordeur_testkit::HttpClient;

#[tokio::test]
async fn the_binary_says_where_it_listens_and_counts_requests() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_voordeur-stand-in"))
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    let lines: Vec<String> = lines.take(2).map(|line| line.expect("a line")).collect();
    let url = lines[1].strip_prefix("the stand-in listens at ").expect("its address");
    let calls = HttpClient::new().get(&format!("{url}/__calls")).await.expect("a response");
    child.kill().expect("it runs");
    child.wait().expect("it ends");
    assert!(lines[0].ends_with(&format!("gateway={url}")), "{lines:?}");
    let calls: serde_json::Value = serde_json::from_str(&calls.text).expect("JSON");
    assert_eq!(calls["total"], 0);
}
