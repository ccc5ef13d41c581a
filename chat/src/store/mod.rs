//! Where the chat is kept: the [`Store`] trait, and SQLite behind it.
//!
//! * `change` what a transaction writes.
//! * `error` how a store fails.
//! * `query` which lists can be read.
//! * `sqlite` the embedded store.
//! * `conformance` the sentences every store has to fulfil, as functions.
//!
//! One writer, the committer, decides everything from what it read before and hands a list of changes to
//! [`Store::commit`]; readers only ever see whole transactions.

mod change;
pub mod conformance;
mod error;
mod query;
pub mod sqlite;

use std::fmt::Debug;
use std::pin::Pin;
use std::sync::Arc;

pub use change::{Change, Counters};
pub use error::StoreError;
pub use query::{CheckinPage, MemberPage, RoomPage, SummaryPage, UserPage};
pub use sqlite::{DataDirectory, Durability, SqliteStore, backup};

use crate::auth::{Session, TokenHash};
use crate::ids::{MessageId, RoomId, UserId};
use crate::model::{Checkin, Member, Message, NamedMember, Page, Room, RoomSummary, User};

/// What a store method returns: boxed, so that a store can be chosen at start.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// Keeps the chat.
pub trait Store: Debug + Send + Sync + 'static {
    /// Writes all of it or nothing, in order, and returns when it would survive a crash.
    fn commit<'a>(&'a self, changes: &'a [Change]) -> Pending<'a, ()>;
    /// Brings the files to rest, at the end: from then on a copy of them is whole.
    fn settle(&self) -> Pending<'_, ()> {
        Box::pin(std::future::ready(Ok(())))
    }
    /// The highest numbers given out.
    fn counters(&self) -> Pending<'_, Counters>;

    /// A user by id.
    fn user<'a>(&'a self, id: &'a UserId) -> Pending<'a, Option<User>>;
    /// A user by handle.
    fn user_by_handle<'a>(&'a self, handle: &'a str) -> Pending<'a, Option<User>>;
    /// A room by id, and its highest `seq` (0 before the first message).
    fn room<'a>(&'a self, id: &'a RoomId) -> Pending<'a, Option<(Room, u64)>>;
    /// A membership.
    fn member<'a>(&'a self, room: &'a RoomId, user: &'a UserId) -> Pending<'a, Option<Member>>;
    /// A message by id.
    fn message<'a>(&'a self, id: MessageId) -> Pending<'a, Option<Message>>;
    /// The message that a writer called so in a room.
    fn sent<'a>(
        &'a self,
        room: &'a RoomId,
        sender: &'a UserId,
        client_msg_id: &'a str,
    ) -> Pending<'a, Option<Message>>;

    /// Messages of a room, oldest first: right after `after`, else the newest before `before`.
    fn messages<'a>(&'a self, room: &'a RoomId, page: Page) -> Pending<'a, Vec<Arc<Message>>>;
    /// All users by id.
    fn users<'a>(&'a self, page: UserPage<'a>) -> Pending<'a, Vec<User>>;
    /// The rooms that somebody can see, by id.
    fn rooms<'a>(&'a self, page: RoomPage<'a>) -> Pending<'a, Vec<Room>>;
    /// The members of a room, by user id.
    fn members<'a>(&'a self, page: MemberPage<'a>) -> Pending<'a, Vec<NamedMember>>;
    /// The check-ins of a room, newest first.
    fn checkins<'a>(&'a self, page: CheckinPage<'a>) -> Pending<'a, Vec<(i64, Checkin)>>;
    /// The oldest messages that are kept for somebody, of those with a number higher than `after`.
    fn kept<'a>(
        &'a self,
        user: &'a UserId,
        after: u64,
        limit: u32,
    ) -> Pending<'a, Vec<Arc<Message>>>;
    /// The session with this token.
    fn session(&self, hash: TokenHash) -> Pending<'_, Option<Session>>;
    /// The ids of a user's rooms, in their order.
    fn memberships<'a>(&'a self, page: SummaryPage<'a>) -> Pending<'a, Vec<RoomId>>;
    /// The rooms of a user, by room id.
    fn rooms_of<'a>(&'a self, page: SummaryPage<'a>) -> Pending<'a, Vec<RoomSummary>>;
}
