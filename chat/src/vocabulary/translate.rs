//! What a vocabulary is.

use std::borrow::Cow;
use std::fmt::{self, Debug, Formatter, Write};

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Map, Value};

use super::reference::{Ask, Reference};
use crate::command::{Action, Join, Leave, Notice, Reply, VocabularyId, Words};
use crate::failure::Failure;
use crate::ids::{RoomId, SocketId, UserId};
use crate::model::{Message, User};
use crate::time::Timestamp;

/// Who hears an event, of those who hear the room in its vocabulary.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Audience {
    /// Everybody.
    All,
    /// Everybody but the socket that caused it: messages.
    OtherSockets,
    /// Everybody but the sockets of the user who caused it: typing, joins and leaves.
    OtherUsers,
}

/// An event for the subscribers of a room, written once for all of them.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// Its name.
    pub event: &'static str,
    /// Its one argument.
    pub payload: Box<RawValue>,
    /// Who hears it.
    pub to: Audience,
}

impl Outgoing {
    /// An event with one argument; `None` when the argument cannot be written as JSON, which no type here does.
    pub fn new(event: &'static str, to: Audience, payload: &impl Serialize) -> Option<Self> {
        let payload = to_raw_value(payload).ok()?;
        Some(Self { event, payload, to })
    }
}

/// The socket that an event came from.
#[derive(Clone, Copy, Debug)]
pub struct Caller<'a> {
    /// Its id.
    pub socket: &'a SocketId,
    /// The vocabulary the event belongs to.
    pub vocabulary: VocabularyId,
}

impl Caller<'_> {
    /// The socket enters a room and wants to be told nothing about it.
    pub(super) fn join(&self, room: RoomId) -> Join {
        Join {
            room,
            socket: self.socket.clone(),
            vocabulary: self.vocabulary,
            history: 0,
            create: false,
            present: false,
            online: false,
        }
    }

    /// The socket leaves a room.
    pub(super) fn leave(&self, room: RoomId) -> Action {
        Action::Leave(Leave {
            room,
            socket: self.socket.clone(),
            vocabulary: self.vocabulary,
        })
    }
}

/// An event, understood.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The user that the payload names as the speaker.
    pub named: Option<UserId>,
    /// What is to be done.
    pub action: Action,
}

impl From<Action> for Asked {
    /// The payload names nobody.
    fn from(action: Action) -> Self {
        Self {
            named: None,
            action,
        }
    }
}

/// The words of a message that was written, edited or deleted, and which of these three events says so.
pub(super) fn about_message<'a>(
    notice: &'a Notice,
    [posted, updated, deleted]: [&'static str; 3],
) -> Option<(&'static str, &'a Words)> {
    match notice {
        Notice::Posted(words) => Some((posted, words)),
        Notice::Updated(words) => Some((updated, words)),
        Notice::Deleted(words) => Some((deleted, words)),
        _ => None,
    }
}

/// What the server calls itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Service {
    /// In `status`.
    pub status_name: String,
    /// In `info`.
    pub info_name: String,
    /// Of this program.
    pub version: &'static str,
    /// In `info`.
    pub description: &'static str,
}

/// What can be said about a connection.
#[derive(Clone, Debug)]
pub struct Around {
    /// The socket's id.
    pub socket: String,
    /// How it is connected right now.
    pub transport: &'static str,
    /// How many are connected.
    pub connections: usize,
    /// Its own id, and the rooms it hears.
    pub rooms: Vec<String>,
    /// Who it is, unless a guest.
    pub user: Option<UserId>,
    /// The last characters of its token.
    pub token_tail: Option<String>,
    /// The server.
    pub service: Service,
    /// When this was said.
    pub now: Timestamp,
}

/// Where an event came from, for the few replies that speak of it.
pub trait Surroundings {
    /// The event's first argument.
    fn payload(&self) -> Option<&RawValue>;

    /// What there is now.
    fn look(&self) -> Around;
}

/// An event that was carried out.
#[derive(Clone, Copy)]
pub struct Answered<'a> {
    /// Its name.
    pub event: &'a str,
    /// Its payload and its connection.
    pub surroundings: &'a dyn Surroundings,
    /// What came of it.
    pub reply: &'a Reply,
}

