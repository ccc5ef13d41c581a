//! What every route works with.

use std::sync::Arc;
use std::time::Duration;

use chat::auth::Verifier;
use chat::vocabulary;
use chat::{Action, Chat, Failure, Reply, Speaker};
use socketio::SocketIo;

use super::Problem;

/// The chat, and what decides who may call it. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Api {
    pub(crate) chat: Chat,
    pub(crate) verifier: Arc<Verifier>,
    pub(crate) io: SocketIo,
    /// How long the body of a request may take.
    pub(crate) body_timeout: Duration,
}

impl Api {
    /// Carries out an action; `expected` picks its reply out of all replies.
    pub(crate) async fn act<T>(
        &self,
        by: &Speaker,
        action: Action,
        expected: impl FnOnce(Reply) -> Option<T>,
    ) -> Result<T, Problem> {
        let reply = self.chat.act(by, action).await?;
        // A reply of another kind would be a mistake in the chat; the caller cannot help it.
        expected(reply).ok_or_else(|| Problem::from(Failure::Unavailable))
    }

    /// The vocabulary that a request wants its messages in; `chatty` when it does not say.
    pub(crate) fn vocabulary(name: Option<&str>) -> Result<chat::command::VocabularyId, Problem> {
        let name = name.unwrap_or("chatty");
        let known = vocabulary::by_name(name)
            .filter(|id| vocabulary::by_id(*id).is_some_and(|known| known.has_messages()));
        known.ok_or_else(|| Problem::field("vocabulary", "vocabulary is not one of this server's"))
    }
}
