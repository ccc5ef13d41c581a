//! How many sessions there may be, and how fast they may open.

use std::time::Duration;

use engineio::server::{Admission, Config, Rate};
use tokio::io::AsyncWriteExt;

use crate::harness::{Server, post, upgrade, write_text};

fn limited(admission: Admission) -> Server {
    Server::new(Config {
        admission,
        ..Config::default()
    })
}

#[tokio::test(start_paused = true)]
async fn a_full_server_refuses_with_503_and_admits_when_a_session_has_gone() {
    let server = limited(Admission {
        sessions: Some(1),
        ..Admission::unlimited()
    });
    let sid = server.open().await;
    let refused = server.get("transport=polling").await;
    assert_eq!(refused.status, 503);
    assert_eq!(refused.header("retry-after"), Some("1"));
    assert_eq!(refused.body, r#"{"code":4,"message":"Too many sessions"}"#);
    assert_eq!(upgrade(&mut server.connect(), "").await.status, 503);
    let query = format!("transport=polling&sid={sid}");
    post(&mut server.connect(), &query, "1").await;
    assert_eq!(server.get("transport=polling").await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn one_address_does_not_take_the_place_of_others() {
    let server = limited(Admission {
        sessions_per_address: Some(2),
        ..Admission::unlimited()
    });
    let mut first = server.open_websocket().await;
    let _second = server.open_websocket().await;
    assert_eq!(server.get("transport=polling").await.status, 429);
    let other = server.get_from("10.0.0.2:1", "transport=polling").await;
    assert_eq!(other.status, 200);
    write_text(&mut first, "1").await;
    first.shutdown().await.unwrap();
    while server.engine.sessions() > 2 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert_eq!(server.get("transport=polling").await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn handshakes_come_at_a_rate_also_those_that_fail() {
    let server = limited(Admission {
        handshakes_per_address: Some(Rate {
            per_second: 1,
            burst: 2,
        }),
        ..Admission::unlimited()
    });
    let sid = server.open().await;
    assert_eq!(server.get("transport=polling&EIO=3").await.status, 400);
    let refused = server.get("transport=polling").await;
    assert_eq!(refused.status, 429);
    assert_eq!(
        refused.body,
        r#"{"code":4,"message":"Too many handshakes from this address"}"#
    );
    // A session's own requests are not handshakes.
    let query = format!("transport=polling&sid={sid}");
    assert_eq!(post(&mut server.connect(), &query, "4x").await.status, 200);
    tokio::time::advance(Duration::from_secs(1)).await;
    assert_eq!(server.get("transport=polling").await.status, 200);
}
