//! A plain hyper accept loop for the examples.

use std::convert::Infallible;
use std::net::Ipv4Addr;
use std::sync::Arc;

use engineio::server::{Body, Peer};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use socketio::SocketIo;
use tokio::net::TcpListener;

/// Serves on loopback, each server below its path, and 404 for what is below none.
pub(crate) async fn listen(servers: Vec<SocketIo>, port: u16) -> std::io::Result<()> {
    let servers: Arc<[SocketIo]> = servers.into();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    eprintln!("listening on http://{}/socket.io/", listener.local_addr()?);
    loop {
        let (stream, addr) = listener.accept().await?;
        stream.set_nodelay(true)?;
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
            let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
            // A connection that fails concerns nobody else.
            let _ = connection.with_upgrades().await;
        });
    }
}
