//! What a transaction writes.

use std::sync::Arc;

use crate::auth::{Session, TokenHash};
use crate::ids::{RoomId, UserId};
use crate::model::{Checkin, Member, Message, Room, User};
use crate::time::Timestamp;

/// One row to be written. The committer has made sure that it may be.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Change {
    /// A new user, or a known one as they are now.
    User(Arc<User>),
    /// A new room.
    Room(Arc<Room>),
    /// A new membership, or a known one as it is now.
    Member(RoomId, Member),
    /// A membership that ended.
    MemberRemoved(RoomId, UserId),
    /// A new message.
    Message(Arc<Message>),
    /// A message that was edited or deleted.
    MessageChanged(Arc<Message>),
    /// The message with this number is kept for somebody.
    Kept(UserId, u64),
    /// What was kept for somebody, up to this number, has been handed over.
    Collected(UserId, u64),
    /// A check-in that began; nothing when one is open already.
    CheckinOpened(RoomId, Checkin),
    /// The open check-in of a user ended.
    CheckinClosed(RoomId, UserId, Timestamp),
    /// A session began.
    SessionOpened(Session),
    /// A session ended.
    SessionEnded(TokenHash),
    /// All sessions that ended by themselves before now are of no use to anybody.
    SessionsExpired(Timestamp),
    /// All open check-ins ended: the process that saw these people was stopped.
    CheckinsClosed(Timestamp),
}

/// The highest numbers given out so far, 0 before the first.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counters {
    /// Of [`Message::num`].
    pub num: u64,
    /// Of [`Message::change`].
    pub change: u64,
}
