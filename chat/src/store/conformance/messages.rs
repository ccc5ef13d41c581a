//! What a store has to keep about messages.

use std::sync::Arc;

use super::{NEWEST, at, commit, message, seqs};
use crate::ids::{RoomId, UserId};
use crate::model::{Message, MessageKind, Page, RoomKind};
use crate::store::{Change, Counters, Store};

pub(super) async fn messages_are_paged_by_seq(store: &dyn Store) {
    // 300 rows go through every size of a multi-row insert.
    let run: Vec<_> = (1..=300)
        .map(|seq| Change::Message(Arc::new(message("open", seq, seq))))
        .collect();
    commit(store, &run).await;
    assert_eq!(store.counters().await.map(|counters| counters.num), Ok(300));
    let (room, last_seq) = store
        .room(&RoomId::from("open"))
        .await
        .expect("readable")
        .expect("there");
    assert_eq!(
        (room.kind, last_seq),
        (RoomKind::Public, 300),
        "a room knows its last seq"
    );
    let page = |before, after, limit| Page {
        before,
        after,
        limit,
    };
    assert_eq!(
        seqs(store, "open", page(None, None, 2)).await,
        [299, 300],
        "the newest page, oldest first"
    );
    assert_eq!(
        seqs(store, "open", page(Some(299), None, 2)).await,
        [297, 298]
    );
    assert_eq!(seqs(store, "open", page(None, Some(0), 2)).await, [1, 2]);
    assert_eq!(seqs(store, "open", page(Some(4), Some(1), 9)).await, [2, 3]);
    assert_eq!(
        seqs(store, "open", page(None, Some(u64::MAX), 9)).await,
        [0_u64; 0]
    );
    for change in run.iter().step_by(37) {
        let Change::Message(message) = change else {
            continue;
        };
        assert_eq!(
            store.message(message.id).await,
            Ok(Some(Message::clone(message))),
            "a message is read as written"
        );
    }
}

pub(super) async fn a_message_is_found_by_what_its_writer_called_it(store: &dyn Store) {
    let (open, anna) = (RoomId::from("open"), UserId::from("anna"));
    let called = Message {
        client_msg_id: Some("c1".into()),
        is_reply: true,
        ..message("open", 301, 301)
    };
    commit(store, &[Change::Message(Arc::new(called.clone()))]).await;
    assert_eq!(store.sent(&open, &anna, "c1").await, Ok(Some(called)));
    assert_eq!(
        store.sent(&open, &UserId::from("ben"), "c1").await,
        Ok(None),
        "the name is the writer's own"
    );
    assert_eq!(
        store.sent(&RoomId::from("closed"), &anna, "c1").await,
        Ok(None),
        "and the room's"
    );
}

pub(super) async fn edits_and_deletions_are_changes(store: &dyn Store) {
    let before = store
        .messages(&RoomId::from("open"), Page { limit: 1, ..NEWEST })
        .await
        .expect("readable");
    let edited = Message {
        body: "new".into(),
        updated_at: at(8),
        change: Some(1),
        ..Message::clone(&before[0])
    };
    let deleted = Message {
        body: String::new(),
        deleted_at: Some(at(9)),
        change: Some(2),
        ..edited.clone()
    };
    for now in [edited, deleted] {
        commit(store, &[Change::MessageChanged(Arc::new(now.clone()))]).await;
        assert_eq!(store.message(now.id).await, Ok(Some(now)));
    }
    assert_eq!(
        store.counters().await,
        Ok(Counters {
            num: 301,
            change: 2
        })
    );
}

pub(super) async fn a_failing_commit_leaves_nothing(store: &dyn Store) {
    let good = Change::Message(Arc::new(message("open", 302, 302)));
    let bad = Change::Message(Arc::new(message("open", 300, 303)));
    let error = store
        .commit(&[good, bad])
        .await
        .expect_err("seq 300 is taken");
    assert!(error.is_about_a_row(), "{error}");
    assert_eq!(
        seqs(store, "open", Page { limit: 1, ..NEWEST }).await,
        [301],
        "all of it or nothing"
    );
}

/// Whatever people write, and whatever they call things.
pub(super) async fn messages_come_back_as_they_were(store: &dyn Store) {
    let odd = "'; DROP TABLE messages; -- \u{0} \u{1f600} \u{fffd} \r\n\t\\";
    let parent = message(odd, 1, 801);
    let mut changes = vec![super::room(odd, RoomKind::Private)];
    let mut sent = vec![parent.clone()];
    let kinds = [MessageKind::Text, MessageKind::Image, MessageKind::File];
    for (seq, kind) in (2..).zip(kinds) {
        sent.push(Message {
            kind,
            sender: UserId::from(odd),
            body: odd.repeat(500),
            parent: Some(parent.id),
            is_reply: true,
            client_msg_id: Some(format!("{odd}{seq}")),
            ..message(odd, seq, 800 + seq)
        });
    }
    // Between them, those of another room: each is found in its own.
    for (index, message_of_odd) in sent.iter().enumerate() {
        let index = index as u64;
        let other = message("other", index + 1, 810 + index);
        changes.push(Change::Message(Arc::new(message_of_odd.clone())));
        changes.push(Change::Message(Arc::new(other)));
    }
    commit(store, &changes).await;
    let found = store.messages(&RoomId::from(odd), NEWEST).await;
    let found = found.expect("readable");
    assert!(
        found.iter().map(|message| &**message).eq(&sent),
        "a page shows messages as they were written, and no other room's"
    );
    for message in sent {
        let Some(name) = &message.client_msg_id else {
            continue;
        };
        let again = store.sent(&message.room, &message.sender, name).await;
        assert_eq!(again, Ok(Some(message.clone())));
    }
}

/// Every key of a message belongs to one message, and whoever breaks that is at fault alone.
pub(super) async fn every_key_of_a_message_is_unique(store: &dyn Store) {
    let first = Message {
        client_msg_id: Some("key".into()),
        ..message("keys", 1, 821)
    };
    commit(store, &[Change::Message(Arc::new(first.clone()))]).await;
    let next = message("keys", 2, 822);
    let copies = [
        Message {
            seq: 1,
            ..next.clone()
        },
        Message {
            num: 821,
            ..next.clone()
        },
        Message {
            id: first.id,
            ..next.clone()
        },
        Message {
            client_msg_id: first.client_msg_id.clone(),
            ..next.clone()
        },
    ];
    for copy in copies {
        let error = store.commit(&[Change::Message(Arc::new(copy))]).await;
        assert!(
            error.is_err_and(|error| error.is_about_a_row()),
            "a key is taken once"
        );
    }
    let namesakes = [
        Message {
            sender: UserId::from("ben"),
            client_msg_id: first.client_msg_id.clone(),
            ..next
        },
        Message {
            client_msg_id: first.client_msg_id,
            ..message("keys-2", 1, 823)
        },
    ];
    let namesakes = namesakes.map(|message| Change::Message(Arc::new(message)));
    commit(store, &namesakes).await;
}
