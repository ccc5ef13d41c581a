//! What takes too long.

use engineio::server::Hooks;
use socketio::Config;
use tracing::Level;

use super::passing::{SOON, deaf, handshake, pass, passes, post, request, sid, upgrade};
use crate::harness::Raw;

/// More than the small buffers of a test hold, and less than makes the server stop reading.
const FLOOD: &str = r#"42["flood",400]"#;

#[tokio::test]
async fn what_has_to_be_done_has_its_time() {
    let soon = |config: &mut Config| config.connect_timeout = SOON;
    passes("connect_timeout", soon, async |address| {
        Raw::open(address).await.expect_close().await;
    })
    .await;
    let soon = |config: &mut Config| config.engine.body_timeout = SOON;
    passes("body_timeout", soon, async |address| {
        let answer = post(address, 100, "4x").await;
        assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    })
    .await;
    let soon = |config: &mut Config| {
        config.engine.allow_timeout = SOON;
        config.engine.hooks = Hooks::new().allow_request_async(|_| std::future::pending());
    };
    passes("allow_timeout", soon, async |address| {
        assert!(handshake(address).await.starts_with("HTTP/1.1 403"));
    })
    .await;
}

#[tokio::test]
async fn a_client_that_does_not_read_is_limited_in_bytes_and_in_time() {
    let short = |config: &mut Config| config.engine.outbox_limit = 10_000;
    passes("slow_consumer", short, async |address| {
        let (mut client, _) = Raw::join(address).await;
        client.send(r#"42["flood",100]"#).await;
        while client.next().await.is_some() {}
    })
    .await;
    let soon = |config: &mut Config| {
        config.engine.send_buffer = 4096;
        config.engine.write_timeout = SOON;
    };
    passes("write_stalled", soon, async |address| {
        deaf(address, &[FLOOD]).await
    })
    .await;
}

#[tokio::test]
async fn an_upgrade_and_a_pong_have_their_time() {
    let soon = |config: &mut Config| config.engine.upgrade_timeout = SOON;
    passes("upgrade_timeout", soon, async |address| {
        let sid = sid(address).await;
        let (answer, probe) = request(address, &upgrade(&format!("&sid={sid}"))).await;
        assert!(answer.starts_with("HTTP/1.1 101"), "{answer}");
        probe
    })
    .await;
    let soon = |config: &mut Config| {
        config.engine.ping_interval = SOON;
        config.engine.ping_timeout = SOON;
    };
    pass(Level::DEBUG, "ping timeout", soon, Raw::open).await;
}

#[tokio::test]
async fn the_end_has_its_time() {
    let soon = |config: &mut Config| {
        config.engine.send_buffer = 4096;
        config.engine.close_timeout = SOON;
    };
    passes("close_timeout", soon, async |address| {
        deaf(address, &[FLOOD, r#"42["go"]"#]).await
    })
    .await;
    let soon = |config: &mut Config| {
        config.engine.send_buffer = 4096;
        config.engine.shutdown_timeout = SOON;
    };
    passes("shutdown_timeout", soon, async |address| {
        deaf(address, &[FLOOD, r#"42["shut down"]"#]).await
    })
    .await;
}

#[tokio::test]
async fn an_answer_has_its_time() {
    let soon = |config: &mut Config| config.ack_timeout = SOON;
    for event in ["ask", "ask all"] {
        pass(Level::DEBUG, "ack_timeout", soon, async |address| {
            let (mut client, _) = Raw::join(address).await;
            client.send(&format!(r#"42["{event}"]"#)).await;
            client
        })
        .await;
    }
}
