//! Events, in their order, and handlers.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use socketio::server::Rejection;
use socketio::{Args, Binary, Config, Data, Event, Socket, SocketIo};

use crate::harness::{Log, Raw, listen, server, until};

#[tokio::test]
async fn arguments_come_back_as_they_came() {
    let io = server();
    io.of("/").on("echo", |socket: Socket, args: Args| {
        socket.emit("echo", args).is_ok()
    });
    let (mut client, _) = Raw::join(listen(&io).await).await;
    client
        .send(r#"42["echo",1.0,1e400,"\ud800",{"b":1,"a":[ ]}]"#)
        .await;
    client
        .expect(r#"42["echo",1.0,1e400,"\ud800",{"b":1,"a":[ ]}]"#)
        .await;
    client
        .send(r#"452-["echo",{"_placeholder":true,"num":1},{"_placeholder":true,"num":0}]"#)
        .await;
    client.send_binary(b"zero").await;
    client.send_binary(b"").await;
    let head = r#"452-["echo",{"_placeholder":true,"num":1},{"_placeholder":true,"num":0}]"#;
    client.expect(head).await;
    client.expect_binary(b"zero").await;
    client.expect_binary(b"").await;
}

#[tokio::test]
async fn binary_arguments_are_read_and_written() {
    let io = server();
    io.of("/").on(
        "swap",
        |socket: Socket, Data((a, b)): Data<(Binary, Binary)>| {
            socket.emit("swapped", (b, "and", a)).is_ok()
        },
    );
    io.of("/").on("first", |Binary(bytes): Binary| bytes.len());
    let (mut client, _) = Raw::join(listen(&io).await).await;
    client
        .send(r#"452-["swap",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]"#)
        .await;
    client.send_binary(b"a").await;
    client.send_binary(b"b").await;
    let head =
        r#"452-["swapped",{"_placeholder":true,"num":0},"and",{"_placeholder":true,"num":1}]"#;
    client.expect(head).await;
    client.expect_binary(b"b").await;
    client.expect_binary(b"a").await;
    client
        .send(r#"451-1["first",{"_placeholder":true,"num":0}]"#)
        .await;
    client.send_binary(b"abc").await;
    client.expect("431[3]").await;
}

#[tokio::test]
async fn handlers_of_one_socket_run_one_at_a_time_in_the_order_of_arrival() {
    let io = server();
    let log = Log::default();
    let (slow, quick) = (log.clone(), log.clone());
    io.of("/").on("slow", move |Data(ms): Data<u64>| {
        let log = slow.clone();
        async move {
            log.add(format!("slow {ms}"));
            tokio::time::sleep(Duration::from_millis(ms)).await;
            log.add("done");
        }
    });
    io.of("/").on("quick", move || quick.add("quick"));
    let (mut client, _) = Raw::join(listen(&io).await).await;
    for packet in [
        r#"42["slow",30]"#,
        r#"42["quick"]"#,
        r#"42["slow",1]"#,
        r#"420["quick"]"#,
    ] {
        client.send(packet).await;
    }
    client.expect("430[]").await;
    log.expect(&["slow 30", "done", "quick", "slow 1", "done", "quick"])
        .await;
}

#[tokio::test]
async fn events_wait_for_the_connect_handlers() {
    let io = server();
    let log = Log::default();
    let (connect, event) = (log.clone(), log.clone());
    io.of("/").on_connect(move || {
        let log = connect.clone();
        async move {
            tokio::time::sleep(Duration::from_millis(20)).await;
            log.add("connected");
        }
    });
    io.of("/").on("event", move || event.add("event"));
    let (mut client, _) = Raw::join(listen(&io).await).await;
    client.send(r#"42["event"]"#).await;
    log.expect(&["connected", "event"]).await;
}

#[tokio::test]
async fn a_full_inbox_stops_the_reading_and_loses_nothing() {
    let config = Config {
        inbox: 4,
        ..Config::default()
    };
    let io = SocketIo::new(config);
    let gate = Arc::new(tokio::sync::Semaphore::new(0));
    let handled = Arc::new(AtomicUsize::new(0));
    let (entry, count) = (Arc::clone(&gate), Arc::clone(&handled));
    io.of("/").on("event", move |Data(number): Data<usize>| {
        let (entry, count) = (Arc::clone(&entry), Arc::clone(&count));
        async move {
            entry.acquire().await.expect("never closed").forget();
            assert_eq!(count.fetch_add(1, Ordering::SeqCst), number);
        }
    });
    let (mut client, _) = Raw::join(listen(&io).await).await;
    for number in 0..100 {
        client.send(&format!(r#"42["event",{number}]"#)).await;
    }
    client.send(r#"429["after"]"#).await;
    io.of("/").on("after", || "all");
    gate.add_permits(100);
    client.expect(r#"439["all"]"#).await;
    assert_eq!(handled.load(Ordering::SeqCst), 100);
}

#[tokio::test]
async fn events_without_a_handler_go_to_the_one_for_those() {
    let io = server();
    io.of("/").on("known", || "known");
    io.of("/")
        .on_unhandled(|event: Event| (event.name().to_owned(), event.args().values().len()));
    let (mut client, _) = Raw::join(listen(&io).await).await;
    client.send(r#"421["known"]"#).await;
    client.expect(r#"431["known"]"#).await;
    client.send(r#"422["__proto__",1,2]"#).await;
    client.expect(r#"432["__proto__",2]"#).await;
    client.send("423[7]").await;
    client.expect(r#"433["7",0]"#).await;
    io.of("/").off("known");
    client.send(r#"424["known"]"#).await;
    client.expect(r#"434["known",0]"#).await;
}

#[tokio::test]
async fn rejections_are_reported_to_the_client_and_to_the_hook() {
    let config = Config {
        event_name_length: 10,
        ..Config::default()
    };
    let io = SocketIo::new(config);
    let log = Log::default();
    let hook = log.clone();
    io.of("/")
        .on_rejection(move |_, event, rejection: &Rejection| {
            hook.add(format!("{event}: {}", rejection.code()));
        });
    io.of("/").on("number", |Data(number): Data<u8>| number + 1);
    io.of("/").on("fails", || Err::<(), _>("because"));
    io.of("/").on("panics", || -> u8 { panic!("on purpose") });
    io.of("/").on("later", || async { panic_later().await });
    let (mut client, _) = Raw::join(listen(&io).await).await;
    client.send(r#"421["number",1]"#).await;
    client.expect("431[2]").await;
    client.send(r#"422["number","x"]"#).await;
    let answer = client.text().await.expect("an ack");
    let prefix =
        r#"432[{"ok":false,"error":{"code":"invalid_arguments","message":"invalid type: string"#;
    assert!(answer.starts_with(prefix), "{answer}");
    for packet in [
        r#"42["number"]"#,
        r#"42["fails"]"#,
        r#"42["panics"]"#,
        r#"42["later"]"#,
        r#"423["nobody"]"#,
    ] {
        client.send(packet).await;
    }
    client.send(r#"426["later"]"#).await;
    let answer = client.text().await.expect("an ack");
    assert!(
        answer.starts_with("436[") && answer.contains("panicked"),
        "{answer}"
    );
    client.send(r#"424["elevenchars"]"#).await;
    let answer = client.text().await.expect("an ack");
    assert!(answer.contains("event_name_too_long"), "{answer}");
    client.send(r#"425["fails"]"#).await;
    client.expect(r#"435["because"]"#).await;
    let expected = [
        "number: invalid_arguments",
        "number: invalid_arguments",
        "fails: failed",
        "panics: panicked",
        "later: panicked",
        "nobody: unhandled_event",
        "later: panicked",
        "elevenchars: event_name_too_long",
    ];
    log.expect(&expected).await;
}

#[tokio::test]
async fn volatile_events_reach_who_can_take_them() {
    let io = server();
    let nsp = io.of("/");
    let (mut client, _) = Raw::join(listen(&io).await).await;
    let socket = nsp.sockets().pop().expect("connected");
    until(|| socket.session().buffered() == 0).await;
    until(|| socket.volatile().emit("tick", 1) == Ok(true)).await;
    client.expect(r#"42["tick",1]"#).await;
    assert!(nsp.volatile().emit("tock", ()).is_ok());
}

async fn panic_later() {
    tokio::task::yield_now().await;
    panic!("on purpose too");
}
