//! What goes in and what comes out: commands, replies, notices. No wire names here.

use std::sync::Arc;

use crate::auth::Identity;
use crate::failure::Failure;
use crate::ids::{MessageId, RoomId, SocketId, UserId};
use crate::model::{Member, Message, MessageKind, Room, RoomKind, User};

/// A vocabulary, by its place in [`crate::vocabulary::VOCABULARIES`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct VocabularyId(pub u8);

/// The vocabularies that are present in a room: what a broadcast is encoded for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct VocabularySet(u32);

impl VocabularySet {
    /// With one more.
    #[must_use]
    pub const fn with(self, id: VocabularyId) -> Self {
        Self(self.0 | 1 << id.0)
    }

    /// Whether it is in there.
    #[must_use]
    pub const fn contains(self, id: VocabularyId) -> bool {
        self.0 & 1 << id.0 != 0
    }
}

/// Who gives a command.
#[derive(Clone, Debug)]
pub struct Speaker {
    /// Who they are by their token, or a guest.
    pub identity: Arc<Identity>,
    /// The `user_id` of the payload. In open mode this is who speaks; in required mode it has to be themselves.
    pub named: Option<UserId>,
}

impl Speaker {
    /// Somebody who speaks as themselves.
    #[must_use]
    pub const fn new(identity: Arc<Identity>) -> Self {
        Self {
            identity,
            named: None,
        }
    }

    /// Somebody whose payload names a user.
    #[must_use]
    pub const fn naming(identity: Arc<Identity>, user: UserId) -> Self {
        Self {
            identity,
            named: Some(user),
        }
    }
}

/// One request to the chat.
#[derive(Clone, Debug)]
pub struct Command {
    /// Who.
    pub by: Speaker,
    /// What.
    pub action: Action,
}

/// Everything that has an order.
#[derive(Clone, Debug)]
pub enum Action {
    /// A valid token was seen: its user exists from now on. Replies [`Reply::User`].
    Appear,
    /// Replies [`Reply::User`].
    CreateUser(NewUser),
    /// Replies [`Reply::Room`].
    CreateRoom(NewRoom),
    /// The direct room of the speaker and somebody; made when it is not there. Replies [`Reply::Room`].
    OpenDirect(UserId),
    /// Replies [`Reply::Posted`].
    Post(Post),
    /// Replies [`Reply::Changed`].
    Edit(Edit),
    /// Deleting twice answers twice. Replies [`Reply::Changed`].
    Delete(MessageId),
    /// Makes the user a member and subscribes the socket. Replies [`Reply::Joined`].
    Join(Join),
    /// Ends the socket's joining; leaving what was not joined answers too. Replies [`Reply::Left`].
    Leave(Leave),
    /// The socket is gone. Replies [`Reply::Done`].
    Disconnect(SocketId),
    /// Adding who is a member already answers too. Replies [`Reply::Member`].
    AddMember(Membership),
    /// Removing who is no member answers too. Replies [`Reply::Done`].
    RemoveMember(Membership),
    /// Nothing: a command that was refused before it got here, on its way to be answered in its turn.
    Refuse(Failure),
}

impl Action {
    /// Whether it is true whatever the store says: a socket that is gone is gone.
    pub(crate) const fn has_to_happen(&self) -> bool {
        matches!(self, Self::Leave(_) | Self::Disconnect(_))
    }
}

/// A user to be made.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// The name to show.
    pub name: String,
    /// A unique short name.
    pub handle: Option<String>,
}

/// A room to be made. The speaker becomes its owner, unless a guest.
#[derive(Clone, Debug)]
pub struct NewRoom {
    /// The id, when the caller names one.
    pub id: Option<RoomId>,
    /// The name to show.
    pub name: String,
    /// Who may enter; direct rooms are made by [`Action::OpenDirect`].
    pub kind: RoomKind,
}

/// What a sender has to be before they may write.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Entitlement {
    /// The socket has joined the room.
    Joined,
    /// The user is a member.
    Member,
    /// As REST has it: a member in required mode, anybody who can reach the room in open mode.
    Policy,
}

