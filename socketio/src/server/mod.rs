//! The server: namespaces, sockets, rooms, acks.
//!
//! | file | what it is |
//! |---|---|
//! | `io` | [`SocketIo`]: the entry; requests in, namespaces out |
//! | `config` | [`Config`], settings and limits |
//! | `client` | the Socket.IO side of one session: packet → socket |
//! | `entrance` | a socket while its middlewares decide |
//! | `deadlines` | what a client has to do in time |
//! | `dispatch` | the handlers of one socket, one at a time |
//! | `link` | how other threads disconnect a socket |
//! | `namespace`, `handlers` | [`Namespace`]: handlers, sockets, rooms |
//! | `socket`, `values` | [`Socket`]: one client in one namespace |
//! | `handshake` | [`Handshake`] and [`Auth`]: what is known since CONNECT |
//! | `handler`, `extract` | functions as handlers, and what they can take |
//! | `ack` | [`Ack`] to clients, [`Answer`] from clients |
//! | `emitter` | [`Emitter`]: to many; [`SocketEmitter`]: to one, with options |
//! | `adapter` | the seam to a cluster |
//! | `broadcast` | the hot path: one unit into many outboxes |
//! | `rooms`, `room` | who is where |
//! | `names` | [`SocketId`], [`RoomName`] |
//! | `error` | what can go wrong, and why sockets end |

mod ack;
mod adapter;
mod broadcast;
mod client;
mod config;
#[cfg(test)]
mod crowd;
mod deadlines;
mod dispatch;
mod emitter;
mod entrance;
mod error;
mod extract;
mod handler;
mod handlers;
mod handshake;
mod io;
mod link;
mod names;
mod namespace;
mod room;
mod rooms;
mod socket;
mod values;

pub use ack::{Ack, Answer};
pub use adapter::{Adapter, LocalAdapter};
pub use broadcast::{Audience, Broadcast};
pub use config::Config;
pub use emitter::{Emitter, SocketEmitter};
pub use error::{AckError, ConnectError, DisconnectReason, EmitError, Rejection, RoomError};
pub use extract::{Context, Data, FromContext};
pub use handler::{Async, Handler, Plain, Turn};
pub use handshake::{Auth, Handshake};
pub use io::{Builder, SocketIo};
pub use names::{RoomName, RoomNames, SocketId};
pub use namespace::Namespace;
pub use socket::Socket;
