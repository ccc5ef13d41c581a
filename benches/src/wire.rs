//! A WebSocket client without a network.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};

use bytes::Bytes;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    sync::Notify,
};

/// What all clients together have received.
#[derive(Debug, Default)]
pub struct Seen {
    bytes: AtomicUsize,
    awaited: AtomicUsize,
    reached: Notify,
}

impl Seen {
    /// Waits until `more` bytes have come since `start`, a value of [`bytes`](Self::bytes).
    pub async fn wait_for(&self, start: usize, more: usize) {
        self.awaited.store(start + more, Ordering::SeqCst);
        while self.bytes() < start + more {
            self.reached.notified().await;
        }
    }

    /// How many bytes have come so far.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes.load(Ordering::SeqCst)
    }

    fn add(&self, len: usize) {
        let before = self.bytes.fetch_add(len, Ordering::SeqCst);
        let awaited = self.awaited.load(Ordering::SeqCst);
        if before < awaited && awaited <= before + len {
            self.reached.notify_one();
        }
    }
}

/// The server's end of a connection to a client that reads at once and without limit.
#[derive(Debug)]
pub struct Wire {
    says: Bytes,
    seen: Arc<Seen>,
}

impl Wire {
    /// A client that says `says`, then nothing.
    #[must_use]
    pub fn new(says: Bytes, seen: Arc<Seen>) -> Self {
        Self { says, seen }
    }
}

/// The request that opens a session on WebSocket.
#[must_use]
pub fn request(path: &str) -> Vec<u8> {
    format!(
        "GET {path}?EIO=4&transport=websocket HTTP/1.1\r\nHost: bench\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    .into_bytes()
}

/// What a client of Socket.IO says next: `40`, which joins the namespace `/`, in a frame masked with zeros.
pub const CONNECT: [u8; 8] = [0x81, 0x80 | 2, 0, 0, 0, 0, b'4', b'0'];

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.says.is_empty() {
            // Nobody is woken: this client has nothing more to say.
            return Poll::Pending;
        }
        let len = self.says.len().min(buffer.remaining());
        buffer.put_slice(&self.says.split_to(len));
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        data: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.seen.add(data.len());
        Poll::Ready(Ok(data.len()))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let len = slices.iter().map(|slice| slice.len()).sum();
        self.seen.add(len);
        Poll::Ready(Ok(len))
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
