//! `/chatrooms/`

use axum::Json;
use axum::extract::State;
use chat::command::NewRoom;
use chat::model::RoomKind;
use chat::{Action, Reply, RoomId, UserId};
use http::StatusCode;

use super::bodies::NewRoomBody;
use super::caller::Caller;
use super::fields::Fields;
use super::objects::{List, RoomObject};
use super::page::{ListQuery, SpeakerQuery, Wanted};
use super::path::Ids;
use super::{Api, Problem};

/// `POST /chatrooms/ {name, id?, kind?}`; for a direct room `{kind: "direct", to_user_id}`
#[utoipa::path(post, path = "/chatrooms", request_body = NewRoomBody,
    responses((status = 201, body = RoomObject), Problem))]
pub(crate) async fn create(
    State(api): State<Api>,
    caller: Caller,
    mut fields: Fields,
) -> Result<(StatusCode, Json<RoomObject>), Problem> {
    let named = fields.id("user_id").map(UserId::from);
    let kind = fields
        .parsed(
            "kind",
            RoomKind::decode,
            "has to be public, private or direct",
        )
        .unwrap_or_default();
    let action = if kind == RoomKind::Direct {
        Action::OpenDirect(UserId::from(fields.required_id("to_user_id")))
    } else {
        Action::CreateRoom(NewRoom {
            name: fields.required_text("name"),
            id: fields.id("id").map(RoomId::from),
            kind,
        })
    };
    fields.check()?;
    let pick = |reply| match reply {
        Reply::Room(room) => Some(room),
        _ => None,
    };
    let room = api.act(&caller.speaks(named), action, pick).await?;
    Ok((StatusCode::CREATED, Json(RoomObject::from(&*room))))
}

/// `GET /chatrooms/`: the public rooms and the caller's own
#[utoipa::path(get, path = "/chatrooms", params(ListQuery, SpeakerQuery),
    responses((status = 200, body = List<RoomObject>), Problem))]
pub(crate) async fn list(
    State(api): State<Api>,
    caller: Caller,
    wanted: Wanted,
) -> Result<Json<List<RoomObject>>, Problem> {
    let listing = api
        .chat
        .rooms(&caller.speaks(wanted.speaker()), wanted.list()?)
        .await?;
    Ok(Json(List::of(listing, |room| RoomObject::from(&room))))
}

/// `GET /chatrooms/{id}`
#[utoipa::path(get, path = "/chatrooms/{id}", params(("id" = String, Path), SpeakerQuery),
    responses((status = 200, body = RoomObject), Problem))]
pub(crate) async fn show(
    State(api): State<Api>,
    caller: Caller,
    Ids(id): Ids<String>,
    wanted: Wanted,
) -> Result<Json<RoomObject>, Problem> {
    let room = api
        .chat
        .room(&caller.speaks(wanted.speaker()), &RoomId::from(id))
        .await?;
    Ok(Json(RoomObject::from(&room)))
}