/// A message to be written.
#[derive(Clone, Debug)]
pub struct Post {
    /// Where.
    pub room: RoomId,
    /// The text.
    pub text: String,
    /// What the text is.
    pub kind: MessageKind,
    /// The writer calls it an answer.
    pub is_reply: bool,
    /// The message it answers.
    pub parent: Option<MessageId>,
    /// The writer's own id for it: the same again is answered again and written once.
    pub client_msg_id: Option<String>,
    /// What the writer has to be.
    pub needs: Entitlement,
    /// The socket it came from; `None` for REST.
    pub socket: Option<SocketId>,
}

impl Post {
    /// Words, over REST.
    #[must_use]
    pub fn text(room: RoomId, text: impl Into<String>) -> Self {
        Self {
            room,
            text: text.into(),
            kind: MessageKind::Text,
            is_reply: false,
            parent: None,
            client_msg_id: None,
            needs: Entitlement::Policy,
            socket: None,
        }
    }
}

/// New words for a message.
#[derive(Clone, Debug)]
pub struct Edit {
    /// Which.
    pub message: MessageId,
    /// The text.
    pub text: String,
}

/// A socket that enters a room.
#[derive(Clone, Debug)]
pub struct Join {
    /// Where.
    pub room: RoomId,
    /// The socket.
    pub socket: SocketId,
    /// The vocabulary it will hear the room in.
    pub vocabulary: VocabularyId,
    /// How many of the newest messages the reply carries; cut to the configured number.
    pub history: usize,
    /// Whether an unknown room is made, public and with its id for a name.
    pub create: bool,
}

/// A socket that leaves a room.
#[derive(Clone, Debug)]
pub struct Leave {
    /// Where.
    pub room: RoomId,
    /// The socket.
    pub socket: SocketId,
    /// The vocabulary it heard the room in.
    pub vocabulary: VocabularyId,
}

/// Somebody in a room.
#[derive(Clone, Debug)]
pub struct Membership {
    /// Where.
    pub room: RoomId,
    /// Who.
    pub user: UserId,
}

/// The answer to a command that was carried out.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Reply {
    /// The user.
    User(Arc<User>),
    /// The room.
    Room(Arc<Room>),
    /// The message is stored.
    Posted(Posted),
    /// The message as it is now.
    Changed(Arc<Message>),
    /// The socket hears the room from now on.
    Joined(Joined),
    /// The socket does not hear the room any more.
    Left(RoomId),
    /// The membership.
    Member(Member),
    /// Nothing to say.
    Done,
}

/// A stored message and how it came to be.
#[derive(Clone, Debug)]
pub struct Posted {
    /// The message.
    pub message: Arc<Message>,
    /// Who wrote it.
    pub sender: Arc<User>,
    /// It had been stored before; this was the same again.
    pub duplicate: bool,
}

/// What a socket needs to know when it enters a room.
#[derive(Clone, Debug)]
pub struct Joined {
    /// Where.
    pub room: Arc<Room>,
    /// Who speaks through this joining.
    pub user: Arc<User>,
    /// The newest `seq` before the joining; what the socket hears begins right after it.
    pub seq: u64,
    /// The newest messages up to `seq`, oldest first, as many as were asked for.
    pub history: Vec<Arc<Message>>,
}

/// Something that subscribers of a room hear about.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Notice {
    /// A new message and who wrote it.
    Posted(Arc<Message>, Arc<User>),
    /// The message has new words.
    Updated(Arc<Message>, Arc<User>),
    /// The message is gone.
    Deleted(Arc<Message>, Arc<User>),
    /// The first socket of a user came into the room.
    Entered(Arc<Room>, Arc<User>),
    /// The last socket of a user left the room.
    Exited(Arc<Room>, Arc<User>),
    /// A membership began.
    MemberAdded(Arc<Room>, Member),
    /// A membership ended.
    MemberRemoved(Arc<Room>, UserId),
}
