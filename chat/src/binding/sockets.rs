//! The way out: subscriptions are Socket.IO rooms, a notice is one broadcast per vocabulary that is present.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use data_encoding::HEXLOWER;
use socketio::server::Emitter;
use socketio::{Namespace, Socket, SocketIo};

use crate::auth::TokenHash;
use crate::command::VocabularyId;
use crate::failure::Failure;
use crate::ids::{RoomId, SocketId};
use crate::observer::Observer;
use crate::publisher::{Letter, Merging, Publication, Publisher, Subscription};
use crate::vocabulary::{self, Audience, Outgoing, Vocabulary};

/// The namespace of all vocabularies, and what clients ask for that put the path into the URL.
const NAMESPACES: [&str; 2] = ["/", "/socket.io"];

/// The sockets of a Socket.IO server, as the chat sees them.
pub struct Sockets {
    namespaces: [Namespace; NAMESPACES.len()],
    observer: Arc<dyn Observer>,
}

impl fmt::Debug for Sockets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sockets")
            .field("namespaces", &self.namespaces)
            .finish()
    }
}

impl Sockets {
    /// The chat's namespaces on that server.
    #[must_use]
    pub fn new(io: &SocketIo) -> Self {
        Self {
            namespaces: NAMESPACES.map(|name| io.of(name)),
            observer: Arc::new(()),
        }
    }

    /// The same, with somebody who counts.
    #[must_use]
    pub fn observed(self, observer: Arc<dyn Observer>) -> Self {
        Self { observer, ..self }
    }

    pub(super) fn namespaces(&self) -> &[Namespace] {
        &self.namespaces
    }

    /// How many sockets are connected.
    #[must_use]
    pub fn len(&self) -> usize {
        self.namespaces.iter().map(Namespace::len).sum()
    }

    /// Whether no socket is connected.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn socket(&self, id: &SocketId) -> Option<Socket> {
        let id = socketio::SocketId::decode(id.as_str())?;
        self.namespaces
            .iter()
            .find_map(|namespace| namespace.socket(id))
    }

    fn emit(&self, publication: &Publication, vocabulary: VocabularyId, outgoing: &Outgoing) {
        let rooms = publication.rooms.iter();
        let channels: Vec<String> = rooms.map(|room| channel(room, vocabulary)).collect();
        let origin = publication
            .socket
            .as_ref()
            .filter(|_| outgoing.to == Audience::OtherSockets);
        let origin = origin.and_then(|id| self.socket(id));
        for namespace in self.inhabited() {
            let emitter = match &origin {
                // Around its own sender is cheaper than an exception.
                Some(socket) if socket.namespace().name() == namespace.name() => {
                    socket.to(&*channels)
                }
                _ => namespace.to(&*channels),
            };
            let emitter = match outgoing.to {
                Audience::OtherUsers => publication
                    .own
                    .iter()
                    .fold(emitter, |emitter, id| emitter.except(id.as_str())),
                Audience::All | Audience::OtherSockets => emitter,
            };
            let emitter = if publication.is_passing {
                emitter.volatile()
            } else {
                emitter
            };
            self.broadcast(&emitter, outgoing);
        }
    }

    fn inhabited(&self) -> impl Iterator<Item = &Namespace> {
        self.namespaces
            .iter()
            .filter(|namespace| !namespace.is_empty())
    }

    /// Every socket is in the Socket.IO room of its own id.
    fn emit_to(&self, sockets: &[&str], outgoing: &Outgoing) {
        if sockets.is_empty() {
            return;
        }
        for namespace in self.inhabited() {
            self.broadcast(&namespace.to(sockets.to_vec()), outgoing);
        }
    }

    fn broadcast(&self, emitter: &Emitter, outgoing: &Outgoing) {
        let (event, payload) = (outgoing.event, &*outgoing.payload);
        let since = Instant::now();
        match emitter.emit(event, payload) {
            Ok(sockets) => self.observer.published(event, sockets, since.elapsed()),
            Err(error) => tracing::error!(event, %error, "broadcast failed"),
        }
    }
}

