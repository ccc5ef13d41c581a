//! Who has which sockets in which room, right now. Announcements follow a user's first and last socket in a room.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::command::{VocabularyId, VocabularySet};
use crate::ids::{RoomId, SocketId, UserId};
use crate::model::{Room, User};
use crate::publisher::Subscription;

/// A socket that heard a room and does not any more.
#[derive(Clone, Debug)]
pub(crate) struct Departure {
    pub(crate) subscription: Subscription,
    pub(crate) room: Arc<Room>,
    pub(crate) user: Arc<User>,
    /// It was the user's last socket in the room.
    pub(crate) last: bool,
}

/// What a socket's entering changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Arrival {
    /// Nothing: it was there already, in this vocabulary.
    Again,
    /// The socket was there in another vocabulary, or another socket of the user was there.
    Another,
    /// It is the user's first socket in the room.
    First,
}

#[derive(Debug)]
struct Occupant {
    user: Arc<User>,
    /// Newest last; a socket counts once per vocabulary.
    sockets: Vec<(SocketId, usize)>,
}

#[derive(Debug)]
struct Occupancy {
    room: Arc<Room>,
    users: FxHashMap<UserId, Occupant>,
    vocabularies: FxHashMap<VocabularyId, usize>,
}

#[derive(Debug)]
enum Step {
    Entered(Subscription),
    Departed(Departure),
}

/// All sockets in all rooms. Steps can be taken back until they are [settled](Presence::settle).
#[derive(Debug, Default)]
pub(crate) struct Presence {
    sockets: FxHashMap<SocketId, Vec<Subscription>>,
    rooms: FxHashMap<RoomId, Occupancy>,
    journal: Vec<Step>,
}

impl Presence {
    /// Who the socket speaks as in a room, if it is there.
    pub(crate) fn speaker(&self, socket: &SocketId, room: &RoomId) -> Option<&Arc<User>> {
        let user = &self
            .sockets
            .get(socket)?
            .iter()
            .find(|joined| joined.room == *room)?
            .user;
        Some(&self.rooms.get(room)?.users.get(user)?.user)
    }

    /// The vocabularies that somebody hears a room in.
    pub(crate) fn vocabularies(&self, room: &RoomId) -> VocabularySet {
        let present = self
            .rooms
            .get(room)
            .into_iter()
            .flat_map(|room| room.vocabularies.keys());
        present.fold(VocabularySet::default(), |set, id| set.with(*id))
    }

    /// The sockets that a user has in a room, newest last.
    pub(crate) fn sockets(&self, room: &RoomId, user: &UserId) -> Vec<SocketId> {
        let occupant = self.rooms.get(room).and_then(|room| room.users.get(user));
        let sockets = occupant.into_iter().flat_map(|occupant| &occupant.sockets);
        sockets.map(|(socket, _)| socket.clone()).collect()
    }

    /// Who the socket hears a room as, in one vocabulary.
    pub(crate) fn subscription(
        &self,
        socket: &SocketId,
        room: &RoomId,
        vocabulary: VocabularyId,
    ) -> Option<&Subscription> {
        let all = self.sockets.get(socket)?;
        all.iter()
            .find(|joined| joined.room == *room && joined.vocabulary == vocabulary)
    }

    /// A socket enters a room.
    pub(crate) fn enter(
        &mut self,
        subscription: &Subscription,
        room: &Arc<Room>,
        user: &Arc<User>,
    ) -> Arrival {
        let arrival = self.insert(subscription, room, user);
        if arrival != Arrival::Again {
            self.journal.push(Step::Entered(subscription.clone()));
        }
        arrival
    }

    /// A socket leaves a room.
    pub(crate) fn leave(
        &mut self,
        socket: &SocketId,
        room: &RoomId,
        vocabulary: VocabularyId,
    ) -> Option<Departure> {
        let subscription = self.subscription(socket, room, vocabulary)?.clone();
        self.depart(&subscription)
    }

    /// A socket is gone.
    pub(crate) fn disconnect(&mut self, socket: &SocketId) -> Vec<Departure> {
        let joined = self.sockets.get(socket).cloned().unwrap_or_default();
        joined
            .iter()
            .filter_map(|subscription| self.depart(subscription))
            .collect()
    }

