//! What is done with many sockets at once.

use std::time::Duration;

use socketio::{AckError, Data, Socket, SocketId};

use crate::harness::{Log, Raw, listen, server, until};

fn id(sid: &str) -> SocketId {
    SocketId::decode(sid).expect("20 characters")
}

#[tokio::test]
async fn many_join_leave_and_are_disconnected() {
    let io = server();
    let nsp = io.of("/");
    let _other = io.of("/other");
    let address = listen(&io).await;
    let (mut ada, ada_id) = Raw::join(address).await;
    let (mut bob, bob_id) = Raw::join(address).await;
    bob.connect("/other,").await;
    nsp.join(["a", "b"]);
    nsp.to(id(&ada_id)).leave("b");
    assert_eq!(nsp.to("a").emit("to a", ()), Ok(2));
    assert_eq!(nsp.to("b").send("to b"), Ok(1));
    ada.expect(r#"42["to a"]"#).await;
    bob.expect(r#"42["to a"]"#).await;
    bob.expect(r#"42["message","to b"]"#).await;

    nsp.to("b").disconnect(true);
    bob.expect("41").await;
    bob.expect("41/other,").await;
    bob.expect_close().await;
    nsp.except("nowhere").local().disconnect(false);
    ada.expect("41").await;
    ada.connect("").await;
    assert!(nsp.socket(id(&bob_id)).is_none());
}

#[tokio::test]
async fn sockets_are_fetched_with_handshake_rooms_and_data() {
    let io = server();
    let nsp = io.of("/");
    nsp.on_connect(|socket: Socket, Data(name): Data<serde_json::Value>| {
        socket.set_data(name["name"].as_str().unwrap_or_default().to_owned());
        socket.join("room").is_ok()
    });
    let address = listen(&io).await;
    let mut client = Raw::open_with(address, "&k=v").await;
    client.send(r#"40{"name":"Ada"}"#).await;
    assert!(client.text().await.is_some());
    let (_other, _) = Raw::join(address).await;
    until(|| nsp.to("room").emit("e", ()) == Ok(2)).await;

    let fetched = nsp.to(["room", "room"]).fetch_sockets().await;
    assert_eq!(fetched.len(), 2);
    let with_query = |socket: &&socketio::server::RemoteSocket| {
        socket.handshake().query_value("k").as_deref() == Some("v")
    };
    let ada = fetched.iter().find(with_query).expect("Ada");
    assert_eq!(ada.data::<String>().as_deref(), Some(&"Ada".to_owned()));
    assert_eq!(ada.rooms(), [ada.id().as_str(), "room"]);
    let handshake = serde_json::to_value(ada.handshake()).expect("serializes");
    assert_eq!(handshake["query"]["k"], "v");
    assert_eq!(handshake["auth"]["name"], "Ada");
    assert_eq!(handshake["address"], "127.0.0.1");
    ada.leave("room");
    assert_eq!(nsp.to("room").fetch_sockets().await.len(), 1);
    assert_eq!(nsp.except("room").fetch_sockets().await.len(), 1);
    ada.disconnect(true);
    assert_eq!(nsp.fetch_sockets().await.len(), 1);
}

#[tokio::test]
async fn all_are_asked_with_one_id_and_answer() {
    let io = server();
    let nsp = io.of("/");
    let address = listen(&io).await;
    let (mut ada, ada_id) = Raw::join(address).await;
    let (mut bob, bob_id) = Raw::join(address).await;
    let (mut eve, eve_id) = Raw::join(address).await;
    let mut answers = nsp
        .timeout(Duration::from_millis(300))
        .emit_with_ack("q", 1);
    for client in [&mut ada, &mut bob, &mut eve] {
        client.expect(r#"420["q",1]"#).await;
    }
    bob.send(r#"430["b",2]"#).await;
    let (who, answer) = answers.next().await.expect("an answer");
    assert_eq!(who, id(&bob_id));
    assert_eq!(answer.expect("answered").raw(), r#""b",2"#);
    bob.send(r#"430["again"]"#).await;
    drop(eve);
    let gone = Some((id(&eve_id), Err(AckError::Disconnected)));
    assert_eq!(answers.next().await, gone);
    let gathered = answers.await.expect("encodes");
    assert_eq!(gathered.missing, [(id(&ada_id), AckError::Timeout)]);
    assert!(gathered.answers.is_empty());
    ada.send(r#"430["late"]"#).await;
    assert_eq!(nsp.to(id(&ada_id)).emit("e", ()), Ok(1));
    ada.expect(r#"42["e"]"#).await;
}

#[tokio::test]
async fn a_handler_may_wait_for_the_answer_of_its_own_socket_behind_a_full_inbox() {
    let io = server();
    io.of("/").on("ask all", |socket: Socket| async move {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let all = socket.namespace().emit_with_ack("q", ()).await;
        all.is_ok_and(|all| all.is_complete())
    });
    let (mut client, _) = Raw::join(listen(&io).await).await;
    client.send(r#"427["ask all"]"#).await;
    for _ in 0..200 {
        client.send(r#"42["noise"]"#).await;
    }
    client.expect(r#"420["q"]"#).await;
    client.send("430[]").await;
    client.expect("437[true]").await;
}

#[tokio::test]
async fn who_does_not_get_a_broadcast_is_told_by_socket() {
    let io = server();
    let nsp = io.of("/");
    let log = Log::default();
    let failures = log.clone();
    nsp.on_delivery_failed(move |socket, error| failures.add(format!("{socket} {error}")));
    let address = listen(&io).await;
    let (_ada, _) = Raw::join(address).await;
    let (_bob, bob_id) = Raw::join(address).await;
    let bob = nsp.socket(id(&bob_id)).expect("connected");
    // Closed, and still in its rooms until its task notices.
    bob.session().abort(engineio::CloseReason::TransportClose);
    let taken = nsp.emit("e", ());
    assert_eq!(taken, Ok(1));
    log.expect(&[&format!("{bob_id} disconnected")]).await;
}

#[tokio::test]
async fn a_weak_socket_keeps_nothing() {
    let io = server();
    let (client, sid) = Raw::join(listen(&io).await).await;
    let weak = io.of("/").socket(id(&sid)).expect("connected").downgrade();
    assert!(
        weak.upgrade()
            .is_some_and(|socket| socket.id() == weak.id())
    );
    drop(client);
    until(|| weak.upgrade().is_none()).await;
}
