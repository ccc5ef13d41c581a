use crate::command::{Action, Edit, Entitlement, Post, Reply, Speaker};
use crate::config::{AuthPolicy, Config, RateLimit};
use crate::failure::Failure;
use crate::ids::{MessageId, RoomId, SocketId, UserId};
use crate::model::RoomKind;
use crate::testing::{Stage, guest, known};
use std::time::Duration;

fn required() -> Config {
    Config {
        auth: AuthPolicy::Required,
        rate_limit: None,
        ..Config::default()
    }
}

fn open() -> Config {
    Config {
        rate_limit: None,
        ..Config::default()
    }
}

#[tokio::test]
async fn messages_are_numbered_without_gaps_and_heard_before_they_are_acknowledged() {
    let stage = Stage::new(required()).await;
    let anna = stage.known("anna").await;
    let room = stage.room(&anna, "r", RoomKind::Public).await;
    let other = stage.room(&anna, "other", RoomKind::Public).await;
    stage.heard();
    for (seq, text) in ["one", "two", "three"].into_iter().enumerate() {
        let posted = stage.post(&anna, &room, text).await.expect("a member may");
        assert_eq!(posted.message.seq, seq as u64 + 1);
        assert_eq!(posted.sender.id, UserId::from("anna"));
        assert_eq!(stage.heard(), [format!("posted {} {text}", seq + 1)]);
    }
    let elsewhere = stage.post(&anna, &other, "x").await.expect("a member may");
    assert_eq!(
        (elsewhere.message.seq, elsewhere.message.num),
        (1, 4),
        "seq is the room's, num the server's"
    );
}

#[tokio::test]
async fn nothing_is_written_for_who_or_where_is_unknown() {
    let stage = Stage::new(open()).await;
    let ben = Speaker::naming(guest().identity, stage.user("Ben").await);
    let nobody = Speaker::naming(guest().identity, UserId::from("nobody"));
    let room = stage.room(&guest(), "r", RoomKind::Public).await;
    assert_eq!(
        stage.post(&nobody, &room, "x").await.err(),
        Some(Failure::UserNotFound)
    );
    assert_eq!(
        stage.post(&ben, &RoomId::from("nowhere"), "x").await.err(),
        Some(Failure::RoomNotFound)
    );
    let missing = Post {
        parent: Some(MessageId::random()),
        ..Post::text(room.clone(), "x")
    };
    assert_eq!(
        stage.post_as(&ben, missing).await.err(),
        Some(Failure::MessageNotFound)
    );
    assert_eq!(
        stage
            .post(&ben, &room, "x")
            .await
            .map(|posted| posted.message.seq),
        Ok(1)
    );
}

#[tokio::test]
async fn an_answer_names_a_message_of_its_own_room() {
    let stage = Stage::new(open()).await;
    let ben = Speaker::naming(guest().identity, stage.user("Ben").await);
    let room = stage.room(&guest(), "r", RoomKind::Public).await;
    let other = stage.room(&guest(), "other", RoomKind::Public).await;
    let first = stage
        .post(&ben, &room, "question")
        .await
        .expect("open")
        .message;
    let answer = |room: &RoomId| Post {
        parent: Some(first.id),
        ..Post::text(room.clone(), "answer")
    };
    let posted = stage
        .post_as(&ben, answer(&room))
        .await
        .expect("the same room");
    assert_eq!(
        (posted.message.parent, posted.message.is_reply),
        (Some(first.id), true)
    );
    assert!(stage.post_as(&ben, answer(&other)).await.is_err());
}

#[tokio::test]
async fn texts_have_a_limit_and_something_in_them() {
    let stage = Stage::new(open()).await;
    let ben = Speaker::naming(guest().identity, stage.user("Ben").await);
    let room = stage.room(&guest(), "r", RoomKind::Public).await;
    for empty in ["", " \t\n", "\u{a0}"] {
        assert!(matches!(
            stage.post(&ben, &room, empty).await,
            Err(Failure::Invalid { field: "text", .. })
        ));
    }
    let limit = 16 * 1024;
    assert!(stage.post(&ben, &room, &"x".repeat(limit)).await.is_ok());
    let over = stage.post(&ben, &room, &"x".repeat(limit + 1)).await.err();
    assert_eq!(
        over,
        Some(Failure::TooLarge {
            field: "text",
            limit
        })
    );
}

