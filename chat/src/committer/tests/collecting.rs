//! What was kept for somebody comes in its order, before what is written later, and is kept until it has been received.

use super::direct::to_ben;
use super::membership::required;
use crate::auth::TokenHash;
use crate::command::{Action, Collect, Command, Connect, Reply, Speaker};
use crate::config::Config;
use crate::failure::Failure;
use crate::ids::{SocketId, UserId};
use crate::store::{Store, StoreError};
use crate::testing::{Stage, Told};

/// Ben is away.
async fn stage() -> (Stage, Speaker, Speaker) {
    let config = Config {
        rate_limit: None,
        ..required()
    };
    let stage = Stage::new(config).await;
    let (anna, ben) = (stage.known("anna").await, stage.known("ben").await);
    (stage, anna, ben)
}

/// The same, and so many messages are kept for him: m0, m1 ...
async fn kept(count: usize) -> (Stage, Speaker, Speaker) {
    let (stage, anna, ben) = stage().await;
    for number in 0..count {
        assert!(!write(&stage, &anna, &format!("m{number}")).await);
    }
    stage.heard();
    (stage, anna, ben)
}

/// Writes to Ben; whether it was delivered.
async fn write(stage: &Stage, by: &Speaker, text: &str) -> bool {
    match stage.chat.act(by, to_ben(text)).await {
        Ok(Reply::Posted(posted)) => posted.is_delivered,
        other => panic!("no message: {other:?}"),
    }
}

fn come(socket: &str) -> Action {
    Action::Connect(Connect {
        socket: SocketId::from(socket),
        auto_join: None,
        session: None,
        collects: true,
    })
}

fn collect(socket: &str, received: Option<u64>) -> Action {
    Action::Collect(Collect {
        socket: SocketId::from(socket),
        received,
    })
}

/// What is on its way to a socket, up to which number.
async fn asks(stage: &Stage, by: &Speaker, action: Action) -> Option<u64> {
    match stage.chat.act(by, action).await {
        Ok(Reply::Collected { last }) => last,
        other => panic!("nothing refuses this: {other:?}"),
    }
}

/// Takes all that there is.
async fn takes_all(stage: &Stage, by: &Speaker, socket: &str, mut last: Option<u64>) {
    while last.is_some() {
        last = asks(stage, by, collect(socket, last)).await;
    }
}

async fn rows(stage: &Stage) -> usize {
    let kept = stage.store.kept(&UserId::from("ben"), 0, 1000).await;
    kept.expect("readable").len()
}

/// The texts that a socket was told, in their order; a publication is for all sockets.
fn texts(heard: &[String], socket: &str) -> Vec<String> {
    let to = format!("{socket} < posted ");
    let told = heard
        .iter()
        .filter_map(|word| word.strip_prefix(&*to).or(word.strip_prefix("posted ")));
    told.filter_map(|word| Some(word.split_once(' ')?.1.to_owned()))
        .collect()
}

/// What single sockets were told.
fn letters(stage: &Stage) -> Vec<String> {
    let heard = stage.heard().into_iter();
    heard.filter(|word| word.contains(" < ")).collect()
}

fn numbered(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("m{number}")).collect()
}

#[tokio::test]
async fn more_than_a_handful_is_handed_over_whole_also_when_one_more_comes_with_the_asking() {
    let (stage, anna, ben) = kept(150).await;
    // One batch: the message is kept behind more than what is read.
    for (by, action) in [(&anna, to_ben("m150")), (&ben, come("b"))] {
        let by = by.clone();
        let command = Command { by, action };
        stage.chat.enqueue(command, Box::new(|_| {})).await;
    }
    let last = asks(&stage, &ben, collect("b", Some(100))).await;
    takes_all(&stage, &ben, "b", last).await;
    let heard = stage.heard();
    let to_him: Vec<String> = heard
        .into_iter()
        .filter(|word| word.starts_with("b < "))
        .collect();
    assert_eq!(texts(&to_him, "b"), numbered(151));
    assert_eq!(rows(&stage).await, 0);
}

#[tokio::test]
async fn what_is_written_meanwhile_waits_behind_what_was_kept() {
    let (stage, anna, ben) = kept(150).await;
    let last = asks(&stage, &ben, come("b")).await;
    assert!(!write(&stage, &anna, "m150").await, "not yet");
    let personal = |told: &Told| match told {
        Told::Publish(publication) => publication.personal.len(),
        _ => 0,
    };
    let told = stage.told.take();
    assert_eq!(told.iter().map(personal).sum::<usize>(), 0, "nor to Ben");
    let last = asks(&stage, &ben, collect("b", last)).await;
    assert_eq!(
        texts(&stage.heard(), "b"),
        (100..151)
            .map(|number| format!("m{number}"))
            .collect::<Vec<_>>()
    );
    assert!(write(&stage, &anna, "now").await);
    assert_eq!(texts(&stage.heard(), "b"), ["now"]);
    assert_eq!(asks(&stage, &ben, collect("b", last)).await, None);
    assert_eq!(rows(&stage).await, 0);
}

