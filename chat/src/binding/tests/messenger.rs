//! The conversations of the seed of `messenger`.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Client, House, Settings};
use crate::command::{Action, Join};
use crate::config::AuthPolicy;
use crate::ids::{RoomId, SocketId};
use crate::model::RoomKind;
use crate::testing::{join as entering, known};

async fn house() -> House {
    House::open_as(AuthPolicy::Required, Settings::of("messenger", "Messenger")).await
}

fn personal(to: u64, content: &str) -> Value {
    json!(["send_personal_message", {"to_user_id": to, "content": content}])
}

/// Takes what differs from run to run out of an event.
fn still(mut event: Value) -> Value {
    for field in ["id", "created_at"] {
        assert!(event[1][field].is_string(), "{event}");
        event[1][field].take();
    }
    event
}

async fn join(client: &mut Client<'_>, room: &str) {
    let (events, ack) = client.ask(&json!(["join_room", {"room_id": room}])).await;
    assert_eq!((events.len(), &ack["ok"]), (0, &json!(true)), "{ack}");
}

#[tokio::test]
async fn the_greeting_shows_a_number_and_the_name_of_the_service() {
    let house = house().await;
    let auth = json!({"token": super::token(&json!({"sub": 7, "username": "seven"}))});
    let greeting = house.connect("/", &auth).await.greeted().await;
    assert_eq!(greeting["message"], "Connected to Messenger");
    assert_eq!(
        (&greeting["user_id"], &greeting["username"]),
        (&json!(7), &json!("seven"))
    );
}

#[tokio::test]
async fn a_personal_message_reaches_every_socket_of_both_but_the_one_it_came_from() {
    let house = house().await;
    let (mut anna, mut tab) = (house.login(1, "anna").await, house.login(1, "anna").await);
    let (mut ben, mut phone) = (house.login(123, "ben").await, house.login(123, "ben").await);
    let (events, ack) = anna.ask(&personal(123, "Hello!")).await;
    let delivered = json!(["personal_message_delivered",
        {"id": null, "to_user_id": 123, "delivered": true, "created_at": null, "seq": 1}]);
    assert_eq!(events.len(), 1);
    assert_eq!(
        (&ack["ok"], &ack["seq"], &ack["id"]),
        (&json!(true), &json!(1), &events[0][1]["id"])
    );
    assert_eq!(still(events[0].clone()), delivered);
    let received = json!(["receive_personal_message", {"id": null, "from_user_id": 1, "from_username": "anna",
        "to_user_id": 123, "content": "Hello!", "created_at": null, "seq": 1}]);
    for client in [&mut ben, &mut phone, &mut tab] {
        assert_eq!(still(client.event().await), received);
    }
    assert!(anna.heard().await.is_empty());
}

#[tokio::test]
async fn what_is_written_to_somebody_away_is_kept_and_its_writer_hears_when_it_arrives() {
    let house = house().await;
    let mut anna = house.login(1, "anna").await;
    for text in ["one", "two"] {
        let (events, _) = anna.ask(&personal(123, text)).await;
        assert_eq!(events[0][1]["delivered"], false, "123 has never been seen");
    }
    let mut ben = house.login(123, "ben").await;
    for text in ["one", "two"] {
        let event = ben.event().await;
        assert_eq!(event[0], "receive_personal_message");
        assert_eq!(
            (&event[1]["content"], &event[1]["to_user_id"]),
            (&json!(text), &json!(123))
        );
    }
    for _ in 0..2 {
        let event = anna.event().await;
        assert_eq!(
            (&event[0], &event[1]["delivered"]),
            (&json!("personal_message_delivered"), &json!(true))
        );
    }
    let mut phone = house.login(123, "ben").await;
    assert!(phone.heard().await.is_empty(), "it is handed over once");
}

