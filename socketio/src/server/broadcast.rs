//! The hot path: one encoded unit into the outboxes of all recipients.
//!
//! A broadcast to one room holds that room's lock and nothing else; its order among the broadcasts
//! to that room is the order in which they took it. Several rooms are locked in the order of their
//! creation, and marks that belong to the broadcast see to it that nobody gets it twice. Per
//! recipient there is one push: no await, no formatting, no dynamic call, no allocation.

use std::sync::Arc;

use bytestring::ByteString;
use engineio::Unit;
use engineio::server::{Fanout, SendError};

use super::gathering::Gathering;
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
    /// Where the answers of the recipients are gathered, if the event asks for them.
    pub answers: Option<Arc<Gathering>>,
}

/// What became of a broadcast here.
#[derive(Debug, Default)]
pub(crate) struct Delivered {
    /// How many took it.
    pub(crate) count: usize,
    /// Who took it; only told if answers are gathered.
    pub(crate) takers: Vec<SocketId>,
    /// Who should have got it and could not take it.
    pub(crate) failed: Vec<(SocketId, SendError)>,
}

/// Puts a broadcast into the outboxes of its recipients here.
pub(crate) fn deliver(rooms: &Rooms, broadcast: &Broadcast) -> Delivered {
    let (audience, unit) = (&broadcast.audience, &broadcast.unit);
    let (fanout, delivered) = match (audience.volatile, broadcast.answers.is_some()) {
        (false, false) => walk(rooms, audience, |n| Push::<false, false>::new(unit, n)),
        (true, false) => walk(rooms, audience, |n| Push::<true, false>::new(unit, n)),
        (false, true) => walk(rooms, audience, |n| Push::<false, true>::new(unit, n)),
        (true, true) => walk(rooms, audience, |n| Push::<true, true>::new(unit, n)),
    };
    // Not before the rooms are unlocked: tasks are woken and sessions cut.
    let count = fanout.finish();
    Delivered { count, ..delivered }
}

/// What is done with each socket of an audience. A type per purpose, so that the loop below is
/// compiled for each and calls nothing through a pointer.
pub(crate) trait Visitor {
    /// What comes of it.
    type Outcome;

    fn visit(&mut self, member: &Member);

    /// Called while the rooms are still locked: their members' slots have not passed to others.
    fn finish(self, rooms: &Rooms) -> Self::Outcome;
}

/// Pushes the unit to each.
struct Push<const VOLATILE: bool, const NOTE_TAKERS: bool> {
    fanout: Fanout,
    takers: Vec<Slot>,
    failed: Vec<(Slot, SendError)>,
}

impl<const VOLATILE: bool, const NOTE_TAKERS: bool> Push<VOLATILE, NOTE_TAKERS> {
    fn new(unit: &Arc<Unit>, expected: usize) -> Self {
        Self {
            fanout: Fanout::new(Arc::clone(unit), expected),
            takers: Vec::with_capacity(if NOTE_TAKERS { expected } else { 0 }),
            failed: Vec::new(),
        }
    }
}

impl<const VOLATILE: bool, const NOTE_TAKERS: bool> Visitor for Push<VOLATILE, NOTE_TAKERS> {
    type Outcome = (Fanout, Delivered);

    fn visit(&mut self, member: &Member) {
        let pushed = match VOLATILE {
            true => self.fanout.push_volatile(&member.session),
            false => self.fanout.push(&member.session).map(|()| true),
        };
        match pushed {
            Ok(taken) if NOTE_TAKERS && taken => self.takers.push(member.slot),
            Ok(_) => {}
            Err(error) => self.failed.push((member.slot, error)),
        }
    }

    fn finish(self, rooms: &Rooms) -> Self::Outcome {
        let slots = self.failed.iter().map(|(slot, _)| *slot);
        let failed = rooms.ids(slots).into_iter();
        let delivered = Delivered {
            count: 0,
            takers: rooms.ids(self.takers.into_iter()),
            failed: failed.zip(self.failed.iter().map(|(_, e)| *e)).collect(),
        };
        (self.fanout, delivered)
    }
}

