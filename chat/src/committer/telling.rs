//! Who hears what: notices to the subscribers of rooms as they are at this point of the order.

use std::sync::Arc;

use super::announcer::Effect;
use super::state::{Moment, Outcome, State};
use crate::burst::{Merged, News};
use crate::command::{Crossing, Notice, Present, Status, Typing, Words};
use crate::ids::{RoomId, SocketId, UserId};
use crate::model::{Message, User};
use crate::publisher::{Letter, Merging, Publication};
use crate::roll::Attendant;

/// Who did what is being published.
#[derive(Clone, Copy, Debug)]
pub(super) struct Origin<'a> {
    pub(super) user: &'a UserId,
    pub(super) socket: Option<&'a SocketId>,
}

impl State {
    /// A notice to the subscribers of a room.
    pub(super) fn publication(
        &self,
        room: &RoomId,
        notice: Notice,
        origin: Origin<'_>,
    ) -> Publication {
        let personal = match &notice {
            Notice::Posted(words) => self.told_now(room, words),
            Notice::Updated(Words { to, sender, .. })
            | Notice::Deleted(Words { to, sender, .. })
            | Notice::Typing(Typing {
                to, user: sender, ..
            }) => to
                .iter()
                .flat_map(|to| self.personal(room, [to, &sender.id]))
                .map(|attendant| attendant.socket.clone())
                .collect(),
            _ => Vec::new(),
        };
        let own = match notice {
            Notice::Entered(_) | Notice::Exited(_) | Notice::Typing(_) => {
                self.own(room, origin.user)
            }
            _ => Vec::new(),
        };
        Publication {
            own,
            personal,
            rooms: vec![room.clone()],
            notice,
            socket: origin.socket.cloned(),
            present: self.presence.vocabularies(room),
            is_passing: false,
            merging: Merging::Alone,
        }
    }

    /// All sockets of somebody that hear a room, joined or not.
    fn own(&self, room: &RoomId, user: &UserId) -> Vec<SocketId> {
        let mut own = self.presence.sockets(room, user);
        for attendant in self.roll.sockets(user) {
            if !own.contains(&attendant.socket) {
                own.push(attendant.socket.clone());
            }
        }
        own
    }

    /// "A socket that has not joined a direct room in another vocabulary hears its user's direct rooms in this one."
    fn personal(
        &self,
        room: &RoomId,
        [one, other]: [&UserId; 2],
    ) -> impl Iterator<Item = &Attendant> {
        let other = Some(other).filter(|other| *other != one);
        let people = [Some(one), other].into_iter().flatten();
        people
            .flat_map(move |user| self.roll.sockets(user))
            .filter(move |attendant| !self.presence.hears(&attendant.socket, room))
    }

    /// The same for a new message. It is kept for a socket of who it is for that has to hear others first.
    fn told_now(&self, room: &RoomId, words: &Words) -> Vec<SocketId> {
        let Some(to) = &words.to else {
            return Vec::new();
        };
        let later: Vec<&SocketId> = self
            .roll
            .sockets(to)
            .filter(|attendant| *to != words.sender.id && attendant.is_behind())
            .map(|attendant| &attendant.socket)
            .collect();
        self.personal(room, [to, &words.sender.id])
            .map(|attendant| &attendant.socket)
            .filter(|socket| !later.contains(socket))
            .cloned()
            .collect()
    }

    /// A message and the people around it.
    pub(super) fn words(&self, message: Arc<Message>, sender: Arc<User>) -> Words {
        let room = self.cache.room(&message.room);
        let to = room.and_then(|room| room.partner(&sender.id)).cloned();
        Words {
            message,
            sender,
            to,
        }
    }

    /// Who is in a room.
    pub(super) fn present(&self, room: &RoomId) -> Arc<Present> {
        self.first_present(room, self.config.present)
    }

    fn first_present(&self, room: &RoomId, most: usize) -> Arc<Present> {
        let (people, count) = self.presence.people(room, most);
        Arc::new(Present {
            room: room.clone(),
            people,
            count,
        })
    }

