//! Every limit of both layers: what passes it is refused, leaves a log line with a word for programs, and is counted.

mod passing;
mod times;

use engineio::server::Rate;
use socketio::Config;
use std::net::SocketAddr;
use tracing::Level;

use crate::harness::Raw;
use passing::{SOON, handshake, pass, passes, post, say};

#[tokio::test]
async fn a_message_over_websocket_and_a_body_have_a_largest_size() {
    let small = |config: &mut Config| config.engine.max_payload = 100;
    passes("payload_too_large", small, async |address| {
        say(address, &[&format!("42[\"{}\"]", "x".repeat(100))]).await;
    })
    .await;
    passes("payload_too_large", small, async |address| {
        let answer = post(address, 101, &"6".repeat(101)).await;
        assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    })
    .await;
}

#[tokio::test]
async fn attachments_are_limited_in_number_bytes_and_time() {
    let one = r#"451-["x",{"_placeholder":true,"num":0}]"#;
    passes(
        "too_many_attachments",
        |_| {},
        async |address| {
            say(address, &[r#"4511-["x",{"_placeholder":true,"num":0}]"#]).await;
        },
    )
    .await;
    let few = |config: &mut Config| config.limits.attachment_bytes = 10;
    passes("attachments_too_large", few, async |address| {
        let (mut client, _) = Raw::join(address).await;
        client.send(one).await;
        client.send_binary(&[0; 11]).await;
        client.expect_close().await;
    })
    .await;
    let soon = |config: &mut Config| config.attachment_timeout = SOON;
    passes("attachment_timeout", soon, async |address| {
        let (mut client, _) = Raw::join(address).await;
        client.send(one).await;
        client.expect_close().await;
    })
    .await;
}

#[tokio::test]
async fn json_may_nest_so_deep() {
    let flat = |config: &mut Config| config.limits.nesting = 3;
    passes("too_deep", flat, async |address| {
        say(address, &[r#"42["x",[[[1]]]]"#]).await;
    })
    .await;
}

#[tokio::test]
async fn names_and_memberships_are_limited() {
    let one = |config: &mut Config| config.namespaces_per_client = 1;
    passes("too_many_namespaces", one, async |address| {
        say(address, &["40/room-1,"]).await;
    })
    .await;
    let short = |config: &mut Config| config.namespace_name_length = 10;
    passes("namespace_name_too_long", short, async |address| {
        say(address, &["40/room-23456,"]).await;
    })
    .await;
    let short = |config: &mut Config| config.event_name_length = 10;
    passes("event_name_too_long", short, async |address| {
        say(address, &[r#"42["elevenchars"]"#]).await;
    })
    .await;
    let short = |config: &mut Config| config.auth_bytes = 10;
    passes("auth_too_large", short, async |address| {
        let mut client = Raw::open(address).await;
        client.send(r#"40{"token":"x"}"#).await;
        client.text().await
    })
    .await;
    let short = |config: &mut Config| config.room_name_length = 5;
    passes("room_name_too_long", short, async |address| {
        say(address, &[r#"42["join","123456"]"#]).await;
    })
    .await;
    let few = |config: &mut Config| config.rooms_per_socket = 2;
    passes("too_many_rooms", few, async |address| {
        let joins = [
            r#"42["join","a"]"#,
            r#"42["join","b"]"#,
            r#"42["join","c"]"#,
        ];
        say(address, &joins).await;
    })
    .await;
}

#[tokio::test]
async fn sessions_and_handshakes_are_limited() {
    async fn twice(address: SocketAddr) -> String {
        assert!(handshake(address).await.starts_with("HTTP/1.1 200"));
        handshake(address).await
    }
    let one = |config: &mut Config| config.engine.admission.sessions = Some(1);
    passes("too_many_sessions", one, async |address| {
        assert!(twice(address).await.starts_with("HTTP/1.1 503"));
    })
    .await;
    let one = |config: &mut Config| config.engine.admission.sessions_per_address = Some(1);
    passes("too_many_sessions_of_address", one, async |address| {
        assert!(twice(address).await.starts_with("HTTP/1.1 429"));
    })
    .await;
    let rare = |config: &mut Config| {
        let (per_second, burst) = (1, 1);
        config.engine.admission.handshakes_per_address = Some(Rate { per_second, burst });
    };
    passes("too_many_handshakes", rare, async |address| {
        assert!(twice(address).await.starts_with("HTTP/1.1 429"));
    })
    .await;
}

#[tokio::test]
async fn all_queues_together_are_limited() {
    let little = |config: &mut Config| config.engine.outbox_total = 10_000;
    passes("slow_consumer", little, async |address| {
        let (mut client, _) = Raw::join(address).await;
        client.send(r#"42["flood",100]"#).await;
        while client.next().await.is_some() {}
    })
    .await;
}

#[tokio::test]
async fn events_that_wait_are_limited_in_number_and_bytes() {
    async fn send_four(address: SocketAddr) -> Raw {
        let (mut client, _) = Raw::join(address).await;
        for _ in 0..4 {
            client
                .send(&format!(r#"42["wait","{}"]"#, "x".repeat(1000)))
                .await;
        }
        client
    }
    let few = |config: &mut Config| config.inbox = 2;
    pass(Level::DEBUG, "inbox_full", few, send_four).await;
    let little = |config: &mut Config| config.inbox_bytes = 1000;
    pass(Level::DEBUG, "inbox_too_large", little, send_four).await;
}
