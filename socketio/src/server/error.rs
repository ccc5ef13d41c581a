//! What can go wrong on the server's side, and why sockets end.

use engineio::CloseReason;
use engineio::server::SendError;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::{ArgsError, EncodeError};

/// The code of arguments that are not what was asked for.
const ARGUMENTS_CODE: &str = "invalid_arguments";

/// Makes errors what a handler may return: the ack is
/// `{"ok":false,"error":{"code":…,"message":…}}`.
macro_rules! serialize_as_failure {
    ($($error:ty => $code:expr;)*) => {$(
        impl Serialize for $error {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let (code, message) = (($code)(self), self.to_string());
                Failure { ok: false, error: Reason { code, message } }.serialize(serializer)
            }
        }
    )*};
}

#[derive(Serialize)]
struct Failure {
    ok: bool,
    error: Reason,
}

#[derive(Serialize)]
struct Reason {
    code: &'static str,
    message: String,
}

serialize_as_failure! {
    EmitError => EmitError::code;
    AckError => AckError::code;
    RoomError => |error: &RoomError| error.code();
    Rejection => Rejection::code;
    ArgsError => |_: &ArgsError| ARGUMENTS_CODE;
}

/// Why an event was not sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EmitError {
    /// The event cannot be encoded.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// The socket or its session has ended.
    #[error("disconnected")]
    Disconnected,
    /// The client does not read fast enough: its outbox is full and it is being cut.
    #[error("slow consumer")]
    SlowConsumer,
    /// The client's outbox is full and the event was left out; see
    /// [`Overflow::Refuse`](engineio::server::Overflow::Refuse).
    #[error("outbox full")]
    Full,
}

impl EmitError {
    /// A stable word for programs and logs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Encode(_) => "not_encodable",
            Self::Disconnected => "disconnected",
            Self::SlowConsumer => "slow_consumer",
            Self::Full => "outbox_full",
        }
    }
}

impl From<SendError> for EmitError {
    fn from(error: SendError) -> Self {
        match error {
            SendError::SlowConsumer => Self::SlowConsumer,
            SendError::Full => Self::Full,
            // Whatever else there may be one day: the session does not take messages.
            _ => Self::Disconnected,
        }
    }
}

/// Why there is no answer to an event that asked for one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AckError {
    /// The event was not sent.
    #[error(transparent)]
    Emit(#[from] EmitError),
    /// No answer within the deadline; the text is that of the reference (protocol B.6).
    #[error("operation has timed out")]
    Timeout,
    /// The socket disconnected before it answered.
    #[error("disconnected before the answer")]
    Disconnected,
    /// The answer is not what was asked for.
    #[error(transparent)]
    Args(#[from] ArgsError),
}

impl AckError {
    /// A stable word for programs and logs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Emit(error) => error.code(),
            Self::Timeout => "timeout",
            Self::Disconnected => "disconnected",
            Self::Args(_) => ARGUMENTS_CODE,
        }
    }
}

/// Why a socket could not join a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RoomError {
    /// The socket is in [`Config::rooms_per_socket`](crate::Config::rooms_per_socket) rooms already.
    #[error("too many rooms (at most {max})")]
    TooManyRooms {
        /// The limit that was passed.
        max: usize,
    },
    /// The name is longer than [`Config::room_name_length`](crate::Config::room_name_length).
    #[error("room name too long (at most {max} bytes)")]
    NameTooLong {
        /// The limit that was passed.
        max: usize,
    },
}

impl RoomError {
    /// A stable word for programs and logs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::TooManyRooms { .. } => "too_many_rooms",
            Self::NameTooLong { .. } => "room_name_too_long",
        }
    }
}

/// The refusal of a connection, sent as CONNECT_ERROR (protocol B.4).
///
/// ```
/// use socketio::ConnectError;
///
/// let error = ConnectError::new("not authorized").with_data(&serde_json::json!({ "code": 401 }));
/// assert_eq!(error.message(), "not authorized");
/// ```
#[derive(Debug, Clone, Serialize, thiserror::Error)]
#[error("{message}")]
pub struct ConnectError {
    /// For log lines.
    #[serde(skip)]
    code: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Box<RawValue>>,
}

/// Longer data is not searched for words.
const WORDS_IN: usize = 1024;

