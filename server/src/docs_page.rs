//! `/api-docs`: the REST API to read and to try, and the events; and who may see them.

use std::fmt;
use std::sync::Arc;

use axum::body::Body;
use axum::response::{IntoResponse, Redirect, Response};
use data_encoding::BASE64;
use http::header::{
    AUTHORIZATION, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, WWW_AUTHENTICATE,
};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use utoipa_swagger_ui::{Config, serve};

use crate::config::{Auth, Secret};
use crate::internal::same;
use crate::rest::Problem;

/// Where the pages are.
const ROOT: &str = "/api-docs";

/// Where the description of the REST API is; the pages read it.
const DOCUMENT: &str = "/openapi.json";

/// Nothing from elsewhere. The viewer writes styles into its elements and has images in its style sheet.
const POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'; object-src 'none'";

/// Who may see them.
#[derive(Clone, Debug)]
pub(crate) enum Readers {
    /// Nobody: they are not there.
    Nobody,
    /// Everybody who reaches the listener.
    Everybody,
    /// Whoever knows both.
    Those {
        /// The name.
        user: String,
        /// The password.
        password: Secret,
    },
}

impl Readers {
    /// A password is for every listener. Without one only development has the pages: no tokens, and nobody else there.
    pub(crate) fn of(user: &str, password: Option<&Secret>, auth: Auth, is_loopback: bool) -> Self {
        match (password, auth) {
            (Some(password), _) => Self::Those {
                user: user.to_owned(),
                password: password.clone(),
            },
            (None, Auth::Open) if is_loopback => Self::Everybody,
            (None, _) => Self::Nobody,
        }
    }

    fn admit(&self, headers: &HeaderMap) -> bool {
        let Self::Those { user, password } = self else {
            return matches!(self, Self::Everybody);
        };
        let pair = headers.get(AUTHORIZATION).and_then(pair);
        pair.is_some_and(|(name, given)| {
            // Both are compared whatever the first says: how long it took tells nothing.
            same(&name, user.as_bytes()) & same(&given, password.expose())
        })
    }
}

/// The name and the password of Basic authentication.
fn pair(header: &HeaderValue) -> Option<(Vec<u8>, Vec<u8>)> {
    let header = header.as_bytes();
    let (scheme, rest) = header.split_at(header.iter().position(|byte| *byte == b' ')?);
    if !scheme.eq_ignore_ascii_case(b"basic") {
        return None;
    }
    let pair = BASE64.decode(rest.trim_ascii()).ok()?;
    let colon = pair.iter().position(|byte| *byte == b':')?;
    Some((pair.get(..colon)?.to_vec(), pair.get(colon + 1..)?.to_vec()))
}

/// The pages of one listener. Cheap to clone.
#[derive(Clone)]
pub(crate) struct DocsPage {
    readers: Arc<Readers>,
    viewer: Arc<Config<'static>>,
}

impl fmt::Debug for DocsPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DocsPage")
            .field("readers", &self.readers)
            .finish_non_exhaustive()
    }
}

impl DocsPage {
    pub(crate) fn new(readers: Readers) -> Self {
        let viewer = Config::from(DOCUMENT).use_base_layout();
        // A token that was typed into the page is for as long as the page is open.
        let viewer = viewer.try_it_out_enabled(true).validator_url("none");
        Self {
            readers: Arc::new(readers),
            viewer: Arc::new(viewer),
        }
    }

    /// The pattern it is counted as, and the answer, when the address is one of these pages or they are refused.
    pub(crate) fn answer(
        &self,
        path: &str,
        method: &Method,
        headers: &HeaderMap,
    ) -> Option<(&'static str, Response)> {
        let route = route(path)?;
        if matches!(*self.readers, Readers::Nobody) {
            return Some((route, Problem::not_found().into_response()));
        }
        // A page of another origin asks first whether it may, and has no password with the question.
        if method != Method::OPTIONS && !self.readers.admit(headers) {
            return Some((route, unauthorized()));
        }
        if route == DOCUMENT {
            // The router has it, with what CORS wants.
            return None;
        }
        if !matches!(*method, Method::GET | Method::HEAD) {
            return Some((route, Problem::method_not_allowed().into_response()));
        }
        let file = path.strip_prefix(ROOT).unwrap_or_default();
        let mut answer = match file {
            // The files of the page are beside it, not beside its folder.
            "" => Redirect::permanent("/api-docs/").into_response(),
            "/events" => events(),
            _ => self.file(file.trim_start_matches('/')),
        };
        let headers = answer.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
        Some((route, answer))
    }

    fn file(&self, name: &str) -> Response {
        match serve(name, Arc::clone(&self.viewer)) {
            Ok(Some(file)) => {
                let kind = HeaderValue::from_str(&file.content_type);
                let kind = kind.unwrap_or(HeaderValue::from_static("application/octet-stream"));
                let mut answer = Body::from(file.bytes.into_owned()).into_response();
                answer.headers_mut().insert(CONTENT_TYPE, kind);
                answer
            }
            Ok(None) => Problem::not_found().into_response(),
            Err(error) => {
                tracing::error!(%error, "a page of the documentation cannot be made");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }
}

fn route(path: &str) -> Option<&'static str> {
    if path == DOCUMENT {
        return Some(DOCUMENT);
    }
    let rest = path.strip_prefix(ROOT)?;
    (rest.is_empty() || rest.starts_with('/')).then_some(ROOT)
}

fn events() -> Response {
    let kind = [(CONTENT_TYPE, "text/markdown; charset=utf-8")];
    (kind, chat::vocabulary::reference()).into_response()
}

fn unauthorized() -> Response {
    let detail = "the documentation of this server wants a name and a password";
    let problem = Problem::new(StatusCode::UNAUTHORIZED, "unauthorized", detail);
    let mut answer = problem.into_response();
    let basic = HeaderValue::from_static("Basic realm=\"api-docs\", charset=\"UTF-8\"");
    answer.headers_mut().insert(WWW_AUTHENTICATE, basic);
    answer
}

#[cfg(test)]
mod tests;
