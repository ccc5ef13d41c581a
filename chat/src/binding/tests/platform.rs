//! The conversations of the seed of `platform`.

use std::net::{IpAddr, Ipv4Addr};

use serde_json::{Value, json};

use super::{Client, House, Settings, token};
use crate::auth::{Credentials, Reason, TokenHash, Verifier};
use crate::command::{Action, NewSession, Opened, Reply, Speaker};
use crate::config::AuthPolicy;
use crate::failure::Failure;
use crate::testing::{guest, known};

async fn house() -> House {
    House::open_as(AuthPolicy::Required, Settings::of("platform", "YektaYar")).await
}

async fn acquire(house: &House, by: &Speaker) -> Opened {
    let new = NewSession {
        metadata: Some(r#"{"source":"my-app"}"#.to_owned()),
        address: None,
    };
    match house.chat.act(by, Action::OpenSession(new)).await {
        Ok(Reply::Session(opened)) => opened,
        other => panic!("no session: {other:?}"),
    }
}

async fn connect<'a>(house: &'a House, token: &str) -> Client<'a> {
    house.connect("/", &json!({ "token": token })).await
}

/// Sends a command and returns its one answer, whose time is checked and taken out.
async fn command(client: &mut Client<'_>, event: Value) -> Value {
    let (mut events, ack) = client.ask(&event).await;
    assert_eq!((events.len(), &ack["ok"]), (1, &json!(true)));
    let mut answer = events.remove(0);
    let time = match answer[0].as_str() {
        Some("status_response") => &mut answer[1]["server"]["timestamp"],
        _ => &mut answer[1]["timestamp"],
    };
    let time = time.take();
    assert!(
        time.as_str()
            .is_some_and(|time| time.len() == 24 && time.ends_with('Z')),
        "{time}"
    );
    answer
}

#[tokio::test]
async fn the_commands_of_the_seed_have_true_answers() {
    let house = house().await;
    let session = acquire(&house, &guest()).await;
    let mut client = connect(&house, &session.token).await;
    let greeting = client.greeted().await;
    assert_eq!(greeting["message"], "Connected to YektaYar server");
    assert_eq!(greeting["isLoggedIn"], false);
    let socket = &greeting["socketId"];
    let masked = format!("***{}", &session.token[37..]);
    house.room("r", crate::model::RoomKind::Public).await;
    client.ask(&json!(["join_show", {"show_id": "r"}])).await;
    assert_eq!(
        command(&mut client, json!(["ping"])).await,
        json!(["pong", {"timestamp": null}])
    );
    let expected = json!({
        "server": {"name": "YektaYar API Server", "version": "0.1.0", "status": "running", "timestamp": null},
        "connection": {"socketId": socket, "sessionToken": masked, "userId": null, "isLoggedIn": false,
            "rooms": [socket, "r"]},
    });
    assert_eq!(
        command(&mut client, json!(["status"])).await,
        json!(["status_response", expected])
    );
    let expected = json!({
        "server": {"name": "YektaYar Mental Health Platform API", "version": "0.1.0",
            "description": "Backend API with Socket.IO real-time communication",
            "features": {"rest": true, "websocket": true, "authentication": true, "realtime": true}},
        "websocket": {"connected": true, "transport": "polling", "protocol": 4, "activeConnections": 1},
        "session": {"authenticated": false, "userId": "anonymous", "sessionToken": masked},
        "timestamp": null,
    });
    assert_eq!(
        command(&mut client, json!(["info", {}])).await,
        json!(["info_response", expected])
    );
    for said in [
        json!("Hello, server!"),
        json!({"message": "Hello!", "data": [1, 2, 3]}),
        json!(null),
    ] {
        let expected = json!({"received": said, "timestamp": null, "socketId": socket});
        assert_eq!(
            command(&mut client, json!(["echo", said])).await,
            json!(["echo_response", expected])
        );
        let expected = json!({"success": true, "message": "Message received successfully", "data": said,
            "timestamp": null});
        assert_eq!(
            command(&mut client, json!(["message", said])).await,
            json!(["message_received", expected])
        );
    }
}

#[tokio::test]
async fn a_session_is_its_owner_or_a_guest_that_stays_the_same() {
    let house = house().await;
    let session = acquire(&house, &guest()).await;
    let one = connect(&house, &session.token).await.greeted().await;
    let other = connect(&house, &session.token).await.greeted().await;
    assert_eq!(one["user_id"], other["user_id"]);
    let anna = known("anna");
    house.chat.act(&anna, Action::Appear).await.expect("new");
    let session = acquire(&house, &anna).await;
    let mut client = connect(&house, &session.token).await;
    let greeting = client.greeted().await;
    assert_eq!(
        (&greeting["user_id"], &greeting["isLoggedIn"]),
        (&json!("anna"), &json!(true))
    );
    let info = command(&mut client, json!(["info"])).await;
    let session = &info[1]["session"];
    assert_eq!(
        (&session["authenticated"], &session["userId"]),
        (&json!(true), &json!("anna"))
    );
    let jwt = connect(&house, &token(&json!({"sub": "anna"})))
        .await
        .greeted()
        .await;
    assert_eq!(jwt["user_id"], "anna", "a JWT is as good");
}

