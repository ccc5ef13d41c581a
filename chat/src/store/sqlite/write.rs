//! The one writing connection: a list of changes, one transaction.

use std::fmt::Write;
use std::sync::{Arc, LazyLock};

use sqlx::{SqliteConnection, query};

use super::failure::store_error;
use crate::auth::Session;
use crate::ids::{RoomId, UserId};
use crate::model::{Checkin, Member, Message, Room, User};
use crate::store::{Change, StoreError};
use crate::time::Timestamp;

/// Rows in one INSERT: powers of two, so that eight prepared statements serve every number of messages.
const ROWS: [usize; 8] = [128, 64, 32, 16, 8, 4, 2, 1];

/// What is stored of a message.
const COLUMNS: &str = "num, room_id, seq, id, sender_id, kind, body, parent_id, is_reply, client_msg_id, created_at, \
                       updated_at, deleted_at, change";

static INSERTS: LazyLock<[String; ROWS.len()]> = LazyLock::new(|| {
    ROWS.map(|rows| {
        // The whole transaction is taken back after any error, so SQLite need not be able to take back the statement
        // alone, for which it would copy every page before it changes it.
        let mut sql = format!("INSERT OR ROLLBACK INTO messages ({COLUMNS}) VALUES ");
        for row in 0..rows {
            let separator = if row == 0 { "" } else { ", " };
            let _ = write!(sql, "{separator}(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        }
        sql
    })
});

/// The one connection that writes.
#[derive(Debug)]
pub(super) struct Writer {
    connection: SqliteConnection,
    /// A transaction was begun and neither committed nor taken back yet.
    begun: bool,
}

impl Writer {
    pub(super) const fn new(connection: SqliteConnection) -> Self {
        Self {
            connection,
            begun: false,
        }
    }

    /// Writes all of it or nothing.
    ///
    /// The transaction is begun and ended by hand: after a full disk SQLite has taken it back by itself, which
    /// sqlx's own transactions do not expect (they count depth, and the connection is of no use afterwards).
    pub(super) async fn commit(&mut self, changes: &[Change]) -> Result<(), StoreError> {
        if changes.is_empty() {
            return Ok(());
        }
        self.roll_back().await;
        self.begun = true;
        let written = write_all(&mut self.connection, changes).await;
        match written {
            Ok(()) => self.begun = false,
            Err(_) => self.roll_back().await,
        }
        written.map_err(store_error)
    }

    /// Moves the log into the database file and empties it. A reader that is still busy leaves it for next time.
    pub(super) async fn settle(&mut self) -> Result<(), StoreError> {
        let checkpoint = query("PRAGMA wal_checkpoint(TRUNCATE)");
        let done = checkpoint.execute(&mut self.connection).await;
        done.map(drop).map_err(store_error)
    }

    async fn roll_back(&mut self) {
        if self.begun {
            // It fails when there is nothing to take back, which is as good.
            let _ = query("ROLLBACK").execute(&mut self.connection).await;
            self.begun = false;
        }
    }

    #[cfg(test)]
    pub(super) const fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }
}

async fn write_all(
    connection: &mut SqliteConnection,
    changes: &[Change],
) -> Result<(), sqlx::Error> {
    // IMMEDIATE: fails at the beginning, not in the middle, when somebody else holds the lock.
    query("BEGIN IMMEDIATE").execute(&mut *connection).await?;
    let mut rest = changes;
    while let Some(first) = rest.first() {
        let run = rest
            .iter()
            .take_while(|change| matches!(change, Change::Message(_)))
            .count();
        if run > 0 {
            let (messages, after) = rest.split_at(run);
            insert_messages(connection, messages).await?;
            rest = after;
        } else {
            write_one(connection, first).await?;
            rest = rest.get(1..).unwrap_or_default();
        }
    }
    query("COMMIT").execute(connection).await.map(drop)
}

async fn insert_messages(
    connection: &mut SqliteConnection,
    changes: &[Change],
) -> Result<(), sqlx::Error> {
    let messages: Vec<&Arc<Message>> = changes
        .iter()
        .filter_map(|change| match change {
            Change::Message(message) => Some(message),
            _ => None,
        })
        .collect();
    let mut rest = messages.as_slice();
    for (rows, sql) in ROWS.iter().zip(INSERTS.iter()) {
        while rest.len() >= *rows {
            let (now, later) = rest.split_at(*rows);
            let mut insert = query(sql.as_str());
            for message in now {
                insert = bind_message(insert, message);
            }
            insert.execute(&mut *connection).await?;
            rest = later;
        }
    }
    Ok(())
}

type Query<'q> = sqlx::query::Query<'q, sqlx::Sqlite, sqlx::sqlite::SqliteArguments>;

fn bind_message<'q>(insert: Query<'q>, message: &'q Message) -> Query<'q> {
    insert
        .bind(int(message.num))
        .bind(message.room.as_str())
        .bind(int(message.seq))
        .bind(message.id.as_bytes())
        .bind(message.sender.as_str())
        .bind(message.kind.as_str())
        .bind(message.body.as_str())
        .bind(message.parent.as_ref().map(|id| id.as_bytes()))
        .bind(message.is_reply)
        .bind(message.client_msg_id.as_deref())
        .bind(message.created_at.as_millis())
        .bind(message.updated_at.as_millis())
        .bind(message.deleted_at.map(Timestamp::as_millis))
        .bind(message.change.map(int))
}

async fn write_one(connection: &mut SqliteConnection, change: &Change) -> Result<(), sqlx::Error> {
    let statement = match change {
        Change::User(user) => upsert_user(user),
        Change::Room(room) => insert_room(room),
        Change::Member(room, member) => upsert_member(room, member),
        Change::MemberRemoved(room, user) => delete_member(room, user),
        Change::Message(message) => bind_message(query(INSERTS[ROWS.len() - 1].as_str()), message),
        Change::MessageChanged(message) => update_message(message),
        Change::Kept(user, num) => keep(user, *num),
        Change::Collected(user, num) => collect(user, *num),
        Change::SessionOpened(session) => open_session(session),
        Change::SessionEnded(hash) => {
            query("DELETE FROM sessions WHERE token_hash = ?").bind(hash.as_bytes())
        }
        Change::SessionsExpired(now) => {
            query("DELETE FROM sessions WHERE expires_at <= ?").bind(now.as_millis())
        }
        Change::CheckinOpened(room, checkin) => open_checkin(room, checkin),
        Change::CheckinClosed(room, user, at) => close_checkin(room, user, *at),
        Change::CheckinsClosed(at) => close_checkins(*at),
    };
    statement.execute(connection).await.map(drop)
}

fn upsert_user(user: &User) -> Query<'_> {
    query(
        "INSERT INTO users (id, handle, name, username, created_at, last_seen_at) VALUES (?, ?, ?, ?, ?, ?) \
         ON CONFLICT (id) DO UPDATE SET handle = excluded.handle, name = excluded.name, username = excluded.username, \
         last_seen_at = excluded.last_seen_at",
    )
    .bind(user.id.as_str())
    .bind(user.handle.as_deref())
    .bind(user.name.as_str())
    .bind(user.username.as_deref())
    .bind(user.created_at.as_millis())
    .bind(user.last_seen_at.map(Timestamp::as_millis))
}

