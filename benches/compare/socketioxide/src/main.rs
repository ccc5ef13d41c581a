//! The program of `socketio/examples/fanout.rs` on socketioxide.
//!
//! `peer-socketioxide PORT [THREADS]`
//!
//! The same loop, allocator, backlog and data types as ours. Of its settings only `max_buffer_size` differs from the
//! default: a recipient that is 128 packets behind would lose some otherwise.

use std::future::{Ready, ready};
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use serde_json::value::RawValue;
use socket2::{Domain, Protocol, Type};
use socketioxide::SocketIo;
use socketioxide::extract::{AckSender, Data, SocketRef};
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};

#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// Connections that wait to be accepted: everybody may come at once.
const BACKLOG: i32 = 65_535;

/// Packets that may wait for one recipient.
const BUFFER: usize = 4096;

/// How long to wait when nothing can be accepted because no file may be opened any more.
const PAUSE: Duration = Duration::from_millis(10);

fn main() -> std::io::Result<()> {
    let mut args = std::env::args().skip(1);
    let port = args.next().and_then(|port| port.parse().ok());
    let threads = args.next().and_then(|threads| threads.parse().ok());
    let _ = rlimit::increase_nofile_limit(u64::MAX);
    runtime(threads.unwrap_or(1))?.block_on(async move {
        let listener = bind((Ipv4Addr::LOCALHOST, port.unwrap_or(3000)).into())?;
        let (service, io) = SocketIo::builder().max_buffer_size(BUFFER).build_svc();
        io.ns("/", register);
        println!("listening on http://{}/socket.io/", listener.local_addr()?);
        let accept = async move {
            loop {
                let Ok((stream, _)) = listener.accept().await else {
                    tokio::time::sleep(PAUSE).await;
                    continue;
                };
                let _ = stream.set_nodelay(true);
                let http = http1::Builder::new();
                let connection = http.serve_connection(TokioIo::new(stream), service.clone());
                tokio::spawn(connection.with_upgrades());
            }
        };
        // In a task: what `block_on` itself runs is not one of the workers.
        tokio::spawn(accept).await?
    })
}

fn runtime(threads: usize) -> std::io::Result<Runtime> {
    match threads {
        0 | 1 => Builder::new_current_thread().enable_all().build(),
        _ => Builder::new_multi_thread()
            .worker_threads(threads)
            .enable_all()
            .build(),
    }
}

/// Not `async`: that would run in a task of its own, and with two threads a client could be faster than it.
fn register(socket: SocketRef) -> Ready<()> {
    socket.on(
        "join",
        async |socket: SocketRef, Data::<String>(room), ack: AckSender| {
            socket.join(room);
            let _ = ack.send(&());
        },
    );
    socket.on(
        "msg",
        async |io: SocketIo, Data::<(String, Box<RawValue>)>((room, data))| {
            let _ = io.to(room).emit("msg", &data).await;
        },
    );
    // A tuple of one: alone, a `RawValue` would be all of the array with the event's name.
    socket.on(
        "echo",
        async |Data::<(Box<RawValue>,)>((data,)), ack: AckSender| {
            let _ = ack.send(&data);
        },
    );
    ready(())
}

fn bind(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = socket2::Socket::new(Domain::IPV4, Type::STREAM, Some(Protocol::TCP))?;
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    TcpListener::from_std(socket.into())
}
