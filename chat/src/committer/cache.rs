//! Rows that the rules need, as they will be once the current batch is stored.
//!
//! There is one writer, so what was read once stays true until this task changes it. Everything is loaded before a
//! batch is applied, so nothing is ever read that the batch itself is about to change.

use std::collections::VecDeque;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::collecting::Kept;
use super::footprint;
use super::surroundings::Memberships;
use crate::ids::{MessageId, RoomId, SocketId, UserId};
use crate::model::{Member, Message, Room, User};
use crate::weight;

/// How many bytes are kept from one batch to the next.
#[derive(Clone, Copy, Debug)]
pub(super) struct Most {
    /// Of users, rooms and memberships; beyond it everything is forgotten and read again when needed.
    pub(super) rows: usize,
    /// Of the newest messages of rooms; beyond it those are.
    pub(super) messages: usize,
}

impl Default for Most {
    /// Either is a quarter of a million rows with short texts.
    fn default() -> Self {
        Self {
            rows: 64 << 20,
            messages: 64 << 20,
        }
    }
}

/// A room and what is known of it.
#[derive(Debug)]
pub(super) struct CachedRoom {
    pub(super) room: Arc<Room>,
    pub(super) last_seq: u64,
    pub(super) members: FxHashMap<UserId, Option<Member>>,
    /// The newest messages, oldest first, once somebody asked for them.
    pub(super) tail: Option<VecDeque<Arc<Message>>>,
    /// The two people of a direct room.
    pub(super) pair: Option<[UserId; 2]>,
    /// Whether `members` has all of them.
    pub(super) crowd: Crowd,
}

/// How much is known about who is a member.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Crowd {
    /// Only some of them were asked for.
    Unknown,
    /// All are there.
    Complete,
    /// There are too many to tell them about each other.
    TooLarge,
}

pub(super) type Sent = (RoomId, UserId, String);

/// The rows. `None` as a value: it was looked for and is not there.
#[derive(Debug)]
pub(super) struct Cache {
    pub(super) users: FxHashMap<UserId, Option<Arc<User>>>,
    pub(super) rooms: FxHashMap<RoomId, Option<CachedRoom>>,
    /// The rooms that somebody is a member of, once they were asked for.
    pub(super) rooms_of: FxHashMap<UserId, Memberships>,
    /// Kept for one batch only, as all below.
    pub(super) handles: FxHashMap<String, Option<UserId>>,
    pub(super) messages: FxHashMap<MessageId, Option<Arc<Message>>>,
    pub(super) sent: FxHashMap<Sent, Option<Arc<Message>>>,
    /// What is kept for the user of a socket that is handed it.
    pub(super) kept: FxHashMap<SocketId, Kept>,
    /// The bytes of what is kept.
    pub(super) rows: usize,
    pub(super) recent: usize,
    pub(super) most: Most,
    pub(super) history: usize,
    pub(super) status_members: usize,
}

impl Cache {
    pub(super) fn new(history: usize, status_members: usize) -> Self {
        Self {
            users: FxHashMap::default(),
            rooms: FxHashMap::default(),
            rooms_of: FxHashMap::default(),
            handles: FxHashMap::default(),
            messages: FxHashMap::default(),
            sent: FxHashMap::default(),
            kept: FxHashMap::default(),
            rows: 0,
            recent: 0,
            most: Most::default(),
            history,
            status_members,
        }
    }

    /// The batch is stored: what only it needed goes.
    pub(super) fn settle(&mut self) {
        self.handles.clear();
        self.messages.clear();
        self.sent.clear();
        self.kept.clear();
        if self.rows > self.most.rows {
            self.forget();
        } else if self.recent > self.most.messages {
            self.forget_messages();
        }
    }

    fn forget_messages(&mut self) {
        for room in self.rooms.values_mut().flatten() {
            room.tail = None;
        }
        self.recent = 0;
    }

    /// Forgets everything; it is read again when needed.
    pub(super) fn forget(&mut self) {
        *self = Self {
            most: self.most,
            ..Self::new(self.history, self.status_members)
        };
    }

    pub(super) fn user(&self, id: &UserId) -> Option<Arc<User>> {
        self.users.get(id).cloned().flatten()
    }

    /// Who wrote something: a stored user, or the guest behind the id.
    pub(super) fn author(&self, id: &UserId) -> Arc<User> {
        self.user(id)
            .unwrap_or_else(|| Arc::new(User::guest(id.clone())))
    }

    pub(super) fn has_handle(&self, handle: &str) -> bool {
        self.handles.get(handle).is_some_and(Option::is_some)
    }

    pub(super) fn room(&self, id: &RoomId) -> Option<&CachedRoom> {
        self.rooms.get(id)?.as_ref()
    }

    pub(super) fn room_mut(&mut self, id: &RoomId) -> Option<&mut CachedRoom> {
        self.rooms.get_mut(id)?.as_mut()
    }

    pub(super) fn message(&self, id: MessageId) -> Option<Arc<Message>> {
        self.messages.get(&id).cloned().flatten()
    }

