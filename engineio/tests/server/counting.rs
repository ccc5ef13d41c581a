//! What the engine counts is what happened, and a session that is to be closed is read no more.

use std::time::Duration;

use engineio::{
    CloseReason,
    server::{ByTransport, Config, Stats},
};
use tokio::time::sleep;

use crate::harness::{Server, get, post, read_frame, read_text, unit, upgrade, write_text};

/// Time stands still until nobody has anything to do.
async fn settled() {
    sleep(Duration::from_millis(1)).await;
}

fn named(all: &[(&'static str, u64)], name: &str) -> u64 {
    let found = all.iter().find(|(word, _)| *word == name);
    found.map_or(0, |(_, count)| *count)
}

fn assert_traffic(stats: &Stats) {
    // Two open packets, two messages each; a ping that only the WebSocket got in time.
    assert_eq!(named(&stats.packets_out, "message"), 6);
    assert_eq!(named(&stats.packets_in, "message"), 3);
    assert_eq!(named(&stats.packets_in, "pong"), 1);
    assert_eq!(stats.rtt_micros.count(), 1);
    assert_eq!(stats.rtt_micros.sum, 2_000_000);
}

#[tokio::test(start_paused = true)]
async fn what_comes_and_goes_is_counted_once() {
    let server = Server::new(Config::default());
    let mut stream = server.open_websocket().await;
    let on_websocket = server.session();
    let sid = server.open().await;
    let on_polling = server.session();
    assert_ne!(on_websocket.number(), on_polling.number());
    let both = ByTransport {
        polling: 1,
        websocket: 1,
    };
    assert_eq!(server.engine.residents(), both);
    assert_eq!(server.engine.stats().opened, both);

    let query = format!("transport=polling&sid={sid}");
    for session in [&on_websocket, &on_polling] {
        session.send(&unit(10)).unwrap();
        session.send(&unit(20)).unwrap();
    }
    let polled = get(&mut server.connect(), &query).await.body;
    assert_eq!(polled.len(), 11 + 1 + 21);
    write_text(&mut stream, "4ab").await;
    let posted = post(&mut server.connect(), &query, "4x\x1e4yz").await;
    assert_eq!(posted.body, "ok");
    let before = server.engine.stats();
    assert_eq!(before.bytes_in.websocket, 6 + 3);
    assert_eq!(before.bytes_in.polling, 6);

    let ping_interval = Config::default().ping_interval;
    sleep(ping_interval + Duration::from_secs(2)).await;
    for _ in 0..2 {
        assert!(read_text(&mut stream).await.starts_with("4xxx"));
    }
    assert_eq!(read_text(&mut stream).await, "2");
    write_text(&mut stream, "3").await;
    settled().await;
    let stats = server.engine.stats();
    assert_traffic(&stats);
    let open = stats.bytes_out.websocket - (2 + 11) - (2 + 21) - (2 + 1);
    assert!(open > 100 && open < 200, "the open packet has {open} bytes");
    assert!(stats.queue_bytes.count() >= 4 && stats.lag_micros.count() > 0);
}

#[tokio::test(start_paused = true)]
async fn every_end_and_every_upgrade_is_counted_with_its_reason() {
    let server = Server::new(Config::default());
    let mut lost = server.open_websocket().await;
    drop(server.open_websocket().await);
    write_text(&mut lost, "9").await;
    let sid = server.open().await;
    let mut probe = server.connect();
    let answer = upgrade(&mut probe, &format!("&sid={sid}")).await;
    assert_eq!(answer.status, 101);
    write_text(&mut probe, "2probe").await;
    assert_eq!(read_text(&mut probe).await, "3probe");
    write_text(&mut probe, "5").await;
    settled().await;
    assert_eq!(server.engine.residents().websocket, 1);
    server.session().close(CloseReason::ForcedClose);
    settled().await;
    let stats = server.engine.stats();
    let ends = [
        ("forced close", "", 1),
        ("parse error", "malformed_packet", 1),
        ("transport close", "eof", 1),
    ];
    assert_eq!(stats.closed, ends);
    assert_eq!(stats.upgrades, [("upgraded", 1)]);
}

#[tokio::test(start_paused = true)]
async fn a_session_that_is_hushed_is_answered_and_not_read() {
    let server = Server::new(Config::default());
    let mut stream = server.open_websocket().await;
    write_text(&mut stream, "4before").await;
    settled().await;
    let session = server.session();
    session.hush();
    write_text(&mut stream, "4after").await;
    settled().await;
    assert_eq!(server.seen(), ["before"]);
    session.send(&unit(3)).unwrap();
    assert_eq!(read_text(&mut stream).await, "4xxx");
    session.close(CloseReason::ServerShutdown);
    assert_eq!(read_frame(&mut stream).await, Some((0x88, Vec::new())));
    assert_eq!(server.seen(), ["closed: server shutting down"]);
}

#[tokio::test(start_paused = true)]
async fn an_engine_that_was_stopped_takes_sessions_again() {
    let server = Server::new(Config::default());
    let _there = server.open().await;
    assert_eq!(server.engine.stop().len(), 1);
    let refused = server.get("transport=polling").await;
    assert_eq!(refused.status, 503);
    assert_eq!(refused.header("retry-after"), Some("1"));
    server.engine.resume();
    assert_eq!(server.get("transport=polling").await.status, 200);
    assert_eq!(server.engine.sessions(), 2);
}
