//! The REST API: everything that is not a socket (CONTRACT section 5, `chatty`).
//!
//! | file | what it is |
//! |---|---|
//! | `router` | the table of routes |
//! | `api` | [`Api`], what every route works with |
//! | `caller` | who sends a request |
//! | `fields`, `path`, `page` | reading bodies, addresses and pages; every mistake is named |
//! | `problem` | every refusal, as `application/problem+json` |
//! | `objects` | users, rooms and members as JSON |
//! | `users`, `rooms`, `messages`, `members`, `me`, `session` | the routes |

mod api;
mod caller;
mod fields;
mod me;
mod members;
mod messages;
mod objects;
mod page;
mod path;
mod problem;
mod rooms;
mod router;
mod session;
mod users;

pub(crate) use api::Api;
pub(crate) use problem::{Logged, Problem};
pub(crate) use router::router;