/// What the data of a refusal may have.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Words {
    code: serde_json::Value,
    reason: serde_json::Value,
}

impl ConnectError {
    /// A refusal with the text that the client's `connect_error` handler sees as `message`.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            code: "refused",
            message: message.into(),
            data: None,
        }
    }

    /// A refusal by the server itself.
    pub(crate) fn of_server(code: &'static str, message: &str) -> Self {
        let error = Self::new(message);
        Self { code, ..error }
    }

    /// The same with the code as data, for what the reference does not refuse.
    pub(crate) fn limit(code: &'static str, message: &str) -> Self {
        Self::of_server(code, message).with_data(&serde_json::json!({ "code": code }))
    }

    pub(crate) fn code(&self) -> &'static str {
        self.code
    }

    /// The `code` and the `reason` that the data has, when these are words and no texts. For log lines.
    pub(crate) fn words(&self) -> (Option<String>, Option<String>) {
        let data = self.data.as_ref().map(|data| data.get());
        let data = data.filter(|data| data.len() <= WORDS_IN);
        let words = data.and_then(|data| serde_json::from_str::<Words>(data).ok());
        let words = words.unwrap_or_default();
        let is_word = |text: &String| text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        let word = |value: serde_json::Value| match value {
            serde_json::Value::String(text) => Some(text).filter(is_word),
            _ => None,
        };
        (word(words.code), word(words.reason))
    }

    /// Adds what the client sees as `data`. A value that cannot be serialized is left out.
    #[must_use]
    pub fn with_data(mut self, data: &impl Serialize) -> Self {
        self.data = serde_json::value::to_raw_value(data).ok();
        self
    }

    /// The text.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

/// Why an event did not get to its handler, or what its handler refused it with.
///
/// The client is told if it asked for an ack: `{"ok":false,"error":{"code":…,"message":…}}`. It is
/// logged, and handed to [`Namespace::on_rejection`](crate::Namespace::on_rejection), in any case.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Rejection {
    /// The arguments are not what the handler takes.
    #[error("{0}")]
    Arguments(#[from] ArgsError),
    /// The handler takes something that only exists for another kind of handler.
    #[error("{0} is not available here")]
    Unavailable(&'static str),
    /// No handler and no catch-all for this event. Never answered, as in the reference.
    #[error("no handler for this event")]
    Unhandled,
    /// The event's name is longer than [`Config::event_name_length`](crate::Config::event_name_length).
    #[error("event name too long")]
    EventNameTooLong,
    /// The handler returned an error and nobody waits for an ack; the JSON of the error.
    #[error("handler failed: {0}")]
    Failed(String),
    /// An event middleware refused the event; the JSON of its error.
    #[error("refused: {0}")]
    Refused(String),
    /// The handler's return value cannot be the ack.
    #[error("the ack cannot be sent: {0}")]
    Ack(EmitError),
    /// The handler panicked.
    #[error("the handler panicked")]
    Panicked,
}

impl Rejection {
    /// A stable word for programs and logs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Arguments(_) => ARGUMENTS_CODE,
            Self::Unavailable(_) => "unavailable",
            Self::Unhandled => "unhandled_event",
            Self::EventNameTooLong => "event_name_too_long",
            Self::Failed(_) => "failed",
            Self::Refused(_) => "refused",
            Self::Ack(_) => "ack_not_sent",
            Self::Panicked => "panicked",
        }
    }
}

/// Why a socket disconnected (protocol B.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DisconnectReason {
    /// The client left the namespace.
    ClientNamespaceDisconnect,
    /// [`Socket::disconnect`](crate::Socket::disconnect) was called.
    ServerNamespaceDisconnect,
    /// The client broke the rules: sent a packet that does not fit the state of its connection.
    ForcedServerClose,
    /// The session ended.
    Session(CloseReason),
}

impl DisconnectReason {
    /// The text that the reference gives to its handlers.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ClientNamespaceDisconnect => "client namespace disconnect",
            Self::ServerNamespaceDisconnect => "server namespace disconnect",
            Self::ForcedServerClose => "forced server close",
            Self::Session(reason) => reason.as_str(),
        }
    }
}

impl std::fmt::Display for DisconnectReason {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}
