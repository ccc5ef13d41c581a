//! The layer of settings from the command line.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser, ValueParser};
use clap::{Arg, ArgAction, ArgMatches, FromArgMatches, Parser};

use super::error::nearest;
use super::{Flag, Kind, Otherwise, Setting, Settings, Source, Takes, Value, table};
use crate::bench::BenchArgs;
use crate::cli::ConfigArgs;
use crate::cli::backup::BackupArgs;
use crate::cli::completions::CompletionsArgs;
use crate::cli::doctor::DoctorArgs;
use crate::cli::openapi::OpenapiArgs;
use crate::cli::probe::ProbeArgs;
use crate::cli::token::TokenArgs;
use crate::cli::version::VersionArgs;

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
  roomcast serve --config roomcast.toml     with the settings of a file; `roomcast config default` writes one
  ROOMCAST_JWT_SECRET_FILE=/run/secrets/jwt roomcast serve --auth required --listen 0.0.0.0:8000

Exit status: 0 it was stopped and everything is written; 1 it could not start, or not write everything; 2 a flag is wrong; 130 a second signal ended it at once.";

/// What to do.
#[derive(clap::Subcommand, Debug)]
pub enum Command {
    /// Serve the chat (the default).
    #[command(after_help = EXAMPLES)]
    Serve(ServeArgs),
    /// Measure a Socket.IO server, this one or another.
    Bench(Box<BenchArgs>),
    /// Check, show and document the settings.
    Config(ConfigArgs),
    /// Sign a token, or say what a server makes of one.
    Token(TokenArgs),
    /// Try every command of a server as a client would, and some by hand.
    Probe(Box<ProbeArgs>),
    /// Find out why clients do not connect, to any Socket.IO server.
    Doctor(Box<DoctorArgs>),
    /// Copy the data, also while a server runs.
    Backup(BackupArgs),
    /// Print what a shell completes.
    Completions(CompletionsArgs),
    /// Print the REST API described by itself.
    Openapi(OpenapiArgs),
    /// Print the version and what it was built from.
    Version(VersionArgs),
}

/// The flags of `serve`: those of the table, the file of settings, and `--set` for everything else.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ServeArgs {
    /// The file of settings.
    pub file: Option<PathBuf>,
    /// What the flags say.
    pub settings: Settings,
}

const FILE: &str = "config";
const SET: &str = "set";

impl clap::Args for ServeArgs {
    fn augment_args(command: clap::Command) -> clap::Command {
        let file = Arg::new(FILE)
            .long(FILE)
            .value_name("FILE")
            .value_parser(clap::value_parser!(PathBuf))
            .help("The file of settings, in TOML [env: ROOMCAST_CONFIG]");
        let set = Arg::new(SET)
            .long(SET)
            .value_name("KEY=VALUE")
            .action(ArgAction::Append)
            .value_parser(pair)
            .help("Any setting by its key, as in `socketio.ping_interval=10s`; may be repeated");
        let flags = table::settings().filter_map(|setting| Some(flag(setting, setting.flag?)));
        command.arg(file).args(flags).arg(set)
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for ServeArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut args = Self::default();
        args.update_from_arg_matches(matches)?;
        Ok(args)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        self.file = matches.get_one(FILE).cloned();
        for setting in table::settings() {
            let Some(flag) = setting.flag else { continue };
            let source = || Source::Flag(flag.name.to_owned());
            if let Takes::Nothing(says) = flag.takes {
                let value = setting.kind.read(says).ok();
                if let Some(value) = value.filter(|_| matches.get_flag(flag.name)) {
                    self.settings.set(setting, value, source());
                }
                continue;
            }
            let values = matches.get_many::<Value>(flag.name).into_iter().flatten();
            if let Some(value) = values.cloned().reduce(Value::and) {
                self.settings.set(setting, value, source());
            }
        }
        let pairs = matches.get_many::<(&'static str, Value)>(SET);
        for (key, value) in pairs.into_iter().flatten() {
            let setting = table::find(key).expect("it was found when the flag was read");
            let source = Source::Flag(format!("{SET} {key}"));
            self.settings.set(setting, value.clone(), source);
        }
        Ok(())
    }
}

fn flag(setting: &'static Setting, flag: Flag) -> Arg {
    let mut arg = Arg::new(flag.name).long(flag.name).help(help(setting));
    if flag.name == "jwt-secret" {
        arg = arg.hide_possible_values(true);
    }
    match flag.takes {
        Takes::Nothing(_) => arg.action(ArgAction::SetTrue),
        Takes::One(name) => arg.value_name(name).value_parser(parser(setting.kind)),
        Takes::Many(name) => arg
            .value_name(name)
            .action(ArgAction::Append)
            .value_parser(parser(setting.kind)),
    }
}

fn help(setting: &Setting) -> String {
    let variables = setting.variables();
    let variable = variables.first().map_or("", AsRef::as_ref);
    let default = match setting.default {
        Otherwise::Value("false") => "no",
        Otherwise::Value("true") => "yes",
        Otherwise::Value(value) => value,
        Otherwise::Words(words) => words,
    };
    let text = setting.help.trim_end_matches('.');
    match setting.flag.map(|flag| flag.takes) {
        Some(Takes::Nothing("false")) => {
            format!("Turns this off: {text} [env: {variable}=false]")
        }
        Some(Takes::Nothing(_)) => format!("{text} [env: {variable}=true]"),
        _ => format!("{text} [env: {variable}] [default: {default}]"),
    }
}

fn parser(kind: Kind) -> ValueParser {
    match kind {
        Kind::Choice(words) => {
            let words = PossibleValuesParser::new(words.iter().copied());
            ValueParser::new(words.map(Value::Text))
        }
        kind => ValueParser::new(move |text: &str| kind.read(text)),
    }
}

fn pair(text: &str) -> Result<(&'static str, Value), String> {
    let (key, value) = text.split_once('=').ok_or("not KEY=VALUE")?;
    let Some(setting) = table::find(key) else {
        let known = nearest(key, table::settings().map(|setting| setting.key));
        let hint = known.map(|known| format!("; did you mean {known}?"));
        return Err(format!("unknown setting {key}{}", hint.unwrap_or_default()));
    };
    let value = setting.kind.read(value);
    let value = value.map_err(|refused| format!("{key}: {refused}"))?;
    Ok((setting.key, value))
}

#[cfg(test)]
mod tests;
