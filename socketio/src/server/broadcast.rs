//! The hot path: one encoded unit into the outboxes of all recipients.
//!
//! A broadcast to one room holds that room's lock and nothing else; its order among the broadcasts
//! to that room is the order in which they took it. Several rooms are locked in the order of their
//! creation, and marks that belong to the broadcast see to it that nobody gets it twice. Per
//! recipient there is one push: no await, no formatting, no dynamic call, no allocation.

use std::sync::Arc;

use bytestring::ByteString;
use engineio::Unit;
use engineio::server::Fanout;

use super::names::{RoomName, SocketId};
use super::room::{Member, Members, Room, Slot};
use super::rooms::Rooms;
use super::socket::Socket;

/// Who gets something, and how.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Audience {
    /// Rooms whose members get it, each once; none means everyone in the namespace.
    pub rooms: Vec<RoomName>,
    /// Rooms whose members do not get it.
    pub except: Vec<RoomName>,
    /// The socket in whose name it is sent, which does not get it either.
    pub sender: Option<SocketId>,
    /// Only for who can take it at once.
    pub volatile: bool,
    /// Only on this node of a cluster.
    pub local: bool,
}

/// One event for many sockets, encoded once; what `emit` makes and an adapter delivers.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Broadcast {
    /// The namespace it is in.
    pub namespace: ByteString,
    /// Who gets it.
    pub audience: Audience,
    /// The event and its attachments.
    pub unit: Arc<Unit>,
}

/// Puts a broadcast into the outboxes of its recipients here; answers how many took it.
pub(crate) fn deliver(rooms: &Rooms, broadcast: &Broadcast) -> usize {
    let audience = &broadcast.audience;
    let sender = audience.sender.and_then(|id| rooms.socket(id));
    let sender = sender.as_ref().map(Socket::slot);
    let (unit, volatile) = (&broadcast.unit, audience.volatile);
    match audience.rooms.as_slice() {
        [] if audience.except.is_empty() => one(unit, &rooms.everyone().lock(), sender, volatile),
        [name] if audience.except.is_empty() => match (rooms.find(name), rooms.owner(name)) {
            (Some(room), None) => one(unit, &room.lock(), sender, volatile),
            (None, None) => 0,
            (_, Some(_)) => several(rooms, broadcast, sender),
        },
        _ => several(rooms, broadcast, sender),
    }
}

/// The members of one room except the sender.
fn one(unit: &Arc<Unit>, members: &Members, sender: Option<Slot>, volatile: bool) -> usize {
    let all = members.as_slice();
    let mut fanout = Fanout::new(Arc::clone(unit), all.len());
    // Around the sender instead of past it: nobody else is compared with it.
    let position = sender.and_then(|slot| members.position(slot));
    let (before, from) = all.split_at(position.unwrap_or(all.len()));
    push_all(&mut fanout, before, volatile);
    push_all(&mut fanout, from.get(1..).unwrap_or_default(), volatile);
    fanout.finish()
}

fn push_all(fanout: &mut Fanout, members: &[Member], volatile: bool) {
    if volatile {
        for member in members {
            fanout.push_volatile(&member.session);
        }
    } else {
        for member in members {
            fanout.push(&member.session);
        }
    }
}

/// The union of several rooms, each socket once, without the members of the excepted ones.
fn several(rooms: &Rooms, broadcast: &Broadcast, sender: Option<Slot>) -> usize {
    let audience = &broadcast.audience;
    let excepted = audience.except.iter().filter_map(|name| rooms.find(name));
    let targets = audience.rooms.iter().filter_map(|name| rooms.find(name));
    let mut named: Vec<(Arc<Room>, Role)> = Vec::new();
    named.extend(excepted.map(|room| (room, Role::Excepted)));
    named.extend(targets.map(|room| (room, Role::Target)));
    // A room that is both counts as excepted, because that sorts first.
    named.sort_unstable_by_key(|(room, role)| (room.order, *role));
    named.dedup_by_key(|(room, _)| room.order);

    // Everyone's room is the first in the order.
    let everyone = audience.rooms.is_empty().then(|| rooms.everyone().lock());
    let locked: Vec<_> = named
        .iter()
        .map(|(room, role)| (room.lock(), *role))
        .collect();

    // Looked up under the locks: a slot that is found here cannot pass to another socket's member.
    let owners = |names: &[RoomName]| -> Vec<Socket> {
        names.iter().filter_map(|name| rooms.owner(name)).collect()
    };
    let mut marks = Marks::default();
    sender.iter().for_each(|&slot| _ = marks.mark(slot));
    owners(&audience.except)
        .iter()
        .for_each(|socket| _ = marks.mark(socket.slot()));
    for (members, _) in locked.iter().filter(|(_, role)| *role == Role::Excepted) {
        members
            .as_slice()
            .iter()
            .for_each(|member| _ = marks.mark(member.slot));
    }

    let targets = locked
        .iter()
        .filter(|(_, role)| *role == Role::Target)
        .map(|(members, _)| members);
    let targets: Vec<&[Member]> = everyone
        .iter()
        .chain(targets)
        .map(|m| m.as_slice())
        .collect();
    let expected = targets.iter().map(|members| members.len()).sum();
    let mut fanout = Fanout::new(Arc::clone(&broadcast.unit), expected);
    for members in targets {
        push_unmarked(&mut fanout, members, &mut marks, audience.volatile);
    }
    for socket in owners(&audience.rooms) {
        push_unmarked(
            &mut fanout,
            &[socket.member()],
            &mut marks,
            audience.volatile,
        );
    }
    fanout.finish()
}

fn push_unmarked(fanout: &mut Fanout, members: &[Member], marks: &mut Marks, volatile: bool) {
    for member in members {
        if !marks.mark(member.slot) {
            continue;
        }
        if volatile {
            fanout.push_volatile(&member.session);
        } else {
            fanout.push(&member.session);
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    Excepted,
    Target,
}

/// Which sockets a broadcast has dealt with: one bit per slot.
#[derive(Debug, Default)]
struct Marks(Vec<u64>);

impl Marks {
    /// Marks a slot; false if it was marked before.
    fn mark(&mut self, slot: Slot) -> bool {
        let (word, bit) = (slot as usize / 64, 1 << (slot % 64));
        if word >= self.0.len() {
            self.0.resize(word + 1, 0);
        }
        let Some(word) = self.0.get_mut(word) else {
            return false;
        };
        let fresh = *word & bit == 0;
        *word |= bit;
        fresh
    }
}

#[cfg(test)]
mod tests {
    use super::Marks;

    #[test]
    fn a_slot_is_fresh_once() {
        let mut marks = Marks::default();
        for slot in [0, 63, 64, 1000, 65] {
            assert!(marks.mark(slot), "{slot}");
            assert!(!marks.mark(slot), "{slot}");
        }
        assert!(marks.mark(999));
    }
}
