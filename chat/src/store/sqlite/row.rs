//! From rows to values.

use std::sync::Arc;

use sqlx::sqlite::SqliteRow;
use sqlx::{Error, Row};

use crate::auth::{Session, TokenHash};
use crate::ids::{MessageId, RoomId, SocketId, UserId};
use crate::model::{
    Checkin, Member, Message, MessageKind, NamedMember, Role, Room, RoomKind, RoomSummary, User,
};
use crate::time::Timestamp;

pub(super) fn user(row: &SqliteRow) -> Result<User, Error> {
    Ok(User {
        id: UserId::from(row.try_get::<&str, _>("id")?),
        handle: row.try_get("handle")?,
        name: row.try_get("name")?,
        username: row.try_get("username")?,
        created_at: time(row, "created_at")?,
        last_seen_at: optional_time(row, "last_seen_at")?,
    })
}

pub(super) fn room(row: &SqliteRow) -> Result<Room, Error> {
    Ok(Room {
        id: RoomId::from(row.try_get::<&str, _>("id")?),
        name: row.try_get("name")?,
        kind: word(row, "kind", RoomKind::decode)?,
        created_at: time(row, "created_at")?,
    })
}

pub(super) fn room_id(row: &SqliteRow) -> Result<RoomId, Error> {
    Ok(RoomId::from(row.try_get::<&str, _>("room_id")?))
}

pub(super) fn session(row: &SqliteRow, hash: TokenHash) -> Result<Session, Error> {
    Ok(Session {
        hash,
        user: UserId::from(row.try_get::<&str, _>("user_id")?),
        metadata: row.try_get("metadata")?,
        created_at: time(row, "created_at")?,
        expires_at: time(row, "expires_at")?,
    })
}

pub(super) fn member(row: &SqliteRow) -> Result<Member, Error> {
    Ok(Member {
        user: UserId::from(row.try_get::<&str, _>("user_id")?),
        role: word(row, "role", Role::decode)?,
        joined_at: time(row, "joined_at")?,
        read_seq: number(row, "read_seq")?,
    })
}

/// A member joined with their user; a membership without one shows the id.
pub(super) fn named_member(row: &SqliteRow) -> Result<NamedMember, Error> {
    let member = member(row)?;
    let user = match row.try_get::<Option<&str>, _>("id")? {
        Some(_) => user(row)?,
        None => User::guest(member.user.clone()),
    };
    Ok(NamedMember { member, user })
}

pub(super) fn message(row: &SqliteRow) -> Result<Message, Error> {
    let id =
        |bytes: &[u8]| MessageId::from_bytes(bytes).ok_or_else(|| Error::Decode("no UUID".into()));
    Ok(Message {
        id: id(row.try_get("id")?)?,
        room: RoomId::from(row.try_get::<&str, _>("room_id")?),
        seq: number(row, "seq")?,
        num: number(row, "num")?,
        sender: UserId::from(row.try_get::<&str, _>("sender_id")?),
        kind: word(row, "kind", MessageKind::decode)?,
        body: row.try_get("body")?,
        parent: row
            .try_get::<Option<&[u8]>, _>("parent_id")?
            .map(id)
            .transpose()?,
        is_reply: row.try_get("is_reply")?,
        client_msg_id: row.try_get("client_msg_id")?,
        created_at: time(row, "created_at")?,
        updated_at: time(row, "updated_at")?,
        deleted_at: optional_time(row, "deleted_at")?,
        change: row
            .try_get::<Option<i64>, _>("change")?
            .and_then(|number| u64::try_from(number).ok()),
    })
}

pub(super) fn checkin(row: &SqliteRow) -> Result<(i64, Checkin), Error> {
    let checkin = Checkin {
        user: UserId::from(row.try_get::<&str, _>("user_id")?),
        socket: SocketId::from(row.try_get::<&str, _>("sid")?),
        checked_in_at: time(row, "checked_in_at")?,
        checked_out_at: optional_time(row, "checked_out_at")?,
    };
    Ok((row.try_get("key")?, checkin))
}

/// A room with its count; the last message is read by itself.
pub(super) fn summary(
    row: &SqliteRow,
    last_message: Option<Arc<Message>>,
) -> Result<RoomSummary, Error> {
    Ok(RoomSummary {
        room: room(row)?,
        last_message,
        unread: number(row, "unread")?,
    })
}

pub(super) fn number(row: &SqliteRow, column: &str) -> Result<u64, Error> {
    u64::try_from(row.try_get::<i64, _>(column)?)
        .map_err(|_| Error::Decode(format!("{column} is negative").into()))
}

fn time(row: &SqliteRow, column: &str) -> Result<Timestamp, Error> {
    row.try_get(column).map(Timestamp::from_millis)
}

fn optional_time(row: &SqliteRow, column: &str) -> Result<Option<Timestamp>, Error> {
    Ok(row
        .try_get::<Option<i64>, _>(column)?
        .map(Timestamp::from_millis))
}

fn word<T>(row: &SqliteRow, column: &str, decode: impl Fn(&str) -> Option<T>) -> Result<T, Error> {
    let text: &str = row.try_get(column)?;
    decode(text).ok_or_else(|| Error::Decode(format!("{column} is {text:?}").into()))
}
