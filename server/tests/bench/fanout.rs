//! The program that `roomcast bench` expects of a server, in this process, with faults on request.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, mpsc};
use std::thread;
use std::time::Duration;

use engineio::server::{Admission, Body, Peer};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use socketio::{Args, Config, Data, EmitError, Socket, SocketIo};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// The message to which a fault happens: by then, all are on their way.
const FAULTY: u32 = 20;

/// What waits for one client: more than a test has in flight, and soon too much for one who does not read.
const OUTBOX: usize = 256 * 1024;

/// What a server does wrong, once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    /// One client does not get a message.
    Drop,
    /// One client gets a message twice.
    Repeat,
    /// One client gets a message after the next one.
    Swap,
    /// One client gets a message with another text.
    Change,
    /// One client is thrown out.
    Cut,
    /// Nothing happens for that long.
    Pause(Duration),
    /// `join` is not known.
    Mute,
    /// There is no Socket.IO.
    NotFound,
}

/// A server on a port of its own, until it is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Server {
    pub(crate) fn start(fault: Fault) -> Self {
        let (tell, told) = mpsc::channel();
        let (stop, stopped) = oneshot::channel();
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime");
            runtime.block_on(async {
                let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
                    .await
                    .expect("a port");
                let address = listener.local_addr().expect("it is bound");
                tell.send(address).expect("the test waits");
                tokio::select! {
                    () = accept(listener, server(fault), fault) => {}
                    _ = stopped => {}
                }
            });
        });
        Self {
            address: told.recv().expect("the server starts"),
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn server(fault: Fault) -> SocketIo {
    let mut config = Config::default();
    config.engine.admission = Admission::unlimited();
    config.engine.outbox_limit = OUTBOX;
    let io = SocketIo::new(config);
    let nsp = io.of("/");
    if fault != Fault::Mute {
        nsp.on("join", |socket: Socket, Data(room): Data<String>| {
            socket.join(room).map_err(|error| error.to_string())
        });
    }
    nsp.on("echo", |data: Args| data);
    let faults = Faults::new(fault);
    nsp.on(
        "msg",
        move |socket: Socket, Data((room, data)): Data<(String, String)>| {
            let _ = faults.broadcast(&socket, &room, &data);
        },
    );
    io
}

/// What happens to messages.
#[derive(Debug)]
struct Faults {
    fault: Fault,
    count: AtomicU32,
    /// What one client has yet to get.
    held: Mutex<Option<(Socket, String)>>,
}

impl Faults {
    fn new(fault: Fault) -> Self {
        Self {
            fault,
            count: AtomicU32::new(0),
            held: Mutex::new(None),
        }
    }

    /// Sends to the room, with the fault if it is its turn. A client that takes no more is cut, which a test finds in the report.
    fn broadcast(&self, sender: &Socket, room: &str, data: &str) -> Result<(), EmitError> {
        let is_faulty = self.count.fetch_add(1, Ordering::Relaxed) == FAULTY;
        let nsp = sender.namespace();
        let mut others = nsp.sockets().into_iter().filter(|s| s.id() != sender.id());
        match others.next() {
            Some(victim) if is_faulty => self.fail(victim, room, data),
            _ => {
                nsp.to(room).emit("msg", data)?;
                match self.held.lock().expect("nobody panics").take() {
                    Some((victim, data)) => victim.emit("msg", data),
                    None => Ok(()),
                }
            }
        }
    }

    fn fail(&self, victim: Socket, room: &str, data: &str) -> Result<(), EmitError> {
        let nsp = victim.namespace().clone();
        let all = nsp.to(room);
        let others = nsp.to(room).except(victim.id().as_str());
        match self.fault {
            Fault::Drop => drop(others.emit("msg", data)?),
            Fault::Repeat => {
                all.emit("msg", data)?;
                victim.emit("msg", data)?;
            }
            Fault::Change => {
                others.emit("msg", data)?;
                victim.emit("msg", data.replace('x', "yy"))?;
            }
            Fault::Swap => {
                others.emit("msg", data)?;
                *self.held.lock().expect("nobody panics") = Some((victim, data.to_owned()));
            }
            Fault::Cut => {
                victim.disconnect(false);
                all.emit("msg", data)?;
            }
            Fault::Pause(time) => {
                thread::sleep(time);
                all.emit("msg", data)?;
            }
            Fault::None | Fault::Mute | Fault::NotFound => drop(all.emit("msg", data)?),
        }
        Ok(())
    }
}

async fn accept(listener: TcpListener, io: SocketIo, fault: Fault) {
    loop {
        let Ok((stream, addr)) = listener.accept().await else {
            return;
        };
        let io = io.clone();
        let service = service_fn(move |mut request: Request<_>| {
            let io = io.clone();
            let secure = false;
            request.extensions_mut().insert(Peer { addr, secure });
            async move {
                if fault != Fault::NotFound {
                    return Ok::<_, Infallible>(io.serve(request).await);
                }
                let mut response = Response::new(Body::default());
                *response.status_mut() = StatusCode::NOT_FOUND;
                Ok(response)
            }
        });
        tokio::spawn(async move {
            let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
            let _ = connection.with_upgrades().await;
        });
    }
}
