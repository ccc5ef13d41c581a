//! Engine.IO's puppet: echoes every message, and obeys texts that start with `!`,
//! so that a test can make the server act. `../differential/reference/engineio.js` is the same.

use crate::accept::{accept, config};
use engineio::server::{Application, Client, Engine, Request, Session};
use engineio::{CloseReason, Frame, Message, Unit};
use std::collections::HashMap;
use std::error::Error;
use std::sync::{Arc, Mutex};
use tests::Options;
use tokio::net::TcpListener;

/// Serves for ever.
pub(crate) async fn serve(listener: TcpListener, options: &Options) -> Result<(), Box<dyn Error>> {
    let engine = Engine::new(config(options), Puppet::default());
    accept(listener, move |request| {
        let engine = engine.clone();
        async move {
            let ours = engine.matches(request.uri().path());
            if ours {
                Some(engine.serve(request).await)
            } else {
                None
            }
        }
    })
    .await
}

/// All sessions, those that are over, and who waits for one to be over.
#[derive(Default)]
struct Sessions {
    open: HashMap<String, Session>,
    ended: HashMap<String, CloseReason>,
    watchers: HashMap<String, Vec<Session>>,
}

#[derive(Clone, Default)]
struct Puppet(Arc<Mutex<Sessions>>);

struct PuppetClient {
    session: Session,
    puppet: Puppet,
}

impl Application for Puppet {
    type Client = PuppetClient;

    fn open(&self, session: &Session, _: &Arc<Request>) -> PuppetClient {
        let sid = session.id().as_str().to_owned();
        let mut sessions = self.0.lock().expect("nothing panics under it");
        sessions.open.insert(sid, session.clone());
        PuppetClient {
            session: session.clone(),
            puppet: self.clone(),
        }
    }
}

impl Client for PuppetClient {
    fn message(&mut self, message: Message) {
        match message {
            Message::Text(text) => match text.strip_prefix('!') {
                Some(command) => self.obey(command),
                None => say(&self.session, &text),
            },
            Message::Binary(bytes) => send(&self.session, Frame::binary(&bytes)),
        }
    }

    fn closed(&mut self, reason: CloseReason) {
        let sid = self.session.id().as_str();
        let mut sessions = self.puppet.0.lock().expect("nothing panics under it");
        sessions.open.remove(sid);
        sessions.ended.insert(sid.to_owned(), reason);
        for watcher in sessions.watchers.remove(sid).unwrap_or_default() {
            say(&watcher, &format!("closed {}", reason.as_str()));
        }
    }
}

impl PuppetClient {
    fn obey(&self, command: &str) {
        let mut words = command.splitn(3, ' ');
        let name = words.next().unwrap_or_default();
        let sid = words.next().unwrap_or(self.session.id().as_str());
        let rest = words.next().unwrap_or_default();
        match name {
            "close" => {
                if let Some(session) = self.other(sid) {
                    session.close(CloseReason::ForcedClose);
                }
            }
            "say" => {
                if let Some(session) = self.other(sid) {
                    say(&session, rest);
                }
            }
            "send" => {
                let count: usize = sid.parse().expect("a number of messages");
                (0..count).for_each(|i| say(&self.session, &i.to_string()));
            }
            "watch" => self.watch(sid),
            other => panic!("no command {other:?}"),
        }
    }

    fn other(&self, sid: &str) -> Option<Session> {
        let sessions = self.puppet.0.lock().expect("nothing panics under it");
        sessions.open.get(sid).cloned()
    }

    fn watch(&self, sid: &str) {
        let mut sessions = self.puppet.0.lock().expect("nothing panics under it");
        match sessions.ended.get(sid) {
            Some(reason) => say(&self.session, &format!("closed {}", reason.as_str())),
            None => {
                let watchers = sessions.watchers.entry(sid.to_owned()).or_default();
                watchers.push(self.session.clone());
            }
        }
    }
}

fn say(session: &Session, text: &str) {
    let write = |out: &mut Vec<u8>| out.extend_from_slice(text.as_bytes());
    send(session, Frame::text(text.len(), write));
}

fn send(session: &Session, frame: Frame) {
    // a session that is over drops it, as the reference does
    let _ = session.send(&Arc::new(Unit::new(frame)));
}
