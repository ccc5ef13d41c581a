//! What a writer holds while it writes, and how its claim went.

use std::{io::IoSlice, sync::Arc};

use bytes::Bytes;
use smallvec::SmallVec;

use crate::{Frame, Unit, server::tally::Departed};

/// What a writer took out of the outbox; a worker reuses one for all its visits.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub(super) partial: Option<Bytes>,
    pub(super) lane: Option<Bytes>,
    pub(super) units: Vec<Arc<Unit>>,
    pub(super) first_frame: usize,
    pub(super) form: Form,
    /// The stream holds back some of what it took.
    pub(crate) unflushed: bool,
    /// What visits with this batch took away and nobody has counted yet.
    pub(crate) departed: Departed,
}

/// Which encoding of a frame a session gets on WebSocket.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Form {
    /// Binary messages as binary frames.
    #[default]
    Native,
    /// Binary messages as base64: the client asked for it with `b64`.
    TextOnly,
}

impl Form {
    pub(super) fn of(self, frame: &Frame) -> &Bytes {
        match self {
            Self::Native => frame.websocket(),
            Self::TextOnly => frame.websocket_text(),
        }
    }
}

impl Batch {
    pub(crate) fn is_empty(&self) -> bool {
        self.partial.is_none() && self.lane.is_none() && self.units.is_empty()
    }

    /// The bytes to write, in order.
    pub(crate) fn slices<'a>(&'a self, into: &mut SmallVec<[IoSlice<'a>; 64]>) {
        let loose = self
            .partial
            .iter()
            .chain(&self.lane)
            .map(|bytes| &bytes[..]);
        into.extend(loose.map(IoSlice::new));
        let mut skip = self.first_frame;
        for unit in &self.units {
            into.extend(
                unit.frames()
                    .skip(skip)
                    .map(|frame| IoSlice::new(self.form.of(frame))),
            );
            skip = 0;
        }
    }
}

/// What a writer does next, once its write is settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Settled {
    /// Nothing is left: the claim is given back.
    Idle,
    /// More is queued: the claim stays `Queued`, and the session goes to the end of the list.
    Again,
    /// The socket takes nothing: its waker puts the session back on the list.
    Blocked,
    /// The closing signal has left.
    Sealed,
    /// The outbox was aborted meanwhile; nothing more is written.
    Aborted,
}
