//! The events in words. What a vocabulary asks is also the table by which its events find it.
//!
//! One file for each vocabulary; `page` writes all of them down.

mod chats;
mod chatty;
mod messenger;
mod page;
mod platform;
mod shows;
#[cfg(test)]
mod tests;
mod words;

pub(super) use chats::CHATS;
pub(super) use chatty::CHATTY;
pub(super) use messenger::MESSENGER;
pub use page::reference;
pub(super) use platform::PLATFORM;
pub(super) use shows::SHOWS;
pub use words::{Ask, Hear, Reference};
