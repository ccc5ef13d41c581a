//! Joining, leaving, and sockets that are gone.

use std::sync::Arc;

use super::announcer::Effect;
use super::state::{Moment, Origin, Outcome, State};
use crate::command::{Join, Joined, Leave, Notice, Reply, Speaker};
use crate::failure::Failure;
use crate::ids::{RoomId, SocketId};
use crate::model::{Checkin, Member, Role, Room, RoomKind, User};
use crate::presence::{Arrival, Departure};
use crate::publisher::Subscription;
use crate::room::{self, Speaking};
use crate::store::Change;

impl State {
    pub(super) fn join(
        &mut self,
        by: &Speaker,
        join: &Join,
        moment: Moment,
        out: &mut Outcome,
    ) -> Result<Reply, Failure> {
        let (speaking, user) = self.speaker(by)?;
        let room = self.enterable(&speaking, join, moment, out)?;
        self.become_member(&room, &speaking, Role::Member, moment, out);
        let subscription = Subscription {
            socket: join.socket.clone(),
            room: room.id.clone(),
            vocabulary: join.vocabulary,
            user: user.id.clone(),
        };
        self.change_speaker(&subscription, moment, out);
        let arrival = self.presence.enter(&subscription, &room, &user);
        if arrival != Arrival::Again {
            out.after_answer.push(Effect::Subscribe(subscription));
        }
        if arrival == Arrival::First {
            if speaking.stored().is_some() {
                out.changes.push(Change::CheckinOpened(
                    room.id.clone(),
                    Checkin {
                        user: user.id.clone(),
                        socket: join.socket.clone(),
                        checked_in_at: moment.now,
                        checked_out_at: None,
                    },
                ));
            }
            let notice = Notice::Entered(Arc::clone(&room), Arc::clone(&user));
            let origin = Origin {
                user: &user.id,
                socket: Some(&join.socket),
            };
            let effect = self.publication(&room.id, notice, origin);
            out.after_answer.push(effect);
        }
        let cached = self.cache.room(&room.id);
        let seq = cached.map_or(0, |cached| cached.last_seq);
        let history = cached.map_or_else(Vec::new, |cached| cached.history(join.history));
        Ok(Reply::Joined(Joined {
            room,
            user,
            seq,
            history,
        }))
    }

    /// The room, if the speaker may enter it; made when it is missing and the join says so.
    fn enterable(
        &mut self,
        speaking: &Speaking,
        join: &Join,
        moment: Moment,
        out: &mut Outcome,
    ) -> Result<Arc<Room>, Failure> {
        if let Some(cached) = self.cache.room(&join.room) {
            let member = speaking.stored().and_then(|user| cached.member(user));
            room::reach(cached.room.kind, member)?;
            return Ok(Arc::clone(&cached.room));
        }
        if !join.create && !self.config.auto_create {
            return Err(Failure::RoomNotFound);
        }
        room::name("room", join.room.as_str())?;
        let room = Room {
            id: join.room.clone(),
            name: join.room.to_string(),
            kind: RoomKind::Public,
            created_at: moment.now,
        };
        let room = self.found(room, out);
        self.become_member(&room, speaking, Role::Owner, moment, out);
        Ok(room)
    }

    /// Joining makes the user a member; guests never are. What was said before is not unread.
    pub(super) fn become_member(
        &mut self,
        room: &Arc<Room>,
        speaking: &Speaking,
        role: Role,
        moment: Moment,
        out: &mut Outcome,
    ) -> Option<Member> {
        let user = speaking.stored()?;
        let cached = self.cache.room_mut(&room.id)?;
        if let Some(member) = cached.member(user) {
            return Some(member.clone());
        }
        let member = Member {
            user: user.clone(),
            role,
            joined_at: moment.now,
            read_seq: cached.last_seq,
        };
        cached.put_member(user, Some(member.clone()));
        out.changes
            .push(Change::Member(room.id.clone(), member.clone()));
        let notice = Notice::MemberAdded(Arc::clone(room), member.clone());
        out.effects
            .push(self.publication(&room.id, notice, Origin { user, socket: None }));
        Some(member)
    }

    /// Joining again as somebody else, which open mode allows, ends the joining as who it was before.
    fn change_speaker(&mut self, wanted: &Subscription, moment: Moment, out: &mut Outcome) {
        let now = self
            .presence
            .subscription(&wanted.socket, &wanted.room, wanted.vocabulary);
        if now.is_some_and(|now| now.user != wanted.user)
            && let Some(gone) = self
                .presence
                .leave(&wanted.socket, &wanted.room, wanted.vocabulary)
        {
            self.depart(gone, moment, out);
        }
    }

    pub(super) fn leave(
        &mut self,
        by: &Speaker,
        leave: &Leave,
        moment: Moment,
        out: &mut Outcome,
    ) -> Result<Reply, Failure> {
        self.speaker(by)?;
        self.cache.room(&leave.room).ok_or(Failure::RoomNotFound)?;
        if let Some(gone) = self
            .presence
            .leave(&leave.socket, &leave.room, leave.vocabulary)
        {
            self.depart(gone, moment, out);
        }
        Ok(Reply::Left(leave.room.clone()))
    }

    pub(super) fn disconnect(
        &mut self,
        socket: &SocketId,
        moment: Moment,
        out: &mut Outcome,
    ) -> Result<Reply, Failure> {
        for gone in self.presence.disconnect(socket) {
            self.depart(gone, moment, out);
        }
        Ok(Reply::Done)
    }

    /// A socket does not hear a room any more: whoever is left hears of it when it was the user's last one.
    pub(super) fn depart(&mut self, gone: Departure, moment: Moment, out: &mut Outcome) {
        let Departure {
            subscription,
            room,
            user,
            last,
        } = gone;
        let socket = subscription.socket.clone();
        out.effects.push(Effect::Unsubscribe(subscription));
        if last {
            self.exit(
                &room.id,
                Notice::Exited(Arc::clone(&room), Arc::clone(&user)),
                (&user, &socket),
                out,
            );
            out.changes.push(Change::CheckinClosed(
                room.id.clone(),
                user.id.clone(),
                moment.now,
            ));
        }
    }

    fn exit(
        &self,
        room: &RoomId,
        notice: Notice,
        (user, socket): (&User, &SocketId),
        out: &mut Outcome,
    ) {
        out.effects.push(self.publication(
            room,
            notice,
            Origin {
                user: &user.id,
                socket: Some(socket),
            },
        ));
    }
}
