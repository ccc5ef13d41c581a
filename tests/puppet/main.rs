//! Our servers with the puppet applications, for the tests on the wire.
//!
//! `wire-server engineio|socketio '{"pingInterval":300}'` prints `listening PORT`
//! and serves until its standard input ends, as `../differential/reference/main.js` does
//! with npm's packages.

mod accept;
mod ends;
mod engine;
mod gauges;
mod socket;

use cap::Cap;
use std::alloc::System;
use std::error::Error;
use tests::Options;
use tokio::net::TcpListener;

/// Knows how many bytes are in use, whatever the system's heap keeps of what was freed.
#[global_allocator]
static HEAP: Cap<System> = Cap::new(System, usize::MAX);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let kind = args.next().ok_or("usage: wire-server KIND [OPTIONS]")?;
    let options: Options = serde_json::from_str(args.next().as_deref().unwrap_or("{}"))?;
    let listener = TcpListener::bind(("127.0.0.1", options.port.unwrap_or(0))).await?;
    println!("listening {}", listener.local_addr()?.port());
    tokio::task::spawn_blocking(exit_with_the_input);
    match kind.as_str() {
        "engineio" => engine::serve(listener, &options).await,
        "socketio" => socket::serve(listener, &options).await,
        other => Err(format!("no server of kind {other:?}").into()),
    }
}

/// Ends the process when the one that started it is gone.
fn exit_with_the_input() {
    // an error ends it as well
    let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
    std::process::exit(0);
}