#[tokio::test]
async fn without_the_profile_kept_messages_wait_for_a_client_that_understands_them() {
    let house = House::open(AuthPolicy::Required).await;
    let mut anna = house.login(1, "anna").await;
    anna.ask(&personal(2, "kept")).await;
    let mut ben = house.login(2, "ben").await;
    assert!(ben.heard().await.is_empty());
    let (events, _) = ben
        .ask(&json!(["leave_room", {"room_id": "nowhere"}]))
        .await;
    assert_eq!(events[0][1]["content"], "kept");
}

#[tokio::test]
async fn a_group_message_goes_to_the_others_and_counts_them() {
    let house = house().await;
    let (mut anna, mut ben) = (house.login(1, "anna").await, house.login(2, "ben").await);
    join(&mut anna, "room_123").await;
    join(&mut ben, "room_123").await;
    let crossed = json!({"room_id": "room_123", "user_id": 2, "username": "ben"});
    assert_eq!(anna.event().await, json!(["user_joined", crossed]));
    let group = json!(["send_group_message", {"room_id": "room_123", "content": "Hello group!"}]);
    let (events, _) = anna.ask(&group).await;
    assert_eq!(events.len(), 1);
    let expected = json!(["group_message_delivered",
        {"id": null, "room_id": "room_123", "recipients": 1, "created_at": null, "seq": 1}]);
    assert_eq!(still(events[0].clone()), expected);
    let expected = json!(["receive_group_message", {"id": null, "room_id": "room_123", "from_user_id": 1,
        "from_username": "anna", "content": "Hello group!", "created_at": null, "seq": 1}]);
    assert_eq!(still(ben.event().await), expected);
    ben.ask(&json!(["leave_room", {"room_id": "room_123"}]))
        .await;
    assert_eq!(anna.event().await, json!(["user_left", crossed]));
}

#[tokio::test]
async fn typing_is_to_a_person_or_to_a_room() {
    let house = house().await;
    let (mut anna, mut ben) = (house.login(1, "anna").await, house.login(2, "ben").await);
    join(&mut anna, "r").await;
    join(&mut ben, "r").await;
    anna.heard().await;
    for (place, room) in [
        (json!({"to_user_id": 2}), None),
        (json!({"room_id": "r"}), Some("r")),
    ] {
        for (event, is_typing) in [("typing_start", true), ("typing_stop", false)] {
            anna.ask(&json!([event, place])).await;
            let mut expected = json!({"user_id": 1, "username": "anna", "is_typing": is_typing});
            if let Some(room) = room {
                expected["room_id"] = json!(room);
            }
            assert_eq!(ben.event().await, json!(["typing", expected]));
        }
    }
    anna.ask(&json!(["typing_start", {"to_user_id": 2}])).await;
    anna.ask(&personal(2, "done")).await;
    let heard: Vec<_> = [ben.event().await, ben.event().await, ben.event().await].into();
    assert_eq!(
        (&heard[1][1]["is_typing"], &heard[2][0]),
        (&json!(false), &json!("receive_personal_message"))
    );
}

#[tokio::test]
async fn a_message_is_kept_over_a_restart_of_everything_but_the_disk() {
    let house = house().await;
    let mut anna = house.login(1, "anna").await;
    let first =
        json!(["send_personal_message", {"to_user_id": 2, "content": "x", "client_msg_id": "c"}]);
    let (_, one) = anna.ask(&first).await;
    let (_, again) = anna.ask(&first).await;
    assert_eq!(one["id"], again["id"], "the same again is the same message");
    let other =
        json!(["send_personal_message", {"to_user_id": 2, "content": "y", "client_msg_id": "c"}]);
    assert_eq!(anna.ask(&other).await.1["error"]["code"], "conflict");
    let kept = async || {
        let kept = house.chat.store.kept(&"2".into(), 0, 10).await;
        kept.expect("readable").len()
    };
    assert_eq!(kept().await, 1);
    let mut ben = house.login(2, "ben").await;
    ben.event().await;
    let gone = async {
        while kept().await > 0 {
            tokio::task::yield_now().await;
        }
    };
    let gone = tokio::time::timeout(Duration::from_secs(5), gone).await;
    assert!(gone.is_ok(), "it has been received");
}

