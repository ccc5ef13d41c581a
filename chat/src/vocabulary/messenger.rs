//! `messenger`: personal and group messages, typing, delivery confirmations.

use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

use super::field::{self, Numeric};
use super::reference::{MESSENGER, Reference};
use super::translate::{
    Answered, Asked, Audience, Caller, Outgoing, Said, Vocabulary, about_message,
};
use crate::command::{
    Action, Entitlement, Join, Notice, Place, Post, PostTo, Posted, Reply, Type, Typing,
};
use crate::failure::Failure;
use crate::ids::{MessageId, RoomId, UserId};
use crate::model::{Message, Room, User};
use crate::time::Timestamp;

/// The vocabulary of the seed `001_937596c8ab15093a`.
#[derive(Clone, Copy, Debug)]
pub struct Messenger;

/// What all its events carry, one more or less of it.
#[derive(Deserialize)]
struct Payload<'a> {
    #[serde(borrow)]
    to_user_id: Option<&'a RawValue>,
    #[serde(borrow)]
    room_id: Option<&'a RawValue>,
    #[serde(borrow)]
    content: Option<&'a RawValue>,
    #[serde(borrow)]
    client_msg_id: Option<&'a RawValue>,
}

#[derive(Serialize)]
struct PersonalMessage<'a> {
    id: MessageId,
    from_user_id: Numeric<'a>,
    from_username: &'a str,
    to_user_id: Numeric<'a>,
    content: &'a str,
    created_at: Timestamp,
    seq: u64,
}

#[derive(Serialize)]
struct GroupMessage<'a> {
    id: MessageId,
    room_id: Numeric<'a>,
    from_user_id: Numeric<'a>,
    from_username: &'a str,
    content: &'a str,
    created_at: Timestamp,
    seq: u64,
}

#[derive(Serialize)]
struct PersonalDelivered<'a> {
    id: MessageId,
    to_user_id: Numeric<'a>,
    delivered: bool,
    created_at: Timestamp,
    seq: u64,
}

#[derive(Serialize)]
struct GroupDelivered<'a> {
    id: MessageId,
    room_id: Numeric<'a>,
    recipients: usize,
    created_at: Timestamp,
    seq: u64,
}

/// What `user_joined` and `user_left` carry.
#[derive(Serialize)]
struct Crossed<'a> {
    room_id: Numeric<'a>,
    user_id: Numeric<'a>,
    username: &'a str,
}

#[derive(Serialize)]
struct TypingNow<'a> {
    user_id: Numeric<'a>,
    username: &'a str,
    is_typing: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    room_id: Option<Numeric<'a>>,
}

impl<'a> GroupMessage<'a> {
    fn new(message: &'a Message, sender: &'a User) -> Self {
        Self {
            id: message.id,
            room_id: (&message.room).into(),
            from_user_id: (&message.sender).into(),
            from_username: sender.username(),
            content: &message.body,
            created_at: message.created_at,
            seq: message.seq,
        }
    }
}

impl<'a> PersonalDelivered<'a> {
    fn new(message: &'a Message, to: &'a UserId, delivered: bool) -> Self {
        Self {
            id: message.id,
            to_user_id: to.into(),
            delivered,
            created_at: message.created_at,
            seq: message.seq,
        }
    }
}

/// A message, as a personal one in a direct room and as one of the group anywhere else.
fn received(notice: &Notice) -> Option<Outgoing> {
    let names = |posted| [posted, "message_updated", "message_deleted"];
    let (group, words) = about_message(notice, names("receive_group_message"))?;
    let (personal, _) = about_message(notice, names("receive_personal_message"))?;
    let (message, sender) = (&*words.message, &*words.sender);
    let Some(to) = &words.to else {
        return Outgoing::new(
            group,
            Audience::OtherSockets,
            &GroupMessage::new(message, sender),
        );
    };
    let payload = PersonalMessage {
        id: message.id,
        from_user_id: (&sender.id).into(),
        from_username: sender.username(),
        to_user_id: to.into(),
        content: &message.body,
        created_at: message.created_at,
        seq: message.seq,
    };
    Outgoing::new(personal, Audience::OtherSockets, &payload)
}

