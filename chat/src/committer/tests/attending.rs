//! Who is online, who hears rooms without joining them, and bursts of comings and goings.

use std::time::Duration;

use super::alone::Alone;
use crate::command::{Action, Command, Connect, Join, Membership, Reply, Speaker};
use crate::config::{AuthPolicy, Config};
use crate::ids::{RoomId, SocketId, UserId};
use crate::model::RoomKind;
use crate::store::StoreError;
use crate::testing::{Stage, TONGUE, guest, join, known};

/// Longer than any test.
const GRACE: Duration = Duration::from_secs(3600);

async fn stage_with(grace: Duration) -> Stage {
    Stage::new(Config {
        auth: AuthPolicy::Required,
        grace,
        rate_limit: None,
        ..Config::default()
    })
    .await
}

fn connect(socket: &str, listens: bool) -> Action {
    Action::Connect(Connect {
        socket: SocketId::from(socket),
        auto_join: listens.then_some(TONGUE),
        session: None,
        collects: false,
    })
}

fn gone(socket: &str) -> Action {
    Action::Disconnect(SocketId::from(socket))
}

async fn act(stage: &Stage, by: &Speaker, action: Action) {
    stage.chat.act(by, action).await.expect("carried out");
}

/// Anna and Ben share a private room; nobody is there yet.
async fn friends(stage: &Stage) -> (Speaker, Speaker, RoomId) {
    let (anna, ben) = (stage.known("anna").await, stage.known("ben").await);
    let room = stage.room(&anna, "r", RoomKind::Private).await;
    let membership = Membership {
        room: room.clone(),
        user: UserId::from("ben"),
    };
    act(stage, &anna, Action::AddMember(membership)).await;
    stage.heard();
    (anna, ben, room)
}

#[tokio::test]
async fn a_listening_socket_hears_all_rooms_of_its_user_and_makes_nobody_present() {
    let stage = stage_with(GRACE).await;
    let (anna, ben, room) = friends(&stage).await;
    act(&stage, &ben, connect("b", true)).await;
    assert_eq!(stage.heard(), ["ben online", "+b", "b < hears r"]);
    act(&stage, &anna, connect("a", true)).await;
    assert_eq!(
        stage.heard(),
        ["anna online", "+a", "a < hears r", "a < ben online"]
    );
    let Ok(Reply::Present(present)) = stage.chat.act(&anna, Action::ListPresent(room)).await else {
        panic!("a list")
    };
    assert_eq!((present.count, present.people.len()), (0, 0));
}

#[tokio::test]
async fn a_membership_that_begins_later_is_heard_at_once() {
    let stage = stage_with(GRACE).await;
    let (anna, ben) = (stage.known("anna").await, stage.known("ben").await);
    act(&stage, &ben, connect("b1", true)).await;
    act(&stage, &ben, connect("b2", false)).await;
    let room = stage.room(&anna, "r", RoomKind::Public).await;
    stage.heard();
    stage.join(&ben, &room, "b2").await.expect("public");
    assert_eq!(
        stage.heard(),
        ["member ben", "+b1", "b1 < hears r", "+b2", "entered ben"]
    );
}

#[tokio::test]
async fn joining_what_one_listens_to_makes_present_and_leaving_ends_both() {
    let stage = stage_with(GRACE).await;
    let (_, ben, room) = friends(&stage).await;
    act(&stage, &ben, connect("b", true)).await;
    stage.heard();
    let joining = Join {
        present: true,
        ..join(&room, "b")
    };
    let Ok(Reply::Joined(joined)) = stage.chat.act(&ben, Action::Join(joining)).await else {
        panic!("a member")
    };
    assert_eq!(joined.present.map(|present| present.count), Some(1));
    assert_eq!(stage.heard(), ["+b", "entered ben"]);
    act(&stage, &ben, gone("b")).await;
    assert_eq!(stage.heard(), ["-b", "exited ben"]);
}

#[tokio::test]
async fn who_is_sent_away_does_not_listen_any_more() {
    let stage = stage_with(GRACE).await;
    let (anna, ben, room) = friends(&stage).await;
    act(&stage, &ben, connect("b", true)).await;
    stage.heard();
    let membership = Membership {
        room,
        user: UserId::from("ben"),
    };
    act(&stage, &anna, Action::RemoveMember(membership)).await;
    assert_eq!(
        stage.heard(),
        ["no member ben", "-b", "b < hears r no more"]
    );
}

#[tokio::test]
async fn offline_is_said_after_the_grace_and_not_of_who_came_back() {
    let stage = stage_with(GRACE).await;
    let (_, ben, _) = friends(&stage).await;
    let mut alone = Alone::new(&stage);
    alone.act(&ben, connect("b1", false)).await;
    alone.act(&ben, connect("b2", false)).await;
    assert_eq!(stage.heard(), ["ben online"]);
    alone.act(&ben, gone("b1")).await;
    alone.act(&ben, gone("b2")).await;
    alone.pass(GRACE / 2);
    alone.act(&ben, connect("b3", false)).await;
    alone.pass(GRACE * 2);
    alone.act(&ben, Action::Elapse).await;
    assert!(stage.heard().is_empty());
    alone.act(&ben, gone("b3")).await;
    alone.pass(GRACE - Duration::from_millis(1));
    alone.act(&ben, Action::Elapse).await;
    assert!(stage.heard().is_empty());
    alone.pass(Duration::from_millis(1));
    alone.act(&ben, Action::Elapse).await;
    assert_eq!(stage.heard(), ["ben offline"]);
}

