//! What happens in the chat, for whoever counts it.

use std::fmt::Debug;
use std::time::Duration;

use crate::auth::Reason;
use crate::failure::Failure;
use crate::model::MessageKind;

/// Sees what happens. Every method does nothing unless it is implemented, and none may block.
///
/// Names and words come from the chat's own tables, never from a client: there is a bounded number of them.
pub trait Observer: Debug + Send + Sync + 'static {
    /// An event of a client has its answer. `event` is its name if some vocabulary has such an event; `took` is the time
    /// since it arrived.
    fn answered(&self, event: Option<&'static str>, refused: Option<&Failure>, took: Duration) {
        let _ = (event, refused, took);
    }

    /// A message is stored, and its sender is told so.
    fn posted(&self, kind: MessageKind) {
        let _ = kind;
    }

    /// A message came again, and its sender is told of the first one.
    fn repeated(&self) {}

    /// An event was handed to so many sockets.
    fn published(&self, event: &'static str, sockets: usize, took: Duration) {
        let _ = (event, sockets, took);
    }

    /// Somebody came with a token that is not good, or without one where one is required.
    fn rejected(&self, reason: Reason) {
        let _ = reason;
    }

    /// A limit on how often something may be done was reached.
    fn limited(&self, limit: &'static str) {
        let _ = limit;
    }
}

/// Nobody counts.
impl Observer for () {}

/// How many there are of what the chat keeps in memory, counted at one moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Census {
    /// Users with at least one socket, guests among them.
    pub users: usize,
    /// Rooms that some socket hears.
    pub rooms: usize,
    /// Sockets in rooms: each counts once for every room, and for every vocabulary in which it hears it.
    pub subscriptions: usize,
}
