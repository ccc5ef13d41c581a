//! `roomcast config`: check, show and document the settings.

use std::error::Error;
use std::fmt::Write;
use std::process::ExitCode;

use serde_json::{Map, Value, json};

use crate::advice::explained;
use crate::config::{
    Auth, Config, Otherwise, ServeArgs, Setting, Settings, Sources, document, example, table,
};
use crate::tls::Tls;

const EXAMPLES: &str = "Examples:
  roomcast config default > roomcast.toml             a file to begin with
  roomcast config check --config roomcast.toml        whether `serve` would take it
  roomcast config show --config roomcast.toml --json  what holds, and who says so

Exit status: 0 all is well, 1 something is wrong with the settings, 2 wrong usage";

/// The arguments of `config`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct ConfigArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand, Debug)]
enum Action {
    /// Read all settings as `serve` would, and say `ok` or everything that is wrong.
    Check(ServeArgs),
    /// Print what holds, and who says so.
    Show(ShowArgs),
    /// Print a commented file with every setting.
    Default,
    /// Print the reference page, in Markdown.
    Docs,
}

#[derive(clap::Args, Debug)]
struct ShowArgs {
    /// Print JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    serve: ServeArgs,
}

impl ConfigArgs {
    /// Does it, and prints what there is to say.
    #[must_use]
    pub fn run(self) -> ExitCode {
        let printed = match self.action {
            Action::Check(serve) => check(&Sources::from(serve)).map(|()| "ok\n".to_owned()),
            Action::Show(show) => shown(&Sources::from(show.serve), show.json),
            Action::Default => Ok(example()),
            Action::Docs => Ok(document()),
        };
        match printed {
            Ok(text) => {
                print!("{text}");
                ExitCode::SUCCESS
            }
            Err(mistakes) => {
                let mistakes: Vec<_> = mistakes.iter().map(|mistake| &**mistake).collect();
                eprintln!("{}", explained(&mistakes));
                ExitCode::FAILURE
            }
        }
    }
}

/// Everything that is wrong with the settings.
type Mistakes = Vec<Box<dyn Error>>;

/// What `serve` would refuse before it listens, also files that the settings name.
fn check(sources: &Sources) -> Result<(), Mistakes> {
    let (_, config) = sources.read().map_err(alone)?;
    let origins = config.cors_origins.clone().unwrap_or_default();
    let keys = config.keys.verifier(Auth::Required, origins).err();
    let tls = config.tls.as_ref();
    let tls = tls.and_then(|files| Tls::load(&files.certificate, &files.key).err());
    let mut mistakes = Mistakes::new();
    mistakes.extend(keys.map(|error| Box::new(error) as Box<dyn Error>));
    mistakes.extend(tls.map(|error| Box::new(error) as Box<dyn Error>));
    if mistakes.is_empty() {
        Ok(())
    } else {
        Err(mistakes)
    }
}

fn alone(error: impl Error + 'static) -> Mistakes {
    vec![Box::new(error)]
}

fn shown(sources: &Sources, as_json: bool) -> Result<String, Mistakes> {
    let (settings, config) = sources.read().map_err(alone)?;
    if !as_json {
        return Ok(text(&settings, &config));
    }
    let all: Map<_, _> = table::settings()
        .map(|setting| (setting.key.to_owned(), object(setting, &settings, &config)))
        .collect();
    // Texts and numbers only: this cannot fail.
    let json = serde_json::to_string_pretty(&Value::Object(all)).unwrap_or_default();
    Ok(json + "\n")
}

fn object(setting: &Setting, settings: &Settings, config: &Config) -> Value {
    let value = settings.effective(setting).map(|value| value.json());
    let value = value.or_else(|| found(setting, config).map(Value::from));
    match settings.given(setting) {
        Some(given) => {
            json!({ "value": value, "source": given.source.word(), "from": given.source.to_string() })
        }
        None => json!({ "value": value, "source": "default" }),
    }
}

fn text(settings: &Settings, config: &Config) -> String {
    let mut text = String::new();
    for setting in table::settings() {
        let value = settings.effective(setting).map(|value| value.toml());
        let value = value.or_else(|| found(setting, config));
        let words = match setting.default {
            Otherwise::Words(words) => format!("({words})"),
            Otherwise::Value(_) => String::new(),
        };
        let source = match settings.given(setting) {
            Some(given) => format!("{} {}", given.source.word(), given.source),
            None => "default".to_owned(),
        };
        let value = value.unwrap_or(words);
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "{} = {value}  # {source}", setting.key);
    }
    text
}

/// What was found out where nobody said anything.
fn found(setting: &Setting, config: &Config) -> Option<String> {
    match setting.key {
        "store.data_dir" => Some(config.data_dir.display().to_string()),
        "listen" => {
            let places = config
                .listen
                .iter()
                .map(|address| address.socket.to_string());
            Some(places.collect::<Vec<_>>().join(", "))
        }
        _ => None,
    }
}
