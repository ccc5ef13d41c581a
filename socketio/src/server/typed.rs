//! Events whose name and arguments belong together.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::ack::Ack;
use super::emitter::Emitter;
use super::error::EmitError;
use super::extract::Data;
use super::handler::{Async, Plain};
use super::namespace::Namespace;
use super::socket::Socket;

/// An event that knows its name: one place for both, and the compiler sees to the rest.
///
/// ```
/// use serde::{Deserialize, Serialize};
/// use socketio::{Data, Socket, SocketIo};
/// use socketio::server::TypedEvent;
///
/// #[derive(Serialize, Deserialize)]
/// struct Said {
///     text: String,
/// }
///
/// impl TypedEvent for Said {
///     const NAME: &'static str = "said";
/// }
///
/// let io = SocketIo::builder().build();
/// io.of("/").on_typed(|socket: Socket, Data(said): Data<Said>| {
///     socket.broadcast().emit_typed(&said).is_ok()
/// });
/// assert_eq!(io.of("/").event_names(), ["said"]);
/// ```
pub trait TypedEvent: Serialize + DeserializeOwned + 'static {
    /// The name on the wire.
    const NAME: &'static str;
}

/// What handlers of a [`TypedEvent`] take: its [`Data`], after [`Socket`] or alone, and perhaps
/// [`Ack`](crate::Ack) at the end.
#[diagnostic::on_unimplemented(
    message = "these are not the arguments of a handler of a typed event",
    note = "it takes `Data<T>` or `Socket, Data<T>`, and perhaps `Ack` at the end; `T` implements `TypedEvent`"
)]
pub trait TypedSignature: 'static {
    /// The event.
    type Event: TypedEvent;
}

macro_rules! signatures {
    ($($kind:ty),*) => {$(
        impl<E: TypedEvent> TypedSignature for ($kind, Data<E>) {
            type Event = E;
        }

        impl<E: TypedEvent> TypedSignature for ($kind, Data<E>, Ack) {
            type Event = E;
        }

        impl<E: TypedEvent> TypedSignature for ($kind, Socket, Data<E>) {
            type Event = E;
        }

        impl<E: TypedEvent> TypedSignature for ($kind, Socket, Data<E>, Ack) {
            type Event = E;
        }
    )*};
}

signatures!(Plain, Async);

impl Socket {
    /// Sends a typed event to this client.
    ///
    /// # Errors
    /// As for [`emit`](Self::emit).
    pub fn emit_typed<E: TypedEvent>(&self, event: &E) -> Result<(), EmitError> {
        self.emit(E::NAME, event)
    }
}

impl Emitter {
    /// Emits a typed event; see [`emit`](Self::emit).
    ///
    /// # Errors
    /// It cannot be encoded.
    pub fn emit_typed<E: TypedEvent>(&self, event: &E) -> Result<usize, EmitError> {
        self.emit(E::NAME, event)
    }
}

impl Namespace {
    /// Emits a typed event to everyone in the namespace; see [`Emitter::emit`].
    ///
    /// # Errors
    /// It cannot be encoded.
    pub fn emit_typed<E: TypedEvent>(&self, event: &E) -> Result<usize, EmitError> {
        self.emit(E::NAME, event)
    }
}
