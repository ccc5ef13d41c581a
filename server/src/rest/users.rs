//! `/users/`

use axum::Json;
use axum::extract::State;
use chat::command::NewUser;
use chat::model::Listing;
use chat::{Action, Reply, UserId};
use http::StatusCode;

use super::bodies::NewUserBody;
use super::caller::Caller;
use super::fields::Fields;
use super::objects::{List, UserObject};
use super::page::{ListQuery, Wanted};
use super::path::Ids;
use super::{Api, Problem};

/// `POST /users/ {name, handle}`
#[utoipa::path(post, path = "/users", request_body = NewUserBody,
    responses((status = 201, body = UserObject), Problem))]
pub(crate) async fn create(
    State(api): State<Api>,
    caller: Caller,
    mut fields: Fields,
) -> Result<(StatusCode, Json<UserObject>), Problem> {
    let new = NewUser {
        name: fields.required_text("name"),
        handle: Some(fields.required_text("handle")),
    };
    fields.check()?;
    let pick = |reply| match reply {
        Reply::User(user) => Some(user),
        _ => None,
    };
    let user = api
        .act(&caller.speaks(None), Action::CreateUser(new), pick)
        .await?;
    Ok((StatusCode::CREATED, Json(UserObject::from(&*user))))
}

/// `GET /users/?handle=`, or a page of all
#[utoipa::path(get, path = "/users", params(ListQuery, ("handle" = Option<String>, Query, description = "Only the user with this handle")),
    responses((status = 200, body = List<UserObject>), Problem))]
pub(crate) async fn list(
    State(api): State<Api>,
    _: Caller,
    wanted: Wanted,
) -> Result<Json<List<UserObject>>, Problem> {
    let page = wanted.list()?;
    let listing = match &wanted.handle {
        Some(handle) => Listing {
            items: api.chat.user_by_handle(handle).await?.into_iter().collect(),
            next: None,
        },
        None => api.chat.users(page).await?,
    };
    Ok(Json(List::of(listing, |user| UserObject::from(&user))))
}

/// `GET /users/{id}`
#[utoipa::path(get, path = "/users/{id}", params(("id" = String, Path)),
    responses((status = 200, body = UserObject), Problem))]
pub(crate) async fn show(
    State(api): State<Api>,
    _: Caller,
    Ids(id): Ids<String>,
) -> Result<Json<UserObject>, Problem> {
    let user = api.chat.user(&UserId::from(id)).await?;
    Ok(Json(UserObject::from(&user)))
}
