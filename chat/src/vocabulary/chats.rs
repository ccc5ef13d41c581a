//! `chats`: events called `noun:verb`, read receipts, online status, automatic joining.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

use super::field;
use super::reference::{CHATS, Reference};
use super::translate::{
    Answered, Asked, Audience, Caller, Outgoing, Said, Vocabulary, about_message,
};
use crate::command::{
    Action, Entitlement, Join, Notice, Place, Post, Read, Receipt, Reply, Status, Type, Typing,
};
use crate::failure::Failure;
use crate::ids::{MessageId, RoomId, UserId};
use crate::model::{Message, MessageKind, User};
use crate::time::{Millis, Timestamp};

/// The vocabulary of the seed `003_325cf2711fbb6d9a`.
#[derive(Clone, Copy, Debug)]
pub struct Chats;

/// What all its events carry, one more or less of it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payload<'a> {
    #[serde(borrow)]
    chat_id: Option<&'a RawValue>,
    #[serde(borrow)]
    message_id: Option<&'a RawValue>,
    #[serde(borrow)]
    content: Option<&'a RawValue>,
    #[serde(borrow)]
    message_type: Option<&'a RawValue>,
    #[serde(borrow, rename = "client_msg_id")]
    client_msg_id: Option<&'a RawValue>,
}

#[derive(Serialize)]
struct Sender<'a> {
    id: &'a UserId,
    username: &'a str,
    name: &'a str,
}

/// What `message:new` and REST carry.
#[derive(Serialize)]
struct NewMessage<'a> {
    id: MessageId,
    chat_id: &'a RoomId,
    sender_id: &'a UserId,
    content: &'a str,
    message_type: &'static str,
    created_at: Timestamp,
    sender: Sender<'a>,
    seq: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Chat<'a> {
    chat_id: &'a RoomId,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MessageRead<'a> {
    message_id: MessageId,
    chat_id: &'a RoomId,
    user_id: &'a UserId,
    read_at: Millis,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TypingNow<'a> {
    chat_id: &'a RoomId,
    user_id: &'a UserId,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct UserStatus<'a> {
    user_id: &'a UserId,
    status: &'static str,
}

impl<'a> NewMessage<'a> {
    fn new(message: &'a Message, sender: &'a User) -> Self {
        Self {
            id: message.id,
            chat_id: &message.room,
            sender_id: &message.sender,
            content: &message.body,
            message_type: message.kind.as_str(),
            created_at: message.created_at,
            sender: Sender {
                id: &sender.id,
                username: sender.username(),
                name: &sender.name,
            },
            seq: message.seq,
        }
    }
}

impl<'a> From<&'a Receipt> for MessageRead<'a> {
    fn from(receipt: &'a Receipt) -> Self {
        Self {
            message_id: receipt.message,
            chat_id: &receipt.room,
            user_id: &receipt.user,
            read_at: receipt.at.with_millis(),
        }
    }
}

fn user_status(user_id: &UserId, is_online: bool) -> UserStatus<'_> {
    UserStatus {
        user_id,
        status: if is_online { "online" } else { "offline" },
    }
}

fn typing(typing: &Typing) -> Option<Outgoing> {
    let (event, username) = if typing.is_typing {
        ("typing:start", Some(typing.user.username()))
    } else {
        ("typing:stop", None)
    };
    let payload = TypingNow {
        chat_id: &typing.room,
        user_id: &typing.user.id,
        username,
    };
    Outgoing::new(event, Audience::OtherUsers, &payload)
}

