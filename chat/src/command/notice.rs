//! What the subscribers of a room, or single sockets, hear about.

use std::sync::Arc;

use crate::ids::{MessageId, RoomId, SocketId, UserId};
use crate::model::{Member, Message, Room, User};
use crate::time::Timestamp;

/// Something that somebody hears about.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Notice {
    /// A new message.
    Posted(Words),
    /// The message has new words.
    Updated(Words),
    /// The message is gone.
    Deleted(Words),
    /// The first socket of a user came into the room.
    Entered(Crossing),
    /// The last socket of a user left the room.
    Exited(Crossing),
    /// A membership began.
    MemberAdded(Arc<Room>, Member),
    /// A membership ended.
    MemberRemoved(Arc<Room>, UserId),
    /// Somebody writes, or stopped.
    Typing(Typing),
    /// Somebody has read.
    Read(Receipt),
    /// A message that was kept has reached who it was for.
    Delivered(Words),
    /// Somebody came online or went.
    Status(Status),
    /// The socket hears the room from now on, without having asked.
    Subscribed(Arc<Room>),
    /// The socket does not hear a room any more, because its user is no member now.
    Unsubscribed(Arc<Room>),
}

/// A message and the people around it.
#[derive(Clone, Debug)]
pub struct Words {
    /// The message.
    pub message: Arc<Message>,
    /// Who wrote it.
    pub sender: Arc<User>,
    /// In a direct room, the other person (or the same, who writes to themselves).
    pub to: Option<UserId>,
}

/// Somebody who came into a room or left it.
#[derive(Clone, Debug)]
pub struct Crossing {
    /// Where.
    pub room: Arc<Room>,
    /// Who.
    pub user: Arc<User>,
    /// Who is there now.
    pub present: Arc<Present>,
}

/// The people in a room.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Present {
    /// Which room.
    pub room: RoomId,
    /// The first of them, in the order of their coming; cut to the configured number.
    pub people: Vec<Person>,
    /// All of them.
    pub count: usize,
}

/// Somebody in a room.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Person {
    /// Who.
    pub user: Arc<User>,
    /// Their newest socket.
    pub socket: SocketId,
}

/// Somebody who writes, or stopped.
#[derive(Clone, Debug)]
pub struct Typing {
    /// Where.
    pub room: RoomId,
    /// Who.
    pub user: Arc<User>,
    /// In a direct room, the other person.
    pub to: Option<UserId>,
    /// Whether they write.
    pub is_typing: bool,
}

/// That somebody has read a message, and all before it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Receipt {
    /// Where.
    pub room: RoomId,
    /// What they read.
    pub message: MessageId,
    /// Who.
    pub user: UserId,
    /// When.
    pub at: Timestamp,
}

/// Whether somebody is online.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Status {
    /// Who.
    pub user: UserId,
    /// Whether at least one socket of theirs is there.
    pub is_online: bool,
}
