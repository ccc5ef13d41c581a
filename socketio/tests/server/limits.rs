//! Every limit of both layers: what passes it is refused, and leaves a log line with a word for programs.

use std::fmt::Write as _;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use engineio::server::{Hooks, Rate};
use socketio::{Config, Data, Socket, SocketIo};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tracing_subscriber::fmt::MakeWriter;

use crate::harness::{Raw, listen, until};

const SOON: Duration = Duration::from_millis(30);

/// The text of the log.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<String>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut lines = self.0.lock().expect("nothing panics under it");
        lines.push_str(&String::from_utf8_lossy(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Lines {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// Runs `break_it` against a server and waits until the log has the reason, at the level that is on by default.
/// What it answers is kept meanwhile.
async fn passes<T>(
    reason: &str,
    change: impl FnOnce(&mut Config),
    break_it: impl AsyncFnOnce(SocketAddr) -> T,
) {
    let lines = Lines::default();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_writer(lines.clone())
        .finish();
    // Everything runs on this thread.
    let _guard = tracing::subscriber::set_default(subscriber);
    let mut config = Config::default();
    config.engine.linger = SOON;
    change(&mut config);
    let io = SocketIo::new(config);
    let nsp = io.of("/");
    nsp.on("join", |socket: Socket, Data(room): Data<String>| {
        socket.join(room).is_ok()
    });
    nsp.on("flood", |socket: Socket, Data(count): Data<usize>| {
        let text = "x".repeat(1000);
        (0..count).all(|_| socket.emit("flood", &text).is_ok())
    });
    io.of_dynamic("/room-{id}");
    let address = listen(&io).await;
    let _kept = break_it(address).await;
    let wanted = format!("reason=\"{reason}\"");
    let mut log = String::new();
    let told = tokio::time::timeout(Duration::from_secs(5), async {
        until(|| {
            log.clone_from(&lines.0.lock().expect("nothing panics under it"));
            log.contains(&wanted)
        })
        .await;
    });
    assert!(told.await.is_ok(), "{wanted} is in {log}");
}

/// Joins `/` and says these packets; stays until the server has seen them.
async fn say(address: SocketAddr, packets: &[&str]) {
    let (mut client, _) = Raw::join(address).await;
    for packet in packets {
        client.send(packet).await;
    }
    // It answers, or it closes.
    client.send(r#"4299["join","room"]"#).await;
    while client
        .text()
        .await
        .is_some_and(|text| !text.starts_with("4399"))
    {}
}

/// What a server answers to a request over a connection of its own, as far as it comes in time.
async fn request(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.expect("a server");
    stream.write_all(request.as_bytes()).await.expect("open");
    let mut answer = [0; 4096];
    let read = stream.read(&mut answer).await.unwrap_or(0);
    String::from_utf8_lossy(&answer[..read]).into_owned()
}

async fn handshake(address: SocketAddr) -> String {
    let path = "/socket.io/?EIO=4&transport=polling";
    request(address, &format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n")).await
}

/// A POST to a new session: a body, of which so many bytes are announced.
async fn post(address: SocketAddr, length: usize, body: &str) -> String {
    let opened = handshake(address).await;
    let (_, sid) = opened.split_once(r#""sid":""#).expect("a session");
    let sid = sid.split('"').next().unwrap_or_default();
    let path = format!("/socket.io/?EIO=4&transport=polling&sid={sid}");
    let mut text = format!("POST {path} HTTP/1.1\r\nhost: x\r\n");
    let _ = write!(text, "content-length: {length}\r\n\r\n{body}");
    request(address, &text).await
}

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
    let patient = |config: &mut Config| {
        config.engine.write_timeout = SOON;
        config.engine.send_buffer = 4096;
        config.engine.outbox_limit = 64 << 20;
    };
    passes("write_stalled", patient, async |address| {
        let (mut client, _) = Raw::join(address).await;
        // More than the kernels of both sides hold.
        client.send(r#"42["flood",20000]"#).await;
        // It is there and does not read.
        client
    })
    .await;
}
