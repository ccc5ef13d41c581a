//! Who is where: the sockets of one namespace and its rooms.
//!
//! A room is a dense vector, which a broadcast walks, and an index, which makes leaving cheap. Each
//! room has its own lock; whoever needs several takes them in the order of [`Room::order`]. The room
//! of a socket's own id exists only as an entry in the table of sockets.
//!
//! Lock order: a socket's [`Membership`] → (`named` for a lookup) → rooms → `sockets` → `slots` or outboxes.
//! No user code, no formatting and no `.await` runs under any of them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::{Mutex, RwLock};
use rustc_hash::FxHashMap;

use super::names::{RoomName, SocketId};
use super::room::{Room, Slot};
use super::socket::Socket;

/// Where a socket is; guarded by one lock per socket.
#[derive(Debug, Default)]
pub(crate) struct Membership {
    stage: Stage,
    /// Kept after the socket left, so that its disconnect handlers still see them.
    rooms: Vec<Arc<Room>>,
    /// Rooms joined before CONNECT was sent; their broadcasts would overtake it.
    waiting: Vec<RoomName>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Stage {
    #[default]
    Waiting,
    Inside,
    Outside,
}

impl Membership {
    pub(crate) fn names(&self) -> Vec<RoomName> {
        let joined = self.rooms.iter().map(|room| &room.name);
        joined.chain(&self.waiting).cloned().collect()
    }

    fn len(&self) -> usize {
        self.rooms.len() + self.waiting.len()
    }

    fn contains(&self, name: &RoomName) -> bool {
        self.rooms.iter().any(|room| room.name == *name) || self.waiting.contains(name)
    }

    /// Forgets the rooms when nobody asks for them any more.
    pub(crate) fn clear(&mut self) {
        *self = Self {
            stage: Stage::Outside,
            ..Self::default()
        };
    }
}

/// The sockets and rooms of one namespace.
#[derive(Debug)]
pub(crate) struct Rooms {
    everyone: Room,
    named: RwLock<FxHashMap<RoomName, Arc<Room>>>,
    sockets: RwLock<FxHashMap<SocketId, Socket>>,
    next_order: AtomicU64,
    slots: Mutex<Slots>,
}

/// Hands out the smallest slots that are free, so that marks by slot stay small.
#[derive(Debug, Default)]
struct Slots {
    free: Vec<Slot>,
    /// Who has it, or had it last.
    owners: Vec<SocketId>,
}

/// The order of the room that everyone is in.
const EVERYONE: u64 = 0;

impl Rooms {
    pub(crate) fn new() -> Self {
        Self {
            everyone: Room::new(EVERYONE, RoomName::from("")),
            named: RwLock::default(),
            sockets: RwLock::default(),
            next_order: AtomicU64::new(EVERYONE + 1),
            slots: Mutex::default(),
        }
    }

    /// The room that every connected socket is in.
    pub(crate) fn everyone(&self) -> &Room {
        &self.everyone
    }

    /// The room of that name, if anybody is in it.
    pub(crate) fn find(&self, name: &RoomName) -> Option<Arc<Room>> {
        self.named.read().get(name).cloned()
    }

    /// The socket of that id.
    pub(crate) fn socket(&self, id: SocketId) -> Option<Socket> {
        self.sockets.read().get(&id).cloned()
    }

    /// The socket whose own room has that name.
    pub(crate) fn owner(&self, name: &RoomName) -> Option<Socket> {
        self.socket(SocketId::decode(name.as_str())?)
    }

    /// The sockets whose own rooms have these names.
    pub(crate) fn owners(&self, names: &[RoomName]) -> Vec<Socket> {
        names.iter().filter_map(|name| self.owner(name)).collect()
    }

    pub(crate) fn sockets(&self) -> Vec<Socket> {
        self.sockets.read().values().cloned().collect()
    }

    pub(crate) fn len(&self) -> usize {
        self.sockets.read().len()
    }

    pub(crate) fn names(&self) -> Vec<RoomName> {
        self.named.read().keys().cloned().collect()
    }

    pub(crate) fn take_slot(&self, owner: SocketId) -> Slot {
        let mut slots = self.slots.lock();
        if let Some(slot) = slots.free.pop() {
            if let Some(entry) = slots.owners.get_mut(slot as usize) {
                *entry = owner;
            }
            return slot;
        }
        slots.owners.push(owner);
        // There are no four billion sockets.
        (slots.owners.len() - 1) as Slot
    }

    /// Whose slots these are.
    pub(crate) fn ids(&self, of: impl ExactSizeIterator<Item = Slot>) -> Vec<SocketId> {
        if of.len() == 0 {
            return Vec::new();
        }
        let slots = self.slots.lock();
        of.filter_map(|slot| slots.owners.get(slot as usize).copied())
            .collect()
    }

