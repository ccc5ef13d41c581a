//! Event middlewares, catch-all listeners, handlers for once.

use std::time::Duration;

use serde_json::json;
use socketio::server::{Outgoing, Recipient, State};
use socketio::{Binary, Event, Socket, SocketIo};

use crate::harness::{Log, Raw, listen, server};

#[tokio::test]
async fn an_event_middleware_refuses_with_the_ack() {
    let io = server();
    let log = Log::default();
    let rejections = log.clone();
    let nsp = io.of("/");
    nsp.on_rejection(move |_, event, why| rejections.add(format!("{event} {}", why.code())));
    nsp.event_middleware(|event: Event| match event.name() {
        "bad" => Err(json!({ "code": 1 })),
        _ => Ok(()),
    });
    nsp.event_middleware(|event: Event| async move {
        tokio::time::sleep(Duration::from_millis(2)).await;
        match event.name() {
            "worse" => Err("worse"),
            _ => Ok(()),
        }
    });
    nsp.on("good", || "handled");
    nsp.on("bad", || "handled");
    nsp.on("worse", || "handled");
    let (mut client, _) = Raw::join(listen(&io).await).await;
    for event in ["bad", "worse", "good", "none"] {
        client.send(&format!(r#"423["{event}"]"#)).await;
    }
    client.send(r#"42["bad"]"#).await;
    client.expect(r#"433[{"code":1}]"#).await;
    client.expect(r#"433["worse"]"#).await;
    client.expect(r#"433["handled"]"#).await;
    let rejections = [
        "bad refused",
        "worse refused",
        "none unhandled_event",
        "bad refused",
    ];
    log.expect(&rejections).await;
}

#[tokio::test]
async fn catch_all_listeners_see_everything_first() {
    let io = server();
    let log = Log::default();
    let listener = |name: &'static str| {
        let log = log.clone();
        move |event: Event| log.add(format!("{name} {} {}", event.name(), event.args().raw()))
    };
    let nsp = io.of("/");
    nsp.on_any(listener("second"));
    nsp.prepend_any(listener("first"));
    let handler = log.clone();
    nsp.on("e", move || handler.add("handler"));
    let (mut client, _) = Raw::join(listen(&io).await).await;
    client.send(r#"42["e",1]"#).await;
    client.send(r#"42["none",2]"#).await;
    let seen = [
        "first e 1",
        "second e 1",
        "handler",
        "first none 2",
        "second none 2",
    ];
    log.expect(&seen).await;
    nsp.off_any();
    client.send(r#"421["e",3]"#).await;
    client.expect("431[]").await;
    assert_eq!(log.entries().len(), seen.len() + 1);
}

#[tokio::test]
async fn a_listener_for_outgoing_events_sees_each_once() {
    let io = server();
    let log = Log::default();
    let nsp = io.of("/");
    let listener = log.clone();
    nsp.on_any_outgoing(move |outgoing: &Outgoing<'_>| {
        let to = match outgoing.recipient {
            Recipient::Socket(_) => "one".to_owned(),
            Recipient::Audience(audience) => format!("{:?}", audience.rooms.len()),
            _ => String::new(),
        };
        let (event, args) = (&outgoing.event, outgoing.event.args());
        let binary = args.attachments().len();
        listener.add(format!("{} {} {binary} {to}", event.name(), args.raw()));
    });
    nsp.on("go", |socket: Socket| {
        socket.emit("a", 1).ok();
        socket.volatile().emit("v", ()).ok();
        socket.namespace().to(["x", "y"]).emit("b", "é").ok();
        socket.send(Binary("z".into())).ok();
    });
    let address = listen(&io).await;
    let (mut client, _) = Raw::join(address).await;
    let (_other, _) = Raw::join(address).await;
    client.send(r#"421["go"]"#).await;
    let file = r#"message {"_placeholder":true,"num":0} 1 one"#;
    log.expect(&["a 1 0 one", "v  0 one", r#"b "é" 0 2"#, file])
        .await;
    nsp.off_any_outgoing();
    assert_eq!(nsp.emit("c", ()), Ok(2));
    assert_eq!(log.entries().len(), 4);
}

#[tokio::test]
async fn once_is_once_per_socket() {
    let io = server();
    let nsp = io.of("/");
    nsp.once("hello", || "first");
    nsp.on_unhandled(|| "unhandled");
    let address = listen(&io).await;
    for _ in 0..2 {
        let (mut client, _) = Raw::join(address).await;
        client.send(r#"421["hello"]"#).await;
        client.send(r#"422["hello"]"#).await;
        client.expect(r#"431["first"]"#).await;
        client.expect(r#"432["unhandled"]"#).await;
    }
    nsp.on("b", || ());
    assert_eq!(nsp.event_names(), ["b", "hello"]);
    assert!(nsp.off("hello") && !nsp.off("hello"));
    nsp.off_all();
    assert!(nsp.event_names().is_empty());
}

#[tokio::test]
async fn handlers_share_the_applications_state() {
    let io = SocketIo::builder().state(7_u32).build();
    io.of("/").on("n", |State(n): State<u32>| *n);
    io.of("/").on("s", |_: State<String>| ());
    let (mut client, _) = Raw::join(listen(&io).await).await;
    client.send(r#"421["n"]"#).await;
    client.expect("431[7]").await;
    client.send(r#"422["s"]"#).await;
    let error = r#"{"code":"unavailable","message":"State is not available here"}"#;
    client
        .expect(&format!(r#"432[{{"ok":false,"error":{error}}}]"#))
        .await;
}
