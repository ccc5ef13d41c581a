//! `chatty`: rooms over Socket.IO, everything else over REST, no login.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

use super::field;
use super::reference::{CHATTY, Reference};
use super::translate::{
    Answered, Asked, Audience, Caller, Outgoing, Said, Vocabulary, about_message,
};
use crate::command::{Action, Notice, Reply};
use crate::failure::Failure;
use crate::ids::{MessageId, RoomId, UserId};
use crate::model::{Message, User};
use crate::time::Timestamp;

/// The vocabulary of the seed `000_183a4ab3e590fdf1`.
#[derive(Clone, Copy, Debug)]
pub struct Chatty;

/// What `join` and `leave` carry.
#[derive(Deserialize)]
struct Place<'a> {
    #[serde(borrow)]
    user_id: Option<&'a RawValue>,
    #[serde(borrow)]
    chatroom_id: Option<&'a RawValue>,
}

/// What `new_message` and REST carry.
#[derive(Serialize)]
struct NewMessage<'a> {
    id: MessageId,
    message_text: &'a str,
    user_id: &'a UserId,
    chatroom_id: &'a RoomId,
    is_reply: bool,
    parent_message_id: Option<MessageId>,
    created_date: Timestamp,
    last_updated_date: Timestamp,
    seq: u64,
}

impl<'a> From<&'a Message> for NewMessage<'a> {
    fn from(message: &'a Message) -> Self {
        Self {
            id: message.id,
            message_text: &message.body,
            user_id: &message.sender,
            chatroom_id: &message.room,
            is_reply: message.is_reply,
            parent_message_id: message.parent,
            created_date: message.created_at,
            last_updated_date: message.updated_at,
            seq: message.seq,
        }
    }
}

fn place(payload: Option<&RawValue>) -> Result<(UserId, RoomId), Failure> {
    let missing = || Failure::invalid("", "user_id and chatroom_id are required");
    let place: Place<'_> = field::object(payload).ok_or_else(missing)?;
    let user = field::id("user_id", place.user_id)?.ok_or_else(missing)?;
    let room = field::id("chatroom_id", place.chatroom_id)?.ok_or_else(missing)?;
    Ok((UserId::from(user), RoomId::from(room)))
}

/// What `joined` and `left` carry.
#[derive(Serialize)]
struct Chatroom<'a> {
    chatroom_id: &'a RoomId,
}

impl Vocabulary for Chatty {
    fn reference(&self) -> &'static Reference {
        &CHATTY
    }

    fn ask(
        &self,
        event: &str,
        payload: Option<&RawValue>,
        caller: Caller<'_>,
    ) -> Result<Asked, Failure> {
        let (user, room) = place(payload)?;
        let action = match event {
            // History is read over REST in this vocabulary.
            "join" => Action::Join(caller.join(room)),
            "leave" => caller.leave(room),
            _ => return Err(Failure::UnknownEvent),
        };
        Ok(Asked {
            named: Some(user),
            action,
        })
    }

    fn reply(&self, answered: Answered<'_>) -> Said {
        match answered.reply {
            Reply::Joined(joined) => {
                let chatroom_id = &joined.room.id;
                // The first message that this socket hears has the next seq: what to ask the history up to.
                Said::default()
                    .event("joined", &Chatroom { chatroom_id })
                    .field("seq", joined.seq)
            }
            Reply::Left(chatroom_id) => Said::default().event("left", &Chatroom { chatroom_id }),
            _ => Said::default(),
        }
    }

    fn notice(&self, notice: &Notice) -> Option<Outgoing> {
        let names = ["new_message", "message_updated", "message_deleted"];
        let (event, words) = about_message(notice, names)?;
        Outgoing::new(event, Audience::All, &NewMessage::from(&*words.message))
    }

    fn message(&self, message: &Message, _sender: &User) -> Option<Box<RawValue>> {
        to_raw_value(&NewMessage::from(message)).ok()
    }

    fn wording(&self, failure: &Failure) -> Cow<'static, str> {
        match failure {
            Failure::RoomNotFound => Cow::Borrowed("Chatroom not found"),
            Failure::NotMember => Cow::Borrowed("Not a member of this chatroom"),
            other => Cow::Owned(other.to_string()),
        }
    }
}
