//! Engine.IO 4: a codec and a session without I/O, and a server on top of them.
//!
//! Engine.IO is the transport under Socket.IO. It gives both sides one ordered stream of messages, text or binary, which starts on
//! HTTP long-polling or WebSocket, may move from the first to the second, and is kept alive by a heartbeat.
//!
//! # Map
//!
//! The codec never does I/O and needs neither a runtime nor a clock. It is all there is with `default-features = false`.
//!
//! | file | what it is |
//! |---|---|
//! | `packet` | [`Packet`] and its one-byte types, as one WebSocket message |
//! | [`payload`] | the body of a polling request or answer: packets joined by [`payload::SEPARATOR`] |
//! | `base64` | binary messages where only text can travel |
//! | `handshake` | [`Handshake`], the first packet of a session |
//! | [`query`] | [`Query`], what a request says before the session is known |
//! | `sid` | [`Sid`], the id of a session, which is a secret |
//! | `frame` | [`Frame`], one message encoded once for every recipient |
//! | `unit` | [`Unit`], frames that must leave next to each other |
//! | `error` | [`DecodeError`], one variant for each rule of the codec |
//! | `close` | [`CloseReason`], why a session ended |
//! | [`session`] | the rules of one session: heartbeat, upgrade, close |
//! | `client` | with the feature of that name: requests, answers and frames as a client needs them, still without I/O |
//! | `server` | the server, with the feature of that name: all I/O, on tokio, hyper and tungstenite |
//! | `features` | what the server can do, and the test of each |
//! | `limits` | every limit with its setting, reason and test |
//!
//! # Decoding
//!
//! ```
//! use engineio::{Message, Packet, payload};
//!
//! let packets: Result<Vec<_>, _> = payload::Decoder::new("4hello\x1ebAQID".into()).collect();
//! assert_eq!(
//!     packets?,
//!     [
//!         Packet::Message(Message::Text("hello".into())),
//!         Packet::Message(Message::Binary(vec![1, 2, 3].into())),
//!     ]
//! );
//! # Ok::<(), engineio::DecodeError>(())
//! ```

#[cfg(feature = "client")]
pub mod client;
#[cfg(feature = "server")]
pub mod features;
#[cfg(feature = "server")]
pub mod limits;
pub mod payload;
pub mod query;
#[cfg(feature = "server")]
pub mod server;
pub mod session;

mod base64;
mod close;
mod error;
mod frame;
mod handshake;
mod packet;
mod sid;
mod unit;

pub use close::CloseReason;
pub use error::DecodeError;
pub use frame::Frame;
pub use handshake::{Handshake, Transport};
pub use packet::{Message, Packet};
pub use query::{Protocol, Query};
pub use sid::Sid;
pub use unit::Unit;
