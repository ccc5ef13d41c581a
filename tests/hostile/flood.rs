//! Clients that send more than the server takes.

use crate::joined::{Watcher, end, polling};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tests::frame::{FIN, encode, opcode};
use tests::polling::SEPARATOR;
use tests::{Client, Frame, Options, Server};

/// Events of one client: with 700 bytes each far more than the kernels of both sides hold.
const EVENTS: usize = 100_000;

/// Much less than what is sent, much more than what an inbox of 64 events holds.
const MUCH: u64 = 2 << 20;

/// How long the server has to take more bytes before it counts as pushing back.
const PATIENCE: Duration = Duration::from_millis(300);

/// Events `name` with their numbers, as one run of WebSocket frames; pongs in between, so that a
/// client that only writes stays alive.
fn events(name: &str, asks: bool, size: usize) -> Vec<u8> {
    let filling = "x".repeat(size);
    let mut bytes = Vec::new();
    for number in 0..EVENTS {
        let id = if asks {
            number.to_string()
        } else {
            String::new()
        };
        let event = format!(r#"42{id}["{name}",{number},"{filling}"]"#);
        bytes.extend(encode(FIN | opcode::TEXT, event.as_bytes()));
        if number.is_multiple_of(100) {
            bytes.extend(encode(FIN | opcode::TEXT, b"3"));
        }
    }
    bytes
}

fn assert_small(server: &Server, before: Option<u64>, what: &str) {
    let (Some(before), Some(now)) = (before, server.memory()) else {
        return;
    };
    println!("{what}: memory before {before}, now {now}");
    assert!(now < before + MUCH, "{what}: {before} became {now}");
}

/// Waits until the handlers have taken all events, each in its turn.
fn assert_all_held(watcher: &mut Watcher<'_>, count: usize) {
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        let held = watcher.ask("held", &[json!(0)]);
        assert_eq!(held[0][1], Value::Null, "an event came out of its turn");
        if held[0][0] == count {
            return;
        }
        assert!(Instant::now() < until, "{held} of {count}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn events_for_a_slow_handler_stay_with_their_sender() {
    // a heartbeat that ends whoever is not read for a second, unless the deadline is suspended
    let options = Options {
        ping_interval: Some(300),
        ping_timeout: Some(700),
        ..Options::default()
    };
    let bytes = events("hold", false, 700);
    let server = crate::server(&options);
    let (mut client, _) = Client::join(&server);
    let before = server.memory();
    let taken = client.socket.push(&bytes, PATIENCE);
    assert!(taken < bytes.len(), "the server took all {taken} bytes");
    assert_small(&server, before, "while the first handler runs");
    let mut watcher = Watcher::new(&server);
    let stalled = Instant::now();
    while stalled.elapsed() < Duration::from_millis(1500) {
        assert_eq!(watcher.ask("message-with-ack", &[json!(1)]), json!([1]));
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(watcher.ask("let-go", &[]), json!([]));
    let rest = bytes.get(taken..).expect("what was not taken");
    assert_eq!(client.socket.push(rest, 20 * PATIENCE), rest.len());
    // nobody answered the pings of the first one
    watcher.renew();
    assert_all_held(&mut watcher, EVENTS);
    assert_small(&server, before, "after all events");
}

#[test]
fn events_for_a_fast_handler_are_taken_as_they_come() {
    let server = crate::server(&Options::default());
    let (mut client, _) = Client::join(&server);
    let bytes = events("take", false, 50);
    let before = server.memory();
    assert_eq!(client.socket.push(&bytes, 20 * PATIENCE), bytes.len());
    assert_all_held(&mut Watcher::new(&server), EVENTS);
    assert_small(&server, before, "after all events");
}

#[test]
fn a_client_that_asks_and_does_not_read_is_not_read_either() {
    let server = crate::server(&Options::default());
    let (mut client, _) = Client::join(&server);
    let bytes = events("message-with-ack", true, 300);
    let before = server.memory();
    let mut taken = client.socket.push(&bytes, PATIENCE);
    assert!(taken < bytes.len(), "the server took all {taken} bytes");
    assert_small(&server, before, "while nothing is read");
    // as soon as it reads, it gets all answers, each in its turn
    let mut answers = 0;
    let until = Instant::now() + Duration::from_secs(30);
    while answers < EVENTS {
        assert!(
            Instant::now() < until,
            "{answers} answers to {taken} bytes of {}",
            bytes.len()
        );
        let rest = bytes.get(taken..).unwrap_or_default();
        taken += client.socket.push(rest, Duration::from_millis(1));
        while let Ok(frame) = client
            .socket
            .read_for(if rest.is_empty() { 5000 } else { 1 })
        {
            let Frame::Text(text) = frame else {
                panic!("not an answer: {frame:?}");
            };
            if text == "2" {
                client.socket.text("3");
            } else {
                let start = format!("43{answers}[{answers},");
                assert!(text.starts_with(&start), "not {answers}: {text}");
                answers += 1;
            }
            if answers == EVENTS {
                break;
            }
        }
    }
    assert_small(&server, before, "after all answers");
}

#[test]
fn a_body_of_many_small_packets_is_no_larger_in_memory() {
    let server = crate::server(&Options::default());
    let mut watcher = Watcher::new(&server);
    let (session, _) = polling(&server);
    // the first events fill the inbox, so the noops behind them wait
    let separator = SEPARATOR.to_string();
    let events = (0..100).map(|number| format!(r#"42["hold",{number}]"#));
    let noops = std::iter::repeat_n("6".to_owned(), 490_000);
    let body: Vec<_> = events.chain(noops).collect();
    let body = body.join(&separator);
    let before = server.memory();
    let mut post = session.request("POST").body(body.as_bytes()).start(&server);
    assert!(post.is_silent(PATIENCE));
    assert_small(&server, before, "while the body waits");
    assert_eq!(watcher.ask("let-go", &[]), json!([]));
    let answer = post.response().expect("an answer");
    assert_eq!(answer.pair(), (200, "ok"));
    assert_all_held(&mut watcher, 100);
    end(&session);
}
