//! The layer of settings from the command line.

use std::path::PathBuf;

use clap::Parser;

use super::{Auth, Listen, LogFormat, Secret, Settings};
use crate::bench::BenchArgs;

/// A chat server in one binary that any Socket.IO client can use.
#[derive(Parser, Debug)]
#[command(name = "roomcast", version, args_conflicts_with_subcommands = true, after_help = EXAMPLES)]
pub struct Args {
    /// What to do; without one, `serve`.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The flags of `serve`, for when it is left out.
    #[command(flatten)]
    pub serve: ServeArgs,
}

const EXAMPLES: &str = "Examples:
  roomcast                                  serve on this machine only, with a page at http://127.0.0.1:8000/
  roomcast serve --listen 127.0.0.1:9000    the same on another port
  ROOMCAST_JWT_SECRET_FILE=/run/secrets/jwt roomcast serve --auth required --listen 0.0.0.0:8000";

/// What to do.
#[derive(clap::Subcommand, Debug)]
pub enum Command {
    /// Serve the chat (the default).
    Serve(ServeArgs),
    /// Measure a Socket.IO server, this one or another.
    Bench(Box<BenchArgs>),
    /// Print the version.
    Version,
}

/// The flags of `serve`.
#[derive(clap::Args, Debug, Default)]
pub struct ServeArgs {
    /// The surroundings of one application: its port, its service name, its policy.
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// Where to listen; may be repeated, each with a profile of its own [default: 127.0.0.1:8000 and [::1]:8000].
    #[arg(long, value_name = "ADDR:PORT[=PROFILE]")]
    listen: Vec<Listen>,
    /// Where the data is; made when it is not there [default: roomcast in the user's data directory].
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// The secret that tokens are signed with. Other users of the machine can read it here: prefer `ROOMCAST_JWT_SECRET_FILE`.
    #[arg(long, value_name = "SECRET")]
    jwt_secret: Option<String>,
    /// The certificate of TLS with its chain, as PEM; clients then use https and wss.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// The key of that certificate, as PEM.
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// Whether somebody without a token may speak.
    #[arg(long, value_enum)]
    auth: Option<Auth>,
    /// An origin whose pages may call; may be repeated [default: every origin].
    #[arg(long, value_name = "ORIGIN")]
    cors_origin: Vec<String>,
    /// Lift the limits per user and per address, for load tests.
    #[arg(long)]
    no_rate_limits: bool,
    /// Listen beyond this machine without authentication.
    #[arg(long)]
    allow_open: bool,
    /// What is logged, as in `info,chat=debug`.
    #[arg(long, value_name = "FILTER")]
    log: Option<String>,
    /// How the log is written.
    #[arg(long, value_enum)]
    log_format: Option<LogFormat>,
}

impl From<ServeArgs> for Settings {
    fn from(args: ServeArgs) -> Self {
        Self {
            profile: args.profile,
            listen: Some(args.listen).filter(|list| !list.is_empty()),
            port: None,
            data_dir: args.data_dir,
            jwt_secret: args.jwt_secret.map(Secret::new),
            tls_cert: args.tls_cert,
            tls_key: args.tls_key,
            auth: args.auth,
            cors_origins: Some(args.cors_origin).filter(|list| !list.is_empty()),
            rate_limits: args.no_rate_limits.then_some(false),
            connections_per_address: None,
            head_timeout: None,
            body_timeout: None,
            durability: None,
            rooms_auto_create: None,
            chats_auto_join: None,
            allow_open: args.allow_open.then_some(true),
            log: args.log,
            log_format: args.log_format,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Args::command().debug_assert();
    }

    #[test]
    fn serve_may_be_left_out() {
        let short =
            Args::try_parse_from(["roomcast", "--listen", "127.0.0.1:1", "--listen", "[::1]:2"])
                .unwrap();
        let long = Args::try_parse_from([
            "roomcast",
            "serve",
            "--listen",
            "127.0.0.1:1",
            "--listen",
            "[::1]:2",
        ])
        .unwrap();
        let Some(Command::Serve(serve)) = long.command else {
            panic!("serve")
        };
        assert!(short.command.is_none());
        assert_eq!(Settings::from(short.serve), Settings::from(serve));
    }

    #[test]
    fn what_no_flag_says_is_a_hole() {
        assert_eq!(Settings::from(ServeArgs::default()), Settings::default());
    }
}
