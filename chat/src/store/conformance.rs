//! The sentences every store has to fulfil, as one function to be called from a test of the store.
//!
//! Panics with the sentence that is not fulfilled.

mod correspondence;
mod messages;

use std::sync::Arc;

use super::{Change, CheckinPage, Counters, MemberPage, RoomPage, Store, SummaryPage, UserPage};
use crate::ids::{MessageId, RoomId, SocketId, UserId};
use crate::model::{Checkin, Member, Message, MessageKind, Page, Role, Room, RoomKind, User};
use crate::time::Timestamp;

const NEWEST: Page = Page {
    before: None,
    after: None,
    limit: 100,
};

/// Runs the suite on a store that is empty.
pub async fn check(store: &dyn Store) {
    an_empty_store_has_nothing(store).await;
    users_are_found_by_id_and_handle(store).await;
    rooms_and_members_are_listed_by_key(store).await;
    messages::messages_are_paged_by_seq(store).await;
    messages::a_message_is_found_by_what_its_writer_called_it(store).await;
    messages::edits_and_deletions_are_changes(store).await;
    messages::a_failing_commit_leaves_nothing(store).await;
    a_check_in_is_open_once(store).await;
    a_member_sees_the_last_message_and_what_is_unread(store).await;
    messages::messages_come_back_as_they_were(store).await;
    messages::every_key_of_a_message_is_unique(store).await;
    correspondence::memberships_are_listed_by_user(store).await;
    correspondence::kept_messages_wait_until_they_are_handed_over(store).await;
    correspondence::sessions_end_by_hand_or_by_themselves(store).await;
}

async fn commit(store: &dyn Store, changes: &[Change]) {
    store.commit(changes).await.expect("the store takes writes");
}

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn user(id: &str, handle: Option<&str>) -> Change {
    Change::User(Arc::new(User {
        id: UserId::from(id),
        handle: handle.map(str::to_owned),
        name: format!("name of {id}"),
        username: None,
        created_at: at(1),
        last_seen_at: None,
    }))
}

fn room(id: &str, kind: RoomKind) -> Change {
    Change::Room(Arc::new(Room {
        id: RoomId::from(id),
        name: id.to_owned(),
        kind,
        created_at: at(2),
    }))
}

fn member(room: &str, user: &str, read_seq: u64) -> Change {
    let member = Member {
        user: UserId::from(user),
        role: Role::Member,
        joined_at: at(3),
        read_seq,
    };
    Change::Member(RoomId::from(room), member)
}

fn message(room: &str, seq: u64, num: u64) -> Message {
    Message {
        id: MessageId::random(),
        room: RoomId::from(room),
        seq,
        num,
        sender: UserId::from("anna"),
        kind: MessageKind::Text,
        body: format!("message {seq} \u{1f600}"),
        parent: None,
        is_reply: false,
        client_msg_id: None,
        created_at: at(4),
        updated_at: at(4),
        deleted_at: None,
        change: None,
    }
}

async fn seqs(store: &dyn Store, room: &str, page: Page) -> Vec<u64> {
    let found = store
        .messages(&RoomId::from(room), page)
        .await
        .expect("readable");
    found.iter().map(|message| message.seq).collect()
}

async fn an_empty_store_has_nothing(store: &dyn Store) {
    assert_eq!(
        store.counters().await,
        Ok(Counters::default()),
        "numbers begin at 0"
    );
    assert_eq!(store.user(&UserId::from("anna")).await, Ok(None));
    assert_eq!(store.room(&RoomId::from("r")).await, Ok(None));
    assert_eq!(store.message(MessageId::random()).await, Ok(None));
    assert!(seqs(store, "r", NEWEST).await.is_empty());
    commit(store, &[]).await;
}

async fn users_are_found_by_id_and_handle(store: &dyn Store) {
    commit(
        store,
        &[
            user("anna", Some("a")),
            user("ben", None),
            user("cleo", None),
        ],
    )
    .await;
    let anna = store
        .user_by_handle("a")
        .await
        .expect("readable")
        .expect("there");
    assert_eq!(anna.id, UserId::from("anna"));
    assert_eq!(store.user(&anna.id).await, Ok(Some(anna.clone())));
    let renamed = User {
        name: "Anna".into(),
        username: Some("anna_1".into()),
        last_seen_at: Some(at(9)),
        ..anna
    };
    commit(store, &[Change::User(Arc::new(renamed.clone()))]).await;
    assert_eq!(
        store.user(&renamed.id).await,
        Ok(Some(renamed)),
        "a known user is written over"
    );
    let page = store
        .users(UserPage {
            after: Some("anna"),
            limit: 1,
        })
        .await
        .expect("readable");
    assert_eq!(
        page.first().map(|user| user.id.as_str()),
        Some("ben"),
        "the list goes on after its key"
    );
    assert!(
        store
            .commit(&[user("dora", Some("a"))])
            .await
            .is_err_and(|error| error.is_about_a_row())
    );
}

