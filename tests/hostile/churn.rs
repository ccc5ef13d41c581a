//! Much of what does not last: after it the server holds what it held before.

use crate::joined::{Watcher, gauges};
use serde_json::Value;
use std::time::{Duration, Instant};
use tests::{Client, Options, Server};

/// Clients that come and go. The first [`WARM_UP`] of them fill what the server keeps for the next.
const CLIENTS: usize = 4_000;

/// Namespaces that are made by being joined.
const NAMESPACES: usize = 10_000;

const WARM_UP: usize = 500;

const PATIENCE: Duration = Duration::from_secs(10);

/// Less than 200 bytes of each would be more than this.
const LITTLE: u64 = 700_000;

/// The counts as soon as nothing is on its way.
fn still(watcher: &mut Watcher<'_>) -> Value {
    let until = Instant::now() + PATIENCE;
    loop {
        let (one, other) = (gauges(watcher), gauges(watcher));
        if one == other && one[0]["queued"] == 0 {
            return one;
        }
        assert!(Instant::now() < until, "{one}, then {other}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// A server whose heartbeat does not end the clients that wait while others churn.
fn server() -> Server {
    crate::server(&Options {
        ping_interval: Some(600_000),
        ..Options::default()
    })
}

fn assert_as_before(server: &Server, count: usize, mut each: impl FnMut(usize)) {
    let mut watcher = Watcher::new(server);
    let before = still(&mut watcher);
    (0..WARM_UP).for_each(&mut each);
    let warm = server.memory();
    (WARM_UP..count).for_each(&mut each);
    let until = Instant::now() + PATIENCE;
    let mut now = gauges(&mut watcher);
    while now != before {
        assert!(Instant::now() < until, "before {before}, now {now}");
        std::thread::sleep(Duration::from_millis(10));
        now = gauges(&mut watcher);
    }
    let (Some(warm), Some(end)) = (warm, server.memory()) else {
        return;
    };
    println!("{now}; memory {warm}, then {end}");
    assert!(end < warm + LITTLE, "{warm} became {end}");
}

#[test]
fn clients_that_come_and_vanish_leave_nothing() {
    let server = server();
    assert_as_before(&server, CLIENTS, |number| {
        let (mut client, _) = Client::join(&server);
        client.say(&format!(r#"2["join","room {number}"]"#));
    });
}

#[test]
fn ten_thousand_namespaces_leave_nothing() {
    let server = server();
    let mut client = Client::join(&server).0;
    assert_as_before(&server, NAMESPACES, |number| {
        client.say(&format!("0/dynamic-{number},"));
        let answer = client.next_packet();
        let start = format!(r#"0/dynamic-{number},{{"sid":"#);
        assert!(answer.starts_with(&start), "{answer}");
        client.say(&format!("1/dynamic-{number},"));
    });
}
