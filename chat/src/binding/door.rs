//! The way in: who is let in, and as whom.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use socketio::server::Auth;
use socketio::{ConnectError, Namespace, Socket};
use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::expiry::{Due, Expiry};
use super::handover::Handover;
use super::install::Settings;
use super::refusals::Refusals;
use super::sockets::{end, session_room};
use crate::auth::{Credentials, Identity, Refusal, TokenHash, Verifier};
use crate::chat::Chat;
use crate::command::{Action, Command, Connect, Reply, Speaker};
use crate::config::AuthPolicy;
use crate::failure::Failure;
use crate::ids::{SocketId, UserId};
use crate::vocabulary;

/// The characters of a token that are ever shown.
const TAIL: usize = 6;

/// How long somebody is read about before they are let in all the same: half of what a socket has for CONNECT.
const PATIENCE: Duration = Duration::from_secs(20);

/// What is known about a socket.
#[derive(Debug)]
pub(super) struct Visitor {
    pub(super) identity: Arc<Identity>,
    /// The commands it may still have in flight.
    pub(super) permits: Arc<Semaphore>,
    /// The last characters of its token.
    pub(super) token_tail: Option<String>,
    /// Its token, if this server made it.
    session: Option<TokenHash>,
    /// It has asked for what was kept for its user, if it is anybody's.
    pub(super) has_collected: AtomicBool,
    /// What the log says of its refusals.
    pub(super) refusals: Refusals,
}

/// What a socket says about who it is.
struct Shown {
    identity: Identity,
    tail: Option<String>,
    session: Option<TokenHash>,
}

/// Decides who comes in.
pub(super) struct Door {
    pub(super) chat: Chat,
    pub(super) verifier: Arc<Verifier>,
    pub(super) settings: Settings,
    pub(super) expiry: Arc<Expiry>,
    pub(super) namespaces: Vec<Namespace>,
}

/// One door for each listener.
pub(super) struct Doors {
    pub(super) first: Arc<Door>,
    pub(super) others: Vec<Arc<Door>>,
}

impl Doors {
    /// The one that a socket came by.
    pub(super) fn of(&self, socket: &Socket) -> Arc<Door> {
        let number = usize::from(socket.handshake().entrance().0);
        let other = number
            .checked_sub(1)
            .and_then(|place| self.others.get(place));
        Arc::clone(other.unwrap_or(&self.first))
    }
}

/// The part of CONNECT's payload that matters. Other fields are the application's own.
#[derive(Deserialize, Default)]
struct Offer {
    #[serde(default)]
    token: Value,
    /// Who speaks, in open mode.
    #[serde(default)]
    user_id: Value,
}

/// What `connected` carries, in the order in which the applications show it.
#[derive(Serialize)]
struct Greeting<'a> {
    message: String,
    username: &'a str,
    user_id: Value,
    #[serde(rename = "socketId")]
    socket_id: socketio::SocketId,
    #[serde(rename = "isLoggedIn")]
    is_logged_in: bool,
}

impl Door {
    /// The middleware of CONNECT.
    pub(super) async fn admit(&self, socket: &Socket, auth: &Auth) -> Result<(), ConnectError> {
        let identified = self.identify(socket, auth).await;
        let shown = identified.map_err(|refusal| self.refused(refusal))?;
        let identity = Arc::new(shown.identity);
        if !identity.is_guest() {
            let approached = self.approach(&self.speaker(&identity)).await;
            approached.map_err(|failure| failed(&failure))?;
        }
        let has_collected = identity.is_guest() || self.settings.collects;
        let permits = Arc::new(Semaphore::new(self.chat.config().in_flight));
        socket.set_data(Visitor {
            identity,
            permits,
            token_tail: shown.tail,
            session: shown.session,
            has_collected: AtomicBool::new(has_collected),
            refusals: Refusals::default(),
        });
        Ok(())
    }

    /// Somebody who came in here, as themselves.
    pub(super) fn speaker(&self, identity: &Arc<Identity>) -> Speaker {
        Speaker::new(Arc::clone(identity)).under(self.verifier.policy())
    }

    /// "First sight of a valid token creates the user." Who has thousands of rooms takes a while to come near.
    async fn approach(&self, by: &Speaker) -> Result<(), Failure> {
        let end = Instant::now() + PATIENCE;
        loop {
            match self.chat.act(by, Action::Approach).await {
                Ok(Reply::Approached { is_near: false }) if Instant::now() < end => {}
                Ok(Reply::Approached { is_near: false }) => {
                    tracing::warn!(user = %by.identity.user, "let in before all of their rooms are read");
                    return Ok(());
                }
                Ok(_) => return Ok(()),
                // Who exists is let in: what cannot be read is who else hears of it.
                Err(failure) => {
                    self.chat.act(by, Action::Appear).await?;
                    tracing::warn!(user = %by.identity.user, %failure, "let in without their rooms");
                    return Ok(());
                }
            }
        }
    }

