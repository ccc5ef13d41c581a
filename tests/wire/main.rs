//! Raw-wire tests: one test per rule of the two protocols.

/// The examples that the public suites run against.
mod conformance;
/// Engine.IO 4: transports, sessions, upgrades.
mod engine;
/// Whatever a broken or hostile peer sends, and nobody else notices.
mod hostile;
/// Two healthy clients beside a hostile one.
mod scene;
/// Socket.IO 5: packets, namespaces, events, rooms.
mod socket;

use std::path::Path;
use tests::{Kind, Options, Server};

/// The server under test with Engine.IO's puppet application.
fn engine(options: &Options) -> Server {
    start(Kind::EngineIo, options)
}

/// The server under test with Socket.IO's puppet application.
fn socket(options: &Options) -> Server {
    start(Kind::SocketIo, options)
}

fn start(kind: Kind, options: &Options) -> Server {
    Server::start(Path::new(env!("CARGO_BIN_EXE_wire-server")), kind, options)
}