impl Payload<'_> {
    fn chat(&self) -> Result<RoomId, Failure> {
        field::required_id("chatId", self.chat_id)
    }

    fn message(&self) -> Result<MessageId, Failure> {
        let id = field::text("messageId", self.message_id)?;
        let id = id.ok_or_else(field::required("messageId"))?;
        MessageId::decode(&id).ok_or(Failure::MessageNotFound)
    }

    fn kind(&self) -> Result<MessageKind, Failure> {
        let wrong = || Failure::invalid("messageType", "messageType must be text, image or file");
        match field::text("messageType", self.message_type)? {
            None => Ok(MessageKind::Text),
            Some(word) => MessageKind::decode(&word).ok_or_else(wrong),
        }
    }

    fn post(&self, caller: Caller<'_>) -> Result<Action, Failure> {
        let words = field::words("content", self.content)?;
        Ok(Action::Post(Post {
            kind: self.kind()?,
            client_msg_id: field::text("client_msg_id", self.client_msg_id)?,
            needs: Entitlement::Member,
            socket: Some(caller.socket.clone()),
            ..Post::text(self.chat()?, words.ok_or_else(field::required("content"))?)
        }))
    }

    fn typing(&self, is_typing: bool, caller: Caller<'_>) -> Result<Action, Failure> {
        Ok(Action::Type(Type {
            place: Place::Room(self.chat()?),
            is_typing,
            socket: caller.socket.clone(),
            needs: Entitlement::Member,
        }))
    }

    fn action(&self, event: &str, caller: Caller<'_>) -> Result<Action, Failure> {
        Ok(match event {
            "chat:join" => Action::Join(Join {
                online: true,
                ..caller.join(self.chat()?)
            }),
            "chat:leave" => caller.leave(self.chat()?),
            "message:send" => self.post(caller)?,
            "message:read" => Action::Read(Read {
                room: self.chat()?,
                message: self.message()?,
                socket: Some(caller.socket.clone()),
            }),
            "typing:start" => self.typing(true, caller)?,
            "typing:stop" => self.typing(false, caller)?,
            _ => return Err(Failure::UnknownEvent),
        })
    }
}

impl Vocabulary for Chats {
    fn reference(&self) -> &'static Reference {
        &CHATS
    }

    fn ask(
        &self,
        event: &str,
        payload: Option<&RawValue>,
        caller: Caller<'_>,
    ) -> Result<Asked, Failure> {
        let payload: Payload<'_> = field::payload(payload)?;
        Ok(payload.action(event, caller)?.into())
    }

    fn reply(&self, answered: Answered<'_>) -> Said {
        match answered.reply {
            Reply::Joined(joined) => {
                let chat_id = &joined.room.id;
                let said = Said::default().event("chat:joined", &Chat { chat_id });
                let online = joined.online.iter();
                online
                    .fold(said, |said, user| {
                        said.aside("user:status", &user_status(user, true))
                    })
                    .field("seq", joined.seq)
            }
            Reply::Left(chat_id) => Said::default().event("chat:left", &Chat { chat_id }),
            // "S all": the sender hears `message:new` with everybody else.
            Reply::Posted(posted) => {
                Said::default().fields(&NewMessage::new(&posted.message, &posted.sender))
            }
            Reply::Read(receipt) => Said::default().fields(&MessageRead::from(receipt)),
            _ => Said::default(),
        }
    }

    fn notice(&self, notice: &Notice) -> Option<Outgoing> {
        match notice {
            Notice::Typing(now) => typing(now),
            Notice::Read(receipt) => {
                let payload = MessageRead::from(receipt);
                Outgoing::new("message:read", Audience::OtherSockets, &payload)
            }
            Notice::Status(Status { user, is_online }) => {
                let payload = user_status(user, *is_online);
                Outgoing::new("user:status", Audience::OtherUsers, &payload)
            }
            Notice::Subscribed(room) => {
                let payload = Chat { chat_id: &room.id };
                Outgoing::new("chat:joined", Audience::All, &payload)
            }
            Notice::Unsubscribed(room) => {
                let payload = Chat { chat_id: &room.id };
                Outgoing::new("chat:left", Audience::All, &payload)
            }
            about => {
                let names = ["message:new", "message:updated", "message:deleted"];
                let (event, words) = about_message(about, names)?;
                let payload = NewMessage::new(&words.message, &words.sender);
                Outgoing::new(event, Audience::All, &payload)
            }
        }
    }

    fn message(&self, message: &Message, sender: &User) -> Option<Box<RawValue>> {
        to_raw_value(&NewMessage::new(message, sender)).ok()
    }

    fn wording(&self, failure: &Failure) -> Cow<'static, str> {
        match failure {
            Failure::RoomNotFound => Cow::Borrowed("Chat not found"),
            Failure::NotMember => Cow::Borrowed("Not a member of this chat"),
            other => Cow::Owned(other.to_string()),
        }
    }
}
