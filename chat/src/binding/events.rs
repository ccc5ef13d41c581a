//! The way through: an event becomes a command, a reply becomes events and an ack.

use std::sync::Arc;
use std::time::Instant;

use serde_json::value::RawValue;
use socketio::{Ack, Event, Namespace, Socket};
use tokio::sync::OwnedSemaphorePermit;

use super::door::{Door, Visitor};
use crate::command::{Action, Command, Reply, Speaker, VocabularyId};
use crate::failure::Failure;
use crate::ids::SocketId;
use crate::time::Timestamp;
use crate::vocabulary::{self, Answered, Around, Asked, Caller, Surroundings, Vocabulary};

/// Characters of an event's name that the log shows: peers choose it.
const LOGGED_NAME: usize = 64;

/// Handles every event of every vocabulary, and every event of none.
///
/// The handler ends when the command has its place in the queue; the answer comes from there. Whatever is
/// refused here takes the same way, so that the answers of one socket are in the order of its events.
pub(super) async fn handle(door: &Arc<Door>, socket: Socket, event: Event, ack: Ack) {
    let since = Instant::now();
    let chat = &door.chat;
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
        door.collect(&visitor, &socket).await;
    }
    let by = Speaker {
        named,
        ..door.speaker(&visitor.identity)
    };
    let origin = Origin {
        door: Arc::clone(door),
        socket,
        event,
        ack,
        vocabulary,
        since,
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
    // No vocabulary has a place for bytes, and what stands for them in the payload would be taken for an object.
    if !event.args().attachments().is_empty() {
        return Err(Failure::invalid("", "binary data is not taken here"));
    }
    let translator = vocabulary::by_id(vocabulary).ok_or(Failure::UnknownEvent)?;
    translator.ask(event.name(), event.args().values().first().copied(), caller)
}

/// An event that waits for its answer.
struct Origin {
    door: Arc<Door>,
    socket: Socket,
    event: Event,
    ack: Ack,
    vocabulary: Option<VocabularyId>,
    /// When it arrived.
    since: Instant,
    _permit: OwnedSemaphorePermit,
}

impl Origin {
    /// Nothing can be done for a socket that is gone by now, so sending is not checked.
    fn answer(self, result: Result<Reply, Failure>) {
        let vocabulary = self.vocabulary.and_then(vocabulary::by_id);
        let refused = result.as_ref().err();
        if let Some(failure) = refused {
            self.log(failure);
        }
        let name = vocabulary::known_event(self.event.name());
        let observer = &self.door.chat.config().observer;
        observer.answered(name, refused, self.since.elapsed());
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

    /// One line for a refusal, without the payload; of a flood only some, with how many there were beside them.
    fn log(&self, failure: &Failure) {
        let Some(visitor) = self.socket.data::<Visitor>() else {
            return;
        };
        let Some(left_out) = visitor.refusals.line(Instant::now()) else {
            return;
        };
        let name = self.event.name().chars().take(LOGGED_NAME);
        let event: String = name.flat_map(char::escape_debug).collect();
        tracing::info!(
            session = self.socket.session().number(), socket = %self.socket.id(), event, code = failure.code().as_str(), reason = %failure, left_out,
            "event refused"
        );
    }

    fn say(self, vocabulary: Option<&dyn Vocabulary>, reply: &Reply) {
        let answered = Answered {
            event: self.event.name(),
            surroundings: &self,
            reply,
        };
        let said = vocabulary
            .map(|vocabulary| vocabulary.reply(answered))
            .unwrap_or_default();
        for (event, payload) in &said.events {
            // Nothing can be done for a socket that is gone by now.
            let _ = self.socket.emit(event, &**payload);
        }
        if self.ack.is_expected() {
            let _ = self.ack.send(said.into_ack());
        }
    }
}

impl Surroundings for Origin {
    fn payload(&self) -> Option<&RawValue> {
        self.event.args().values().first().copied()
    }

    fn look(&self) -> Around {
        let visitor = self.socket.data::<Visitor>();
        let known = visitor.as_ref().map(|visitor| &visitor.identity);
        let known = known.filter(|identity| !identity.is_guest());
        let settings = &self.door.settings;
        Around {
            socket: self.socket.id().to_string(),
            transport: self.socket.session().transport().as_str(),
            connections: self.door.namespaces.iter().map(Namespace::len).sum(),
            rooms: rooms(&self.socket),
            user: known.map(|identity| identity.user.clone()),
            token_tail: visitor
                .as_ref()
                .and_then(|visitor| visitor.token_tail.clone()),
            service: settings.service.clone(),
            now: Timestamp::now(),
        }
    }
}

/// The room of its own id, and the chat's rooms whatever the vocabulary it hears them in.
fn rooms(socket: &Socket) -> Vec<String> {
    let own = socket.id().to_string();
    let joined = socket.rooms();
    let mut rooms: Vec<String> = joined
        .iter()
        .filter_map(|room| room.as_str().split_once(':'))
        .map(|(_, room)| room.to_owned())
        .collect();
    rooms.sort_unstable();
    rooms.dedup();
    rooms.insert(0, own);
    rooms
}
