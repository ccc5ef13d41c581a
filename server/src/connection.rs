//! One connection: HTTP/1.1 with time limits, upgrades allowed, ended politely on shutdown.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

use crate::routes::Routes;
use crate::shutdown::Stop;

/// How long a client may take to send the head of a request, also the next one on a kept connection. Long enough for
/// a slow phone, short enough that a thousand half-sent requests do not stay.
const HEAD_TIMEOUT: Duration = Duration::from_secs(20);

/// The largest head of a request, and the buffer it is read into. Cookies and tokens fit several times.
const MAX_HEAD: usize = 64 * 1024;

/// Serves connections and knows when the last one is gone.
#[derive(Clone, Debug)]
pub(crate) struct Connections {
    routes: Routes,
    stop: Stop,
    /// Every connection holds a clone; nothing is ever sent.
    alive: mpsc::Sender<Infallible>,
}

/// Resolves when no connection is left.
#[derive(Debug)]
pub(crate) struct AllGone(mpsc::Receiver<Infallible>);

impl AllGone {
    pub(crate) async fn wait(mut self) {
        let _ = self.0.recv().await;
    }
}

impl Connections {
    pub(crate) fn new(routes: Routes, stop: Stop) -> (Self, AllGone) {
        let (alive, gone) = mpsc::channel(1);
        (
            Self {
                routes,
                stop,
                alive,
            },
            AllGone(gone),
        )
    }

    /// Serves one connection in a task of its own.
    pub(crate) fn serve(&self, stream: TcpStream, remote: SocketAddr) {
        let Self {
            routes,
            mut stop,
            alive,
        } = self.clone();
        tokio::spawn(async move {
            let service = service_fn(move |request: Request<Incoming>| {
                let routes = routes.clone();
                async move { Ok::<_, Infallible>(routes.answer(request, remote).await) }
            });
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(HEAD_TIMEOUT)
                .max_buf_size(MAX_HEAD)
                .serve_connection(TokioIo::new(stream), service)
                .with_upgrades();
            let mut connection = pin!(connection);
            // Dropping `requested` loses nothing, and the connection is only borrowed.
            let ended = tokio::select! {
                ended = &mut connection => ended,
                () = stop.requested() => {
                    connection.as_mut().graceful_shutdown();
                    connection.await
                }
            };
            if let Err(error) = ended {
                if error.is_parse() {
                    tracing::info!(%error, %remote, reason = "malformed_http", "request refused");
                } else {
                    tracing::debug!(%error, %remote, "connection ended");
                }
            }
            drop(alive);
        });
    }
}