#[tokio::test]
async fn what_a_client_has_not_fetched_is_kept_for_its_next_connection() {
    let house = house().await;
    let mut anna = house.login(1, "anna").await;
    anna.ask(&personal(2, "kept")).await;
    let auth = json!({"token": super::token(&json!({"sub": 2, "username": "ben"}))});
    // It does not poll again, and goes.
    let gone = house.connect("/", &auth).await;
    while house.chat.census().await.expect("running").users < 2 {
        tokio::task::yield_now().await;
    }
    // Time enough to be told something that is not true.
    for _ in 0..10 {
        assert!(anna.heard().await.is_empty(), "nothing was delivered");
    }
    gone.write("1").await;
    let mut ben = house.login(2, "ben").await;
    assert_eq!(ben.event().await[1]["content"], "kept");
    assert_eq!(anna.event().await[1]["delivered"], true);
}

#[tokio::test]
async fn everybody_who_comes_and_goes_is_named_however_many_they_are() {
    let house = house().await;
    let mut anna = house.login(1, "anna").await;
    join(&mut anna, "r").await;
    let vocabulary = crate::vocabulary::by_name("messenger").expect("there");
    let people: Vec<_> = (100..250).map(|id| (known(&id.to_string()), id)).collect();
    for (by, id) in &people {
        let coming = Join {
            vocabulary,
            ..entering(&RoomId::from("r"), &id.to_string())
        };
        for action in [Action::Appear, Action::Join(coming)] {
            house.chat.act(by, action).await.expect("public");
        }
    }
    for (by, id) in &people {
        let going = Action::Disconnect(SocketId::from(id.to_string()));
        house.chat.act(by, going).await.expect("true");
    }
    let heard = anna.heard().await;
    let named = |event: &str| -> Vec<u64> {
        let said = heard.iter().filter(|said| said[0] == event);
        said.filter_map(|said| said[1]["user_id"].as_u64())
            .collect()
    };
    let everybody: Vec<u64> = (100..250).collect();
    assert_eq!(named("user_joined"), everybody);
    assert_eq!(named("user_left"), everybody);
}

const MISTAKES: &str = r#"
send_personal_message | {}                                  | invalid     | to_user_id is required
send_personal_message | 7                                   | invalid     | the payload must be an object
send_personal_message | {"to_user_id": 2}                   | invalid     | content is required
send_personal_message | {"to_user_id": 2, "content": ""}    | invalid     | content is required
send_personal_message | {"to_user_id": 2, "content": []}    | invalid     | content must be a string
send_personal_message | {"to_user_id": 2, "content": LONG}  | too_large   | text is too long
send_personal_message | {"to_user_id": [2], "content": "x"} | invalid     | to_user_id must be a string
send_personal_message | {"to_user_id": "guest-1", "content": "x"} | not_found | User not found
send_group_message    | {"room_id": "r"}                    | invalid     | content is required
send_group_message    | {"content": "x"}                    | invalid     | room_id is required
send_group_message    | {"room_id": "r", "content": "x"}    | not_in_room | Not in the room
send_group_message    | {"room_id": "no", "content": "x"}   | not_found   | Room not found
join_room             | {}                                  | invalid     | room_id is required
join_room             | {"room_id": "9"}                    | forbidden   | Not a member of this room
join_room             | {"room_id": "direct-0"}             | not_found   | Room not found
leave_room            | {"room_id": 1.5}                    | invalid     | room_id must be a string
typing_start          | {}                                  | invalid     | to_user_id or room_id is required
typing_start          | {"room_id": "r"}                    | not_in_room | Not in the room
typing_stop           | {"room_id": "9"}                    | forbidden   | Not a member of this room
"#;

#[tokio::test]
async fn every_mistake_is_named() {
    let house = house().await;
    house
        .room(RoomId::from("r").as_str(), RoomKind::Public)
        .await;
    house.private_room("9").await;
    house.login(1, "anna").await.mistakes(MISTAKES).await;
}
