//! Where a request goes: health, what is for operators, Socket.IO by hand, the page, and the REST API.

use std::borrow::Cow;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::extract::MatchedPath;
use axum::response::{IntoResponse, Response};
use engineio::server::{Entrance, Peer};
use http::header::X_CONTENT_TYPE_OPTIONS;
use http::{HeaderValue, Method, Request, StatusCode, Uri};
use http_body_util::Either;
use hyper::body::Incoming;
use socketio::SocketIo;
use tower_service::Service;

use crate::docs_page::DocsPage;
use crate::health::Health;
use crate::internal::{Internals, Page};
use crate::metrics::{HttpRequest, Meters};
use crate::redact;
use crate::rest::{Logged, Problem};
use crate::web::Asset;

/// An answer: one buffer from Socket.IO, or whatever axum made.
pub(crate) type Answer = http::Response<Either<engineio::server::Body, Body>>;

/// What requests are counted as that no pattern of ours matches: clients choose those paths.
const OTHER: Cow<'static, str> = Cow::Borrowed("other");

/// Everything that answers requests of one listener. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Routes {
    pub(crate) health: Health,
    /// Where operators may ask.
    pub(crate) internals: Option<Internals>,
    /// Where clients may.
    pub(crate) public: Option<Public>,
    pub(crate) meters: Arc<Meters>,
}

/// What is for clients. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Public {
    pub(crate) io: SocketIo,
    pub(crate) rest: Router,
    /// The API to read.
    pub(crate) docs: DocsPage,
    /// Which listener it answers for.
    pub(crate) entrance: Entrance,
}

/// An answer, and the pattern of the address that gave it.
type Found = (Cow<'static, str>, Response);

impl Routes {
    /// Answers one request.
    pub(crate) async fn answer(&self, mut request: Request<Incoming>, peer: Peer) -> Answer {
        let begun = Instant::now();
        let (method, uri) = (request.method().clone(), request.uri().clone());
        let count = |route, status: StatusCode| HttpRequest {
            route,
            method: known(&method),
            status: status.as_u16().into(),
        };
        request.extensions_mut().insert(peer);
        let public = self.public.as_ref();
        if let Some(public) = public.filter(|public| public.io.matches(uri.path())) {
            request.extensions_mut().insert(public.entrance);
            // It logs what it refuses itself.
            let answer = public.io.serve(request).await;
            let counted = count(Cow::Borrowed("/socket.io/"), answer.status());
            self.meters.answered(counted, None);
            return answer.map(Either::Left);
        }
        let (route, mut response) = self.route(request.map(Body::new)).await;
        response
            .headers_mut()
            .insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        let counted = count(route, response.status());
        self.meters.answered(counted, Some(begun.elapsed()));
        log(&method, &uri, peer.addr, &response);
        response.map(Either::Right)
    }

    async fn route(&self, mut request: Request<Body>) -> Found {
        let path = request.uri().path();
        if let Some(answer) = self.health.answer(path).await {
            return ("/health".into(), only_reading(request.method(), answer));
        }
        if let (Some(internals), Some(page)) = (&self.internals, Page::at(path)) {
            let (method, headers) = (request.method(), request.headers());
            let answer = internals.answer(page, method, headers).await;
            return (page.route().into(), answer);
        }
        let Some(public) = &self.public else {
            return (OTHER, Problem::not_found().into_response());
        };
        if let Some(asset) = Asset::find(path) {
            let answer = asset.answer(request.headers());
            return ("/".into(), only_reading(request.method(), answer));
        }
        let docs = public
            .docs
            .answer(path, request.method(), request.headers());
        if let Some((route, answer)) = docs {
            return (route.into(), answer);
        }
        request.extensions_mut().insert(public.entrance);
        let Ok(mut response) = public.rest.clone().call(request).await;
        let matched = response.extensions_mut().remove::<MatchedPath>();
        let route = matched.map_or(OTHER, |path| {
            path.as_str().trim_end_matches('/').to_owned().into()
        });
        (route, response)
    }
}

fn only_reading(method: &Method, answer: Response) -> Response {
    if matches!(*method, Method::GET | Method::HEAD) {
        answer
    } else {
        Problem::method_not_allowed().into_response()
    }
}

/// Clients may make up methods.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        Method::PUT => "PUT",
        _ => "other",
    }
}

/// One line for each request that was not carried out. Never the query, which can hold a token, nor one in the path.
fn log(method: &Method, uri: &Uri, remote: SocketAddr, response: &Response) {
    let status = response.status();
    let path = redact::path(uri.path());
    if !(status.is_client_error() || status.is_server_error()) {
        tracing::debug!(%method, path, %remote, status = status.as_u16(), "request answered");
        return;
    }
    let logged = response.extensions().get::<Logged>();
    let Logged { code, reason } = logged.copied().unwrap_or_default();
    if status.is_server_error() && status != StatusCode::SERVICE_UNAVAILABLE {
        tracing::error!(%method, path, %remote, status = status.as_u16(), code, reason, "request failed");
    } else {
        tracing::info!(%method, path, %remote, status = status.as_u16(), code, reason, "request refused");
    }
}
