//! What a broadcast means: the seam between one process and a cluster.

mod local;

use std::fmt;
use std::future::Future;
use std::pin::Pin;

pub use local::LocalAdapter;

use super::broadcast::{Audience, Broadcast};
use super::names::RoomName;
use super::remote::RemoteSocket;

/// What [`Adapter::fetch`] returns.
pub type Fetch<'a> = Pin<Box<dyn Future<Output = Vec<RemoteSocket>> + Send + 'a>>;

/// Carries what concerns many sockets to whoever they are.
///
/// There is one adapter per namespace, called once per broadcast. Every event for more than one socket
/// goes through it, so an adapter that numbers, stores or forwards events sees all of them in the order
/// in which they are delivered.
pub trait Adapter: fmt::Debug + Send + Sync + 'static {
    /// Delivers a broadcast; answers how many sockets of this process took it.
    fn deliver(&self, broadcast: Broadcast) -> usize;

    /// Makes sockets join rooms.
    fn join(&self, audience: &Audience, rooms: &[RoomName]);

    /// Makes sockets leave rooms.
    fn leave(&self, audience: &Audience, rooms: &[RoomName]);

    /// Disconnects sockets; with `close` also their sessions.
    fn disconnect(&self, audience: &Audience, close: bool);

    /// What there is to know about sockets.
    fn fetch<'a>(&'a self, audience: &'a Audience) -> Fetch<'a>;
}
