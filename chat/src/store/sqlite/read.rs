//! The reading connections: single rows, and pages by key.

use std::sync::Arc;

use sqlx::sqlite::SqliteRow;
use sqlx::{SqlitePool, query};

use super::failure::store_error;
use super::row;
use crate::auth::{Session, TokenHash};
use crate::ids::{MessageId, RoomId, UserId};
use crate::model::{Checkin, Member, Message, NamedMember, Page, Room, RoomSummary, User};
use crate::store::{
    CheckinPage, Counters, MemberPage, RoomPage, StoreError, SummaryPage, UserPage,
};

type Query<'q> = sqlx::query::Query<'q, sqlx::Sqlite, sqlx::sqlite::SqliteArguments>;

/// Runs a query for at most one row.
async fn one<T>(
    pool: &SqlitePool,
    query: Query<'_>,
    decode: impl Fn(&SqliteRow) -> Result<T, sqlx::Error>,
) -> Result<Option<T>, StoreError> {
    let found = query.fetch_optional(pool).await.map_err(store_error)?;
    found.as_ref().map(decode).transpose().map_err(store_error)
}

/// Runs a query for a page.
async fn many<T>(
    pool: &SqlitePool,
    query: Query<'_>,
    decode: impl Fn(&SqliteRow) -> Result<T, sqlx::Error>,
) -> Result<Vec<T>, StoreError> {
    let found = query.fetch_all(pool).await.map_err(store_error)?;
    found
        .iter()
        .map(decode)
        .collect::<Result<_, _>>()
        .map_err(store_error)
}

pub(super) async fn counters(pool: &SqlitePool) -> Result<Counters, StoreError> {
    let sql = "SELECT coalesce((SELECT max(num) FROM messages), 0) AS num, \
               coalesce((SELECT max(change) FROM messages WHERE change IS NOT NULL), 0) AS change";
    let decode = |row: &SqliteRow| {
        Ok(Counters {
            num: row::number(row, "num")?,
            change: row::number(row, "change")?,
        })
    };
    Ok(one(pool, query(sql), decode).await?.unwrap_or_default())
}

pub(super) async fn user(pool: &SqlitePool, id: &UserId) -> Result<Option<User>, StoreError> {
    one(
        pool,
        query("SELECT * FROM users WHERE id = ?").bind(id.as_str()),
        row::user,
    )
    .await
}

pub(super) async fn user_by_handle(
    pool: &SqlitePool,
    handle: &str,
) -> Result<Option<User>, StoreError> {
    one(
        pool,
        query("SELECT * FROM users WHERE handle = ?").bind(handle),
        row::user,
    )
    .await
}

pub(super) async fn room(
    pool: &SqlitePool,
    id: &RoomId,
) -> Result<Option<(Room, u64)>, StoreError> {
    let sql = "SELECT *, coalesce((SELECT max(seq) FROM messages WHERE room_id = rooms.id), 0) AS last_seq \
               FROM rooms WHERE id = ?";
    one(pool, query(sql).bind(id.as_str()), |row| {
        Ok((row::room(row)?, row::number(row, "last_seq")?))
    })
    .await
}

pub(super) async fn member(
    pool: &SqlitePool,
    room: &RoomId,
    user: &UserId,
) -> Result<Option<Member>, StoreError> {
    let sql = "SELECT * FROM members WHERE room_id = ? AND user_id = ?";
    one(
        pool,
        query(sql).bind(room.as_str()).bind(user.as_str()),
        row::member,
    )
    .await
}

pub(super) async fn message(
    pool: &SqlitePool,
    id: MessageId,
) -> Result<Option<Message>, StoreError> {
    one(
        pool,
        query("SELECT * FROM messages WHERE id = ?").bind(id.as_bytes()),
        row::message,
    )
    .await
}

pub(super) async fn sent(
    pool: &SqlitePool,
    room: &RoomId,
    sender: &UserId,
    client_msg_id: &str,
) -> Result<Option<Message>, StoreError> {
    let sql = "SELECT * FROM messages WHERE sender_id = ? AND room_id = ? AND client_msg_id = ?";
    one(
        pool,
        query(sql)
            .bind(sender.as_str())
            .bind(room.as_str())
            .bind(client_msg_id),
        row::message,
    )
    .await
}

pub(super) async fn messages(
    pool: &SqlitePool,
    room: &RoomId,
    page: Page,
) -> Result<Vec<Arc<Message>>, StoreError> {
    let forward =
        "SELECT * FROM messages WHERE room_id = ? AND seq > ? AND seq < ? ORDER BY seq LIMIT ?";
    let backward = "SELECT * FROM messages WHERE room_id = ? AND seq > ? AND seq < ? ORDER BY seq DESC LIMIT ?";
    let key = |seq: Option<u64>, none: i64| {
        seq.map_or(none, |seq| i64::try_from(seq).unwrap_or(i64::MAX))
    };
    let query = query(if page.after.is_some() {
        forward
    } else {
        backward
    })
    .bind(room.as_str())
    .bind(key(page.after, 0))
    .bind(key(page.before, i64::MAX))
    .bind(page.limit);
    let mut found = many(pool, query, |row| row::message(row).map(Arc::new)).await?;
    if page.after.is_none() {
        found.reverse();
    }
    Ok(found)
}

