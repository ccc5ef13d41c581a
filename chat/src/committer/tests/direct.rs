//! The room of two people: one, theirs, and nobody else's.

use super::membership::{NEWEST, member, required};
use crate::command::{Action, Join, NewRoom, PostTo, Reply};
use crate::config::Config;
use crate::failure::Failure;
use crate::ids::{RoomId, UserId};
use crate::model::RoomKind;
use crate::testing::{Stage, guest, join};

pub(super) fn to_ben(text: &str) -> Action {
    Action::PostTo(PostTo {
        to: UserId::from("ben"),
        text: text.to_owned(),
        client_msg_id: None,
        socket: None,
    })
}

#[tokio::test]
async fn the_direct_room_of_two_is_one_room() {
    let stage = Stage::new(required()).await;
    let (anna, ben) = (stage.known("anna").await, stage.known("ben").await);
    let rooms = [(&anna, "ben"), (&ben, "anna"), (&anna, "ben")].map(|(by, other)| {
        let (chat, by, other) = (stage.chat.clone(), by.clone(), UserId::from(other));
        async move { chat.act(&by, Action::OpenDirect(other)).await }
    });
    let mut ids = Vec::new();
    for room in rooms {
        let Ok(Reply::Room(room)) = room.await else {
            panic!("a room")
        };
        ids.push((room.id.clone(), room.kind));
    }
    assert_eq!(
        ids,
        vec![
            (
                RoomId::direct(&UserId::from("ben"), &UserId::from("anna")),
                RoomKind::Direct
            );
            3
        ]
    );
    stage
        .post(&ben, &ids[0].0, "hello")
        .await
        .expect("both are members");
    let messages = stage
        .chat
        .direct_messages(&anna, &UserId::from("ben"), NEWEST)
        .await
        .expect("hers");
    assert_eq!(messages.items.len(), 1);
    let added = stage
        .chat
        .act(&anna, Action::AddMember(member(&ids[0].0, "anna")))
        .await;
    assert_eq!(added.err(), Some(Failure::NotAllowed), "two stay two");
    let nobody = stage
        .chat
        .act(&anna, Action::OpenDirect(UserId::from("nobody")))
        .await;
    assert_eq!(nobody.err(), Some(Failure::UserNotFound));
    assert_eq!(
        stage
            .chat
            .act(&guest(), Action::OpenDirect(UserId::from("ben")))
            .await
            .err(),
        Some(Failure::Guest)
    );
}

#[tokio::test]
async fn nobody_can_be_in_the_room_of_two_before_they_meet() {
    let config = Config {
        auto_create: true,
        ..required()
    };
    let stage = Stage::new(config).await;
    let (anna, eve) = (stage.known("anna").await, stage.known("eve").await);
    // Ids of direct rooms are no secret.
    let theirs = RoomId::direct(&UserId::from("anna"), &UserId::from("ben"));
    let joining = Join {
        create: true,
        ..join(&theirs, "e")
    };
    let joined = stage.chat.act(&eve, Action::Join(joining)).await;
    assert_eq!(joined.err(), Some(Failure::RoomNotFound));
    let new = NewRoom {
        id: Some(theirs.clone()),
        name: "trap".to_owned(),
        kind: RoomKind::Public,
    };
    let made = stage.chat.act(&eve, Action::CreateRoom(new)).await;
    assert!(matches!(made, Err(Failure::Invalid { field: "id", .. })));
    let posted = stage.chat.act(&anna, to_ben("secret")).await;
    assert!(matches!(posted, Ok(Reply::Posted(posted)) if posted.to == Some(UserId::from("ben"))));
    let listed = stage.chat.messages(&eve, &theirs, NEWEST).await;
    assert_eq!(listed.err(), Some(Failure::NotMember));
}
