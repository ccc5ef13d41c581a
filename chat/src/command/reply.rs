//! What comes back to who gave a command.

use std::fmt;
use std::sync::Arc;

use rustc_hash::FxHashMap;

#[cfg(doc)]
use super::action::Action;
use super::notice::{Present, Receipt};
use crate::ids::{RoomId, UserId};
use crate::model::{Member, Message, Room, User};
use crate::time::Timestamp;

/// The answer to a command that was carried out.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Reply {
    /// The user.
    User(Arc<User>),
    /// The user exists.
    Approached {
        /// Everything has been read that [`Action::Connect`] tells of.
        is_near: bool,
    },
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
    /// Who is in the room.
    Present(Arc<Present>),
    /// The read mark is at this message at least.
    Read(Receipt),
    /// What was kept is on its way to the socket, as much of it as a socket can be told at once.
    Collected {
        /// The number of the newest message of it. It is kept until [`Action::Collect`] says that it has been
        /// received, and then the next follows. `None`: there is no more.
        last: Option<u64>,
    },
    /// The session and its token, which nobody can ask for again.
    Session(Opened),
    /// Nothing to say.
    Done,
}

/// A new session.
#[derive(Clone)]
pub struct Opened {
    /// The token, which is a secret.
    pub token: String,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opened")
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
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
    /// Other users who hear the room at this point of its order.
    pub recipients: usize,
    /// In a direct room, the other person.
    pub to: Option<UserId>,
    /// Nobody has to come online first to hear it.
    pub is_delivered: bool,
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
    /// Who wrote them.
    pub authors: FxHashMap<UserId, Arc<User>>,
    /// Who is in the room, the joiner included, if that was asked.
    pub present: Option<Arc<Present>>,
    /// The other members who are online, if that was asked and the room is not too large for it.
    pub online: Vec<UserId>,
}

impl Joined {
    /// The history with who wrote it.
    pub fn words(&self) -> impl Iterator<Item = (&Message, &User)> {
        let words = self.history.iter();
        words.filter_map(|message| Some((&**message, &**self.authors.get(&message.sender)?)))
    }
}
