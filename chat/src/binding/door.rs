//! The way in: who is let in, and as whom.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Deserialize;
use serde_json::{Value, json};
use socketio::server::Auth;
use socketio::{ConnectError, Namespace, Socket};
use tokio::sync::Semaphore;

use super::expiry::{Due, Expiry};
use super::install::Settings;
use crate::auth::{Credentials, Identity, Refusal, Verifier};
use crate::chat::Chat;
use crate::command::{Action, Command, Connect, Reply, Speaker};
use crate::failure::Failure;
use crate::ids::SocketId;
use crate::vocabulary;

/// The characters of a token that are ever shown.
const TAIL: usize = 6;

/// What is known about a socket.
#[derive(Debug)]
pub(super) struct Visitor {
    pub(super) identity: Arc<Identity>,
    /// The commands it may still have in flight.
    pub(super) permits: Arc<Semaphore>,
    /// The last characters of its token.
    pub(super) token_tail: Option<String>,
    /// It has asked for what was kept for its user.
    pub(super) has_collected: AtomicBool,
}

impl Visitor {
    /// Asks once for what was kept while nobody was there who could have heard it.
    pub(super) async fn collect(&self, chat: &Chat, socket: &Socket) {
        if !self.identity.is_guest() && !self.has_collected.swap(true, Ordering::Relaxed) {
            let by = Speaker::new(Arc::clone(&self.identity));
            collect(chat.clone(), by, SocketId::from(socket.id().as_str())).await;
        }
    }
}

/// A handful is handed over at a time, so that other people's commands are not held up.
async fn collect(chat: Chat, by: Speaker, socket: SocketId) {
    let (again, speaker) = (chat.clone(), by.clone());
    let action = Action::Collect(socket.clone());
    let answer = move |answer| {
        let mut answer: Result<Reply, Failure> = answer;
        tokio::spawn(async move {
            while matches!(answer, Ok(Reply::Collected { more: true })) {
                let action = Action::Collect(socket.clone());
                answer = again.act(&speaker, action).await;
            }
        });
    };
    let command = Command { by, action };
    chat.enqueue(command, Box::new(answer)).await;
}

/// Decides who comes in.
pub(super) struct Door {
    pub(super) chat: Chat,
    pub(super) verifier: Arc<Verifier>,
    pub(super) settings: Settings,
    pub(super) expiry: Arc<Expiry>,
    pub(super) namespaces: Vec<Namespace>,
}

/// The part of CONNECT's payload that matters. Other fields are the application's own.
#[derive(Deserialize, Default)]
struct Offer {
    #[serde(default)]
    token: Value,
}

impl Door {
    /// The middleware of CONNECT.
    pub(super) async fn admit(&self, socket: &Socket, auth: &Auth) -> Result<(), ConnectError> {
        let identified = self.identify(socket, auth).await;
        let (identity, token_tail) = identified.map_err(|refusal| self.refused(refusal))?;
        let identity = Arc::new(identity);
        if !identity.is_guest() {
            // "First sight of a valid token creates the user."
            let appearing = self
                .chat
                .act(&Speaker::new(Arc::clone(&identity)), Action::Appear)
                .await;
            appearing.map_err(|failure| failed(&failure))?;
        }
        let permits = Arc::new(Semaphore::new(self.chat.config().in_flight));
        socket.set_data(Visitor {
            identity,
            permits,
            token_tail,
            has_collected: AtomicBool::new(false),
        });
        Ok(())
    }

    /// Who it is, and the last characters of the token that says so.
    async fn identify(
        &self,
        socket: &Socket,
        auth: &Auth,
    ) -> Result<(Identity, Option<String>), Refusal> {
        let handshake = socket.handshake();
        let token = match auth.parse::<Offer>().unwrap_or_default().token {
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
        let token = self.verifier.token(&credentials);
        Ok((identity, token.map(|(_, token)| tail(token))))
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
        let greeting = json!({
            "message": format!("Connected to {}{}", settings.service_name, settings.greeting_tail),
            "username": identity.username(),
            "user_id": id,
            "socketId": socket.id(),
            "isLoggedIn": !identity.is_guest(),
        });
        // A socket that is gone already has nobody to greet.
        let _ = socket.emit("connected", &greeting);
        let by = Speaker::new(Arc::clone(identity));
        let action = Action::Connect(Connect {
            socket: SocketId::from(socket.id().as_str()),
            auto_join: vocabulary::listening().filter(|_| settings.auto_join),
        });
        // Its place in the order is what counts: every event of the socket comes after it.
        self.chat
            .enqueue(Command { by, action }, Box::new(|_| {}))
            .await;
        if settings.collects {
            visitor.collect(&self.chat, socket).await;
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
        let by = Speaker::new(Arc::clone(&visitor.identity));
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
