//! The conversations of the seed of `shows`.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{Client, House, Sockets};
use crate::command::{Action, Notice, Typing, VocabularySet};
use crate::config::AuthPolicy;
use crate::ids::{RoomId, UserId};
use crate::model::User;
use crate::model::{Page, RoomKind};
use crate::publisher::{Merging, Publication, Publisher};
use crate::reads::ReadPage;
use crate::testing::{guest, known};
use crate::vocabulary::by_name;

const NEWEST: Page = Page {
    before: None,
    after: None,
    limit: 50,
};

async fn house() -> House {
    let house = House::open(AuthPolicy::Required).await;
    house.room("123", RoomKind::Public).await;
    house
}

async fn join(client: &mut Client<'_>) -> Vec<Value> {
    let (events, ack) = client.ask(&json!(["join_show", {"show_id": 123}])).await;
    assert_eq!(ack["ok"], json!(true), "{ack}");
    events
}

#[tokio::test]
async fn a_join_is_answered_with_history_and_people_and_announced_to_the_others() {
    let house = house().await;
    let mut lover = house.login(5, "musiclover87").await;
    let events = join(&mut lover).await;
    assert_eq!(events[0], json!(["message_history", {"messages": []}]));
    let message =
        json!(["send_message", {"show_id": "123", "message": "This opening act is amazing!"}]);
    let (events, ack) = lover.ask(&message).await;
    assert_eq!((&ack["id"], &ack["seq"]), (&json!(1), &json!(1)));
    let mut sent = events[0].clone();
    let at = sent[1]["created_at"].take();
    assert!(
        at.as_str()
            .is_some_and(|at| at.len() == 20 && at.ends_with('Z'))
    );
    let expected = json!(["new_message", {"id": 1, "show_id": 123, "user_id": 5, "username": "musiclover87",
        "message": "This opening act is amazing!", "created_at": null, "seq": 1}]);
    assert_eq!(sent, expected);
    let mut you = house.login(10, "you").await;
    let events = join(&mut you).await;
    assert_eq!(
        events[0][1]["messages"][0]["message"],
        "This opening act is amazing!"
    );
    assert_eq!(events[1][0], "active_users");
    let people = &events[1][1]["active_users"];
    assert_eq!(
        (&events[1][1]["count"], &events[1][1]["show_id"]),
        (&json!(2), &json!(123))
    );
    assert_eq!(
        (&people[0]["user_id"], &people[1]["user_id"]),
        (&json!(5), &json!(10))
    );
    assert_eq!(people[1]["username"], "you");
    assert!(people[1]["sid"].is_string());
    let event = lover.event().await;
    let expected = json!(["user_joined", {"user_id": 10, "username": "you", "message": "you joined the chat",
        "active_users": people}]);
    assert_eq!(event, expected);
    you.write("1").await;
    let event = lover.event().await;
    let left = json!({"user_id": 10, "username": "you", "message": "you left the chat",
        "active_users": [people[0]]});
    assert_eq!(event, json!(["user_left", left]));
    let (by, room) = (guest(), RoomId::from("123"));
    let checkins = house.chat.checkins(&by, &room, ReadPage::default()).await;
    let checkins = checkins.expect("public").items;
    assert_eq!(checkins.len(), 2);
    assert!(checkins[0].checked_out_at.is_some() && checkins[1].checked_out_at.is_none());
}

#[tokio::test]
async fn typing_is_for_the_others_and_the_list_for_who_asks() {
    let house = house().await;
    let (mut anna, mut ben) = (house.login(1, "anna").await, house.login(2, "ben").await);
    join(&mut anna).await;
    join(&mut ben).await;
    anna.heard().await;
    for is_typing in [true, false] {
        let typing = json!(["typing", {"show_id": 123, "is_typing": is_typing}]);
        let (own, ack) = anna.ask(&typing).await;
        assert_eq!((own.len(), ack), (0, json!({"ok": true})));
        let expected = json!({"user_id": 1, "username": "anna", "is_typing": is_typing});
        assert_eq!(ben.event().await, json!(["user_typing", expected]));
    }
    let (events, ack) = ben
        .ask(&json!(["get_active_users", {"show_id": 123}]))
        .await;
    assert_eq!(events[0][0], "active_users");
    assert_eq!(
        (&events[0][1]["count"], &ack["count"]),
        (&json!(2), &json!(2))
    );
    let (events, ack) = ben.ask(&json!(["leave_show", {"show_id": 123}])).await;
    assert_eq!((events.len(), &ack["ok"]), (0, &json!(true)));
    assert_eq!(anna.event().await[1]["message"], "ben left the chat");
}

