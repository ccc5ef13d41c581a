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
//! | `document`, `bodies`, `shapes` | the API described by itself |
//! | `users`, `rooms`, `messages`, `members`, `me`, `session` | the routes |

mod api;
mod bodies;
mod caller;
mod document;
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
mod shapes;
mod users;

pub(crate) use api::Api;
pub(crate) use problem::{Logged, Problem};
pub(crate) use router::{openapi, router};
