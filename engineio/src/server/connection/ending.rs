//! The ways a session ends, and the time until its transport is gone.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    task::{Context, Poll},
    time::Duration,
};

use super::{Connection, Peer, Stage};
use crate::{
    CloseReason,
    server::{
        Client, CloseDetail, SessionEvent,
        websocket::{CloseCode, ReadEnd},
    },
};

/// How long to wait for the peer's end after we refused its bytes.
const REFUSED_LINGER: Duration = Duration::from_secs(1);

impl<C: Client> Connection<C> {
    /// Tells the rules and the client that the session is over.
    pub(super) fn end(&mut self, reason: CloseReason) {
        if self.stage != Stage::Open {
            return;
        }
        let now = self.shared.core().now();
        self.shared.control().rules.on_close(reason, now);
        let detail = self
            .shared
            .control()
            .detail
            .as_deref()
            .map(CloseDetail::code);
        let detail = detail.unwrap_or_default();
        self.shared.core().tally().on_closed(reason, detail);
        tracing::debug!(session = self.shared.number(), %reason, detail, "session closed");
        self.free_post();
        self.shared.tell(SessionEvent::Closed(reason));
        self.client.closed(reason);
    }

    /// Drops what is not handled yet and lets the POST that brought it be answered.
    fn free_post(&self) {
        let post = {
            let mut control = self.shared.control();
            control.inbound.clear();
            control.post.take()
        };
        if let Some(post) = post {
            post.wake();
        }
    }

    pub(super) fn finish(&mut self) {
        self.stage = Stage::Done;
        self.socket = None;
        self.shared.release();
        {
            let mut control = self.shared.control();
            control.finished = true;
            control.upgraded = None;
        }
        self.free_post();
    }

    /// The session ends because of what the peer did, without a word to it.
    pub(super) fn lose(&mut self, reason: CloseReason) {
        // First of all, so that whoever hears of the end finds no session of this id.
        self.shared
            .control()
            .rules
            .on_close(reason, self.shared.core().now());
        self.shared.release();
        self.end(reason);
        self.finish();
    }

    /// The session ends because its task does.
    pub(super) fn abandon(&mut self) {
        let session = self.shared.number();
        tracing::error!(session, reason = "panicked", "the application panicked");
        self.shared.explain("panicked", "the application panicked");
        // The client that has just panicked may do so again.
        let lost = catch_unwind(AssertUnwindSafe(|| self.lose(CloseReason::ForcedClose)));
        if lost.is_err() {
            self.finish();
        }
    }

    /// A deadline of the rules has passed. A peer on WebSocket that only lost its pong is told so.
    pub(super) fn expire(&mut self, reason: CloseReason) {
        if let Stage::Draining(_) = self.stage {
            let (session, reason) = (self.shared.number(), "close_timeout");
            tracing::info!(session, reason, "session cut");
            self.shared.core().tally().on_limit(reason, 1);
        }
        if self.stage == Stage::Open && self.socket.is_some() {
            self.close_for(reason, CloseCode::None.frame(), Peer::MayClose);
        } else {
            self.lose(reason);
        }
    }

    pub(super) fn on_read_end(&mut self, end: ReadEnd, control: Option<bytes::Bytes>) {
        let shared = &self.shared;
        let session = shared.number();
        match end {
            ReadEnd::Closed => {
                shared.explain("close_frame", "");
                let echo = control.unwrap_or_else(|| CloseCode::None.frame());
                self.close_for(CloseReason::TransportClose, echo, Peer::Closed);
            }
            ReadEnd::Eof => {
                tracing::info!(session, reason = "eof", "client gone without a close frame");
                shared.explain("eof", "");
                self.lose(CloseReason::TransportClose);
            }
            ReadEnd::Io(error) => {
                tracing::info!(session, reason = "read_failed", %error, "client gone without a close frame");
                shared.explain("read_failed", error.to_string());
                self.lose(CloseReason::TransportError);
            }
            ReadEnd::Violation(code, error) => {
                let reason = match code {
                    CloseCode::TooBig => "payload_too_large",
                    CloseCode::None | CloseCode::Protocol | CloseCode::InvalidPayload => {
                        "websocket_violation"
                    }
                };
                tracing::info!(session, reason, ?code, error, "websocket rule broken");
                shared.explain(reason, error);
                self.close_for(CloseReason::TransportError, code.frame(), Peer::Unreadable);
            }
            ReadEnd::Malformed(error) => {
                tracing::info!(session, reason = "malformed_packet", %error, "malformed packet");
                shared.explain("malformed_packet", error.to_string());
                let frame = CloseCode::None.frame();
                self.close_for(CloseReason::ParseError, frame, Peer::MayClose);
            }
        }
    }

    /// The session ends because of what the peer did; `frame` is all that is still said.
    pub(super) fn close_for(&mut self, reason: CloseReason, frame: bytes::Bytes, peer: Peer) {
        self.end(reason);
        self.shared.core().remove(self.shared.sid());
        self.shared.refuse(frame);
        self.stage = Stage::Draining(peer);
    }

    /// Waits until everything is out and the peer has gone. `true`: the stage changed.
    pub(super) fn wind_up(&mut self, cx: &mut Context<'_>) -> bool {
        let before = self.stage;
        if let Stage::Draining(peer) = self.stage
            && self.shared.outbox().lock().is_sealed()
        {
            let config = self.shared.core().config();
            let linger = match peer {
                Peer::MayClose => config.linger,
                Peer::Unreadable => config.linger.min(REFUSED_LINGER),
                Peer::Closed => Duration::ZERO,
            };
            let until = self.shared.core().now().saturating_add(linger);
            self.stage = Stage::Lingering { peer, until };
        }
        let gone = match (&mut self.socket, self.stage) {
            (
                _,
                Stage::Lingering {
                    peer: Peer::Closed, ..
                },
            ) => true,
            // A polling session has nobody to wait for once its last poll is answered.
            (None, Stage::Lingering { .. }) => true,
            (Some(socket), Stage::Draining(peer) | Stage::Lingering { peer, .. }) => match peer {
                Peer::MayClose => loop {
                    match socket.poll_packets(cx, &mut |_| true) {
                        Poll::Pending => break false,
                        Poll::Ready(Ok(())) => {}
                        Poll::Ready(Err(_)) => break true,
                    }
                },
                Peer::Unreadable => socket.poll_discard(cx).is_ready(),
                Peer::Closed => false,
            },
            (_, Stage::Open | Stage::Draining(_) | Stage::Done) => false,
        };
        if gone {
            self.finish();
        }
        self.stage != before
    }
}
