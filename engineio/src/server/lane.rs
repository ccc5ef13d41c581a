//! The engine lane: ping, pong, noop and the WebSocket close frame, one of each at the most.
//!
//! A signal never waits behind user data: it enters between two frames. On polling only the
//! Engine.IO packets exist; on WebSocket a pong and a close are WebSocket frames.

use bytes::Bytes;

/// One thing the engine itself has to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Signal {
    /// Engine.IO `2`.
    Ping,
    /// Engine.IO `6`; polling only.
    Noop,
    /// A WebSocket control frame made by the inbound parser (pong, or the echo of a close).
    Control(Bytes),
    /// The last thing said: a WebSocket close frame, or Engine.IO `1` on polling.
    Close(Bytes),
}

/// Engine.IO `2` as a WebSocket text frame.
const PING_FRAME: &[u8] = &[0x81, 0x01, b'2'];

#[derive(Debug, Default)]
pub(crate) struct Lane {
    ping: bool,
    noop: bool,
    control: Option<Bytes>,
    close: Option<Bytes>,
    closed: bool,
}

impl Lane {
    pub(crate) fn put(&mut self, signal: Signal) {
        match signal {
            Signal::Ping => self.ping = true,
            Signal::Noop => self.noop = true,
            Signal::Control(frame) => self.control = Some(frame),
            Signal::Close(frame) => self.close = Some(frame),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        !self.ping && !self.noop && self.control.is_none() && self.close.is_none()
    }

    pub(crate) fn has_noop(&self) -> bool {
        self.noop
    }

    /// A noop answers a poll; on WebSocket it has no meaning.
    pub(crate) fn drop_noop(&mut self) {
        self.noop = false;
    }

    /// Whether the close signal was taken.
    pub(crate) fn said_close(&self) -> bool {
        self.closed
    }

    /// The signals as WebSocket frames; the close frame only when it is its turn.
    pub(crate) fn take(&mut self, with_close: bool) -> Option<Bytes> {
        let ping = std::mem::take(&mut self.ping).then(|| Bytes::from_static(PING_FRAME));
        let control = self.control.take();
        let close = if with_close { self.close.take() } else { None };
        self.closed |= close.is_some();
        match (ping, control, close) {
            (None, None, None) => None,
            (Some(one), None, None) | (None, Some(one), None) | (None, None, Some(one)) => {
                Some(one)
            }
            (ping, control, close) => {
                let parts: Vec<Bytes> = [ping, control, close].into_iter().flatten().collect();
                Some(parts.concat().into())
            }
        }
    }

    /// The signals as Engine.IO packets for a poll. The close packet is the outbox's affair.
    pub(crate) fn drain_packets(&mut self, mut push: impl FnMut(&[u8])) {
        if std::mem::take(&mut self.ping) {
            push(b"2");
        }
        if std::mem::take(&mut self.noop) {
            push(b"6");
        }
        self.control = None;
    }
}
