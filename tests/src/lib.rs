//! A raw-wire harness: exact bytes out, exact bytes in, every wait with a deadline.
//!
//! | file | what it is |
//! |---|---|
//! | [`options`] | what a test asks of a server |
//! | [`server`] | a server process: ours, or npm's reference |
//! | [`connection`] | one TCP connection |
//! | [`http`] | HTTP/1.1 requests and answers |
//! | [`frame`] | WebSocket frames |
//! | [`websocket`] | a WebSocket client |
//! | [`polling`] | an Engine.IO session over long-polling |
//! | [`client`] | a Socket.IO client over one WebSocket |
//!
//! Nothing here uses the crates under test, so a mistake of theirs cannot hide itself.

pub mod client;
pub mod connection;
pub mod frame;
pub mod http;
pub mod options;
pub mod polling;
pub mod server;
pub mod websocket;

pub use client::Client;
pub use connection::{Connection, End};
pub use frame::Frame;
pub use http::{Request, Response};
pub use options::Options;
pub use polling::Polling;
pub use server::{Kind, Server};
pub use websocket::WebSocket;
