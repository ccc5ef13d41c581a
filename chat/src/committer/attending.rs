//! Coming online and going, and hearing rooms without joining them.

use std::sync::Arc;

use super::announcer::Effect;
use super::state::{Moment, Outcome, State};
use crate::command::{Connect, Notice, Reply, Speaker, Status, VocabularyId};
use crate::failure::Failure;
use crate::ids::{RoomId, SocketId, UserId};
use crate::model::{Room, User};
use crate::presence::Arrival;
use crate::publisher::{Attendance, Letter, Subscription};
use crate::roll::Attendant;

impl State {
    /// A socket is there. Guests are nobody's members, so nobody hears of them.
    pub(super) fn connect(
        &mut self,
        by: &Speaker,
        connect: &Connect,
        out: &mut Outcome,
    ) -> Result<Reply, Failure> {
        let user = &by.identity.user;
        if by.identity.is_guest() {
            return Ok(Reply::Done);
        }
        let attendant = Attendant {
            socket: connect.socket.clone(),
            auto_join: connect.auto_join,
            session: connect.session,
            collecting: None,
        };
        if self.roll.come(user, attendant) {
            self.status(user, true, out);
        }
        if let Some(vocabulary) = connect.auto_join {
            self.listen_to_all(user, &connect.socket, vocabulary, out);
        }
        // In the same breath, so that nothing written to them from now on comes before what was kept.
        if connect.collects {
            return self.collect(by, (&connect.socket, None), out);
        }
        Ok(Reply::Done)
    }

    fn listen_to_all(
        &mut self,
        id: &UserId,
        socket: &SocketId,
        vocabulary: VocabularyId,
        out: &mut Outcome,
    ) {
        let Some(user) = self.cache.user(id) else {
            return;
        };
        let rooms: Vec<RoomId> = match self.cache.rooms_of.get(id) {
            Some(theirs) => theirs
                .rooms
                .iter()
                .take(self.config.auto_join)
                .cloned()
                .collect(),
            None => return,
        };
        let mut online: Vec<UserId> = Vec::new();
        for room in &rooms {
            let Some(cached) = self.cache.room(room) else {
                continue;
            };
            let cached = Arc::clone(&cached.room);
            self.listen(&cached, &user, (socket, vocabulary), out);
            online.extend(self.online_in(room, id));
        }
        online.sort_unstable();
        online.dedup();
        for user in online {
            let status = Status {
                user,
                is_online: true,
            };
            let letter = Letter {
                sockets: vec![socket.clone()],
                vocabulary: Some(vocabulary),
                notice: Notice::Status(status),
            };
            Self::letter(letter, out);
        }
    }

    /// "It makes nobody present: no announcement, no check-in, no presence entry."
    fn listen(
        &mut self,
        room: &Arc<Room>,
        user: &Arc<User>,
        (socket, vocabulary): (&SocketId, VocabularyId),
        out: &mut Outcome,
    ) {
        let subscription = Subscription {
            socket: socket.clone(),
            room: room.id.clone(),
            vocabulary,
            user: user.id.clone(),
            attendance: Attendance::Listening,
        };
        let is_full = self.presence.rooms_of(socket) >= self.config.rooms;
        if is_full || self.presence.enter(&subscription, room, user) == Arrival::Again {
            return;
        }
        out.effects.push(Effect::Subscribe(subscription));
        let letter = Letter {
            sockets: vec![socket.clone()],
            vocabulary: Some(vocabulary),
            notice: Notice::Subscribed(Arc::clone(room)),
        };
        Self::letter(letter, out);
    }

    /// "The same when a membership begins later."
    pub(super) fn listen_in(&mut self, room: &Arc<Room>, user: &UserId, out: &mut Outcome) {
        let Some(user) = self.cache.user(user) else {
            return;
        };
        let listening: Vec<(SocketId, VocabularyId)> = self
            .roll
            .sockets(&user.id)
            .filter_map(|attendant| Some((attendant.socket.clone(), attendant.auto_join?)))
            .collect();
        for (socket, vocabulary) in listening {
            self.listen(room, &user, (&socket, vocabulary), out);
        }
    }

    pub(super) fn disconnect(
        &mut self,
        by: &Speaker,
        socket: &SocketId,
        moment: Moment,
        out: &mut Outcome,
    ) -> Result<Reply, Failure> {
        for typing in self.marks.gone(socket) {
            let publication = self.typing(typing, Some(socket));
            out.effects.push(Effect::Publish(publication));
        }
        for gone in self.presence.disconnect(socket) {
            self.depart(gone, moment, out);
        }
        let user = &by.identity.user;
        let before = self.roll.done_with(user);
        self.roll.go(user, socket, moment.instant);
        self.keep_no_longer(user, before, out);
        Ok(Reply::Done)
    }

    /// What happens by itself: typing ends, people count as gone, merged announcements go out.
    pub(super) fn elapse(&mut self, moment: Moment, out: &mut Outcome) -> Result<Reply, Failure> {
        for typing in self.marks.expire(moment.instant) {
            let publication = self.typing(typing, None);
            out.effects.push(Effect::Publish(publication));
        }
        for merged in self.bursts.flush(moment.instant) {
            let effect = self.announce_together(merged);
            out.effects.push(effect);
        }
        for user in std::mem::take(&mut self.fading) {
            self.status(&user, false, out);
            self.roll.fade(&user);
        }
        Ok(Reply::Done)
    }
}
