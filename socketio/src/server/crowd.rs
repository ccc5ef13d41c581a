//! Sockets for unit tests: real sessions, over polling, that nobody reads from.

use std::sync::Arc;

use bytes::Bytes;
use engineio::server::{Application, Client, Engine, Request, Session};
use engineio::{CloseReason, Message};
use http_body_util::Full;
use parking_lot::Mutex;

use super::handshake::{Auth, Handshake};
use super::link::Link;
use super::namespace::Namespace;
use super::socket::{Phase, Socket};

/// Hands out its sessions.
#[derive(Default)]
struct Sessions(Mutex<Vec<(Session, Arc<Request>)>>);

struct Idle;

impl Application for Sessions {
    type Client = Idle;

    fn open(&self, session: &Session, request: &Arc<Request>) -> Idle {
        self.0.lock().push((session.clone(), Arc::clone(request)));
        Idle
    }
}

impl Client for Idle {
    fn message(&mut self, _: Message) {}
    fn closed(&mut self, _: CloseReason) {}
}

/// A namespace with sockets that nobody reads from.
pub(crate) async fn crowd(size: usize) -> (Namespace, Vec<Socket>) {
    let engine = Engine::new(engineio::server::Config::default(), Sessions::default());
    for _ in 0..size {
        let request = http::Request::get("/engine.io/?EIO=4&transport=polling");
        engine
            .serve(request.body(Full::new(Bytes::new())).expect("a request"))
            .await;
    }
    let namespace = Namespace::new("/".into(), Arc::default(), Arc::default(), None);
    let sessions = std::mem::take(&mut *engine.application().0.lock());
    let sockets = sessions.into_iter().map(|(session, request)| {
        let handshake = Handshake::new(request, Auth::new(None));
        let socket = Socket::new(
            namespace.clone(),
            session,
            Arc::<Link>::default(),
            handshake,
        );
        socket.enter(Phase::Connected);
        namespace.rooms().admit(&socket, || {});
        socket
    });
    let sockets = sockets.collect();
    (namespace, sockets)
}
