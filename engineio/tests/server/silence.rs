//! Who is silent, or gone, leaves nothing behind; and what "for ever" means.

use std::time::Duration;

use engineio::server::{Config, Hooks, SessionEvent};
use tokio::time::{Instant, sleep};

use crate::harness::{Server, get, post, read_text, send, unit, upgrade};

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
async fn a_polling_client_that_takes_nothing_while_its_application_is_full_is_gone_after_the_write_timeout()
 {
    let config = Config::default();
    let limit = config.write_timeout;
    let server = Server::new(config);
    let sid = server.open().await;
    server.session().send(&unit(10)).unwrap();
    let query = format!("transport=polling&sid={sid}");
    let begun = Instant::now();
    // A POST is answered when its messages are handled, or when nobody will do so any more.
    post(&mut server.connect(), &query, "4full").await;
    assert!(begun.elapsed() < limit * 2, "silent for ever");
    assert_eq!(server.seen(), ["full", "closed: transport error"]);
    assert_eq!(server.engine.sessions(), 0);
}

#[tokio::test(start_paused = true)]
async fn an_application_that_panics_at_the_open_leaves_no_session() {
    let server = Server::new(Config::default());
    let mut stream = server.connect();
    assert_eq!(upgrade(&mut stream, "&panic=1").await.status, 101);
    sleep(Duration::from_millis(1)).await;
    assert_eq!(server.engine.stats().opened.websocket, 1);
    assert_eq!(server.engine.sessions(), 0);
    let _other = server.open_websocket().await;
    assert_eq!(server.engine.sessions(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_observer_that_panics_stops_nobodys_messages() {
    let hooks = Hooks::new().observe(|_, event| match event {
        SessionEvent::Queued(_) | SessionEvent::Flushed(_) => panic!("as it was written"),
        _ => {}
    });
    let server = Server::new(Config {
        hooks,
        ..Config::default()
    });
    let mut streams = [server.open_websocket().await, server.open_websocket().await];
    for _ in 0..3 {
        server.session().send(&unit(3)).unwrap();
        assert_eq!(read_text(&mut streams[1]).await, "4xxx");
    }
    assert_eq!(server.engine.sessions(), 2);
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