/// Visits the sockets of an audience, each once, while their rooms are locked. The visitor is made
/// when it is known about how many there are.
pub(crate) fn walk<V: Visitor>(
    rooms: &Rooms,
    audience: &Audience,
    start: impl FnOnce(usize) -> V,
) -> V::Outcome {
    let sender = audience.sender.and_then(|id| rooms.socket(id));
    let sender = sender.as_ref().map(Socket::slot);
    match audience.rooms.as_slice() {
        [] if audience.except.is_empty() => one(rooms, &rooms.everyone().lock(), sender, start),
        [name] if audience.except.is_empty() => match (rooms.find(name), rooms.owner(name)) {
            (Some(room), None) => one(rooms, &room.lock(), sender, start),
            (None, None) => start(0).finish(rooms),
            (_, Some(_)) => several(rooms, audience, sender, start),
        },
        _ => several(rooms, audience, sender, start),
    }
}

/// The members of one room except the sender.
fn one<V: Visitor>(
    rooms: &Rooms,
    members: &Members,
    sender: Option<Slot>,
    start: impl FnOnce(usize) -> V,
) -> V::Outcome {
    let all = members.as_slice();
    let mut visitor = start(all.len());
    // Around the sender instead of past it: nobody else is compared with it.
    let position = sender.and_then(|slot| members.position(slot));
    let (before, from) = all.split_at(position.unwrap_or(all.len()));
    for member in before {
        visitor.visit(member);
    }
    for member in from.get(1..).unwrap_or_default() {
        visitor.visit(member);
    }
    visitor.finish(rooms)
}

/// The union of several rooms, each socket once, without the members of the excepted ones.
fn several<V: Visitor>(
    rooms: &Rooms,
    audience: &Audience,
    sender: Option<Slot>,
    start: impl FnOnce(usize) -> V,
) -> V::Outcome {
    let named = in_order(rooms, audience);
    // Declared before the locks, and so dropped after them: these may be the last handles of sockets,
    // and what the application stored in one may run code.
    let (excepted, owners): (Vec<Socket>, Vec<Socket>);
    // Everyone's room is the first in the order.
    let everyone = audience.rooms.is_empty().then(|| rooms.everyone().lock());
    let locked: Vec<_> = named
        .iter()
        .map(|(room, role)| (room.lock(), *role))
        .collect();
    let of = |role| {
        let locked = locked.iter().filter(move |(_, is)| *is == role);
        locked.map(|(members, _)| members.as_slice())
    };

    // Looked up under the locks: a slot that is found here cannot pass to another socket's member.
    excepted = rooms.owners(&audience.except);
    owners = rooms.owners(&audience.rooms);
    let members = of(Role::Excepted).flatten().map(|member| member.slot);
    let alone = excepted.iter().map(Socket::slot);
    let mut marks: Marks = sender.into_iter().chain(alone).chain(members).collect();

    let everyone = everyone.iter().map(|members| members.as_slice());
    let targets: Vec<&[Member]> = everyone.chain(of(Role::Target)).collect();
    let mut visitor = start(targets.iter().map(|members| members.len()).sum());
    for members in targets {
        visit_unmarked(&mut visitor, members, &mut marks);
    }
    for socket in &owners {
        visit_unmarked(&mut visitor, &[socket.member()], &mut marks);
    }
    visitor.finish(rooms)
}

/// The rooms that an audience names, in the order in which they are locked, each once.
fn in_order(rooms: &Rooms, audience: &Audience) -> Vec<(Arc<Room>, Role)> {
    let excepted = audience.except.iter().filter_map(|name| rooms.find(name));
    let targets = audience.rooms.iter().filter_map(|name| rooms.find(name));
    let mut named = Vec::new();
    named.extend(excepted.map(|room| (room, Role::Excepted)));
    named.extend(targets.map(|room| (room, Role::Target)));
    // A room that is both counts as excepted, because that sorts first.
    named.sort_unstable_by_key(|(room, role): &(Arc<Room>, Role)| (room.order, *role));
    named.dedup_by_key(|(room, _)| room.order);
    named
}

fn visit_unmarked(visitor: &mut impl Visitor, members: &[Member], marks: &mut Marks) {
    for member in members {
        if marks.mark(member.slot) {
            visitor.visit(member);
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

impl FromIterator<Slot> for Marks {
    fn from_iter<I: IntoIterator<Item = Slot>>(slots: I) -> Self {
        let mut marks = Self::default();
        for slot in slots {
            marks.mark(slot);
        }
        marks
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
