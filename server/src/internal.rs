//! What is for those who run the server: metrics and the drain. On a listener of its own, behind a secret, or both.

use std::sync::{Arc, OnceLock};

use axum::Json;
use axum::response::{IntoResponse, Response};
use data_encoding::BASE64;
use http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use serde_json::json;

use crate::config::Secret;
use crate::drain::Drain;
use crate::metrics::{self, Scrape};
use crate::rest::Problem;

/// Answers `/metrics` and `/drain`. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Internals {
    /// Without one everybody who reaches the listener may ask.
    secret: Option<Secret>,
    works: Works,
}

/// What it asks; empty while the server starts. Cheap to clone.
pub(crate) type Works = Arc<OnceLock<(Scrape, Drain)>>;

/// The addresses.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Page {
    Metrics,
    Drain,
}

impl Page {
    /// The one at this address.
    pub(crate) fn at(path: &str) -> Option<Self> {
        match path.trim_end_matches('/') {
            "/metrics" => Some(Self::Metrics),
            "/drain" => Some(Self::Drain),
            _ => None,
        }
    }

    /// What its requests are counted as.
    pub(crate) const fn route(self) -> &'static str {
        match self {
            Self::Metrics => "/metrics",
            Self::Drain => "/drain",
        }
    }
}

impl Internals {
    pub(crate) const fn new(secret: Option<Secret>, works: Works) -> Self {
        Self { secret, works }
    }

    /// Answers one request.
    pub(crate) async fn answer(
        &self,
        page: Page,
        method: &Method,
        headers: &HeaderMap,
    ) -> Response {
        if !self.admits(headers) {
            return unauthorized();
        }
        let Some((scrape, drain)) = self.works.get() else {
            let detail = "the server is starting";
            return Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", detail)
                .into_response();
        };
        let mut answer = match (page, method) {
            (Page::Metrics, &Method::GET | &Method::HEAD) => show(scrape).await,
            (Page::Drain, &Method::GET | &Method::HEAD) => tell(StatusCode::OK, scrape, drain),
            (Page::Drain, &Method::POST) => {
                drain.begin();
                tell(StatusCode::ACCEPTED, scrape, drain)
            }
            (Page::Drain, &Method::DELETE) => {
                let status = if drain.lift() {
                    StatusCode::OK
                } else {
                    StatusCode::CONFLICT
                };
                tell(status, scrape, drain)
            }
            _ => Problem::method_not_allowed().into_response(),
        };
        let headers = answer.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        answer
    }

    /// Whether the request knows the secret, as a bearer token or as the password of any user.
    fn admits(&self, headers: &HeaderMap) -> bool {
        let Some(secret) = &self.secret else {
            return true;
        };
        let given = headers.get(AUTHORIZATION).map(HeaderValue::as_bytes);
        given
            .and_then(offered)
            .is_some_and(|given| same(&given, secret.expose()))
    }
}

/// What `Authorization` offers.
fn offered(header: &[u8]) -> Option<Vec<u8>> {
    let space = header.iter().position(|byte| *byte == b' ')?;
    let (scheme, rest) = header.split_at(space);
    let rest = rest.trim_ascii();
    if scheme.eq_ignore_ascii_case(b"bearer") {
        return Some(rest.to_vec());
    }
    if !scheme.eq_ignore_ascii_case(b"basic") {
        return None;
    }
    let pair = BASE64.decode(rest).ok()?;
    let colon = pair.iter().position(|byte| *byte == b':')?;
    pair.get(colon + 1..).map(<[u8]>::to_vec)
}

/// Compares in a time that does not tell how much of it was right.
pub(crate) fn same(given: &[u8], secret: &[u8]) -> bool {
    let pairs = given.iter().zip(secret);
    let differs = pairs.fold(0, |differs, (one, other)| differs | (one ^ other));
    given.len() == secret.len() && differs == 0
}

fn unauthorized() -> Response {
    let detail = "this address is for those who run the server";
    let problem = Problem::new(StatusCode::UNAUTHORIZED, "unauthorized", detail);
    let mut answer = problem.into_response();
    let both = HeaderValue::from_static("Basic realm=\"internal\", Bearer");
    answer.headers_mut().insert(WWW_AUTHENTICATE, both);
    answer
}

async fn show(scrape: &Scrape) -> Response {
    match scrape.text().await {
        Ok(text) => ([(CONTENT_TYPE, metrics::CONTENT_TYPE)], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "metrics cannot be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn tell(status: StatusCode, scrape: &Scrape, drain: &Drain) -> Response {
    let body = json!({
        "draining": scrape.draining.is_requested(),
        "sessions": drain.sessions(),
        "duration_seconds": drain.duration().as_secs_f64(),
    });
    (status, Json(body)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admits(secret: Option<&str>, header: Option<&'static str>) -> bool {
        let internals = Internals::new(secret.map(Secret::new), Works::default());
        let header = header.map(|value| (AUTHORIZATION, HeaderValue::from_static(value)));
        internals.admits(&header.into_iter().collect())
    }

    #[test]
    fn a_secret_is_a_bearer_token_or_a_password() {
        assert!(admits(None, None));
        assert!(!admits(Some("hush"), None));
        assert!(admits(Some("hush"), Some("Bearer hush")));
        assert!(admits(Some("hush"), Some("bearer  hush")));
        // operator:hush and :hush
        assert!(admits(Some("hush"), Some("Basic b3BlcmF0b3I6aHVzaA==")));
        assert!(admits(Some("hush"), Some("basic Omh1c2g=")));
        for wrong in [
            "Bearer hus",
            "Bearer hushh",
            "hush",
            "Basic aHVzaA==",
            "Bearer ",
            "Basic !",
        ] {
            assert!(!admits(Some("hush"), Some(wrong)), "{wrong}");
        }
    }
}
