//! Who is silent, or gone, leaves nothing behind; and what "for ever" means.

use std::time::Duration;

use engineio::server::Config;
use tokio::time::{Instant, sleep};

use crate::harness::{Server, get, post, send, unit};

/// More than half of the default outbox: the session is not read any more.
const BEHIND: usize = 6;

fn queue(server: &Server, units: usize) {
    let session = server.session();
    (0..units).for_each(|_| session.send(&unit(100_000)).unwrap());
}

#[tokio::test(start_paused = true)]
async fn a_polling_client_that_takes_nothing_of_much_is_gone_after_the_write_timeout() {
    let config = Config::default();
    let limit = config.write_timeout;
    let server = Server::new(config);
    server.open().await;
    queue(&server, BEHIND);
    let begun = Instant::now();
    while server.engine.sessions() > 0 {
        sleep(Duration::from_millis(100)).await;
        assert!(begun.elapsed() < limit * 3, "silent for ever");
    }
    assert_eq!(server.engine.queued(), 0, "its share of the budget is free");
    assert_eq!(server.seen(), ["closed: transport error"]);
}

#[tokio::test(start_paused = true)]
async fn a_polling_client_that_takes_slowly_stays() {
    let config = Config::default();
    let limit = config.write_timeout;
    let server = Server::new(config);
    let sid = server.open().await;
    let session = server.session();
    (0..90).for_each(|_| session.send(&unit(10_000)).unwrap());
    let query = format!("transport=polling&sid={sid}");
    for _ in 0..2 {
        sleep(limit - Duration::from_secs(1)).await;
        let answer = get(&mut server.connect(), &query).await;
        assert_eq!(answer.status, 200);
        assert!(server.engine.queued() > 512 * 1024, "still behind");
    }
    sleep(limit + Duration::from_secs(1)).await;
    assert_eq!(server.engine.sessions(), 0, "it has stopped taking");
}

#[tokio::test(start_paused = true)]
async fn an_application_that_panics_loses_that_session_and_no_other() {
    let server = Server::new(Config::default());
    let sids = [server.open().await, server.open().await];
    let query = |sid: &str| format!("transport=polling&sid={sid}");
    post(&mut server.connect(), &query(&sids[0]), "4panic").await;
    assert_eq!(server.engine.sessions(), 1);
    assert_eq!(server.seen(), ["closed: forced close"]);
    let answer = get(&mut server.connect(), &query(&sids[0])).await;
    assert_eq!(answer.status, 400);
    let answer = post(&mut server.connect(), &query(&sids[1]), "4hello").await;
    assert_eq!(
        (answer.status, server.seen()),
        (200, vec!["hello".to_owned()])
    );
}

#[tokio::test(start_paused = true)]
async fn a_ping_interval_may_be_for_ever() {
    let server = Server::new(Config {
        ping_interval: Duration::MAX,
        ..Config::default()
    });
    server.open().await;
    sleep(Duration::from_secs(3600)).await;
    assert_eq!(server.engine.sessions(), 1);
}

#[tokio::test(start_paused = true)]
async fn only_a_get_becomes_a_websocket() {
    let server = Server::new(Config::default());
    let sid = server.open().await;
    for method in ["POST", "DELETE", "OPTIONS", "PUT"] {
        let head = format!(
            "{method} /engine.io/?EIO=4&transport=websocket&sid={sid} HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
             sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
        );
        let answer = send(&mut server.connect(), &head).await;
        assert_ne!(answer.status, 101, "{method}");
    }
}
