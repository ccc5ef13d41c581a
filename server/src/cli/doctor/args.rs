//! The flags of `roomcast doctor`.

use std::path::PathBuf;

use super::super::span::Span;
use super::super::wire::Site;
use crate::config::origin::{self, ORIGIN};

const EXAMPLES: &str = "Checks, each on a line of its own:
  reach      the name resolves, the port takes connections, TLS agrees
  ready      the server is not draining, its store answers (where it has /health/ready)
  path       Socket.IO answers at --path
  polling    a session over HTTP long-polling: opened, sent, heard
  websocket  a session over WebSocket
  upgrade    from polling to WebSocket, as stock clients begin
  cors       pages of --origin may call, over polling and WebSocket
  auth       the server takes --token, or needs none
  clock      the clocks agree, or tokens end at the wrong time
  version    clients of --client-version are answered

Examples:
  roomcast doctor https://chat.example.org
  roomcast doctor https://chat.example.org --origin https://app.example.org --token \"$TOKEN\"
  roomcast doctor http://127.0.0.1:3000 --path /api/socket.io/ --client-version 2
  roomcast doctor https://chat.example.org --json | jq '.checks[] | select(.status == \"fail\")'

Exit status: 0 nothing failed; 1 a check failed; 2 a flag is wrong.";

/// The flags of `roomcast doctor`.
#[derive(clap::Args, Debug, Clone)]
#[command(after_help = EXAMPLES)]
pub struct DoctorArgs {
    /// The server as clients name it; a path behind it is a namespace.
    pub(super) url: Site,
    /// The path of requests, the option `path` of clients.
    #[arg(long, default_value = "/socket.io/")]
    pub(super) path: String,
    /// What clients give as `auth.token`.
    #[arg(long)]
    pub(super) token: Option<String>,
    /// The origin of the pages that clients run in.
    #[arg(long, value_parser = origin)]
    pub(super) origin: Option<String>,
    /// The major version of `socket.io-client` that is in use [default: 4].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=4))]
    pub(super) client_version: Option<u8>,
    /// A PEM file with certificates to trust beside those of the system.
    #[arg(long, value_name = "FILE")]
    pub(super) ca: Option<PathBuf>,
    /// How long to wait for anything.
    #[arg(long, value_name = "DURATION", default_value = "10s")]
    pub(super) timeout: Span,
    /// Print one JSON object.
    #[arg(long)]
    pub(super) json: bool,
}

/// As browsers send it: a slash at its end, which people write, is no part of it.
fn origin(text: &str) -> Result<String, String> {
    origin::read(text).ok_or_else(|| format!("not {ORIGIN}"))
}
