//! The way out: what the committer tells whoever owns the sockets, in commit order, from one task.

use crate::auth::TokenHash;
use crate::command::{Notice, VocabularyId, VocabularySet};
use crate::ids::{RoomId, SocketId, UserId};

/// How a socket came to hear a room.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Attendance {
    /// It has joined.
    Present,
    /// It hears all rooms of its user. That makes nobody present.
    Listening,
}

/// A socket that hears a room in a vocabulary, as a user.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Subscription {
    /// The socket.
    pub socket: SocketId,
    /// The room.
    pub room: RoomId,
    /// The vocabulary.
    pub vocabulary: VocabularyId,
    /// Who speaks through this joining.
    pub user: UserId,
    /// Whether it has joined.
    pub attendance: Attendance,
}

/// A notice and who it concerns.
#[derive(Clone, Debug)]
pub struct Publication {
    /// The rooms whose subscribers hear it, everybody once.
    pub rooms: Vec<RoomId>,
    /// What happened.
    pub notice: Notice,
    /// The socket they did it with; `None` for REST.
    pub socket: Option<SocketId>,
    /// The sockets of who did it, for notices about a person: those are not told about themselves.
    pub own: Vec<SocketId>,
    /// The vocabularies that have a subscriber in the rooms.
    pub present: VocabularySet,
    /// Sockets of the two people of a direct room that have not joined it: they hear it as a personal matter.
    pub personal: Vec<SocketId>,
    /// Whether somebody who is slow may miss it, because more of the kind follows.
    pub is_passing: bool,
    /// Whether it is told together with others of its kind.
    pub merging: Merging,
}

/// How somebody's coming or going is told in a room that sees many of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Merging {
    /// By itself, in every vocabulary.
    #[default]
    Alone,
    /// It is part of one that follows, in vocabularies whose words say who is there: only the others hear it.
    Part,
    /// It stands for many, in vocabularies whose words say who is there: the others have heard each of them.
    Whole,
}

/// A notice for single sockets.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Who hears it.
    pub sockets: Vec<SocketId>,
    /// In which vocabulary; `None` is the one of personal matters.
    pub vocabulary: Option<VocabularyId>,
    /// What happened.
    pub notice: Notice,
}

/// Carries out what was committed.
///
/// All methods are called by one task, one after the other, in the order of the commits: a socket that is
/// subscribed hears every publication that follows and none that came before. None of them may block.
pub trait Publisher: Send + Sync + 'static {
    /// The socket hears the room from now on. A socket that is gone by now stays gone.
    fn subscribe(&self, subscription: &Subscription);
    /// The socket does not hear the room in that vocabulary any more.
    fn unsubscribe(&self, subscription: &Subscription);
    /// Tells every subscriber of the rooms, once per vocabulary.
    fn publish(&self, publication: &Publication);
    /// Tells single sockets.
    fn tell(&self, letter: &Letter);
    /// Ends the sockets that came with a session token, which is worth nothing any more.
    fn expel(&self, session: TokenHash);
}

/// Nobody is listening.
impl Publisher for () {
    fn subscribe(&self, _: &Subscription) {}
    fn unsubscribe(&self, _: &Subscription) {}
    fn publish(&self, _: &Publication) {}
    fn tell(&self, _: &Letter) {}
    fn expel(&self, _: TokenHash) {}
}
