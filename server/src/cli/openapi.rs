//! `roomcast openapi`: the REST API described by itself, without a server.

use std::path::PathBuf;

use chat::AuthPolicy;

use super::given::Given;
use super::print::print;
use super::{CliError, Exit};
use crate::config::{Auth, Config};
use crate::rest;

const EXAMPLES: &str = "It is what a server with these settings answers at /openapi.json; the document says whether a token is required.

Examples:
  roomcast openapi > openapi.json
  roomcast openapi --auth required | npx @redocly/cli lint /dev/stdin

Exit status: 0; 1 when the settings cannot be used; 2 when a flag is wrong.";

/// The flags of `roomcast openapi`.
#[derive(clap::Args, Debug, Clone)]
#[command(after_help = EXAMPLES)]
pub struct OpenapiArgs {
    /// Whether a token is required there [default: as the settings say].
    #[arg(long, value_parser = ["open", "required"])]
    auth: Option<String>,
    /// The file of settings [env: ROOMCAST_CONFIG].
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// Prints the document.
///
/// # Errors
/// When the settings cannot be used, or standard output not be written.
pub fn run(args: &OpenapiArgs) -> Result<Exit, CliError> {
    let required = match args.auth.as_deref() {
        Some(word) => word == "required",
        None => is_required(&Given::new().any_key().read(args.config.as_deref())?),
    };
    let policy = if required {
        AuthPolicy::Required
    } else {
        AuthPolicy::Open
    };
    print(&format!("{}\n", rest::openapi(policy)))?;
    Ok(Exit::Fine)
}

/// The document is one for all listeners, so the strictest of them counts.
fn is_required(config: &Config) -> bool {
    config
        .listen
        .iter()
        .any(|address| address.auth == Auth::Required)
}
