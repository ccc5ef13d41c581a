//! The way out: what the committer tells whoever owns the sockets, in commit order, from one task.

use crate::command::{Notice, VocabularyId, VocabularySet};
use crate::ids::{RoomId, SocketId, UserId};

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
}

/// A notice and who it concerns.
#[derive(Clone, Debug)]
pub struct Publication {
    /// The room whose subscribers hear it.
    pub room: RoomId,
    /// What happened.
    pub notice: Notice,
    /// Who did it.
    pub user: UserId,
    /// The socket they did it with; `None` for REST.
    pub socket: Option<SocketId>,
    /// The sockets that `user` has in the room, for notices about a person: those are not told about themselves.
    pub own: Vec<SocketId>,
    /// The vocabularies that have a subscriber in the room.
    pub present: VocabularySet,
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
    /// Tells every subscriber of the room, once per vocabulary.
    fn publish(&self, publication: &Publication);
}

/// Nobody is listening.
impl Publisher for () {
    fn subscribe(&self, _: &Subscription) {}
    fn unsubscribe(&self, _: &Subscription) {}
    fn publish(&self, _: &Publication) {}
}
