//! The server: sessions over HTTP long-polling and WebSocket, on hyper and tungstenite.
//!
//! | file | what it is |
//! |---|---|
//! | `engine`, `opening` | [`Engine`]: from a request to the session it concerns, or to a new one |
//! | `application` | [`Application`] and [`Client`]: what the layer above implements |
//! | `request` | [`Request`]: what is kept of a session's first request |
//! | `config`, `cors`, `cookie`, `http_error` | settings, CORS headers, the cookie, refused requests |
//! | `close_detail` | [`CloseDetail`]: what exactly ended a session |
//! | `hooks`, `observer` | [`Hooks`]: functions of the program that the engine calls; [`SessionEvent`] for one of them |
//! | `admission` | [`Admission`]: how many sessions there may be, and how fast they may open |
//! | `http_stream` | [`HttpStream`]: the stream of an accept loop, whose peer has to take what is written |
//! | `polling` | GET waits on the outbox, POST brings packets |
//! | `upgrade` | the WebSocket handshake and the probe |
//! | `websocket`, `wire` | frames in; the stream's two halves |
//! | `connection` | the task of one session |
//! | `session`, `shared` | [`Session`], the handle, and what the handles of one session share |
//! | `outbox`, `lane` | what is queued for one session; ping, pong, noop and close beside it |
//! | `writer`, `flusher` | one visit, and the tasks that make the visits |
//! | `fanout` | [`Fanout`]: one unit for many sessions |
//! | `core` | what all sessions share |
//! | `tally`, `histogram` | what has happened so far, counted per worker; [`Stats`] is what comes of it |
//!
//! # An echo server
//!
//! ```
//! use std::sync::Arc;
//! use engineio::{CloseReason, Frame, Message, Unit};
//! use engineio::server::{Application, Client, Config, Engine, Request, Session};
//!
//! struct Echo;
//! struct EchoClient(Session);
//!
//! impl Application for Echo {
//!     type Client = EchoClient;
//!     fn open(&self, session: &Session, _request: &Arc<Request>) -> EchoClient {
//!         EchoClient(session.clone())
//!     }
//! }
//!
//! impl Client for EchoClient {
//!     fn message(&mut self, message: Message) {
//!         let frame = match message {
//!             Message::Text(text) => Frame::text(text.len(), |out| out.extend_from_slice(text.as_bytes())),
//!             Message::Binary(data) => Frame::binary(&data),
//!         };
//!         let _ = self.0.send(&Arc::new(Unit::new(frame)));
//!     }
//!     fn closed(&mut self, _reason: CloseReason) {}
//! }
//!
//! let engine = Engine::new(Config::default(), Echo);
//! assert!(engine.matches("/engine.io/"));
//! ```

mod admission;
mod application;
mod close_detail;
mod config;
mod connection;
mod cookie;
mod core;
mod cors;
mod engine;
mod fanout;
mod flusher;
mod histogram;
mod hooks;
mod http_error;
mod http_stream;
mod lane;
#[cfg(all(test, roomcast_model))]
mod model;
mod observer;
mod opening;
mod outbox;
mod polling;
mod posted;
mod request;
mod session;
mod shared;
mod stats;
mod sync;
mod tally;
mod upgrade;
mod websocket;
mod wire;
mod writer;

pub use admission::{Admission, Limit, Rate};
pub use application::{Application, Client, Entrance, Peer};
pub use close_detail::CloseDetail;
pub use config::{Config, Cors, Overflow};
pub use cookie::{Cookie, SameSite};
pub use engine::Engine;
pub use fanout::Fanout;
pub use histogram::Distribution;
pub use hooks::{ConnectionError, Denied, Hooks};
pub use http_error::{BadRequest, HttpError, Objection};
pub use http_stream::HttpStream;
pub use observer::SessionEvent;
pub use request::Request;
pub use session::{SendError, Session, Traffic, WeakSession};
pub use stats::{ByTransport, Stats};

#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub use outbox::fuzzing as outgoing;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub use websocket::fuzzing;

/// The body of every answer.
pub type Body = http_body_util::Full<bytes::Bytes>;
