//! Handing over what was kept for somebody: a handful at a time, and each is kept until a socket has taken it.

use std::sync::Arc;

use super::cache::Cache;
use super::state::{Outcome, State};
use crate::command::{Action, Command, Notice, Reply, Speaker, Words};
use crate::failure::Failure;
use crate::ids::{RoomId, SocketId, UserId};
use crate::model::Message;
use crate::publisher::Letter;
use crate::roll::{Attendant, Collecting};
use crate::store::{Change, Store, StoreError};
use crate::weight;

/// Kept messages that are handed over in one go; who has more of them asks again.
const HANDFUL: usize = 100;

/// What is kept for somebody, as far as it was read.
#[derive(Debug)]
pub(super) struct Kept {
    user: UserId,
    /// Oldest first.
    messages: Vec<Arc<Message>>,
    /// Nothing is kept behind these.
    is_whole: bool,
}

/// What a socket is told next.
#[derive(Default)]
struct Handful {
    messages: Vec<Arc<Message>>,
    /// There is more behind it.
    more: bool,
}

impl Kept {
    /// One more is kept. When not all was read, it is read with the others in its turn.
    pub(super) fn push(&mut self, message: &Arc<Message>, to: &UserId) {
        if self.is_whole && self.user == *to {
            self.messages.push(Arc::clone(message));
        }
    }

    /// What follows a message, as far as a socket can be told it at once.
    fn after(&self, num: u64) -> Handful {
        let waiting = self.messages.iter().filter(|kept| kept.num > num);
        let found = waiting.clone().count();
        let fitting = weight::fitting(waiting.clone().map(|kept| &**kept));
        let fitting = fitting.min(HANDFUL);
        Handful {
            messages: waiting.take(fitting).cloned().collect(),
            more: fitting < found || !self.is_whole,
        }
    }
}

impl Cache {
    async fn load_kept(
        &mut self,
        (user, socket): (&UserId, &SocketId),
        (after, most): (u64, usize),
        store: &dyn Store,
    ) -> Result<(), StoreError> {
        if self.kept.contains_key(socket) {
            return Ok(());
        }
        let limit = u32::try_from(most).unwrap_or(u32::MAX);
        let messages = store.kept(user, after, limit).await?;
        for message in &messages {
            self.load_user(&message.sender, store).await?;
        }
        let kept = Kept {
            user: user.clone(),
            is_whole: messages.len() < most,
            messages,
        };
        self.kept.insert(socket.clone(), kept);
        Ok(())
    }
}

impl State {
    /// Reads what the socket of a command is to be handed, if it is to be handed anything.
    pub(super) async fn load_collected(
        &mut self,
        command: &Command,
        store: &dyn Store,
    ) -> Result<(), StoreError> {
        let (socket, received) = match &command.action {
            Action::Connect(connect) if connect.collects => (&connect.socket, None),
            Action::Collect(collect) => (&collect.socket, collect.received),
            _ => return Ok(()),
        };
        let user = &command.by.identity.user;
        let told = self.roll.received(user);
        let reading = match received {
            // Also what has been received just now: who wrote it is to hear of it.
            Some(num) => (told.min(num), HANDFUL * 2),
            None => (told, HANDFUL),
        };
        self.cache.load_kept((user, socket), reading, store).await
    }

    /// Hands over what was kept, as far as a socket can be told it at once. What it has received by now is kept no
    /// longer, and who wrote it is told.
    pub(super) fn collect(
        &mut self,
        by: &Speaker,
        (socket, received): (&SocketId, Option<u64>),
        out: &mut Outcome,
    ) -> Result<Reply, Failure> {
        let user = &by.identity.user;
        let attendant = self.roll.socket(user, socket);
        // What is handed to who is gone again would be lost; it waits for their next socket.
        let Some(is_behind) = attendant.map(Attendant::is_behind) else {
            return Ok(Reply::Collected { last: None });
        };
        let told = self.roll.received(user);
        let place = received.unwrap_or(told);
        // Whoever was told everything hears the rest as it is written.
        let has_all = received.is_some() && !is_behind;
        let next = match self.cache.kept.get(socket) {
            _ if has_all => Handful::default(),
            Some(kept) => kept.after(place),
            // It could not be read, so nobody knows whether there is any.
            None => Handful {
                more: true,
                ..Handful::default()
            },
        };
        self.confirm(user, (socket, told, received), out);
        let last = next.messages.last().map(|message| message.num);
        let last = last.or(next.more.then_some(place));
        let collecting = last.map(|_| Collecting {
            received: place,
            more: next.more,
        });
        let before = self.roll.done_with(user);
        self.roll.collect(user, socket, collecting, told.max(place));
        self.keep_no_longer(user, before, out);
        for message in next.messages {
            self.hand_over(message, (user, socket), out);
        }
        Ok(Reply::Collected { last })
    }

    /// What nobody waits for any more needs not be kept.
    pub(super) fn keep_no_longer(&self, user: &UserId, before: u64, out: &mut Outcome) {
        let done = self.roll.done_with(user);
        if done > before {
            out.changes.push(Change::Collected(user.clone(), done));
        }
    }

    /// Whether a socket hears what is written in the room of two only behind what was kept before.
    pub(super) fn has_to_wait(&self, attendant: &Attendant, room: &RoomId) -> bool {
        attendant.is_behind() && !self.presence.hears(&attendant.socket, room)
    }

    fn hand_over(
        &self,
        message: Arc<Message>,
        (user, socket): (&UserId, &SocketId),
        out: &mut Outcome,
    ) {
        // It may have been changed since it was read.
        let message = self.cache.message(message.id).unwrap_or(message);
        // What was deleted meanwhile has nothing to say.
        if message.deleted_at.is_some() {
            return;
        }
        let letter = Letter {
            sockets: vec![socket.clone()],
            vocabulary: None,
            notice: Notice::Posted(self.kept_words(message, user)),
        };
        Self::letter(letter, out);
    }

    /// Tells those who wrote it what has been received for the first time.
    fn confirm(
        &self,
        user: &UserId,
        (socket, told, received): (&SocketId, u64, Option<u64>),
        out: &mut Outcome,
    ) {
        let (Some(kept), Some(received)) = (self.cache.kept.get(socket), received) else {
            return;
        };
        let news = told.saturating_add(1)..=received;
        let messages = kept.messages.iter();
        for message in messages.filter(|message| news.contains(&message.num)) {
            let letter = Letter {
                sockets: self.sockets_of(&message.sender),
                vocabulary: None,
                notice: Notice::Delivered(self.kept_words(Arc::clone(message), user)),
            };
            Self::letter(letter, out);
        }
    }

    fn kept_words(&self, message: Arc<Message>, to: &UserId) -> Words {
        Words {
            sender: self.cache.author(&message.sender),
            message,
            to: Some(to.clone()),
        }
    }
}
