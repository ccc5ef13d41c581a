//! `/api/session`: tokens of this server's own

use std::sync::Arc;

use axum::extract::State;
use axum::{Extension, Json};
use chat::auth::{Credentials, Identity};
use chat::command::NewSession;
use chat::{Action, Millis, Reply, Speaker};
use engineio::server::Peer;
use http::header::AUTHORIZATION;
use http::{HeaderMap, StatusCode};
use serde::Serialize;

use super::bodies::NewSessionBody;
use super::caller::Caller;
use super::fields::Fields;
use super::{Api, Problem};

/// A session as its owner gets to see it, once.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SessionObject {
    token: String,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Millis,
}

/// `POST /api/session/acquire {metadata}`: for the owner of the Bearer token, else for a guest of its own
#[utoipa::path(post, path = "/api/session/acquire", request_body = NewSessionBody, security((), ("bearer" = [])),
    responses((status = 200, body = SessionObject), Problem))]
pub(crate) async fn acquire(
    State(api): State<Api>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    mut fields: Fields,
) -> Result<Json<SessionObject>, Problem> {
    let metadata = fields.json("metadata");
    fields.check()?;
    let owner = Arc::new(owner(&api, &headers).await?);
    let speaker = Speaker::new(owner).under(api.verifier.policy());
    if !speaker.identity.is_guest() {
        api.chat.act(&speaker, Action::Appear).await?;
    }
    let new = NewSession {
        metadata,
        address: Some(peer.addr.ip()),
    };
    let pick = |reply| match reply {
        Reply::Session(opened) => Some(opened),
        _ => None,
    };
    let opened = api.act(&speaker, Action::OpenSession(new), pick).await?;
    Ok(Json(SessionObject {
        token: opened.token,
        expires_at: opened.expires_at.with_millis(),
    }))
}

/// Sessions are for those who have no token yet, so none is a guest here also where one is required elsewhere.
async fn owner(api: &Api, headers: &HeaderMap) -> Result<Identity, Problem> {
    let header = headers.get(AUTHORIZATION);
    let credentials = Credentials {
        authorization: header.and_then(|value| value.to_str().ok()),
        ..Credentials::default()
    };
    if api.verifier.token(&credentials).is_none() {
        return Ok(Identity::guest());
    }
    Ok(api.chat.identify(&api.verifier, &credentials).await?)
}

/// `DELETE /api/session`. Only session tokens can be given back; a JWT ends at its `exp`.
#[utoipa::path(delete, path = "/api/session",
    responses((status = 204, description = "The token is worth nothing any more"), Problem))]
pub(crate) async fn end(State(api): State<Api>, caller: Caller) -> Result<StatusCode, Problem> {
    match caller.session() {
        Some(hash) => {
            let end = Action::EndSession(hash);
            api.chat.act(&caller.speaks(None), end).await?;
            Ok(StatusCode::NO_CONTENT)
        }
        None if caller.is_guest() => Err(chat::Failure::Unauthorized.into()),
        None => Err(Problem::new(
            StatusCode::CONFLICT,
            "conflict",
            "this token is no session; it ends by itself when it expires",
        )),
    }
}