    pub(super) fn sent(
        &self,
        room: &RoomId,
        sender: &UserId,
        client_msg_id: &str,
    ) -> Option<Arc<Message>> {
        self.sent
            .get(&(room.clone(), sender.clone(), client_msg_id.to_owned()))
            .cloned()
            .flatten()
    }

    pub(super) fn put_user(&mut self, user: &Arc<User>) {
        if let Some(handle) = &user.handle {
            self.handles.insert(handle.clone(), Some(user.id.clone()));
        }
        let kept = self.users.insert(user.id.clone(), Some(Arc::clone(user)));
        let before = kept.map_or(0, |kept| footprint::user(&user.id, kept.as_deref()));
        let after = self.rows + footprint::user(&user.id, Some(user));
        self.rows = after.saturating_sub(before);
    }

    pub(super) fn put_room(&mut self, room: &Arc<Room>) {
        let mut cached = CachedRoom::new(Arc::clone(room), 0);
        cached.tail = Some(VecDeque::new());
        cached.crowd = Crowd::Complete;
        let kept = self.rooms.insert(room.id.clone(), Some(cached));
        // It was looked for before it was made.
        let before = kept.map_or(0, |_| footprint::room(&room.id, None));
        let after = self.rows + footprint::room(&room.id, Some(room));
        self.rows = after.saturating_sub(before);
    }

    /// A membership that began, changed or ended.
    pub(super) fn put_member(&mut self, room: &RoomId, user: &UserId, member: Option<Member>) {
        let mut new = 0;
        if let Some(theirs) = self.rooms_of.get_mut(user) {
            if member.is_none() {
                theirs.rooms.remove(room);
            } else if theirs.rooms.insert(room.clone()) {
                new += footprint::membership(room.as_str());
            }
        }
        if let Some(cached) = self.room_mut(room)
            && cached.members.insert(user.clone(), member).is_none()
        {
            new += footprint::membership(user.as_str());
        }
        self.rows += new;
    }

    /// A new message, which has to be the next of its room.
    pub(super) fn put_message(&mut self, message: &Arc<Message>) {
        let history = self.history;
        if let Some(room) = self.room_mut(&message.room) {
            let (added, dropped) = room.push(message, history);
            self.recent = (self.recent + added).saturating_sub(dropped);
        }
        if let Some(client_msg_id) = &message.client_msg_id {
            let key = (
                message.room.clone(),
                message.sender.clone(),
                client_msg_id.clone(),
            );
            self.sent.insert(key, Some(Arc::clone(message)));
        }
    }

    /// A message that was there and is different now.
    pub(super) fn replace_message(&mut self, message: &Arc<Message>) {
        self.messages.insert(message.id, Some(Arc::clone(message)));
        let tail = self
            .room_mut(&message.room)
            .and_then(|room| room.tail.as_mut());
        let place = tail.and_then(|tail| tail.iter_mut().find(|kept| kept.id == message.id));
        if let Some(kept) = place {
            let before = std::mem::replace(kept, Arc::clone(message));
            let after = self.recent + footprint::message(message);
            self.recent = after.saturating_sub(footprint::message(&before));
        }
    }
}

impl CachedRoom {
    pub(super) fn new(room: Arc<Room>, last_seq: u64) -> Self {
        Self {
            room,
            last_seq,
            members: FxHashMap::default(),
            tail: None,
            pair: None,
            crowd: Crowd::Unknown,
        }
    }

    pub(super) fn member(&self, user: &UserId) -> Option<&Member> {
        self.members.get(user)?.as_ref()
    }

    /// The members, if they are at most so many.
    pub(super) fn everybody(&self, most: usize) -> Option<Vec<&UserId>> {
        let members = self.members.values().flatten().map(|member| &member.user);
        let few: Vec<_> = members.take(most + 1).collect();
        (self.crowd == Crowd::Complete && few.len() <= most).then_some(few)
    }

    /// In a direct room, the other person; the same, for who writes to themselves.
    pub(super) fn partner(&self, user: &UserId) -> Option<&UserId> {
        let [one, other] = self.pair.as_ref()?;
        Some(if one == user { other } else { one })
    }

    /// The newest messages, oldest first, as far as one socket can be told them at once.
    pub(super) fn history(&self, wanted: usize) -> Vec<Arc<Message>> {
        let tail = self.tail.iter().flatten();
        let newest = tail.clone().rev().take(wanted).map(|message| &**message);
        let wanted = wanted.min(weight::fitting(newest));
        let kept = self.tail.as_ref().map_or(0, VecDeque::len);
        tail.skip(kept.saturating_sub(wanted)).cloned().collect()
    }

    /// How many bytes more are kept, and how many no longer.
    fn push(&mut self, message: &Arc<Message>, history: usize) -> (usize, usize) {
        self.last_seq = message.seq;
        let Some(tail) = &mut self.tail else {
            return (0, 0);
        };
        tail.push_back(Arc::clone(message));
        let dropped = (tail.len() > history).then(|| tail.pop_front()).flatten();
        let dropped = dropped.map_or(0, |dropped| footprint::message(&dropped));
        (footprint::message(message), dropped)
    }
}
