//! The way through: an event becomes a command, a reply becomes events and an ack.

use std::sync::Arc;

use socketio::{Ack, Event, Socket};
use tokio::sync::OwnedSemaphorePermit;

use super::door::Visitor;
use crate::chat::Chat;
use crate::command::{Action, Command, Reply, Speaker, VocabularyId};
use crate::failure::Failure;
use crate::ids::SocketId;
use crate::vocabulary::{self, Answered, Asked, Caller, Vocabulary};

/// Characters of an event's name that the log shows: peers choose it.
const LOGGED_NAME: usize = 64;

/// Handles every event of every vocabulary, and every event of none.
///
/// The handler ends when the command has its place in the queue; the answer comes from there. Whatever is
/// refused here takes the same way, so that the answers of one socket are in the order of its events.
pub(super) async fn handle(chat: &Chat, socket: Socket, event: Event, ack: Ack) {
    let Some(visitor) = socket.data::<Visitor>() else {
        return;
    };
    let vocabulary = vocabulary::of_event(event.name());
    let asked = vocabulary.map_or(Err(Failure::UnknownEvent), |id| {
        understand(&socket, &event, id)
    });
    let Asked { named, action } = asked.unwrap_or_else(|failure| Asked {
        named: None,
        action: Action::Refuse(failure),
    });
    // Closed never: the semaphore lives as long as the visitor.
    let Ok(permit) = Arc::clone(&visitor.permits).acquire_owned().await else {
        return;
    };
    if vocabulary.is_some_and(vocabulary::is_personal) {
        visitor.collect(chat, &socket).await;
    }
    let by = Speaker {
        identity: Arc::clone(&visitor.identity),
        named,
    };
    let origin = Origin {
        socket,
        event,
        ack,
        vocabulary,
        _permit: permit,
    };
    chat.enqueue(
        Command { by, action },
        Box::new(move |result| origin.answer(result)),
    )
    .await;
}

fn understand(socket: &Socket, event: &Event, vocabulary: VocabularyId) -> Result<Asked, Failure> {
    let caller = Caller {
        socket: &SocketId::from(socket.id().as_str()),
        vocabulary,
    };
    let translator = vocabulary::by_id(vocabulary).ok_or(Failure::UnknownEvent)?;
    translator.ask(event.name(), event.args().values().first().copied(), caller)
}

/// An event that waits for its answer.
struct Origin {
    socket: Socket,
    event: Event,
    ack: Ack,
    vocabulary: Option<VocabularyId>,
    _permit: OwnedSemaphorePermit,
}

impl Origin {
    /// Nothing can be done for a socket that is gone by now, so sending is not checked.
    fn answer(self, result: Result<Reply, Failure>) {
        let vocabulary = self.vocabulary.and_then(vocabulary::by_id);
        if let Err(failure) = &result {
            self.log(failure);
        }
        match result {
            Ok(reply) => self.say(vocabulary, &reply),
            Err(failure) if self.ack.is_expected() => {
                let _ = self.ack.send(vocabulary::ack_failure(&failure, vocabulary));
            }
            Err(failure) => {
                let error = vocabulary::error_event(&failure, vocabulary, Some(self.event.name()));
                let _ = self.socket.emit("error", &error);
            }
        }
    }

    /// One line for every refusal, without the payload.
    fn log(&self, failure: &Failure) {
        let name = self.event.name().chars().take(LOGGED_NAME);
        let event: String = name.flat_map(char::escape_debug).collect();
        tracing::info!(
            socket = %self.socket.id(), event, code = failure.code().as_str(), reason = %failure,
            "event refused"
        );
    }

    fn say(self, vocabulary: Option<&dyn Vocabulary>, reply: &Reply) {
        let answered = Answered {
            event: self.event.name(),
            reply,
        };
        let said = vocabulary
            .map(|vocabulary| vocabulary.reply(answered))
            .unwrap_or_default();
        for (event, payload) in &said.events {
            let _ = self.socket.emit(event, &**payload);
        }
        if self.ack.is_expected() {
            let _ = self.ack.send(said.into_ack());
        }
    }
}
