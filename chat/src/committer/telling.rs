//! Who hears what: notices to the subscribers of rooms as they are at this point of the order.

use std::sync::Arc;

use super::announcer::Effect;
use super::state::{Outcome, State};
use crate::burst::News;
use crate::command::{Crossing, Notice, Present, Status, Typing, Words};
use crate::ids::{RoomId, SocketId, UserId};
use crate::model::{Message, User};
use crate::publisher::{Letter, Publication};

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
        let pair = match &notice {
            Notice::Posted(words) | Notice::Updated(words) | Notice::Deleted(words) => {
                words.to.as_ref().map(|to| [to, &words.sender.id])
            }
            Notice::Typing(typing) => typing.to.as_ref().map(|to| [to, &typing.user.id]),
            _ => None,
        };
        let own = match notice {
            Notice::Entered(_) | Notice::Exited(_) | Notice::Typing(_) => {
                self.own(room, origin.user)
            }
            _ => Vec::new(),
        };
        Publication {
            own,
            personal: pair.map_or_else(Vec::new, |pair| self.personal(room, pair)),
            rooms: vec![room.clone()],
            notice,
            socket: origin.socket.cloned(),
            present: self.presence.vocabularies(room),
            is_passing: false,
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
    fn personal(&self, room: &RoomId, [one, other]: [&UserId; 2]) -> Vec<SocketId> {
        let other = Some(other).filter(|other| *other != one);
        let people = [Some(one), other].into_iter().flatten();
        people
            .flat_map(|user| self.roll.sockets(user))
            .map(|attendant| attendant.socket.clone())
            .filter(|socket| !self.presence.hears(socket, room))
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
        let (people, count) = self.presence.people(room, self.config.present);
        Arc::new(Present {
            room: room.clone(),
            people,
            count,
        })
    }

    /// Somebody came or went, with the list as it is now.
    pub(super) fn crossing(&self, news: News, is_passing: bool) -> Effect {
        let crossing = Crossing {
            present: self.present(&news.room.id),
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
        }));
    }

    /// The rooms of somebody that are small enough for their members to hear of each other's coming and going.
    pub(super) fn shared_rooms(&self, user: &UserId) -> impl Iterator<Item = &RoomId> {
        let rooms = self.cache.rooms_of.get(user).into_iter().flatten();
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
