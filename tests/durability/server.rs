//! The real binary.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Output};

use voordeur_testkit::{Server, server_binary};

fn binary() -> OsString {
    server_binary(env!("CARGO_BIN_EXE_voordeur"))
}

/// Starts a server on a folder of data.
pub async fn start(data: &Path) -> Server {
    let server = Server::builder(binary()).args(["--sources", "samples"]).data(data);
    server.start().await.expect("the server starts")
}

/// Runs the binary until it exits. Returns the exit code and all output.
pub fn run(arguments: &[&str]) -> (i32, String) {
    let mut command: Command = voordeur_testkit::command(binary());
    let Output { status, stdout, stderr } =
        command.args(arguments).output().expect("the command runs");
    let output = [stdout, stderr].concat();
    (status.code().unwrap_or(-1), String::from_utf8_lossy(&output).into_owned())
}
