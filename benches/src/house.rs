//! Clients in memory, and the server's side of their connections.

use std::convert::Infallible;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use engineio::server::{Body, Config};
use hyper::{Response, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use socketio::{Socket, SocketIo};
use tokio::runtime::Runtime;

use crate::wire::{CONNECT, Seen, Wire, request};

/// Nothing was on its way if nothing came for so long.
const QUIET: Duration = Duration::from_millis(50);

/// Clients whose connections are open and quiet.
#[derive(Debug)]
pub struct House {
    /// Where their connections are.
    pub runtime: Runtime,
    /// What they get.
    pub seen: Arc<Seen>,
    /// How many they are.
    pub size: usize,
}

impl House {
    /// No clients yet, but so many when it is open.
    ///
    /// # Panics
    /// The machine gives no threads.
    #[must_use]
    pub fn new(size: usize) -> Self {
        let runtime = Runtime::new().expect("a runtime starts");
        Self {
            runtime,
            seen: Arc::default(),
            size,
        }
    }

    /// Opens one connection per client, each of which says `says`, and waits until `is_open` and nothing
    /// more arrives.
    pub fn open<S, F>(&self, says: Vec<u8>, serve: S, is_open: impl Fn() -> bool)
    where
        S: Fn(hyper::Request<Incoming>) -> F + Clone + Send + Sync + 'static,
        F: Future<Output = Response<Body>> + Send + 'static,
    {
        let says = Bytes::from(says);
        for _ in 0..self.size {
            let wire = Wire::new(says.clone(), Arc::clone(&self.seen));
            self.runtime.spawn(connection(wire, serve.clone()));
        }
        let mut before = usize::MAX;
        while !is_open() || self.seen.bytes() != before {
            before = self.seen.bytes();
            std::thread::sleep(QUIET);
        }
    }

    /// Opens it with that many sockets of the namespace `/`, on which `on_connect` is called.
    ///
    /// # Panics
    /// The machine gives no threads.
    pub fn of_sockets(
        size: usize,
        on_connect: impl Fn(Socket) + Send + Sync + 'static,
    ) -> (Self, SocketIo) {
        let house = Self::new(size);
        let io = SocketIo::builder().engine(quiet()).build();
        let here = Arc::new(AtomicUsize::new(0));
        let came = Arc::clone(&here);
        io.of("/").on_connect(move |socket: Socket| {
            on_connect(socket);
            came.fetch_add(1, Ordering::SeqCst);
        });
        let serving = io.clone();
        let serve = move |request| {
            let io = serving.clone();
            async move { io.serve(request).await }
        };
        let mut says = request("/socket.io/");
        says.extend(CONNECT);
        house.open(says, serve, || here.load(Ordering::SeqCst) == size);
        (house, io)
    }
}

async fn connection<S, F>(wire: Wire, serve: S)
where
    S: Fn(hyper::Request<Incoming>) -> F,
    F: Future<Output = Response<Body>>,
{
    let service = service_fn(|request| {
        let response = serve(request);
        async { Ok::<_, Infallible>(response.await) }
    });
    let http = http1::Builder::new().serve_connection(TokioIo::new(wire), service);
    http.with_upgrades()
        .await
        .expect("a client in memory does not fail");
}

/// No ping during the measurement.
#[must_use]
pub fn quiet() -> Config {
    Config {
        ping_interval: Duration::from_secs(3600),
        ..Config::default()
    }
}
