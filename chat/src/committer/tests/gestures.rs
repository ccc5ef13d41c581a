//! Typing and reading.

use std::time::Duration;

use super::alone::Alone;
use crate::command::{Action, Entitlement, Leave, Place, Post, Read, Reply, Speaker, Type};
use crate::config::{AuthPolicy, Config};
use crate::failure::Failure;
use crate::ids::{MessageId, RoomId, SocketId, UserId};
use crate::model::RoomKind;
use crate::testing::{Stage, TONGUE, guest, join};

async fn stage() -> (Stage, Speaker, RoomId) {
    let stage = Stage::new(Config {
        auth: AuthPolicy::Required,
        ..Config::default()
    })
    .await;
    let anna = stage.known("anna").await;
    let room = stage.room(&anna, "r", RoomKind::Public).await;
    stage.join(&anna, &room, "a").await.expect("public");
    stage.heard();
    (stage, anna, room)
}

fn typing(place: Place, is_typing: bool) -> Action {
    Action::Type(Type {
        place,
        is_typing,
        socket: SocketId::from("a"),
        needs: Entitlement::Joined,
    })
}

fn read(room: &RoomId, message: MessageId) -> Action {
    Action::Read(Read {
        room: room.clone(),
        message,
        socket: None,
    })
}

#[tokio::test]
async fn typing_is_heard_and_ends_with_what_was_typed() {
    let (stage, anna, room) = stage().await;
    for _ in 0..3 {
        let typing = typing(Place::Room(room.clone()), true);
        stage.chat.act(&anna, typing).await.expect("joined");
    }
    assert_eq!(stage.heard(), ["anna types"], "repeats are swallowed");
    let post = Post {
        socket: Some(SocketId::from("a")),
        ..Post::text(room.clone(), "hi")
    };
    stage.post_as(&anna, post).await.expect("joined");
    assert_eq!(stage.heard(), ["anna stopped", "posted 1 hi"]);
}

#[tokio::test]
async fn only_what_was_heard_before_may_be_missed_of_typing() {
    let (stage, anna, room) = stage().await;
    let mut alone = Alone::new(&stage);
    alone.act(&anna, Action::Join(join(&room, "a"))).await;
    stage.heard();
    let place = Place::Room(room);
    for (millis, is_typing, heard) in [
        (0, true, &["anna types"][..]),
        (299, true, &[]),
        (1, true, &["passing anna types"]),
        (300, true, &["passing anna types"]),
        (1, false, &["anna stopped"]),
        (1, true, &["anna types"]),
    ] {
        alone.pass(Duration::from_millis(millis));
        alone.act(&anna, typing(place.clone(), is_typing)).await;
        assert_eq!(stage.heard(), heard);
    }
    alone.pass(Duration::from_secs(8));
    alone.act(&anna, Action::Elapse).await;
    assert_eq!(stage.heard(), ["anna stopped"]);
}

#[tokio::test]
async fn typing_ends_when_the_socket_leaves_or_is_gone() {
    let (stage, anna, room) = stage().await;
    let place = Place::Room(room.clone());
    stage
        .chat
        .act(&anna, typing(place.clone(), true))
        .await
        .expect("joined");
    stage
        .chat
        .act(&anna, Action::Disconnect(SocketId::from("a")))
        .await
        .expect("always");
    assert_eq!(
        stage.heard(),
        ["anna types", "anna stopped", "-a", "exited anna"]
    );
    let refused = stage.chat.act(&anna, typing(place.clone(), true)).await;
    assert_eq!(refused.expect_err("left"), Failure::NotInRoom);
    stage.join(&anna, &room, "a").await.expect("public");
    let typing = typing(place, true);
    stage.chat.act(&anna, typing).await.expect("joined");
    stage.heard();
    let leave = Action::Leave(Leave {
        room,
        socket: SocketId::from("a"),
        vocabulary: TONGUE,
    });
    stage.chat.act(&anna, leave).await.expect("was there");
    assert_eq!(stage.heard(), ["anna stopped", "-a", "exited anna"]);
}

#[tokio::test]
async fn typing_to_somebody_needs_no_room_and_no_acquaintance() {
    let (stage, anna, _) = stage().await;
    let to = |id: &str| typing(Place::Person(UserId::from(id)), true);
    stage
        .chat
        .act(&anna, to("nobody yet"))
        .await
        .expect("anybody");
    assert_eq!(stage.heard(), ["anna types"]);
    let refused = stage.chat.act(&guest(), to("anna")).await;
    assert_eq!(refused.expect_err("a guest"), Failure::Guest);
    let refused = stage.chat.act(&anna, to("guest-1")).await;
    assert_eq!(refused.expect_err("a guest"), Failure::UserNotFound);
}

#[tokio::test]
async fn a_read_mark_only_moves_forward() {
    let (stage, anna, room) = stage().await;
    let ben = stage.known("ben").await;
    stage.join(&ben, &room, "b").await.expect("public");
    let mut messages = Vec::new();
    for text in ["one", "two"] {
        messages.push(
            stage
                .post(&anna, &room, text)
                .await
                .expect("stored")
                .message,
        );
    }
    stage.heard();
    for message in messages.iter().rev() {
        let reply = stage.chat.act(&ben, read(&room, message.id)).await;
        assert!(matches!(reply, Ok(Reply::Read(receipt)) if receipt.message == message.id));
    }
    assert_eq!(stage.heard(), ["read by ben", "read by ben"]);
    let rooms = stage.chat.my_rooms(&ben, Default::default()).await;
    let rooms = rooms.expect("readable");
    assert_eq!(rooms.items.first().map(|room| room.unread), Some(0));
}

#[tokio::test]
async fn only_members_read_and_only_messages_of_the_room() {
    let (stage, anna, room) = stage().await;
    let message = stage
        .post(&anna, &room, "hi")
        .await
        .expect("stored")
        .message;
    let ben = stage.known("ben").await;
    let refused = stage.chat.act(&ben, read(&room, message.id)).await;
    assert_eq!(refused.expect_err("no member"), Failure::NotMember);
    let other = stage.room(&anna, "other", RoomKind::Public).await;
    for (place, message) in [(&other, message.id), (&room, MessageId::random())] {
        let refused = stage.chat.act(&anna, read(place, message)).await;
        assert_eq!(refused.expect_err("elsewhere"), Failure::MessageNotFound);
    }
}
