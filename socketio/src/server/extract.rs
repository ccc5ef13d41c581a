//! What handlers can take as arguments.

use std::any::Any;
use std::sync::Arc;

use engineio::server::CloseDetail;
use serde::de::DeserializeOwned;

use super::ack::Ack;
use super::error::{DisconnectReason, EmitError, Rejection};
use super::gate::Refusal;
use super::handshake::Auth;
use super::names::SocketId;
use super::namespace::Namespace;
use super::socket::Socket;
use crate::encode::Written;
use crate::{Args, Arguments, Binary, Event};

/// What a handler is called for; extractors take their part of it.
#[derive(Debug)]
pub struct Context {
    socket: Socket,
    cause: Cause,
    /// The answer that the client waits for.
    ack: Option<u64>,
    /// The handler answers by itself.
    ack_taken: bool,
}

#[derive(Debug)]
enum Cause {
    Event(Event),
    Connect,
    Disconnect(DisconnectReason),
}

impl Context {
    pub(crate) fn event(socket: Socket, event: Event, ack: Option<u64>) -> Self {
        Self {
            socket,
            cause: Cause::Event(event),
            ack,
            ack_taken: false,
        }
    }

    pub(crate) fn connect(socket: Socket) -> Self {
        Self {
            socket,
            cause: Cause::Connect,
            ack: None,
            ack_taken: false,
        }
    }

    pub(crate) fn disconnect(socket: Socket, reason: DisconnectReason) -> Self {
        Self {
            socket,
            cause: Cause::Disconnect(reason),
            ack: None,
            ack_taken: false,
        }
    }

    /// The socket it concerns.
    #[must_use]
    pub fn socket(&self) -> &Socket {
        &self.socket
    }

    /// The event, if it is one.
    #[must_use]
    pub fn as_event(&self) -> Option<&Event> {
        match &self.cause {
            Cause::Event(event) => Some(event),
            Cause::Connect | Cause::Disconnect(_) => None,
        }
    }

    fn require_event(&self, what: &'static str) -> Result<&Event, Rejection> {
        self.as_event().ok_or(Rejection::Unavailable(what))
    }

    /// Answers with what a handler returned, unless it took that upon itself.
    pub(crate) fn reply(&self, output: &impl Arguments) {
        let written = match Written::new(output) {
            Ok(written) => written,
            Err(error) => return self.reply_failed(EmitError::Encode(error)),
        };
        match self.ack.filter(|_| !self.ack_taken) {
            Some(id) => match self.socket.answer_written(id, written) {
                Ok(())
                | Err(EmitError::Disconnected | EmitError::SlowConsumer | EmitError::Full) => {}
                Err(error @ EmitError::Encode(_)) => self.reply_failed(error),
            },
            None if written.is_error() => self.report(&Rejection::Failed(written.to_json())),
            None => {}
        }
    }

    /// Reports that an event middleware refused the event, also to the client if it waits for an answer.
    pub(crate) fn refuse(&self, refusal: Refusal) {
        let written = match refusal {
            Ok(written) => written,
            Err(error) => return self.reply_failed(error),
        };
        self.report(&Rejection::Refused(written.to_json()));
        if let Some(id) = self.ack.filter(|_| !self.ack_taken)
            && let Err(error @ EmitError::Encode(_)) = self.socket.answer_written(id, written)
        {
            self.reply_failed(error);
        }
    }

    fn reply_failed(&self, error: EmitError) {
        self.reject(Rejection::Ack(error));
    }

    /// Reports why a handler was not called, also to the client if it waits for an answer.
    pub(crate) fn reject(&self, rejection: Rejection) {
        self.report(&rejection);
        if let (Some(id), false) = (self.ack, rejection == Rejection::Unhandled) {
            // A socket that is gone waits for nothing.
            let _ = self.socket.answer(id, &rejection);
        }
    }

    /// Logs a rejection and hands it to the namespace's hook. Payloads are not logged.
    pub(crate) fn report(&self, rejection: &Rejection) {
        let event = self.as_event().map(Event::name).unwrap_or_default();
        if *rejection == Rejection::EventNameTooLong {
            // Without the name: it is as long as a message may be.
            let reason = rejection.code();
            tracing::info!(socket = %self.socket.id(), reason, "event rejected");
            self.socket.session().count_limit(reason, 1);
        } else {
            tracing::debug!(
                socket = %self.socket.id(), namespace = self.socket.namespace().name(),
                event = %event.escape_debug(), reason = rejection.code(), "event rejected"
            );
        }
        let registry = self.socket.namespace().registry();
        registry.reject(&self.socket, event, rejection);
    }
}

