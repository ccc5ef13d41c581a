//! Who has which sockets in which room, right now. Announcements follow a user's first and last socket in a room.

mod occupancy;

use std::sync::Arc;

use occupancy::Occupancy;
use rustc_hash::FxHashMap;

use crate::command::{Person, VocabularyId, VocabularySet};
use crate::ids::{RoomId, SocketId, UserId};
use crate::model::{Room, User};
use crate::publisher::{Attendance, Subscription};

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
    /// Who the socket speaks as in a room, if it has joined it.
    pub(crate) fn speaker(&self, socket: &SocketId, room: &RoomId) -> Option<&Arc<User>> {
        let user = &self
            .sockets
            .get(socket)?
            .iter()
            .find(|joined| joined.room == *room && joined.attendance == Attendance::Present)?
            .user;
        self.rooms.get(room)?.user(user)
    }

    /// Whether the socket hears a room in any vocabulary.
    pub(crate) fn hears(&self, socket: &SocketId, room: &RoomId) -> bool {
        let joined = self.sockets.get(socket);
        joined.is_some_and(|joined| joined.iter().any(|joined| joined.room == *room))
    }

    /// How many rooms the socket hears, counted once for each vocabulary.
    pub(crate) fn rooms_of(&self, socket: &SocketId) -> usize {
        self.sockets.get(socket).map_or(0, Vec::len)
    }

    /// The vocabularies that somebody hears a room in.
    pub(crate) fn vocabularies(&self, room: &RoomId) -> VocabularySet {
        let room = self.rooms.get(room);
        room.map_or_else(VocabularySet::default, Occupancy::vocabularies)
    }

    /// The sockets that a user has in a room, newest last.
    pub(crate) fn sockets(&self, room: &RoomId, user: &UserId) -> Vec<SocketId> {
        let room = self.rooms.get(room);
        room.map_or_else(Vec::new, |room| room.sockets(user))
    }

    /// The people in a room, in the order of their coming, at most so many; and how many there are.
    pub(crate) fn people(&self, room: &RoomId, most: usize) -> (Vec<Person>, usize) {
        let room = self.rooms.get(room);
        room.map_or_else(|| (Vec::new(), 0), |room| room.people(most))
    }

    /// How many users hear a room, without this one.
    pub(crate) fn others(&self, room: &RoomId, user: &UserId) -> usize {
        let room = self.rooms.get(room);
        room.map_or(0, |room| room.others(user))
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

    /// How many rooms are heard by some socket.
    pub(crate) fn rooms(&self) -> usize {
        self.rooms.len()
    }

    /// How many subscriptions there are.
    pub(crate) fn subscriptions(&self) -> usize {
        self.sockets.values().map(Vec::len).sum()
    }

    /// A socket enters a room.
    pub(crate) fn enter(
        &mut self,
        subscription: &Subscription,
        room: &Arc<Room>,
        user: &Arc<User>,
    ) -> Arrival {
        let known = self.subscription(
            &subscription.socket,
            &subscription.room,
            subscription.vocabulary,
        );
        if let Some(known) = known {
            if known.attendance == subscription.attendance
                || subscription.attendance == Attendance::Listening
            {
                return Arrival::Again;
            }
            // It has heard the room and joins it now.
            let known = known.clone();
            self.depart(&known);
        }
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

    /// Somebody is sent out of a room, with all their sockets. `listening` are those that may hear it unjoined.
    pub(crate) fn evict(
        &mut self,
        room: &RoomId,
        user: &UserId,
        listening: &[SocketId],
    ) -> Vec<Departure> {
        let mut sockets = self.sockets(room, user);
        sockets.extend(listening.iter().cloned());
        let joined = sockets
            .iter()
            .flat_map(|socket| self.sockets.get(socket).into_iter().flatten());
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
            .or_insert_with(|| Occupancy::new(room));
        if occupancy.insert(subscription, user) {
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
        let (user, last) = occupancy.remove(subscription)?;
        let room = Arc::clone(occupancy.room());
        if occupancy.is_empty() {
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