    /// Somebody came or went.
    pub(super) fn announce(&mut self, news: News, moment: Moment) -> Effect {
        let merging = if self.bursts.note(&news, moment.instant) {
            Merging::Alone
        } else {
            Merging::Part
        };
        self.crossing(news, merging, false)
    }

    /// Many came or went.
    pub(super) fn announce_together(&self, merged: Merged) -> Effect {
        self.crossing(merged.news, Merging::Whole, merged.is_passing)
    }

    /// Somebody came or went, with the list as it is now for those who are told it.
    fn crossing(&self, news: News, merging: Merging, is_passing: bool) -> Effect {
        let listed = if merging == Merging::Part {
            0
        } else {
            self.config.present
        };
        let crossing = Crossing {
            present: self.first_present(&news.room.id, listed),
            room: news.room,
            user: news.user,
        };
        let (room, user) = (Arc::clone(&crossing.room), Arc::clone(&crossing.user));
        let notice = if news.has_come {
            Notice::Entered(crossing)
        } else {
            Notice::Exited(crossing)
        };
        let origin = Origin {
            user: &user.id,
            socket: Some(&news.socket),
        };
        Effect::Publish(Publication {
            is_passing,
            merging,
            ..self.publication(&room.id, notice, origin)
        })
    }

    /// Somebody began to write, or stopped.
    pub(super) fn typing(&self, typing: Typing, socket: Option<&SocketId>) -> Publication {
        let (room, user) = (typing.room.clone(), Arc::clone(&typing.user));
        let origin = Origin {
            user: &user.id,
            socket,
        };
        self.publication(&room, Notice::Typing(typing), origin)
    }

    /// "To everyone who shares a chat of at most 500 members."
    pub(super) fn status(&self, user: &UserId, is_online: bool, out: &mut Outcome) {
        let rooms: Vec<RoomId> = self.shared_rooms(user).cloned().collect();
        if rooms.is_empty() {
            return;
        }
        let present = rooms
            .iter()
            .map(|room| self.presence.vocabularies(room))
            .fold(Default::default(), crate::command::VocabularySet::union);
        out.effects.push(Effect::Publish(Publication {
            notice: Notice::Status(Status {
                user: user.clone(),
                is_online,
            }),
            own: self.sockets_of(user),
            rooms,
            socket: None,
            present,
            personal: Vec::new(),
            is_passing: false,
            merging: Merging::Alone,
        }));
    }

    /// The rooms of somebody that are small enough for their members to hear of each other's coming and going.
    pub(super) fn shared_rooms(&self, user: &UserId) -> impl Iterator<Item = &RoomId> {
        let theirs = self.cache.rooms_of.get(user);
        let rooms = theirs.into_iter().flat_map(|theirs| &theirs.rooms);
        rooms.filter(|room| {
            let cached = self.cache.room(room);
            cached.is_some_and(|cached| cached.everybody(self.config.status_members).is_some())
        })
    }

    pub(super) fn sockets_of(&self, user: &UserId) -> Vec<SocketId> {
        let sockets = self.roll.sockets(user);
        sockets.map(|attendant| attendant.socket.clone()).collect()
    }

    /// The other members of a room who are online.
    pub(super) fn online_in(&self, room: &RoomId, but: &UserId) -> Vec<UserId> {
        let cached = self.cache.room(room);
        let members = cached.and_then(|cached| cached.everybody(self.config.status_members));
        let mut online: Vec<UserId> = members
            .unwrap_or_default()
            .into_iter()
            .filter(|member| *member != but && self.roll.seems_online(member))
            .cloned()
            .collect();
        online.sort_unstable();
        online
    }

    /// Something for single sockets.
    pub(super) fn letter(letter: Letter, out: &mut Outcome) {
        if !letter.sockets.is_empty() {
            out.effects.push(Effect::Tell(letter));
        }
    }
}
