//! The server that the public Engine.IO protocol suite asks for: it echoes every message.
//!
//! `cargo run -p engineio --example conformance -- PORT` (3000 when no port is named).

use std::{net::Ipv4Addr, sync::Arc, time::Duration};

use engineio::{
    CloseReason, Frame, Message, Unit,
    server::{Admission, Application, Client, Config, Cors, Engine, Peer, Request, Session},
};
use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

struct Echo;

struct EchoClient(Session);

impl Application for Echo {
    type Client = EchoClient;

    fn open(&self, session: &Session, _request: &Arc<Request>) -> EchoClient {
        EchoClient(session.clone())
    }
}

impl Client for EchoClient {
    fn message(&mut self, message: Message) {
        let frame = match message {
            Message::Text(text) => {
                Frame::text(text.len(), |out| out.extend_from_slice(text.as_bytes()))
            }
            Message::Binary(data) => Frame::binary(&data),
        };
        // A client that does not read its echoes is cut by the engine.
        let _ = self.0.send(&Arc::new(Unit::new(frame)));
    }

    fn closed(&mut self, _reason: CloseReason) {}
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let port = std::env::args()
        .nth(1)
        .map_or(Ok(3000), |port| port.parse())?;
    let config = Config {
        ping_interval: Duration::from_millis(300),
        ping_timeout: Duration::from_millis(200),
        max_payload: 1_000_000,
        cors: Cors::Any,
        // Load tests come from one address.
        admission: Admission::unlimited(),
        ..Config::default()
    };
    let engine = Engine::new(config, Echo);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    eprintln!("listening on http://{}/engine.io/", listener.local_addr()?);
    loop {
        let (stream, addr) = listener.accept().await?;
        let engine = engine.clone();
        let service = service_fn(move |mut request: hyper::Request<_>| {
            let engine = engine.clone();
            request.extensions_mut().insert(Peer {
                addr,
                secure: false,
            });
            async move {
                if engine.matches(request.uri().path()) {
                    return Ok::<_, std::convert::Infallible>(engine.serve(request).await);
                }
                let mut response = hyper::Response::new(engineio::server::Body::default());
                *response.status_mut() = hyper::StatusCode::NOT_FOUND;
                Ok(response)
            }
        });
        tokio::spawn(async move {
            // A connection that fails concerns nobody else.
            let _ = http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .with_upgrades()
                .await;
        });
    }
}
