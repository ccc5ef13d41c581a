use crate::command::{Action, Membership, NewRoom, NewUser, Reply, Speaker};
use crate::config::{AuthPolicy, Config};
use crate::failure::Failure;
use crate::ids::{RoomId, UserId};
use crate::model::{Page, RoomKind};
use crate::reads::ReadPage;
use crate::testing::{Stage, guest};

pub(super) const NEWEST: Page = Page {
    before: None,
    after: None,
    limit: 50,
};

pub(super) fn required() -> Config {
    Config {
        auth: AuthPolicy::Required,
        ..Config::default()
    }
}

pub(super) fn member(room: &RoomId, user: &str) -> Membership {
    Membership {
        room: room.clone(),
        user: UserId::from(user),
    }
}

/// What every way in answers to somebody.
async fn every_door(stage: &Stage, by: &Speaker, room: &RoomId) -> [Option<Failure>; 6] {
    [
        stage.join(by, room, "door").await.err(),
        stage.post(by, room, "x").await.err(),
        stage.chat.room(by, room).await.err(),
        stage.chat.messages(by, room, NEWEST).await.err(),
        stage
            .chat
            .members(by, room, ReadPage::default())
            .await
            .err(),
        stage
            .chat
            .checkins(by, room, ReadPage::default())
            .await
            .err(),
    ]
}

#[tokio::test]
async fn private_and_direct_rooms_are_refused_everywhere_to_who_is_no_member() {
    let stage = Stage::new(required()).await;
    let (anna, ben, eve) = (
        stage.known("anna").await,
        stage.known("ben").await,
        stage.known("eve").await,
    );
    let private = stage.room(&anna, "private", RoomKind::Private).await;
    let direct = stage
        .chat
        .act(&anna, Action::OpenDirect(UserId::from("ben")))
        .await;
    let Ok(Reply::Room(direct)) = direct else {
        panic!("a direct room: {direct:?}")
    };
    for room in [&private, &direct.id] {
        assert_eq!(
            every_door(&stage, &eve, room).await,
            [const { Some(Failure::NotMember) }; 6]
        );
        assert_eq!(
            every_door(&stage, &guest(), room).await,
            [const { Some(Failure::NotMember) }; 6]
        );
        assert_eq!(every_door(&stage, &anna, room).await, [const { None }; 6]);
    }
    let add = |user| Action::AddMember(member(&private, user));
    assert_eq!(
        stage.chat.act(&eve, add("eve")).await.err(),
        Some(Failure::NotMember),
        "nobody lets themselves in"
    );
    stage
        .chat
        .act(&anna, add("ben"))
        .await
        .expect("members bring others");
    assert_eq!(
        every_door(&stage, &ben, &private).await,
        [const { None }; 6]
    );
    let seen = stage
        .chat
        .rooms(&eve, ReadPage::default())
        .await
        .expect("readable");
    assert!(seen.items.is_empty(), "they are not listed either");
    assert_eq!(
        stage
            .chat
            .rooms(&ben, ReadPage::default())
            .await
            .expect("readable")
            .items
            .len(),
        2
    );
}

#[tokio::test]
async fn a_message_of_a_private_room_is_read_and_changed_by_members_only() {
    let stage = Stage::new(required()).await;
    let (anna, eve) = (stage.known("anna").await, stage.known("eve").await);
    let private = stage.room(&anna, "private", RoomKind::Private).await;
    let message = stage
        .post(&anna, &private, "secret")
        .await
        .expect("a member")
        .message
        .id;
    assert_eq!(
        stage.chat.message(&eve, message).await.err(),
        Some(Failure::NotMember)
    );
    assert_eq!(
        stage.chat.act(&eve, Action::Delete(message)).await.err(),
        Some(Failure::NotMember)
    );
    let (read, sender) = stage.chat.message(&anna, message).await.expect("a member");
    assert_eq!((read.body.as_str(), sender.id.as_str()), ("secret", "anna"));
}

#[tokio::test]
async fn guests_come_to_public_rooms_and_are_never_members() {
    let stage = Stage::new(Config::default()).await;
    let (anna, somebody) = (stage.known("anna").await, guest());
    let public = stage.room(&anna, "public", RoomKind::Public).await;
    let private = stage.room(&anna, "private", RoomKind::Private).await;
    let as_self = Speaker::naming(somebody.identity.clone(), somebody.identity.user.clone());
    stage.join(&as_self, &public, "s").await.expect("public");
    stage.post(&somebody, &public, "hi").await.expect("open");
    assert_eq!(
        stage.join(&as_self, &private, "s").await.err(),
        Some(Failure::NotMember)
    );
    let members = stage
        .chat
        .members(&anna, &public, ReadPage::default())
        .await
        .expect("readable")
        .items;
    assert_eq!(members.len(), 1, "the owner alone");
    assert_eq!(
        stage.chat.user(&somebody.identity.user).await.err(),
        Some(Failure::UserNotFound)
    );
    let foreign = Speaker::naming(guest().identity, somebody.identity.user.clone());
    assert_eq!(
        stage.join(&foreign, &public, "s2").await.err(),
        Some(Failure::UserNotFound)
    );
}

