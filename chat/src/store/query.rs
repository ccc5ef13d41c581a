//! Which lists can be read. All of them go forward by key, so that a page costs the same wherever it begins.

use crate::ids::{RoomId, UserId};

/// A part of the list of users.
#[derive(Clone, Copy, Debug)]
pub struct UserPage<'a> {
    /// Strictly after this id.
    pub after: Option<&'a str>,
    /// At most this many.
    pub limit: u32,
}

/// A part of the list of rooms.
#[derive(Clone, Copy, Debug)]
pub struct RoomPage<'a> {
    /// Beside public rooms, the rooms of this user.
    pub visible_to: Option<&'a UserId>,
    /// Strictly after this id.
    pub after: Option<&'a str>,
    /// At most this many.
    pub limit: u32,
}

/// A part of the list of a room's members.
#[derive(Clone, Copy, Debug)]
pub struct MemberPage<'a> {
    /// The room.
    pub room: &'a RoomId,
    /// Strictly after this user id.
    pub after: Option<&'a str>,
    /// At most this many.
    pub limit: u32,
}

/// A part of the list of a room's check-ins.
#[derive(Clone, Copy, Debug)]
pub struct CheckinPage<'a> {
    /// The room.
    pub room: &'a RoomId,
    /// Strictly before this key.
    pub before: Option<i64>,
    /// At most this many.
    pub limit: u32,
}

/// A part of the list of a user's rooms.
#[derive(Clone, Copy, Debug)]
pub struct SummaryPage<'a> {
    /// The user.
    pub user: &'a UserId,
    /// Strictly after this room id.
    pub after: Option<&'a str>,
    /// At most this many.
    pub limit: u32,
}
