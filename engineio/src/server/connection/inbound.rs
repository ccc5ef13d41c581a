//! From the peer to the client: what was posted first, then the WebSocket.

use std::{
    task::{Context, Poll},
    time::Duration,
};

use super::{Connection, Peer};
use crate::{
    CloseReason, DecodeError, Packet, Transport,
    server::{Client, SessionEvent, lane::Signal, tally::Arrived, websocket::CloseCode},
    session::Action,
};

/// Bytes of replies that stop the reading until they are written.
const REPLIES_PER_ROUND: usize = 64 * 1024;

impl<C: Client> Connection<C> {
    /// Hands arrived packets to the client. `true`: something happened.
    pub(super) fn receive(&mut self, cx: &mut Context<'_>) -> bool {
        if !self.may_read() {
            return self.has_earlier_deadline();
        }
        let posted = {
            let mut control = self.shared.control();
            if control.hushed {
                return false;
            }
            control.inbound.take()
        };
        if let Some(posted) = posted {
            self.on_posted(posted);
            return true;
        }
        let post = self.shared.control().post.take();
        if let Some(post) = post {
            post.wake();
        }
        self.socket.is_some() && self.read_socket(cx)
    }

    /// Whether the client takes more, and what it asks for gets out; tells the rules when that
    /// changes.
    fn may_read(&mut self) -> bool {
        let now = self.shared.core().now();
        let accepts = self.client.accepts();
        // Asked also of a client that is full, which may be waiting for just this queue.
        let congested = self.shared.outbox().lock().is_congested(accepts, now);
        let accepts = accepts && !congested;
        if accepts == self.paused {
            self.paused = !accepts;
            let rules = &mut self.shared.control().rules;
            if self.paused {
                rules.on_pause()
            } else {
                rules.on_resume(now)
            }
        }
        accepts
    }

    fn on_posted(&mut self, posted: Result<Packet, DecodeError>) {
        let now = self.shared.core().now();
        if let Ok(packet) = &posted {
            self.shared.tell(SessionEvent::Packet(packet));
            let mut arrived = Arrived::default();
            arrived.note(packet);
            self.count(Transport::Polling, &arrived);
        }
        let is_pong = matches!(posted, Ok(Packet::Pong(_)));
        let action = match posted {
            Ok(packet) => self.shared.control().on_packet(packet, now),
            Err(error) => {
                tracing::info!(session = self.shared.number(), reason = "malformed_packet", %error, "malformed packet");
                self.shared.explain("malformed_packet", error.to_string());
                self.shared.control().rules.on_malformed()
            }
        };
        match action {
            Action::Deliver(message) => self.client.message(message),
            Action::Close(reason) => {
                // The poll that waits beside a `1` gets a noop; any other end says `1`.
                if reason == CloseReason::TransportClose {
                    self.shared.signal(Signal::Noop);
                }
                self.lose(reason);
            }
            Action::None if is_pong => {
                self.count_pong(now);
                self.shared.tell(SessionEvent::Heartbeat);
                self.client.heartbeat();
            }
            Action::None | Action::Ping | Action::Noop | Action::AbandonProbe => {}
        }
    }

    fn count(&self, transport: Transport, arrived: &Arrived) {
        let tally = self.shared.core().tally();
        tally.on_arrived(self.shared.home(), transport, arrived);
    }

    /// A pong that nobody asked for says nothing about the time between.
    fn count_pong(&self, now: Duration) {
        let pinged = self.shared.control().pinged.take();
        if let Some(pinged) = pinged {
            let took = now.saturating_sub(pinged);
            let tally = self.shared.core().tally();
            tally.on_pong(self.shared.home(), took);
        }
    }

    fn read_socket(&mut self, cx: &mut Context<'_>) -> bool {
        let Some(mut socket) = self.socket.take() else {
            return false;
        };
        let (shared, client) = (&self.shared, &mut self.client);
        let now = shared.core().now();
        let mut delivered = false;
        let (mut over, mut arrived, mut ponged) = (None, Arrived::default(), false);
        let outcome = socket.poll_packets(cx, &mut |packet| {
            shared.tell(SessionEvent::Packet(&packet));
            arrived.note(&packet);
            let is_pong = matches!(packet, Packet::Pong(_));
            ponged |= is_pong;
            let action = shared.control().on_packet(packet, now);
            match action {
                Action::Deliver(message) => {
                    delivered = true;
                    client.message(message);
                    client.accepts() && shared.outbox().lock().buffered() < REPLIES_PER_ROUND
                }
                Action::Close(reason) => {
                    tracing::info!(session = shared.number(), %reason, "packet ends the session");
                    over = Some(reason);
                    false
                }
                Action::None => {
                    if is_pong {
                        shared.tell(SessionEvent::Heartbeat);
                        client.heartbeat();
                    }
                    true
                }
                Action::Ping | Action::Noop | Action::AbandonProbe => true,
            }
        });
        arrived.bytes = socket.take_count();
        let control = socket.take_control();
        self.socket = Some(socket);
        self.count(Transport::WebSocket, &arrived);
        if ponged {
            self.count_pong(now);
        }
        let more = outcome.is_ready();
        match (over, outcome) {
            (Some(reason), _) => self.close_for(reason, CloseCode::None.frame(), Peer::MayClose),
            (None, Poll::Ready(Err(end))) => self.on_read_end(end, control),
            (None, Poll::Pending | Poll::Ready(Ok(()))) => {
                if let Some(frame) = control {
                    self.shared.signal(Signal::Control(frame));
                }
                return delivered || more;
            }
        }
        true
    }
}
