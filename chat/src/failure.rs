//! Everything that can be refused, with its code and its plain text. A vocabulary may word it differently.

use std::borrow::Cow;

use crate::model::RoomKind;

/// Stable machine words for failures: the one table that every payload and every status is made from.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Code {
    /// Nobody may speak here without saying who they are.
    Unauthorized,
    /// They may not do this.
    Forbidden,
    /// There is no such thing.
    NotFound,
    /// The socket has to join the room first.
    NotInRoom,
    /// An unknown event, a missing field, a wrong type, an empty text.
    Invalid,
    /// Over a size limit.
    TooLarge,
    /// It contradicts what is already there.
    Conflict,
    /// Too often.
    RateLimited,
    /// Not now: the store does not take it.
    Unavailable,
    /// The token's time is over.
    TokenExpired,
}

impl Code {
    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::NotInRoom => "not_in_room",
            Self::Invalid => "invalid",
            Self::TooLarge => "too_large",
            Self::Conflict => "conflict",
            Self::RateLimited => "rate_limited",
            Self::Unavailable => "unavailable",
            Self::TokenExpired => "token_expired",
        }
    }
}

/// Why a command was refused.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// Nobody is speaking where somebody has to.
    #[error("Unauthorized")]
    Unauthorized,
    /// The token of a live socket has expired.
    #[error("Unauthorized")]
    TokenExpired,
    /// The session of a live socket has been given back.
    #[error("Unauthorized")]
    SessionEnded,
    /// Speaking as somebody else.
    #[error("user_id is another user")]
    NotYou,
    /// They are no member of the room, and it takes members.
    #[error("Not a member of this room")]
    NotMember,
    /// Only the author or who looks after the room.
    #[error("Not allowed")]
    NotAllowed,
    /// A thing that only stored users can do.
    #[error("Guests cannot do this")]
    Guest,
    /// There is no such user.
    #[error("User not found")]
    UserNotFound,
    /// There is no such room.
    #[error("Room not found")]
    RoomNotFound,
    /// There is no such message.
    #[error("Message not found")]
    MessageNotFound,
    /// The socket has not joined the room.
    #[error("Not in the room")]
    NotInRoom,
    /// A field is missing, of the wrong type, or has an impossible value.
    #[error("{message}")]
    Invalid {
        /// Which field; empty when it is the payload as a whole.
        field: &'static str,
        /// The sentence for people.
        message: Cow<'static, str>,
    },
    /// A text over its limit.
    #[error("{field} is too long")]
    TooLarge {
        /// Which field.
        field: &'static str,
        /// The limit, in bytes.
        limit: usize,
    },
    /// The socket hears as many rooms as it may.
    #[error("In too many rooms")]
    TooManyRooms {
        /// As many as it may.
        limit: usize,
    },
    /// The handle belongs to somebody.
    #[error("Handle is already taken")]
    HandleTaken,
    /// A room with this id exists, and is another one.
    #[error("Room already exists")]
    RoomExists {
        /// What it is.
        kind: RoomKind,
    },
    /// The same `client_msg_id` with other content.
    #[error("client_msg_id was used for another message")]
    Conflict,
    /// Too many messages.
    #[error("Rate limit exceeded")]
    RateLimited {
        /// When the next one will be taken.
        retry_after_ms: u64,
    },
    /// The store does not take writes at the moment. Nothing happened.
    #[error("Temporarily unavailable")]
    Unavailable,
    /// No vocabulary knows the event.
    #[error("Unknown event")]
    UnknownEvent,
}

impl Failure {
    /// A missing or impossible field.
    #[must_use]
    pub fn invalid(field: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self::Invalid {
            field,
            message: message.into(),
        }
    }

    /// The machine word.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::Unauthorized | Self::SessionEnded => Code::Unauthorized,
            Self::TokenExpired => Code::TokenExpired,
            Self::NotYou | Self::NotMember | Self::NotAllowed | Self::Guest => Code::Forbidden,
            Self::UserNotFound | Self::RoomNotFound | Self::MessageNotFound => Code::NotFound,
            Self::NotInRoom => Code::NotInRoom,
            Self::Invalid { .. } | Self::UnknownEvent => Code::Invalid,
            Self::TooLarge { .. } | Self::TooManyRooms { .. } => Code::TooLarge,
            Self::HandleTaken | Self::RoomExists { .. } | Self::Conflict => Code::Conflict,
            Self::RateLimited { .. } => Code::RateLimited,
            Self::Unavailable => Code::Unavailable,
        }
    }

    /// A sentence that helps whoever reads the log of the client.
    #[must_use]
    pub fn details(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Unauthorized => "a valid token is required",
            Self::TokenExpired => "the token has expired; connect again with a new one",
            Self::SessionEnded => "the session was ended; acquire another one",
            Self::NotYou => "user_id has to be the user of the token",
            Self::NotMember => "you are not a member of this room",
            Self::NotAllowed => "only the author and the room's moderators may do this",
            Self::Guest => "guests reach public rooms only and are never members",
            Self::UserNotFound | Self::RoomNotFound | Self::MessageNotFound => "no such id",
            Self::NotInRoom => "join the room before sending to it",
            Self::Invalid { field: "", .. } => "the payload is not what the event takes",
            Self::Invalid { field, .. } => return Cow::Owned(format!("field: {field}")),
            Self::TooLarge { limit, .. } => return Cow::Owned(format!("at most {limit} bytes")),
            Self::TooManyRooms { limit } => {
                return Cow::Owned(format!("at most {limit} in one connection; leave some"));
            }
            Self::HandleTaken => "GET /users/?handle= finds its user",
            Self::RoomExists { kind } => {
                return Cow::Owned(format!("the id belongs to a {} room", kind.as_str()));
            }
            Self::Conflict => "the same client_msg_id stands for the same content only",
            Self::RateLimited { retry_after_ms } => {
                return Cow::Owned(format!("retry in {retry_after_ms} ms"));
            }
            Self::Unavailable => "nothing was stored; try again",
            Self::UnknownEvent => "no vocabulary of this server has such an event",
        })
    }

    /// When to try again, for who was too fast.
    #[must_use]
    pub const fn retry_after_ms(&self) -> Option<u64> {
        match self {
            Self::RateLimited { retry_after_ms } => Some(*retry_after_ms),
            _ => None,
        }
    }
}
