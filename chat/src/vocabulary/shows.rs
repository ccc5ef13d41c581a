//! `shows`: show rooms with history, presence list, check-ins and typing.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

use super::field::{self, Numeric};
use super::reference::{Reference, SHOWS};
use super::translate::{
    Answered, Asked, Audience, Caller, Outgoing, Said, Vocabulary, about_message,
};
use crate::command::{
    Action, Crossing, Entitlement, Join, Joined, Notice, Place, Post, Present, Reply, Type, Typing,
};
use crate::failure::Failure;
use crate::ids::{RoomId, SocketId};
use crate::model::{Message, User};
use crate::time::Timestamp;

/// The vocabulary of the seed `002_7b0c314fe1692c54`.
#[derive(Clone, Copy, Debug)]
pub struct Shows;

/// What all its events carry, one more or less of it.
#[derive(Deserialize, Default)]
struct Payload<'a> {
    #[serde(borrow)]
    show_id: Option<&'a RawValue>,
    #[serde(borrow)]
    message: Option<&'a RawValue>,
    #[serde(borrow)]
    client_msg_id: Option<&'a RawValue>,
    #[serde(borrow)]
    is_typing: Option<&'a RawValue>,
}

/// What `new_message`, histories and REST carry.
#[derive(Serialize)]
struct NewMessage<'a> {
    id: u64,
    show_id: Numeric<'a>,
    user_id: Numeric<'a>,
    username: &'a str,
    message: &'a str,
    created_at: Timestamp,
    seq: u64,
}

impl<'a> NewMessage<'a> {
    fn new(message: &'a Message, sender: &'a User) -> Self {
        Self {
            id: message.num,
            show_id: (&message.room).into(),
            user_id: (&message.sender).into(),
            username: sender.username(),
            message: &message.body,
            created_at: message.created_at,
            seq: message.seq,
        }
    }
}

#[derive(Serialize)]
struct History<'a> {
    messages: Vec<NewMessage<'a>>,
}

#[derive(Serialize)]
struct ActiveUser<'a> {
    user_id: Numeric<'a>,
    username: &'a str,
    sid: &'a SocketId,
}

#[derive(Serialize)]
struct ActiveUsers<'a> {
    show_id: Numeric<'a>,
    active_users: Vec<ActiveUser<'a>>,
    count: usize,
}

/// What `user_joined` and `user_left` carry.
#[derive(Serialize)]
struct Crossed<'a> {
    user_id: Numeric<'a>,
    username: &'a str,
    message: String,
    active_users: Vec<ActiveUser<'a>>,
}

#[derive(Serialize)]
struct UserTyping<'a> {
    user_id: Numeric<'a>,
    username: &'a str,
    is_typing: bool,
}

fn missing() -> Failure {
    Failure::invalid("", "Missing show_id or message")
}

fn people(present: &Present) -> Vec<ActiveUser<'_>> {
    let people = present.people.iter();
    people
        .map(|person| ActiveUser {
            user_id: (&person.user.id).into(),
            username: person.user.username(),
            sid: &person.socket,
        })
        .collect()
}

fn active_users(present: &Present) -> ActiveUsers<'_> {
    ActiveUsers {
        show_id: (&present.room).into(),
        active_users: people(present),
        count: present.count,
    }
}

fn history(joined: &Joined) -> History<'_> {
    let words = joined.words();
    let kept = words.filter(|(message, _)| message.deleted_at.is_none());
    History {
        messages: kept
            .map(|(message, sender)| NewMessage::new(message, sender))
            .collect(),
    }
}

fn crossed(event: &'static str, crossing: &Crossing, what: &str) -> Option<Outgoing> {
    let username = crossing.user.username();
    let payload = Crossed {
        user_id: (&crossing.user.id).into(),
        username,
        message: format!("{username} {what} the chat"),
        active_users: people(&crossing.present),
    };
    Outgoing::new(event, Audience::OtherUsers, &payload)
}

