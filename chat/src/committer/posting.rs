//! Writing, editing, deleting.

use std::sync::Arc;

use super::announcer::Effect;
use super::state::{Moment, Outcome, State};
use super::telling::Origin;
use crate::command::{Edit, Notice, Post, Posted, Reply, Speaker, Words};
use crate::failure::Failure;
use crate::ids::{MessageId, UserId};
use crate::model::{Message, User};
use crate::room::{self, Change};
use crate::store;
use crate::time::Timestamp;

impl State {
    pub(super) fn post(
        &mut self,
        by: &Speaker,
        post: &Post,
        moment: Moment,
        out: &mut Outcome,
    ) -> Result<Reply, Failure> {
        self.check(post)?;
        let sender = self.actor(by, &post.room, (post.socket.as_ref(), post.needs))?;
        self.admit(&sender.id, moment)?;
        if let Some(reply) = self.already_sent(&sender, post) {
            return reply;
        }
        if let Some(parent) = post.parent {
            let found = self
                .cache
                .message(parent)
                .filter(|message| message.room == post.room);
            found.ok_or(Failure::MessageNotFound)?;
        }
        let message = self.write(&sender, post, moment, out)?;
        Ok(Reply::Posted(self.posted(message, &sender, false)))
    }

    /// What can be said about a message without knowing anything else.
    pub(super) fn check(&self, post: &Post) -> Result<(), Failure> {
        room::text("text", &post.text, self.config.max_text)?;
        match &post.client_msg_id {
            Some(id) => room::name("client_msg_id", id),
            None => Ok(()),
        }
    }

    pub(super) fn posted(
        &self,
        message: Arc<Message>,
        sender: &Arc<User>,
        duplicate: bool,
    ) -> Posted {
        let Words {
            message,
            sender,
            to,
        } = self.words(message, Arc::clone(sender));
        let is_kept = |to: &UserId| *to != sender.id && !self.reaches(to, &message.room);
        Posted {
            recipients: self.presence.others(&message.room, &sender.id),
            is_delivered: !to.as_ref().is_some_and(is_kept),
            message,
            sender,
            to,
            duplicate,
        }
    }

    /// The message gets its place, and everybody hears it.
    pub(super) fn write(
        &mut self,
        sender: &Arc<User>,
        post: &Post,
        moment: Moment,
        out: &mut Outcome,
    ) -> Result<Arc<Message>, Failure> {
        let cached = self.cache.room(&post.room).ok_or(Failure::RoomNotFound)?;
        let last_seq = cached.last_seq;
        self.counters.num += 1;
        let message = Arc::new(Message {
            id: MessageId::random(),
            room: post.room.clone(),
            seq: last_seq + 1,
            num: self.counters.num,
            sender: sender.id.clone(),
            kind: post.kind,
            body: post.text.clone(),
            parent: post.parent,
            is_reply: post.is_reply || post.parent.is_some(),
            client_msg_id: post.client_msg_id.clone(),
            created_at: moment.now,
            updated_at: moment.now,
            deleted_at: None,
            change: None,
        });
        self.cache.put_message(&message);
        out.changes
            .push(store::Change::Message(Arc::clone(&message)));
        if let Some(typing) = self.marks.sent(&post.room, &sender.id) {
            let publication = self.typing(typing, post.socket.as_ref());
            out.effects.push(Effect::Publish(publication));
        }
        let origin = Origin {
            user: &sender.id,
            socket: post.socket.as_ref(),
        };
        let words = self.words(Arc::clone(&message), Arc::clone(sender));
        if let Some(to) = &words.to {
            self.keep(&message, to, out);
        }
        let publication = self.publication(&post.room, Notice::Posted(words), origin);
        out.effects.push(Effect::Publish(publication));
        Ok(message)
    }

    /// "The same again gives the first message's ack, no second message; the same with other content is `conflict`."
    pub(super) fn already_sent(
        &self,
        sender: &Arc<User>,
        post: &Post,
    ) -> Option<Result<Reply, Failure>> {
        let first = self
            .cache
            .sent(&post.room, &sender.id, post.client_msg_id.as_deref()?)?;
        // An edited message does not know any more what it said first, so it is taken for the same.
        let same = first.change.is_some()
            || (first.body == post.text && first.kind == post.kind && first.parent == post.parent);
        Some(if same {
            Ok(Reply::Posted(self.posted(first, sender, true)))
        } else {
            Err(Failure::Conflict)
        })
    }

    pub(super) fn edit(
        &mut self,
        by: &Speaker,
        edit: &Edit,
        moment: Moment,
        out: &mut Outcome,
    ) -> Result<Reply, Failure> {
        room::text("text", &edit.text, self.config.max_text)?;
        let (before, origin) = self.changeable(by, edit.message)?;
        if before.deleted_at.is_some() {
            return Err(Failure::MessageNotFound);
        }
        let message = Message {
            body: edit.text.clone(),
            updated_at: edited_at(&before, moment),
            ..Message::clone(&before)
        };
        Ok(self.change(message, &origin, out))
    }

    pub(super) fn delete(
        &mut self,
        by: &Speaker,
        id: MessageId,
        moment: Moment,
        out: &mut Outcome,
    ) -> Result<Reply, Failure> {
        let (before, origin) = self.changeable(by, id)?;
        if before.deleted_at.is_some() {
            return Ok(Reply::Changed(before));
        }
        let message = Message {
            body: String::new(),
            updated_at: moment.now,
            deleted_at: Some(moment.now),
            ..Message::clone(&before)
        };
        Ok(self.change(message, &origin, out))
    }

    fn changeable(
        &self,
        by: &Speaker,
        id: MessageId,
    ) -> Result<(Arc<Message>, Arc<User>), Failure> {
        let (speaking, user) = self.speaker(by)?;
        let message = self.cache.message(id).ok_or(Failure::MessageNotFound)?;
        let cached = self
            .cache
            .room(&message.room)
            .ok_or(Failure::RoomNotFound)?;
        let member = speaking.stored().and_then(|user| cached.member(user));
        room::reach(cached.room.kind, member)?;
        Change {
            message: &message,
            by: &speaking,
            member,
            policy: self.policy(by),
        }
        .may_happen()?;
        Ok((message, user))
    }

    fn change(&mut self, mut message: Message, by: &Arc<User>, out: &mut Outcome) -> Reply {
        self.counters.change += 1;
        message.change = Some(self.counters.change);
        let message = Arc::new(message);
        self.cache.replace_message(&message);
        out.changes
            .push(store::Change::MessageChanged(Arc::clone(&message)));
        let sender = self.cache.author(&message.sender);
        let words = self.words(Arc::clone(&message), sender);
        let notice = match message.deleted_at {
            None => Notice::Updated(words),
            Some(_) => Notice::Deleted(words),
        };
        let publication = self.publication(
            &message.room,
            notice,
            Origin {
                user: &by.id,
                socket: None,
            },
        );
        out.effects.push(Effect::Publish(publication));
        Reply::Changed(message)
    }
}

/// A second after the writing at the earliest: what shows whole seconds tells by this that a message was edited.
fn edited_at(before: &Message, moment: Moment) -> Timestamp {
    let second = Timestamp::from_millis(before.created_at.as_millis().saturating_add(1000));
    moment.now.max(second)
}
