//! A server whose connections are pipes in memory, so that time can stand still.
//!
//! To the engine a pipe is what TLS is: a stream of which it knows nothing.

use std::{
    convert::Infallible,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use engineio::{
    CloseReason, Frame, Message, Unit,
    server::{Application, Body, Client, Config, Engine, Peer, Request, Session},
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream},
    time::timeout,
};

/// Longer than every deadline of the engine; the clock is stopped, so it costs nothing.
pub(crate) const PATIENCE: Duration = Duration::from_secs(300);

/// What a pipe holds before its writer waits.
const PIPE: usize = 4096;

/// The application: keeps its sessions and writes down what it is told.
#[derive(Debug, Clone, Default)]
pub(crate) struct Puppet {
    sessions: Arc<Mutex<Vec<Session>>>,
    seen: Arc<Mutex<Vec<String>>>,
}

/// Full once it was told so.
pub(crate) struct PuppetClient {
    puppet: Puppet,
    full: bool,
}

impl Application for Puppet {
    type Client = PuppetClient;

    fn open(&self, session: &Session, request: &Arc<Request>) -> PuppetClient {
        let asked = request.parameter("panic").is_some();
        assert!(!asked, "as it was asked to");
        self.sessions.lock().unwrap().push(session.clone());
        PuppetClient {
            puppet: self.clone(),
            full: false,
        }
    }
}

impl PuppetClient {
    fn saw(&self, what: impl Into<String>) {
        self.puppet.seen.lock().unwrap().push(what.into());
    }
}

impl Client for PuppetClient {
    fn message(&mut self, message: Message) {
        match message {
            Message::Text(text) if text == "panic" => panic!("as it was asked to"),
            Message::Text(text) => {
                self.full = text == "full";
                self.saw(text.to_string());
            }
            Message::Binary(data) => self.saw(format!("{} bytes", data.len())),
        }
    }

    fn accepts(&self) -> bool {
        !self.full
    }

    fn upgraded(&mut self) {
        self.saw("upgraded");
    }

    fn heartbeat(&mut self) {
        self.saw("heartbeat");
    }

    fn closed(&mut self, reason: CloseReason) {
        self.saw(format!("closed: {reason}"));
    }
}

/// The server under test.
pub(crate) struct Server {
    pub(crate) engine: Engine<Puppet>,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    /// A header, by its lower-case name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// The id in a polling handshake.
    pub(crate) fn sid(&self) -> String {
        let open = self.body.split('\x1e').next().unwrap();
        let open: serde_json::Value = serde_json::from_str(&open[1..]).unwrap();
        open["sid"].as_str().unwrap().to_owned()
    }
}

impl Server {
    pub(crate) fn new(config: Config) -> Self {
        Self {
            engine: Engine::new(config, Puppet::default()),
        }
    }

    /// A connection from 10.0.0.1.
    pub(crate) fn connect(&self) -> DuplexStream {
        self.connect_from("10.0.0.1:50000")
    }

    pub(crate) fn connect_from(&self, addr: &str) -> DuplexStream {
        let (client, server) = tokio::io::duplex(PIPE);
        self.serve(server, addr.parse().unwrap());
        client
    }

    /// Serves HTTP on any stream.
    pub(crate) fn serve(
        &self,
        stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
        addr: SocketAddr,
    ) {
        let engine = self.engine.clone();
        let service = service_fn(move |mut request: hyper::Request<Incoming>| {
            let engine = engine.clone();
            let secure = true;
            request.extensions_mut().insert(Peer { addr, secure });
            async move { Ok::<hyper::Response<Body>, Infallible>(engine.serve(request).await) }
        });
        let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
        tokio::spawn(connection.with_upgrades());
    }

    /// A GET on a connection of its own.
    pub(crate) async fn get(&self, query: &str) -> Answer {
        get(&mut self.connect(), query).await
    }

    pub(crate) async fn get_from(&self, addr: &str, query: &str) -> Answer {
        get(&mut self.connect_from(addr), query).await
    }

    /// A new polling session.
    pub(crate) async fn open(&self) -> String {
        self.get("transport=polling").await.sid()
    }

