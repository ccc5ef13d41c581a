//! What rows take in memory, about: what the cache may keep is counted in bytes.

use crate::ids::{RoomId, UserId};
use crate::model::{Message, Room, User};

/// A row beside its texts, with its place in a map and its share of what the map keeps free.
const ROW: usize = 256;

/// A user; also one who was looked for and is not there.
pub(super) fn user(id: &UserId, user: Option<&User>) -> usize {
    let texts = user.map_or(0, |user| {
        let more = [&user.handle, &user.username];
        let more = more.into_iter().flatten().map(String::len);
        user.name.len() + more.sum::<usize>()
    });
    ROW + id.as_str().len() + texts
}

/// A room; also one that was looked for and is not there.
pub(super) fn room(id: &RoomId, room: Option<&Room>) -> usize {
    ROW + id.as_str().len() + room.map_or(0, |room| room.name.len())
}

/// A membership, in one of the two maps that have it.
pub(super) fn membership(id: &str) -> usize {
    ROW + id.len()
}

/// A message.
pub(super) fn message(message: &Message) -> usize {
    let own = message.client_msg_id.as_ref().map_or(0, String::len);
    ROW + message.body.len() + own
}