#[tokio::test]
async fn unknown_and_ended_sessions_are_refused_and_only_a_hash_is_kept() {
    let house = house().await;
    let refused = async |token: &str| connect(&house, token).await.next().await.1;
    let missing = refused("").await;
    assert_eq!(missing["message"], "Authentication token required");
    let session = acquire(&house, &guest()).await;
    let hash = TokenHash::of(&session.token);
    let kept = house
        .chat
        .store
        .session(hash)
        .await
        .expect("readable")
        .expect("there");
    assert!(!format!("{kept:?}").contains(&session.token));
    let days = kept.expires_at.since(kept.created_at).as_secs() / 86_400;
    assert_eq!((days, kept.expires_at), (30, session.expires_at));
    house
        .chat
        .act(&guest(), Action::EndSession(hash))
        .await
        .expect("stored");
    for token in [session.token.as_str(), &"x".repeat(43)] {
        let refusal = refused(token).await;
        assert_eq!(refusal["message"], "Invalid or expired session token");
        assert_eq!(refusal["data"]["reason"], "unknown_session");
    }
}

#[tokio::test]
async fn whoever_is_connected_with_a_session_that_is_given_back_is_told_and_closed() {
    let house = house().await;
    let (mine, other) = (
        acquire(&house, &guest()).await,
        acquire(&house, &guest()).await,
    );
    let mut clients = Vec::new();
    for (namespace, session) in [("/", &mine), ("/socket.io", &mine), ("/", &other)] {
        let auth = json!({"token": session.token});
        let mut client = house.connect(namespace, &auth).await;
        client.greeted().await;
        clients.push(client);
    }
    let end = Action::EndSession(TokenHash::of(&mine.token));
    house.chat.act(&guest(), end).await.expect("stored");
    let mut stays = clients.pop().expect("three");
    for client in &mut clients {
        let said = client.event().await;
        assert_eq!(
            (&said[0], &said[1]["message"], &said[1]["code"]),
            (
                &json!("error"),
                &json!("Unauthorized"),
                &json!("unauthorized")
            )
        );
        assert_eq!(client.packet().await, format!("41{}", client.prefix));
    }
    command(&mut stays, json!(["ping"])).await;
}

#[tokio::test]
async fn a_session_that_is_given_back_while_its_socket_comes_in_is_not_served() {
    let house = house().await;
    let session = acquire(&house, &guest()).await;
    let (chat, hash) = (house.chat.clone(), TokenHash::of(&session.token));
    // Behind the one that looks at the token.
    house.io.of("/").middleware(move || {
        let chat = chat.clone();
        async move {
            let ended = chat.act(&guest(), Action::EndSession(hash)).await;
            ended.expect("stored");
            Ok(())
        }
    });
    let mut client = connect(&house, &session.token).await;
    client.greeted().await;
    let said = client.event().await;
    assert_eq!(
        (&said[0], &said[1]["code"]),
        (&json!("error"), &json!("unauthorized"))
    );
    assert_eq!(client.packet().await, "41");
}

#[tokio::test]
async fn a_session_that_ended_by_itself_is_expired() {
    let house = house().await;
    let mut config = crate::Config::clone(house.chat.config());
    config.session_lifetime = std::time::Duration::ZERO;
    let chat = crate::Chat::start(config, house.chat.store.clone(), std::sync::Arc::new(()))
        .await
        .expect("starts");
    let new = NewSession {
        metadata: None,
        address: None,
    };
    let Ok(Reply::Session(opened)) = chat.act(&guest(), Action::OpenSession(new)).await else {
        panic!("a session")
    };
    let credentials = Credentials {
        auth: Some(&opened.token),
        ..Credentials::default()
    };
    let verifier = Verifier::new(AuthPolicy::Required);
    let refusal = chat
        .identify(&verifier, &credentials)
        .await
        .expect_err("over");
    assert_eq!(refusal.reason, Reason::Expired);
}

#[tokio::test]
async fn one_address_opens_only_so_many_sessions() {
    let house = house().await;
    let open = async |last| {
        let new = NewSession {
            metadata: None,
            address: Some(IpAddr::V4(Ipv4Addr::new(192, 0, 2, last))),
        };
        house.chat.act(&guest(), Action::OpenSession(new)).await
    };
    for _ in 0..60 {
        open(1).await.expect("not too many");
    }
    let refused = open(1).await.expect_err("too many");
    assert!(matches!(refused, Failure::RateLimited { .. }), "{refused}");
    open(2).await.expect("somebody else");
}
