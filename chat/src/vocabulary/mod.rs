//! The vocabularies: wire event to [`Command`](crate::Command), [`Notice`](crate::Notice) to wire event.
//!
//! A vocabulary only translates. Adding one is a file with a type that implements [`Vocabulary`] and a line in
//! [`VOCABULARIES`].
//!
//! * `translate` the trait and what it speaks of.
//! * `table` which vocabularies there are, and which event is whose.
//! * `reference` the events in words, which is also what they are found by.
//! * `refusal` how failures look, the same in all of them.
//! * `field` reading ids and texts out of payloads.
//! * `chatty` rooms over Socket.IO, everything else over REST.
//! * `messenger` personal and group messages, typing, delivery confirmations.
//! * `shows` rooms with history, presence list, check-ins and typing.
//! * `chats` read receipts, online status, automatic joining.
//! * `platform` commands to the server itself.

mod chats;
mod chatty;
mod field;
mod messenger;
mod platform;
mod reference;
mod refusal;
mod shows;
mod table;
#[cfg(test)]
mod tests;
mod translate;

pub use chats::Chats;
pub use chatty::Chatty;
pub use messenger::Messenger;
pub use platform::Platform;
pub use reference::{Ask, Hear, Reference, reference};
pub use refusal::{ack_failure, error_event};
pub use shows::Shows;
pub use table::{
    PERSONAL, VOCABULARIES, by_id, by_name, events, ids, is_personal, known_event, listening,
    message, of_event,
};
pub use translate::{
    Answered, Around, Asked, Audience, Caller, Outgoing, Said, Service, Surroundings, Vocabulary,
};
