//! The only folder that knows Socket.IO.
//!
//! * `sockets` the way out: subscriptions are Socket.IO rooms, a notice is one broadcast per vocabulary.
//! * `door` the way in: CONNECT, who is let in and as whom.
//! * `events` the way through: an event becomes a command, a reply becomes events and an ack.
//! * `expiry` sockets whose token ends.
//! * `handover` what was kept for somebody, one handful after the other.
//!
//! ```no_run
//! # async fn run(io: socketio::SocketIo, store: std::sync::Arc<dyn chat::store::Store>) -> Result<(), chat::store::StoreError> {
//! use std::sync::Arc;
//! use chat::auth::Verifier;
//! use chat::binding::{Reception, Settings, Sockets, install};
//! use chat::{AuthPolicy, Chat, Config};
//!
//! let sockets = Arc::new(Sockets::new(&io));
//! let chat = Chat::start(Config::default(), store, Arc::<Sockets>::clone(&sockets)).await?;
//! let verifier = Arc::new(Verifier::new(AuthPolicy::Open));
//! let reception = Reception { verifier, settings: Settings::default() };
//! install(&sockets, &chat, reception, Vec::new());
//! # Ok(()) }
//! ```

mod door;
mod events;
mod expiry;
mod handover;
mod install;
mod refusals;
mod sockets;
#[cfg(test)]
mod tests;

pub use install::{Reception, Settings, install};
pub use sockets::Sockets;
