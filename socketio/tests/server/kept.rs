//! What one client makes the server keep: bounded while it is there, nothing after it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use engineio::server::CloseDetail;
use socketio::{Args, Config, Data, Socket, SocketIo};
use tokio::sync::Semaphore;

use crate::harness::{Log, Raw, listen, server, until};

const FILE: &str = r#"451-["file",{"_placeholder":true,"num":0}]"#;
static MEGABYTE: [u8; 999_000] = [7; 999_000];

/// Counts those that are there.
struct Counted(Arc<AtomicUsize>);

impl Counted {
    fn new(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(count))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// A value of a socket that is the socket.
struct Myself {
    _socket: Socket,
    _counted: Counted,
}

#[tokio::test]
async fn a_client_that_streams_binary_events_has_the_deadline_for_each() {
    let mut config = Config {
        attachment_timeout: Duration::from_millis(600),
        ..Config::default()
    };
    config.engine.linger = Duration::from_millis(10);
    let (io, log) = (SocketIo::new(config), Log::default());
    io.of("/").on("file", |_: Args| ());
    let end = log.clone();
    io.of("/")
        .on_disconnect(move |detail: Option<CloseDetail>| {
            end.add(detail.map_or_else(String::new, |detail| detail.code().to_owned()));
        });
    let (mut client, _) = Raw::join(listen(&io).await).await;
    client.send(FILE).await;
    // An attachment and the next header come in one turn of the server, for twice the deadline.
    for _ in 0..24 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        client.send_binary_and(&[7; 100], FILE).await;
    }
    assert!(log.entries().is_empty(), "{:?}", log.entries());
    // The last one is never complete.
    client.expect_close().await;
    log.expect(&["attachment_timeout"]).await;
}

#[tokio::test]
async fn events_that_wait_are_bounded_in_bytes_over_all_namespaces() {
    let io = server();
    let _other = io.of("/other");
    let gate = Arc::new(Semaphore::new(0));
    let handled = Arc::new(AtomicUsize::new(0));
    for name in ["/", "/other"] {
        let (gate, handled) = (Arc::clone(&gate), Arc::clone(&handled));
        io.of(name).on("file", move |_: Args| {
            let (gate, handled) = (Arc::clone(&gate), Arc::clone(&handled));
            async move {
                gate.acquire().await.expect("open").forget();
                handled.fetch_add(1, Ordering::SeqCst);
            }
        });
    }
    let (mut client, _) = Raw::join(listen(&io).await).await;
    client.connect("/other,").await;
    let other = r#"451-/other,["file",{"_placeholder":true,"num":0}]"#;
    // In each namespace one is in flight; of those that wait, two of a megabyte are taken.
    let sent = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&sent);
    let sending = tokio::spawn(async move {
        for n in 0..40 {
            client.send(if n % 2 == 0 { FILE } else { other }).await;
            client.send_binary(&MEGABYTE).await;
            count.fetch_add(1, Ordering::SeqCst);
        }
        client
    });
    let mut before = usize::MAX;
    while before != sent.load(Ordering::SeqCst) {
        before = sent.load(Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    // What the kernels of both sides hold is some megabytes; 40 were taken without the bound.
    assert!(before < 25, "{before} megabytes were read");
    gate.add_permits(40);
    until(|| handled.load(Ordering::SeqCst) == 40).await;
    drop(sending.await.expect("everything was sent"));
}

#[tokio::test]
async fn what_comes_with_connect_is_limited_and_refused_with_a_code() {
    let io = server();
    io.of("/")
        .middleware(|Data(_): Data<serde_json::Value>| Ok(()));
    let mut client = Raw::open(listen(&io).await).await;
    let auth = |length: usize| format!(r#"40{{"x":"{}"}}"#, "y".repeat(length - 8));
    client.send(&auth((16 << 10) + 1)).await;
    client
        .expect(r#"44{"message":"Auth too large","data":{"code":"auth_too_large"}}"#)
        .await;
    assert_eq!(io.refusals(), [("auth_too_large", 1)]);
    // The session stays, and one that is as long as allowed gets in.
    client.send(&auth(16 << 10)).await;
    let answer = client.text().await.expect("an answer");
    assert!(answer.starts_with(r#"40{"sid""#), "{answer}");
}

#[tokio::test]
async fn a_socket_among_its_own_values_goes_with_its_client() {
    let io = server();
    let there = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&there);
    io.of("/")
        .middleware(move |socket: Socket, Data(auth): Data<serde_json::Value>| {
            let _counted = Counted::new(&count);
            let _socket = socket.clone();
            socket.set_data(Myself { _socket, _counted });
            match auth["refuse"].is_null() {
                true => Ok(()),
                false => Err(socketio::ConnectError::new("no")),
            }
        });
    io.of("/").on_disconnect(|socket: Socket| {
        assert!(socket.data::<Myself>().is_some(), "until the last handler");
    });
    let address = listen(&io).await;
    let (client, _) = Raw::join(address).await;
    let mut refused = Raw::open(address).await;
    refused.send(r#"40{"refuse":true}"#).await;
    refused.expect(r#"44{"message":"no"}"#).await;
    until(|| there.load(Ordering::SeqCst) == 1).await;
    drop(client);
    until(|| there.load(Ordering::SeqCst) == 0).await;
}

#[tokio::test]
async fn a_hook_that_panics_leaves_no_ghost() {
    let io = server();
    let nsp = io.of("/");
    nsp.on_connect(|socket: Socket| socket.join("room").is_ok());
    nsp.on_rejection(|_, _, _| panic!("planted"));
    nsp.on_any_outgoing(|_| panic!("planted"));
    nsp.on_delivery_failed(|_, _| panic!("planted"));
    nsp.on("hello", |socket: Socket| socket.emit("hello", ()).is_ok());
    let (mut client, _) = Raw::join(listen(&io).await).await;
    client.send(r#"42["nobody handles this"]"#).await;
    client.send(r#"421["hello"]"#).await;
    client.expect(r#"42["hello"]"#).await;
    client.expect("431[true]").await;
    drop(client);
    until(|| io.sessions() == 0 && nsp.is_empty() && nsp.rooms_in_use().is_empty()).await;
}

#[tokio::test]
async fn a_weak_namespace_in_its_own_hooks_keeps_nothing() {
    let io = server();
    let there = Arc::new(AtomicUsize::new(0));
    let nsp = io.of("/");
    let own = nsp.downgrade();
    let captured = (own.clone(), Counted::new(&there));
    nsp.on_delivery_failed(move |socket, _| {
        let (own, _) = &captured;
        own.upgrade().map(|nsp| nsp.to(socket));
    });
    assert_eq!(
        own.upgrade().map(|nsp| nsp.name().to_owned()),
        Some("/".into())
    );
    drop((io, nsp));
    assert_eq!(there.load(Ordering::SeqCst), 0);
    assert!(own.upgrade().is_none());
    assert_eq!(own.name(), "/");
}
