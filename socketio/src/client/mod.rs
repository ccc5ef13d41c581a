//! A small non-blocking client, for programs that hold many of them in one thread.
//!
//! The session does no I/O; [`Client`] puts it on a socket of `mio` and is told when that is ready. There is no thread, no runtime, no
//! timer and no reconnecting: who needs those holds them beside it. Reading costs one system call for as much as has come, into a buffer
//! that all clients share; an event is handed on where it lies there, unparsed.
//!
//! | file | what it is |
//! |---|---|
//! | `address` | [`Address`]: the server, the namespace, and what every request says |
//! | `client` | [`Client`]: one session on one socket |
//! | `session` | [`Session`]: the rules, without I/O |
//! | `websocket`, `polling` | how packets travel |
//! | `notice` | [`Notice`]: what a session tells |
//! | `error` | [`ClientError`]: how it ends |
//!
//! ```no_run
//! use std::sync::Arc;
//!
//! use engineio::Transport;
//! use mio::{Events, Poll, Token};
//! use socketio::client::{Address, Client, Notice};
//!
//! let address: Arc<Address> = Arc::new("http://127.0.0.1:3000".parse()?);
//! let mut poll = Poll::new()?;
//! let mut client = Client::connect("127.0.0.1:3000".parse()?, None, &address, Transport::WebSocket)?;
//! client.register(poll.registry(), Token(0))?;
//! let (mut events, mut buffer) = (Events::with_capacity(64), vec![0; 65_536]);
//! loop {
//!     poll.poll(&mut events, None)?;
//!     for event in &events {
//!         let mut is_connected = false;
//!         client.read(event, &mut buffer, |notice| match notice {
//!             Notice::Connected => is_connected = true,
//!             Notice::Event(array) => println!("{}", String::from_utf8_lossy(array)),
//!             _ => {}
//!         })?;
//!         if is_connected {
//!             client.emit("say", &("lobby", "hello"), None)?;
//!         }
//!         client.write()?;
//!     }
//! }
//! # #[allow(unreachable_code)]
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod address;
#[expect(
    clippy::module_inception,
    reason = "the noun of this folder is a client"
)]
mod client;
mod error;
mod notice;
mod polling;
mod session;
mod websocket;

pub use address::{Address, AddressError};
pub use client::Client;
pub use error::ClientError;
pub use notice::Notice;
pub use session::Session;
