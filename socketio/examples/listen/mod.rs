//! A plain hyper accept loop for the examples.

use std::convert::Infallible;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use engineio::server::{Body, HttpStream, Peer};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use socketio::SocketIo;
use tokio::net::TcpListener;

/// How long a client may take nothing of what it is answered.
const WRITE_TIMEOUT: Duration = Duration::from_secs(30);

/// Serves on loopback, each server below its path, and 404 for what is below none.
pub(crate) async fn listen(servers: Vec<SocketIo>, port: u16) -> std::io::Result<()> {
    let servers: Arc<[SocketIo]> = servers.into();
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
        let servers = Arc::clone(&servers);
        let service = service_fn(move |mut request: Request<_>| {
            let servers = Arc::clone(&servers);
            request.extensions_mut().insert(Peer {
                addr,
                secure: false,
            });
            async move {
                let path = request.uri().path();
                if let Some(io) = servers.iter().find(|io| io.matches(path)) {
                    return Ok::<_, Infallible>(io.serve(request).await);
                }
                let mut response = Response::new(Body::default());
                *response.status_mut() = StatusCode::NOT_FOUND;
                Ok(response)
            }
        });
        tokio::spawn(async move {
            // The timer makes hyper give up on a head that drips, after 30 seconds.
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .serve_connection(TokioIo::new(stream), service);
            // A connection that fails concerns nobody else.
            let _ = connection.with_upgrades().await;
        });
    }
}
