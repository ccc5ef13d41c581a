//! A byte stream after its HTTP upgrade, split into a half that the session's task reads and a
//! half that any worker may write.

use std::{
    cell::Cell,
    fmt, io,
    io::IoSlice,
    pin::Pin,
    task::{Context, Poll, Waker, ready},
};

use bytes::Bytes;
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use parking_lot::Mutex;
use socket2::SockRef;
use tokio::{
    io::{AsyncRead, AsyncWrite, Interest, ReadBuf, ReadHalf, WriteHalf},
    net::{
        TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
};

use super::{HttpStream, writer::Write};

/// Up to so many bytes are copied together before they are sent.
const GATHERED: usize = 16 * 1024;

thread_local! {
    /// Where they are copied. Belongs to the worker thread, not to a session.
    static RUN: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// Any stream that is not plain TCP, such as TLS.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// The reading half.
pub(crate) enum WireReader {
    Tcp(OwnedReadHalf),
    Other(ReadHalf<Box<dyn Stream>>),
}

/// The writing half.
pub(crate) enum WireWriter {
    Tcp(OwnedWriteHalf),
    Other(Mutex<WriteHalf<Box<dyn Stream>>>),
}

impl fmt::Debug for WireReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WireReader")
    }
}

impl fmt::Debug for WireWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WireWriter")
    }
}

/// A stream that is not split.
pub(crate) enum Wire {
    Tcp(TcpStream),
    Other(Box<dyn Stream>),
}

impl Wire {
    pub(crate) fn stream(&mut self) -> Pin<&mut dyn Stream> {
        match self {
            Self::Tcp(stream) => Pin::new(stream),
            Self::Other(stream) => Pin::new(stream.as_mut()),
        }
    }

    pub(crate) fn is_write_vectored(&self) -> bool {
        match self {
            Self::Tcp(stream) => stream.is_write_vectored(),
            Self::Other(stream) => stream.is_write_vectored(),
        }
    }
}

/// Takes the stream back from hyper, with what hyper had read ahead. The kernel's send buffer is
/// capped at `send_buffer` bytes, so that it is not a second queue beside the outbox.
pub(crate) fn split(upgraded: Upgraded, send_buffer: usize) -> (WireReader, WireWriter, Bytes) {
    let (wire, ahead) = whole(upgraded);
    match wire {
        Wire::Tcp(stream) => {
            // Neither is needed for correctness; a stream that refuses them still works.
            let _ = stream.set_nodelay(true);
            let _ = SockRef::from(&stream).set_send_buffer_size(send_buffer);
            let (read, write) = stream.into_split();
            (WireReader::Tcp(read), WireWriter::Tcp(write), ahead)
        }
        Wire::Other(stream) => {
            let (read, write) = tokio::io::split(stream);
            let write = WireWriter::Other(Mutex::new(write));
            (WireReader::Other(read), write, ahead)
        }
    }
}

/// Takes off what the accept loop put around the stream, as far as it is known.
fn whole(upgraded: Upgraded) -> (Wire, Bytes) {
    // A copy, even of nothing: the original would keep hyper's whole buffer, 8 KiB.
    let upgraded = match upgraded.downcast::<TokioIo<HttpStream>>() {
        Ok(parts) => {
            let ahead = Bytes::copy_from_slice(&parts.read_buf);
            return (parts.io.into_inner().into_wire(), ahead);
        }
        Err(upgraded) => upgraded,
    };
    match upgraded.downcast::<TokioIo<TcpStream>>() {
        Ok(parts) => {
            let ahead = Bytes::copy_from_slice(&parts.read_buf);
            (Wire::Tcp(parts.io.into_inner()), ahead)
        }
        Err(upgraded) => (Wire::Other(Box::new(TokioIo::new(upgraded))), Bytes::new()),
    }
}

impl WireReader {
    /// Reads into `buffer`; 0 at the end of the stream.
    pub(crate) fn poll_read(
        &mut self,
        cx: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        let mut buffer = ReadBuf::new(buffer);
        ready!(match self {
            Self::Tcp(stream) => Pin::new(stream).poll_read(cx, &mut buffer),
            Self::Other(stream) => Pin::new(stream).poll_read(cx, &mut buffer),
        })?;
        Poll::Ready(Ok(buffer.filled().len()))
    }
}

/// Writes what the slices hold as one run of bytes, if it is little.
///
/// Several small frames are copied together and sent by one `send`: that costs the kernel about a
/// tenth less than gathering them itself, and `send` skips what `write` does for files.
fn send(stream: &TcpStream, slices: &[IoSlice<'_>]) -> io::Result<usize> {
    let socket = SockRef::from(stream);
    let total: usize = slices.iter().map(|slice| slice.len()).sum();
    stream.try_io(Interest::WRITABLE, || match slices {
        [one] => socket.send(one),
        _ if total > GATHERED => socket.send_vectored(slices),
        _ => {
            let mut run = RUN.take();
            run.clear();
            slices.iter().for_each(|slice| run.extend_from_slice(slice));
            let sent = socket.send(&run);
            RUN.set(run);
            sent
        }
    })
}

impl Write for WireWriter {
    fn poll_write(
        &self,
        slices: &[IoSlice<'_>],
        waker: &dyn Fn() -> Waker,
    ) -> Poll<io::Result<usize>> {
        match self {
            Self::Tcp(stream) => loop {
                match send(stream.as_ref(), slices) {
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                        let waker = waker();
                        let mut cx = Context::from_waker(&waker);
                        ready!(stream.as_ref().poll_write_ready(&mut cx))?;
                    }
                    done => return Poll::Ready(done),
                }
            },
            Self::Other(stream) => {
                let waker = waker();
                let mut cx = Context::from_waker(&waker);
                Pin::new(&mut *stream.lock()).poll_write_vectored(&mut cx, slices)
            }
        }
    }

    fn poll_flush(&self, waker: &dyn Fn() -> Waker) -> Poll<io::Result<()>> {
        match self {
            Self::Tcp(_) => Poll::Ready(Ok(())),
            // TLS keeps records of its own; without a flush the tail could stay there.
            Self::Other(stream) => {
                let waker = waker();
                let mut cx = Context::from_waker(&waker);
                Pin::new(&mut *stream.lock()).poll_flush(&mut cx)
            }
        }
    }
}
