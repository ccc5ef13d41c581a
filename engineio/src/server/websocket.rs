//! WebSocket frames in: tungstenite parses, over a pipe whose reading side is a scratch buffer and
//! whose writing side is the session's engine lane.

use std::{
    cell::Cell,
    task::{Context, Poll},
};

use bytes::Bytes;

use super::wire::WireReader;
use crate::Packet;

#[cfg(any(test, feature = "fuzzing"))]
pub mod fuzzing;
mod intake;
mod parser;

use parser::Parser;
pub(crate) use parser::{CloseCode, ReadEnd};

/// What the kernel hands over in one read. Lives with the worker thread, not with the session.
const SCRATCH: usize = 64 * 1024;

thread_local! {
    static SCRATCH_BUFFER: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// The inbound side of one WebSocket.
#[derive(Debug)]
pub(crate) struct WebSocket {
    reader: WireReader,
    parser: Parser,
    /// Bytes read from the stream that the parser has not seen.
    stash: Bytes,
    /// Bytes that came and nobody has counted yet.
    uncounted: usize,
}

impl WebSocket {
    /// `ahead` is what hyper had read beyond the upgrade request.
    pub(crate) fn new(reader: WireReader, ahead: Bytes, max_payload: usize) -> Self {
        Self {
            reader,
            parser: Parser::new(max_payload),
            uncounted: ahead.len(),
            stash: ahead,
        }
    }

    /// A pong, or the echo of a close, that the parser wants said.
    pub(crate) fn take_control(&mut self) -> Option<Bytes> {
        self.parser.control.take()
    }

    pub(crate) fn has_control(&self) -> bool {
        self.parser.control.is_some()
    }

    /// How many bytes came since the last call.
    pub(crate) fn take_count(&mut self) -> usize {
        std::mem::take(&mut self.uncounted)
    }

    /// Reads packets and hands each to `each` until the stream has no more for now (`Pending`),
    /// `each` answers `false` (`Ready(Ok)`, call again later), or nothing more can come.
    pub(crate) fn poll_packets(
        &mut self,
        cx: &mut Context<'_>,
        each: &mut dyn FnMut(Packet) -> bool,
    ) -> Poll<Result<(), ReadEnd>> {
        if self.parser.stopped || !self.stash.is_empty() {
            let stash = std::mem::take(&mut self.stash);
            let (outcome, rest) = self.parser.parse(&stash, each);
            self.stash = stash.slice(stash.len() - rest..);
            match outcome {
                Ok(true) => {}
                Ok(false) => return Poll::Ready(Ok(())),
                Err(end) => return Poll::Ready(Err(end)),
            }
        }
        // Taken, not borrowed: `each` runs foreign code that may come back here.
        let mut scratch = SCRATCH_BUFFER.take();
        scratch.resize(SCRATCH, 0);
        let outcome = self.poll_stream(cx, &mut scratch, each);
        SCRATCH_BUFFER.set(scratch);
        outcome
    }

    fn poll_stream(
        &mut self,
        cx: &mut Context<'_>,
        scratch: &mut [u8],
        each: &mut dyn FnMut(Packet) -> bool,
    ) -> Poll<Result<(), ReadEnd>> {
        loop {
            let read = match self.reader.poll_read(cx, scratch) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Err(error)) => return Poll::Ready(Err(ReadEnd::Io(error))),
                Poll::Ready(Ok(0)) => return Poll::Ready(Err(ReadEnd::Eof)),
                Poll::Ready(Ok(read)) => read,
            };
            self.uncounted += read;
            let input = scratch.get(..read).unwrap_or_default();
            let (outcome, rest) = self.parser.parse(input, each);
            match outcome {
                Ok(true) => {}
                Ok(false) => {
                    let rest = input.get(read - rest..).unwrap_or_default();
                    self.stash = Bytes::copy_from_slice(rest);
                    return Poll::Ready(Ok(()));
                }
                Err(end) => return Poll::Ready(Err(end)),
            }
        }
    }

    /// Reads and forgets until the peer is done; for the time between our close frame and its.
    pub(crate) fn poll_discard(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let mut scratch = [0u8; 1024];
        loop {
            match self.reader.poll_read(cx, &mut scratch) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Ok(0) | Err(_)) => return Poll::Ready(()),
                Poll::Ready(Ok(_)) => {}
            }
        }
    }
}
