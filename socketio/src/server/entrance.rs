//! A socket at the door: CONNECT arrived, the middlewares have not decided yet.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::{self, Poll};

use bytestring::ByteString;
use engineio::server::{Request, Session};

use super::error::ConnectError;
use super::extract::Context;
use super::handler::Running;
use super::handshake::{Auth, Handshake};
use super::link::Link;
use super::namespace::Namespace;
use super::socket::{Phase, Socket};
use crate::{Kind, Packet};

/// See the module's documentation. Dropping it is the end of the socket, which nobody hears of.
pub(crate) struct Entrance {
    socket: Socket,
    /// The middlewares, in their order; none if there are none.
    middlewares: Option<Running<Result<(), ConnectError>>>,
    /// A second CONNECT that arrived meanwhile. Handled beside the first, as the reference does, it
    /// would make two sockets.
    queued: Option<Packet>,
}

impl Entrance {
    pub(crate) fn open(
        namespace: &Namespace,
        session: &Session,
        link: &Arc<Link>,
        request: &Arc<Request>,
        auth: Option<ByteString>,
    ) -> Self {
        let handshake = Handshake::new(Arc::clone(request), Auth::new(auth));
        let socket = Socket::new(
            namespace.clone(),
            session.clone(),
            Arc::clone(link),
            handshake,
        );
        let row = namespace.middlewares();
        let visitor = socket.clone();
        let unguarded = row.is_empty();
        let middlewares = async move {
            for middleware in row {
                middleware.call(Context::connect(visitor.clone())).await?;
            }
            Ok(())
        };
        Self {
            socket,
            middlewares: (!unguarded).then(|| Box::pin(middlewares) as Running<_>),
            queued: None,
        }
    }

    pub(crate) fn namespace(&self) -> &Namespace {
        self.socket.namespace()
    }

    pub(crate) fn is_for(&self, namespace: &str) -> bool {
        self.namespace().name() == namespace
    }

    /// Whether there is no middleware to wait for.
    pub(crate) fn is_unguarded(&self) -> bool {
        self.middlewares.is_none()
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

    /// What the middlewares decide.
    pub(crate) fn poll(&mut self, cx: &mut task::Context<'_>) -> Poll<Result<(), ConnectError>> {
        let Some(middlewares) = &mut self.middlewares else {
            return Poll::Ready(Ok(()));
        };
        catch_unwind(AssertUnwindSafe(|| middlewares.as_mut().poll(cx))).unwrap_or_else(|_| {
            tracing::error!(namespace = self.namespace().name(), "middleware panicked");
            Poll::Ready(Err(ConnectError::new("internal error")))
        })
    }

    /// Lets the socket in: rooms and CONNECT in one step, so that CONNECT is the first thing that the
    /// client gets and nothing that follows it is missed.
    pub(crate) fn admit(&self) -> Socket {
        self.socket.enter(Phase::Connected);
        let namespace = self.namespace();
        namespace.rooms().admit(&self.socket, || {
            self.socket.send_packet(&Packet {
                namespace: namespace.wire_name(),
                data: Some(format!(r#"{{"sid":"{}"}}"#, self.socket.id()).into()),
                ..Packet::new(Kind::Connect)
            });
        });
        self.socket.clone()
    }
}
