//! `roomcast doctor`: finds out why clients do not connect, to any Socket.IO server.
//!
//! ```text
//! reach ── ready ── path ─┬─ polling ─┬─ upgrade
//!                         ├─ websocket ┘
//!                         ├─ cors
//!                         ├─ auth
//!                         ├─ clock
//!                         └─ version
//! ```
//!
//! A check whose ground is missing is skipped: what is told is the cause, not everything that follows from it.
//!
//! | file | what it is |
//! |---|---|
//! | `args` | the flags |
//! | `run` | [`run`]: the checks in their order |
//! | `check` | what one check found |
//! | `patient` | the server, and what is known about it by now |
//! | `talk` | one CONNECT over polling, WebSocket, or both |
//! | `reach`, `ready`, `path`, `transport`, `upgrade`, `cors`, `auth`, `clock`, `version` | the checks |
//! | `advice` | causes and fixes that several checks share |
//! | `report` | for people |

mod advice;
mod args;
mod auth;
mod check;
mod clock;
mod cors;
mod path;
mod patient;
mod reach;
mod ready;
mod report;
mod run;
mod talk;
mod transport;
mod upgrade;
mod version;

pub use args::DoctorArgs;
pub use run::run;
