//! Small things that people do in a room beside writing: typing, reading, looking who is there.

use std::sync::Arc;

use super::announcer::Effect;
use super::state::{Moment, Outcome, State};
use super::telling::Origin;
use crate::command::{Entitlement, Notice, Place, Read, Receipt, Reply, Speaker, Type};
use crate::failure::Failure;
use crate::ids::{GUEST_PREFIX, RoomId, SocketId, UserId};
use crate::model::{Member, User};
use crate::publisher::Publication;
use crate::room::{self, Speaking, Writer};
use crate::store::Change;
use crate::typing::{Hearing, Keystroke};

impl State {
    /// Who does something in a room, if they may: a socket acts as whom it joined the room as.
    pub(super) fn actor(
        &self,
        by: &Speaker,
        room: &RoomId,
        (socket, needs): (Option<&SocketId>, Entitlement),
    ) -> Result<Arc<User>, Failure> {
        let joined = socket.and_then(|socket| self.presence.speaker(socket, room));
        let (speaking, user) = match joined {
            Some(user) if by.named.is_none() => (Speaking::User(user.id.clone()), Arc::clone(user)),
            _ => self.speaker(by)?,
        };
        let cached = self.cache.room(room).ok_or(Failure::RoomNotFound)?;
        let member = speaking.stored().and_then(|user| cached.member(user));
        let writer = Writer {
            member,
            joined: joined.is_some(),
            policy: self.policy(by),
        };
        if joined.is_none() {
            room::reach(cached.room.kind, member)?;
        }
        room::entitled(needs, writer)?;
        Ok(user)
    }

    pub(super) fn type_to(
        &mut self,
        by: &Speaker,
        typing: &Type,
        moment: Moment,
        out: &mut Outcome,
    ) -> Result<Reply, Failure> {
        let (room, user, to) = match &typing.place {
            Place::Room(room) => {
                let user = self.actor(by, room, (Some(&typing.socket), typing.needs))?;
                let cached = self.cache.room(room);
                let to = cached.and_then(|cached| cached.partner(&user.id)).cloned();
                (room.clone(), user, to)
            }
            Place::Person(other) => {
                let (speaking, user) = self.speaker(by)?;
                correspondents(&speaking, other)?;
                (RoomId::direct(&user.id, other), user, Some(other.clone()))
            }
        };
        let stroke = Keystroke {
            room: &room,
            user: &user,
            to: to.as_ref(),
            socket: &typing.socket,
            is_typing: typing.is_typing,
        };
        let hearing = self.marks.press(stroke, moment.instant);
        if hearing != Hearing::Swallowed {
            let said = crate::command::Typing {
                room,
                user,
                to,
                is_typing: typing.is_typing,
            };
            let publication = Publication {
                is_passing: hearing == Hearing::Repeated,
                ..self.typing(said, Some(&typing.socket))
            };
            out.effects.push(Effect::Publish(publication));
        }
        Ok(Reply::Done)
    }

    /// "The member's read mark only moves forward."
    pub(super) fn read(
        &mut self,
        by: &Speaker,
        read: &Read,
        moment: Moment,
        out: &mut Outcome,
    ) -> Result<Reply, Failure> {
        let needs = (read.socket.as_ref(), Entitlement::Member);
        let user = self.actor(by, &read.room, needs)?;
        let message = self.cache.message(read.message);
        let message = message.filter(|message| message.room == read.room);
        let message = message.ok_or(Failure::MessageNotFound)?;
        let cached = self.cache.room(&read.room).ok_or(Failure::RoomNotFound)?;
        let member = cached.member(&user.id).ok_or(Failure::NotMember)?.clone();
        if message.seq > member.read_seq {
            let member = Member {
                read_seq: message.seq,
                ..member
            };
            self.cache
                .put_member(&read.room, &user.id, Some(member.clone()));
            out.changes.push(Change::Member(read.room.clone(), member));
        }
        let receipt = Receipt {
            room: read.room.clone(),
            message: read.message,
            user: user.id.clone(),
            at: moment.now,
        };
        let origin = Origin {
            user: &user.id,
            socket: read.socket.as_ref(),
        };
        let notice = Notice::Read(receipt.clone());
        let publication = self.publication(&read.room, notice, origin);
        out.effects.push(Effect::Publish(publication));
        Ok(Reply::Read(receipt))
    }

    pub(super) fn list_present(&self, by: &Speaker, room: &RoomId) -> Result<Reply, Failure> {
        let (speaking, _) = self.speaker(by)?;
        let cached = self.cache.room(room).ok_or(Failure::RoomNotFound)?;
        let member = speaking.stored().and_then(|user| cached.member(user));
        room::reach(cached.room.kind, member)?;
        Ok(Reply::Present(self.present(room)))
    }
}

/// Two who may speak to each other alone: both can be in the store, though the other need not be there yet.
pub(super) fn correspondents(speaking: &Speaking, other: &UserId) -> Result<(), Failure> {
    if speaking.stored().is_none() {
        return Err(Failure::Guest);
    }
    if other.as_str().starts_with(GUEST_PREFIX) {
        return Err(Failure::UserNotFound);
    }
    room::name("to_user_id", other.as_str())
}
