//! Bodies that are too long to be taken.

use std::time::Duration;

use engineio::server::Config;
use tokio::{io::AsyncWriteExt, time::Instant};

use crate::harness::{Server, read_answer};

const LIMIT: usize = 1_000_000;

fn server() -> Server {
    Server::new(Config {
        max_payload: LIMIT,
        ..Config::default()
    })
}

fn head(sid: &str, length: &str) -> String {
    format!(
        "POST /engine.io/?EIO=4&transport=polling&sid={sid} HTTP/1.1\r\nhost: x\r\n{length}\r\n\r\n"
    )
}

#[tokio::test(start_paused = true)]
async fn a_body_that_is_declared_too_long_is_refused_before_it_comes() {
    let server = server();
    let sid = server.open().await;
    let mut client = server.connect();
    let length = format!("content-length: {}", LIMIT + 1);
    let head = head(&sid, &length);
    client.write_all(head.as_bytes()).await.unwrap();
    assert_eq!(read_answer(&mut client).await.status, 413);
    assert_eq!(server.engine.sessions(), 1, "the session lives");
}

#[tokio::test(start_paused = true)]
async fn whoever_sends_too_much_waits_and_still_sees_the_answer() {
    for (length, framing) in [
        (String::from("transfer-encoding: chunked"), "400000\r\n"),
        (format!("content-length: {}", 4 << 20), ""),
    ] {
        let server = server();
        let sid = server.open().await;
        let mut client = server.connect();
        let head = head(&sid, &length) + framing;
        client.write_all(head.as_bytes()).await.unwrap();
        let begun = Instant::now();
        client.write_all(&vec![b'4'; 4 << 20]).await.unwrap();
        let took = begun.elapsed();
        // At most 64 KiB in 10 ms, of the 3 MB and more that are thrown away.
        let bounds = Duration::from_millis(450)..Duration::from_secs(5);
        assert!(bounds.contains(&took), "{length}: {took:?}");
        assert_eq!(read_answer(&mut client).await.status, 413, "{length}");
        assert_eq!(server.engine.sessions(), 1, "the session lives");
    }
}
