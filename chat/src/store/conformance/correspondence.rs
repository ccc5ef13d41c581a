//! Memberships of one user, messages that are kept for somebody, and sessions.

use std::sync::Arc;

use super::{at, commit, member, message, room, user};
use crate::auth::{Session, TokenHash};
use crate::ids::{RoomId, UserId};
use crate::model::RoomKind;
use crate::store::{Change, Store, SummaryPage};

/// All rooms of a user are found, and of nobody else.
pub(super) async fn memberships_are_listed_by_user(store: &dyn Store) {
    let changes = [
        user("rita", None),
        room("rita-1", RoomKind::Public),
        room("rita-2", RoomKind::Direct),
        member("rita-1", "rita", 0),
        member("rita-2", "rita", 0),
        member("rita-2", "ben", 0),
    ];
    commit(store, &changes).await;
    let rita = UserId::from("rita");
    for (after, limit, expected) in [
        (None, 9, &["rita-1", "rita-2"][..]),
        (None, 1, &["rita-1"]),
        (Some("rita-1"), 9, &["rita-2"]),
        (Some("rita-2"), 9, &[]),
    ] {
        let user = &rita;
        let page = SummaryPage { user, after, limit };
        let found = store.memberships(page).await.expect("readable");
        let found: Vec<&str> = found.iter().map(RoomId::as_str).collect();
        assert_eq!(found, expected);
    }
}

/// What is kept comes back in its order until it has been handed over.
pub(super) async fn kept_messages_wait_until_they_are_handed_over(store: &dyn Store) {
    let rita = UserId::from("rita");
    let mut changes = vec![];
    for (seq, num) in [(1, 901), (2, 902), (3, 903)] {
        let message = message("rita-2", seq, num);
        changes.push(Change::Message(Arc::new(message)));
        changes.push(Change::Kept(rita.clone(), num));
    }
    commit(store, &changes).await;
    let nums = async |after, limit| -> Vec<u64> {
        let kept = store.kept(&rita, after, limit).await.expect("readable");
        kept.iter().map(|message| message.num).collect()
    };
    assert_eq!(nums(0, 2).await, [901, 902]);
    assert_eq!(nums(901, 2).await, [902, 903]);
    commit(store, &[Change::Collected(rita.clone(), 902)]).await;
    assert_eq!(nums(0, 10).await, [903]);
    let nobody = store.kept(&UserId::from("ben"), 0, 10).await;
    assert_eq!(nobody.as_deref(), Ok(&[][..]));
}

/// A session is there until it is ended or its time is over.
pub(super) async fn sessions_end_by_hand_or_by_themselves(store: &dyn Store) {
    let session = |token: &str, expires_at| Session {
        hash: TokenHash::of(token),
        user: UserId::from("rita"),
        metadata: Some("{}".to_owned()),
        created_at: at(5),
        expires_at: at(expires_at),
    };
    let (short, long) = (session("short", 10), session("long", 20));
    let open = [&short, &long].map(|session| Change::SessionOpened(session.clone()));
    commit(store, &open).await;
    assert_eq!(store.session(short.hash).await, Ok(Some(short.clone())));
    commit(store, &[Change::SessionsExpired(at(10))]).await;
    assert_eq!(store.session(short.hash).await, Ok(None));
    assert_eq!(store.session(long.hash).await, Ok(Some(long.clone())));
    commit(store, &[Change::SessionEnded(long.hash)]).await;
    assert_eq!(store.session(long.hash).await, Ok(None));
}
