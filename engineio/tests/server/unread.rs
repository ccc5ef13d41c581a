//! Clients that ask over HTTP and do not read the answers.

use std::{net::SocketAddr, time::Duration};

use engineio::server::{Admission, Config, HttpStream};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex},
    net::{TcpListener, TcpSocket},
    time::{Instant, sleep, timeout},
};

use crate::harness::{PATIENCE, Server, read_frame, read_text, unit, upgrade, upgrade_request};

const PEER: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 1);

/// A connection as an accept loop takes it, with a pipe of that size.
fn connect(server: &Server, size: usize, write_timeout: Duration) -> DuplexStream {
    let (client, stream) = duplex(size);
    server.serve(HttpStream::new(stream, write_timeout), PEER);
    client
}

#[tokio::test(start_paused = true)]
async fn a_client_that_asks_much_and_reads_nothing_is_cut_after_the_write_timeout() {
    let limit = Config::default().write_timeout;
    let server = Server::new(Config::default());
    let mut client = connect(&server, 4096, limit);
    let begun = Instant::now();
    let request = "GET /engine.io/?EIO=4&transport=polling&sid=x HTTP/1.1\r\nhost: x\r\n\r\n";
    let requests = request.repeat(3000);
    let asked = client.write_all(requests.as_bytes());
    let asked = timeout(PATIENCE, asked).await.expect("not for ever");
    asked.expect_err("the server takes no more");
    let took = begun.elapsed();
    assert!(took >= limit && took < limit * 2, "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn an_answer_101_that_nobody_reads_occupies_no_place_for_long() {
    let config = Config {
        admission: Admission {
            sessions: Some(1),
            ..Admission::unlimited()
        },
        ..Config::default()
    };
    let limit = config.upgrade_timeout;
    let server = Server::new(config);
    // Less than the answer.
    let mut client = connect(&server, 64, PATIENCE);
    client
        .write_all(upgrade_request("").as_bytes())
        .await
        .unwrap();
    sleep(limit / 2).await;
    assert_eq!(server.get("transport=polling").await.status, 503);
    sleep(limit).await;
    assert_eq!(server.get("transport=polling").await.status, 200);
    let stats = server.engine.stats();
    assert_eq!(stats.opened.websocket, 0);
    assert_eq!(stats.limits, [("upgrade_timeout", 1)]);
}

#[tokio::test(start_paused = true)]
async fn a_websocket_has_the_patience_of_its_session_and_not_that_of_http() {
    let config = Config {
        ping_timeout: PATIENCE,
        ..Config::default()
    };
    let limit = config.write_timeout;
    let server = Server::new(config);
    let mut client = connect(&server, 4096, Duration::from_secs(1));
    assert_eq!(upgrade(&mut client, "").await.status, 101);
    assert!(read_text(&mut client).await.starts_with("0{"));
    server.session().send(&unit(20_000)).unwrap();
    sleep(limit - Duration::from_secs(1)).await;
    assert_eq!(server.engine.sessions(), 1);
    sleep(Duration::from_secs(2)).await;
    assert_eq!(server.engine.sessions(), 0);
    let detail = server.session().close_detail().unwrap();
    assert_eq!(detail.code(), "write_stalled");
}

#[tokio::test]
async fn over_tcp_too_and_what_came_ahead_of_the_101_is_read() {
    let server = Server::new(Config {
        outbox_limit: 64 << 20,
        ..Config::default()
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = TcpSocket::new_v4().unwrap();
    client.set_recv_buffer_size(4096).unwrap();
    let client = client.connect(listener.local_addr().unwrap());
    let (client, accepted) = tokio::join!(client, listener.accept());
    let (mut client, stream) = (client.unwrap(), accepted.unwrap().0);
    server.serve(HttpStream::tcp(stream, Duration::from_millis(1)), PEER);
    let early = b"\x81\x83\0\0\0\x004hi";
    let ahead = [upgrade_request("").as_bytes(), early].concat();
    client.write_all(&ahead).await.unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        answer.push(client.read_u8().await.unwrap());
    }
    assert!(read_text(&mut client).await.starts_with("0{"));
    // More than the kernels of both sides hold.
    let (count, long) = (160, 50_000);
    (0..count).for_each(|_| server.session().send(&unit(long)).unwrap());
    sleep(Duration::from_millis(20)).await;
    for _ in 0..count {
        let frame = read_frame(&mut client).await.expect("a frame");
        assert_eq!(frame.1.len(), long + 1);
    }
    assert_eq!(server.seen(), ["hi"]);
}
