//! Who is in thousands of rooms is read in several turns, and others are answered in between.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::super::surroundings::{MOST_PIECES, Turn};
use super::alone::Alone;
use crate::command::{Action, Command, Connect, Reply, Speaker};
use crate::config::{AuthPolicy, Config};
use crate::ids::{RoomId, SocketId, UserId};
use crate::model::{Member, Role, Room, RoomKind};
use crate::store::{Change, Store};
use crate::testing::{Stage, TONGUE};
use crate::time::Timestamp;

const ROOMS: usize = 900;

/// The rows of who fades in a turn, and the rest of its last room.
const PIECE: usize = 512 + 3;

/// The rows of a turn, and the rest of its last room.
const TURN: usize = 8 * 512 + 3;

pub(super) async fn stage() -> Stage {
    Stage::new(Config {
        auth: AuthPolicy::Required,
        ..Config::default()
    })
    .await
}

/// Somebody who shares each of so many rooms with two others.
pub(super) async fn popular(stage: &Stage, name: &str, rooms: usize) -> Speaker {
    let speaker = stage.known(name).await;
    let mut changes = Vec::new();
    for number in 0..rooms {
        let id = RoomId::from(format!("{name} {number}"));
        changes.push(Change::Room(Arc::new(Room {
            id: id.clone(),
            name: String::from("room"),
            kind: RoomKind::Public,
            created_at: Timestamp::now(),
        })));
        for user in [name, "anna", "ben"] {
            let member = Member {
                user: UserId::from(user),
                role: Role::Member,
                joined_at: Timestamp::now(),
                read_seq: 0,
            };
            changes.push(Change::Member(id.clone(), member));
        }
    }
    stage.known("anna").await;
    stage.known("ben").await;
    stage.store.commit(&changes).await.expect("writable");
    stage.heard();
    speaker
}

/// The memberships that were read since the last time.
pub(super) fn read(stage: &Stage) -> usize {
    stage.store.memberships.swap(0, Ordering::Relaxed)
}

pub(super) fn connect() -> Action {
    Action::Connect(Connect {
        socket: SocketId::from("s"),
        auto_join: Some(TONGUE),
        session: None,
        collects: false,
    })
}

#[tokio::test]
async fn no_turn_reads_more_than_its_share_of_what_is_around_somebody() {
    let stage = stage().await;
    let cleo = popular(&stage, "cleo", ROOMS).await;
    let mut alone = Alone::new(&stage);
    let mut pieces = Vec::new();
    read(&stage);
    while let Reply::Approached { is_near: false } = alone.act(&cleo, Action::Approach).await {
        pieces.push(read(&stage));
    }
    pieces.push(read(&stage));
    assert_eq!(pieces.len(), 2, "{pieces:?}");
    assert_eq!(pieces.iter().sum::<usize>(), ROOMS * 4, "everything once");
    alone.act(&cleo, connect()).await;
    assert_eq!(read(&stage), 0, "nothing is left for the coming itself");
    let heard = stage.heard();
    let subscribed = heard.iter().filter(|word| *word == "+s").count();
    assert_eq!((subscribed, &*heard[0]), (ROOMS, "cleo online"));
}

/// Cleo, who has many rooms, has just left.
async fn come_and_gone(stage: &Stage) -> (Alone<'_>, Speaker) {
    let cleo = popular(stage, "cleo", ROOMS).await;
    let mut alone = Alone::new(stage);
    alone.act(&cleo, connect()).await;
    let gone = Action::Disconnect(SocketId::from("s"));
    alone.act(&cleo, gone).await;
    (alone, cleo)
}

#[tokio::test]
async fn somebody_who_is_forgotten_is_read_in_pieces_before_they_count_as_gone() {
    let stage = stage().await;
    let (mut alone, cleo) = come_and_gone(&stage).await;
    alone.state.forget();
    alone.pass(stage.chat.config().grace);
    stage.heard();
    read(&stage);
    let mut turns = 0;
    while alone.state.next_due().is_some() {
        assert!(stage.heard().is_empty(), "not yet");
        alone.act(&cleo, Action::Elapse).await;
        assert!(read(&stage) <= PIECE);
        turns += 1;
    }
    assert_eq!(stage.heard(), ["cleo offline"]);
    assert!(turns > ROOMS * 4 / PIECE, "{turns}");
}

#[tokio::test]
async fn who_is_too_much_to_be_kept_counts_as_gone_after_many_turns() {
    let stage = stage().await;
    let (mut alone, cleo) = come_and_gone(&stage).await;
    alone.pass(stage.chat.config().grace);
    // As if it had been tried for long.
    alone.state.stalled = MOST_PIECES - 3;
    for _ in 0..3 {
        assert!(alone.state.next_due().is_some(), "not yet");
        alone.state.forget();
        alone.act(&cleo, Action::Elapse).await;
    }
    assert_eq!(alone.state.next_due(), None);
}

#[tokio::test]
async fn many_who_come_at_once_share_what_a_turn_may_read() {
    let stage = stage().await;
    let mut coming = Vec::new();
    for number in 0..9 {
        coming.push(popular(&stage, &format!("cleo {number}"), 130).await);
    }
    let mut alone = Alone::new(&stage);
    let mut turn = Turn::new(alone.moment.instant);
    read(&stage);
    for by in coming {
        let action = Action::Approach;
        let command = Command { by, action };
        let loaded = alone.state.load(&command, &mut turn, &*stage.store);
        loaded.await.expect("readable");
    }
    let rows = read(&stage);
    assert!((TURN / 2..=TURN).contains(&rows), "{rows}");
}

#[tokio::test]
async fn others_are_answered_while_somebody_comes_near() {
    let stage = stage().await;
    let cleo = popular(&stage, "cleo", ROOMS * 2).await;
    let (anna, room) = (stage.known("anna").await, RoomId::from("cleo 0"));
    let answered = std::cell::Cell::new(0);
    let coming = async {
        let mut before = Vec::new();
        loop {
            before.push(answered.get());
            let reply = stage.chat.act(&cleo, Action::Approach).await;
            if let Ok(Reply::Approached { is_near: true }) = reply {
                return before;
            }
        }
    };
    let asking = async {
        loop {
            let action = Action::ListPresent(room.clone());
            stage.chat.act(&anna, action).await.expect("a member");
            answered.set(answered.get() + 1);
        }
    };
    let before = tokio::select! {
        before = coming => before,
        () = asking => unreachable!("it goes on"),
    };
    let others = before.last().expect("several turns");
    // One answer comes with each of hers, and is counted when she has asked again.
    assert!(before.len() > 2 && others + 2 >= before.len(), "{before:?}");
}
