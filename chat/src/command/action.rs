//! What goes in.

#[cfg(doc)]
use super::reply::Reply;
use std::net::IpAddr;

use super::speaker::VocabularyId;
use crate::auth::TokenHash;
use crate::failure::Failure;
use crate::ids::{MessageId, RoomId, SocketId, UserId};
use crate::model::{MessageKind, RoomKind};

/// Everything that has an order.
#[derive(Clone, Debug)]
pub enum Action {
    /// A valid token was seen: its user exists from now on. Replies [`Reply::User`].
    Appear,
    /// The same before a socket of theirs comes, again and again until it is near: what its coming needs is read in
    /// pieces. Replies [`Reply::Approached`].
    Approach,
    /// Replies [`Reply::User`].
    CreateUser(NewUser),
    /// Replies [`Reply::Room`].
    CreateRoom(NewRoom),
    /// The direct room of the speaker and somebody; made when it is not there. Replies [`Reply::Room`].
    OpenDirect(UserId),
    /// Replies [`Reply::Posted`].
    Post(Post),
    /// A message to somebody. Replies [`Reply::Posted`].
    PostTo(PostTo),
    /// Hands what was kept for the speaker to a socket. Replies [`Reply::Collected`].
    Collect(Collect),
    /// Replies [`Reply::Changed`].
    Edit(Edit),
    /// Deleting twice answers twice. Replies [`Reply::Changed`].
    Delete(MessageId),
    /// Makes the user a member and subscribes the socket. Replies [`Reply::Joined`].
    Join(Join),
    /// Ends the socket's joining; leaving what was not joined answers too. Replies [`Reply::Left`].
    Leave(Leave),
    /// A socket is there, and its user with it. Replies [`Reply::Done`], or [`Reply::Collected`] if it collects.
    Connect(Connect),
    /// The socket is gone. Replies [`Reply::Done`].
    Disconnect(SocketId),
    /// Who is in a room. Replies [`Reply::Present`].
    ListPresent(RoomId),
    /// Somebody writes, or stopped. Replies [`Reply::Done`].
    Type(Type),
    /// Somebody has read up to a message. Replies [`Reply::Read`].
    Read(Read),
    /// Adding who is a member already answers too. Replies [`Reply::Member`].
    AddMember(Membership),
    /// Removing who is no member answers too. Replies [`Reply::Done`].
    RemoveMember(Membership),
    /// Time has passed: typing marks and absences end. Replies [`Reply::Done`].
    Elapse,
    /// A new session token for the speaker. Replies [`Reply::Session`].
    OpenSession(NewSession),
    /// A session token is worth nothing any more. Replies [`Reply::Done`].
    EndSession(TokenHash),
    /// Nothing: only to be answered in its turn. Replies [`Reply::Done`].
    Pass,
    /// Nothing: a command that was refused before it got here, on its way to be answered in its turn.
    Refuse(Failure),
}

impl Action {
    /// Whether it is true whatever the store says: a socket that is gone is gone.
    pub(crate) const fn has_to_happen(&self) -> bool {
        matches!(
            self,
            Self::Leave(_) | Self::Connect(_) | Self::Disconnect(_) | Self::Elapse
        )
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

/// A message to be written to somebody.
#[derive(Clone, Debug)]
pub struct PostTo {
    /// To whom.
    pub to: UserId,
    /// The text.
    pub text: String,
    /// The writer's own id for it: the same again is answered again and written once.
    pub client_msg_id: Option<String>,
    /// The socket it came from.
    pub socket: Option<SocketId>,
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
    /// Whether the reply says who is in the room.
    pub present: bool,
    /// Whether the reply says which members are online.
    pub online: bool,
}

/// A socket that has arrived.
#[derive(Clone, Debug)]
pub struct Connect {
    /// The socket.
    pub socket: SocketId,
    /// It hears every room of its user in this vocabulary, without joining them.
    pub auto_join: Option<VocabularyId>,
    /// The session token it came with: it is gone when that is given back.
    pub session: Option<TokenHash>,
    /// It is handed what was kept for its user, as by [`Action::Collect`].
    pub collects: bool,
}

/// A socket that is handed what was kept for its user.
#[derive(Clone, Debug)]
pub struct Collect {
    /// The socket.
    pub socket: SocketId,
    /// What [`Reply::Collected`] said is `last`, once all up to there has been written to the socket; `None` begins.
    pub received: Option<u64>,
}

/// What somebody writes to.
#[derive(Clone, Debug)]
pub enum Place {
    /// The others in a room.
    Room(RoomId),
    /// Somebody, whether they have met or not.
    Person(UserId),
}

/// Somebody begins or stops writing.
#[derive(Clone, Debug)]
pub struct Type {
    /// To whom.
    pub place: Place,
    /// Whether they write.
    pub is_typing: bool,
    /// The socket they write with.
    pub socket: SocketId,
    /// What they have to be.
    pub needs: Entitlement,
}

/// Somebody has read a message, and all before it.
#[derive(Clone, Debug)]
pub struct Read {
    /// Where.
    pub room: RoomId,
    /// The newest message they have read.
    pub message: MessageId,
    /// The socket they read with.
    pub socket: Option<SocketId>,
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

/// A session to be opened.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// What the client says about itself, as JSON.
    pub metadata: Option<String>,
    /// Where it asks from: one address may only ask so often.
    pub address: Option<IpAddr>,
}