#[tokio::test]
async fn what_happens_by_itself_happens_in_its_time() {
    let stage = stage_with(Duration::from_millis(20)).await;
    let (_, ben, _) = friends(&stage).await;
    act(&stage, &ben, connect("b", false)).await;
    act(&stage, &ben, gone("b")).await;
    let heard = stage.heard_once(|heard| heard.len() == 2).await;
    assert_eq!(heard, ["ben online", "ben offline"]);
}

#[tokio::test]
async fn what_happens_by_itself_does_not_wait_until_nobody_asks_for_anything() {
    let stage = Stage::new(Config {
        grace: Duration::from_millis(20),
        // So that the queue fills faster than it empties.
        batch: 8,
        ..Config::default()
    })
    .await;
    let (anna, ben, _) = friends(&stage).await;
    let asking = (0..4).map(|_| {
        let (chat, by) = (stage.chat.clone(), anna.clone());
        tokio::spawn(async move {
            loop {
                let action = Action::Pass;
                let by = by.clone();
                chat.enqueue(Command { by, action }, Box::new(|_| {})).await;
            }
        })
    });
    let asking: Vec<_> = asking.collect();
    act(&stage, &ben, connect("b", false)).await;
    act(&stage, &ben, gone("b")).await;
    assert!(stage.chat.waiting() > 0, "there is always something to do");
    let heard = stage.heard_once(|heard| heard.len() == 2).await;
    assert_eq!(heard, ["ben online", "ben offline"]);
    assert!(asking.iter().all(|asking| !asking.is_finished()));
    asking.iter().for_each(tokio::task::JoinHandle::abort);
}

#[tokio::test]
async fn who_counts_as_gone_only_after_the_loading_is_not_forgotten() {
    let stage = stage_with(GRACE).await;
    let (_, ben, _) = friends(&stage).await;
    let mut alone = Alone::new(&stage);
    alone.act(&ben, connect("b", false)).await;
    alone.act(&ben, gone("b")).await;
    // The cache was full, and the grace ends between the loading and the applying.
    alone.state.forget();
    let elapse = Command {
        by: ben,
        action: Action::Elapse,
    };
    alone.load(&elapse).await;
    alone.pass(GRACE * 2);
    alone.apply(&elapse).await;
    assert!(alone.state.next_due().is_some(), "it is still to be said");
}

#[tokio::test]
async fn chats_that_are_too_large_do_not_hear_of_coming_and_going() {
    let stage = Stage::new(Config {
        auth: AuthPolicy::Required,
        status_members: 1,
        ..Config::default()
    })
    .await;
    let (_, ben, _) = friends(&stage).await;
    act(&stage, &ben, connect("b", false)).await;
    assert!(stage.heard().is_empty());
}

#[tokio::test]
async fn guests_come_and_go_unheard() {
    let stage = stage_with(GRACE).await;
    act(&stage, &guest(), connect("g", true)).await;
    assert!(stage.heard().is_empty());
}

#[tokio::test]
async fn a_socket_listens_to_no_more_rooms_than_it_may_hear() {
    let config = Config {
        rooms: 2,
        ..Config::default()
    };
    let stage = Stage::new(config).await;
    let anna = stage.known("anna").await;
    for room in ["1", "2", "3"] {
        stage.room(&anna, room, RoomKind::Public).await;
    }
    stage.heard();
    act(&stage, &anna, connect("a", true)).await;
    let hears = |stage: &Stage| {
        let heard = stage.heard().into_iter();
        heard
            .filter(|word| word == "+a" || word.starts_with("a <"))
            .collect::<Vec<_>>()
    };
    assert_eq!(hears(&stage), ["+a", "a < hears 1", "+a", "a < hears 2"]);
    // Nor to one that begins later.
    stage.room(&anna, "4", RoomKind::Public).await;
    assert!(hears(&stage).is_empty());
}

#[tokio::test]
async fn coming_is_true_also_when_nothing_can_be_stored() {
    let stage = stage_with(GRACE).await;
    let (_, ben, _) = friends(&stage).await;
    stage
        .store
        .fail(Some(StoreError::Unavailable("full".into())));
    act(&stage, &ben, connect("b", true)).await;
    assert_eq!(stage.heard(), ["ben online", "+b", "b < hears r"]);
}

#[tokio::test]
async fn a_burst_of_joins_is_announced_together_and_ends_with_the_full_list() {
    let stage = stage_with(GRACE).await;
    let anna = stage.known("anna").await;
    let room = stage.room(&anna, "r", RoomKind::Public).await;
    stage.heard();
    let mut joining = Vec::new();
    for user in 0..200 {
        let (by, place) = (known(&user.to_string()), room.clone());
        let chat = stage.chat.clone();
        joining.push(tokio::spawn(async move {
            let socket = by.identity.user.to_string();
            chat.act(&by, Action::Appear).await.expect("new");
            chat.act(&by, Action::Join(join(&place, &socket))).await
        }));
    }
    for joined in joining {
        joined.await.expect("no panic").expect("public");
    }
    let is_said = |heard: &[String]| {
        let full = heard.iter().position(|word| word.ends_with("of 200"));
        full.is_some_and(|full| heard[full..].iter().any(|word| word.starts_with("whole")))
    };
    let heard = stage.heard_once(is_said).await;
    let counted = |what: &str| heard.iter().filter(|word| word.starts_with(what)).count();
    let (single, parts) = (counted("entered"), counted("part: entered"));
    let whole = counted("whole: entered");
    let mut passing = heard.iter().filter(|word| word.starts_with("passing"));
    // Fifty in each second that it took; who is not told the list hears of each.
    assert!(single < 150, "{single}");
    assert_eq!((single + parts, whole > 0), (200, true));
    assert!(
        passing
            .next_back()
            .is_some_and(|word| word.ends_with("of 200"))
    );
}
