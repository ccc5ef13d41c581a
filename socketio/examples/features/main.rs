//! A server that does everything there is on request, for the tests with stock clients.
//!
//! `cargo run -p socketio --example features -- PORT` (3000 when no port is named).

mod engines;
#[path = "../listen/mod.rs"]
mod listen;
mod many;
mod namespaces;
mod one;

use std::sync::Mutex;
use std::time::Duration;

use socketio::server::State;
use socketio::{Config, SocketIo};

/// What happened that no client was there to see.
#[derive(Default)]
struct Log(Mutex<Vec<String>>);

impl Log {
    fn add(&self, entry: impl Into<String>) {
        if let Ok(mut entries) = self.0.lock() {
            entries.push(entry.into());
        }
    }

    fn entries(&self) -> Vec<String> {
        self.0
            .lock()
            .map(|entries| entries.clone())
            .unwrap_or_default()
    }
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let port = std::env::args()
        .nth(1)
        .and_then(|port| port.parse().ok())
        .unwrap_or(3000);
    let mut config = Config::default();
    // For the test of a client that reads nothing to the end.
    config.engine.shutdown_timeout = Duration::from_secs(3);
    let io = SocketIo::builder().config(config);
    let io = io.state(Log::default()).build();
    let nsp = io.of("/");
    nsp.on("log", |State(log): State<Log>| log.entries());
    one::register(&nsp);
    one::removable(&io.of("/removable listeners"));
    many::register(&nsp);
    namespaces::register(&io);
    let server = io.clone();
    nsp.on("shut down", move || {
        let io = server.clone();
        tokio::spawn(async move {
            io.shutdown().await;
            std::process::exit(0);
        });
    });
    let mut servers = engines::all();
    servers.push(io);
    listen::listen(servers, port).await
}
