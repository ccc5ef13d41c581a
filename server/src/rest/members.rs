//! `/chatrooms/{id}/members` and `/chatrooms/{id}/checkins`

use axum::Json;
use axum::extract::State;
use chat::command::Membership;
use chat::model::NamedMember;
use chat::{Action, Reply, RoomId, UserId};
use http::StatusCode;

use super::bodies::NewMemberBody;
use super::caller::Caller;
use super::fields::Fields;
use super::objects::{CheckinObject, List, MemberObject};
use super::page::{CheckinsQuery, ListQuery, SpeakerQuery, Wanted};
use super::path::Ids;
use super::{Api, Problem};

/// `GET /chatrooms/{id}/members`
#[utoipa::path(get, path = "/chatrooms/{id}/members", params(("id" = String, Path), ListQuery, SpeakerQuery),
    responses((status = 200, body = List<MemberObject>), Problem))]
pub(crate) async fn list(
    State(api): State<Api>,
    caller: Caller,
    Ids(id): Ids<String>,
    wanted: Wanted,
) -> Result<Json<List<MemberObject>>, Problem> {
    let by = caller.speaks(wanted.speaker());
    let listing = api
        .chat
        .members(&by, &RoomId::from(id), wanted.list()?)
        .await?;
    Ok(Json(List::of(listing, |member| {
        MemberObject::from(&member)
    })))
}

/// `POST /chatrooms/{id}/members {user_id}`; in open mode `?user_id=` says who adds
#[utoipa::path(post, path = "/chatrooms/{id}/members", params(("id" = String, Path), SpeakerQuery), request_body = NewMemberBody,
    responses((status = 201, body = MemberObject), Problem))]
pub(crate) async fn add(
    State(api): State<Api>,
    caller: Caller,
    Ids(id): Ids<String>,
    wanted: Wanted,
    mut fields: Fields,
) -> Result<(StatusCode, Json<MemberObject>), Problem> {
    let user = UserId::from(fields.required_id("user_id"));
    fields.check()?;
    let action = Action::AddMember(Membership {
        room: RoomId::from(id),
        user: user.clone(),
    });
    let pick = |reply| match reply {
        Reply::Member(member) => Some(member),
        _ => None,
    };
    let member = api
        .act(&caller.speaks(wanted.speaker()), action, pick)
        .await?;
    let user = api.chat.user(&user).await?;
    Ok((
        StatusCode::CREATED,
        Json(MemberObject::from(&NamedMember { member, user })),
    ))
}

/// `DELETE /chatrooms/{id}/members/{user_id}`; in open mode `?user_id=` says who removes
#[utoipa::path(delete, path = "/chatrooms/{id}/members/{user_id}", params(("id" = String, Path), ("user_id" = String, Path), SpeakerQuery),
    responses((status = 204, description = "They are no member"), Problem))]
pub(crate) async fn remove(
    State(api): State<Api>,
    caller: Caller,
    Ids((room, user)): Ids<(String, String)>,
    wanted: Wanted,
) -> Result<StatusCode, Problem> {
    let action = Action::RemoveMember(Membership {
        room: RoomId::from(room),
        user: UserId::from(user),
    });
    let pick = |reply| matches!(reply, Reply::Done).then_some(());
    api.act(&caller.speaks(wanted.speaker()), action, pick)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /chatrooms/{id}/checkins`, newest first
#[utoipa::path(get, path = "/chatrooms/{id}/checkins", params(("id" = String, Path), CheckinsQuery, SpeakerQuery),
    responses((status = 200, body = List<CheckinObject>), Problem))]
pub(crate) async fn list_checkins(
    State(api): State<Api>,
    caller: Caller,
    Ids(id): Ids<String>,
    wanted: Wanted,
) -> Result<Json<List<CheckinObject>>, Problem> {
    let by = caller.speaks(wanted.speaker());
    let listing = api
        .chat
        .checkins(&by, &RoomId::from(id), wanted.list()?)
        .await?;
    Ok(Json(List::of(listing, |checkin| {
        CheckinObject::from(&checkin)
    })))
}
