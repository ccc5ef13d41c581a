//! `roomcast version`: which program this is.

use serde::Serialize;

use super::print::{print, print_json};
use super::{CliError, Exit};

const EXAMPLES: &str = "Examples:
  roomcast version
  roomcast version --json | jq -r .commit

Exit status: 0.";

/// The flags of `roomcast version`.
#[derive(clap::Args, Debug, Clone)]
#[command(after_help = EXAMPLES)]
pub struct VersionArgs {
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// What this program is.
#[derive(Serialize)]
struct Version {
    name: &'static str,
    version: &'static str,
    /// Missing when it was not built from a checkout and nobody has said it.
    commit: Option<&'static str>,
    rustc: Option<&'static str>,
    target: Option<&'static str>,
    profile: &'static str,
    features: &'static [&'static str],
}

/// What is compiled in and somebody could miss in another build.
const FEATURES: [&str; 6] = ["polling", "websocket", "tls", "sqlite", "jwt", "jemalloc"];

impl Version {
    const fn here() -> Self {
        Self {
            name: "roomcast",
            version: env!("CARGO_PKG_VERSION"),
            commit: option_env!("ROOMCAST_COMMIT"),
            rustc: option_env!("ROOMCAST_RUSTC"),
            target: option_env!("ROOMCAST_TARGET"),
            profile: if cfg!(debug_assertions) {
                "debug"
            } else {
                "release"
            },
            features: &FEATURES,
        }
    }

    fn text(&self) -> String {
        let mut text = format!("{} {}\n", self.name, self.version);
        let features = self.features.join(" ");
        let rows = [
            ("commit", self.commit),
            ("rustc", self.rustc),
            ("target", self.target),
            ("profile", Some(self.profile)),
            ("features", Some(features.as_str())),
        ];
        for (name, value) in rows {
            if let Some(value) = value {
                text.push_str(&format!("  {name:<9}{value}\n"));
            }
        }
        text
    }
}

/// Prints it.
///
/// # Errors
/// When standard output cannot be written.
pub fn run(args: &VersionArgs) -> Result<Exit, CliError> {
    let version = Version::here();
    if args.json {
        print_json(&version)?;
    } else {
        print(&version.text())?;
    }
    Ok(Exit::Fine)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_is_name_and_version() {
        let text = Version::here().text();
        let first = format!("roomcast {}", env!("CARGO_PKG_VERSION"));
        assert_eq!(text.lines().next(), Some(first.as_str()));
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        let unknown = Version {
            commit: None,
            rustc: None,
            ..Version::here()
        };
        assert!(!unknown.text().contains("commit") && !unknown.text().contains("rustc"));
    }
}
