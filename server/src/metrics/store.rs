//! A store that is timed.

use std::sync::Arc;
use std::time::Instant;

use chat::auth::{Session, TokenHash};
use chat::model::{Checkin, Member, Message, NamedMember, Page, Room, RoomSummary, User};
use chat::store::{
    Change, CheckinPage, Counters, MemberPage, Pending, RoomPage, Store, SummaryPage, UserPage,
};
use chat::{MessageId, RoomId, UserId};

use super::Meters;

/// In front of another one: what takes how long, and what fails.
#[derive(Debug)]
pub(crate) struct MeteredStore {
    inner: Arc<dyn Store>,
    meters: Arc<Meters>,
}

impl MeteredStore {
    pub(crate) fn over(inner: Arc<dyn Store>, meters: &Arc<Meters>) -> Arc<dyn Store> {
        let meters = Arc::clone(meters);
        Arc::new(Self { inner, meters })
    }

    fn timed<'a, T: 'a>(&'a self, op: &'static str, pending: Pending<'a, T>) -> Pending<'a, T> {
        Box::pin(async move {
            let begun = Instant::now();
            let outcome = pending.await;
            self.meters.stored(op, begun.elapsed());
            if outcome.is_err() {
                self.meters.store_failed(op);
            }
            outcome
        })
    }
}

macro_rules! timed {
    ($($name:ident($($arg:ident: $type:ty),*) -> $result:ty;)*) => {
        $(fn $name<'a>(&'a self, $($arg: $type),*) -> Pending<'a, $result> {
            self.timed(stringify!($name), self.inner.$name($($arg),*))
        })*
    };
}

impl Store for MeteredStore {
    fn commit<'a>(&'a self, changes: &'a [Change]) -> Pending<'a, ()> {
        self.meters.batch(changes.len());
        self.timed("commit", self.inner.commit(changes))
    }

    fn settle(&self) -> Pending<'_, ()> {
        self.timed("settle", self.inner.settle())
    }

    fn counters(&self) -> Pending<'_, Counters> {
        self.timed("counters", self.inner.counters())
    }

    fn session(&self, hash: TokenHash) -> Pending<'_, Option<Session>> {
        self.timed("session", self.inner.session(hash))
    }

    timed! {
        user(id: &'a UserId) -> Option<User>;
        user_by_handle(handle: &'a str) -> Option<User>;
        room(id: &'a RoomId) -> Option<(Room, u64)>;
        member(room: &'a RoomId, user: &'a UserId) -> Option<Member>;
        message(id: MessageId) -> Option<Message>;
        sent(room: &'a RoomId, sender: &'a UserId, client_msg_id: &'a str) -> Option<Message>;
        messages(room: &'a RoomId, page: Page) -> Vec<Arc<Message>>;
        users(page: UserPage<'a>) -> Vec<User>;
        rooms(page: RoomPage<'a>) -> Vec<Room>;
        members(page: MemberPage<'a>) -> Vec<NamedMember>;
        checkins(page: CheckinPage<'a>) -> Vec<(i64, Checkin)>;
        kept(user: &'a UserId, after: u64, limit: u32) -> Vec<Arc<Message>>;
        memberships(page: SummaryPage<'a>) -> Vec<RoomId>;
        rooms_of(page: SummaryPage<'a>) -> Vec<RoomSummary>;
    }
}
