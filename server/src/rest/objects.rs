//! Users, rooms and members as JSON. Messages are written by their vocabulary.

use chat::Timestamp;
use chat::model::{Checkin, Listing, NamedMember, Room, User};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::shapes::MessageObject;

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct List<T> {
    pub(crate) items: Vec<T>,
    pub(crate) next: Option<String>,
}

impl<T> List<T> {
    /// The page of the chat, each item in its JSON shape.
    pub(crate) fn of<S>(listing: Listing<S>, shape: impl Fn(S) -> T) -> Self {
        Self {
            items: listing.items.into_iter().map(shape).collect(),
            next: listing.next,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UserObject {
    id: String,
    name: String,
    handle: Option<String>,
    username: String,
    #[schema(value_type = String, format = DateTime)]
    created_date: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    last_seen_date: Option<Timestamp>,
}

impl From<&User> for UserObject {
    fn from(user: &User) -> Self {
        Self {
            id: user.id.to_string(),
            name: user.name.clone(),
            handle: user.handle.clone(),
            username: user.username().to_owned(),
            created_date: user.created_at,
            last_seen_date: user.last_seen_at,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RoomObject {
    id: String,
    name: String,
    kind: &'static str,
    #[schema(value_type = String, format = DateTime)]
    created_date: Timestamp,
}

impl From<&Room> for RoomObject {
    fn from(room: &Room) -> Self {
        Self {
            id: room.id.to_string(),
            name: room.name.clone(),
            kind: room.kind.as_str(),
            created_date: room.created_at,
        }
    }
}

/// A room in the list of one of its members.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MyRoomObject {
    #[serde(flatten)]
    pub(crate) room: RoomObject,
    #[schema(value_type = Option<MessageObject>)]
    pub(crate) last_message: Option<Box<RawValue>>,
    pub(crate) unread_count: u64,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MemberObject {
    user_id: String,
    name: String,
    handle: Option<String>,
    username: String,
    role: &'static str,
    #[schema(value_type = String, format = DateTime)]
    joined_date: Timestamp,
    read_seq: u64,
}

impl From<&NamedMember> for MemberObject {
    fn from(named: &NamedMember) -> Self {
        Self {
            user_id: named.user.id.to_string(),
            name: named.user.name.clone(),
            handle: named.user.handle.clone(),
            username: named.user.username().to_owned(),
            role: named.member.role.as_str(),
            joined_date: named.member.joined_at,
            read_seq: named.member.read_seq,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CheckinObject {
    user_id: String,
    sid: String,
    #[schema(value_type = String, format = DateTime)]
    checked_in_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    checked_out_at: Option<Timestamp>,
}

impl From<&Checkin> for CheckinObject {
    fn from(checkin: &Checkin) -> Self {
        Self {
            user_id: checkin.user.to_string(),
            sid: checkin.socket.to_string(),
            checked_in_at: checkin.checked_in_at,
            checked_out_at: checkin.checked_out_at,
        }
    }
}
