//! Where a request goes: Socket.IO by hand, the page, the health answers, and the REST API.

use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use engineio::server::{Entrance, Peer};
use http::header::X_CONTENT_TYPE_OPTIONS;
use http::{HeaderValue, Method, Request, StatusCode, Uri};
use http_body_util::Either;
use hyper::body::Incoming;
use socketio::SocketIo;
use tower_service::Service;

use crate::health::Health;
use crate::rest::{Logged, Problem};
use crate::web::Asset;

/// An answer: one buffer from Socket.IO, or whatever axum made.
pub(crate) type Answer = http::Response<Either<engineio::server::Body, Body>>;

/// Longer addresses are cut in the log.
const MAX_LOGGED_PATH: usize = 200;

/// Everything that answers requests. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Routes {
    io: SocketIo,
    rest: Router,
    health: Health,
    /// Which listener it answers for.
    entrance: Entrance,
}

impl Routes {
    pub(crate) const fn new(
        io: SocketIo,
        rest: Router,
        health: Health,
        entrance: Entrance,
    ) -> Self {
        Self {
            io,
            rest,
            health,
            entrance,
        }
    }

    /// Answers one request.
    pub(crate) async fn answer(&self, mut request: Request<Incoming>, peer: Peer) -> Answer {
        request.extensions_mut().insert(peer);
        request.extensions_mut().insert(self.entrance);
        if self.io.matches(request.uri().path()) {
            // It logs what it refuses itself.
            return self.io.serve(request).await.map(Either::Left);
        }
        let (method, uri) = (request.method().clone(), request.uri().clone());
        let mut response = self.route(request.map(Body::new)).await;
        response
            .headers_mut()
            .insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        log(&method, &uri, peer.addr, &response);
        response.map(Either::Right)
    }

    async fn route(&self, request: Request<Body>) -> Response {
        let path = request.uri().path();
        if let Some(answer) = self.health.answer(path).await {
            return only_reading(request.method(), answer);
        }
        if let Some(asset) = Asset::find(path) {
            return only_reading(request.method(), asset.answer(request.headers()));
        }
        let Ok(response) = self.rest.clone().call(request).await;
        response
    }
}

fn only_reading(method: &Method, answer: Response) -> Response {
    if matches!(*method, Method::GET | Method::HEAD) {
        answer
    } else {
        Problem::method_not_allowed().into_response()
    }
}

/// One line for each request that was not carried out. Never the query: it can hold a token.
fn log(method: &Method, uri: &Uri, remote: SocketAddr, response: &Response) {
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return;
    }
    let path = uri.path().get(..MAX_LOGGED_PATH).unwrap_or(uri.path());
    let code = response
        .extensions()
        .get::<Logged>()
        .map_or("", |logged| logged.0);
    if status.is_server_error() && status != StatusCode::SERVICE_UNAVAILABLE {
        tracing::error!(%method, path, %remote, status = status.as_u16(), code, "request failed");
    } else {
        tracing::info!(%method, path, %remote, status = status.as_u16(), code, "request refused");
    }
}