    /// A new WebSocket session, whose open packet was read.
    pub(crate) async fn open_websocket(&self) -> DuplexStream {
        let mut stream = self.connect();
        assert_eq!(upgrade(&mut stream, "").await.status, 101);
        assert!(read_text(&mut stream).await.starts_with("0{"));
        stream
    }

    /// The session that opened last.
    pub(crate) fn session(&self) -> Session {
        let sessions = self.engine.application().sessions.lock().unwrap();
        sessions.last().unwrap().clone()
    }

    /// What the application was told, since the last call.
    pub(crate) fn seen(&self) -> Vec<String> {
        std::mem::take(&mut *self.engine.application().seen.lock().unwrap())
    }
}

pub(crate) async fn get(stream: &mut DuplexStream, query: &str) -> Answer {
    send(
        stream,
        &format!("GET /engine.io/?EIO=4&{query} HTTP/1.1\r\nhost: x\r\n\r\n"),
    )
    .await
}

pub(crate) async fn post(stream: &mut DuplexStream, query: &str, body: &str) -> Answer {
    let length = body.len();
    let head =
        format!("POST /engine.io/?EIO=4&{query} HTTP/1.1\r\nhost: x\r\ncontent-length: {length}");
    send(stream, &format!("{head}\r\n\r\n{body}")).await
}

/// A WebSocket handshake; `more` continues the query.
pub(crate) async fn upgrade(stream: &mut DuplexStream, more: &str) -> Answer {
    send(stream, &upgrade_request(more)).await
}

pub(crate) fn upgrade_request(more: &str) -> String {
    let head = "host: x\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
                sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==";
    let path = format!("/engine.io/?EIO=4&transport=websocket{more}");
    format!("GET {path} HTTP/1.1\r\n{head}\r\n\r\n")
}

/// Writes a request and reads its answer.
pub(crate) async fn send(stream: &mut DuplexStream, request: &str) -> Answer {
    stream.write_all(request.as_bytes()).await.unwrap();
    read_answer(stream).await
}

pub(crate) async fn read_answer(stream: &mut DuplexStream) -> Answer {
    let head = timeout(PATIENCE, read_head(stream))
        .await
        .expect("an answer");
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let mut answer = Answer {
        status,
        head,
        body: String::new(),
    };
    let length = answer.header("content-length").unwrap_or("0");
    let mut body = vec![0; length.parse().unwrap()];
    stream.read_exact(&mut body).await.unwrap();
    answer.body = String::from_utf8(body).unwrap();
    answer
}

async fn read_head(stream: &mut DuplexStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.expect("an answer"));
    }
    String::from_utf8(head).unwrap()
}

/// Writes a text frame, masked with zeros.
pub(crate) async fn write_text(stream: &mut DuplexStream, text: &str) {
    let length = u8::try_from(text.len()).unwrap();
    assert!(length < 126);
    let mut frame = vec![0x81, 0x80 | length, 0, 0, 0, 0];
    frame.extend(text.as_bytes());
    stream.write_all(&frame).await.unwrap();
}

/// Reads a frame; `None` at the end of the stream.
pub(crate) async fn read_frame(stream: &mut (impl AsyncRead + Unpin)) -> Option<(u8, Vec<u8>)> {
    let read = async {
        let kind = stream.read_u8().await.ok()?;
        let length = match stream.read_u8().await.ok()? {
            126 => usize::from(stream.read_u16().await.ok()?),
            length => usize::from(length),
        };
        let mut payload = vec![0; length];
        stream.read_exact(&mut payload).await.ok()?;
        Some((kind, payload))
    };
    timeout(PATIENCE, read).await.expect("a frame, or the end")
}

/// Reads a text frame.
pub(crate) async fn read_text(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let (kind, payload) = read_frame(stream).await.expect("a frame");
    assert_eq!(kind, 0x81);
    String::from_utf8(payload).unwrap()
}

/// A unit with so many bytes of text.
pub(crate) fn unit(bytes: usize) -> Arc<Unit> {
    let text = vec![b'x'; bytes];
    Arc::new(Unit::new(Frame::text(bytes, |out| out.extend(&text))))
}
