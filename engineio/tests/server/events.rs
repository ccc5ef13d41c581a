//! What the layer above learns of a session, and how it waits for one.

use std::time::Duration;

use engineio::{
    CloseReason, Transport,
    server::{Config, Overflow, SendError},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::{sleep, timeout},
};

use crate::harness::{
    PATIENCE, Server, get, post, read_frame, read_text, unit, upgrade, write_text,
};

#[tokio::test(start_paused = true)]
async fn upgrade_heartbeat_message_and_close_are_told() {
    let server = Server::new(Config::default());
    let sid = server.open().await;
    let session = server.session();
    assert_eq!(session.transport(), Transport::Polling);
    let mut probe = server.connect();
    assert_eq!(
        upgrade(&mut probe, &format!("&sid={sid}")).await.status,
        101
    );
    write_text(&mut probe, "2probe").await;
    assert_eq!(read_text(&mut probe).await, "3probe");
    write_text(&mut probe, "5").await;
    write_text(&mut probe, "4hello").await;
    assert_eq!(read_text(&mut probe).await, "2");
    write_text(&mut probe, "3").await;
    session.send(&unit(3)).unwrap();
    session.drained().await.unwrap();
    assert_eq!(session.transport(), Transport::WebSocket);
    assert_eq!(session.close_reason(), None);
    let traffic = session.traffic();
    assert_eq!((traffic.received, traffic.sent), (1, 2));
    write_text(&mut probe, "1").await;
    while server.engine.sessions() > 0 {
        sleep(Duration::from_millis(1)).await;
    }
    assert_eq!(
        server.seen(),
        ["upgraded", "hello", "heartbeat", "closed: transport close"]
    );
    assert_eq!(session.close_reason(), Some(CloseReason::TransportClose));
}

#[tokio::test(start_paused = true)]
async fn whoever_waits_for_the_queue_goes_on_when_the_client_has_read() {
    let server = Server::new(Config::default());
    let mut stream = server.open_websocket().await;
    let session = server.session();
    session.drained().await.unwrap();
    session.send(&unit(20_000)).unwrap();
    assert!(session.buffered() > 20_000);
    assert!(
        timeout(Duration::from_secs(1), session.drained())
            .await
            .is_err()
    );
    let (drained, frame) = tokio::join!(session.drained(), read_frame(&mut stream));
    drained.unwrap();
    assert_eq!(frame.unwrap().1.len(), 20_001);
    assert_eq!(session.buffered(), 0);

    let sid = server.open().await;
    let session = server.session();
    session.send(&unit(5)).unwrap();
    assert!(
        timeout(Duration::from_secs(1), session.drained())
            .await
            .is_err()
    );
    let query = format!("transport=polling&sid={sid}");
    let mut connection = server.connect();
    let (drained, answer) = tokio::join!(session.drained(), get(&mut connection, &query));
    drained.unwrap();
    assert_eq!(answer.body, "4xxxxx");
}

#[tokio::test(start_paused = true)]
async fn whoever_waits_for_the_queue_learns_that_the_session_ended() {
    let server = Server::new(Config::default());
    let _stream = server.open_websocket().await;
    let session = server.session();
    session.send(&unit(20_000)).unwrap();
    let cut = async {
        sleep(Duration::from_secs(1)).await;
        session.abort(CloseReason::ForcedClose);
    };
    let (drained, ()) = tokio::join!(session.drained(), cut);
    assert_eq!(drained, Err(SendError::Closed));
    assert_eq!(session.close_reason(), Some(CloseReason::ForcedClose));
}

#[tokio::test(start_paused = true)]
async fn what_passes_the_limit_cuts_the_session_or_is_refused() {
    let config = Config {
        outbox_limit: 10_000,
        ..Config::default()
    };
    let server = Server::new(config.clone());
    let mut stream = server.open_websocket().await;
    let session = server.session();
    session.send(&unit(8_000)).unwrap();
    assert_eq!(session.send(&unit(8_000)), Err(SendError::SlowConsumer));
    assert_eq!(session.close_reason(), Some(CloseReason::SlowConsumer));
    sleep(Duration::from_millis(1)).await;
    assert_eq!(server.seen(), ["closed: slow consumer"]);
    let mut rest = Vec::new();
    let end = timeout(PATIENCE, stream.read_to_end(&mut rest)).await;
    assert!(end.is_ok(), "the stream ends");

    let server = Server::new(Config {
        outbox_overflow: Overflow::Refuse,
        ..config
    });
    let mut stream = server.open_websocket().await;
    let session = server.session();
    session.send(&unit(8_000)).unwrap();
    assert_eq!(session.send(&unit(8_000)), Err(SendError::Full));
    assert!(session.is_open());
    let (drained, _) = tokio::join!(session.drained(), read_frame(&mut stream));
    drained.unwrap();
    assert_eq!(session.send(&unit(8_000)), Ok(()));
}

#[tokio::test(start_paused = true)]
async fn when_all_queues_together_are_too_long_who_is_behind_is_cut() {
    let server = Server::new(Config {
        outbox_total: 10_000,
        ..Config::default()
    });
    let _one = server.open_websocket().await;
    let one = server.session();
    let _other = server.open_websocket().await;
    let other = server.session();
    let _third = server.open_websocket().await;
    one.send(&unit(8_000)).unwrap();
    other.send(&unit(8_000)).unwrap();
    assert!(server.engine.queued() > 16_000);
    server.session().send(&unit(10)).unwrap();
    assert_eq!(one.send(&unit(10)), Err(SendError::SlowConsumer));
    assert!(server.engine.queued() < 10_000);
    other.send(&unit(10)).unwrap();
}

#[tokio::test(start_paused = true)]
async fn messages_of_one_post_are_counted_with_what_the_poll_brought() {
    let server = Server::new(Config::default());
    let sid = server.open().await;
    let query = format!("transport=polling&sid={sid}");
    let body = "4a\x1e4b\x1ebAQI=";
    assert_eq!(post(&mut server.connect(), &query, body).await.status, 200);
    assert_eq!(server.seen(), ["a", "b", "2 bytes"]);
    assert_eq!(server.session().traffic().received, 3);
    let mut stream = server.connect();
    stream.shutdown().await.unwrap();
}
