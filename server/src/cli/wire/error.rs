//! What a client met in the place of an answer.

use std::io::{self, ErrorKind};
use std::time::Duration;

use super::{Answer, Mistrust, NoOpening};

/// What a person has to know to mend it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(in super::super) enum WireError {
    /// The name of the host leads nowhere.
    #[error("{host} cannot be resolved: {cause}")]
    Resolve {
        /// The name.
        host: String,
        /// What the resolver says.
        cause: io::Error,
    },
    /// No connection.
    #[error("no connection to {address}: {cause}")]
    Connect {
        /// Address and port that were tried last.
        address: String,
        /// What the system says.
        cause: io::Error,
    },
    /// The TLS handshake failed.
    #[error("{}", Mistrust::of(.0).cause)]
    Tls(io::Error),
    /// Nothing came in time.
    #[error("no answer within {} s", .0.as_secs_f64())]
    Slow(Duration),
    /// What came is no HTTP, or ended too early.
    #[error("no proper answer: {0}")]
    Http(String),
    /// The answer to an upgrade is not 101.
    #[error("the upgrade to WebSocket is answered by {}", .0.summary())]
    NoUpgrade(Box<Answer>),
    /// A request of a session was refused.
    #[error("refused: {}", .0.summary())]
    Refused(Box<Answer>),
    /// The session did not open.
    #[error("no session: {0}")]
    NoOpening(NoOpening),
    /// The WebSocket ended.
    #[error("the WebSocket ended: {0}")]
    Ended(String),
    /// What came is no packet that belongs there.
    #[error("not the expected packet: {0:?}")]
    Packet(String),
}

impl WireError {
    /// Whether nobody listens there.
    pub(in super::super) fn is_refused(&self) -> bool {
        matches!(self, Self::Connect { cause, .. } if cause.kind() == ErrorKind::ConnectionRefused)
    }
}
