//! Dynamic namespaces, new ones, removed ones.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use socketio::server::NamespaceRequest;
use socketio::{Config, Namespace, Socket, SocketIo};

use crate::harness::{Log, Raw, listen, server, until};

#[tokio::test]
async fn a_pattern_makes_namespaces_that_share_handlers() {
    let io = server();
    let rooms = io.of_dynamic("/room-{id}");
    rooms.on("where", |nsp: Namespace| {
        nsp.param("id").unwrap_or("?").to_owned()
    });
    let address = listen(&io).await;
    let mut client = Raw::open(address).await;
    client.connect("/room-7,").await;
    client.send(r#"42/room-7,1["where"]"#).await;
    client.expect(r#"43/room-7,1["7"]"#).await;
    client.send("40/room-").await;
    client
        .expect(r#"44/room-,{"message":"Invalid namespace"}"#)
        .await;
    let mut other = Raw::open(address).await;
    other.connect("/room-8,").await;
    rooms.on("later", |nsp: Namespace| nsp.name().to_owned());
    other.send(r#"42/room-8,2["later"]"#).await;
    other.expect(r#"43/room-8,2["/room-8"]"#).await;

    assert_eq!(rooms.children().len(), 2);
    assert_eq!(rooms.emit("all", 1), Ok(2));
    client.expect(r#"42/room-7,["all",1]"#).await;
    other.expect(r#"42/room-8,["all",1]"#).await;
}

#[tokio::test]
async fn a_childs_own_handlers_come_before_those_of_all() {
    let io = server();
    let rooms = io.of_dynamic("/room-{id}");
    rooms.on("who", || "all");
    rooms.on("other", || "all");
    io.on_new_namespace(|nsp| {
        if nsp.param("id") == Some("1") {
            nsp.on("who", || "own");
        }
    });
    let mut client = Raw::open(listen(&io).await).await;
    for (room, who) in [("1", "own"), ("2", "all")] {
        client.connect(&format!("/room-{room},")).await;
        for (event, answer) in [("who", who), ("other", "all")] {
            client
                .send(&format!(r#"42/room-{room},5["{event}"]"#))
                .await;
            let ack = format!(r#"43/room-{room},5["{answer}"]"#);
            client.expect(&ack).await;
        }
    }
}

#[tokio::test]
async fn a_predicate_sees_auth_and_the_first_that_says_yes_counts() {
    let io = server();
    io.of_dynamic(|request: NamespaceRequest| request.name() == "/panic" && panic!("on purpose"));
    let slow = io.of_dynamic(|request: NamespaceRequest| async move {
        tokio::time::sleep(Duration::from_millis(5)).await;
        request.auth().raw() == r#"{"key":1}"#
    });
    slow.on("e", || "slow");
    io.of_dynamic("/x").on("e", || "pattern");
    let mut client = Raw::open(listen(&io).await).await;
    client.send("40/panic").await;
    client
        .expect(r#"44/panic,{"message":"Invalid namespace"}"#)
        .await;
    for (auth, answer) in [(r#"{"key":1}"#, "slow"), ("{}", "pattern")] {
        client.send(&format!("40/x,{auth}")).await;
        assert!(client.text().await.expect("CONNECT").starts_with("40/x,"));
        client.send(r#"42/x,1["e"]"#).await;
        client.expect(&format!(r#"43/x,1["{answer}"]"#)).await;
        client.send("41/x,").await;
        until(|| io.namespaces_in_use().len() == 1).await;
    }
}

#[tokio::test]
async fn whoever_races_gets_the_same_namespace_which_is_new_once() {
    let io = server();
    let (made, log) = (Arc::new(AtomicUsize::new(0)), Log::default());
    let (count, new) = (Arc::clone(&made), log.clone());
    io.on_new_namespace(move |nsp| {
        count.fetch_add(1, Ordering::SeqCst);
        new.add(nsp.name());
    });
    io.of_dynamic(|_: NamespaceRequest| async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        true
    });
    let address = listen(&io).await;
    let clients = (0..20).map(|_| async move {
        let mut client = Raw::open(address).await;
        client.connect("/raced,").await;
        client
    });
    let clients = futures_util::future::join_all(clients).await;
    assert_eq!(made.load(Ordering::SeqCst), 1);
    assert_eq!(io.of("/raced").len(), clients.len());
    let _ = io.of("/asked for");
    log.expect(&["/raced", "/asked for"]).await;
}

#[tokio::test]
async fn what_nobody_is_in_goes_away_unless_it_is_kept() {
    let io = server();
    io.of_dynamic("/{name}")
        .middleware(|socket: Socket| match socket.namespace().param("name") {
            Some("closed") => Err(socketio::ConnectError::new("no")),
            _ => Ok(()),
        });
    let address = listen(&io).await;
    let names = || {
        let mut names: Vec<_> = io.namespaces_in_use();
        names.retain(|nsp| nsp.name() != "/");
        names.len()
    };
    let mut client = Raw::open(address).await;
    client.send("40/closed").await;
    client.expect(r#"44/closed,{"message":"no"}"#).await;
    client.connect("/a,").await;
    client.connect("/b,").await;
    until(|| names() == 2).await;
    client.send("41/a,").await;
    until(|| names() == 1).await;
    let kept = io.of("/b");
    drop(client);
    until(|| kept.is_empty()).await;
    let mut client = Raw::open(address).await;
    client.connect("/b,").await;
    assert_eq!((kept.len(), names()), (1, 1));

    let mut config = Config {
        keep_empty_namespaces: true,
        ..Config::default()
    };
    config.engine.linger = Duration::from_millis(10);
    let io = SocketIo::new(config);
    let children = io.of_dynamic("/{name}");
    let mut client = Raw::open(listen(&io).await).await;
    client.connect("/a,").await;
    client.send("41/a,").await;
    client.connect("/b,").await;
    until(|| children.children().iter().any(Namespace::is_empty)).await;
    assert_eq!(children.children().len(), 2);
}

#[tokio::test]
async fn a_removed_namespace_disconnects_and_refuses() {
    let io = server();
    io.of("/x").on_connect(|| ());
    let address = listen(&io).await;
    let mut client = Raw::open(address).await;
    client.connect("/x,").await;
    assert!(io.remove("/x"));
    assert!(!io.remove("/x"));
    client.expect("41/x,").await;
    client.send("40/x").await;
    client
        .expect(r#"44/x,{"message":"Invalid namespace"}"#)
        .await;
}

#[tokio::test]
async fn a_namespace_that_is_removed_while_middlewares_run_lets_nobody_in() {
    let io = server();
    io.of("/x").middleware(|| async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        Ok(())
    });
    let mut client = Raw::open(listen(&io).await).await;
    client.send("40/x").await;
    tokio::time::sleep(Duration::from_millis(10)).await;
    assert!(io.remove("/x"));
    client
        .expect(r#"44/x,{"message":"Invalid namespace"}"#)
        .await;
}

#[tokio::test]
async fn a_name_may_only_be_so_long() {
    let io = server();
    io.of_dynamic(|_: NamespaceRequest| true);
    let mut client = Raw::open(listen(&io).await).await;
    let name = "x".repeat(Config::default().namespace_name_length);
    client.send(&format!("40/{name}")).await;
    client
        .expect(&format!(
            r#"44/{name},{{"message":"Namespace name too long","data":{{"code":"namespace_name_too_long"}}}}"#
        ))
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_is_let_in_is_in_the_namespace_that_others_find() {
    let io = server();
    let server = io.clone();
    io.on_new_namespace(|_| panic!("on purpose"));
    let churn = io.of_dynamic("/churn");
    churn.on("found", move |socket: Socket| {
        let mut found = server.namespaces_in_use().into_iter();
        found.any(|nsp| nsp.socket(socket.id()).is_some())
    });
    let address = listen(&io).await;
    let clients = (0..16).map(|_| {
        tokio::spawn(async move {
            let mut client = Raw::open(address).await;
            for round in 0..40 {
                client.connect("/churn,").await;
                client.send(r#"42/churn,1["found"]"#).await;
                client.expect("43/churn,1[true]").await;
                client.send("41/churn,").await;
                if round % 3 == 0 {
                    tokio::task::yield_now().await;
                }
            }
        })
    });
    for client in futures_util::future::join_all(clients).await {
        client.expect("found every time");
    }
    until(|| churn.children().is_empty()).await;
}
