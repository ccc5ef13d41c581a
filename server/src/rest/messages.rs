//! `/messages/` and the messages of rooms

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use chat::command::{Edit, Post, VocabularyId};
use chat::model::{Listing, Message, User};
use chat::{Action, MessageId, Reply, RoomId, UserId, vocabulary};
use http::StatusCode;
use serde_json::value::RawValue;

use super::bodies::{EditBody, NewMessageBody};
use super::caller::Caller;
use super::fields::Fields;
use super::objects::List;
use super::page::{HistoryQuery, ShownQuery, SpeakerQuery, Wanted};
use super::path::Ids;
use super::shapes::MessageObject;
use super::{Api, Problem};

type Shown = Json<Box<RawValue>>;

/// `POST /messages/`: stored, and heard by everybody in the room, when this answers
#[utoipa::path(post, path = "/messages", params(ShownQuery), request_body = NewMessageBody,
    responses((status = 201, body = MessageObject), Problem))]
pub(crate) async fn create(
    State(api): State<Api>,
    caller: Caller,
    wanted: Wanted,
    mut fields: Fields,
) -> Result<(StatusCode, Shown), Problem> {
    let text = fields.required_text("message_text");
    let named = if caller.is_guest() {
        Some(fields.required_id("user_id"))
    } else {
        fields.id("user_id")
    };
    let room = RoomId::from(fields.required_id("chatroom_id"));
    let parent = fields.parsed(
        "parent_message_id",
        MessageId::decode,
        "is not the id of a message",
    );
    let post = Post {
        parent,
        is_reply: fields.flag("is_reply").unwrap_or(parent.is_some()),
        client_msg_id: fields.id("client_msg_id"),
        ..Post::text(room, text)
    };
    fields.check()?;
    let vocabulary = Api::vocabulary(wanted.vocabulary.as_deref())?;
    let pick = |reply| match reply {
        Reply::Posted(posted) => Some(posted),
        _ => None,
    };
    let posted = api
        .act(
            &caller.speaks(named.map(UserId::from)),
            Action::Post(post),
            pick,
        )
        .await?;
    Ok((
        StatusCode::CREATED,
        write(vocabulary, &posted.message, &posted.sender)?,
    ))
}

/// `GET /messages/{id}`
#[utoipa::path(get, path = "/messages/{id}", params(("id" = String, Path), ShownQuery, SpeakerQuery),
    responses((status = 200, body = MessageObject), Problem))]
pub(crate) async fn show(
    State(api): State<Api>,
    caller: Caller,
    Ids(id): Ids<String>,
    wanted: Wanted,
) -> Result<Shown, Problem> {
    let vocabulary = Api::vocabulary(wanted.vocabulary.as_deref())?;
    let (message, sender) = api
        .chat
        .message(&caller.speaks(wanted.speaker()), decode(&id)?)
        .await?;
    write(vocabulary, &message, &sender)
}

/// `PATCH /messages/{id} {message_text}`
#[utoipa::path(patch, path = "/messages/{id}", params(("id" = String, Path), ShownQuery, SpeakerQuery), request_body = EditBody,
    responses((status = 200, body = MessageObject), Problem))]
pub(crate) async fn edit(
    State(api): State<Api>,
    caller: Caller,
    Ids(id): Ids<String>,
    wanted: Wanted,
    mut fields: Fields,
) -> Result<Shown, Problem> {
    let named = fields
        .id("user_id")
        .map(UserId::from)
        .or_else(|| wanted.speaker());
    let edit = Edit {
        message: decode(&id)?,
        text: fields.required_text("message_text"),
    };
    fields.check()?;
    change(&api, &caller.speaks(named), Action::Edit(edit), &wanted).await
}

/// `DELETE /messages/{id}`
#[utoipa::path(delete, path = "/messages/{id}", params(("id" = String, Path), ShownQuery, SpeakerQuery),
    responses((status = 200, body = MessageObject), Problem))]
