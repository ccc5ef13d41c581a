//! The end of sockets: order, reasons, and what is still handled.

use std::time::Duration;

use engineio::CloseReason;
use socketio::server::{CloseDetail, Rejection, State};
use socketio::{DisconnectReason, EmitError, Socket, SocketIo};

use crate::harness::{Log, Raw, listen, server, until};

/// A server that logs what happens to sockets.
fn logged() -> (SocketIo, Log) {
    let (io, log) = (server(), Log::default());
    let nsp = io.of("/");
    nsp.on_connect(|socket: Socket| socket.join("room").is_ok());
    let events = log.clone();
    nsp.on("slow", move |socket: Socket| {
        let log = events.clone();
        async move {
            tokio::time::sleep(Duration::from_millis(20)).await;
            log.add("slow");
            socket.join("late").expect("no limit near");
        }
    });
    let leaving = log.clone();
    nsp.on_disconnecting(move |socket: Socket| {
        leaving.add(format!("disconnecting {}", socket.rooms().len()));
    });
    let left = log.clone();
    nsp.on_disconnect(move |socket: Socket, reason: DisconnectReason| {
        assert!(!socket.is_connected());
        assert_eq!(socket.emit("x", ()), Err(EmitError::Disconnected));
        left.add(format!(
            "{reason}, {} in room",
            socket
                .namespace()
                .to("room")
                .emit("x", ())
                .expect("encodes")
        ));
    });
    (io, log)
}

