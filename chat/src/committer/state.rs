//! What the committer knows, and the one place where a command finds its rules.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use super::announcer::Effect;
use super::cache::Cache;
use super::surroundings::{Begun, Turn};
use crate::burst::Bursts;
use crate::command::{Action, Command, Place, Reply, Speaker};
use crate::config::{AuthPolicy, Config, Rates};
use crate::failure::Failure;
use crate::ids::UserId;
use crate::limit::Limiter;
use crate::model::User;
use crate::observer::Census;
use crate::presence::Presence;
use crate::roll::Roll;
use crate::room::{self, Speaking};
use crate::store::{Change, Counters, Store, StoreError};
use crate::time::Timestamp;
use crate::typing::Marks;

/// When a command is applied.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    pub(super) now: Timestamp,
    pub(super) instant: Instant,
}

impl Moment {
    pub(super) fn now() -> Self {
        Self {
            now: Timestamp::now(),
            instant: Instant::now(),
        }
    }
}

/// What commands amount to.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// For the store.
    pub(super) changes: Vec<Change>,
    /// For the world, once the changes are stored.
    pub(super) effects: Vec<Effect>,
    /// For the world, right after the answer of the command being applied.
    pub(super) after_answer: Vec<Effect>,
    /// The answer is true also when the changes cannot be stored.
    pub(super) spare: bool,
}

impl Outcome {
    /// Gives the answer its place.
    pub(super) fn answer(&mut self, job: usize, result: Result<Reply, Failure>) {
        self.effects.push(Effect::Answer(job, result));
        self.effects.append(&mut self.after_answer);
    }
}

/// What the committer knows.
#[derive(Debug)]
pub(super) struct State {
    pub(super) config: Arc<Config>,
    pub(super) cache: Cache,
    pub(super) presence: Presence,
    pub(super) roll: Roll,
    pub(super) marks: Marks,
    pub(super) bursts: Bursts,
    pub(super) counters: Counters,
    /// Who is read in several turns before they come.
    pub(super) begun: Option<Begun>,
    /// Who counts as gone now; those who are to hear of it have been loaded.
    pub(super) fading: Vec<UserId>,
    /// Turns in which the first of those was still being read.
    pub(super) stalled: usize,
    settled: Counters,
    limiter: Limiter<UserId>,
    /// The sessions that every address has opened.
    pub(super) doors: Limiter<IpAddr>,
    /// When sessions that had ended were looked for.
    pub(super) swept: Option<Instant>,
    /// Who was counted by the limiter since the last settling.
    admitted: Vec<UserId>,
}

impl State {
    pub(super) fn new(config: Arc<Config>, counters: Counters) -> Self {
        Self {
            cache: Cache::new(config.history, config.status_members),
            presence: Presence::default(),
            roll: Roll::new(config.grace),
            marks: Marks::default(),
            bursts: Bursts::default(),
            limiter: Limiter::new(config.rate_limit),
            doors: Limiter::new(config.session_rate),
            admitted: Vec::new(),
            swept: None,
            begun: None,
            fading: Vec::new(),
            stalled: 0,
            settled: counters,
            counters,
            config,
        }
    }

    /// Other limits from here on.
    pub(super) fn set_rates(&mut self, rates: Rates) {
        self.limiter.change(rates.messages);
        self.doors.change(rates.sessions);
    }

    /// Reads what the rules of a command need and the cache has not.
    pub(super) async fn load(
        &mut self,
        command: &Command,
        turn: &mut Turn,
        store: &dyn Store,
    ) -> Result<(), StoreError> {
        let by = self.presumed_speaker(command);
        self.cache.load(command, by.as_ref(), store).await?;
        self.load_collected(command, store).await?;
        self.load_surroundings(command, turn, store).await
    }

    /// How many there are of what is kept here.
    pub(super) fn census(&self) -> Census {
        Census {
            users: self.roll.online(),
            rooms: self.presence.rooms(),
            subscriptions: self.presence.subscriptions(),
        }
    }

    /// When something happens by itself.
    pub(super) fn next_due(&self) -> Option<Instant> {
        let dues = [
            self.roll.next_due(),
            self.marks.next_due(),
            self.bursts.next_due(),
        ];
        dues.into_iter().flatten().min()
    }

