//! The shapes of messages, for the document alone: they are written by their vocabularies.
#![expect(
    dead_code,
    reason = "the document is generated from these types, and nothing is written with them"
)]

use utoipa::ToSchema;
use uuid::Uuid;

/// A message, as the vocabulary of the request shows it.
#[derive(ToSchema)]
#[serde(untagged)]
pub(crate) enum MessageObject {
    /// In `chatty`, which is what is shown when no vocabulary is named.
    Chatty(ChattyMessage),
    /// In `messenger`.
    Messenger(MessengerMessage),
    /// In `shows`.
    Shows(ShowsMessage),
    /// In `chats`.
    Chats(ChatsMessage),
}

/// An id: a number where it is a whole one up to 2^53 - 1, else a text.
#[derive(ToSchema)]
#[serde(untagged)]
pub(crate) enum NumericId {
    Number(u64),
    Text(String),
}

/// A message in `chatty`.
#[derive(ToSchema)]
pub(crate) struct ChattyMessage {
    id: Uuid,
    message_text: String,
    user_id: String,
    chatroom_id: String,
    is_reply: bool,
    #[schema(required)]
    parent_message_id: Option<Uuid>,
    #[schema(format = DateTime)]
    created_date: String,
    #[schema(format = DateTime)]
    last_updated_date: String,
    /// Its number in the room, from 1 without gaps.
    seq: u64,
}

/// A message in `messenger`.
#[derive(ToSchema)]
pub(crate) struct MessengerMessage {
    id: Uuid,
    room_id: NumericId,
    from_user_id: NumericId,
    from_username: String,
    content: String,
    #[schema(format = DateTime)]
    created_at: String,
    seq: u64,
}

/// A message in `shows`.
#[derive(ToSchema)]
pub(crate) struct ShowsMessage {
    id: u64,
    show_id: NumericId,
    user_id: NumericId,
    username: String,
    message: String,
    #[schema(format = DateTime)]
    created_at: String,
    seq: u64,
}

/// A message in `chats`.
#[derive(ToSchema)]
pub(crate) struct ChatsMessage {
    id: Uuid,
    chat_id: String,
    sender_id: String,
    content: String,
    message_type: String,
    #[schema(format = DateTime)]
    created_at: String,
    sender: ChatsSender,
    seq: u64,
}

/// Who wrote a message, in `chats`.
#[derive(ToSchema)]
pub(crate) struct ChatsSender {
    id: String,
    username: String,
    name: String,
}
