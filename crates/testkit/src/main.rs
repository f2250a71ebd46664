//! Runs the stand-in for the public services by itself: for the browser tests, and by hand.

use std::time::Duration;

use clap::Parser;
use voordeur_testkit::stand_in::{Behaviour, StandIn};

/// A loopback server in place of every public service.
#[derive(Parser)]
struct Options {
    /// The port to listen on; 0 is a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// The time before every response, in milliseconds.
    #[arg(long, value_name = "MS", default_value_t = 0)]
    latency: u64,
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let options = Options::parse();
    let stand_in = StandIn::start(options.port, Behaviour::INSTANT).await?;
    stand_in.set_latency(Duration::from_millis(options.latency));
    println!("start Voordeur with --sources gateway=http://{}", stand_in.address);
    println!("the stand-in listens at http://{}", stand_in.address);
    std::future::pending().await
}