pub(crate) async fn delete(
    State(api): State<Api>,
    caller: Caller,
    Ids(id): Ids<String>,
    wanted: Wanted,
) -> Result<Shown, Problem> {
    change(
        &api,
        &caller.speaks(wanted.speaker()),
        Action::Delete(decode(&id)?),
        &wanted,
    )
    .await
}

/// `GET /chatrooms/{id}/messages?before=&after=&limit=&vocabulary=`
#[utoipa::path(get, path = "/chatrooms/{id}/messages", params(("id" = String, Path), HistoryQuery, ShownQuery, SpeakerQuery),
    responses((status = 200, body = List<MessageObject>), Problem))]
pub(crate) async fn list(
    State(api): State<Api>,
    caller: Caller,
    Ids(id): Ids<String>,
    wanted: Wanted,
) -> Result<Json<List<Box<RawValue>>>, Problem> {
    let page = wanted.messages()?;
    let by = caller.speaks(wanted.speaker());
    let listing = api.chat.messages(&by, &RoomId::from(id), page).await?;
    show_all(&api, listing, &wanted).await
}

/// `GET /direct/{user_id}/messages`
#[utoipa::path(get, path = "/direct/{other_id}/messages", params(("other_id" = String, Path), HistoryQuery, ShownQuery, SpeakerQuery),
    responses((status = 200, body = List<MessageObject>), Problem))]
pub(crate) async fn list_direct(
    State(api): State<Api>,
    caller: Caller,
    Ids(other): Ids<String>,
    wanted: Wanted,
) -> Result<Json<List<Box<RawValue>>>, Problem> {
    let page = wanted.messages()?;
    let by = caller.speaks(wanted.speaker());
    let listing = api
        .chat
        .direct_messages(&by, &UserId::from(other), page)
        .await?;
    show_all(&api, listing, &wanted).await
}

async fn change(
    api: &Api,
    by: &chat::Speaker,
    action: Action,
    wanted: &Wanted,
) -> Result<Shown, Problem> {
    let vocabulary = Api::vocabulary(wanted.vocabulary.as_deref())?;
    let pick = |reply| match reply {
        Reply::Changed(message) => Some(message),
        _ => None,
    };
    let message = api.act(by, action, pick).await?;
    let sender = api.chat.author(&message.sender).await?;
    write(vocabulary, &message, &sender)
}

async fn show_all(
    api: &Api,
    listing: Listing<Arc<Message>>,
    wanted: &Wanted,
) -> Result<Json<List<Box<RawValue>>>, Problem> {
    let mut page = Authors::new(api, Api::vocabulary(wanted.vocabulary.as_deref())?);
    let mut items = Vec::with_capacity(listing.items.len());
    for message in &listing.items {
        items.push(page.show(message).await?);
    }
    Ok(Json(List {
        items,
        next: listing.next,
    }))
}

/// Not every vocabulary can write every message; what it cannot write it does not have.
fn write(id: VocabularyId, message: &Message, sender: &User) -> Result<Shown, Problem> {
    let shown = vocabulary::message(id, message, sender);
    shown
        .map(Json)
        .ok_or_else(|| chat::Failure::MessageNotFound.into())
}

fn decode(id: &str) -> Result<MessageId, Problem> {
    MessageId::decode(id).ok_or_else(|| chat::Failure::MessageNotFound.into())
}

/// Writes messages in a vocabulary, asking for each author once.
pub(crate) struct Authors<'a> {
    api: &'a Api,
    vocabulary: VocabularyId,
    known: HashMap<UserId, User>,
}

impl<'a> Authors<'a> {
    pub(crate) fn new(api: &'a Api, vocabulary: VocabularyId) -> Self {
        Self {
            api,
            vocabulary,
            known: HashMap::new(),
        }
    }

    pub(crate) async fn show(&mut self, message: &Message) -> Result<Box<RawValue>, Problem> {
        let sender = match self.known.entry(message.sender.clone()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(self.api.chat.author(&message.sender).await?),
        };
        write(self.vocabulary, message, sender).map(|Json(shown)| shown)
    }
}
