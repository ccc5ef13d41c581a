//! Which vocabularies there are, and which event is whose.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use serde_json::value::RawValue;

use super::chats::Chats;
use super::chatty::Chatty;
use super::messenger::Messenger;
use super::platform::Platform;
use super::shows::Shows;
use super::translate::Vocabulary;
use crate::command::VocabularyId;
use crate::model::{Message, User};

/// All of them. The place of a vocabulary is its [`VocabularyId`] while the process runs; nothing stores it.
pub static VOCABULARIES: &[&dyn Vocabulary] = &[&Chatty, &Messenger, &Shows, &Chats, &Platform];

/// The one in which personal matters are heard by sockets that have not joined the direct room.
pub static PERSONAL: &dyn Vocabulary = &Messenger;

static EVENTS: LazyLock<FxHashMap<&'static str, VocabularyId>> = LazyLock::new(|| {
    let all = ids().filter_map(|id| Some((id, by_id(id)?)));
    all.flat_map(|(id, vocabulary)| vocabulary.events().iter().map(move |ask| (ask.event, id)))
        .collect()
});

/// Every vocabulary's id.
pub fn ids() -> impl Iterator<Item = VocabularyId> {
    (0..u8::try_from(VOCABULARIES.len()).unwrap_or(u8::MAX)).map(VocabularyId)
}

/// A vocabulary.
#[must_use]
pub fn by_id(id: VocabularyId) -> Option<&'static dyn Vocabulary> {
    VOCABULARIES.get(usize::from(id.0)).copied()
}

/// A vocabulary by its name.
#[must_use]
pub fn by_name(name: &str) -> Option<VocabularyId> {
    ids().find(|id| by_id(*id).is_some_and(|vocabulary| vocabulary.name() == name))
}

/// The vocabulary of chats that are heard without having been joined.
#[must_use]
pub fn listening() -> Option<VocabularyId> {
    by_name(Chats.name())
}

/// Whether events of a vocabulary show that its client understands personal messages.
#[must_use]
pub fn is_personal(id: VocabularyId) -> bool {
    by_id(id).is_some_and(|vocabulary| vocabulary.name() == PERSONAL.name())
}

/// The vocabulary that a client's event belongs to.
#[must_use]
pub fn of_event(event: &str) -> Option<VocabularyId> {
    EVENTS.get(event).copied()
}

/// The names of all events that clients may send, in no order.
pub fn events() -> impl Iterator<Item = &'static str> {
    EVENTS.keys().copied()
}

/// The name of an event, as the table has it.
#[must_use]
pub fn known_event(event: &str) -> Option<&'static str> {
    EVENTS.get_key_value(event).map(|(name, _)| *name)
}

/// A message as REST shows it in a vocabulary.
#[must_use]
pub fn message(id: VocabularyId, message: &Message, sender: &User) -> Option<Box<RawValue>> {
    by_id(id)?.message(message, sender)
}
