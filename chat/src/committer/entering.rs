//! Joining, leaving, and sockets that are gone.

use std::sync::Arc;

use super::announcer::Effect;
use super::state::{Moment, Outcome, State};
use super::telling::Origin;
use crate::burst::News;
use crate::command::{Join, Joined, Leave, Notice, Reply, Speaker};
use crate::failure::Failure;
use crate::ids::SocketId;
use crate::model::{Checkin, Member, Role, Room, RoomKind, User};
use crate::presence::{Arrival, Departure};
use crate::publisher::{Attendance, Subscription};
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
        self.has_room_for(join)?;
        let room = self.enterable(&speaking, join, moment, out)?;
        let subscription = Subscription {
            socket: join.socket.clone(),
            room: room.id.clone(),
            vocabulary: join.vocabulary,
            user: user.id.clone(),
            attendance: Attendance::Present,
        };
        self.change_speaker(&subscription, moment, out);
        // Before the membership, which makes sockets hear the room that have not joined it.
        let arrival = self.presence.enter(&subscription, &room, &user);
        self.become_member(&room, &speaking, Role::Member, moment, out);
        if arrival != Arrival::Again {
            out.after_answer.push(Effect::Subscribe(subscription));
        }
        if arrival == Arrival::First {
            self.arrive(&speaking, (&room, &user, &join.socket), moment, out);
        }
        Ok(Reply::Joined(self.joined(room, user, join)))
    }

    /// Whether the socket may hear one room more, if it is one more.
    fn has_room_for(&self, join: &Join) -> Result<(), Failure> {
        let (presence, limit) = (&self.presence, self.config.rooms);
        let known = presence.subscription(&join.socket, &join.room, join.vocabulary);
        if known.is_some() || presence.rooms_of(&join.socket) < limit {
            Ok(())
        } else {
            Err(Failure::TooManyRooms { limit })
        }
    }

    /// It is the user's first socket in the room.
    fn arrive(
        &mut self,
        speaking: &Speaking,
        (room, user, socket): (&Arc<Room>, &Arc<User>, &SocketId),
        moment: Moment,
        out: &mut Outcome,
    ) {
        if speaking.stored().is_some() {
            let checkin = Checkin {
                user: user.id.clone(),
                socket: socket.clone(),
                checked_in_at: moment.now,
                checked_out_at: None,
            };
            out.changes
                .push(Change::CheckinOpened(room.id.clone(), checkin));
        }
        let news = News {
            room: Arc::clone(room),
            user: Arc::clone(user),
            socket: socket.clone(),
            has_come: true,
        };
        let effect = self.announce(news, moment);
        out.after_answer.push(effect);
    }

    fn joined(&self, room: Arc<Room>, user: Arc<User>, join: &Join) -> Joined {
        let cached = self.cache.room(&room.id);
        let history = cached.map_or_else(Vec::new, |cached| cached.history(join.history));
        let authors = history.iter().map(|message| {
            let id = &message.sender;
            (id.clone(), self.cache.author(id))
        });
        Joined {
            seq: cached.map_or(0, |cached| cached.last_seq),
            authors: authors.collect(),
            history,
            present: join.present.then(|| self.present(&room.id)),
            online: if join.online {
                self.online_in(&room.id, &user.id)
            } else {
                Vec::new()
            },
            room,
            user,
        }
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
        let creates = join.create || self.config.auto_create;
        if !creates || join.room.is_direct() {
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
        let cached = self.cache.room(&room.id)?;
        if let Some(member) = cached.member(user) {
            return Some(member.clone());
        }
        let member = Member {
            user: user.clone(),
            role,
            joined_at: moment.now,
            read_seq: cached.last_seq,
        };
        self.cache.put_member(&room.id, user, Some(member.clone()));
        out.changes
            .push(Change::Member(room.id.clone(), member.clone()));
        let notice = Notice::MemberAdded(Arc::clone(room), member.clone());
        let publication = self.publication(&room.id, notice, Origin { user, socket: None });
        out.effects.push(Effect::Publish(publication));
        self.listen_in(room, user, out);
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
        let (speaking, _) = self.speaker(by)?;
        let cached = self.cache.room(&leave.room).ok_or(Failure::RoomNotFound)?;
        let member = speaking.stored().and_then(|user| cached.member(user));
        let reached = room::reach(cached.room.kind, member);
        match self
            .presence
            .leave(&leave.socket, &leave.room, leave.vocabulary)
        {
            Some(gone) => self.depart(gone, moment, out),
            // Every vocabulary refuses a private room to who is no member of it.
            None => reached?,
        }
        Ok(Reply::Left(leave.room.clone()))
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
        if let Some(typing) = self.marks.left(&room.id, &user.id, &socket) {
            let publication = self.typing(typing, Some(&socket));
            out.effects.push(Effect::Publish(publication));
        }
        out.effects.push(Effect::Unsubscribe(subscription));
        if !last {
            return;
        }
        out.changes.push(Change::CheckinClosed(
            room.id.clone(),
            user.id.clone(),
            moment.now,
        ));
        let news = News {
            room,
            user,
            socket,
            has_come: false,
        };
        let effect = self.announce(news, moment);
        out.effects.push(effect);
    }
}
