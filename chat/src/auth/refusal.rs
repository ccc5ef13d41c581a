//! Why somebody was not let in.

use serde_json::{Value, json};

use crate::failure::Code;

/// What is wrong with the token.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Reason {
    /// There is none, and one is required.
    Missing,
    /// It is neither a JWT nor a session token, or its claims are not what they should be.
    Malformed,
    /// No key of this server made it, or the algorithm is not allowed.
    Signature,
    /// `exp` has passed.
    Expired,
    /// `nbf` has not come.
    NotYetValid,
    /// `aud` is for somebody else.
    Audience,
    /// `iss` is somebody else.
    Issuer,
    /// The session token is not known here, or not any more.
    UnknownSession,
}

impl Reason {
    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Malformed => "malformed",
            Self::Signature => "signature",
            Self::Expired => "expired",
            Self::NotYetValid => "not_yet_valid",
            Self::Audience => "audience",
            Self::Issuer => "issuer",
            Self::UnknownSession => "unknown_session",
        }
    }
}

/// A connection or a request that was not let in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{}", self.message())]
pub struct Refusal {
    /// Why.
    pub reason: Reason,
}

impl Refusal {
    /// The message of the CONNECT_ERROR.
    #[must_use]
    pub const fn message(self) -> &'static str {
        match self.reason {
            Reason::Missing => "Authentication token required",
            _ => "Invalid or expired session token",
        }
    }

    /// The `data` of the CONNECT_ERROR.
    #[must_use]
    pub fn data(self) -> Value {
        json!({ "code": Code::Unauthorized.as_str(), "reason": self.reason.as_str() })
    }
}

impl From<Reason> for Refusal {
    fn from(reason: Reason) -> Self {
        Self { reason }
    }
}
