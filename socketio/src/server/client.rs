//! The Socket.IO side of one session: packets in, sockets out (protocol B.4).
//!
//! Whatever does not fit the state of the connection ends the session, as in the reference. One
//! deviation: packets for a namespace that was left a moment ago are ignored. The peer may have sent
//! them before it learnt that the server had disconnected it, and the reference then kills every other
//! namespace of that client.

mod connect;

use std::collections::VecDeque;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use bytestring::ByteString;
use engineio::server::{Request, Session};
use engineio::{CloseReason, Message};

use super::config::Config;
use super::deadlines::{Deadlines, Missed};
use super::dispatch::Dispatch;
use super::entrance::Entrance;
use super::error::DisconnectReason;
use super::link::Link;
use super::namespaces::Namespaces;
use super::socket::Socket;
use crate::{Args, Decoder, Event, Kind, Packet};

/// How many namespaces that were left are remembered.
const LEFT_REMEMBERED: usize = 8;

/// The client of one session; owned by the session's task.
pub(crate) struct Client {
    config: Arc<Config>,
    namespaces: Arc<Namespaces>,
    session: Session,
    request: Arc<Request>,
    decoder: Decoder,
    link: Arc<Link>,
    /// Namespaces whose middlewares run.
    entrances: Vec<Entrance>,
    /// Sockets, also those whose last handlers run.
    dispatches: Vec<Dispatch>,
    left: VecDeque<ByteString>,
    deadlines: Deadlines,
    waker: Option<Waker>,
    /// The session ends; nothing more is accepted.
    over: bool,
}

impl Client {
    pub(crate) fn new(
        namespaces: &Arc<Namespaces>,
        session: &Session,
        request: &Arc<Request>,
    ) -> Self {
        let config = Arc::clone(namespaces.config());
        let deadlines = Deadlines::start(&config);
        Self {
            decoder: Decoder::new(config.limits),
            config,
            namespaces: Arc::clone(namespaces),
            session: session.clone(),
            request: Arc::clone(request),
            link: Arc::default(),
            entrances: Vec::new(),
            dispatches: Vec::new(),
            left: VecDeque::new(),
            deadlines,
            waker: None,
            over: false,
        }
    }

    fn on_packet(&mut self, packet: Packet) {
        let namespace = &packet.namespace;
        let mut open = self
            .dispatches
            .iter_mut()
            .filter(|dispatch| dispatch.is_open());
        let open = open.find(|dispatch| dispatch.socket().namespace().name() == &**namespace);
        match (packet.kind, open) {
            (Kind::Connect, None) => self.on_connect(packet),
            (Kind::Event, Some(dispatch)) => {
                let data = packet.data.unwrap_or_default();
                if let Some(event) = Event::decode(data, packet.attachments) {
                    dispatch.on_event(event, packet.id);
                }
            }
            (Kind::Ack, Some(dispatch)) => {
                if let (Some(id), Some(args)) =
                    (packet.id, Args::decode(packet.data, packet.attachments))
                {
                    dispatch.socket().resolve(id, args);
                }
            }
            (Kind::Disconnect, Some(dispatch)) => {
                dispatch.finish(DisconnectReason::ClientNamespaceDisconnect);
                self.remember(packet.namespace);
            }
            (Kind::Event | Kind::Ack | Kind::Disconnect, None)
                if self.left.contains(&packet.namespace) => {}
            (Kind::Connect | Kind::ConnectError, Some(_))
            | (Kind::Event | Kind::Ack | Kind::Disconnect | Kind::ConnectError, None) => {
                tracing::info!(
                    session = self.session.number(), kind = ?packet.kind, reason = "invalid_state",
                    "packet does not fit the connection"
                );
                self.session.explain("invalid_state", "");
                self.fail(DisconnectReason::ForcedServerClose);
            }
        }
    }

    fn remember(&mut self, namespace: ByteString) {
        if self.left.len() == LEFT_REMEMBERED {
            self.left.pop_front();
        }
        // A copy: the name may be a slice of a large message.
        self.left.push_back(ByteString::from(&*namespace));
    }

    /// Ends all sockets for the given reason, and the session in good order.
    fn fail(&mut self, reason: DisconnectReason) {
        self.finish(reason);
        self.session.close(CloseReason::ForcedClose);
    }

