//! Who sends a request.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use chat::auth::{Credentials, Identity, TokenHash};
use chat::{Action, AuthPolicy, Speaker, UserId};
use http::HeaderMap;
use http::header::{AUTHORIZATION, COOKIE, HOST, HeaderName, ORIGIN};
use http::request::Parts;
use serde::Deserialize;

use super::{Api, Problem};

/// Who sends a request, by its token; a guest where none is required and none was sent.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    identity: Arc<Identity>,
    session: Option<TokenHash>,
    policy: AuthPolicy,
}

impl Caller {
    /// They speak as themselves, unless the request names a user.
    pub(crate) fn speaks(&self, named: Option<UserId>) -> Speaker {
        Speaker {
            named,
            ..Speaker::new(Arc::clone(&self.identity)).under(self.policy)
        }
    }

    /// Whether nothing says who they are, so that the request has to name somebody where it matters.
    pub(crate) fn is_guest(&self) -> bool {
        self.identity.is_guest()
    }

    /// The session that the request speaks with, if it is one.
    pub(crate) const fn session(&self) -> Option<TokenHash> {
        self.session
    }
}

#[derive(Deserialize)]
struct TokenQuery {
    token: Option<String>,
}

impl FromRequestParts<Api> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let query = axum::extract::Query::<TokenQuery>::try_from_uri(&parts.uri).ok();
        let query = query.and_then(|query| query.0.token);
        let credentials = Credentials {
            auth: None,
            authorization: text(&parts.headers, AUTHORIZATION),
            query: query.as_deref(),
            cookies: text(&parts.headers, COOKIE),
            origin: text(&parts.headers, ORIGIN),
            host: text(&parts.headers, HOST),
        };
        let identity = api.chat.identify(&api.verifier, &credentials).await?;
        let session = api.verifier.session_token(&credentials);
        let caller = Self {
            identity: Arc::new(identity),
            session: session.map(|(_, token)| TokenHash::of(token)),
            policy: api.verifier.policy(),
        };
        if !caller.is_guest() {
            api.chat.act(&caller.speaks(None), Action::Appear).await?;
        }
        Ok(caller)
    }
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}
