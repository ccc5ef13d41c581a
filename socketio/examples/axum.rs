//! REST beside Socket.IO on one port, with axum.
//!
//! `cargo run -p socketio --example axum -- PORT` (3000 when no port is named), then
//! `curl localhost:3000/say/hello`: every client hears it.

use std::net::{Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, Path, Request, State};
use axum::middleware::map_request;
use axum::routing::get;
use axum::{Json, Router};
use engineio::server::Peer;
use socketio::{Data, Socket, SocketIo};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let port = std::env::args()
        .nth(1)
        .and_then(|port| port.parse().ok())
        .unwrap_or(3000);
    let io = SocketIo::builder().build();
    io.of("/")
        .on("say", |socket: Socket, Data(text): Data<String>| {
            socket.namespace().emit("said", text).is_ok()
        });

    let app = Router::new()
        .route("/online", get(online))
        .route("/say/{text}", get(say))
        .with_state(io.clone())
        .layer(io.layer())
        .layer(map_request(tell_peer));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    eprintln!("listening on http://{}/", listener.local_addr()?);
    axum::serve(
        listener,
        app.into_make_service_with_connect_info::<SocketAddr>(),
    )
    .await
}

/// Who is connected, and from where.
async fn online(State(io): State<SocketIo>) -> Json<Vec<(String, Option<SocketAddr>)>> {
    let sockets = io.of("/").fetch_sockets().await;
    let told = sockets
        .iter()
        .map(|socket| (socket.id().to_string(), socket.handshake().address()));
    Json(told.collect())
}

/// Says something to everyone; answers how many that were.
async fn say(State(io): State<SocketIo>, Path(text): Path<String>) -> Json<Option<usize>> {
    Json(io.of("/").emit("said", text).ok())
}

/// Handshakes tell the client's address from it.
async fn tell_peer(ConnectInfo(addr): ConnectInfo<SocketAddr>, mut request: Request) -> Request {
    let secure = false;
    request.extensions_mut().insert(Peer { addr, secure });
    request
}
