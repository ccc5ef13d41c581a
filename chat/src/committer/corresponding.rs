//! Two people alone: writing to somebody, and keeping it while they are away.

use std::sync::Arc;

use super::gestures::correspondents;
use super::state::{Moment, Outcome, State};
use crate::command::{Post, PostTo, Reply, Speaker};
use crate::failure::Failure;
use crate::ids::{RoomId, UserId};
use crate::model::{Message, Role, Room, RoomKind, User};
use crate::room::Speaking;
use crate::store::Change;

impl State {
    /// A message to somebody, who need not be known yet: it is kept until they come.
    pub(super) fn post_to(
        &mut self,
        by: &Speaker,
        post_to: &PostTo,
        moment: Moment,
        out: &mut Outcome,
    ) -> Result<Reply, Failure> {
        let (speaking, own) = self.speaker(by)?;
        correspondents(&speaking, &post_to.to)?;
        let post = Post {
            client_msg_id: post_to.client_msg_id.clone(),
            socket: post_to.socket.clone(),
            ..Post::text(RoomId::direct(&own.id, &post_to.to), &*post_to.text)
        };
        self.check(&post)?;
        self.admit(&own.id, moment)?;
        if let Some(reply) = self.already_sent(&own, &post) {
            return reply;
        }
        self.meet(&own, &post_to.to, moment, out);
        let message = self.write(&own, &post, moment, out)?;
        Ok(Reply::Posted(self.posted(message, &own, false)))
    }

    /// The direct room of two people; made when it is not there.
    pub(super) fn meet(
        &mut self,
        own: &User,
        other: &UserId,
        moment: Moment,
        out: &mut Outcome,
    ) -> Arc<Room> {
        let id = RoomId::direct(&own.id, other);
        if let Some(known) = self.cache.room(&id) {
            return Arc::clone(&known.room);
        }
        let room = Room {
            id: id.clone(),
            name: "direct".to_owned(),
            kind: RoomKind::Direct,
            created_at: moment.now,
        };
        let room = self.found(room, out);
        if let Some(cached) = self.cache.room_mut(&id) {
            cached.pair = Some([own.id.clone(), other.clone()]);
        }
        for user in [&own.id, other] {
            let speaking = Speaking::User(user.clone());
            self.become_member(&room, &speaking, Role::Member, moment, out);
        }
        room
    }

    /// Keeps a message for somebody who is offline, or has not been handed all that was kept before.
    pub(super) fn keep(&mut self, message: &Arc<Message>, to: &UserId, out: &mut Outcome) {
        let mut theirs = self.roll.sockets(to);
        let has_to_wait = theirs.any(|attendant| self.has_to_wait(attendant, &message.room));
        if *to == message.sender || (self.roll.is_online(to) && !has_to_wait) {
            return;
        }
        out.changes.push(Change::Kept(to.clone(), message.num));
        for kept in self.cache.kept.values_mut() {
            kept.push(message, to);
        }
    }

    /// Whether some socket of theirs hears at once what is written to them.
    pub(super) fn reaches(&self, to: &UserId, room: &RoomId) -> bool {
        let mut theirs = self.roll.sockets(to);
        theirs.any(|attendant| !self.has_to_wait(attendant, room))
    }
}
