//! A socket at the door: CONNECT arrived, a dynamic namespace or the middlewares have not decided yet.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::{self, Poll, ready};

use bytestring::ByteString;
use engineio::server::Session;

use super::error::ConnectError;
use super::extract::Context;
use super::handler::Running;
use super::handshake::Handshake;
use super::link::Link;
use super::namespaces::{Guest, Lookup, invalid_namespace};
use super::socket::{Phase, Socket};
use crate::{Kind, Packet};

/// See the module's documentation. Dropping it is the end of the socket, which nobody hears of.
pub(crate) struct Entrance {
    name: ByteString,
    visitor: Visitor,
    stage: Stage,
    /// A second CONNECT that arrived meanwhile. Handled beside the first, as the reference does, it
    /// would make two sockets.
    queued: Option<Packet>,
}

/// Who wants in.
pub(crate) struct Visitor {
    pub(crate) session: Session,
    pub(crate) link: Arc<Link>,
    pub(crate) handshake: Handshake,
}

enum Stage {
    /// A dynamic namespace thinks about whether there is such a namespace.
    Asking(Running<Option<Guest>>),
    Deciding(Candidate),
    /// Refused or admitted.
    Over,
}

/// A socket that the middlewares look at.
struct Candidate {
    guest: Guest,
    socket: Socket,
    /// The middlewares, in their order; none if there are none.
    middlewares: Option<Running<Result<(), ConnectError>>>,
}

impl Entrance {
    /// An error if there is no such namespace.
    pub(crate) fn open(
        name: ByteString,
        lookup: Lookup,
        visitor: Visitor,
    ) -> Result<Self, ConnectError> {
        let stage = match lookup {
            Lookup::Refused(error) => return Err(error),
            Lookup::Found(guest) => Stage::Deciding(Candidate::new(guest, &visitor)),
            Lookup::Asking(asking) => Stage::Asking(asking),
        };
        Ok(Self {
            name,
            visitor,
            stage,
            queued: None,
        })
    }

    pub(crate) fn name(&self) -> ByteString {
        self.name.clone()
    }

    pub(crate) fn is_for(&self, namespace: &str) -> bool {
        &*self.name == namespace
    }

    /// Whether there is nothing to wait for.
    pub(crate) fn is_unguarded(&self) -> bool {
        matches!(&self.stage, Stage::Deciding(candidate) if candidate.middlewares.is_none())
    }

    /// Keeps a second CONNECT for later; false if there is one already.
    pub(crate) fn queue(&mut self, packet: Packet) -> bool {
        let free = self.queued.is_none();
        self.queued = Some(packet);
        free
    }

    pub(crate) fn take_queued(&mut self) -> Option<Packet> {
        self.queued.take()
    }

    /// What is decided.
    pub(crate) fn poll(&mut self, cx: &mut task::Context<'_>) -> Poll<Result<(), ConnectError>> {
        let polled = catch_unwind(AssertUnwindSafe(|| self.poll_stage(cx)));
        polled.unwrap_or_else(|_| {
            tracing::error!(namespace = %self.name.escape_debug(), "middleware panicked");
            Poll::Ready(Err(ConnectError::new("internal error")))
        })
    }

    fn poll_stage(&mut self, cx: &mut task::Context<'_>) -> Poll<Result<(), ConnectError>> {
        if let Stage::Asking(asking) = &mut self.stage {
            let Some(guest) = ready!(asking.as_mut().poll(cx)) else {
                return Poll::Ready(Err(invalid_namespace()));
            };
            self.stage = Stage::Deciding(Candidate::new(guest, &self.visitor));
        }
        match &mut self.stage {
            Stage::Deciding(Candidate {
                middlewares: Some(middlewares),
                ..
            }) => middlewares.as_mut().poll(cx),
            Stage::Asking(_) | Stage::Deciding(_) | Stage::Over => Poll::Ready(Ok(())),
        }
    }

    /// Lets the socket in: rooms and CONNECT in one step, so that CONNECT is the first thing that the
    /// client gets and nothing that follows it is missed. None if the namespace was removed meanwhile.
    pub(crate) fn admit(&mut self) -> Option<(Socket, Guest)> {
        let Stage::Deciding(candidate) = std::mem::replace(&mut self.stage, Stage::Over) else {
            return None;
        };
        let Candidate { guest, socket, .. } = candidate;
        let namespace = guest.namespace();
        if namespace.is_closed() {
            socket.values().clear();
            return None;
        }
        socket.enter(Phase::Connected);
        namespace.rooms().admit(&socket, || {
            socket.send_packet(&Packet {
                namespace: namespace.wire_name(),
                data: Some(format!(r#"{{"sid":"{}"}}"#, socket.id()).into()),
                ..Packet::new(Kind::Connect)
            });
        });
        Some((socket, guest))
    }
}

impl Drop for Entrance {
    fn drop(&mut self) {
        // A socket that was not let in: what is stored with it may be the socket itself.
        if let Stage::Deciding(candidate) = &self.stage {
            candidate.socket.values().clear();
        }
    }
}

impl Candidate {
    fn new(guest: Guest, visitor: &Visitor) -> Self {
        let namespace = guest.namespace();
        let socket = Socket::new(
            namespace.clone(),
            visitor.session.clone(),
            Arc::clone(&visitor.link),
            visitor.handshake.clone(),
        );
        let row = namespace.registry().middlewares();
        let unguarded = row.is_empty();
        let seen = socket.clone();
        let middlewares = async move {
            for middleware in row {
                middleware.call(Context::connect(seen.clone())).await?;
            }
            Ok(())
        };
        Self {
            guest,
            socket,
            middlewares: (!unguarded).then(|| Box::pin(middlewares) as Running<_>),
        }
    }
}
