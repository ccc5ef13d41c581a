//! One visit of a writer to one session: take, write, settle.

use std::{
    io::{self, IoSlice},
    sync::Arc,
    task::{Poll, Waker},
    time::Duration,
};

use smallvec::SmallVec;

use super::{
    outbox::{Batch, Outbox, Settled},
    sync::Mutex,
};

/// Bytes one visit may write before the session goes to the end of the list, so that a session
/// with much to read does not hold up the others. Several times a usual send buffer's free room.
pub(crate) const QUANTUM: usize = 256 * 1024;

/// The writing half of a byte stream that several workers may share; the claim sees to it that
/// only one writes at a time.
pub(crate) trait Write {
    /// Writes from the slices without waiting. `Pending` has registered `waker`'s waker, which is
    /// called once the stream is writable.
    fn poll_write(
        &self,
        slices: &[IoSlice<'_>],
        waker: &dyn Fn() -> Waker,
    ) -> Poll<io::Result<usize>>;

    /// Moves what the stream itself holds back, as TLS does. `Pending` as in
    /// [`poll_write`](Self::poll_write).
    fn poll_flush(&self, waker: &dyn Fn() -> Waker) -> Poll<io::Result<()>> {
        let _ = waker;
        Poll::Ready(Ok(()))
    }
}

/// How a visit ended.
#[derive(Debug)]
pub(crate) struct Visit {
    /// What the claim became.
    pub(crate) settled: Settled,
    /// Bytes of the queue before the visit.
    pub(crate) queued: usize,
    /// Bytes that the stream took.
    pub(crate) written: usize,
    /// Messages that left.
    pub(crate) messages: u64,
    /// Bytes of the queue that left and are charged no more.
    pub(crate) freed: usize,
    /// The session's task, which stopped reading, may go on.
    pub(crate) reader_may_go_on: bool,
    /// Those who wait until everything is out, if it is.
    pub(crate) drained: Vec<Waker>,
    /// The stream failed.
    pub(crate) error: Option<io::Error>,
}

/// Visits a session that is queued for writing. `None` when somebody else has the claim, or there
/// is nothing to write.
pub(crate) fn visit<W: Write>(
    outbox: &Mutex<Outbox<W>>,
    batch: &mut Batch,
    now: Duration,
    waker: &dyn Fn() -> Waker,
) -> Option<Visit> {
    let wire: Arc<W> = outbox.lock().take(batch, QUANTUM)?;
    let (written, outcome) = write(&*wire, batch, waker);
    batch.unflushed = outcome.is_pending();
    let (blocked, error) = match outcome {
        Poll::Ready(Ok(())) => (None, None),
        Poll::Ready(Err(error)) => (None, Some(error)),
        Poll::Pending => (Some(now), None),
    };
    let mut outbox = outbox.lock();
    let (queued, sent) = (outbox.buffered(), outbox.sent());
    let (settled, freed) = outbox.settle(batch, written, blocked);
    let messages = outbox.sent().wrapping_sub(sent);
    let reader_may_go_on = outbox.reader_may_go_on();
    let drained = outbox.take_drained();
    Some(Visit {
        settled,
        queued,
        written,
        messages,
        freed,
        reader_may_go_on,
        drained,
        error,
    })
}

/// Writes and flushes: how many bytes the stream took, and whether it holds some back.
fn write<W: Write>(
    wire: &W,
    batch: &Batch,
    waker: &dyn Fn() -> Waker,
) -> (usize, Poll<io::Result<()>>) {
    let written = match write_slices(wire, batch, waker) {
        Poll::Ready(Ok(written)) => written,
        Poll::Ready(Err(error)) => return (0, Poll::Ready(Err(error))),
        Poll::Pending => return (0, Poll::Pending),
    };
    (written, wire.poll_flush(waker))
}

fn write_slices<W: Write>(
    wire: &W,
    batch: &Batch,
    waker: &dyn Fn() -> Waker,
) -> Poll<io::Result<usize>> {
    if batch.is_empty() {
        return Poll::Ready(Ok(0));
    }
    let mut slices = SmallVec::new();
    batch.slices(&mut slices);
    wire.poll_write(&slices, waker)
}
