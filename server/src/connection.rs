//! One connection: HTTP/1.1 with time limits, upgrades allowed, ended politely on shutdown.

use std::convert::Infallible;
use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;

use engineio::server::{HttpStream, Peer};
use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_rustls::server::TlsStream;
use tracing::Instrument;

use crate::metrics::Meters;
use crate::request_id::{ConnectionId, Numbers};
use crate::routes::Routes;
use crate::shutdown::Stop;
use crate::terms::Terms;
use crate::tls::Tls;
use crate::turnstile::Turnstile;

/// The largest head of a request, and the buffer it is read into. Cookies and tokens fit several times.
const MAX_HEAD: usize = 64 * 1024;

/// Serves connections and knows when the last one is gone.
#[derive(Clone, Debug)]
pub(crate) struct Connections {
    stop: Stop,
    tls: Option<Tls>,
    turnstile: Turnstile,
    terms: Terms,
    numbers: Numbers,
    meters: Arc<Meters>,
    seats: Arc<Seats>,
    /// Every connection holds a clone; nothing is ever sent.
    _alive: mpsc::Sender<Infallible>,
}

/// How many connections there are: each holds a clone of the one inside.
#[derive(Debug, Default)]
pub(crate) struct Seats(Arc<()>);

/// Resolves when no connection is left.
#[derive(Debug)]
pub(crate) struct AllGone(mpsc::Receiver<Infallible>);

impl AllGone {
    pub(crate) async fn wait(mut self) {
        let _ = self.0.recv().await;
    }
}

impl Seats {
    fn take(&self) -> Arc<()> {
        Arc::clone(&self.0)
    }

    /// How many there are now.
    pub(crate) fn taken(&self) -> usize {
        Arc::strong_count(&self.0) - 1
    }
}

impl Connections {
    pub(crate) fn new(
        stop: Stop,
        tls: Option<Tls>,
        terms: Terms,
        meters: &Arc<Meters>,
    ) -> (Self, AllGone) {
        let (alive, gone) = mpsc::channel(1);
        (
            Self {
                stop,
                tls,
                turnstile: Turnstile::new(terms.clone()),
                terms,
                numbers: Numbers::default(),
                meters: Arc::clone(meters),
                seats: Arc::default(),
                _alive: alive,
            },
            AllGone(gone),
        )
    }

    /// Where its connections are counted.
    pub(crate) const fn seats(&self) -> &Arc<Seats> {
        &self.seats
    }

    /// Serves one connection in a task of its own, unless its address has too many.
    pub(crate) fn serve(&self, stream: TcpStream, addr: SocketAddr, routes: &Routes) {
        let Some(guest) = self.turnstile.enter(addr.ip()) else {
            self.meters.limited("too_many_connections");
            return;
        };
        let (this, routes) = (self.clone(), routes.clone());
        let (id, seat) = (self.numbers.next(), self.seats.take());
        tokio::spawn(async move {
            let (_guest, _seat) = (guest, seat);
            let secure = this.tls.is_some();
            let peer = Peer { addr, secure };
            let patience = this.terms.current().write_timeout;
            let stream = match &this.tls {
                None => HttpStream::tcp(stream, patience),
                Some(tls) => match this.encrypt(tls, stream, (peer, &id)).await {
                    Some(stream) => HttpStream::new(stream, patience),
                    None => return,
                },
            };
            this.converse(stream, (peer, id), &routes).await;
        });
    }

    /// The handshake of TLS; nothing when there is to be no connection.
    async fn encrypt(
        &self,
        tls: &Tls,
        stream: TcpStream,
        (peer, conn): (Peer, &ConnectionId),
    ) -> Option<TlsStream<TcpStream>> {
        let patience = self.terms.current().limits.tls_timeout;
        let error = match tls.accept(stream, patience).await {
            Ok(stream) => return Some(stream),
            Err(error) => error,
        };
        let remote = peer.addr;
        if error.kind() == io::ErrorKind::TimedOut {
            let reason = "tls_timeout";
            self.meters.limited(reason);
            tracing::info!(%remote, %conn, reason, "connection refused");
        } else {
            let reason = "tls_handshake";
            self.meters.gave_up(reason);
            tracing::info!(%error, %remote, %conn, reason, "connection refused");
        }
        None
    }

    /// Answers the requests of one connection until it ends.
    async fn converse(
        &self,
        stream: HttpStream,
        (peer, id): (Peer, ConnectionId),
        routes: &Routes,
    ) {
        let mut stop = self.stop.clone();
        let service = service_fn(|request: Request<Incoming>| {
            let routes = routes.clone();
            // Asked for each request: a kept connection outlives the terms that it came under.
            let peer = self.terms.current().proxies.sender(peer, request.headers());
            let number = id.request(request.headers());
            let span = tracing::info_span!("request", id = %number, conn = %id);
            let answer = async move {
                let mut answer = routes.answer(request, peer).await;
                number.sign(answer.headers_mut());
                Ok::<_, Infallible>(answer)
            };
            answer.instrument(span)
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.terms.current().limits.head_timeout)
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
            self.on_error(&error, peer, &id);
        }
    }

    fn on_error(&self, error: &hyper::Error, peer: Peer, conn: &ConnectionId) {
        let remote = peer.addr;
        // A kept connection on which no further request comes is no news.
        if error.is_timeout() && !conn.is_used() {
            let reason = "head_timeout";
            self.meters.limited(reason);
            tracing::info!(%remote, %conn, reason, "connection refused");
        } else if error.is_parse() {
            let reason = "malformed_http";
            self.meters.gave_up(reason);
            tracing::info!(%error, %remote, %conn, reason, "request refused");
        } else if is_stalled(error) {
            let reason = "write_stalled";
            self.meters.limited(reason);
            tracing::info!(%remote, %conn, reason, "connection cut");
        } else {
            tracing::debug!(%error, %remote, %conn, "connection ended");
        }
    }
}

/// Whether the client took nothing of its answers for too long.
fn is_stalled(error: &hyper::Error) -> bool {
    let cause = error.source().and_then(|cause| cause.downcast_ref());
    cause.is_some_and(|cause: &io::Error| cause.kind() == io::ErrorKind::TimedOut)
}
