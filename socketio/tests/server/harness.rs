//! A server on port 0 and raw WebSocket clients.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use engineio::server::Peer;
use futures_util::{SinkExt, StreamExt};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use socketio::{Config, SocketIo};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

/// Longer than anything takes, shorter than anybody's patience.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// A server with default settings, but for a client's half of the closing handshake it does not wait.
pub(crate) fn server() -> SocketIo {
    let mut config = Config::default();
    config.engine.linger = Duration::from_millis(10);
    SocketIo::new(config)
}

/// Serves on a free port.
pub(crate) async fn listen(io: &SocketIo) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .expect("a free port");
    let address = listener.local_addr().expect("bound");
    let io = io.clone();
    tokio::spawn(async move {
        while let Ok((stream, addr)) = listener.accept().await {
            let io = io.clone();
            let service = service_fn(move |mut request: hyper::Request<_>| {
                let io = io.clone();
                request.extensions_mut().insert(Peer {
                    addr,
                    secure: false,
                });
                async move { Ok::<_, Infallible>(io.serve(request).await) }
            });
            let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
            tokio::spawn(connection.with_upgrades());
        }
    });
    address
}

/// A raw client whose Engine.IO session is open.
pub(crate) struct Raw {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// The Engine.IO session id.
    pub(crate) sid: String,
}

impl Raw {
    /// Opens a session.
    pub(crate) async fn open(address: SocketAddr) -> Self {
        Self::open_with(address, "").await
    }

    /// Opens a session with more in its query.
    pub(crate) async fn open_with(address: SocketAddr, query: &str) -> Self {
        let url = format!("ws://{address}/socket.io/?EIO=4&transport=websocket{query}");
        // Without Nagle, which would hold packets back until the server acknowledges the first.
        let (socket, _) = tokio_tungstenite::connect_async_with_config(url, None, true)
            .await
            .expect("a server");
        let mut client = Self {
            socket,
            sid: String::new(),
        };
        let open = client.text().await.expect("the open packet");
        let open: serde_json::Value = serde_json::from_str(&open[1..]).expect("JSON");
        client.sid = open["sid"].as_str().expect("a sid").to_owned();
        client
    }

    /// Opens a session and joins `/`; the socket's id comes back too.
    pub(crate) async fn join(address: SocketAddr) -> (Self, String) {
        let mut client = Self::open(address).await;
        let sid = client.connect("").await;
        (client, sid)
    }

    /// Joins a namespace (`"/x,"`, or `""` for `/`).
    pub(crate) async fn connect(&mut self, namespace: &str) -> String {
        self.send(&format!("40{namespace}")).await;
        let answer = self.text().await.expect("an answer");
        let json = answer
            .strip_prefix(&format!("40{namespace}"))
            .unwrap_or_else(|| panic!("{answer}"));
        let json: serde_json::Value = serde_json::from_str(json).expect("JSON");
        json["sid"].as_str().expect("a sid").to_owned()
    }

    pub(crate) async fn send(&mut self, text: &str) {
        self.socket
            .send(Message::text(text))
            .await
            .expect("an open connection");
    }

    pub(crate) async fn send_binary(&mut self, bytes: &'static [u8]) {
        self.socket
            .send(Message::binary(bytes))
            .await
            .expect("an open connection");
    }

    /// An attachment and a text behind it, in one write.
    pub(crate) async fn send_binary_and(&mut self, bytes: &'static [u8], text: &str) {
        let both = [Message::binary(bytes), Message::text(text)];
        for message in both {
            self.socket.feed(message).await.expect("an open connection");
        }
        self.socket.flush().await.expect("an open connection");
    }

    /// The next message; `None` when the server closed. Answers pings.
    pub(crate) async fn next(&mut self) -> Option<Message> {
        loop {
            let next = tokio::time::timeout(PATIENCE, self.socket.next()).await;
            match next.expect("nothing came")?.ok()? {
                Message::Text(text) if text == "2" => self.send("3").await,
                Message::Close(_) => return None,
                message => return Some(message),
            }
        }
    }

    /// The next message, which has to be text; `None` when the server closed.
    pub(crate) async fn text(&mut self) -> Option<String> {
        match self.next().await? {
            Message::Text(text) => Some(text.to_string()),
            other => panic!("{other:?} instead of text"),
        }
    }

    /// The next message has to be this text.
    #[track_caller]
    pub(crate) fn expect(&mut self, text: &str) -> impl Future<Output = ()> {
        let caller = std::panic::Location::caller();
        async move {
            let got = self.text().await;
            assert_eq!(got.as_deref(), Some(text), "at {caller}");
        }
    }

    /// The next message has to be this binary one.
    pub(crate) async fn expect_binary(&mut self, bytes: &[u8]) {
        assert_eq!(self.next().await, Some(Message::binary(bytes.to_vec())));
    }

    /// The server has to close, with nothing before that.
    #[track_caller]
    pub(crate) fn expect_close(&mut self) -> impl Future<Output = ()> {
        let caller = std::panic::Location::caller();
        async move { assert_eq!(self.next().await, None, "at {caller}") }
    }

    /// Nothing may come before what the server is asked to echo.
    pub(crate) async fn expect_nothing(&mut self) {
        self.send(r#"420["ping-pong"]"#).await;
        self.expect("430[]").await;
    }
}

/// Waits until something is true.
pub(crate) async fn until(mut condition: impl FnMut() -> bool) {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while !condition() {
        assert!(tokio::time::Instant::now() < deadline, "never became true");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// What happened, in order, for all to write and to read.
#[derive(Clone, Default)]
pub(crate) struct Log(std::sync::Arc<std::sync::Mutex<Vec<String>>>);

impl Log {
    pub(crate) fn add(&self, entry: impl Into<String>) {
        self.0.lock().expect("nobody panicked").push(entry.into());
    }

    pub(crate) fn entries(&self) -> Vec<String> {
        self.0.lock().expect("nobody panicked").clone()
    }

    /// Waits until these are the entries.
    pub(crate) async fn expect(&self, entries: &[&str]) {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        while self.entries() != entries && tokio::time::Instant::now() < deadline {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        assert_eq!(self.entries(), entries);
    }
}
