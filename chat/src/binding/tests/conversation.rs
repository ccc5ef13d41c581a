//! What clients and server say to each other.

use serde_json::json;

use super::{House, token};
use crate::command::{Action, Post, Speaker};
use crate::config::AuthPolicy;
use crate::ids::{RoomId, UserId};
use crate::model::RoomKind;
use crate::testing::guest;

#[tokio::test]
async fn the_seeds_conversation() {
    let house = House::open(AuthPolicy::Open).await;
    let alice = house.user("Alice").await;
    house.room("general", RoomKind::Public).await;
    let mut client = house.connect("/", &json!({})).await;
    let greeting = client.greeted().await;
    assert_eq!(greeting["message"], "Connected to Roomcast");
    assert_eq!(greeting["isLoggedIn"], false);
    assert!(
        greeting["username"]
            .as_str()
            .is_some_and(|name| name.starts_with("Guest "))
    );
    let place = json!({"user_id": alice, "chatroom_id": "general"});
    client.emit("", &json!(["join", place])).await;
    assert_eq!(
        client.next().await,
        ("42".into(), json!(["joined", {"chatroom_id": "general"}]))
    );
    let by = Speaker::naming(guest().identity, alice.clone());
    let post = Post::text(RoomId::from("general"), "Hello everyone!");
    house
        .chat
        .act(&by, Action::Post(post))
        .await
        .expect("stored");
    let (_, event) = client.next().await;
    assert_eq!(event[0], "new_message");
    assert_eq!(
        (&event[1]["message_text"], &event[1]["seq"]),
        (&json!("Hello everyone!"), &json!(1))
    );
    assert_eq!(event[1]["user_id"], alice.as_str());
    client.emit("", &json!(["leave", place])).await;
    assert_eq!(
        client.next().await.1,
        json!(["left", {"chatroom_id": "general"}])
    );
    let post = Post::text(RoomId::from("general"), "unheard");
    house
        .chat
        .act(&by, Action::Post(post))
        .await
        .expect("stored");
    client.emit("", &json!(["leave", {}])).await;
    let (_, event) = client.next().await;
    assert_eq!(event[1]["message"], "user_id and chatroom_id are required");
}

#[tokio::test]
async fn acks_say_yes_or_no_in_the_order_of_the_events() {
    let house = House::open(AuthPolicy::Open).await;
    let alice = house.user("Alice").await;
    house.room("r", RoomKind::Public).await;
    house.room("private", RoomKind::Private).await;
    let mut client = house.connect("/", &json!({})).await;
    client.greeted().await;
    let alice = alice.as_str();
    let join = |user: &str, room: &str| json!(["join", {"user_id": user, "chatroom_id": room}]);
    client.emit("0", &join(alice, "r")).await;
    client.emit("1", &join(alice, "")).await;
    client.emit("2", &join("nobody", "r")).await;
    client.emit("3", &join(alice, "nowhere")).await;
    client.emit("4", &join(alice, "private")).await;
    client.emit("5", &json!(["no such event", 1])).await;
    client.emit("", &json!(["no such event"])).await;
    assert_eq!(
        client.next().await,
        ("42".into(), json!(["joined", {"chatroom_id": "r"}]))
    );
    assert_eq!(
        client.next().await,
        (
            "430".into(),
            json!([{"ok": true, "chatroom_id": "r", "seq": 0}])
        )
    );
    for (id, code, message) in [
        (1, "invalid", "user_id and chatroom_id are required"),
        (2, "not_found", "User not found"),
        (3, "not_found", "Chatroom not found"),
        (4, "forbidden", "Not a member of this chatroom"),
        (5, "invalid", "Unknown event"),
    ] {
        let (head, ack) = client.next().await;
        assert_eq!(head, format!("43{id}"));
        assert_eq!(
            (&ack[0]["ok"], &ack[0]["error"]["code"]),
            (&json!(false), &json!(code))
        );
        assert_eq!(ack[0]["error"]["message"], message);
    }
    let (_, error) = client.next().await;
    assert_eq!(error[0], "error");
    assert_eq!(
        (&error[1]["code"], &error[1]["event"]),
        (&json!("invalid"), &json!("no such event"))
    );
}

