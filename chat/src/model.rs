//! What there is: users, rooms, members, messages, check-ins. Plain values, no behaviour.

use std::sync::Arc;

use crate::ids::{GUEST_PREFIX, MessageId, RoomId, SocketId, UserId};
use crate::time::Timestamp;

/// Somebody who can speak and own things.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct User {
    /// Who.
    pub id: UserId,
    /// A unique short name, when one was chosen.
    pub handle: Option<String>,
    /// The name to show.
    pub name: String,
    /// The name of the token's claim; [`User::username`] falls back on the others.
    pub username: Option<String>,
    /// First sight.
    pub created_at: Timestamp,
    /// The last time a socket of theirs arrived.
    pub last_seen_at: Option<Timestamp>,
}

impl User {
    /// The name that payloads call `username`.
    #[must_use]
    pub fn username(&self) -> &str {
        self.username
            .as_deref()
            .or(self.handle.as_deref())
            .unwrap_or(&self.name)
    }

    /// The user behind a guest's id. Guests are never stored, so their names are a function of their ids.
    #[must_use]
    pub fn guest(id: UserId) -> Self {
        let tail = id
            .as_str()
            .strip_prefix(GUEST_PREFIX)
            .unwrap_or(id.as_str());
        let name = format!("Guest {}", tail.chars().take(6).collect::<String>());
        Self {
            id,
            handle: None,
            name,
            username: None,
            created_at: Timestamp::default(),
            last_seen_at: None,
        }
    }
}

/// Who may find and enter a room.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum RoomKind {
    /// Everybody.
    #[default]
    Public,
    /// Its members, who are added by members.
    Private,
    /// Two people, whose ids name the room.
    Direct,
}

impl RoomKind {
    /// The stored and shown word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Private => "private",
            Self::Direct => "direct",
        }
    }

    /// Reads the word; `None` for any other.
    #[must_use]
    pub fn decode(word: &str) -> Option<Self> {
        [Self::Public, Self::Private, Self::Direct]
            .into_iter()
            .find(|kind| kind.as_str() == word)
    }
}

/// A place where messages have one order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Room {
    /// Which.
    pub id: RoomId,
    /// The name to show; the id when nobody gave one.
    pub name: String,
    /// Who may enter.
    pub kind: RoomKind,
    /// When it was made.
    pub created_at: Timestamp,
}

/// What a member may do beyond reading and writing.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Role {
    /// Nothing more.
    #[default]
    Member,
    /// Edit and delete what others wrote, add and remove members.
    Moderator,
    /// All of it; who made the room.
    Owner,
}

impl Role {
    /// The stored and shown word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Moderator => "moderator",
            Self::Owner => "owner",
        }
    }

    /// Reads the word; `None` for any other.
    #[must_use]
    pub fn decode(word: &str) -> Option<Self> {
        [Self::Member, Self::Moderator, Self::Owner]
            .into_iter()
            .find(|role| role.as_str() == word)
    }

    /// Whether this role looks after the room.
    #[must_use]
    pub const fn moderates(self) -> bool {
        !matches!(self, Self::Member)
    }
}

/// A person in a room, persistently.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Member {
    /// Who.
    pub user: UserId,
    /// What they may do.
    pub role: Role,
    /// Since when.
    pub joined_at: Timestamp,
    /// The last `seq` they have read; only moves forward.
    pub read_seq: u64,
}

/// What a message carries, as the `chats` vocabulary names it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum MessageKind {
    /// Words.
    #[default]
    Text,
    /// The address of a picture.
    Image,
    /// The address of a file.
    File,
}

impl MessageKind {
    /// The stored and shown word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Image => "image",
            Self::File => "file",
        }
    }

    /// Reads the word; `None` for any other.
    #[must_use]
    pub fn decode(word: &str) -> Option<Self> {
        [Self::Text, Self::Image, Self::File]
            .into_iter()
            .find(|kind| kind.as_str() == word)
    }
}

/// Something somebody wrote in a room.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Message {
    /// Which, everywhere.
    pub id: MessageId,
    /// Where.
    pub room: RoomId,
    /// Its place in the room: 1, 2, 3 ... without gaps.
    pub seq: u64,
    /// Its place in the whole server, increasing.
    pub num: u64,
    /// Who wrote it.
    pub sender: UserId,
    /// What `body` is.
    pub kind: MessageKind,
    /// The text; empty once deleted.
    pub body: String,
    /// The message this one answers, in the same room.
    pub parent: Option<MessageId>,
    /// Whether the writer called it an answer, which they may do without naming a parent.
    pub is_reply: bool,
    /// The writer's own id for it: the same again is the same message.
    pub client_msg_id: Option<String>,
    /// When it was accepted.
    pub created_at: Timestamp,
    /// When it was last edited, a second after `created_at` at the earliest; `created_at` before that.
    pub updated_at: Timestamp,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
    /// The number of its last edit or deletion, server-wide increasing; `None` while it is as written.
    pub change: Option<u64>,
}

/// That somebody was at a room: from their first socket in it to their last.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Checkin {
    /// Who.
    pub user: UserId,
    /// The socket that opened it.
    pub socket: SocketId,
    /// When it opened.
    pub checked_in_at: Timestamp,
    /// When it closed; `None` while they are there.
    pub checked_out_at: Option<Timestamp>,
}

/// A [`Member`] with the name to show.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NamedMember {
    /// The membership.
    pub member: Member,
    /// The person.
    pub user: User,
}

/// A room in the list of one of its members.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RoomSummary {
    /// The room.
    pub room: Room,
    /// The newest message, deleted or not.
    pub last_message: Option<Arc<Message>>,
    /// How many messages are after the member's read mark.
    pub unread: u64,
}

/// Which part of a list is wanted: everything strictly beyond the key, at most `limit` of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Page {
    /// Only what is before this `seq`.
    pub before: Option<u64>,
    /// Only what is after this `seq`.
    pub after: Option<u64>,
    /// At most this many; cut to the configured page size.
    pub limit: u32,
}

/// One page of a list, and where the next one begins.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listing<T> {
    /// In the list's order.
    pub items: Vec<T>,
    /// The key to ask on with; `None` at the end.
    pub next: Option<String>,
}
