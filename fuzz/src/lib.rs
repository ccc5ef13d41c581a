//! What the fuzz targets compare the real thing with: the rules once more, as plainly as they can be said.
//!
//! | module | what it models |
//! |---|---|
//! | [`engine`] | Engine.IO packets and polling bodies |
//! | [`query`] | query strings |
//! | [`socket`] | Socket.IO packets and their attachments |
//! | [`json`] | nesting, event names and placeholders |
//! | [`websocket`] | WebSocket frames, both ways |
//! | [`clock`] | when a session has to do something next |
//! | [`event`] | what can happen to a session |
//! | [`carrier`] | the outgoing side of a session, with those who take from it |
//! | [`listener`] | what a client has heard of what was said to it |

pub mod carrier;
pub mod clock;
pub mod engine;
pub mod event;
pub mod json;
pub mod listener;
pub mod query;
pub mod socket;
pub mod websocket;
