//! The server as a tower service.

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use socketio::SocketIo;
use tower_layer::Layer;
use tower_service::Service;

#[derive(Clone)]
struct Others;

impl Service<Request<Full<Bytes>>> for Others {
    type Response = Response<Full<Bytes>>;
    type Error = std::convert::Infallible;
    type Future = std::future::Ready<Result<Self::Response, Self::Error>>;

    fn poll_ready(
        &mut self,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Result<(), Self::Error>> {
        std::task::Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Full<Bytes>>) -> Self::Future {
        let path = request.uri().path().to_owned();
        std::future::ready(Ok(Response::new(Full::from(path))))
    }
}

fn get(path: &str) -> Request<Full<Bytes>> {
    Request::get(path).body(Full::default()).expect("a request")
}

#[tokio::test]
async fn a_layer_takes_what_is_for_it_and_hands_on_the_rest() {
    let io = SocketIo::builder().build();
    let mut service = io.layer().layer(Others);
    let other = service.call(get("/rest")).await.expect("answered");
    let body = other.into_body().collect().await.expect("a body");
    assert_eq!(body.to_bytes(), "/rest");
    let open = service.call(get("/socket.io/?EIO=4&transport=polling"));
    let open = open.await.expect("answered").into_body();
    let open = open.collect().await.expect("a body").to_bytes();
    assert!(open.starts_with(b"0{"));
}

#[tokio::test]
async fn alone_it_answers_404() {
    let mut service = SocketIo::builder().build().service();
    let answer = service.call(get("/rest")).await.expect("answered");
    assert_eq!(answer.status(), 404);
}