pub(super) async fn users(pool: &SqlitePool, page: UserPage<'_>) -> Result<Vec<User>, StoreError> {
    let sql = "SELECT * FROM users WHERE id > ? ORDER BY id LIMIT ?";
    many(
        pool,
        query(sql)
            .bind(page.after.unwrap_or_default())
            .bind(page.limit),
        row::user,
    )
    .await
}

pub(super) async fn rooms(pool: &SqlitePool, page: RoomPage<'_>) -> Result<Vec<Room>, StoreError> {
    let sql = "SELECT * FROM rooms WHERE id > ? AND (kind = 'public' OR EXISTS \
               (SELECT 1 FROM members WHERE room_id = rooms.id AND user_id = ?)) ORDER BY id LIMIT ?";
    let query = query(sql)
        .bind(page.after.unwrap_or_default())
        .bind(page.visible_to.map(UserId::as_str))
        .bind(page.limit);
    many(pool, query, row::room).await
}

pub(super) async fn members(
    pool: &SqlitePool,
    page: MemberPage<'_>,
) -> Result<Vec<NamedMember>, StoreError> {
    let sql = "SELECT * FROM members LEFT JOIN users ON users.id = members.user_id \
               WHERE room_id = ? AND user_id > ? ORDER BY user_id LIMIT ?";
    let query = query(sql)
        .bind(page.room.as_str())
        .bind(page.after.unwrap_or_default())
        .bind(page.limit);
    many(pool, query, row::named_member).await
}

pub(super) async fn checkins(
    pool: &SqlitePool,
    page: CheckinPage<'_>,
) -> Result<Vec<(i64, Checkin)>, StoreError> {
    let sql = "SELECT * FROM checkins WHERE room_id = ? AND key < ? ORDER BY key DESC LIMIT ?";
    let query = query(sql)
        .bind(page.room.as_str())
        .bind(page.before.unwrap_or(i64::MAX))
        .bind(page.limit);
    many(pool, query, row::checkin).await
}

pub(super) async fn kept(
    pool: &SqlitePool,
    user: &UserId,
    after: u64,
    limit: u32,
) -> Result<Vec<Arc<Message>>, StoreError> {
    let sql = "SELECT messages.* FROM kept JOIN messages USING (num) WHERE kept.user_id = ? AND kept.num > ? ORDER BY num LIMIT ?";
    let query = query(sql)
        .bind(user.as_str())
        .bind(i64::try_from(after).unwrap_or(i64::MAX))
        .bind(limit);
    many(pool, query, |row| row::message(row).map(Arc::new)).await
}

pub(super) async fn session(
    pool: &SqlitePool,
    hash: TokenHash,
) -> Result<Option<Session>, StoreError> {
    let sql = "SELECT * FROM sessions WHERE token_hash = ?";
    let query = query(sql).bind(hash.as_bytes().to_vec());
    one(pool, query, |row| row::session(row, hash)).await
}

pub(super) async fn memberships(
    pool: &SqlitePool,
    page: SummaryPage<'_>,
) -> Result<Vec<RoomId>, StoreError> {
    let sql =
        "SELECT room_id FROM members WHERE user_id = ? AND room_id > ? ORDER BY room_id LIMIT ?";
    let query = query(sql)
        .bind(page.user.as_str())
        .bind(page.after.unwrap_or_default())
        .bind(page.limit);
    many(pool, query, row::room_id).await
}

/// Counting stops here: nobody reads a larger number, and a room can have millions.
const MOST_UNREAD: i64 = 1000;

pub(super) async fn rooms_of(
    pool: &SqlitePool,
    page: SummaryPage<'_>,
) -> Result<Vec<RoomSummary>, StoreError> {
    let sql = "SELECT rooms.*, (SELECT count(*) FROM (SELECT 1 FROM messages WHERE room_id = rooms.id \
               AND seq > members.read_seq AND sender_id <> members.user_id AND deleted_at IS NULL LIMIT ?)) AS unread \
               FROM members JOIN rooms ON rooms.id = members.room_id \
               WHERE members.user_id = ? AND members.room_id > ? ORDER BY members.room_id LIMIT ?";
    let query = query(sql)
        .bind(MOST_UNREAD)
        .bind(page.user.as_str())
        .bind(page.after.unwrap_or_default())
        .bind(page.limit);
    let mut rooms = many(pool, query, |row| row::summary(row, None)).await?;
    for room in &mut rooms {
        let newest = Page {
            before: None,
            after: None,
            limit: 1,
        };
        room.last_message = messages(pool, &room.room.id, newest).await?.pop();
    }
    Ok(rooms)
}