#[tokio::test]
async fn a_history_has_nothing_of_what_was_deleted() {
    let house = house().await;
    let mut anna = house.login(1, "anna").await;
    join(&mut anna).await;
    for text in ["one", "two"] {
        anna.ask(&json!(["send_message", {"show_id": 123, "message": text}]))
            .await;
    }
    let (by, room) = (known("1"), RoomId::from("123"));
    let messages = house.chat.messages(&by, &room, NEWEST).await;
    let messages = messages.expect("a member").items;
    let delete = Action::Delete(messages.first().expect("one").id);
    house.chat.act(&by, delete).await.expect("hers");
    let mut ben = house.login(2, "ben").await;
    let events = join(&mut ben).await;
    let history = events[0][1]["messages"].as_array().expect("a list");
    let texts: Vec<_> = history.iter().map(|said| &said["message"]).collect();
    assert_eq!(texts, ["two"]);
}

const MISTAKES: &str = r#"
join_show        | {}                                | invalid     | Missing show_id or message
join_show        | 123                               | invalid     | Missing show_id or message
join_show        | [123]                             | invalid     | Missing show_id or message
join_show        | {"_placeholder": true, "num": 0}  | invalid     | Missing show_id or message
join_show        | {"show_id": true}                 | invalid     | show_id must be a string
join_show        | {"show_id": 9007199254740992}     | invalid     | show_id must be a string
join_show        | {"show_id": 404, "more": 1}       | not_found   | Show not found
join_show        | {"show_id": 9}                    | forbidden   | Not a member of this show
get_active_users | {"show_id": 9}                    | forbidden   | Not a member of this show
get_active_users | {"show_id": 404}                  | not_found   | Show not found
leave_show       | {"show_id": 404}                  | not_found   | Show not found
send_message     | {"show_id": 123}                  | invalid     | Missing show_id or message
send_message     | {"show_id": 123, "message": " "}  | invalid     | Missing show_id or message
send_message     | {"show_id": 123, "message": 7}    | invalid     | message must be a string
send_message     | {"show_id": 123, "message": "hi"} | not_in_room | Not in show chat room
send_message     | {"show_id": 404, "message": "hi"} | not_found   | Show not found
send_message     | {"show_id": 123, "message": LONG} | too_large   | text is too long
typing           | {"show_id": 123}                  | invalid     | is_typing must be true or false
typing           | {"show_id": 123, "is_typing": 1}  | invalid     | is_typing must be true or false
typing           | {"show_id": 123, "is_typing": true} | not_in_room | Not in show chat room
"#;

#[tokio::test]
async fn every_mistake_has_the_text_of_the_seed() {
    let house = house().await;
    house.private_room("9").await;
    house.login(1, "anna").await.mistakes(MISTAKES).await;
}

#[tokio::test]
async fn typing_that_others_have_heard_of_is_dropped_for_who_cannot_hear_it_now() {
    let house = house().await;
    let mut reader = house.login(5, "reader").await;
    join(&mut reader).await;
    let room = RoomId::from("123");
    let typing = |is_passing| Publication {
        notice: Notice::Typing(Typing {
            room: room.clone(),
            user: Arc::new(User::guest(UserId::from("typist"))),
            to: None,
            is_typing: true,
        }),
        rooms: vec![room.clone()],
        present: VocabularySet::default().with(by_name("shows").expect("there")),
        socket: None,
        own: Vec::new(),
        personal: Vec::new(),
        is_passing,
        merging: Merging::Alone,
    };
    let sockets = Sockets::new(&house.io);
    sockets.publish(&typing(true));
    assert_eq!(reader.heard().await, Vec::<Value>::new(), "no poll waited");
    sockets.publish(&typing(false));
    assert_eq!(reader.heard().await.len(), 1, "it waits for the next poll");
    let (heard, ()) = tokio::join!(reader.event(), async {
        sockets.publish(&typing(true));
    });
    assert_eq!(heard[0], "user_typing", "a poll waited");
}