#[tokio::test]
async fn it_is_kept_until_it_has_been_received_and_only_then_its_writer_hears_of_it() {
    let (stage, anna, ben) = kept(2).await;
    let by_anna = Action::Connect(Connect {
        socket: SocketId::from("a"),
        auto_join: None,
        session: None,
        collects: false,
    });
    stage.chat.act(&anna, by_anna).await.expect("known");
    stage.heard();
    // The first is gone before it has taken anything.
    assert!(asks(&stage, &ben, come("b1")).await.is_some());
    let gone = Action::Disconnect(SocketId::from("b1"));
    stage.chat.act(&ben, gone).await.expect("true");
    let late = asks(&stage, &ben, collect("b1", Some(2))).await;
    assert_eq!((late, rows(&stage).await), (None, 2));
    let to = |socket: &str| [1, 2].map(|seq| format!("{socket} < posted {seq} m{}", seq - 1));
    assert_eq!(letters(&stage), to("b1"));
    let last = asks(&stage, &ben, come("b2")).await;
    assert_eq!((letters(&stage), rows(&stage).await), (to("b2").into(), 2));
    assert_eq!(asks(&stage, &ben, collect("b2", last)).await, None);
    assert_eq!(letters(&stage), ["a < delivered m0", "a < delivered m1"]);
    assert_eq!(rows(&stage).await, 0);
    assert_eq!(asks(&stage, &ben, come("b3")).await, None);
    assert_eq!(texts(&stage.heard(), "b3"), [""; 0]);
}

#[tokio::test]
async fn two_sockets_that_come_together_both_hear_all_and_the_writer_hears_of_it_once() {
    let (stage, anna, ben) = kept(150).await;
    let first = asks(&stage, &ben, come("b1")).await;
    let second = asks(&stage, &ben, come("b2")).await;
    takes_all(&stage, &ben, "b1", first).await;
    assert!(rows(&stage).await > 0, "the other one still waits");
    assert!(write(&stage, &anna, "m150").await, "to the first at once");
    takes_all(&stage, &ben, "b2", second).await;
    let heard = stage.heard();
    let to_both = |socket: &str| {
        let to = format!("{socket} < ");
        let own = heard.iter().filter(|word| word.starts_with(&to));
        texts(&own.cloned().collect::<Vec<_>>(), socket)
    };
    assert_eq!(
        (to_both("b1"), to_both("b2")),
        (numbered(150), numbered(151))
    );
    assert_eq!(rows(&stage).await, 0);
}

#[tokio::test]
async fn who_lags_behind_another_socket_and_goes_leaves_nothing_to_be_said_again() {
    let (stage, _, ben) = kept(150).await;
    let first = asks(&stage, &ben, come("b1")).await;
    asks(&stage, &ben, come("b2")).await;
    takes_all(&stage, &ben, "b1", first).await;
    let gone = Action::Disconnect(SocketId::from("b2"));
    stage.chat.act(&ben, gone).await.expect("true");
    assert_eq!(rows(&stage).await, 0);
}

#[tokio::test]
async fn what_is_handed_over_at_once_is_no_heavier_than_a_client_can_take() {
    let (stage, anna, ben) = stage().await;
    let heavy = "\u{1}".repeat(16 * 1024);
    for _ in 0..5 {
        write(&stage, &anna, &heavy).await;
    }
    stage.heard();
    let last = asks(&stage, &ben, come("b")).await;
    assert_eq!(texts(&stage.heard(), "b").len(), 3);
    asks(&stage, &ben, collect("b", last)).await;
    assert_eq!(texts(&stage.heard(), "b").len(), 2);
}

#[tokio::test]
async fn what_was_deleted_meanwhile_is_not_handed_over() {
    let (stage, anna, ben) = kept(1).await;
    let Ok(Reply::Posted(posted)) = stage.chat.act(&anna, to_ben("secret")).await else {
        panic!("a message")
    };
    let delete = Action::Delete(posted.message.id);
    stage.chat.act(&anna, delete).await.expect("hers");
    stage.heard();
    let last = asks(&stage, &ben, come("b")).await;
    assert_eq!(texts(&stage.heard(), "b"), ["m0"]);
    takes_all(&stage, &ben, "b", last).await;
    assert_eq!(rows(&stage).await, 0);
}

#[tokio::test]
async fn what_cannot_be_noted_as_received_stays_and_is_noted_later() {
    let (stage, _, ben) = kept(2).await;
    let last = asks(&stage, &ben, come("b")).await;
    let full = StoreError::Unavailable("full".into());
    stage.store.fail(Some(full));
    let refused = stage.chat.act(&ben, collect("b", last)).await;
    assert_eq!(refused.err(), Some(Failure::Unavailable));
    stage.store.fail(None);
    assert_eq!(rows(&stage).await, 2);
    takes_all(&stage, &ben, "b", last).await;
    assert_eq!(rows(&stage).await, 0);
}

#[tokio::test]
async fn what_is_written_to_who_gave_their_session_back_is_kept() {
    let (stage, anna, ben) = stage().await;
    let session = TokenHash::of("ben's");
    let come = Action::Connect(Connect {
        socket: SocketId::from("b"),
        auto_join: None,
        session: Some(session),
        collects: true,
    });
    assert_eq!(asks(&stage, &ben, come).await, None);
    assert!(write(&stage, &anna, "one").await);
    let end = Action::EndSession(session);
    stage.chat.act(&ben, end).await.expect("his");
    // Its end has not been noticed yet.
    assert!(!write(&stage, &anna, "two").await);
    assert_eq!(rows(&stage).await, 1);
}