impl Debug for Answered<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answered")
            .field("event", &self.event)
            .field("reply", &self.reply)
            .finish_non_exhaustive()
    }
}

/// The answer to the sender of an event.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// The reply events, each with its one argument.
    pub events: Vec<(&'static str, Box<RawValue>)>,
    /// What the ack says beside the fields of the first reply events.
    pub ack: Map<String, Value>,
    /// How many of the events have their fields in the ack too.
    pub in_ack: usize,
}

/// How every ack of success begins.
const OK: &str = r#"{"ok":true"#;

impl Said {
    /// With an event whose fields the ack has too.
    #[must_use]
    pub fn event(mut self, name: &'static str, payload: &impl Serialize) -> Self {
        self.in_ack += 1;
        self.aside(name, payload)
    }

    /// With an event that the ack says nothing of; no event with fields for it may follow.
    #[must_use]
    pub fn aside(mut self, name: &'static str, payload: &impl Serialize) -> Self {
        // Every payload here can be written as JSON.
        self.events
            .extend(to_raw_value(payload).ok().map(|payload| (name, payload)));
        self
    }

    /// With a field of the ack alone.
    #[must_use]
    pub fn field(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.ack.insert(name.to_owned(), value.into());
        self
    }

    /// With all fields of an object in the ack alone.
    #[must_use]
    pub fn fields(mut self, object: &impl Serialize) -> Self {
        if let Ok(Value::Object(fields)) = serde_json::to_value(object) {
            self.ack.extend(fields);
        }
        self
    }

    /// What the ack says: the fields as the events have them, which are not read again for it.
    #[must_use]
    pub fn into_ack(self) -> Box<RawValue> {
        let payloads = self.events.iter().take(self.in_ack);
        let fields: usize = payloads.clone().map(|(_, it)| it.get().len()).sum();
        let mut text = String::with_capacity(fields + OK.len() + 1);
        text.push_str(OK);
        for (_, payload) in payloads {
            let object = payload.get().strip_prefix('{');
            let fields = object.and_then(|rest| rest.strip_suffix('}'));
            for fields in fields.into_iter().filter(|fields| !fields.is_empty()) {
                text.push(',');
                text.push_str(fields);
            }
        }
        for (name, value) in &self.ack {
            // `Display` of both is JSON.
            let _ = write!(text, ",{}:{value}", Value::from(name.as_str()));
        }
        text.push('}');
        RawValue::from_string(text).unwrap_or_else(|_| RawValue::NULL.to_owned())
    }
}

/// One client's language.
pub trait Vocabulary: Debug + Send + Sync {
    /// Its name in settings and in `?vocabulary=`.
    fn name(&self) -> &'static str {
        self.reference().name
    }

    /// The events that clients send; no two vocabularies share one.
    fn events(&self) -> &'static [Ask] {
        self.reference().asks
    }

    /// What is said about it, and what it is found by.
    fn reference(&self) -> &'static Reference;

    /// Understands an event, whose name is one of [`events`](Self::events), with its first argument.
    fn ask(
        &self,
        event: &str,
        payload: Option<&RawValue>,
        caller: Caller<'_>,
    ) -> Result<Asked, Failure>;

    /// Words the reply to an event.
    fn reply(&self, answered: Answered<'_>) -> Said;

    /// Words a notice to the subscribers of a room; `None` when this vocabulary does not speak of such things.
    fn notice(&self, notice: &Notice) -> Option<Outgoing>;

    /// Whether what it says of who comes and goes carries the list of who is there. Many of them are told as one.
    fn says_who_is_there(&self) -> bool {
        false
    }

    /// Whether it has a shape for messages at all.
    fn has_messages(&self) -> bool {
        true
    }

    /// A message as REST and histories show it.
    fn message(&self, message: &Message, sender: &User) -> Option<Box<RawValue>>;

    /// Words a failure.
    fn wording(&self, failure: &Failure) -> Cow<'static, str> {
        Cow::Owned(failure.to_string())
    }
}
