//! One layer of settings, with holes where the layer says nothing.

use std::path::PathBuf;
use std::time::Duration;

use chat::store::Durability;

use super::{Listen, Secret};

/// Whether somebody without a token may speak.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub enum Auth {
    /// For development: no token means a guest, and any user may be named.
    Open,
    /// Everybody needs a token.
    Required,
}

/// How the log is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, clap::ValueEnum)]
pub enum LogFormat {
    /// For people: pretty on a terminal, JSON anywhere else.
    #[default]
    Auto,
    /// One readable line per event.
    Pretty,
    /// One JSON object per line.
    Json,
}

macro_rules! settings {
    ($($(#[$doc:meta])* $name:ident: $type:ty,)*) => {
        /// What one layer says; `None` where it says nothing.
        #[derive(Clone, PartialEq, Eq, Debug, Default)]
        pub struct Settings {
            $($(#[$doc])* pub $name: Option<$type>,)*
        }

        impl Settings {
            /// This layer, and where it says nothing the one below.
            #[must_use]
            pub fn over(self, below: Self) -> Self {
                Self { $($name: self.$name.or(below.$name),)* }
            }
        }
    };
}

settings! {
    /// The name of a [`super::Profile`].
    profile: String,
    /// Where to listen.
    listen: Vec<Listen>,
    /// The port on loopback; `listen` goes before it.
    port: u16,
    /// Where the data is.
    data_dir: PathBuf,
    /// The shared secret that tokens are signed with.
    jwt_secret: Secret,
    /// The certificate of TLS, with its chain.
    tls_cert: PathBuf,
    /// Its key.
    tls_key: PathBuf,
    /// Whether somebody without a token may speak.
    auth: Auth,
    /// Pages of these origins may call; everybody's when the list is missing.
    cors_origins: Vec<String>,
    /// Whether the limits per user and per address hold.
    rate_limits: bool,
    /// How many connections one address may have; 0 is as many as it likes.
    connections_per_address: usize,
    /// How long the head of a request may take.
    head_timeout: Duration,
    /// How long the body of a request may take.
    body_timeout: Duration,
    /// What a stored message survives.
    durability: Durability,
    /// Whether joining an unknown room makes it.
    rooms_auto_create: bool,
    /// Whether sockets hear all chats of their users without joining them.
    chats_auto_join: bool,
    /// Whether to listen beyond loopback without authentication.
    allow_open: bool,
    /// Which events are logged, as `tracing` filters are written.
    log: String,
    /// How the log is written.
    log_format: LogFormat,
}
