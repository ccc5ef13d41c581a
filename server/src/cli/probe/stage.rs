//! Who speaks, and the room that is spoken in.

use serde_json::{Value, json};

use super::super::wire::{Answer, Dialer};
use super::args::Vocabulary;
use super::step::Outcome;

/// The room, and the handle of the user where one has to be named: made once, found again.
const NAME: &str = "roomcast-probe";

/// Who speaks, and where.
#[derive(Clone, Debug, Default)]
pub(super) struct Stage {
    /// The room.
    pub(super) room: String,
    /// The user whom `chatty` has to name.
    pub(super) user: String,
    /// The message that was sent last.
    pub(super) message: Value,
    /// What REST calls are made with.
    pub(super) token: Option<String>,
}

impl Stage {
    /// `GET /health`.
    pub(super) async fn health(dialer: &Dialer) -> Outcome {
        let answer = Answer::get("/health")
            .send(dialer)
            .await
            .map_err(|error| error.to_string())?;
        if !answer.status.is_success() {
            return Err(answer.summary());
        }
        let json = answer.json().unwrap_or_default();
        let text = |field: &str| {
            json.get(field)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let detail = format!("{} {}", text("status"), text("service"));
        Ok((detail.trim().to_owned(), json))
    }

    /// `POST /api/session/acquire`, also for the owner of a token.
    pub(super) async fn acquire(&mut self, dialer: &Dialer) -> Outcome {
        let body = json!({ "metadata": { "source": NAME } });
        let ask = Answer::post_json("/api/session/acquire", &body).bearer(self.token.as_deref());
        let mut session = created(ask.send(dialer).await.map_err(|error| error.to_string())?)?;
        let expires = session
            .get("expiresAt")
            .and_then(Value::as_str)
            .unwrap_or("?")
            .to_owned();
        let Some(Value::String(token)) = session.get("token").cloned() else {
            return Err("the answer has no token".to_owned());
        };
        let tail: String = token
            .chars()
            .skip(token.chars().count().saturating_sub(6))
            .collect();
        // A report is pasted into chats and tickets.
        session["token"] = format!("***{tail}").into();
        self.token = Some(token);
        Ok((format!("***{tail} until {expires}"), session))
    }

    /// `DELETE /api/session`: nobody needs it any more.
    pub(super) async fn release(&self, dialer: &Dialer) {
        let ask = Answer::delete("/api/session").bearer(self.token.as_deref());
        // Sessions end by themselves, too.
        let _ = ask.send(dialer).await;
    }

    /// The room, and the user where the vocabulary names one.
    pub(super) async fn furnish(&mut self, dialer: &Dialer, vocabulary: Vocabulary) -> Outcome {
        if vocabulary == Vocabulary::Chatty {
            self.user = self.find_user(dialer).await?;
        }
        let mut body = json!({ "id": NAME, "name": NAME, "kind": "public" });
        if !self.user.is_empty() {
            body["user_id"] = self.user.as_str().into();
        }
        let ask = Answer::post_json("/chatrooms/", &body).bearer(self.token.as_deref());
        let answer = ask.send(dialer).await.map_err(|error| error.to_string())?;
        NAME.clone_into(&mut self.room);
        if answer.status == http::StatusCode::CONFLICT {
            return Ok((format!("{NAME}, of an earlier time"), Value::Null));
        }
        Ok((NAME.to_owned(), created(answer)?))
    }

    /// The user of the token, else one of our own.
    async fn find_user(&self, dialer: &Dialer) -> Result<String, String> {
        let body = json!({ "name": NAME, "handle": NAME });
        let ask = Answer::post_json("/users/", &body).bearer(self.token.as_deref());
        let answer = ask.send(dialer).await.map_err(|error| error.to_string())?;
        if answer.status == http::StatusCode::CONFLICT {
            let target = format!("/users/?handle={NAME}");
            let ask = Answer::get(&target).bearer(self.token.as_deref());
            let found = created(ask.send(dialer).await.map_err(|error| error.to_string())?)?;
            return id(found.pointer("/items/0").unwrap_or(&Value::Null));
        }
        id(&created(answer)?)
    }

    /// `POST /messages/`, which is how `chatty` speaks.
    pub(super) async fn post(&self, dialer: &Dialer) -> Outcome {
        let body = json!({ "message_text": TEXT, "user_id": self.user, "chatroom_id": self.room, "is_reply": false });
        let ask = Answer::post_json("/messages/", &body).bearer(self.token.as_deref());
        let message = created(ask.send(dialer).await.map_err(|error| error.to_string())?)?;
        Ok((format!("seq {}", message["seq"]), message))
    }
}

/// What is said in the room.
pub(super) const TEXT: &str = "roomcast probe";

fn id(user: &Value) -> Result<String, String> {
    let id = user.get("id").and_then(Value::as_str);
    id.map(str::to_owned)
        .ok_or_else(|| format!("no user: {user}"))
}

fn created(answer: Answer) -> Result<Value, String> {
    if !answer.status.is_success() {
        return Err(answer.summary());
    }
    answer.json().ok_or_else(|| answer.summary())
}
