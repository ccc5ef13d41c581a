//! The server that the public Socket.IO protocol suite asks for.
//!
//! `cargo run -p socketio --example conformance -- PORT` (3000 when no port is named).

mod listen;

use std::time::Duration;

use engineio::server::Cors;
use socketio::{Args, Config, Socket, SocketIo};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let port = std::env::args()
        .nth(1)
        .and_then(|port| port.parse().ok())
        .unwrap_or(3000);
    let mut config = Config::default();
    config.engine.ping_interval = Duration::from_millis(300);
    config.engine.ping_timeout = Duration::from_millis(200);
    config.engine.max_payload = 1_000_000;
    config.engine.cors = Cors::Any;
    config.connect_timeout = Duration::from_secs(1);
    let io = SocketIo::new(config);

    io.of("/").on_connect(greet);
    io.of("/").on("message", |socket: Socket, args: Args| {
        // A client that does not read is cut by the engine; there is nobody else to tell.
        let _ = socket.emit("message-back", args);
    });
    io.of("/").on("message-with-ack", |args: Args| args);
    io.of("/custom").on_connect(greet);

    listen::listen(vec![io], port).await
}

/// The suite waits for CONNECT and then for this event with two listeners, and its WebSocket client
/// hands both over at once when they arrive in one piece; a pause keeps them apart.
async fn greet(socket: Socket) {
    tokio::time::sleep(Duration::from_millis(20)).await;
    let _ = socket.emit("auth", socket.handshake().auth());
}
