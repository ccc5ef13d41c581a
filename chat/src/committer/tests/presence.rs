use crate::command::{Action, Join, Leave, Reply, Speaker, VocabularyId};
use crate::config::{AuthPolicy, Config};
use crate::failure::Failure;
use crate::ids::{RoomId, SocketId};
use crate::model::RoomKind;
use crate::reads::ReadPage;
use crate::testing::{Stage, TONGUE, guest, join};

const OTHER_TONGUE: VocabularyId = VocabularyId(1);

async fn stage() -> (Stage, Speaker, RoomId) {
    let stage = Stage::new(Config {
        auth: AuthPolicy::Required,
        ..Config::default()
    })
    .await;
    let anna = stage.known("anna").await;
    let room = stage.room(&anna, "r", RoomKind::Public).await;
    stage.heard();
    (stage, anna, room)
}

fn leave(room: &RoomId, socket: &str, vocabulary: VocabularyId) -> Action {
    Action::Leave(Leave {
        room: room.clone(),
        socket: SocketId::from(socket),
        vocabulary,
    })
}

#[tokio::test]
async fn announcements_follow_a_users_first_and_last_socket() {
    let (stage, anna, room) = stage().await;
    let ben = stage.known("ben").await;
    stage.join(&ben, &room, "b1").await.expect("public");
    assert_eq!(stage.heard(), ["member ben", "+b1", "entered ben"]);
    stage.join(&ben, &room, "b2").await.expect("public");
    assert_eq!(stage.heard(), ["+b2"], "a second tab announces nothing");
    stage.join(&anna, &room, "a1").await.expect("public");
    assert_eq!(
        stage.heard(),
        ["+a1", "entered anna"],
        "and a member is a member already"
    );
    stage
        .chat
        .act(&ben, leave(&room, "b1", TONGUE))
        .await
        .expect("was there");
    assert_eq!(stage.heard(), ["-b1"]);
    stage
        .chat
        .act(&ben, Action::Disconnect(SocketId::from("b2")))
        .await
        .expect("always");
    assert_eq!(stage.heard(), ["-b2", "exited ben"]);
}

#[tokio::test]
async fn joining_again_in_the_same_vocabulary_answers_again_and_announces_nothing() {
    let (stage, anna, room) = stage().await;
    stage.join(&anna, &room, "a").await.expect("public");
    stage.heard();
    assert!(matches!(
        stage.join(&anna, &room, "a").await,
        Ok(Reply::Joined(_))
    ));
    assert!(stage.heard().is_empty());
    stage
        .chat
        .act(&anna, leave(&room, "a", TONGUE))
        .await
        .expect("was there");
    assert_eq!(stage.heard(), ["-a", "exited anna"], "one leaving ends it");
    assert!(matches!(
        stage.chat.act(&anna, leave(&room, "a", TONGUE)).await,
        Ok(Reply::Left(_))
    ));
    assert!(stage.heard().is_empty());
}

#[tokio::test]
async fn joining_with_two_vocabularies_means_hearing_both() {
    let (stage, anna, room) = stage().await;
    stage.join(&anna, &room, "a").await.expect("public");
    let second = Join {
        vocabulary: OTHER_TONGUE,
        ..join(&room, "a")
    };
    stage
        .chat
        .act(&anna, Action::Join(second))
        .await
        .expect("public");
    assert_eq!(stage.heard(), ["+a", "entered anna", "+a"]);
    stage
        .chat
        .act(&anna, leave(&room, "a", TONGUE))
        .await
        .expect("was there");
    assert_eq!(
        stage.heard(),
        ["-a"],
        "the socket is still there in the other one"
    );
    stage
        .chat
        .act(&anna, leave(&room, "a", OTHER_TONGUE))
        .await
        .expect("was there");
    assert_eq!(stage.heard(), ["-a", "exited anna"]);
}

#[tokio::test]
async fn unknown_rooms_are_not_found_or_made_as_the_setting_says() {
    let (stage, anna, _) = stage().await;
    let nowhere = RoomId::from("nowhere");
    assert_eq!(
        stage.join(&anna, &nowhere, "a").await.err(),
        Some(Failure::RoomNotFound)
    );
    assert_eq!(
        stage
            .chat
            .act(&anna, leave(&nowhere, "a", TONGUE))
            .await
            .err(),
        Some(Failure::RoomNotFound)
    );
    let made = Join {
        create: true,
        ..join(&nowhere, "a")
    };
    let Ok(Reply::Joined(joined)) = stage.chat.act(&anna, Action::Join(made)).await else {
        panic!("made")
    };
    assert_eq!(
        (joined.room.name.as_str(), joined.room.kind),
        ("nowhere", RoomKind::Public)
    );
    let everywhere = Stage::new(Config {
        auto_create: true,
        ..Config::default()
    })
    .await;
    everywhere
        .join(&guest(), &RoomId::from("anywhere"), "g")
        .await
        .expect("every join makes");
}

