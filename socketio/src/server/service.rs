//! The server as a tower service, and as a layer in front of one.

use std::convert::Infallible;
use std::fmt;
use std::future::{Future, Ready, ready};
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use engineio::server::Body;
use http::{Request, Response, StatusCode};
use http_body_util::Either;
use tower_layer::Layer;
use tower_service::Service;

use super::io::SocketIo;

/// Puts a [`SocketIo`] in front of a service, such as an axum router.
///
/// Give requests a [`Peer`](engineio::server::Peer) extension outside of it, or handshakes have no address.
#[derive(Debug, Clone)]
pub struct SocketIoLayer(SocketIo);

/// Answers the requests that are for Socket.IO and hands on the others.
#[derive(Debug, Clone)]
pub struct SocketIoService<S> {
    io: SocketIo,
    others: S,
}

impl SocketIo {
    /// The server as a layer: in axum, `router.layer(io.layer())`.
    #[must_use]
    pub fn layer(&self) -> SocketIoLayer {
        SocketIoLayer(self.clone())
    }

    /// The server as a service that answers 404 to what is not for it: in hyper,
    /// `TowerToHyperService::new(io.service())`.
    #[must_use]
    pub fn service(&self) -> SocketIoService<NotFound> {
        self.layer().layer(NotFound)
    }
}

impl<S> Layer<S> for SocketIoLayer {
    type Service = SocketIoService<S>;

    fn layer(&self, others: S) -> Self::Service {
        let io = self.0.clone();
        SocketIoService { io, others }
    }
}

/// What [`SocketIoService`] answers with.
type Answer<B, E> = Pin<Box<dyn Future<Output = Result<Response<Either<Body, B>>, E>> + Send>>;

impl<S, B, R> Service<Request<B>> for SocketIoService<S>
where
    S: Service<Request<B>, Response = Response<R>, Future: Send + 'static>,
    B: http_body::Body<Data = Bytes> + Send + 'static,
    R: 'static,
{
    type Response = Response<Either<Body, R>>;
    type Error = S::Error;
    type Future = Answer<R, S::Error>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.others.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        if !self.io.matches(request.uri().path()) {
            let answer = self.others.call(request);
            return Box::pin(async move { Ok(answer.await?.map(Either::Right)) });
        }
        let io = self.io.clone();
        Box::pin(async move { Ok(io.serve(request).await.map(Either::Left)) })
    }
}

/// A service that has nothing.
#[derive(Clone, Copy)]
pub struct NotFound;

impl<B> Service<Request<B>> for NotFound {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Ready<Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<B>) -> Self::Future {
        let mut response = Response::new(Body::default());
        *response.status_mut() = StatusCode::NOT_FOUND;
        ready(Ok(response))
    }
}

impl fmt::Debug for NotFound {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("NotFound")
    }
}
