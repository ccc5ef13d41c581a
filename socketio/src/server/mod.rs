//! The server: namespaces, sockets, rooms, acks.
//!
//! | file | what it is |
//! |---|---|
//! | `io` | [`SocketIo`]: the entry; requests in, namespaces out |
//! | `service` | the same as a tower service and layer |
//! | `config` | [`Config`], settings and limits |
//! | `client` | the Socket.IO side of one session: packet → socket |
//! | `entrance` | a socket while its namespace and middlewares decide |
//! | `deadlines` | what a client has to do in time |
//! | `dispatch` | the handlers of one socket, one at a time |
//! | `gate` | what an event goes through before its handler |
//! | `link` | how other threads disconnect a socket |
//! | `namespaces`, `namespace` | [`Namespace`]: handlers, sockets, rooms |
//! | `dynamic`, `pattern` | [`DynamicNamespace`]: many with the same handlers |
//! | `registration`, `registry` | what can be registered, and where it is |
//! | `socket`, `values` | [`Socket`]: one client in one namespace |
//! | `handshake` | [`Handshake`] and [`Auth`]: what is known since CONNECT |
//! | `handler`, `extract` | functions as handlers, and what they can take |
//! | `ack` | [`Ack`] to clients, [`Answer`] from clients |
//! | `answers`, `gathering` | [`Answers`]: from many clients, under one ack id |
//! | `emitter`, `socket_emitter` | [`Emitter`]: to many; [`SocketEmitter`]: to one, with options |
//! | `typed` | [`TypedEvent`]: name and arguments in one type |
//! | `outgoing` | what listeners for outgoing events see |
//! | `adapter`, `remote` | the seam to a cluster |
//! | `broadcast` | the hot path: one unit into many outboxes |
//! | `rooms`, `room` | who is where |
//! | `names` | [`SocketId`], [`RoomName`] |
//! | `error` | what can go wrong, and why sockets end |

mod ack;
mod adapter;
mod answers;
mod broadcast;
mod client;
mod config;
#[cfg(test)]
mod crowd;
mod deadlines;
mod dispatch;
mod dynamic;
mod emitter;
mod entrance;
mod error;
mod extract;
mod gate;
mod gathering;
mod handler;
mod handshake;
mod io;
mod link;
mod names;
mod namespace;
mod namespaces;
mod outgoing;
mod pattern;
mod registration;
mod registry;
mod remote;
mod room;
mod rooms;
mod service;
mod socket;
mod socket_emitter;
mod typed;
mod values;

pub use ack::{Ack, Answer};
pub use adapter::{Adapter, Fetch, LocalAdapter};
pub use answers::{Answers, Gathered};
pub use broadcast::{Audience, Broadcast};
pub use config::Config;
pub use dynamic::{Admission, ByPattern, Decision, DynamicNamespace, NamespaceRequest};
pub use emitter::Emitter;
pub use engineio::server::CloseDetail;
pub use error::{AckError, ConnectError, DisconnectReason, EmitError, Rejection, RoomError};
pub use extract::{Context, Data, FromContext, State};
pub use gathering::Gathering;
pub use handler::{Async, Handler, Plain, Turn};
pub use handshake::{Auth, Handshake};
pub use io::{Builder, SocketIo};
pub use names::{RoomName, RoomNames, SocketId};
pub use namespace::{Namespace, WeakNamespace};
pub use outgoing::{Outgoing, Recipient};
pub use remote::RemoteSocket;
pub use service::{NotFound, SocketIoLayer, SocketIoService};
pub use socket::{Socket, WeakSocket};
pub use socket_emitter::SocketEmitter;
pub use typed::{TypedEvent, TypedSignature};