/// An argument of a handler.
///
/// ```
/// use socketio::server::{Context, FromContext, Rejection};
///
/// /// The name of the event.
/// struct Name(String);
///
/// impl FromContext for Name {
///     fn from_context(context: &mut Context) -> Result<Self, Rejection> {
///         let event = context.as_event().ok_or(Rejection::Unavailable("Name"))?;
///         Ok(Self(event.name().to_owned()))
///     }
/// }
/// ```
pub trait FromContext: Sized {
    /// Takes the argument out of what the handler is called for.
    ///
    /// # Errors
    /// It is not there or is not what it should be. The handler is not called then.
    fn from_context(context: &mut Context) -> Result<Self, Rejection>;
}

/// The arguments of the event as typed values: a tuple takes several, anything else the first one
/// (see [`Args::parse`]). In middlewares and connect handlers, the payload of CONNECT.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Data<T>(pub T);

impl<T: DeserializeOwned> FromContext for Data<T> {
    fn from_context(context: &mut Context) -> Result<Self, Rejection> {
        let parsed = match &context.cause {
            Cause::Event(event) => event.args().parse(),
            Cause::Connect => context.socket.handshake().auth().parse(),
            Cause::Disconnect(_) => return Err(Rejection::Unavailable("Data")),
        };
        Ok(Self(parsed?))
    }
}

/// The application's value of that type, which [`Builder::state`](super::Builder::state) took.
#[derive(Debug, Clone)]
pub struct State<T>(pub Arc<T>);

impl<T: Any + Send + Sync> FromContext for State<T> {
    fn from_context(context: &mut Context) -> Result<Self, Rejection> {
        let state = context.socket.namespace().state().find();
        state.map(Self).ok_or(Rejection::Unavailable("State"))
    }
}

impl<T> std::ops::Deref for State<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl FromContext for Socket {
    fn from_context(context: &mut Context) -> Result<Self, Rejection> {
        Ok(context.socket.clone())
    }
}

impl FromContext for SocketId {
    fn from_context(context: &mut Context) -> Result<Self, Rejection> {
        Ok(context.socket.id())
    }
}

impl FromContext for Namespace {
    fn from_context(context: &mut Context) -> Result<Self, Rejection> {
        Ok(context.socket.namespace().clone())
    }
}

impl FromContext for Auth {
    fn from_context(context: &mut Context) -> Result<Self, Rejection> {
        Ok(context.socket.handshake().auth().clone())
    }
}

impl FromContext for Event {
    fn from_context(context: &mut Context) -> Result<Self, Rejection> {
        context.require_event("Event").cloned()
    }
}

impl FromContext for Args {
    fn from_context(context: &mut Context) -> Result<Self, Rejection> {
        context
            .require_event("Args")
            .map(|event| event.args().clone())
    }
}

/// The first argument, which has to be binary.
impl FromContext for Binary {
    fn from_context(context: &mut Context) -> Result<Self, Rejection> {
        Ok(context.require_event("Binary")?.args().parse_at(0)?)
    }
}

impl FromContext for Ack {
    fn from_context(context: &mut Context) -> Result<Self, Rejection> {
        context.require_event("Ack")?;
        context.ack_taken = true;
        Ok(Self::new(context.socket.clone(), context.ack))
    }
}

impl FromContext for DisconnectReason {
    fn from_context(context: &mut Context) -> Result<Self, Rejection> {
        match context.cause {
            Cause::Disconnect(reason) => Ok(reason),
            Cause::Event(_) | Cause::Connect => Err(Rejection::Unavailable("DisconnectReason")),
        }
    }
}

/// What exactly ended the session, in handlers of a disconnect that came with its end: the description of
/// the reference. `None` when the namespace alone was left, or there is nothing to say.
impl FromContext for Option<CloseDetail> {
    fn from_context(context: &mut Context) -> Result<Self, Rejection> {
        let reason = DisconnectReason::from_context(context)?;
        Ok(match reason {
            DisconnectReason::Session(_) | DisconnectReason::ForcedServerClose => {
                context.socket.session().close_detail()
            }
            DisconnectReason::ClientNamespaceDisconnect
            | DisconnectReason::ServerNamespaceDisconnect => None,
        })
    }
}

/// For handlers that deal with a rejection themselves.
impl<T: FromContext> FromContext for Result<T, Rejection> {
    fn from_context(context: &mut Context) -> Result<Self, Rejection> {
        Ok(T::from_context(context))
    }
}