#[tokio::test]
async fn a_check_in_lasts_from_the_first_socket_to_the_last() {
    let (stage, anna, room) = stage().await;
    let open = || async {
        let listing = stage
            .chat
            .checkins(&anna, &room, ReadPage::default())
            .await
            .expect("public");
        listing
            .items
            .iter()
            .map(|checkin| checkin.checked_out_at.is_none())
            .collect::<Vec<_>>()
    };
    for socket in ["a1", "a2"] {
        stage.join(&anna, &room, socket).await.expect("public");
        assert_eq!(open().await, [true]);
    }
    for (socket, still) in [("a1", true), ("a2", false)] {
        stage
            .chat
            .act(&anna, Action::Disconnect(SocketId::from(socket)))
            .await
            .expect("always");
        assert_eq!(open().await, [still]);
    }
    stage.join(&anna, &room, "a3").await.expect("public");
    assert_eq!(open().await, [true, false], "coming back opens another");
}

#[tokio::test]
async fn in_open_mode_a_socket_that_joins_as_somebody_else_is_not_the_first_any_more() {
    let stage = Stage::new(Config::default()).await;
    let (ben, eve) = (stage.user("Ben").await, stage.user("Eve").await);
    let somebody = guest();
    let room = stage.room(&somebody, "r", RoomKind::Public).await;
    let naming = |user: &crate::UserId| Speaker::naming(somebody.identity.clone(), user.clone());
    stage.join(&naming(&ben), &room, "s").await.expect("public");
    stage.heard();
    stage.join(&naming(&eve), &room, "s").await.expect("public");
    let mut heard = stage.heard();
    assert!(heard.remove(2).starts_with("member"));
    assert_eq!(heard, ["-s", "exited Ben", "+s", "entered Eve"]);
}

#[tokio::test]
async fn history_is_the_newest_messages_with_their_edits_up_to_the_joining() {
    let (stage, anna, room) = stage().await;
    let mut first = None;
    for number in 1..=20 {
        first.get_or_insert(
            stage
                .post(&anna, &room, &format!("m{number}"))
                .await
                .expect("a member")
                .message
                .id,
        );
    }
    let edit = crate::command::Edit {
        message: first.expect("posted"),
        text: "edited".into(),
    };
    let history = |reply: Result<Reply, Failure>| match reply {
        Ok(Reply::Joined(joined)) => (
            joined.seq,
            joined
                .history
                .iter()
                .map(|message| message.body.clone())
                .collect::<Vec<_>>(),
        ),
        other => panic!("joined: {other:?}"),
    };
    let (seq, texts) = history(stage.join(&anna, &room, "a1").await);
    assert_eq!((seq, texts.len(), texts[0].as_str()), (20, 20, "m1"));
    stage
        .chat
        .act(&anna, Action::Edit(edit))
        .await
        .expect("hers");
    let (_, texts) = history(stage.join(&anna, &room, "a2").await);
    assert_eq!(texts[0], "edited");
    let few = Join {
        history: 3,
        ..join(&room, "a3")
    };
    let (_, texts) = history(stage.chat.act(&anna, Action::Join(few)).await);
    assert_eq!(texts, ["m18", "m19", "m20"]);
}

#[tokio::test]
async fn a_history_is_no_heavier_than_a_client_can_take() {
    let config = Config {
        rate_limit: None,
        ..Config::default()
    };
    let stage = Stage::new(config).await;
    let anna = stage.known("anna").await;
    let room = stage.room(&anna, "r", RoomKind::Public).await;
    // Six bytes each in JSON.
    let heavy = "\u{1}".repeat(16 * 1024);
    for _ in 0..50 {
        stage.post(&anna, &room, &heavy).await.expect("a member");
    }
    let Ok(Reply::Joined(joined)) = stage.join(&anna, &room, "a").await else {
        panic!("public")
    };
    let seqs: Vec<u64> = joined.history.iter().map(|message| message.seq).collect();
    assert_eq!(seqs, [48, 49, 50], "the newest");
}

#[tokio::test]
async fn a_socket_that_is_in_too_many_rooms_is_told_so_and_stays() {
    let config = Config {
        rooms: 2,
        auto_create: true,
        ..Config::default()
    };
    let stage = Stage::new(config).await;
    let anna = stage.known("anna").await;
    let enter = async |room: &str| stage.join(&anna, &RoomId::from(room), "a").await.err();
    assert_eq!([enter("1").await, enter("2").await], [None, None]);
    let refused = Some(Failure::TooManyRooms { limit: 2 });
    assert_eq!([enter("3").await, enter("1").await], [refused, None]);
    let missing = stage.chat.room(&anna, &RoomId::from("3")).await;
    assert_eq!(missing.err(), Some(Failure::RoomNotFound), "nor is it made");
    let left = leave(&RoomId::from("1"), "a", TONGUE);
    stage.chat.act(&anna, left).await.expect("left");
    assert_eq!(enter("3").await, None);
}
