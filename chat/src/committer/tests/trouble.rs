use std::sync::Arc;

use crate::chat::Chat;
use crate::command::{Action, Post, Speaker};
use crate::config::{AuthPolicy, Config};
use crate::failure::Failure;
use crate::ids::{RoomId, SocketId, UserId};
use crate::model::{Page, RoomKind};
use crate::reads::ReadPage;
use crate::store::{Store, StoreError};
use crate::testing::{BAD_ROW, Flaky, Stage};
use crate::time::Timestamp;

const ALL: Page = Page {
    before: None,
    after: Some(0),
    limit: 100,
};

async fn stage() -> (Stage, Speaker, RoomId) {
    let config = Config {
        auth: AuthPolicy::Required,
        rate_limit: None,
        ..Config::default()
    };
    let stage = Stage::new(config).await;
    let anna = stage.known("anna").await;
    let room = stage.room(&anna, "r", RoomKind::Public).await;
    stage.join(&anna, &room, "a").await.expect("public");
    stage.post(&anna, &room, "before").await.expect("a member");
    stage.heard();
    (stage, anna, room)
}

fn full() -> Option<StoreError> {
    Some(StoreError::Unavailable("disk full".into()))
}

#[tokio::test]
async fn a_store_that_takes_no_writes_is_an_error_to_who_writes_and_to_nobody_else() {
    let (stage, anna, room) = stage().await;
    stage.store.fail(full());
    assert_eq!(
        stage.post(&anna, &room, "lost").await.err(),
        Some(Failure::Unavailable)
    );
    assert_eq!(
        stage
            .chat
            .act(&anna, Action::OpenDirect(UserId::from("anna")))
            .await
            .err(),
        Some(Failure::Unavailable)
    );
    assert!(stage.heard().is_empty(), "nobody hears what is not stored");
    let read = stage
        .chat
        .messages(&anna, &room, ALL)
        .await
        .expect("reading goes on");
    assert_eq!(read.items.len(), 1);
    stage
        .chat
        .act(&anna, Action::Appear)
        .await
        .expect("who is known may still come in");
    assert!(
        stage.join(&anna, &room, "a").await.is_ok(),
        "what needs no write goes on"
    );
    stage.store.fail(None);
    let posted = stage
        .post(&anna, &room, "after")
        .await
        .expect("the disk has room again");
    assert_eq!(posted.message.seq, 2, "no gap");
    assert_eq!(stage.heard(), ["posted 2 after"]);
}

#[tokio::test]
async fn a_socket_that_is_gone_is_gone_also_when_nothing_can_be_written() {
    let (stage, anna, room) = stage().await;
    let ben = stage.known("ben").await;
    stage.join(&ben, &room, "b").await.expect("public");
    stage.heard();
    stage.store.fail(full());
    let (_, posted) = tokio::join!(
        stage
            .chat
            .act(&ben, Action::Disconnect(SocketId::from("b"))),
        stage.post(&anna, &room, "lost"),
    );
    assert_eq!(posted.err(), Some(Failure::Unavailable));
    assert_eq!(stage.heard(), ["-b", "exited ben"]);
    stage.store.fail(None);
    stage
        .chat
        .act(&ben, Action::Disconnect(SocketId::from("b")))
        .await
        .expect("always");
    assert!(stage.heard().is_empty(), "once");
}

#[tokio::test]
async fn a_bad_row_fails_alone_and_leaves_no_gap() {
    let (stage, anna, room) = stage().await;
    let texts = ["two", BAD_ROW, "three", "four", BAD_ROW, "five"];
    let posts = texts.map(|text| {
        let (chat, anna, post) = (
            stage.chat.clone(),
            anna.clone(),
            Post::text(room.clone(), text),
        );
        async move { chat.act(&anna, Action::Post(post)).await }
    });
    let [one, bad, three, four, worse, five] = posts;
    let answers = tokio::join!(one, bad, three, four, worse, five);
    assert_eq!(answers.1.err(), Some(Failure::Unavailable));
    assert_eq!(answers.4.err(), Some(Failure::Unavailable));
    assert!(
        [answers.0, answers.2, answers.3, answers.5]
            .iter()
            .all(Result::is_ok)
    );
    assert_eq!(
        stage.heard(),
        [
            "posted 2 two",
            "posted 3 three",
            "posted 4 four",
            "posted 5 five"
        ]
    );
    let read = stage
        .chat
        .messages(&anna, &room, ALL)
        .await
        .expect("readable")
        .items;
    let seqs: Vec<_> = read
        .iter()
        .map(|message| (message.seq, message.num))
        .collect();
    assert_eq!(seqs, [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5)]);
}

#[tokio::test]
async fn who_was_there_when_the_process_stopped_has_left_when_it_starts_again() {
    let (stage, anna, room) = stage().await;
    let before = Timestamp::now();
    stage.join(&anna, &room, "a").await.expect("public");
    let store: Arc<dyn Store> = Arc::<Flaky>::clone(&stage.store);
    let again = Chat::start(Config::default(), store, Arc::new(())).await;
    let again = again.expect("starts");
    let checkins = again.checkins(&anna, &room, ReadPage::default()).await;
    let checkins = checkins.expect("public").items;
    let left: Vec<_> = checkins
        .iter()
        .map(|checkin| checkin.checked_out_at)
        .collect();
    assert!(!left.is_empty());
    for at in left {
        assert!(at.is_some_and(|at| at >= before && at <= Timestamp::now()));
    }
}

#[tokio::test]
async fn closing_finishes_what_is_queued_and_refuses_what_comes_after() {
    let (stage, anna, room) = stage().await;
    let chat = stage.chat.clone();
    let posts = (0..100).map(|number| {
        let (chat, by, post) = (
            stage.chat.clone(),
            anna.clone(),
            Post::text(room.clone(), format!("{number}")),
        );
        tokio::spawn(async move { chat.act(&by, Action::Post(post)).await.is_ok() })
    });
    let posts: Vec<_> = posts.collect();
    tokio::task::yield_now().await;
    chat.close().await;
    let announced = stage.heard().len();
    let mut acknowledged = 0;
    for post in posts {
        acknowledged += usize::from(post.await.expect("no panic"));
    }
    assert_eq!(
        acknowledged, announced,
        "what was acknowledged was announced, and the other way round"
    );
    assert_eq!(
        stage.post(&anna, &room, "late").await.err(),
        Some(Failure::Unavailable)
    );
    chat.close().await;
}