fn crossed(event: &'static str, room: &Room, user: &User) -> Option<Outgoing> {
    let payload = Crossed {
        room_id: (&room.id).into(),
        user_id: (&user.id).into(),
        username: user.username(),
    };
    Outgoing::new(event, Audience::OtherUsers, &payload)
}

fn typing(typing: &Typing) -> Option<Outgoing> {
    let payload = TypingNow {
        user_id: (&typing.user.id).into(),
        username: typing.user.username(),
        is_typing: typing.is_typing,
        room_id: Some((&typing.room).into()).filter(|_| typing.to.is_none()),
    };
    Outgoing::new("typing", Audience::OtherUsers, &payload)
}

fn delivered(posted: &Posted) -> Said {
    let message = &posted.message;
    match &posted.to {
        Some(to) => Said::default().event(
            "personal_message_delivered",
            &PersonalDelivered::new(message, to, posted.is_delivered),
        ),
        None => {
            let payload = GroupDelivered {
                id: message.id,
                room_id: (&message.room).into(),
                recipients: posted.recipients,
                created_at: message.created_at,
                seq: message.seq,
            };
            Said::default().event("group_message_delivered", &payload)
        }
    }
}

impl Payload<'_> {
    fn room(&self) -> Result<RoomId, Failure> {
        field::required_id("room_id", self.room_id)
    }

    fn place(&self) -> Result<Place, Failure> {
        if let Some(person) = field::id("to_user_id", self.to_user_id)? {
            return Ok(Place::Person(person.into()));
        }
        let room = field::id("room_id", self.room_id)?;
        let neither = || Failure::invalid("", "to_user_id or room_id is required");
        room.map(|room| Place::Room(room.into()))
            .ok_or_else(neither)
    }

    fn text(&self) -> Result<String, Failure> {
        let words = field::words("content", self.content)?;
        words.ok_or_else(field::required("content"))
    }

    fn typing(&self, is_typing: bool, caller: Caller<'_>) -> Result<Action, Failure> {
        Ok(Action::Type(Type {
            place: self.place()?,
            is_typing,
            socket: caller.socket.clone(),
            needs: Entitlement::Joined,
        }))
    }

    fn action(&self, event: &str, caller: Caller<'_>) -> Result<Action, Failure> {
        let socket = Some(caller.socket.clone());
        let client_msg_id = || field::text("client_msg_id", self.client_msg_id);
        Ok(match event {
            "send_personal_message" => Action::PostTo(PostTo {
                to: field::required_id("to_user_id", self.to_user_id)?,
                text: self.text()?,
                client_msg_id: client_msg_id()?,
                socket,
            }),
            "send_group_message" => Action::Post(Post {
                client_msg_id: client_msg_id()?,
                needs: Entitlement::Joined,
                socket,
                ..Post::text(self.room()?, self.text()?)
            }),
            "join_room" => Action::Join(Join {
                create: true,
                ..caller.join(self.room()?)
            }),
            "leave_room" => caller.leave(self.room()?),
            "typing_start" => self.typing(true, caller)?,
            "typing_stop" => self.typing(false, caller)?,
            _ => return Err(Failure::UnknownEvent),
        })
    }
}

impl Vocabulary for Messenger {
    fn reference(&self) -> &'static Reference {
        &MESSENGER
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
            Reply::Posted(posted) => delivered(posted),
            Reply::Joined(joined) => Said::default()
                .field("room_id", Numeric::from(&joined.room.id))
                .field("seq", joined.seq),
            Reply::Left(id) => Said::default().field("room_id", Numeric::from(id)),
            _ => Said::default(),
        }
    }

    fn notice(&self, notice: &Notice) -> Option<Outgoing> {
        match notice {
            Notice::Entered(crossing) => crossed("user_joined", &crossing.room, &crossing.user),
            Notice::Exited(crossing) => crossed("user_left", &crossing.room, &crossing.user),
            Notice::Typing(now) => typing(now),
            Notice::Delivered(words) => {
                let payload = PersonalDelivered::new(&words.message, words.to.as_ref()?, true);
                Outgoing::new("personal_message_delivered", Audience::All, &payload)
            }
            about => received(about),
        }
    }

    fn message(&self, message: &Message, sender: &User) -> Option<Box<RawValue>> {
        to_raw_value(&GroupMessage::new(message, sender)).ok()
    }
}
