//! The conversations of the seed of `chats`.

use serde_json::{Value, json};

use super::{House, Settings};
use crate::command::{Action, Membership};
use crate::config::AuthPolicy;
use crate::ids::{RoomId, UserId};
use crate::model::RoomKind;
use crate::testing::known;

async fn house() -> House {
    let house = House::open_as(AuthPolicy::Required, Settings::of("chats", "Chats")).await;
    house.room("c", RoomKind::Public).await;
    house.private_room("9").await;
    house
}

fn membership(user: &str) -> Membership {
    Membership {
        room: RoomId::from("9"),
        user: UserId::from(user),
    }
}

async fn act(house: &House, action: Action) {
    let acted = house.chat.act(&known("owner"), action).await;
    acted.expect("owned");
}

/// Makes somebody a member of the private chat `9`.
async fn add(house: &House, user: &str) {
    act(house, Action::AddMember(membership(user))).await;
}

fn chat() -> Value {
    json!({"chatId": "c"})
}

#[tokio::test]
async fn joining_sending_reading_and_typing_as_the_seed_has_them() {
    let house = house().await;
    let (mut anna, mut ben) = (house.login(1, "anna").await, house.login(2, "ben").await);
    let (events, _) = anna.ask(&json!(["chat:join", chat()])).await;
    assert_eq!(events, [json!(["chat:joined", chat()])]);
    let (events, ack) = ben.ask(&json!(["chat:join", chat()])).await;
    let online = json!(["user:status", {"userId": "1", "status": "online"}]);
    assert_eq!(events, [json!(["chat:joined", chat()]), online]);
    assert_eq!(ack, json!({"ok": true, "chatId": "c", "seq": 0}));
    let send =
        json!(["message:send", {"chatId": "c", "content": "Hello, world!", "messageType": "text"}]);
    let (events, ack) = anna.ask(&send).await;
    let mut new = events[0].clone();
    let id = new[1]["id"].take();
    assert_eq!(ack["id"], id);
    assert!(new[1]["created_at"].take().is_string());
    let expected = json!(["message:new", {"id": null, "chat_id": "c", "sender_id": "1", "content": "Hello, world!",
        "message_type": "text", "created_at": null, "seq": 1,
        "sender": {"id": "1", "username": "anna", "name": "anna"}}]);
    assert_eq!(new, expected);
    assert_eq!(ben.event().await, events[0], "everybody hears the same");
    ben.ask(&json!(["message:read", {"messageId": id, "chatId": "c"}]))
        .await;
    let mut read = anna.event().await;
    assert!(read[1]["readAt"].take().is_string());
    let expected = json!({"messageId": id, "chatId": "c", "userId": "2", "readAt": null});
    assert_eq!(read, json!(["message:read", expected]));
    ben.ask(&json!(["typing:start", chat()])).await;
    ben.ask(&json!(["typing:stop", chat()])).await;
    let expected = json!({"chatId": "c", "userId": "2", "username": "ben"});
    assert_eq!(anna.event().await, json!(["typing:start", expected]));
    assert_eq!(
        anna.event().await,
        json!(["typing:stop", {"chatId": "c", "userId": "2"}])
    );
    let (events, _) = ben.ask(&json!(["chat:leave", chat()])).await;
    assert_eq!(events, [json!(["chat:left", chat()])]);
}

#[tokio::test]
async fn chats_are_joined_automatically_and_later_ones_too() {
    let house = house().await;
    house.login(1, "anna").await;
    add(&house, "1").await;
    let mut anna = house.login(1, "anna").await;
    let joined = json!(["chat:joined", {"chatId": "9"}]);
    assert_eq!(anna.event().await, joined);
    let mut ben = house.login(2, "ben").await;
    add(&house, "2").await;
    assert_eq!(ben.event().await, joined);
    let send = json!(["message:send", {"chatId": "9", "content": "hi"}]);
    let (events, _) = anna.ask(&send).await;
    assert_eq!(
        (&events[0][0], &events[0][1]["content"]),
        (&json!("message:new"), &json!("hi"))
    );
    assert_eq!(ben.event().await, events[0]);
    act(&house, Action::RemoveMember(membership("2"))).await;
    assert_eq!(ben.event().await, json!(["chat:left", {"chatId": "9"}]));
    anna.ask(&send).await;
    assert_eq!(ben.heard().await, Vec::<Value>::new());
}

#[tokio::test]
async fn a_burst_right_after_connecting_is_handled_after_joining() {
    let house = house().await;
    house.login(1, "anna").await;
    add(&house, "1").await;
    let auth = json!({"token": super::token(&json!({"sub": 1, "username": "anna"}))});
    let mut anna = house.connect("/", &auth).await;
    let send = json!(["message:send", {"chatId": "9", "content": "at once"}]);
    anna.emit("", &send).await;
    anna.greeted().await;
    assert_eq!(anna.event().await[0], "chat:joined");
    assert_eq!(anna.event().await[1]["content"], "at once");
}

#[tokio::test]
async fn who_shares_a_chat_hears_of_coming_and_going() {
    let house = house().await;
    let (mut anna, ben) = (house.login(1, "anna").await, house.login(2, "ben").await);
    add(&house, "1").await;
    add(&house, "2").await;
    anna.event().await;
    ben.write("1").await;
    let status = |word: &str| json!(["user:status", {"userId": "2", "status": word}]);
    assert_eq!(anna.event().await, status("offline"));
    let mut ben = house.login(2, "ben").await;
    assert_eq!(anna.event().await, status("online"));
    assert_eq!(ben.event().await[0], "chat:joined");
    assert_eq!(
        ben.event().await,
        json!(["user:status", {"userId": "1", "status": "online"}])
    );
}

const MISTAKES: &str = r#"
chat:join    | {}                                           | invalid   | chatId is required
chat:join    | "c"                                          | invalid   | the payload must be an object
chat:join    | {"chatId": "no"}                             | not_found | Chat not found
chat:join    | {"chatId": "9"}                              | forbidden | Not a member of this chat
chat:leave   | {"chatId": {}}                               | invalid   | chatId must be a string
message:send | {"chatId": "c", "content": "x"}              | forbidden | Not a member of this chat
message:send | {"chatId": "c", "content": " "}              | invalid   | content is required
message:send | {"chatId": "c", "content": LONG}             | too_large | text is too long
message:send | {"chatId": "c", "content": "x", "messageType": "video"} | invalid | messageType must be text, image or file
message:read | {"chatId": "c"}                              | invalid   | messageId is required
message:read | {"chatId": "c", "messageId": "x"}            | not_found | Message not found
message:read | {"chatId": "c", "messageId": "00000000-0000-0000-0000-000000000000"} | forbidden | Not a member of this chat
typing:start | {"chatId": "9"}                              | forbidden | Not a member of this chat
typing:stop  | {}                                           | invalid   | chatId is required
"#;

#[tokio::test]
async fn every_mistake_is_named() {
    let house = house().await;
    house.login(1, "anna").await.mistakes(MISTAKES).await;
}
