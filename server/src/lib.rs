//! Roomcast as a server: listeners, HTTP, the REST API, the page, start and stop.
//!
//! | layer | file | what it is |
//! |---|---|---|
//! | start | `config` | defaults under a file, the environment and flags |
//! | | `cli` | the commands beside `serve` and `bench` |
//! | | `log`, `banner` | where the log goes; what is printed at start |
//! | | `advice` | where errors are explained |
//! | | `files` | how many clients the process may have |
//! | | `ground` | [`Ground`]: the data directory, perhaps waited for, and the internal listener |
//! | | `run` | [`run`]: one server from start to stop |
//! | | `reload` | [`Reload`]: a running server takes other settings |
//! | sockets | `listen` | [`Listener`]: bind and accept |
//! | | `tls` | [`Tls`]: certificate, key and handshake |
//! | | `request_id` | what the log calls connections and requests |
//! | | `doors` | listeners that open and close together |
//! | | `terms`, `proxies` | what holds for connections now; where a request really comes from |
//! | | `turnstile` | how many connections one address may have |
//! | | `reception` | who is let in where, and what they are told |
//! | | `connection` | HTTP/1.1 on one connection |
//! | requests | `routes` | Socket.IO, health, page or REST |
//! | | `redact` | addresses of requests without what somebody could use |
//! | | `health` | `/health`, `/health/live`, `/health/ready` |
//! | | `internal` | `/metrics` and `/drain`, for those who run it |
//! | | `metrics` | what is counted |
//! | | `docs_page` | `/api-docs`, and who may see it |
//! | | `web` | the page at `/` |
//! | | `cors` | which pages may call |
//! | | `rest` | the REST API |
//! | measure | `bench` | many clients, which measure a server |
//! | tools | `cli` | the other commands: tokens, probe, doctor, backup |
//! | | `notify` | what systemd is told |
//! | stop | `shutdown` | signals, and the flag everybody looks at |
//! | | `drain` | clients leave one after the other |

mod advice;
mod banner;
pub mod bench;
pub mod cli;
pub mod config;
mod connection;
mod cors;
mod docs_page;
mod doors;
mod drain;
mod files;
mod ground;
mod health;
mod internal;
mod listen;
pub mod log;
mod metrics;
mod notify;
mod proxies;
mod reception;
mod redact;
mod reload;
mod request_id;
mod rest;
mod routes;
mod run;
pub mod shutdown;
mod terms;
mod tls;
mod turnstile;
mod web;

pub use advice::explained;
pub use banner::banner;
pub use config::{Config, KeysError};
pub use files::raise_limit;
pub use ground::Ground;
pub use listen::{BindError, Listener};
pub use reload::Reload;
pub use run::{RunError, run};
pub use tls::{Tls, TlsError};
