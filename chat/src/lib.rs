//! The chat of Roomcast: one domain (users, rooms, members, messages), several vocabularies over it.
//!
//! | file | what it is |
//! |---|---|
//! | `ids`, `time`, `model` | plain values |
//! | `auth` | from tokens to an identity |
//! | `command`, `failure` | what goes in, what comes out, what is refused |
//! | `room`, `presence`, `roll`, `typing`, `burst`, `limit` | the rules, pure; `ledger` is what they keep their rows in, `weight` what messages weigh |
//! | `committer` | gives every command its place, commits, publishes |
//! | `store` | where it is kept |
//! | `chat`, `reads`, `identify` | [`Chat`]: the door for REST and for sockets |
//! | `observer` | what happens, for whoever counts it |
//! | `vocabulary` | wire event to [`Command`], [`Notice`] to wire event |
//! | `binding` | the only file that knows Socket.IO |

pub mod auth;
pub mod binding;
mod burst;
mod chat;
pub mod command;
mod committer;
mod config;
mod failure;
mod identify;
mod ids;
mod ledger;
mod limit;
pub mod model;
mod observer;
mod presence;
mod publisher;
mod reads;
mod roll;
mod room;
pub mod store;
#[cfg(test)]
mod testing;
mod time;
mod typing;
pub mod vocabulary;
mod weight;

pub use chat::Chat;
pub use command::{Action, Command, Notice, Reply, Speaker};
pub use committer::Answer;
pub use config::{AuthPolicy, Config, RateLimit, Rates};
pub use failure::{Code, Failure};
pub use ids::{MAX_ID, MessageId, RoomId, SocketId, UserId};
pub use observer::{Census, Observer};
pub use publisher::{Attendance, Letter, Merging, Publication, Publisher, Subscription};
pub use reads::ReadPage;
pub use time::{Millis, Timestamp};