    fn finish(&mut self, reason: DisconnectReason) {
        self.over = true;
        self.deadlines.stop();
        // "If the engine connection closed while middleware ran, nothing is sent."
        self.entrances.clear();
        let open = self
            .dispatches
            .iter_mut()
            .filter(|dispatch| dispatch.is_open());
        open.for_each(|dispatch| dispatch.finish(reason));
    }

    /// Takes note of the sockets that the server disconnected.
    fn notice_kicks(&mut self) {
        if !self.link.take_kicked() {
            return;
        }
        let mut kicked = Vec::new();
        for dispatch in &mut self.dispatches {
            if dispatch.is_open() && dispatch.socket().has_ended() {
                dispatch.drop_out();
                kicked.push(dispatch.socket().namespace().wire_name());
            }
        }
        kicked
            .into_iter()
            .for_each(|namespace| self.remember(namespace));
    }

    fn poll_deadlines(&mut self, cx: &mut Context<'_>) {
        let missed = self
            .deadlines
            .poll(cx, &self.config, self.decoder.pending_number());
        let (reason, end) = match missed {
            None => return,
            Some(Missed::Connect) => ("connect_timeout", DisconnectReason::ForcedServerClose),
            Some(Missed::Attachments) => {
                let reason = DisconnectReason::Session(CloseReason::ForcedClose);
                ("attachment_timeout", reason)
            }
        };
        tracing::info!(session = self.session.number(), reason, "session closed");
        self.session.explain(reason, "");
        self.fail(end);
    }

    fn poll_dispatches(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let mut idle = true;
        for dispatch in &mut self.dispatches {
            idle &= dispatch.poll(cx).is_ready();
        }
        if self.dispatches.iter().any(Dispatch::is_over) {
            let over = self
                .dispatches
                .extract_if(.., |dispatch| dispatch.is_over());
            over.for_each(|dispatch| self.link.remove(dispatch.socket()));
        }
        if idle { Poll::Ready(()) } else { Poll::Pending }
    }
}

impl engineio::server::Client for Client {
    fn message(&mut self, message: Message) {
        if self.over {
            return;
        }
        self.notice_kicks();
        match self.decoder.decode(message) {
            Ok(Some(packet)) => self.on_packet(packet),
            Ok(None) => {}
            Err(error) => {
                let reason = error.code();
                tracing::info!(session = self.session.number(), reason, %error, "malformed packet");
                self.session.explain(reason, error.to_string());
                // "the engine connection is closed gracefully → disconnect reason `forced close`"
                self.fail(DisconnectReason::Session(CloseReason::ForcedClose));
            }
        }
    }

    fn accepts(&self) -> bool {
        let sockets = || self.dispatches.iter().map(Dispatch::socket);
        let waiting = self.dispatches.iter().map(Dispatch::waiting).max();
        let waiting = waiting.unwrap_or(0);
        let bytes: usize = self.dispatches.iter().map(Dispatch::waiting_bytes).sum();
        let too_many = waiting >= self.config.inbox
            && (waiting >= self.config.inbox_while_awaiting || !sockets().any(Socket::is_awaited));
        let full = too_many || bytes >= self.config.inbox_bytes;
        if self.link.set_paused(full) && full {
            let reason = match too_many {
                true => "inbox_full",
                false => "inbox_too_large",
            };
            let session = self.session.number();
            tracing::debug!(session, reason, "client is not read");
            self.session.count_limit(reason, 1);
        }
        !full
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if !self
            .waker
            .as_ref()
            .is_some_and(|waker| waker.will_wake(cx.waker()))
        {
            self.link.set_waker(cx.waker());
            self.waker = Some(cx.waker().clone());
        }
        self.notice_kicks();
        self.poll_entrances(cx);
        if !self.over {
            self.poll_deadlines(cx);
        }
        // A handler may have disconnected its own socket: once more until nothing changes.
        loop {
            let poll = self.poll_dispatches(cx);
            if !self.link.is_kicked() {
                return poll;
            }
            self.notice_kicks();
        }
    }

    fn closed(&mut self, reason: CloseReason) {
        self.notice_kicks();
        self.finish(DisconnectReason::Session(reason));
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sockets: Vec<_> = self.dispatches.iter().map(Dispatch::socket).collect();
        formatter
            .debug_struct("Client")
            .field("sockets", &sockets)
            .finish_non_exhaustive()
    }
}
