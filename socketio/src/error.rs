//! What can be wrong with an inbound packet, and with an outbound one.

/// The rule an inbound packet broke; one variant per rule of the wire format.
///
/// Whatever the variant, the answer is the same: the Engine.IO session is closed (protocol B.3).
/// The texts are those of the reference decoder where it has one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// An Engine.IO message without any content.
    #[error("empty packet")]
    Empty,
    /// The first character is not one of `0` to `6`.
    #[error("unknown packet type {0:?}")]
    UnknownType(char),
    /// A text message arrived while attachments were outstanding.
    #[error("got plaintext data when reconstructing a packet")]
    UnexpectedText,
    /// A binary message arrived while no attachment was outstanding.
    #[error("got binary data when not reconstructing a packet")]
    UnexpectedBinary,
    /// The attachment count is missing or not a number, or a placeholder points at no attachment.
    #[error("illegal attachments")]
    IllegalAttachments,
    /// More attachments announced than [`Limits::attachments`](crate::Limits::attachments).
    #[error("too many attachments (at most {max})")]
    TooManyAttachments {
        /// The limit that was passed.
        max: usize,
    },
    /// Attachments of one packet larger than [`Limits::attachment_bytes`](crate::Limits::attachment_bytes).
    #[error("attachments too large (at most {max} bytes)")]
    AttachmentsTooLarge {
        /// The limit that was passed.
        max: usize,
    },
    /// The ack id does not fit 64 bits.
    #[error("invalid ack id")]
    InvalidId,
    /// Not JSON, not the shape this kind of packet asks for, or a reserved event name.
    #[error("invalid payload")]
    InvalidPayload,
    /// Arrays and objects nested deeper than [`Limits::nesting`](crate::Limits::nesting).
    #[error("payload nested too deeply (at most {max} levels)")]
    TooDeep {
        /// The limit that was passed.
        max: usize,
    },
}

impl DecodeError {
    /// A stable word for programs and logs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty_packet",
            Self::UnknownType(_) => "unknown_packet_type",
            Self::UnexpectedText => "unexpected_text",
            Self::UnexpectedBinary => "unexpected_binary",
            Self::IllegalAttachments => "illegal_attachments",
            Self::TooManyAttachments { .. } => "too_many_attachments",
            Self::AttachmentsTooLarge { .. } => "attachments_too_large",
            Self::InvalidId => "invalid_ack_id",
            Self::InvalidPayload => "invalid_payload",
            Self::TooDeep { .. } => "too_deep",
        }
    }
}

/// Why a packet could not be encoded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// The name is one of [`RESERVED_EVENTS`](crate::event::RESERVED_EVENTS).
    #[error("the event name {0:?} is reserved")]
    ReservedEvent(String),
    /// More attachments than any stock client accepts; see [`MAX_ATTACHMENTS`](crate::packet::MAX_ATTACHMENTS).
    #[error(
        "{count} attachments, stock clients accept at most {}",
        crate::packet::MAX_ATTACHMENTS
    )]
    TooManyAttachments {
        /// How many the arguments hold.
        count: usize,
    },
    /// An argument refused to be serialized, for example a map whose keys are not strings.
    #[error("arguments cannot be serialized: {0}")]
    Serialize(String),
}
