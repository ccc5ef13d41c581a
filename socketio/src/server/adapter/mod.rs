//! What a broadcast means: the seam between one process and a cluster.

mod local;

use std::fmt;

pub use local::LocalAdapter;

use super::broadcast::Broadcast;

/// Carries broadcasts to whoever they are for.
///
/// There is one adapter per namespace, called once per broadcast. Every event for more than one socket
/// goes through it, so an adapter that numbers, stores or forwards events sees all of them in the order
/// in which they are delivered.
pub trait Adapter: fmt::Debug + Send + Sync + 'static {
    /// Delivers a broadcast; answers how many sockets of this process took it.
    fn deliver(&self, broadcast: Broadcast) -> usize;
}