fn typing(typing: &Typing) -> Option<Outgoing> {
    let payload = UserTyping {
        user_id: (&typing.user.id).into(),
        username: typing.user.username(),
        is_typing: typing.is_typing,
    };
    Outgoing::new("user_typing", Audience::OtherUsers, &payload)
}

impl Payload<'_> {
    fn post(&self, room: RoomId, socket: SocketId) -> Result<Action, Failure> {
        let words = field::words("message", self.message)?;
        Ok(Action::Post(Post {
            client_msg_id: field::text("client_msg_id", self.client_msg_id)?,
            needs: Entitlement::Joined,
            socket: Some(socket),
            ..Post::text(room, words.ok_or_else(missing)?)
        }))
    }

    fn typing(&self, room: RoomId, socket: SocketId) -> Result<Action, Failure> {
        let is_typing = field::flag("is_typing", self.is_typing)?;
        let absent = || Failure::invalid("is_typing", "is_typing must be true or false");
        Ok(Action::Type(Type {
            place: Place::Room(room),
            is_typing: is_typing.ok_or_else(absent)?,
            socket,
            needs: Entitlement::Joined,
        }))
    }
}

impl Vocabulary for Shows {
    fn reference(&self) -> &'static Reference {
        &SHOWS
    }

    fn ask(
        &self,
        event: &str,
        payload: Option<&RawValue>,
        caller: Caller<'_>,
    ) -> Result<Asked, Failure> {
        let payload: Payload<'_> = field::object(payload).ok_or_else(missing)?;
        let room = field::id("show_id", payload.show_id)?.ok_or_else(missing)?;
        let room = RoomId::from(room);
        let socket = caller.socket.clone();
        let action = match event {
            "join_show" => Action::Join(Join {
                history: usize::MAX,
                present: true,
                ..caller.join(room)
            }),
            "leave_show" => caller.leave(room),
            "send_message" => payload.post(room, socket)?,
            "typing" => payload.typing(room, socket)?,
            "get_active_users" => Action::ListPresent(room),
            _ => return Err(Failure::UnknownEvent),
        };
        Ok(action.into())
    }

    fn reply(&self, answered: Answered<'_>) -> Said {
        match answered.reply {
            Reply::Joined(joined) => {
                let said = Said::default().event("message_history", &history(joined));
                let present = joined.present.as_deref().map(active_users);
                match present {
                    Some(present) => said.event("active_users", &present),
                    None => said,
                }
                .field("seq", joined.seq)
            }
            Reply::Present(present) => {
                Said::default().event("active_users", &active_users(present))
            }
            Reply::Posted(posted) => Said::default()
                .field("id", posted.message.num)
                .field("seq", posted.message.seq)
                .field("created_at", posted.message.created_at.to_string()),
            _ => Said::default(),
        }
    }

    fn notice(&self, notice: &Notice) -> Option<Outgoing> {
        match notice {
            Notice::Entered(crossing) => crossed("user_joined", crossing, "joined"),
            Notice::Exited(crossing) => crossed("user_left", crossing, "left"),
            Notice::Typing(now) => typing(now),
            about => {
                let names = ["new_message", "message_updated", "message_deleted"];
                let (event, words) = about_message(about, names)?;
                let payload = NewMessage::new(&words.message, &words.sender);
                Outgoing::new(event, Audience::All, &payload)
            }
        }
    }

    fn says_who_is_there(&self) -> bool {
        true
    }

    fn message(&self, message: &Message, sender: &User) -> Option<Box<RawValue>> {
        to_raw_value(&NewMessage::new(message, sender)).ok()
    }

    fn wording(&self, failure: &Failure) -> Cow<'static, str> {
        match failure {
            Failure::RoomNotFound => Cow::Borrowed("Show not found"),
            Failure::NotInRoom => Cow::Borrowed("Not in show chat room"),
            Failure::NotMember => Cow::Borrowed("Not a member of this show"),
            other => Cow::Owned(other.to_string()),
        }
    }
}
