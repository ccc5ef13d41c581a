//! The flags of `roomcast probe`.

use std::path::PathBuf;

use clap::ValueEnum;

use super::super::span::Span;
use super::super::wire::Site;
use crate::config::Profile;

const EXAMPLES: &str = "With --vocabulary platform: GET /health, POST /api/session/acquire, connect, then ping, status, info, echo and message, each with its
latency. The others join a room called roomcast-probe, speak in it and leave; it and what was said there stay. Where a token is
required, they need --token, which `roomcast token new` makes.

In a terminal it then takes commands by hand: the name of an event and its arguments as JSON. `help` says more.

Examples:
  roomcast probe
  roomcast probe http://127.0.0.1:3000 --no-interactive
  roomcast probe --vocabulary shows --token \"$(roomcast token new --user 7)\" http://127.0.0.1:5000
  roomcast probe --json | jq '.steps[] | {name, ms}'

Exit status: 0 every step worked; 1 one did not; 2 a flag is wrong.";

/// The flags of `roomcast probe`.
#[derive(clap::Args, Debug, Clone)]
#[command(after_help = EXAMPLES)]
pub struct ProbeArgs {
    /// The server [default: this machine, at the port of the vocabulary's profile].
    pub(super) url: Option<Site>,
    /// Whose commands.
    #[arg(long, value_enum, default_value = "platform")]
    pub(super) vocabulary: Vocabulary,
    /// The token to speak with; without one a session is acquired, which only the platform vocabulary has.
    #[arg(long)]
    pub(super) token: Option<String>,
    /// The path of Socket.IO's requests.
    #[arg(long, default_value = "/socket.io/")]
    pub(super) path: String,
    /// A PEM file with certificates to trust beside those of the system.
    #[arg(long, value_name = "FILE")]
    pub(super) ca: Option<PathBuf>,
    /// How long to wait for each answer.
    #[arg(long, value_name = "DURATION", default_value = "5s")]
    pub(super) timeout: Span,
    /// End after the report, also in a terminal.
    #[arg(long)]
    pub(super) no_interactive: bool,
    /// Print one JSON object, and take no commands by hand.
    #[arg(long)]
    pub(super) json: bool,
}

/// The five vocabularies.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum Vocabulary {
    /// Sessions over REST; `ping`, `status`, `info`, `echo`, `message`.
    Platform,
    /// `join` and `leave`; messages over REST.
    Chatty,
    /// Personal and group messages, typing, delivery.
    Messenger,
    /// Show rooms with history and presence.
    Shows,
    /// `noun:verb` events with read receipts.
    Chats,
}

impl Vocabulary {
    /// Its name on the command line, which is that of its profile.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Platform => "platform",
            Self::Chatty => "chatty",
            Self::Messenger => "messenger",
            Self::Shows => "shows",
            Self::Chats => "chats",
        }
    }

    /// The port that its application documents.
    pub(super) fn port(self) -> u16 {
        Profile::find(self.name()).unwrap_or(Profile::NONE).port
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_vocabulary_has_a_profile_of_its_name() {
        for vocabulary in Vocabulary::value_variants() {
            let shown = vocabulary.to_possible_value().unwrap();
            assert_eq!(shown.get_name(), vocabulary.name());
            assert!(Profile::find(vocabulary.name()).is_some());
        }
    }
}