async fn rooms_and_members_are_listed_by_key(store: &dyn Store) {
    let (open, closed) = (
        room("open", RoomKind::Public),
        room("closed", RoomKind::Private),
    );
    commit(
        store,
        &[
            open,
            closed,
            member("closed", "anna", 0),
            member("open", "anna", 0),
            member("open", "ben", 0),
        ],
    )
    .await;
    let (anna, ben) = (UserId::from("anna"), UserId::from("ben"));
    for (who, expected) in [
        (None, vec!["open"]),
        (Some(&ben), vec!["open"]),
        (Some(&anna), vec!["closed", "open"]),
    ] {
        let rooms = store
            .rooms(RoomPage {
                visible_to: who,
                after: None,
                limit: 9,
            })
            .await
            .expect("readable");
        let rooms: Vec<_> = rooms.iter().map(|room| room.id.as_str()).collect();
        assert_eq!(rooms, expected, "private rooms are seen by their members");
    }
    let open = RoomId::from("open");
    let members = store
        .members(MemberPage {
            room: &open,
            after: Some("anna"),
            limit: 9,
        })
        .await
        .expect("readable");
    assert_eq!(members.len(), 1);
    assert_eq!(members[0].user.name, "name of ben");
    commit(store, &[Change::MemberRemoved(open.clone(), ben.clone())]).await;
    assert_eq!(
        store.member(&open, &ben).await,
        Ok(None),
        "a membership that ended is gone"
    );
    assert!(
        store
            .commit(&[room("open", RoomKind::Public)])
            .await
            .is_err(),
        "a room's id is unique"
    );
}

async fn a_check_in_is_open_once(store: &dyn Store) {
    let (open, anna) = (RoomId::from("open"), UserId::from("anna"));
    let opened = |millis| {
        let checkin = Checkin {
            user: anna.clone(),
            socket: SocketId::from("s"),
            checked_in_at: at(millis),
            checked_out_at: None,
        };
        Change::CheckinOpened(open.clone(), checkin)
    };
    let closed = |millis| Change::CheckinClosed(open.clone(), anna.clone(), at(millis));
    commit(
        store,
        &[
            opened(1),
            opened(2),
            closed(3),
            closed(4),
            opened(5),
            Change::CheckinsClosed(at(6)),
            opened(7),
        ],
    )
    .await;
    let page = CheckinPage {
        room: &open,
        before: None,
        limit: 9,
    };
    let found = store.checkins(page).await.expect("readable");
    let times: Vec<_> = found
        .iter()
        .map(|(_, one)| (one.checked_in_at, one.checked_out_at))
        .collect();
    assert_eq!(
        times,
        [(at(7), None), (at(5), Some(at(6))), (at(1), Some(at(3)))],
        "newest first"
    );
    let older = store
        .checkins(CheckinPage {
            before: Some(found[0].0),
            ..page
        })
        .await
        .expect("readable");
    assert_eq!(older, found[1..], "the list goes on before its key");
}

async fn a_member_sees_the_last_message_and_what_is_unread(store: &dyn Store) {
    commit(store, &[member("open", "ben", 290)]).await;
    for (who, unread) in [("ben", 10), ("anna", 0)] {
        let user = UserId::from(who);
        let rooms = store
            .rooms_of(SummaryPage {
                user: &user,
                after: Some("closed"),
                limit: 9,
            })
            .await
            .expect("readable");
        assert_eq!(rooms.len(), 1);
        assert_eq!(
            rooms[0].last_message.as_ref().map(|message| message.seq),
            Some(301)
        );
        assert_eq!(
            rooms[0].unread, unread,
            "one's own and deleted messages are not unread"
        );
    }
    commit(
        store,
        &[member("open", "ben", 300), member("open", "ben", 200)],
    )
    .await;
    let ben = store
        .member(&RoomId::from("open"), &UserId::from("ben"))
        .await
        .expect("readable")
        .expect("there");
    assert_eq!(ben.read_seq, 300, "a read mark only moves forward");
}
