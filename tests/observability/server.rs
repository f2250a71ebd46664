//! The real binary, and a site folder that a test can change.

use std::path::Path;
use std::time::Duration;

use voordeur_testkit::{
    HttpClient, HttpResponse, Server, ServerBuilder, TempDir, create_site, temp_dir,
};

/// Maximum time to wait for anything.
pub const TIMEOUT: Duration = Duration::from_secs(60);

/// A server on a folder of data.
pub fn server(data: &Path) -> ServerBuilder {
    Server::builder(voordeur_testkit::server_binary(env!("CARGO_BIN_EXE_voordeur"))).data(data)
}

/// Starts a server.
pub async fn start(builder: ServerBuilder) -> Server {
    builder.start().await.expect("the server starts")
}

/// Stops a server.
pub async fn stop(mut server: Server) {
    let status = server.stop().await.expect("the server stops");
    assert!(status.success(), "{status}");
}

/// A site folder.
pub fn site() -> TempDir {
    let site = temp_dir();
    create_site(site.path()).expect("a site folder");
    site
}

/// Gets a page of a server, in Dutch.
pub async fn get(server: &Server, path: &str) -> HttpResponse {
    get_in(&format!("{}{path}", server.url()), "nl").await
}

/// Gets a page in a language.
pub async fn get_in(url: &str, language: &str) -> HttpResponse {
    let client = HttpClient::new().with_header("accept-language", language);
    client.get(url).await.expect("a response")
}