#[tokio::test]
async fn what_arrived_before_a_disconnect_is_still_handled() {
    let (io, log) = logged();
    let (mut client, _) = Raw::join(listen(&io).await).await;
    client.send(r#"42["slow"]"#).await;
    client.send(r#"42["slow"]"#).await;
    client.send("41").await;
    client.send(r#"42["slow"]"#).await;
    let end = "client namespace disconnect, 0 in room";
    log.expect(&["slow", "slow", "disconnecting 3", end]).await;
    // The session stays, and may join again.
    client.connect("").await;
    until(|| io.of("/").len() == 1).await;
}

#[tokio::test]
async fn what_arrived_before_a_lost_connection_is_still_handled() {
    let (io, log) = logged();
    let (mut client, _) = Raw::join(listen(&io).await).await;
    client.send(r#"42["slow"]"#).await;
    client.send(r#"42["slow"]"#).await;
    drop(client);
    log.expect(&[
        "slow",
        "slow",
        "disconnecting 3",
        "transport close, 0 in room",
    ])
    .await;
    until(|| io.sessions() == 0 && io.of("/").is_empty() && io.of("/").rooms_in_use().is_empty())
        .await;
}

#[tokio::test]
async fn a_disconnect_before_the_close_decides_the_reason() {
    let (io, log) = logged();
    let (mut client, _) = Raw::join(listen(&io).await).await;
    client.send("41").await;
    client.send("1").await;
    log.expect(&["disconnecting 2", "client namespace disconnect, 0 in room"])
        .await;
}

#[tokio::test]
async fn the_server_disconnects_at_once_and_drops_what_waits() {
    let (io, log) = logged();
    let (mut client, _) = Raw::join(listen(&io).await).await;
    until(|| io.of("/").to("room").emit("x", ()) == Ok(1)).await;
    client.expect(r#"42["x"]"#).await;
    client.send(r#"42["slow"]"#).await;
    client.send(r#"42["slow"]"#).await;
    tokio::time::sleep(Duration::from_millis(5)).await;
    let socket = io.of("/").sockets().pop().expect("connected");
    socket.disconnect(false);
    assert_eq!(io.of("/").emit("x", ()), Ok(0));
    assert!(io.of("/").is_empty());
    client.expect("41").await;
    // Sent before the client knew: ignored, and the session stays.
    client.send(r#"42["slow"]"#).await;
    client.send("41").await;
    log.expect(&[
        "slow",
        "disconnecting 2",
        "server namespace disconnect, 0 in room",
    ])
    .await;
    client.connect("").await;
    // Two sockets, not one that came back.
    assert!(!socket.is_connected());
}

#[tokio::test]
async fn a_handler_may_disconnect_its_own_socket() {
    let (io, log) = logged();
    io.of("/")
        .on("leave", |socket: Socket| socket.disconnect(false));
    let (mut client, _) = Raw::join(listen(&io).await).await;
    client.send(r#"427["leave"]"#).await;
    client.expect("41").await;
    log.expect(&["disconnecting 2", "server namespace disconnect, 0 in room"])
        .await;
}

#[tokio::test]
async fn disconnecting_the_client_ends_all_namespaces_and_the_session() {
    let (io, log) = logged();
    let _ = io.of("/other");
    let (mut client, _) = Raw::join(listen(&io).await).await;
    client.connect("/other,").await;
    let socket = io.of("/other").sockets().pop().expect("connected");
    socket.emit("last", ()).expect("connected");
    socket.disconnect(true);
    client.expect(r#"42/other,["last"]"#).await;
    client.expect("41").await;
    client.expect("41/other,").await;
    client.expect_close().await;
    log.expect(&["disconnecting 2", "server namespace disconnect, 0 in room"])
        .await;
}

#[tokio::test]
async fn a_shutdown_closes_the_transport_and_not_the_namespace() {
    let (io, log) = logged();
    let (mut client, _) = Raw::join(listen(&io).await).await;
    let reading = tokio::spawn(async move { client.expect_close().await });
    io.shutdown().await;
    reading.await.expect("closed without DISCONNECT");
    log.expect(&["disconnecting 2", "server shutting down, 0 in room"])
        .await;
}

#[tokio::test]
async fn the_engines_reasons_are_handed_on() {
    let (io, log) = logged();
    let (_client, _) = Raw::join(listen(&io).await).await;
    let socket = io.of("/").sockets().pop().expect("connected");
    socket.session().abort(CloseReason::PingTimeout);
    log.expect(&["disconnecting 2", "ping timeout, 0 in room"])
        .await;
    assert_eq!(socket.join("late"), Ok(()));
    assert!(io.of("/").rooms_in_use().is_empty());
}

#[tokio::test]
async fn the_end_of_a_session_comes_with_its_detail() {
    let (io, log) = (server(), Log::default());
    let left = log.clone();
    let end = move |reason: DisconnectReason, detail: Option<CloseDetail>| {
        let detail = detail.map(|detail| detail.to_string());
        left.add(format!("{reason}, {}", detail.unwrap_or_default()));
    };
    io.of("/").on_disconnect(end);
    let address = listen(&io).await;
    let ends = [
        ("42[1", "forced close, invalid_payload: invalid payload"),
        (
            "4x",
            "forced close, unknown_packet_type: unknown packet type 'x'",
        ),
        (
            "x",
            "parse error, malformed_packet: unknown packet type 'x'",
        ),
        ("42/none,[\"x\"]", "forced server close, invalid_state"),
        ("41", "client namespace disconnect, "),
    ];
    let mut expected = Vec::new();
    for (packet, end) in ends {
        let (mut client, _) = Raw::join(address).await;
        client.send(packet).await;
        expected.push(end);
        log.expect(&expected).await;
    }
}

#[tokio::test]
async fn a_disconnect_handler_that_cannot_run_keeps_nobody() {
    let io = server();
    let nsp = io.of("/");
    let log = Log::default();
    let rejected = log.clone();
    nsp.on_rejection(move |_, event, rejection: &Rejection| {
        rejected.add(format!("{event}: {}", rejection.code()));
    });
    nsp.on_connect(|socket: Socket| socket.join("room").is_ok());
    // nobody has stored such a state
    nsp.on_disconnecting(|_: State<u8>| {});
    nsp.on_disconnect(|_: State<u8>| {});
    let address = listen(&io).await;
    let (lost, _) = Raw::join(address).await;
    let (mut leaving, _) = Raw::join(address).await;
    drop(lost);
    leaving.send("41").await;
    until(|| nsp.sockets().is_empty() && nsp.rooms_in_use().is_empty()).await;
    until(|| log.entries().len() == 4).await;
}