    /// Who is going to speak, as far as can be said before the commands in front have been applied.
    fn presumed_speaker(&self, command: &Command) -> Option<UserId> {
        let by = &command.by;
        let place = match &command.action {
            Action::Post(post) => post.socket.as_ref().zip(Some(&post.room)),
            Action::Read(read) => read.socket.as_ref().zip(Some(&read.room)),
            Action::Type(typing) => match &typing.place {
                Place::Room(room) => Some((&typing.socket, room)),
                Place::Person(_) => None,
            },
            _ => None,
        };
        let joined = place.and_then(|(socket, room)| self.presence.speaker(socket, room));
        by.named
            .clone()
            .or_else(|| joined.map(|user| user.id.clone()))
    }

    /// What was applied is stored.
    pub(super) fn settle(&mut self) {
        self.presence.settle();
        self.roll.settle();
        self.marks.settle();
        self.bursts.settle();
        self.cache.settle();
        self.admitted.clear();
        self.settled = self.counters;
    }

    /// What was applied is not stored: back to the last [`settle`](Self::settle).
    pub(super) fn revert(&mut self) {
        self.presence.revert();
        self.roll.revert();
        self.marks.revert();
        self.bursts.revert();
        self.cache.forget();
        self.counters = self.settled;
        for user in self.admitted.drain(..) {
            self.limiter.refund(&user);
        }
    }

    /// What was applied is not stored and is true all the same; the rows have to be read again.
    pub(super) fn forget(&mut self) {
        self.cache.forget();
        self.counters = self.settled;
    }

    /// Carries out one command on memory. A refused command leaves no trace.
    pub(super) fn apply(
        &mut self,
        command: &Command,
        moment: Moment,
        out: &mut Outcome,
    ) -> Result<Reply, Failure> {
        let by = &command.by;
        match &command.action {
            Action::Appear => self.appear(&by.identity, moment, out),
            Action::Approach => self.approach(by, moment, out),
            Action::CreateUser(user) => self.create_user(user, moment, out),
            Action::CreateRoom(room) => self.create_room(by, room, moment, out),
            Action::OpenDirect(other) => self.open_direct(by, other, moment, out),
            Action::Post(post) => self.post(by, post, moment, out),
            Action::PostTo(post) => self.post_to(by, post, moment, out),
            Action::Collect(collect) => self.collect(by, (&collect.socket, collect.received), out),
            Action::Edit(edit) => self.edit(by, edit, moment, out),
            Action::Delete(message) => self.delete(by, *message, moment, out),
            Action::Join(join) => self.join(by, join, moment, out),
            Action::Leave(leave) => self.leave(by, leave, moment, out),
            Action::Connect(connect) => self.connect(by, connect, out),
            Action::Disconnect(socket) => self.disconnect(by, socket, moment, out),
            Action::ListPresent(room) => self.list_present(by, room),
            Action::Type(typing) => self.type_to(by, typing, moment, out),
            Action::Read(read) => self.read(by, read, moment, out),
            Action::OpenSession(new) => self.open_session(by, new, moment, out),
            Action::EndSession(session) => self.end_session(by, *session, moment, out),
            Action::Elapse => self.elapse(moment, out),
            Action::Pass => Ok(Reply::Done),
            Action::AddMember(membership) => self.add_member(by, membership, moment, out),
            Action::RemoveMember(membership) => self.remove_member(by, membership, moment, out),
            Action::Refuse(failure) => Err(failure.clone()),
        }
    }

    /// Who speaks, and that they exist.
    pub(super) fn speaker(&self, by: &Speaker) -> Result<(Speaking, Arc<User>), Failure> {
        let speaking = room::speaking(self.config.auth, by)?;
        let user = match &speaking {
            Speaking::Guest(id) => Arc::new(User::guest(id.clone())),
            Speaking::User(id) => self.cache.user(id).ok_or(Failure::UserNotFound)?,
        };
        Ok((speaking, user))
    }

    /// Whether they need a token.
    pub(super) fn policy(&self, by: &Speaker) -> AuthPolicy {
        by.policy.unwrap_or(self.config.auth)
    }

    /// Counts a send.
    pub(super) fn admit(&mut self, user: &UserId, moment: Moment) -> Result<(), Failure> {
        let verdict = self.limiter.admit(user, moment.instant);
        verdict.map_err(|retry_after_ms| {
            self.config.observer.limited("messages");
            Failure::RateLimited { retry_after_ms }
        })?;
        self.admitted.push(user.clone());
        Ok(())
    }
}
