//! The log: to standard error, pretty for people or JSON for programs, without bodies or tokens.

use std::io::{self, IsTerminal};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::ParseError;

use crate::config::{Config, LogFormat};

/// Starts writing the log of this process.
///
/// # Errors
/// When the filter of the settings cannot be read.
pub fn start(config: &Config) -> Result<(), ParseError> {
    let filter = EnvFilter::builder().parse(&config.log)?;
    let terminal = io::stderr().is_terminal();
    let writer = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr);
    let json = match config.log_format {
        LogFormat::Json => true,
        LogFormat::Pretty => false,
        LogFormat::Auto => !terminal,
    };
    // A second server in one process keeps the log of the first.
    let _ = if json {
        writer.json().flatten_event(true).try_init()
    } else {
        writer.with_ansi(terminal).try_init()
    };
    Ok(())
}