#[tokio::test]
async fn in_open_mode_a_named_member_enters_a_private_room() {
    let stage = Stage::new(Config::default()).await;
    let (ben, eve) = (stage.user("Ben").await, stage.user("Eve").await);
    let room = stage.room(&guest(), "private", RoomKind::Private).await;
    let membership = Membership {
        room: room.clone(),
        user: ben.clone(),
    };
    stage
        .chat
        .act(&guest(), Action::AddMember(membership))
        .await
        .expect("there is nobody else who could");
    let naming = |user: &UserId| Speaker::naming(guest().identity, user.clone());
    assert!(stage.join(&naming(&ben), &room, "s1").await.is_ok());
    assert_eq!(
        stage.join(&naming(&eve), &room, "s2").await.err(),
        Some(Failure::NotMember)
    );
}

#[tokio::test]
async fn who_is_removed_hears_nothing_more() {
    let stage = Stage::new(required()).await;
    let (anna, ben) = (stage.known("anna").await, stage.known("ben").await);
    let room = stage.room(&anna, "r", RoomKind::Public).await;
    stage.join(&ben, &room, "s1").await.expect("public");
    stage.join(&ben, &room, "s2").await.expect("public");
    stage.heard();
    let remove = |user| Action::RemoveMember(member(&room, user));
    assert_eq!(
        stage.chat.act(&ben, remove("anna")).await.err(),
        Some(Failure::NotAllowed)
    );
    stage
        .chat
        .act(&anna, remove("ben"))
        .await
        .expect("the owner may");
    let gone = "no member ben|-s1|s1 < hears r no more|-s2|exited ben|s2 < hears r no more";
    assert_eq!(stage.heard().join("|"), gone);
    stage
        .chat
        .act(&anna, remove("ben"))
        .await
        .expect("twice is as good");
    assert!(stage.heard().is_empty());
    assert_eq!(
        stage.post(&ben, &room, "x").await.err(),
        Some(Failure::NotMember)
    );
}

#[tokio::test]
async fn a_handle_is_taken_once_and_names_have_something_in_them() {
    let stage = Stage::new(Config::default()).await;
    let by = &guest();
    let user = |name: &str, handle: &str| NewUser {
        name: name.to_owned(),
        handle: Some(handle.to_owned()),
    };
    let made = stage
        .chat
        .act(by, Action::CreateUser(user("Alice", "alice")))
        .await;
    let Ok(Reply::User(alice)) = made else {
        panic!("a user: {made:?}")
    };
    let again = stage
        .chat
        .act(by, Action::CreateUser(user("Bob", "alice")))
        .await;
    assert_eq!(again.err(), Some(Failure::HandleTaken));
    let found = stage
        .chat
        .user_by_handle("alice")
        .await
        .expect("readable")
        .expect("there");
    assert_eq!(found.id, alice.id);
    for name in ["", "  ", "a\nb", &"x".repeat(256)] {
        let new = NewUser {
            name: name.to_owned(),
            handle: None,
        };
        assert!(
            stage.chat.act(by, Action::CreateUser(new)).await.is_err(),
            "{name:?}"
        );
    }
}

#[tokio::test]
async fn a_rooms_id_is_taken_once() {
    let stage = Stage::new(Config::default()).await;
    let by = &guest();
    let room = |id: &str, kind| NewRoom {
        id: Some(RoomId::from(id)),
        name: "n".into(),
        kind,
    };
    stage
        .chat
        .act(by, Action::CreateRoom(room("123", RoomKind::Public)))
        .await
        .expect("new");
    let again = stage
        .chat
        .act(by, Action::CreateRoom(room("123", RoomKind::Private)))
        .await;
    assert_eq!(
        again.err(),
        Some(Failure::RoomExists {
            kind: RoomKind::Public
        })
    );
    assert!(
        stage
            .chat
            .act(by, Action::CreateRoom(room("d", RoomKind::Direct)))
            .await
            .is_err()
    );
}

#[tokio::test]
async fn the_first_token_makes_the_user_and_a_later_name_is_taken_over() {
    let stage = Stage::new(required()).await;
    let mut anna = stage.known("anna").await;
    let commits = || {
        stage
            .store
            .commits
            .load(std::sync::atomic::Ordering::Relaxed)
    };
    let before = commits();
    stage.chat.act(&anna, Action::Appear).await.expect("known");
    assert_eq!(commits(), before, "who is known costs no write");
    std::sync::Arc::make_mut(&mut anna.identity).name = "Anna A.".into();
    stage.chat.act(&anna, Action::Appear).await.expect("known");
    assert_eq!(
        stage
            .chat
            .user(&UserId::from("anna"))
            .await
            .expect("there")
            .name,
        "Anna A."
    );
}