fn is_for(merging: Merging, vocabulary: &dyn Vocabulary) -> bool {
    match merging {
        Merging::Alone => true,
        Merging::Part => !vocabulary.says_who_is_there(),
        Merging::Whole => vocabulary.says_who_is_there(),
    }
}

/// The sockets that hear a notice as a personal matter.
fn personally(publication: &Publication, to: Audience) -> Vec<&str> {
    let sockets = publication.personal.iter().filter(|socket| match to {
        Audience::All => true,
        Audience::OtherSockets => publication.socket.as_ref() != Some(*socket),
        Audience::OtherUsers => !publication.own.contains(socket),
    });
    sockets.map(SocketId::as_str).collect()
}

/// The Socket.IO room of those who hear a room in a vocabulary. The colon keeps it apart from socket ids, which
/// are names of rooms too.
fn channel(room: &RoomId, vocabulary: VocabularyId) -> String {
    format!("{}:{room}", vocabulary.0)
}

/// The Socket.IO room of those who came with a session token. Without a colon: no room of the chat.
pub(super) fn session_room(session: TokenHash) -> String {
    format!("session-{}", HEXLOWER.encode(session.as_bytes()))
}

/// Ends a socket and tells it why. One that is gone by now needs not be told.
pub(super) fn end(socket: &Socket, failure: &Failure) {
    tracing::info!(socket = %socket.id(), reason = failure.details().as_ref(), "socket ended");
    let _ = socket.emit("error", vocabulary::error_event(failure, None, None));
    socket.disconnect(true);
}

impl Publisher for Sockets {
    fn subscribe(&self, subscription: &Subscription) {
        let Some(socket) = self.socket(&subscription.socket) else {
            return;
        };
        if let Err(error) = socket.join(channel(&subscription.room, subscription.vocabulary)) {
            // It has been told that it hears the room, so it must not stay and believe it.
            tracing::warn!(socket = %socket.id(), %error, "cannot be subscribed");
            socket.disconnect(true);
        }
    }

    fn unsubscribe(&self, subscription: &Subscription) {
        if let Some(socket) = self.socket(&subscription.socket) {
            socket.leave(channel(&subscription.room, subscription.vocabulary));
        }
    }

    fn publish(&self, publication: &Publication) {
        for id in vocabulary::ids().filter(|id| publication.present.contains(*id)) {
            let outgoing = vocabulary::by_id(id)
                .filter(|vocabulary| is_for(publication.merging, *vocabulary))
                .and_then(|vocabulary| vocabulary.notice(&publication.notice));
            if let Some(outgoing) = outgoing {
                self.emit(publication, id, &outgoing);
            }
        }
        if publication.personal.is_empty() {
            return;
        }
        if let Some(outgoing) = vocabulary::PERSONAL.notice(&publication.notice) {
            self.emit_to(&personally(publication, outgoing.to), &outgoing);
        }
    }

    fn tell(&self, letter: &Letter) {
        let vocabulary = match letter.vocabulary {
            Some(id) => vocabulary::by_id(id),
            None => Some(vocabulary::PERSONAL),
        };
        if let Some(outgoing) = vocabulary.and_then(|vocabulary| vocabulary.notice(&letter.notice))
        {
            let sockets: Vec<&str> = letter.sockets.iter().map(SocketId::as_str).collect();
            self.emit_to(&sockets, &outgoing);
        }
    }

    fn expel(&self, session: TokenHash) {
        let error = vocabulary::error_event(&Failure::SessionEnded, None, None);
        for namespace in self.inhabited() {
            let theirs = namespace.to(session_room(session));
            match theirs.emit("error", &error) {
                Ok(told) => tracing::debug!(told, reason = "session_ended", "sockets ended"),
                Err(error) => tracing::error!(%error, "broadcast failed"),
            }
            theirs.disconnect(true);
        }
    }
}