    async fn identify(&self, socket: &Socket, auth: &Auth) -> Result<Shown, Refusal> {
        let handshake = socket.handshake();
        let offer = auth.parse::<Offer>().unwrap_or_default();
        let token = match offer.token {
            Value::Null => None,
            Value::String(token) => Some(token),
            // Not a token, and not nothing either.
            other => Some(other.to_string()),
        };
        let query = handshake.query_value("token");
        let credentials = Credentials {
            auth: token.as_deref(),
            authorization: handshake.header("authorization"),
            query: query.as_deref(),
            cookies: handshake.header("cookie"),
            origin: handshake.header("origin"),
            host: handshake.header("host"),
        };
        let identity = self.chat.identify(&self.verifier, &credentials).await?;
        // A stale cookie is ignored in open mode. Of all guests only those of sessions have an end.
        let counts = !identity.is_guest() || identity.expires_at.is_some();
        let token = self.verifier.token(&credentials).filter(|_| counts);
        let session = self.verifier.session_token(&credentials);
        let session = session.filter(|_| counts);
        Ok(Shown {
            identity: self.named(identity, &offer.user_id).await,
            tail: token.map(|(_, token)| tail(token)),
            session: session.map(|(_, token)| TokenHash::of(token)),
        })
    }

    /// "In open mode `user_id` is who speaks", for the whole connection when CONNECT says so. An id that nobody has
    /// is taken for the application's own.
    async fn named(&self, identity: Identity, user: &Value) -> Identity {
        let has_token = !identity.is_guest() || identity.expires_at.is_some();
        let id = match user {
            Value::String(id) => id.clone(),
            Value::Number(id) => id.to_string(),
            _ => return identity,
        };
        if has_token || self.verifier.policy() == AuthPolicy::Required {
            return identity;
        }
        match self.chat.user(&UserId::from(id)).await {
            Ok(user) => Identity {
                username: user.username,
                ..Identity::known(user.id, user.name)
            },
            Err(_) => identity,
        }
    }

    /// A session may be given back while its socket is on its way in.
    async fn watch(&self, socket: &Socket, session: TokenHash) {
        let watched = socket.join(session_room(session)).is_ok();
        if !watched || !self.chat.has_session(session).await {
            end(socket, &Failure::SessionEnded);
        }
    }

    /// The first event of every socket.
    pub(super) async fn greet(&self, socket: &Socket) {
        let Some(visitor) = socket.data::<Visitor>() else {
            return;
        };
        if let Some(at) = visitor.identity.expires_at {
            socket.set_data(self.expiry.expect(at, socket));
        }
        let identity = &visitor.identity;
        let settings = &self.settings;
        let number = identity.user.as_number().filter(|_| settings.numeric_ids);
        let id = number.map_or_else(|| Value::from(identity.user.as_str()), Value::from);
        let greeting = Greeting {
            message: format!(
                "Connected to {}{}",
                settings.service_name, settings.greeting_tail
            ),
            username: identity.username(),
            user_id: id,
            socket_id: socket.id(),
            is_logged_in: !identity.is_guest(),
        };
        // A socket that is gone already has nobody to greet.
        let _ = socket.emit("connected", &greeting);
        if let Some(session) = visitor.session {
            self.watch(socket, session).await;
        }
        let by = self.speaker(identity);
        let action = Action::Connect(Connect {
            socket: SocketId::from(socket.id().as_str()),
            auto_join: vocabulary::listening().filter(|_| settings.auto_join),
            session: visitor.session,
            collects: settings.collects && !identity.is_guest(),
        });
        let handover = self.handover(&visitor, socket).go_on();
        // Its place in the order is what counts: every event of the socket comes after it.
        self.chat.enqueue(Command { by, action }, handover).await;
    }

    fn handover(&self, visitor: &Visitor, socket: &Socket) -> Handover {
        Handover {
            chat: self.chat.clone(),
            by: self.speaker(&visitor.identity),
            socket: socket.clone(),
        }
    }

    /// Asks once for what was kept while nobody was there who could have heard it.
    pub(super) async fn collect(&self, visitor: &Visitor, socket: &Socket) {
        if !visitor.has_collected.swap(true, Ordering::Relaxed) {
            self.handover(visitor, socket).begin().await;
        }
    }

    fn refused(&self, refusal: Refusal) -> ConnectError {
        let message = self.settings.refusal.unwrap_or(refusal.message());
        ConnectError::new(message).with_data(&refusal.data())
    }

    /// The last thing about every socket.
    pub(super) async fn see_off(&self, socket: &Socket) {
        let Some(visitor) = socket.data::<Visitor>() else {
            return;
        };
        if let Some(due) = socket.data::<Due>() {
            self.expiry.forget(*due);
        }
        let by = self.speaker(&visitor.identity);
        let action = Action::Disconnect(SocketId::from(socket.id().as_str()));
        self.chat
            .enqueue(Command { by, action }, Box::new(|_| {}))
            .await;
    }
}

/// Enough of a token to tell it from another, and too little to use it.
fn tail(token: &str) -> String {
    let skipped = token.chars().count().saturating_sub(TAIL);
    token.chars().skip(skipped).collect()
}

fn failed(failure: &Failure) -> ConnectError {
    ConnectError::new(failure.to_string()).with_data(&json!({ "code": failure.code().as_str() }))
}
