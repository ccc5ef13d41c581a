//! The embedded store: one SQLite database in a locked data directory.
//!
//! * `directory` the lock that keeps a second process out.
//! * `backup` a copy in one file, also while it is written.
//! * `check` whether the file is whole.
//! * `schema` the tables and how an older file becomes a newer one.
//! * `write` the one writing connection: a list of changes, one transaction.
//! * `read` the reading connections: single rows and pages.
//! * `row` from rows to values.
//!
//! WAL, by default with `synchronous = FULL`: a commit returns when the log is on the disk, and readers do not wait for it.

pub mod backup;
mod check;
mod directory;
mod failure;
mod read;
mod row;
mod schema;
#[cfg(test)]
mod tests;
mod write;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

pub use directory::DataDirectory;
use failure::store_error;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, SqlitePool};
use tokio::sync::Mutex;
use write::Writer;

use super::{
    Change, CheckinPage, Counters, MemberPage, Pending, RoomPage, Store, StoreError, SummaryPage,
    UserPage,
};
use crate::auth::{Session, TokenHash};
use crate::ids::{MessageId, RoomId, UserId};
use crate::model::{Checkin, Member, Message, NamedMember, Page, Room, RoomSummary, User};

/// The file inside the data directory.
const FILE: &str = "roomcast.sqlite3";

/// How long a write waits for somebody else's lock. Only a person with a database tool can hold one, and every
/// sender waits with it.
const BUSY_TIMEOUT: Duration = Duration::from_secs(2);

/// Reading connections: reads are short and come from the page cache, so a few serve many requests.
const READERS: u32 = 4;

/// What a commit survives.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Durability {
    /// Also that the machine loses its power: the log is on the disk when a commit returns.
    #[default]
    Full,
    /// That the process is killed. When the machine goes down, the last commits may be gone, and none is halfway.
    Normal,
}

/// The embedded store.
#[derive(Debug)]
pub struct SqliteStore {
    writer: Mutex<Writer>,
    readers: SqlitePool,
    _directory: DataDirectory,
}

impl SqliteStore {
    /// Opens the data directory, making it when it is not there, and brings its schema up to date.
    pub async fn open(directory: &Path) -> Result<Arc<dyn Store>, StoreError> {
        Self::open_with(directory, Durability::Full).await
    }

    /// The same, with a choice of what a commit survives.
    pub async fn open_with(
        directory: &Path,
        durability: Durability,
    ) -> Result<Arc<dyn Store>, StoreError> {
        let directory = DataDirectory::lock(directory)?;
        Self::open_in(directory, durability).await
    }

    /// The same in a directory that is locked already.
    pub async fn open_in(
        directory: DataDirectory,
        durability: Durability,
    ) -> Result<Arc<dyn Store>, StoreError> {
        Ok(Arc::new(Self::connect(directory, durability).await?))
    }

    async fn connect(locked: DataDirectory, durability: Durability) -> Result<Self, StoreError> {
        let file = locked.path().join(FILE);
        let opened = Self::open_file(&file, locked, durability).await;
        opened.map_err(|error| error.about(&file))
    }

    async fn open_file(
        file: &Path,
        locked: DataDirectory,
        durability: Durability,
    ) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(match durability {
                Durability::Full => SqliteSynchronous::Full,
                Durability::Normal => SqliteSynchronous::Normal,
            })
            .busy_timeout(BUSY_TIMEOUT)
            .disable_statement_logging();
        let mut writer = options.clone().connect().await.map_err(store_error)?;
        check::check(&mut writer, file).await?;
        schema::migrate(&mut writer).await?;
        let reading = options.create_if_missing(false).read_only(true);
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .connect_with(reading)
            .await
            .map_err(store_error)?;
        Ok(Self {
            writer: Mutex::new(Writer::new(writer)),
            readers,
            _directory: locked,
        })
    }
}

impl Store for SqliteStore {
    fn commit<'a>(&'a self, changes: &'a [Change]) -> Pending<'a, ()> {
        Box::pin(async move { self.writer.lock().await.commit(changes).await })
    }

    fn settle(&self) -> Pending<'_, ()> {
        Box::pin(async move { self.writer.lock().await.settle().await })
    }

    fn counters(&self) -> Pending<'_, Counters> {
        Box::pin(read::counters(&self.readers))
    }

    fn user<'a>(&'a self, id: &'a UserId) -> Pending<'a, Option<User>> {
        Box::pin(read::user(&self.readers, id))
    }

    fn user_by_handle<'a>(&'a self, handle: &'a str) -> Pending<'a, Option<User>> {
        Box::pin(read::user_by_handle(&self.readers, handle))
    }

    fn room<'a>(&'a self, id: &'a RoomId) -> Pending<'a, Option<(Room, u64)>> {
        Box::pin(read::room(&self.readers, id))
    }

    fn member<'a>(&'a self, room: &'a RoomId, user: &'a UserId) -> Pending<'a, Option<Member>> {
        Box::pin(read::member(&self.readers, room, user))
    }

    fn message<'a>(&'a self, id: MessageId) -> Pending<'a, Option<Message>> {
        Box::pin(read::message(&self.readers, id))
    }

    fn sent<'a>(
        &'a self,
        room: &'a RoomId,
        sender: &'a UserId,
        client_msg_id: &'a str,
    ) -> Pending<'a, Option<Message>> {
        Box::pin(read::sent(&self.readers, room, sender, client_msg_id))
    }

    fn messages<'a>(&'a self, room: &'a RoomId, page: Page) -> Pending<'a, Vec<Arc<Message>>> {
        Box::pin(read::messages(&self.readers, room, page))
    }

    fn users<'a>(&'a self, page: UserPage<'a>) -> Pending<'a, Vec<User>> {
        Box::pin(read::users(&self.readers, page))
    }

    fn rooms<'a>(&'a self, page: RoomPage<'a>) -> Pending<'a, Vec<Room>> {
        Box::pin(read::rooms(&self.readers, page))
    }

    fn members<'a>(&'a self, page: MemberPage<'a>) -> Pending<'a, Vec<NamedMember>> {
        Box::pin(read::members(&self.readers, page))
    }

    fn checkins<'a>(&'a self, page: CheckinPage<'a>) -> Pending<'a, Vec<(i64, Checkin)>> {
        Box::pin(read::checkins(&self.readers, page))
    }

    fn kept<'a>(
        &'a self,
        user: &'a UserId,
        after: u64,
        limit: u32,
    ) -> Pending<'a, Vec<Arc<Message>>> {
        Box::pin(read::kept(&self.readers, user, after, limit))
    }

    fn session(&self, hash: TokenHash) -> Pending<'_, Option<Session>> {
        Box::pin(read::session(&self.readers, hash))
    }

    fn memberships<'a>(&'a self, page: SummaryPage<'a>) -> Pending<'a, Vec<RoomId>> {
        Box::pin(read::memberships(&self.readers, page))
    }

    fn rooms_of<'a>(&'a self, page: SummaryPage<'a>) -> Pending<'a, Vec<RoomSummary>> {
        Box::pin(read::rooms_of(&self.readers, page))
    }
}
