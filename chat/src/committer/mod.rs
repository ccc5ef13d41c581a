//! Gives every command its place, commits, publishes.
//!
//! ```text
//! Chat::submit ─┐                        ┌─ subscribe, publish, answer
//! Chat::submit ─┼─ one bounded queue ─ committer ─ store.commit ─ announcer
//! Chat::submit ─┘       (order)         (rules)     (durable)     (same order)
//! ```
//!
//! One task drains the queue: everything that waits becomes one batch. For each batch it
//! 1. loads what the rules need and the cache has not (`cache`, `load`, `surroundings`),
//! 2. applies the commands one after the other, as plain functions on memory (`state`, `posting`, `entering`,
//!    `founding`, `sessions`, `corresponding`, `collecting`, `attending`, `gestures`; `telling` says who hears of it): each yields changes for the store, effects for the world, and an answer,
//! 3. commits all changes in one transaction (`batch`),
//! 4. hands effects and answers to the announcer (`announcer`), which carries them out in the same order while the
//!    next batch is being committed.
//!
//! When the commit fails, memory is taken back to where it was and every command is tried alone: a bad row fails
//! alone, and a store that takes no writes is an error to who wrote, and only to them.

mod announcer;
mod attending;
mod batch;
mod cache;
mod collecting;
mod corresponding;
mod entering;
mod footprint;
mod founding;
mod gestures;
mod load;
mod posting;
mod sessions;
mod state;
mod surroundings;
mod telling;
#[cfg(test)]
mod tests;

pub use batch::Answer;
pub(crate) use batch::{Item, Job, start};
