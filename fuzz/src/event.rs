//! What can happen to a session.

use arbitrary::Arbitrary;
use engineio::{Message, Packet};

/// See the module's documentation.
#[derive(Arbitrary, Debug)]
pub enum Event {
    /// Time passes, in milliseconds.
    Wait(u16),
    Packet(Incoming),
    Malformed,
    /// The application takes nothing more for now.
    Full,
    /// It takes something again.
    Room,
    PollStart,
    /// The poll that waits looks for its answer.
    PollAgain,
    /// The connection of the poll that waits is gone.
    PollLost,
    PostStart,
    PostEnd,
    ProbeOpen,
    /// Of the last probe, or of the one before, which has been given up.
    ProbePacket(bool, Incoming),
    ProbeLost(bool),
    TransportLost,
    CloseAsked,
    /// The application sends the next number, with so many attachments.
    Emit(u8),
    /// A writer takes what there is, up to so many bytes.
    VisitBegin(u8),
    /// The stream has taken so many of them.
    VisitEnd(u8),
    Writable,
}

/// A packet that comes in.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub enum Incoming {
    Close,
    Ping,
    Probe,
    Pong,
    Message,
    Upgrade,
    Noop,
}

impl Incoming {
    /// As it is decoded.
    pub fn packet(self) -> Packet {
        match self {
            Self::Close => Packet::Close,
            Self::Ping => Packet::Ping("".into()),
            Self::Probe => Packet::Ping("probe".into()),
            Self::Pong => Packet::Pong("".into()),
            Self::Message => Packet::Message(Message::Text("hello".into())),
            Self::Upgrade => Packet::Upgrade,
            Self::Noop => Packet::Noop,
        }
    }
}
