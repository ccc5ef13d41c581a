//! What is kept in memory has a bound in bytes, and what is forgotten is read again.

use std::sync::Arc;

use super::super::cache::Cache;
use super::super::footprint;
use super::alone::Alone;
use crate::auth::Identity;
use crate::command::{Action, Edit, NewRoom, Post, Reply, Speaker};
use crate::config::{AuthPolicy, Config};
use crate::ids::{RoomId, UserId};
use crate::model::RoomKind;
use crate::testing::{Stage, join, known};

const HISTORY: usize = 4;

async fn stage() -> (Stage, Speaker) {
    let stage = Stage::new(Config {
        auth: AuthPolicy::Required,
        rate_limit: None,
        history: HISTORY,
        ..Config::default()
    })
    .await;
    let anna = stage.known("anna").await;
    (stage, anna)
}

/// The messages that are kept, counted anew.
fn recent(cache: &Cache) -> usize {
    let rooms = cache.rooms.values().flatten();
    let tails = rooms.flat_map(|room| room.tail.iter().flatten());
    tails.map(|message| footprint::message(message)).sum()
}

/// All else that is kept, counted anew.
fn rows(cache: &Cache) -> usize {
    let members = |id: &UserId| footprint::membership(id.as_str());
    let users = cache.users.iter();
    let users = users.map(|(id, user)| footprint::user(id, user.as_deref()));
    let rooms = cache.rooms.iter().map(|(id, found)| {
        let everybody = found.iter().flat_map(|found| found.members.keys());
        let room = found.as_ref().map(|found| &*found.room);
        footprint::room(id, room) + everybody.map(members).sum::<usize>()
    });
    let theirs = cache.rooms_of.values().flat_map(|theirs| &theirs.rooms);
    let theirs = theirs.map(|room| footprint::membership(room.as_str()));
    users.chain(rooms).chain(theirs).sum()
}

async fn post(alone: &mut Alone<'_>, by: &Speaker, room: &RoomId, text: String) -> Reply {
    let post = Post::text(room.clone(), text);
    alone.act(by, Action::Post(post)).await
}

async fn history(alone: &mut Alone<'_>, by: &Speaker, room: &RoomId) -> Vec<u64> {
    let Reply::Joined(joined) = alone.act(by, Action::Join(join(room, "a"))).await else {
        panic!("a public room")
    };
    joined.history.iter().map(|message| message.seq).collect()
}

#[tokio::test]
async fn what_is_kept_of_a_room_is_counted_in_bytes() {
    let (stage, anna) = stage().await;
    let room = stage.room(&anna, "r", RoomKind::Public).await;
    let mut alone = Alone::new(&stage);
    history(&mut alone, &anna, &room).await;
    let mut last = None;
    for length in [1, 1000, 10, 2000, 3, 16_000, 1, 1, 1, 1] {
        if let Reply::Posted(posted) = post(&mut alone, &anna, &room, "x".repeat(length)).await {
            last = Some(posted.message.id);
        }
        assert_eq!(alone.state.cache.recent, recent(&alone.state.cache));
    }
    assert!(alone.state.cache.recent < 4 * 1000, "four short ones");
    let (message, text) = (last.expect("posted"), "y".repeat(5000));
    alone.act(&anna, Action::Edit(Edit { message, text })).await;
    assert_eq!(alone.state.cache.recent, recent(&alone.state.cache));
    assert!(alone.state.cache.recent > 5000);
    alone.act(&anna, Action::Delete(message)).await;
    assert_eq!(alone.state.cache.recent, recent(&alone.state.cache));
    alone.state.forget();
    history(&mut alone, &anna, &room).await;
    assert_eq!(alone.state.cache.recent, recent(&alone.state.cache));
}

#[tokio::test]
async fn histories_over_the_bound_are_read_again_for_who_joins() {
    let (stage, anna) = stage().await;
    let mut rooms = Vec::new();
    for number in 0..10 {
        let id = format!("r{number}");
        rooms.push(stage.room(&anna, &id, RoomKind::Public).await);
    }
    let mut alone = Alone::new(&stage);
    // Of the forty that there could be.
    let most = 7_000;
    alone.state.cache.most.messages = most;
    for round in 1..=6_u64 {
        for room in &rooms {
            post(&mut alone, &anna, room, "x".repeat(1000)).await;
            let seqs = history(&mut alone, &anna, room).await;
            let first = round.saturating_sub(3).max(1);
            assert_eq!(seqs, (first..=round).collect::<Vec<_>>(), "{room}");
            let cache = &alone.state.cache;
            assert!(cache.recent <= most && cache.recent == recent(cache));
        }
    }
    assert!(alone.state.cache.rooms.len() >= 10, "only the messages go");
}

#[tokio::test]
async fn a_row_that_is_there_already_is_not_counted_again() {
    let (stage, anna) = stage().await;
    let room = stage.room(&anna, "r", RoomKind::Public).await;
    let mut alone = Alone::new(&stage);
    let made = NewRoom {
        id: Some(RoomId::from("made")),
        name: String::from("made"),
        kind: RoomKind::Public,
    };
    // Her membership is there before everybody's is read, and before her rooms are.
    history(&mut alone, &anna, &room).await;
    for action in [Action::CreateRoom(made), Action::Approach] {
        alone.act(&anna, action).await;
        let cache = &alone.state.cache;
        assert_eq!(cache.rows, rows(cache));
    }
    for name in ["Dora", "Dorothea"] {
        let identity = Identity::known(UserId::from("dora"), name);
        let dora = Speaker::new(Arc::new(identity));
        alone.act(&dora, Action::Approach).await;
        let cache = &alone.state.cache;
        assert_eq!(cache.rows, rows(cache));
    }
}

#[tokio::test]
async fn rows_over_the_bound_are_forgotten_whoever_makes_them() {
    let (stage, anna) = stage().await;
    let room = stage.room(&anna, "r", RoomKind::Public).await;
    let mut alone = Alone::new(&stage);
    alone.state.cache.most.rows = 20_000;
    for number in 0..200 {
        // Ids of 250 bytes: a dozen of these rows are as much as thirty short ones.
        let somebody = known(&format!("{number:0>250}"));
        alone.act(&somebody, Action::Appear).await;
        history(&mut alone, &somebody, &room).await;
        let cache = &alone.state.cache;
        assert!(cache.rows <= 20_000, "{}", cache.rows);
        assert!(cache.users.len() < 25, "{}", cache.users.len());
    }
}
