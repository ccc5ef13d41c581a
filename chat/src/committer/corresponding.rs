//! Two people alone: writing to somebody, keeping it while they are away, and handing it over.

use std::sync::Arc;

use super::gestures::correspondents;
use super::state::{Moment, Outcome, State};
use crate::command::{Notice, Post, PostTo, Reply, Speaker, Words};
use crate::failure::Failure;
use crate::ids::{RoomId, SocketId, UserId};
use crate::model::{Message, Role, Room, RoomKind, User};
use crate::publisher::Letter;
use crate::room::Speaking;
use crate::store::Change;
use crate::weight;

/// Kept messages that are handed over in one go; who has more of them asks again.
pub(super) const HANDFUL: u32 = 100;

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

    /// Keeps a message for somebody who is offline.
    pub(super) fn keep(&mut self, message: &Arc<Message>, to: &UserId, out: &mut Outcome) {
        if *to == message.sender || self.roll.is_online(to) {
            return;
        }
        out.changes.push(Change::Kept(to.clone(), message.num));
        if let Some(kept) = self.cache.kept.get_mut(to) {
            kept.push(Arc::clone(message));
        }
    }

    /// Hands over what was kept, as far as a socket can be told it at once, and tells those who wrote it.
    pub(super) fn collect(
        &mut self,
        by: &Speaker,
        socket: &SocketId,
        out: &mut Outcome,
    ) -> Result<Reply, Failure> {
        let user = &by.identity.user;
        // What is handed to who is gone again would be lost; it waits for their next socket.
        let mut theirs = self.roll.sockets(user);
        if !theirs.any(|attendant| attendant.socket == *socket) {
            return Ok(Reply::Collected { more: false });
        }
        let Some(kept) = self.cache.kept.get_mut(user) else {
            return Ok(Reply::Collected { more: false });
        };
        let (found, fitting) = (kept.len(), weight::fitting(kept.iter().map(|kept| &**kept)));
        let handed: Vec<_> = kept.drain(..fitting.min(found)).collect();
        let Some(last) = handed.last() else {
            return Ok(Reply::Collected { more: false });
        };
        out.changes.push(Change::Collected(user.clone(), last.num));
        let more = fitting < found || found >= HANDFUL as usize;
        for message in handed {
            let words = Words {
                sender: self.cache.author(&message.sender),
                message,
                to: Some(user.clone()),
            };
            self.hand_over(words, socket, out);
        }
        Ok(Reply::Collected { more })
    }

    fn hand_over(&self, words: Words, socket: &SocketId, out: &mut Outcome) {
        // What was deleted meanwhile has nothing to say.
        if words.message.deleted_at.is_none() {
            let letter = Letter {
                sockets: vec![socket.clone()],
                vocabulary: None,
                notice: Notice::Posted(words.clone()),
            };
            Self::letter(letter, out);
        }
        let letter = Letter {
            sockets: self.sockets_of(&words.sender.id),
            vocabulary: None,
            notice: Notice::Delivered(words),
        };
        Self::letter(letter, out);
    }
}
