//! One room: a dense vector of members, and where in it each of them is.

use engineio::server::Session;
use parking_lot::{Mutex, MutexGuard};
use rustc_hash::FxHashMap;

use super::names::RoomName;

/// A small number that identifies a socket within its namespace while it is connected.
pub(crate) type Slot = u32;

/// One member of a room: all that a broadcast needs.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) session: Session,
    pub(crate) slot: Slot,
}

/// The members of a room.
#[derive(Debug, Default)]
pub(crate) struct Members {
    pub(super) dense: Vec<Member>,
    /// Where in `dense` a slot is.
    index: FxHashMap<Slot, u32>,
    /// The last member left and the room is out of the table: joining it has to start over.
    pub(super) closed: bool,
}

impl Members {
    pub(crate) fn as_slice(&self) -> &[Member] {
        &self.dense
    }

    pub(crate) fn position(&self, slot: Slot) -> Option<usize> {
        self.index.get(&slot).map(|&position| position as usize)
    }

    pub(super) fn insert(&mut self, member: Member) {
        // Slots are u32, so are counts.
        self.index.insert(member.slot, self.dense.len() as u32);
        self.dense.push(member);
    }

    pub(super) fn remove(&mut self, slot: Slot) {
        let Some(position) = self.index.remove(&slot) else {
            return;
        };
        self.dense.swap_remove(position as usize);
        if let Some(moved) = self.dense.get(position as usize) {
            self.index.insert(moved.slot, position);
        }
    }
}

/// A room.
#[derive(Debug)]
pub(crate) struct Room {
    /// The order in which locks of several rooms are taken; unique within a namespace.
    pub(crate) order: u64,
    pub(super) name: RoomName,
    members: Mutex<Members>,
}

impl Room {
    pub(super) fn new(order: u64, name: RoomName) -> Self {
        Self {
            order,
            name,
            members: Mutex::default(),
        }
    }

    /// Locks out joins, leaves and other broadcasts to this room.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Members> {
        self.members.lock()
    }
}
