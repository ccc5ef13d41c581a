//! The adapter of a server that is alone.

use std::sync::Arc;

use super::{Adapter, Fetch};
use crate::server::broadcast::{self, Audience, Broadcast, Visitor};
use crate::server::error::EmitError;
use crate::server::names::{RoomName, SocketId};
use crate::server::registry::Registry;
use crate::server::remote::RemoteSocket;
use crate::server::room::{Member, Slot};
use crate::server::rooms::Rooms;
use crate::server::socket::Socket;

/// Delivers to the sockets of this process.
#[derive(Debug)]
pub struct LocalAdapter {
    rooms: Arc<Rooms>,
    registry: Arc<Registry>,
}

impl LocalAdapter {
    pub(crate) fn new(rooms: Arc<Rooms>, registry: Arc<Registry>) -> Self {
        Self { rooms, registry }
    }

    /// The sockets of an audience that are still there; no lock is held any more.
    fn select(&self, audience: &Audience) -> Vec<Socket> {
        let ids = broadcast::walk(&self.rooms, audience, |_| Selection::default());
        ids.into_iter()
            .filter_map(|id| self.rooms.socket(id))
            .collect()
    }
}

impl Adapter for LocalAdapter {
    fn deliver(&self, broadcast: Broadcast) -> usize {
        let delivered = broadcast::deliver(&self.rooms, &broadcast);
        if let Some(answers) = &broadcast.answers {
            answers.seal(&delivered.takers, &delivered.failed);
            // An answer may be behind what a full inbox keeps from being read.
            let takers = delivered.takers.iter();
            takers
                .filter_map(|&id| self.rooms.socket(id))
                .for_each(|socket| socket.link().go_on_reading());
        }
        for (id, error) in delivered.failed {
            self.registry.delivery_failed(id, &EmitError::from(error));
        }
        delivered.count
    }

    fn join(&self, audience: &Audience, rooms: &[RoomName]) {
        for socket in self.select(audience) {
            // What is refused is logged there; there is nobody to tell.
            let _ = socket.join(rooms);
        }
    }

    fn leave(&self, audience: &Audience, rooms: &[RoomName]) {
        for socket in self.select(audience) {
            socket.leave(rooms);
        }
    }

    fn disconnect(&self, audience: &Audience, close: bool) {
        for socket in self.select(audience) {
            socket.disconnect(close);
        }
    }

    fn fetch<'a>(&'a self, audience: &'a Audience) -> Fetch<'a> {
        let sockets = self.select(audience);
        let fetched = sockets.iter().map(RemoteSocket::new).collect();
        Box::pin(std::future::ready(fetched))
    }
}

/// Notes who they are.
#[derive(Default)]
struct Selection(Vec<Slot>);

impl Visitor for Selection {
    type Outcome = Vec<SocketId>;

    fn visit(&mut self, member: &Member) {
        self.0.push(member.slot);
    }

    fn finish(self, rooms: &Rooms) -> Vec<SocketId> {
        rooms.ids(self.0.into_iter())
    }
}
