//! Many come at once, more than is kept at once: everybody comes in, and no turn takes long.

use std::collections::VecDeque;

use super::super::surroundings::Turn;
use super::alone::Alone;
use super::surroundings::{connect, popular, read, stage};
use crate::command::{Action, Command, Reply};
use crate::testing::known;

/// Half a turn reads as much.
const ROOMS: usize = 450;

#[tokio::test]
async fn everybody_comes_near_when_many_come_at_once() {
    let stage = stage().await;
    let mut coming = VecDeque::new();
    for number in 0..24 {
        coming.push_back(popular(&stage, &format!("cleo {number}"), 130).await);
    }
    let mut alone = Alone::new(&stage);
    // Nine of them.
    alone.state.cache.most.rows = 1_600_000;
    let mut turns = 0;
    while !coming.is_empty() {
        let mut turn = Turn::new(alone.moment.instant);
        let went_on = alone.state.go_on(&mut turn, &*stage.store);
        went_on.await.expect("readable");
        let batch: Vec<_> = coming.drain(..coming.len().min(8)).collect();
        for by in &batch {
            let (by, action) = (by.clone(), Action::Approach);
            let command = Command { by, action };
            let loaded = alone.state.load(&command, &mut turn, &*stage.store);
            loaded.await.expect("readable");
        }
        let cache = &alone.state.cache;
        let far = batch
            .into_iter()
            .filter(|by| !cache.knows_around(&by.identity.user));
        coming.extend(far);
        alone.state.settle();
        turns += 1;
        assert!(turns < 30, "{} are not near", coming.len());
    }
}

#[tokio::test]
async fn who_has_been_begun_with_goes_on_while_others_are_asked() {
    let stage = stage().await;
    let cleo = popular(&stage, "cleo", ROOMS * 2).await;
    let mut alone = Alone::new(&stage);
    let reply = alone.act(&cleo, Action::Approach).await;
    assert!(matches!(reply, Reply::Approached { is_near: false }));
    let reply = alone.act(&known("dora"), Action::Approach).await;
    assert!(
        matches!(reply, Reply::Approached { is_near: true }),
        "there is something left for who has little"
    );
    assert!(alone.state.cache.knows_around(&cleo.identity.user));
}

#[tokio::test]
async fn who_has_no_rooms_comes_near_also_at_the_end_of_a_turn() {
    let stage = stage().await;
    let cleo = popular(&stage, "cleo", ROOMS * 2).await;
    let mut alone = Alone::new(&stage);
    let mut turn = Turn::new(alone.moment.instant);
    let dora = known("dora");
    for by in [&cleo, &dora] {
        let (by, action) = (by.clone(), Action::Approach);
        let command = Command { by, action };
        let loaded = alone.state.load(&command, &mut turn, &*stage.store);
        loaded.await.expect("readable");
    }
    assert!(!alone.state.cache.knows_around(&cleo.identity.user));
    assert!(alone.state.cache.knows_around(&dora.identity.user));
}

#[tokio::test]
async fn who_comes_before_all_is_read_hears_their_rooms_and_holds_nobody_up() {
    let stage = stage().await;
    let by = popular(&stage, "cleo", ROOMS).await;
    let mut alone = Alone::new(&stage);
    let mut turn = Turn::new(alone.moment.instant);
    turn.late = 512;
    read(&stage);
    let action = connect();
    let command = Command { by, action };
    let loaded = alone.state.load(&command, &mut turn, &*stage.store);
    loaded.await.expect("readable");
    let rows = read(&stage);
    assert!(rows <= ROOMS + 512, "{rows}");
    alone.apply(&command).await;
    let heard = stage.heard();
    let subscribed = heard.iter().filter(|word| *word == "+s").count();
    assert_eq!((subscribed, &*heard[0]), (ROOMS, "cleo online"));
}
