//! The server that the comparison with other servers measures; `benches/compare` has the same program for each of them.
//!
//! `cargo run --release -p socketio --example fanout -- PORT [THREADS]` (3000 and 1 when nothing is named).
//!
//! | event | what happens |
//! |---|---|
//! | `join (room, ack)` | joins the room |
//! | `msg (room, data)` | everyone in the room gets `msg (data)` |
//! | `echo (data, ack)` | the ack is `data` |

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use engineio::server::{Admission, Peer};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::value::RawValue;
use socket2::{Domain, Protocol, Type};
use socketio::server::RoomError;
use socketio::{Args, Config, Data, EmitError, Namespace, Socket, SocketIo};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};

/// The allocator of the `roomcast` binary.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// Connections that wait to be accepted: everybody may come at once. The kernel cuts this to `net.core.somaxconn`.
const BACKLOG: i32 = 65_535;

/// How long to wait when nothing can be accepted because no file may be opened any more.
const PAUSE: Duration = Duration::from_millis(10);

fn main() -> std::io::Result<()> {
    let mut args = std::env::args().skip(1);
    let port = args.next().and_then(|port| port.parse().ok());
    let threads = args.next().and_then(|threads| threads.parse().ok());
    // Each client is an open file.
    let _ = rlimit::increase_nofile_limit(u64::MAX);
    let (port, threads) = (port.unwrap_or(3000), threads.unwrap_or(1));
    let runtime = runtime(threads)?;
    runtime.block_on(async move {
        let listener = bind((Ipv4Addr::LOCALHOST, port).into())?;
        let io = server(threads);
        println!("listening on http://{}/socket.io/", listener.local_addr()?);
        // In a task: what `block_on` itself runs is not one of the workers.
        Ok(tokio::spawn(accept(listener, io)).await?)
    })
}

/// One thread does everything, or that many share it.
fn runtime(threads: usize) -> std::io::Result<Runtime> {
    match threads {
        0 | 1 => Builder::new_current_thread().enable_all().build(),
        _ => Builder::new_multi_thread()
            .worker_threads(threads)
            .enable_all()
            .build(),
    }
}

fn server(threads: usize) -> SocketIo {
    let mut config = Config::default();
    config.engine.flushers = threads;
    // All clients of a load generator have one address.
    config.engine.admission = Admission::unlimited();
    let io = SocketIo::new(config);
    register(&io.of("/"));
    io
}

fn register(nsp: &Namespace) {
    nsp.on(
        "join",
        |socket: Socket, Data(room): Data<String>| -> Result<(), RoomError> { socket.join(room) },
    );
    nsp.on(
        "msg",
        |nsp: Namespace,
         Data((room, data)): Data<(String, Box<RawValue>)>|
         -> Result<usize, EmitError> { nsp.to(room).emit("msg", data) },
    );
    nsp.on("echo", |data: Args| data);
}

fn bind(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = socket2::Socket::new(Domain::IPV4, Type::STREAM, Some(Protocol::TCP))?;
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    TcpListener::from_std(socket.into())
}

async fn accept(listener: TcpListener, io: SocketIo) {
    loop {
        match listener.accept().await {
            Ok((stream, addr)) => drop(tokio::spawn(serve(stream, addr, io.clone()))),
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}

async fn serve(stream: TcpStream, addr: SocketAddr, io: SocketIo) {
    // Only speed: a stream that refuses is about to fail by itself.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |mut request: hyper::Request<_>| {
        let io = io.clone();
        let secure = false;
        request.extensions_mut().insert(Peer { addr, secure });
        async move { Ok::<_, Infallible>(io.serve(request).await) }
    });
    let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    // A connection that fails concerns nobody else.
    let _ = connection.with_upgrades().await;
}
