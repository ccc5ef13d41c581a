//! One room and who is in it.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::command::{Person, VocabularyId, VocabularySet};
use crate::ids::{SocketId, UserId};
use crate::model::{Room, User};
use crate::publisher::{Attendance, Subscription};

/// Somebody who hears the room.
#[derive(Debug)]
struct Hearer {
    user: Arc<User>,
    /// Of all attendances.
    subscriptions: usize,
    /// Those that have joined, newest last; a socket counts once per vocabulary.
    sockets: Vec<(SocketId, usize)>,
    /// The place in the order of coming.
    came: u64,
}

/// One room and who is in it.
#[derive(Debug)]
pub(super) struct Occupancy {
    room: Arc<Room>,
    users: FxHashMap<UserId, Hearer>,
    /// Who is present, in the order of their coming.
    order: BTreeMap<u64, UserId>,
    comings: u64,
    vocabularies: FxHashMap<VocabularyId, usize>,
}

impl Occupancy {
    pub(super) fn new(room: &Arc<Room>) -> Self {
        Self {
            room: Arc::clone(room),
            users: FxHashMap::default(),
            order: BTreeMap::new(),
            comings: 0,
            vocabularies: FxHashMap::default(),
        }
    }

    pub(super) fn room(&self) -> &Arc<Room> {
        &self.room
    }

    pub(super) fn is_empty(&self) -> bool {
        self.vocabularies.is_empty()
    }

    pub(super) fn user(&self, id: &UserId) -> Option<&Arc<User>> {
        Some(&self.users.get(id)?.user)
    }

    pub(super) fn vocabularies(&self) -> VocabularySet {
        let present = self.vocabularies.keys();
        present.fold(VocabularySet::default(), |set, id| set.with(*id))
    }

    pub(super) fn sockets(&self, user: &UserId) -> Vec<SocketId> {
        let hearer = self.users.get(user).into_iter();
        let sockets = hearer.flat_map(|hearer| &hearer.sockets);
        sockets.map(|(socket, _)| socket.clone()).collect()
    }

    pub(super) fn people(&self, most: usize) -> (Vec<Person>, usize) {
        let present = self.order.values().take(most);
        let people = present.filter_map(|id| {
            let hearer = self.users.get(id)?;
            Some(Person {
                user: Arc::clone(&hearer.user),
                socket: hearer.sockets.last()?.0.clone(),
            })
        });
        (people.collect(), self.order.len())
    }

    pub(super) fn others(&self, user: &UserId) -> usize {
        self.users.len() - usize::from(self.users.contains_key(user))
    }

    /// A new subscription. Whether it makes its user present.
    pub(super) fn insert(&mut self, subscription: &Subscription, user: &Arc<User>) -> bool {
        *self
            .vocabularies
            .entry(subscription.vocabulary)
            .or_default() += 1;
        let hearer = self.users.entry(user.id.clone()).or_insert_with(|| Hearer {
            user: Arc::clone(user),
            subscriptions: 0,
            sockets: Vec::with_capacity(1),
            came: 0,
        });
        hearer.subscriptions += 1;
        if subscription.attendance == Attendance::Listening {
            return false;
        }
        let first = hearer.sockets.is_empty();
        let known = hearer
            .sockets
            .iter_mut()
            .find(|(socket, _)| *socket == subscription.socket);
        match known {
            Some((_, count)) => *count += 1,
            None => hearer.sockets.push((subscription.socket.clone(), 1)),
        }
        if first {
            self.comings += 1;
            hearer.came = self.comings;
            self.order.insert(self.comings, user.id.clone());
        }
        first
    }

    /// A subscription that ended. Who it was, and whether it was the last that made them present.
    pub(super) fn remove(&mut self, subscription: &Subscription) -> Option<(Arc<User>, bool)> {
        let count = self.vocabularies.get_mut(&subscription.vocabulary)?;
        *count -= 1;
        if *count == 0 {
            self.vocabularies.remove(&subscription.vocabulary);
        }
        let hearer = self.users.get_mut(&subscription.user)?;
        hearer.subscriptions -= 1;
        let user = Arc::clone(&hearer.user);
        let last =
            subscription.attendance == Attendance::Present && hearer.forget(&subscription.socket);
        if last {
            self.order.remove(&hearer.came);
        }
        if hearer.subscriptions == 0 {
            self.users.remove(&subscription.user);
        }
        Some((user, last))
    }
}

impl Hearer {
    /// One subscription of a socket less. Whether no socket is left.
    fn forget(&mut self, socket: &SocketId) -> bool {
        let place = self.sockets.iter().position(|(other, _)| other == socket);
        let Some(place) = place else {
            return false;
        };
        if let Some((_, count)) = self.sockets.get_mut(place) {
            *count -= 1;
            if *count == 0 {
                self.sockets.remove(place);
            }
        }
        self.sockets.is_empty()
    }
}
