//! Emitting to many, and what else can be done with many sockets.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::answers::Answers;
use super::broadcast::{Audience, Broadcast};
use super::error::EmitError;
use super::gathering::Gathering;
use super::names::{RoomName, RoomNames, SocketId};
use super::namespace::Namespace;
use super::outgoing::{Outgoing, Recipient};
use super::remote::RemoteSocket;
use crate::{Arguments, encode, event};

/// Emits to many sockets of a namespace: what `to`, `except` and `broadcast` make.
///
/// It describes the recipients and can be used any number of times (protocol B.9). A socket that is
/// in several of the rooms gets an event once.
///
/// ```
/// # fn news(io: &socketio::SocketIo) -> Result<(), socketio::EmitError> {
/// let readers = io.of("/").to("news").except(["muted", "away"]);
/// readers.emit("headline", "…")?;
/// readers.volatile().emit("typing", ())?;
/// # Ok(()) }
/// ```
#[derive(Clone)]
#[must_use = "an emitter does nothing until it emits"]
pub struct Emitter {
    namespace: Namespace,
    audience: Audience,
    deadline: Duration,
}

impl Emitter {
    pub(crate) fn new(namespace: &Namespace, sender: Option<SocketId>) -> Self {
        let audience = Audience {
            sender,
            ..Audience::default()
        };
        Self {
            namespace: namespace.clone(),
            audience,
            deadline: namespace.config().ack_timeout,
        }
    }

    /// Adds rooms whose members get it; without any, everyone does.
    pub fn to(mut self, rooms: impl RoomNames) -> Self {
        rooms.append_to(&mut self.audience.rooms);
        self
    }

    /// Adds rooms whose members do not get it.
    pub fn except(mut self, rooms: impl RoomNames) -> Self {
        rooms.append_to(&mut self.audience.except);
        self
    }

    /// Only for those who can take it at once.
    pub fn volatile(mut self) -> Self {
        self.audience.volatile = true;
        self
    }

    /// Only for the sockets of this process.
    pub fn local(mut self) -> Self {
        self.audience.local = true;
        self
    }

    /// Says whether to compress. Has no effect: there is no compression yet.
    pub fn compress(self, _compress: bool) -> Self {
        self
    }

    /// Waits that long for answers; without it, [`Config::ack_timeout`](crate::Config::ack_timeout).
    pub fn timeout(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Emits; answers how many sockets of this process took it into their outboxes. A socket that does
    /// not, because it is closed or reads too slowly, concerns nobody else;
    /// [`Namespace::on_delivery_failed`] tells which.
    ///
    /// # Errors
    /// It cannot be encoded.
    pub fn emit(&self, event: &str, args: impl Arguments) -> Result<usize, EmitError> {
        self.emit_args(event, &args)
    }

    /// Emits `message`, as `send` in the stock clients; see [`emit`](Self::emit).
    ///
    /// # Errors
    /// It cannot be encoded.
    pub fn send(&self, args: impl Arguments) -> Result<usize, EmitError> {
        self.emit(event::MESSAGE, args)
    }

    /// Emits and waits for the answers of all: one ack id, one encoding. The event is sent at once, not
    /// when the result is polled. Has to be called in a tokio runtime.
    pub fn emit_with_ack(&self, event: &str, args: impl Arguments) -> Answers {
        Answers::request(&self.namespace, self.deadline, |ack, gathering| {
            let answers = Some((ack, Arc::clone(gathering)));
            self.deliver(event, &args, answers).map(drop)
        })
    }

    pub(crate) fn emit_args(
        &self,
        event: &str,
        args: &(impl Arguments + ?Sized),
    ) -> Result<usize, EmitError> {
        self.deliver(event, args, None)
    }

    fn deliver(
        &self,
        event: &str,
        args: &(impl Arguments + ?Sized),
        answers: Option<(u64, Arc<Gathering>)>,
    ) -> Result<usize, EmitError> {
        let (ack, answers) = answers.unzip();
        let unit = encode::event(self.namespace.name(), ack, event, args)?;
        let recipient = Recipient::Audience(&self.audience);
        let registry = self.namespace.registry();
        registry.watch(|| Outgoing::new(&unit, recipient));
        Ok(self.namespace.adapter().deliver(Broadcast {
            namespace: self.namespace.wire_name(),
            audience: self.audience.clone(),
            unit: Arc::new(unit),
            answers,
        }))
    }

    /// Makes the sockets join rooms. What [`Socket::join`](crate::Socket::join) would refuse is logged.
    pub fn join(&self, rooms: impl RoomNames) {
        self.namespace
            .adapter()
            .join(&self.audience, &collect(rooms));
    }

    /// Makes the sockets leave rooms.
    pub fn leave(&self, rooms: impl RoomNames) {
        self.namespace
            .adapter()
            .leave(&self.audience, &collect(rooms));
    }

    /// Disconnects the sockets; `close` also closes their sessions, as
    /// [`Socket::disconnect`](crate::Socket::disconnect) does.
    pub fn disconnect(&self, close: bool) {
        self.namespace.adapter().disconnect(&self.audience, close);
    }

    /// What there is to know about the sockets: handshake, rooms, data.
    ///
    /// ```
    /// # async fn who(io: &socketio::SocketIo) {
    /// for socket in io.of("/").to("lobby").fetch_sockets().await {
    ///     println!("{} from {:?}", socket.id(), socket.handshake().address());
    ///     socket.join("greeted");
    /// }
    /// # }
    /// ```
    pub async fn fetch_sockets(&self) -> Vec<RemoteSocket> {
        self.namespace.adapter().fetch(&self.audience).await
    }
}

fn collect(rooms: impl RoomNames) -> Vec<RoomName> {
    let mut names = Vec::with_capacity(1);
    rooms.append_to(&mut names);
    names
}

impl fmt::Debug for Emitter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Emitter")
            .field("namespace", &self.namespace.name())
            .field("audience", &self.audience)
            .finish()
    }
}
