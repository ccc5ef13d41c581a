//! A connection's stream while it speaks HTTP.

use std::{
    fmt, io,
    io::IoSlice,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Sleep, sleep},
};

use super::wire::Wire;

/// A stream for an accept loop, whose peer has to take what is written: it fails with
/// [`io::ErrorKind::TimedOut`] when writing makes no progress for so long.
///
/// hyper itself waits for ever for a client that asks and does not read the answers. When the
/// connection becomes a WebSocket the stream is taken out again: what is queued for a session has
/// [`Config::write_timeout`](super::Config::write_timeout), and is written as it is without this.
///
/// ```
/// use std::time::Duration;
///
/// use engineio::server::HttpStream;
/// use hyper_util::rt::TokioIo;
///
/// # async fn accept(listener: tokio::net::TcpListener) -> std::io::Result<()> {
/// let (stream, _) = listener.accept().await?;
/// let stream = HttpStream::tcp(stream, Duration::from_secs(30));
/// // For `hyper::server::conn::http1::Builder::serve_connection`.
/// let io = TokioIo::new(stream);
/// # Ok(())
/// # }
/// ```
pub struct HttpStream {
    wire: Wire,
    write_timeout: Duration,
    /// Runs while the peer takes nothing. Boxed: most streams never wait.
    stalled: Option<Pin<Box<Sleep>>>,
}

impl HttpStream {
    /// Over plain TCP.
    pub fn tcp(stream: TcpStream, write_timeout: Duration) -> Self {
        Self::over(Wire::Tcp(stream), write_timeout)
    }

    /// Over any other stream, such as TLS.
    pub fn new(
        stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
        write_timeout: Duration,
    ) -> Self {
        Self::over(Wire::Other(Box::new(stream)), write_timeout)
    }

    fn over(wire: Wire, write_timeout: Duration) -> Self {
        Self {
            wire,
            write_timeout,
            stalled: None,
        }
    }

    pub(super) fn into_wire(self) -> Wire {
        self.wire
    }

    /// The outcome of a write, or of one that has taken too long.
    fn in_time<T>(
        &mut self,
        outcome: Poll<io::Result<T>>,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<T>> {
        if outcome.is_ready() {
            self.stalled = None;
            return outcome;
        }
        let stalled = self
            .stalled
            .get_or_insert_with(|| Box::pin(sleep(self.write_timeout)));
        stalled
            .as_mut()
            .poll(cx)
            .map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl fmt::Debug for HttpStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpStream")
            .field("write_timeout", &self.write_timeout)
            .finish_non_exhaustive()
    }
}

impl AsyncRead for HttpStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.wire.stream().poll_read(cx, buffer)
    }
}

impl AsyncWrite for HttpStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let outcome = self.wire.stream().poll_write(cx, bytes);
        self.in_time(outcome, cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let outcome = self.wire.stream().poll_write_vectored(cx, slices);
        self.in_time(outcome, cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.wire.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = self.wire.stream().poll_flush(cx);
        self.in_time(outcome, cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = self.wire.stream().poll_shutdown(cx);
        self.in_time(outcome, cx)
    }
}

#[cfg(all(test, not(roomcast_model)))]
mod tests {
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt, duplex},
        time::{Instant, advance},
    };

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(30);

    #[tokio::test(start_paused = true)]
    async fn who_takes_nothing_is_given_up_when_the_time_is_over() {
        let (_client, server) = duplex(1);
        let mut server = HttpStream::new(server, PATIENCE);
        let begun = Instant::now();
        let error = server.write_all(b"hello").await.expect_err("nobody reads");
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert_eq!(begun.elapsed().as_secs(), PATIENCE.as_secs());
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_reader_has_its_time_again_with_each_byte() {
        let (mut client, server) = duplex(1);
        let mut server = HttpStream::new(server, PATIENCE);
        let writes = tokio::spawn(async move { server.write_all(b"hello").await });
        for _ in 0..5 {
            advance(PATIENCE / 2).await;
            client.read_u8().await.expect("a byte");
        }
        writes.await.expect("no panic").expect("all taken");
    }
}