fn insert_room(room: &Room) -> Query<'_> {
    query("INSERT INTO rooms (id, name, kind, created_at) VALUES (?, ?, ?, ?)")
        .bind(room.id.as_str())
        .bind(room.name.as_str())
        .bind(room.kind.as_str())
        .bind(room.created_at.as_millis())
}

fn upsert_member<'q>(room: &'q RoomId, member: &'q Member) -> Query<'q> {
    query(
        "INSERT INTO members (room_id, user_id, role, joined_at, read_seq) VALUES (?, ?, ?, ?, ?) \
         ON CONFLICT (room_id, user_id) DO UPDATE SET role = excluded.role, read_seq = max(read_seq, excluded.read_seq)",
    )
    .bind(room.as_str())
    .bind(member.user.as_str())
    .bind(member.role.as_str())
    .bind(member.joined_at.as_millis())
    .bind(int(member.read_seq))
}

fn delete_member<'q>(room: &'q RoomId, user: &'q UserId) -> Query<'q> {
    query("DELETE FROM members WHERE room_id = ? AND user_id = ?")
        .bind(room.as_str())
        .bind(user.as_str())
}

fn update_message(message: &Message) -> Query<'_> {
    query("UPDATE messages SET body = ?, updated_at = ?, deleted_at = ?, change = ? WHERE room_id = ? AND seq = ?")
        .bind(message.body.as_str())
        .bind(message.updated_at.as_millis())
        .bind(message.deleted_at.map(Timestamp::as_millis))
        .bind(message.change.map(int))
        .bind(message.room.as_str())
        .bind(int(message.seq))
}

fn keep(user: &UserId, num: u64) -> Query<'_> {
    query("INSERT INTO kept (user_id, num) VALUES (?, ?)")
        .bind(user.as_str())
        .bind(int(num))
}

fn collect(user: &UserId, num: u64) -> Query<'_> {
    query("DELETE FROM kept WHERE user_id = ? AND num <= ?")
        .bind(user.as_str())
        .bind(int(num))
}

fn open_session(session: &Session) -> Query<'_> {
    query("INSERT INTO sessions (token_hash, user_id, metadata, created_at, expires_at) VALUES (?, ?, ?, ?, ?)")
        .bind(session.hash.as_bytes())
        .bind(session.user.as_str())
        .bind(session.metadata.as_deref())
        .bind(session.created_at.as_millis())
        .bind(session.expires_at.as_millis())
}

fn open_checkin<'q>(room: &'q RoomId, checkin: &'q Checkin) -> Query<'q> {
    query(
        "INSERT INTO checkins (room_id, user_id, sid, checked_in_at) VALUES (?, ?, ?, ?) \
         ON CONFLICT (room_id, user_id) WHERE checked_out_at IS NULL DO NOTHING",
    )
    .bind(room.as_str())
    .bind(checkin.user.as_str())
    .bind(checkin.socket.as_str())
    .bind(checkin.checked_in_at.as_millis())
}

fn close_checkin<'q>(room: &'q RoomId, user: &'q UserId, at: Timestamp) -> Query<'q> {
    query("UPDATE checkins SET checked_out_at = ? WHERE room_id = ? AND user_id = ? AND checked_out_at IS NULL")
        .bind(at.as_millis())
        .bind(room.as_str())
        .bind(user.as_str())
}

fn close_checkins<'q>(at: Timestamp) -> Query<'q> {
    query("UPDATE checkins SET checked_out_at = ? WHERE checked_out_at IS NULL")
        .bind(at.as_millis())
}

/// SQLite's integers are signed. Counting to 2^63 takes longer than the disk lasts.
fn int(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