#[tokio::test]
async fn required_mode_refuses_who_has_no_good_token() {
    let house = House::open(AuthPolicy::Required).await;
    for (auth, message, reason) in [
        (json!({}), "Authentication token required", "missing"),
        (
            json!({"token": "undefined"}),
            "Authentication token required",
            "missing",
        ),
        (
            json!({"token": "x"}),
            "Invalid or expired session token",
            "malformed",
        ),
        (
            json!({"token": 7}),
            "Invalid or expired session token",
            "malformed",
        ),
        (
            json!({"token": token(&json!({"sub": "a", "exp": 1}))}),
            "Invalid or expired session token",
            "expired",
        ),
    ] {
        let mut client = house.connect("/", &auth).await;
        let (head, refusal) = client.next().await;
        assert_eq!(
            (head.as_str(), &refusal["message"]),
            ("44", &json!(message))
        );
        assert_eq!(
            refusal["data"],
            json!({"code": "unauthorized", "reason": reason})
        );
    }
    let auth = json!({"token": token(&json!({"sub": 7, "username": "seven"}))});
    let mut client = house.connect("/", &auth).await;
    let greeting = client.greeted().await;
    assert_eq!(
        (&greeting["user_id"], &greeting["username"]),
        (&json!("7"), &json!("seven"))
    );
    assert_eq!(greeting["isLoggedIn"], true);
    assert_eq!(
        house
            .chat
            .user(&UserId::from("7"))
            .await
            .expect("first sight")
            .username(),
        "seven"
    );
    client
        .emit("0", &json!(["join", {"user_id": "8", "chatroom_id": "r"}]))
        .await;
    assert_eq!(client.next().await.1[0]["error"]["code"], "forbidden");
}

#[tokio::test]
async fn a_socket_whose_token_ends_is_told_and_closed() {
    let house = House::open(AuthPolicy::Open).await;
    let soon = crate::Timestamp::now().as_millis() / 1000 + 2;
    let auth = json!({"token": token(&json!({"sub": "a", "exp": soon}))});
    let mut client = house.connect("/", &auth).await;
    client.greeted().await;
    let (_, error) = client.next().await;
    assert_eq!(error[0], "error");
    assert_eq!(
        (&error[1]["message"], &error[1]["code"]),
        (&json!("Unauthorized"), &json!("token_expired"))
    );
    assert_eq!(client.packet().await, "41");
}

#[tokio::test]
async fn the_path_as_a_namespace_is_the_same_chat() {
    let house = House::open(AuthPolicy::Open).await;
    let alice = house.user("Alice").await;
    house.room("r", RoomKind::Public).await;
    let mut client = house.connect("/socket.io", &json!({})).await;
    client.greeted().await;
    client
        .emit("", &json!(["join", {"user_id": alice, "chatroom_id": "r"}]))
        .await;
    assert_eq!(
        client.next().await.1,
        json!(["joined", {"chatroom_id": "r"}])
    );
    let by = Speaker::naming(guest().identity, alice);
    house
        .chat
        .act(&by, Action::Post(Post::text(RoomId::from("r"), "hi")))
        .await
        .expect("stored");
    assert_eq!(client.next().await.1[1]["message_text"], "hi");
}

#[tokio::test]
async fn a_thousand_bad_events_get_a_thousand_errors() {
    let house = House::open(AuthPolicy::Open).await;
    let mut client = house.connect("/", &json!({})).await;
    client.greeted().await;
    let burst: Vec<String> = (0..1000)
        .map(|id| format!("42{id}[\"join\",{id}]"))
        .collect();
    let query = format!("&sid={}", client.sid);
    let (posted, ()) = tokio::join!(house.request(&query, Some(burst.join("\u{1e}"))), async {
        for id in 0..1000 {
            while client.packets.is_empty() {
                let body = house.request(&query, None).await;
                let packets = body
                    .split('\u{1e}')
                    .filter(|packet| packet.starts_with("43"));
                client.packets.extend(packets.map(str::to_owned));
            }
            let ack = client.packets.pop_front().expect("not empty");
            assert!(ack.starts_with(&format!("43{id}[")), "{ack}");
        }
    });
    assert_eq!(posted, "ok");
}

#[tokio::test]
async fn in_open_mode_connect_may_say_who_speaks() {
    let house = House::open(AuthPolicy::Open).await;
    let (alice, ben) = (house.user("Alice").await, house.user("Ben").await);
    house.room("r", RoomKind::Public).await;
    let mut client = house.connect("/", &json!({ "user_id": alice })).await;
    let greeting = client.greeted().await;
    assert_eq!(
        (&greeting["user_id"], &greeting["isLoggedIn"]),
        (&json!(alice), &json!(true))
    );
    let send = json!({"chatId": "r", "content": "mine"});
    for event in [
        json!(["chat:join", {"chatId": "r"}]),
        json!(["message:send", send]),
        json!(["send_personal_message", {"to_user_id": ben, "content": "for you"}]),
    ] {
        let (_, ack) = client.ask(&event).await;
        assert_eq!(ack["ok"], true, "{ack}");
    }
    let mut stranger = house.connect("/", &json!({ "user_id": "nobody" })).await;
    assert_eq!(stranger.greeted().await["isLoggedIn"], false);
}

#[tokio::test]
async fn where_a_token_is_required_saying_who_one_is_does_not_do() {
    let house = House::open(AuthPolicy::Required).await;
    let alice = house.user("Alice").await;
    let mut nobody = house.connect("/", &json!({ "user_id": alice })).await;
    assert!(nobody.packet().await.starts_with("44"));
    let token = token(&json!({"sub": 7, "username": "seven"}));
    let mut seven = house
        .connect("/", &json!({ "token": token, "user_id": alice }))
        .await;
    assert_eq!(seven.greeted().await["user_id"], "7");
}
