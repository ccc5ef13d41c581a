//! A WebSocket client without a network, which allocates nothing when it is written to.

use std::convert::Infallible;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use socketio::SocketIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Asks for a session on WebSocket, and then, in a frame masked with zeros, for the namespace `/`.
pub(crate) const SAYS: &[u8] = b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
    Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n\x81\x82\0\0\0\x0040";

/// More than any test has clients.
const MOST: usize = 4096;

/// From where, and how many bytes.
pub(crate) type Place = (usize, usize);

/// What all clients together were given since the last [`clear`](Self::clear).
#[derive(Debug)]
pub(crate) struct Seen(Mutex<State>);

#[derive(Debug)]
struct State {
    places: Vec<Place>,
    /// How many there were when somebody last asked.
    asked_at: usize,
}

impl Default for Seen {
    fn default() -> Self {
        let places = Vec::with_capacity(MOST);
        let asked_at = 0;
        Self(Mutex::new(State { places, asked_at }))
    }
}

impl Seen {
    pub(crate) fn clear(&self) {
        self.0.lock().expect("nobody panicked").places.clear();
    }

    /// How many writes there were.
    pub(crate) fn writes(&self) -> usize {
        self.0.lock().expect("nobody panicked").places.len()
    }

    /// What was written, in the order of the writes.
    pub(crate) fn places(&self) -> Vec<Place> {
        self.0.lock().expect("nobody panicked").places.clone()
    }

    /// Whether nothing was written since this was last asked.
    pub(crate) fn is_quiet(&self) -> bool {
        let mut state = self.0.lock().expect("nobody panicked");
        let now = state.places.len();
        std::mem::replace(&mut state.asked_at, now) == now
    }

    fn add(&self, slice: &[u8]) {
        let place = (slice.as_ptr() as usize, slice.len());
        self.0.lock().expect("nobody panicked").places.push(place);
    }
}

/// The server's end of a connection.
pub(crate) struct Wire {
    says: &'static [u8],
    seen: Arc<Seen>,
}

impl Wire {
    pub(crate) fn new(seen: Arc<Seen>) -> Self {
        Self { says: SAYS, seen }
    }
}

pub(crate) async fn serve<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    io: SocketIo,
    stream: S,
) {
    let service = service_fn(move |request: hyper::Request<_>| {
        let io = io.clone();
        async move { Ok::<_, Infallible>(io.serve(request).await) }
    });
    let http = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    http.with_upgrades().await.expect("no client fails");
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.says.is_empty() {
            // Nobody is woken: it has nothing more to say.
            return Poll::Pending;
        }
        let len = self.says.len().min(buffer.remaining());
        let (now, later) = self.says.split_at(len);
        buffer.put_slice(now);
        self.says = later;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        data: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.seen.add(data);
        Poll::Ready(Ok(data.len()))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        for slice in slices {
            self.seen.add(slice);
        }
        Poll::Ready(Ok(slices.iter().map(|slice| slice.len()).sum()))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
