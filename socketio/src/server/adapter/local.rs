//! The adapter of a server that is alone.

use std::sync::Arc;

use super::Adapter;
use crate::server::broadcast::{self, Broadcast};
use crate::server::rooms::Rooms;

/// Delivers to the sockets of this process.
#[derive(Debug)]
pub struct LocalAdapter {
    rooms: Arc<Rooms>,
}

impl LocalAdapter {
    pub(crate) fn new(rooms: Arc<Rooms>) -> Self {
        Self { rooms }
    }
}

impl Adapter for LocalAdapter {
    fn deliver(&self, broadcast: Broadcast) -> usize {
        broadcast::deliver(&self.rooms, &broadcast)
    }
}
