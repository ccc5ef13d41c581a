//! Roomcast as a server: listeners, HTTP, the REST API, the page, start and stop.
//!
//! | layer | file | what it is |
//! |---|---|---|
//! | start | `config` | defaults under a file, the environment and flags |
//! | | `cli` | the commands beside `serve` and `bench` |
//! | | `log`, `banner` | where the log goes; what is printed at start |
//! | | `files` | how many clients the process may have |
//! | | `run` | [`run`]: one server from start to stop |
//! | sockets | `listen` | [`Listener`]: bind and accept |
//! | | `tls` | [`Tls`]: certificate, key and handshake |
//! | | `reception` | who is let in where, and what they are told |
//! | | `connection` | HTTP/1.1 on one connection |
//! | requests | `routes` | Socket.IO, health, page or REST |
//! | | `health` | `/health`, `/health/live`, `/health/ready` |
//! | | `web` | the page at `/` |
//! | | `cors` | which pages may call |
//! | | `rest` | the REST API |
//! | measure | `bench` | many clients, which measure a server |
//! | stop | `shutdown` | signals, and the flag everybody looks at |
//! | | `drain` | what ends in which order |

mod banner;
pub mod bench;
pub mod cli;
pub mod config;
mod connection;
mod cors;
mod drain;
mod files;
mod health;
mod listen;
pub mod log;
mod reception;
mod rest;
mod routes;
mod run;
pub mod shutdown;
mod tls;
mod turnstile;
mod web;

pub use banner::banner;
pub use config::{Config, KeysError};
pub use files::raise_limit;
pub use listen::{BindError, Listener};
pub use run::{RunError, run};
pub use tls::{Tls, TlsError};
