//! Passing a limit, and what is left of it.

use std::fmt::Write as _;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use socketio::{Config, Data, Socket, SocketIo};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tracing::Level;
use tracing_subscriber::fmt::MakeWriter;

use crate::harness::{Log, PATIENCE, Raw, listen, until};

pub(super) const SOON: Duration = Duration::from_millis(30);

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

/// Runs `break_it` against a server and waits until the log has the reason, at the level that is on by default,
/// and it is counted.
pub(super) async fn passes<T>(
    reason: &str,
    change: impl FnOnce(&mut Config),
    break_it: impl AsyncFnOnce(SocketAddr) -> T,
) {
    pass(Level::INFO, reason, change, break_it).await;
}

/// The same with a log of that level. What `break_it` answers is kept meanwhile.
pub(super) async fn pass<T>(
    level: Level,
    reason: &str,
    change: impl FnOnce(&mut Config),
    break_it: impl AsyncFnOnce(SocketAddr) -> T,
) {
    let lines = Lines::default();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_max_level(level)
        .with_writer(lines.clone())
        .finish();
    // Everything runs on this thread.
    let _guard = tracing::subscriber::set_default(subscriber);
    let mut config = Config::default();
    config.engine.linger = SOON;
    change(&mut config);
    let (refused, seen) = (Log::default(), Log::default());
    let requests = refused.clone();
    let hooks = std::mem::take(&mut config.engine.hooks);
    config.engine.hooks =
        hooks.on_connection_error(move |error| requests.add(error.error.reason()));
    let io = SocketIo::new(config);
    register(&io);
    let address = listen(&io).await;
    let _kept = break_it(address).await;
    // Before that of `until`: here is more to say.
    let told = tokio::time::timeout(PATIENCE - SOON, async {
        let words = [format!("reason=\"{reason}\""), format!("reason={reason}")];
        until(|| {
            let log = lines.0.lock().expect("nothing panics under it");
            words.iter().any(|word| log.contains(word))
        })
        .await;
        seen.add("told");
        until(|| is_counted(&io, reason) || refused.entries().iter().any(|word| word == reason))
            .await;
    });
    if told.await.is_err() {
        let log = lines.0.lock().expect("nothing panics under it");
        panic!("{reason}: {:?}, {:?}, {log}", seen.entries(), io.stats());
    }
}

/// What clients may ask for.
fn register(io: &SocketIo) {
    let nsp = io.of("/");
    nsp.on("join", |socket: Socket, Data(room): Data<String>| {
        socket.join(room).is_ok()
    });
    nsp.on("flood", |socket: Socket, Data(count): Data<usize>| {
        let text = "x".repeat(1000);
        (0..count).all(|_| socket.emit("flood", &text).is_ok())
    });
    nsp.on("wait", |_: Socket| std::future::pending::<()>());
    nsp.on("go", |socket: Socket| socket.disconnect(true));
    nsp.on("ask", async |socket: Socket| {
        let _ = socket.emit_with_ack("question", ()).await;
    });
    nsp.on("ask all", async |socket: Socket| {
        let _ = socket.namespace().emit_with_ack("question", ()).await;
    });
    let server = io.clone();
    nsp.on("shut down", move |_: Socket| {
        let server = server.clone();
        tokio::spawn(async move { server.shutdown().await });
    });
    io.of_dynamic("/room-{id}");
}

/// Whether it is in the numbers that metrics are made of.
fn is_counted(io: &SocketIo, reason: &str) -> bool {
    let stats = io.stats();
    let words = [stats.upgrades, stats.limits, io.refusals()].concat();
    words.iter().any(|(word, _)| *word == reason)
        || stats
            .closed
            .iter()
            .any(|(word, detail, _)| *word == reason || *detail == reason)
}

/// Joins `/` and says these packets; stays until the server has seen them.
pub(super) async fn say(address: SocketAddr, packets: &[&str]) {
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

/// Joins `/`, says these packets and reads nothing. The kernels of both sides hold little of what it is told.
pub(super) async fn deaf(address: SocketAddr, packets: &[&str]) -> TcpStream {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_recv_buffer_size(4096).expect("a small buffer");
    let mut stream = socket.connect(address).await.expect("a server");
    let request = upgrade("");
    stream.write_all(request.as_bytes()).await.expect("open");
    for packet in ["40"].iter().chain(packets) {
        let length = u8::try_from(packet.len()).expect("a short packet");
        let mut frame = vec![0x81, 0x80 | length, 0, 0, 0, 0];
        frame.extend(packet.as_bytes());
        stream.write_all(&frame).await.expect("open");
    }
    stream
}

/// The request for a WebSocket; `more` continues the query.
pub(super) fn upgrade(more: &str) -> String {
    let head = "host: x\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
                sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==";
    let path = format!("/socket.io/?EIO=4&transport=websocket{more}");
    format!("GET {path} HTTP/1.1\r\n{head}\r\n\r\n")
}

/// What a server answers to a request over a connection of its own, as far as it comes in time; and that connection.
pub(super) async fn request(address: SocketAddr, request: &str) -> (String, TcpStream) {
    let mut stream = TcpStream::connect(address).await.expect("a server");
    stream.write_all(request.as_bytes()).await.expect("open");
    let mut answer = [0; 4096];
    let read = stream.read(&mut answer).await.unwrap_or(0);
    let answer = String::from_utf8_lossy(&answer[..read]).into_owned();
    (answer, stream)
}

pub(super) async fn handshake(address: SocketAddr) -> String {
    let path = "/socket.io/?EIO=4&transport=polling";
    request(address, &format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n"))
        .await
        .0
}

/// The id of a new session.
pub(super) async fn sid(address: SocketAddr) -> String {
    let opened = handshake(address).await;
    let (_, sid) = opened.split_once(r#""sid":""#).expect("a session");
    sid.split('"').next().unwrap_or_default().to_owned()
}

/// A POST to a new session: a body, of which so many bytes are announced.
pub(super) async fn post(address: SocketAddr, length: usize, body: &str) -> String {
    let sid = sid(address).await;
    let path = format!("/socket.io/?EIO=4&transport=polling&sid={sid}");
    let mut text = format!("POST {path} HTTP/1.1\r\nhost: x\r\n");
    let _ = write!(text, "content-length: {length}\r\n\r\n{body}");
    request(address, &text).await.0
}