    /// Somebody is sent out of a room, with all their sockets.
    pub(crate) fn evict(&mut self, room: &RoomId, user: &UserId) -> Vec<Departure> {
        let occupant = self.rooms.get(room).and_then(|room| room.users.get(user));
        let sockets = occupant
            .into_iter()
            .flat_map(|occupant| occupant.sockets.iter().map(|(socket, _)| socket));
        let joined = sockets.flat_map(|socket| self.sockets.get(socket).into_iter().flatten());
        let joined: Vec<_> = joined
            .filter(|joined| joined.room == *room && joined.user == *user)
            .cloned()
            .collect();
        joined
            .iter()
            .filter_map(|subscription| self.depart(subscription))
            .collect()
    }

    /// What happened up to here stays.
    pub(crate) fn settle(&mut self) {
        self.journal.clear();
    }

    /// Takes back what happened since the last [`settle`](Self::settle).
    pub(crate) fn revert(&mut self) {
        for step in std::mem::take(&mut self.journal).into_iter().rev() {
            match step {
                Step::Entered(subscription) => drop(self.remove(&subscription)),
                Step::Departed(gone) => {
                    self.insert(&gone.subscription, &gone.room, &gone.user);
                }
            }
        }
    }

    fn depart(&mut self, subscription: &Subscription) -> Option<Departure> {
        let departure = self.remove(subscription)?;
        self.journal.push(Step::Departed(departure.clone()));
        Some(departure)
    }

    fn insert(
        &mut self,
        subscription: &Subscription,
        room: &Arc<Room>,
        user: &Arc<User>,
    ) -> Arrival {
        let joined = self.sockets.entry(subscription.socket.clone()).or_default();
        if joined.contains(subscription) {
            return Arrival::Again;
        }
        joined.push(subscription.clone());
        let occupancy = self
            .rooms
            .entry(room.id.clone())
            .or_insert_with(|| Occupancy {
                room: Arc::clone(room),
                users: FxHashMap::default(),
                vocabularies: FxHashMap::default(),
            });
        *occupancy
            .vocabularies
            .entry(subscription.vocabulary)
            .or_default() += 1;
        let occupant = occupancy
            .users
            .entry(user.id.clone())
            .or_insert_with(|| Occupant {
                user: Arc::clone(user),
                sockets: Vec::with_capacity(1),
            });
        let first = occupant.sockets.is_empty();
        match occupant
            .sockets
            .iter_mut()
            .find(|(socket, _)| *socket == subscription.socket)
        {
            Some((_, count)) => *count += 1,
            None => occupant.sockets.push((subscription.socket.clone(), 1)),
        }
        if first {
            Arrival::First
        } else {
            Arrival::Another
        }
    }

    fn remove(&mut self, subscription: &Subscription) -> Option<Departure> {
        let joined = self.sockets.get_mut(&subscription.socket)?;
        let place = joined.iter().position(|other| other == subscription)?;
        joined.swap_remove(place);
        if joined.is_empty() {
            self.sockets.remove(&subscription.socket);
        }
        let occupancy = self.rooms.get_mut(&subscription.room)?;
        let count = occupancy.vocabularies.get_mut(&subscription.vocabulary)?;
        *count -= 1;
        if *count == 0 {
            occupancy.vocabularies.remove(&subscription.vocabulary);
        }
        let occupant = occupancy.users.get_mut(&subscription.user)?;
        let place = occupant
            .sockets
            .iter()
            .position(|(socket, _)| *socket == subscription.socket)?;
        let (_, count) = occupant.sockets.get_mut(place)?;
        *count -= 1;
        if *count == 0 {
            occupant.sockets.remove(place);
        }
        let (room, user) = (Arc::clone(&occupancy.room), Arc::clone(&occupant.user));
        let last = occupant.sockets.is_empty();
        if last {
            occupancy.users.remove(&subscription.user);
        }
        if occupancy.users.is_empty() {
            self.rooms.remove(&subscription.room);
        }
        Some(Departure {
            subscription: subscription.clone(),
            room,
            user,
            last,
        })
    }
}

#[cfg(test)]
mod tests;
