//! Socket.IO on a plain hyper server.
//!
//! `cargo run -p socketio --example hyper -- PORT` (3000 when no port is named).

use std::net::Ipv4Addr;
use std::time::Duration;

use engineio::server::{HttpStream, Peer};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use socketio::{Args, Socket, SocketIo};
use tokio::net::TcpListener;
use tower_service::Service;

/// How long a client may take nothing of what it is answered.
const WRITE_TIMEOUT: Duration = Duration::from_secs(30);

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let port = std::env::args()
        .nth(1)
        .and_then(|port| port.parse().ok())
        .unwrap_or(3000);
    let io = SocketIo::builder().build();
    io.of("/").on("message", |socket: Socket, args: Args| {
        socket.namespace().send(args).is_ok()
    });

    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    eprintln!("listening on http://{}/socket.io/", listener.local_addr()?);
    loop {
        let Ok((stream, addr)) = listener.accept().await else {
            // A client that has gone already, or no descriptor is left: others will go.
            tokio::time::sleep(Duration::from_millis(10)).await;
            continue;
        };
        // Only speed; a stream that refuses is about to fail by itself.
        let _ = stream.set_nodelay(true);
        let stream = HttpStream::tcp(stream, WRITE_TIMEOUT);
        let io = io.service();
        let service = service_fn(move |mut request: hyper::Request<_>| {
            // Handshakes tell the client's address from it.
            let secure = false;
            request.extensions_mut().insert(Peer { addr, secure });
            io.clone().call(request)
        });
        // The timer makes hyper give up on a head that drips, after 30 seconds.
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .serve_connection(TokioIo::new(stream), service);
        tokio::spawn(async move {
            // A connection that fails concerns nobody else.
            let _ = connection.with_upgrades().await;
        });
    }
}
