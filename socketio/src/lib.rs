//! Socket.IO 5 for Rust: a packet codec without I/O, and a server.
//!
//! | layer | module | what it is |
//! |---|---|---|
//! | codec | [`packet`] | the packet and its text form |
//! | codec | [`attachments`] | puts packets and their binary attachments together |
//! | codec | [`event`] | event names and arguments, read from raw JSON when asked |
//! | codec | [`encode`] | events and acks from Rust values to Engine.IO messages |
//! | codec | [`error`] | what can be wrong with a packet |
//! | client | `client` | many small clients in one thread, with the feature of that name |
//! | server | `server` | namespaces, sockets, rooms, acks (see there) |
//! | server | `features` | what it can do, and the first examples |
//!
//! Without the default feature `server` only the codec is built: no runtime, no clock, no lock.

mod arguments;
pub mod attachments;
#[cfg(feature = "client")]
pub mod client;
pub mod encode;
pub mod error;
pub mod event;
#[cfg(feature = "server")]
pub mod features;
mod json;
#[cfg(feature = "server")]
pub mod limits;
pub mod packet;
mod placeholder;
#[cfg(feature = "server")]
pub mod server;
mod value;

pub use attachments::{Decoder, Limits};
pub use encode::Arguments;
pub use error::{DecodeError, EncodeError};
pub use event::{Args, ArgsError, Binary, Event};
pub use packet::{Kind, Packet};

#[cfg(feature = "server")]
pub use server::{
    Ack, AckError, Config, ConnectError, Data, DisconnectReason, EmitError, Namespace, Socket,
    SocketId, SocketIo,
};
