//! A hostile world: whatever peers send, and however slowly they read, the others notice nothing
//! and the server stays as small as it was.
//!
//! | file | what it is |
//! |---|---|
//! | `table` | the test: all cases, ten times, beside ten healthy clients |
//! | `case` | one row of a table, ready to run |
//! | `requests` `frames` `payloads` `packets` `probes` `rooms` | the tables |
//! | `joined` | a client of either transport in `/`, whose end can be asked for |
//! | `line` | a client of either transport to talk with |
//! | `crowd` | the healthy clients |
//! | `gauges` | what must be back where it was |
//! | `slow` | clients that do not read |
//! | `declared` | clients that declare more than they send |
//! | `flood` | clients that send more than the server takes |
//! | `churn` | clients and namespaces that come and go |

mod case;
mod churn;
mod crowd;
mod declared;
mod flood;
mod frames;
mod gauges;
mod joined;
mod line;
mod packets;
mod payloads;
mod probes;
mod requests;
mod rooms;
mod slow;
mod table;

use std::path::Path;
use tests::{Kind, Options, Server};

/// A server with Socket.IO's puppet application.
fn server(options: &Options) -> Server {
    let binary = Path::new(env!("CARGO_BIN_EXE_wire-server"));
    Server::start(binary, Kind::SocketIo, options)
}