    pub(crate) fn free_slot(&self, slot: Slot) {
        self.slots.lock().free.push(slot);
    }

    /// Lets a socket in: everyone's room, its own, and those it joined while waiting. `announce` puts
    /// CONNECT into the outbox while all of them are locked, so no broadcast can be ahead of it.
    pub(crate) fn admit(&self, socket: &Socket, announce: impl FnOnce()) {
        let mut membership = socket.membership();
        if membership.stage != Stage::Waiting {
            return;
        }
        membership.stage = Stage::Inside;
        let names = std::mem::take(&mut membership.waiting);
        let rooms = loop {
            let mut rooms: Vec<_> = names.iter().map(|name| self.find_or_create(name)).collect();
            rooms.sort_unstable_by_key(|room| room.order);
            let mut everyone = self.everyone.lock();
            let mut locked: Vec<_> = rooms.iter().map(|room| room.lock()).collect();
            if locked.iter().any(|members| members.closed) {
                drop(locked);
                drop(everyone);
                rooms.iter().for_each(|room| self.forget_if_closed(room));
                continue;
            }
            let mut sockets = self.sockets.write();
            sockets.insert(socket.id(), socket.clone());
            everyone.insert(socket.member());
            locked
                .iter_mut()
                .for_each(|members| members.insert(socket.member()));
            announce();
            drop((sockets, everyone, locked));
            break rooms;
        };
        membership.rooms = rooms;
    }

    /// Takes a socket out of everything. Its membership still names the rooms it was in.
    pub(crate) fn expel(&self, socket: &Socket) {
        let mut membership = socket.membership();
        if std::mem::replace(&mut membership.stage, Stage::Outside) != Stage::Inside {
            return;
        }
        for room in &membership.rooms {
            self.remove(room, socket.slot());
        }
        self.everyone.lock().remove(socket.slot());
        // Dropped after the lock: what the application stored in a socket may run code.
        let _removed = self.sockets.write().remove(&socket.id());
    }

    /// Adds a socket to a room; `max` rooms at most. False if there are too many.
    ///
    /// The room of its own id it is in already; after it has left everything, joining does nothing.
    pub(crate) fn join(&self, socket: &Socket, name: RoomName, max: usize) -> bool {
        let mut membership = socket.membership();
        let own = name == *socket.id().as_str();
        if own || membership.stage == Stage::Outside || membership.contains(&name) {
            return true;
        }
        if membership.len() >= max {
            return false;
        }
        if membership.stage == Stage::Waiting {
            membership.waiting.push(name);
            return true;
        }
        loop {
            let room = self.find_or_create(&name);
            let mut members = room.lock();
            if members.closed {
                drop(members);
                self.forget_if_closed(&room);
                continue;
            }
            members.insert(socket.member());
            drop(members);
            membership.rooms.push(room);
            return true;
        }
    }

    /// Takes a socket out of a room.
    pub(crate) fn leave(&self, socket: &Socket, name: &RoomName) {
        let mut membership = socket.membership();
        membership.waiting.retain(|waiting| waiting != name);
        let position = membership.rooms.iter().position(|room| room.name == *name);
        if let (Stage::Inside, Some(position)) = (membership.stage, position) {
            let room = membership.rooms.swap_remove(position);
            self.remove(&room, socket.slot());
        }
    }

    /// A room that closes between this and its lock has to be looked up again.
    fn find_or_create(&self, name: &RoomName) -> Arc<Room> {
        if let Some(room) = self.find(name) {
            return room;
        }
        let mut named = self.named.write();
        let create = || {
            let order = self.next_order.fetch_add(1, Ordering::Relaxed);
            Arc::new(Room::new(order, name.clone()))
        };
        named.entry(name.clone()).or_insert_with(create).clone()
    }

    fn remove(&self, room: &Arc<Room>, slot: Slot) {
        let mut members = room.lock();
        members.remove(slot);
        if !members.dense.is_empty() {
            return;
        }
        members.closed = true;
        drop(members);
        self.forget_if_closed(room);
    }

    /// Takes a closed room out of the table. Its lock is not taken under the table's: a broadcast may
    /// hold a room for long, and lookups of other rooms must not wait for it.
    fn forget_if_closed(&self, room: &Arc<Room>) {
        if !room.lock().closed {
            return;
        }
        let mut named = self.named.write();
        if named
            .get(&room.name)
            .is_some_and(|current| Arc::ptr_eq(current, room))
        {
            named.remove(&room.name);
        }
    }
}

#[cfg(test)]
mod tests;
