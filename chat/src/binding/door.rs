//! The way in: who is let in, and as whom.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};
use socketio::server::Auth;
use socketio::{ConnectError, Socket};
use tokio::sync::Semaphore;

use super::expiry::{Due, Expiry};
use super::install::Settings;
use crate::auth::{Credentials, Identity, Refusal, Verifier};
use crate::chat::Chat;
use crate::command::{Action, Command, Speaker};
use crate::failure::Failure;
use crate::ids::SocketId;

/// What is known about a socket.
#[derive(Debug)]
pub(super) struct Visitor {
    pub(super) identity: Arc<Identity>,
    /// The commands it may still have in flight.
    pub(super) permits: Arc<Semaphore>,
}

/// Decides who comes in.
pub(super) struct Door {
    pub(super) chat: Chat,
    pub(super) verifier: Arc<Verifier>,
    pub(super) settings: Settings,
    pub(super) expiry: Arc<Expiry>,
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
        let identity = Arc::new(self.identify(socket, auth).map_err(refused)?);
        if !identity.is_guest() {
            // "First sight of a valid token creates the user."
            let appearing = self
                .chat
                .act(&Speaker::new(Arc::clone(&identity)), Action::Appear)
                .await;
            appearing.map_err(|failure| failed(&failure))?;
        }
        let permits = Arc::new(Semaphore::new(self.chat.config().in_flight));
        socket.set_data(Visitor { identity, permits });
        Ok(())
    }

    fn identify(&self, socket: &Socket, auth: &Auth) -> Result<Identity, Refusal> {
        let handshake = socket.handshake();
        let header = |name: &str| {
            handshake
                .headers()
                .get(name)
                .and_then(|value| value.to_str().ok())
        };
        let token = match auth.parse::<Offer>().unwrap_or_default().token {
            Value::Null => None,
            Value::String(token) => Some(token),
            // Not a token, and not nothing either.
            other => Some(other.to_string()),
        };
        self.verifier.identify(&Credentials {
            auth: token.as_deref(),
            authorization: header("authorization"),
            query: handshake.query_value("token"),
            cookies: header("cookie"),
            origin: header("origin"),
            host: header("host"),
        })
    }

    /// The first event of every socket.
    pub(super) fn greet(&self, socket: &Socket) {
        let Some(visitor) = socket.data::<Visitor>() else {
            return;
        };
        if let Some(at) = visitor.identity.expires_at {
            socket.set_data(self.expiry.expect(at, socket));
        }
        let identity = &visitor.identity;
        let greeting = json!({
            "message": format!("Connected to {}", self.settings.service_name),
            "username": identity.username(),
            "user_id": identity.user,
            "socketId": socket.id(),
            "isLoggedIn": !identity.is_guest(),
        });
        // A socket that is gone already has nobody to greet.
        let _ = socket.emit("connected", &greeting);
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

fn refused(refusal: Refusal) -> ConnectError {
    ConnectError::new(refusal.message()).with_data(&refusal.data())
}

fn failed(failure: &Failure) -> ConnectError {
    ConnectError::new(failure.to_string()).with_data(&json!({ "code": failure.code().as_str() }))
}
