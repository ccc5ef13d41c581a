//! What an observer sees of a session, and what is known of its end.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use engineio::{
    CloseReason, Transport,
    server::{Config, Fanout, Hooks, SessionEvent},
};
use tokio::{io::AsyncWriteExt, time::sleep};

use crate::harness::{Server, get, post, read_text, unit, upgrade, write_text};

#[derive(Clone, Default)]
struct Diary(Arc<Mutex<Vec<String>>>);

impl Diary {
    fn config(&self) -> Config {
        let diary = self.clone();
        let hooks = Hooks::new().observe(move |session, event| {
            let entry = match event {
                SessionEvent::Packet(packet) => format!("packet {}", packet.kind()),
                SessionEvent::Queued(unit) => format!("queued {}", unit.len()),
                SessionEvent::Flushed(bytes) => format!("flushed {}", *bytes > 0),
                SessionEvent::Closed(reason) => match session.close_detail() {
                    Some(detail) => format!("closed: {reason}, {detail}"),
                    None => format!("closed: {reason}"),
                },
                other => format!("{other:?}").to_lowercase(),
            };
            diary.0.lock().unwrap().push(entry);
        });
        Config {
            hooks,
            ..Config::default()
        }
    }

    async fn take(&self) -> Vec<String> {
        // Time stands still until nobody has anything to do.
        sleep(Duration::from_millis(1)).await;
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

#[tokio::test(start_paused = true)]
async fn everything_is_seen_in_its_order() {
    let diary = Diary::default();
    let server = Server::new(diary.config());
    let sid = server.open().await;
    let query = format!("transport=polling&sid={sid}");
    assert_eq!(diary.take().await, ["queued 1", "flushed true", "drained"]);
    assert_eq!(post(&mut server.connect(), &query, "4x").await.body, "ok");
    assert_eq!(diary.take().await, ["packet 4"]);
    server.session().send(&unit(5)).unwrap();
    assert_eq!(diary.take().await, ["queued 1"]);
    assert_eq!(get(&mut server.connect(), &query).await.body, "4xxxxx");
    assert_eq!(diary.take().await, ["flushed true", "drained"]);

    let mut probe = server.connect();
    let answer = upgrade(&mut probe, &format!("&sid={sid}")).await;
    assert_eq!(answer.status, 101);
    write_text(&mut probe, "2probe").await;
    assert_eq!(read_text(&mut probe).await, "3probe");
    assert_eq!(diary.take().await, ["upgrading"]);
    write_text(&mut probe, "5").await;
    assert_eq!(diary.take().await, ["upgraded"]);
    assert_eq!(read_text(&mut probe).await, "2");
    write_text(&mut probe, "3").await;
    assert_eq!(diary.take().await, ["packet 3", "heartbeat"]);

    let mut fanout = Fanout::new(unit(7), 1);
    fanout.push(&server.session()).unwrap();
    assert_eq!(fanout.finish(), 1);
    assert_eq!(read_text(&mut probe).await, "4xxxxxxx");
    assert_eq!(diary.take().await, ["queued 1", "flushed true", "drained"]);
    write_text(&mut probe, "1").await;
    let end = ["packet 1", "closed: transport close, close_packet"];
    assert_eq!(diary.take().await, end);
}

/// The reason and the detail of a WebSocket session's end after these bytes.
async fn end(bytes: &[u8]) -> String {
    let diary = Diary::default();
    let server = Server::new(diary.config());
    let mut stream = server.open_websocket().await;
    stream.write_all(bytes).await.unwrap();
    drop(stream);
    let end = diary.take().await.pop().unwrap();
    assert!(server.session().close_detail().is_some(), "{end}");
    end
}

#[tokio::test(start_paused = true)]
async fn the_detail_of_an_end_says_what_the_client_did() {
    let close = [0x88, 0x80, 0, 0, 0, 0];
    assert_eq!(end(&close).await, "closed: transport close, close_frame");
    assert_eq!(end(&[]).await, "closed: transport close, eof");
    let malformed = [0x81, 0x81, 0, 0, 0, 0, b'x'];
    let said = "closed: parse error, malformed_packet: unknown packet type 'x'";
    assert_eq!(end(&malformed).await, said);
    let ping = [0x81, 0x81, 0, 0, 0, 0, b'2'];
    let said = "closed: transport error, unexpected_packet";
    assert_eq!(end(&ping).await, said);
    let unmasked = [0x81, 0x01, b'6'];
    let said = "closed: transport error, websocket_violation: ";
    assert!(end(&unmasked).await.starts_with(said));
}

#[tokio::test(start_paused = true)]
async fn the_detail_of_an_end_over_polling_names_the_request() {
    let diary = Diary::default();
    let server = Server::new(diary.config());
    let sid = server.open().await;
    let query = format!("transport=polling&sid={sid}");
    let mut waiting = server.connect();
    let first = format!("GET /engine.io/?EIO=4&{query} HTTP/1.1\r\nhost: x\r\n\r\n");
    waiting.write_all(first.as_bytes()).await.unwrap();
    diary.take().await;
    assert_eq!(get(&mut server.connect(), &query).await.status, 400);
    let said = "closed: transport error, overlap: a second poll";
    assert_eq!(diary.take().await, [said]);

    let sid = server.open().await;
    diary.take().await;
    let head = format!("POST /engine.io/?EIO=4&transport=polling&sid={sid} HTTP/1.1\r\nhost: x");
    let mut stream = server.connect();
    let body = format!("{head}\r\ncontent-length: 9\r\n\r\n4x");
    stream.write_all(body.as_bytes()).await.unwrap();
    drop(stream);
    let said = "closed: transport error, client_gone: a request ended before its answer";
    assert_eq!(diary.take().await, [said]);
    let session = server.session();
    session.explain("too_late", "");
    assert_eq!(session.close_detail().unwrap().code(), "client_gone");
}

#[tokio::test(start_paused = true)]
async fn a_close_on_purpose_has_the_detail_that_was_given() {
    let diary = Diary::default();
    let server = Server::new(diary.config());
    let _stream = server.open_websocket().await;
    server.session().explain("boredom", "nothing happened");
    server.session().explain("second", "");
    server.session().close(CloseReason::ForcedClose);
    let said = "closed: forced close, boredom: nothing happened".to_owned();
    assert!(diary.take().await.contains(&said));

    let _stream = server.open_websocket().await;
    server.session().close(CloseReason::ForcedClose);
    let said = "closed: forced close".to_owned();
    assert!(diary.take().await.contains(&said));
}

#[tokio::test(start_paused = true)]
async fn a_post_that_is_cut_off_after_the_switch_ends_nothing() {
    let server = Server::new(Config::default());
    let sid = server.open().await;
    let head = format!("POST /engine.io/?EIO=4&transport=polling&sid={sid} HTTP/1.1\r\nhost: x");
    let mut post = server.connect();
    let body = format!("{head}\r\ncontent-length: 9\r\n\r\n4x");
    post.write_all(body.as_bytes()).await.unwrap();
    let mut probe = server.connect();
    assert_eq!(
        upgrade(&mut probe, &format!("&sid={sid}")).await.status,
        101
    );
    write_text(&mut probe, "2probe").await;
    assert_eq!(read_text(&mut probe).await, "3probe");
    write_text(&mut probe, "5").await;
    while server.session().transport() == Transport::Polling {
        sleep(Duration::from_millis(1)).await;
    }
    drop(post);
    sleep(Duration::from_millis(1)).await;
    assert!(server.session().is_open());
    write_text(&mut probe, "4still here").await;
    sleep(Duration::from_millis(1)).await;
    assert_eq!(server.seen(), ["upgraded", "still here"]);
}
