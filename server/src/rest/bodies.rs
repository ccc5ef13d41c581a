//! What bodies carry, for the document alone: they are read field by field, so that every mistake can be named.
#![expect(
    dead_code,
    reason = "the document is generated from these types, and nothing is read with them"
)]

use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// An id in a body: a text or a whole number, which is the same id.
#[derive(ToSchema)]
#[serde(untagged)]
pub(crate) enum IdIn {
    Number(NumberId),
    Text(TextId),
}

/// An id that is a number.
#[derive(ToSchema)]
#[schema(minimum = 0, maximum = 9007199254740991_i64)]
pub(crate) struct NumberId(u64);

/// An id that is a text.
#[derive(ToSchema)]
#[schema(min_length = 1)]
pub(crate) struct TextId(String);

/// An id that the caller makes up.
#[derive(ToSchema)]
#[serde(untagged)]
pub(crate) enum NewId {
    Number(NumberId),
    Text(NameId),
}

/// An id that is a name: something in it, and no control characters.
#[derive(ToSchema)]
#[schema(
    max_length = 250,
    pattern = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$"
)]
pub(crate) struct NameId(String);

/// `POST /users/`
#[derive(ToSchema)]
pub(crate) struct NewUserBody {
    #[schema(
        max_length = 250,
        pattern = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$"
    )]
    name: String,
    #[schema(
        max_length = 250,
        pattern = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$"
    )]
    handle: String,
}

/// `POST /chatrooms/`
#[derive(ToSchema)]
#[serde(untagged)]
pub(crate) enum NewRoomBody {
    Room(NewPlainRoom),
    Direct(NewDirectRoom),
}

/// A room with a name.
#[derive(ToSchema)]
pub(crate) struct NewPlainRoom {
    #[schema(
        max_length = 250,
        pattern = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$"
    )]
    name: String,
    /// Not one that begins with `direct-`: those belong to two people each.
    id: Option<NewId>,
    kind: Option<PlainKind>,
}

/// The room of two people.
#[derive(ToSchema)]
pub(crate) struct NewDirectRoom {
    kind: DirectKind,
    to_user_id: IdIn,
}

/// Who may come in.
#[derive(ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum PlainKind {
    Public,
    Private,
}

/// The kind of a room of two people.
#[derive(ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum DirectKind {
    Direct,
}

/// `POST /chatrooms/{id}/members`
#[derive(ToSchema)]
pub(crate) struct NewMemberBody {
    user_id: IdIn,
}

/// `POST /messages/`
#[derive(ToSchema)]
pub(crate) struct NewMessageBody {
    #[schema(pattern = r"\S", max_length = 16384)]
    message_text: String,
    chatroom_id: IdIn,
    /// Who writes: the owner of the token, and in open mode whoever it is.
    user_id: Option<IdIn>,
    is_reply: Option<bool>,
    #[schema(value_type = Option<String>, pattern = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
    parent_message_id: Option<Uuid>,
    /// The writer's own name for it: the same again is the same message.
    client_msg_id: Option<NewId>,
}

/// `PATCH /messages/{id}`
#[derive(ToSchema)]
pub(crate) struct EditBody {
    #[schema(pattern = r"\S", max_length = 16384)]
    message_text: String,
}

/// `POST /api/session/acquire`
#[derive(ToSchema)]
pub(crate) struct NewSessionBody {
    /// Anything.
    metadata: Option<Value>,
}
