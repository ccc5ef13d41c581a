//! A client for one server at a time, which tells exactly what it met. It works against any Socket.IO server.
//!
//! | file | what it is |
//! |---|---|
//! | `site` | [`Site`]: the server by its URL |
//! | `dialer` | [`Dialer`]: TCP, and TLS where the URL says so |
//! | `trust`, `mistrust` | which certificates are believed; why one is not |
//! | `answer` | [`Answer`]: one HTTP request on a connection of its own |
//! | `channel` | [`Channel`]: a WebSocket |
//! | `opening` | [`Opening`]: the first packet of a session, or what came in its place |
//! | `packet` | Socket.IO packets as text |
//! | `error` | [`WireError`]: what a person has to know to mend it |

mod answer;
mod channel;
mod dialer;
mod error;
mod mistrust;
mod opening;
mod packet;
mod site;
mod trust;

pub(super) use answer::Answer;
pub(super) use channel::Channel;
pub(super) use dialer::Dialer;
pub(super) use error::WireError;
pub(super) use mistrust::Mistrust;
pub(super) use opening::{NoOpening, Opening};
pub(super) use packet::{Heard, Verdict, connect, event};
pub(super) use site::Site;