#[tokio::test]
async fn in_required_mode_nobody_speaks_as_somebody_else_and_only_members_write() {
    let stage = Stage::new(required()).await;
    let (anna, ben) = (stage.known("anna").await, stage.known("ben").await);
    let room = stage.room(&anna, "r", RoomKind::Public).await;
    let as_anna = Speaker::naming(ben.identity.clone(), UserId::from("anna"));
    assert_eq!(
        stage.post(&as_anna, &room, "x").await.err(),
        Some(Failure::NotYou)
    );
    assert_eq!(
        stage.post(&ben, &room, "x").await.err(),
        Some(Failure::NotMember)
    );
    stage.join(&ben, &room, "s").await.expect("public");
    assert!(
        stage.post(&ben, &room, "x").await.is_ok(),
        "joining makes a member"
    );
    assert!(
        stage
            .post(
                &Speaker::naming(ben.identity, UserId::from("ben")),
                &room,
                "x"
            )
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn a_socket_that_has_to_be_in_the_room_speaks_as_who_it_joined_as() {
    let stage = Stage::new(open()).await;
    let ben = stage.user("Ben").await;
    let room = stage.room(&guest(), "r", RoomKind::Public).await;
    let somebody = guest();
    let socket = Some(SocketId::from("s"));
    let post = Post {
        needs: Entitlement::Joined,
        socket,
        ..Post::text(room.clone(), "x")
    };
    assert_eq!(
        stage.post_as(&somebody, post.clone()).await.err(),
        Some(Failure::NotInRoom)
    );
    let as_ben = Speaker::naming(somebody.identity.clone(), ben.clone());
    stage.join(&as_ben, &room, "s").await.expect("public");
    let posted = stage.post_as(&somebody, post).await.expect("joined");
    assert_eq!(posted.message.sender, ben);
}

#[tokio::test]
async fn the_same_client_msg_id_is_the_same_message() {
    let stage = Stage::new(open()).await;
    let ben = Speaker::naming(guest().identity, stage.user("Ben").await);
    let eve = Speaker::naming(guest().identity, stage.user("Eve").await);
    let room = stage.room(&guest(), "r", RoomKind::Public).await;
    let called = |text: &str| Post {
        client_msg_id: Some("c".into()),
        ..Post::text(room.clone(), text)
    };
    let first = stage.post_as(&ben, called("x")).await.expect("new");
    stage.heard();
    let (again, other) = tokio::join!(
        stage.post_as(&ben, called("x")),
        stage.post_as(&ben, called("y"))
    );
    let again = again.expect("the same");
    assert_eq!(
        (again.message.id, again.duplicate),
        (first.message.id, true)
    );
    assert_eq!(other.err(), Some(Failure::Conflict));
    let elsewhere = Post {
        parent: Some(first.message.id),
        ..called("x")
    };
    let elsewhere = stage.post_as(&ben, elsewhere).await;
    assert_eq!(elsewhere.err(), Some(Failure::Conflict), "an answer");
    assert!(stage.heard().is_empty(), "nobody hears it twice");
    let hers = stage
        .post_as(&eve, called("x"))
        .await
        .expect("her own name for it");
    assert_eq!((hers.message.seq, hers.duplicate), (2, false));
    let too_long = Post {
        client_msg_id: Some("c".repeat(256)),
        ..Post::text(room.clone(), "x")
    };
    assert!(stage.post_as(&ben, too_long).await.is_err());
}

#[tokio::test]
async fn two_copies_in_one_batch_are_one_message() {
    let stage = Stage::new(open()).await;
    let ben = Speaker::naming(guest().identity, stage.user("Ben").await);
    let room = stage.room(&guest(), "r", RoomKind::Public).await;
    let called = || Post {
        client_msg_id: Some("c".into()),
        ..Post::text(room.clone(), "x")
    };
    let (one, two, three) = tokio::join!(
        stage.post_as(&ben, called()),
        stage.post_as(&ben, called()),
        stage.post_as(&ben, called())
    );
    let all = [one, two, three].map(|posted| posted.expect("the same").message.id);
    assert_eq!(all, [all[0]; 3]);
}

#[tokio::test]
async fn sending_too_fast_is_refused_and_nothing_else_happens() {
    let rate_limit = Some(RateLimit {
        messages: 2,
        window: Duration::from_secs(10),
    });
    let stage = Stage::new(Config {
        rate_limit,
        ..Config::default()
    })
    .await;
    let ben = Speaker::naming(guest().identity, stage.user("Ben").await);
    let room = stage.room(&guest(), "r", RoomKind::Public).await;
    for seq in 1..=2 {
        assert_eq!(
            stage
                .post(&ben, &room, "x")
                .await
                .map(|posted| posted.message.seq),
            Ok(seq)
        );
    }
    stage.heard();
    let Err(Failure::RateLimited { retry_after_ms }) = stage.post(&ben, &room, "x").await else {
        panic!("over the limit")
    };
    assert!((1..=10_000).contains(&retry_after_ms));
    assert!(stage.heard().is_empty());
}

#[tokio::test]
async fn author_and_moderators_edit_and_delete_and_nobody_else() {
    let stage = Stage::new(required()).await;
    let (owner, author, other) = (
        stage.known("o").await,
        stage.known("a").await,
        stage.known("x").await,
    );
    let room = stage.room(&owner, "r", RoomKind::Public).await;
    for (speaker, socket) in [(&author, "s1"), (&other, "s2")] {
        stage.join(speaker, &room, socket).await.expect("public");
    }
    let message = stage
        .post(&author, &room, "first")
        .await
        .expect("a member")
        .message;
    stage.heard();
    let edit = |text: &str| {
        Action::Edit(Edit {
            message: message.id,
            text: text.to_owned(),
        })
    };
    assert_eq!(
        stage.chat.act(&other, edit("stolen")).await.err(),
        Some(Failure::NotAllowed)
    );
    assert_eq!(
        stage
            .chat
            .act(&other, Action::Delete(message.id))
            .await
            .err(),
        Some(Failure::NotAllowed)
    );
    assert_eq!(
        stage.chat.act(&known("ghost"), edit("?")).await.err(),
        Some(Failure::UserNotFound)
    );
    let Ok(Reply::Changed(edited)) = stage.chat.act(&author, edit("second")).await else {
        panic!("the author may")
    };
    assert_eq!(
        (edited.body.as_str(), edited.seq, edited.change),
        ("second", 1, Some(1))
    );
    // Dates without a fraction are different ones, however soon it was edited.
    assert_ne!(edited.updated_at.to_string(), edited.created_at.to_string());
    assert_eq!(stage.heard(), ["updated 1 second"]);
}

#[tokio::test]
async fn a_deleted_message_keeps_its_place_and_nothing_else() {
    let stage = Stage::new(required()).await;
    let (owner, author) = (stage.known("o").await, stage.known("a").await);
    let room = stage.room(&owner, "r", RoomKind::Public).await;
    stage.join(&author, &room, "s").await.expect("public");
    let message = stage
        .post(&author, &room, "first")
        .await
        .expect("a member")
        .message;
    stage.heard();
    let edit = |text: &str| {
        Action::Edit(Edit {
            message: message.id,
            text: text.to_owned(),
        })
    };
    let Ok(Reply::Changed(deleted)) = stage.chat.act(&owner, Action::Delete(message.id)).await
    else {
        panic!("the owner may")
    };
    assert_eq!((deleted.body.as_str(), deleted.change), ("", Some(1)));
    assert_eq!(stage.heard(), ["deleted 1"]);
    assert_eq!(
        stage.chat.act(&author, edit("third")).await.err(),
        Some(Failure::MessageNotFound)
    );
    assert!(
        stage
            .chat
            .act(&author, Action::Delete(message.id))
            .await
            .is_ok(),
        "deleting twice answers twice"
    );
    assert!(stage.heard().is_empty());
    let missing = stage
        .chat
        .act(&author, Action::Delete(MessageId::random()))
        .await;
    assert_eq!(missing.err(), Some(Failure::MessageNotFound));
}
