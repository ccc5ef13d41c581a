//! A store that fails when it is told to.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use parking_lot::Mutex;

use crate::auth::{Session, TokenHash};
use crate::ids::{MessageId, RoomId, UserId};
use crate::model::{Checkin, Member, Message, NamedMember, Page, Room, RoomSummary, User};
use crate::store::{
    Change, CheckinPage, Counters, MemberPage, Pending, RoomPage, Store, StoreError, SummaryPage,
    UserPage,
};

/// The text of a message that the store rejects as a row.
pub(crate) const BAD_ROW: &str = "a bad row";

/// A store in front of another one.
#[derive(Debug)]
pub(crate) struct Flaky {
    inner: Arc<dyn Store>,
    failing: Mutex<Option<StoreError>>,
    /// Neither rooms of users nor members of rooms can be listed.
    pub(crate) is_torn: AtomicBool,
    /// How many commits were tried.
    pub(crate) commits: AtomicUsize,
    /// How many memberships were read.
    pub(crate) memberships: AtomicUsize,
}

impl Flaky {
    pub(crate) fn new(inner: Arc<dyn Store>) -> Arc<Self> {
        Arc::new(Self {
            inner,
            failing: Mutex::default(),
            is_torn: AtomicBool::new(false),
            commits: AtomicUsize::new(0),
            memberships: AtomicUsize::new(0),
        })
    }

    async fn counted<T>(&self, found: Pending<'_, Vec<T>>) -> Result<Vec<T>, StoreError> {
        if self.is_torn.load(Ordering::Relaxed) {
            return Err(StoreError::Unavailable("torn".into()));
        }
        let found = found.await?;
        self.memberships.fetch_add(found.len(), Ordering::Relaxed);
        Ok(found)
    }

    /// Every commit fails from now on, or none does.
    pub(crate) fn fail(&self, error: Option<StoreError>) {
        *self.failing.lock() = error;
    }
}

macro_rules! pass_on {
    ($($name:ident($($arg:ident: $type:ty),*) -> $result:ty;)*) => {
        $(fn $name<'a>(&'a self, $($arg: $type),*) -> Pending<'a, $result> { self.inner.$name($($arg),*) })*
    };
}

impl Store for Flaky {
    fn commit<'a>(&'a self, changes: &'a [Change]) -> Pending<'a, ()> {
        self.commits.fetch_add(1, Ordering::Relaxed);
        let bad = changes
            .iter()
            .any(|change| matches!(change, Change::Message(message) if message.body == BAD_ROW));
        let verdict = match self.failing.lock().clone() {
            Some(error) => Err(error),
            None if bad => Err(StoreError::Rejected(BAD_ROW.to_owned())),
            None => Ok(()),
        };
        Box::pin(async move {
            verdict?;
            self.inner.commit(changes).await
        })
    }

    fn counters(&self) -> Pending<'_, Counters> {
        self.inner.counters()
    }

    fn session(&self, hash: TokenHash) -> Pending<'_, Option<Session>> {
        self.inner.session(hash)
    }

    fn members<'a>(&'a self, page: MemberPage<'a>) -> Pending<'a, Vec<NamedMember>> {
        Box::pin(self.counted(self.inner.members(page)))
    }

    fn memberships<'a>(&'a self, page: SummaryPage<'a>) -> Pending<'a, Vec<RoomId>> {
        Box::pin(self.counted(self.inner.memberships(page)))
    }

    pass_on! {
        user(id: &'a UserId) -> Option<User>;
        user_by_handle(handle: &'a str) -> Option<User>;
        room(id: &'a RoomId) -> Option<(Room, u64)>;
        member(room: &'a RoomId, user: &'a UserId) -> Option<Member>;
        message(id: MessageId) -> Option<Message>;
        sent(room: &'a RoomId, sender: &'a UserId, client_msg_id: &'a str) -> Option<Message>;
        messages(room: &'a RoomId, page: Page) -> Vec<Arc<Message>>;
        users(page: UserPage<'a>) -> Vec<User>;
        rooms(page: RoomPage<'a>) -> Vec<Room>;
        checkins(page: CheckinPage<'a>) -> Vec<(i64, Checkin)>;
        kept(user: &'a UserId, after: u64, limit: u32) -> Vec<Arc<Message>>;
        rooms_of(page: SummaryPage<'a>) -> Vec<RoomSummary>;
    }
}
