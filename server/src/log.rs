//! The log: to standard error, pretty for people or JSON for programs, without bodies or tokens.

use std::io::{self, IsTerminal};
use std::sync::OnceLock;

use tracing_subscriber::filter::{ParseError, filter_fn};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, Registry, fmt, reload};

use crate::config::{Config, LogFormat, OURS};

/// What this process logs: it has one log, whatever it serves.
static FILTER: OnceLock<reload::Handle<EnvFilter, Registry>> = OnceLock::new();

/// Starts writing the log of this process.
///
/// # Errors
/// When the filter of the settings cannot be read.
pub fn start(config: &Config) -> Result<(), ParseError> {
    let (filter, handle) = reload::Layer::new(read(&config.log)?);
    let terminal = io::stderr().is_terminal();
    let writer = fmt::layer().with_writer(io::stderr);
    let json = match config.log_format {
        LogFormat::Json => true,
        LogFormat::Pretty => false,
        LogFormat::Auto => !terminal,
    };
    let writer = if json {
        writer.json().flatten_event(true).boxed()
    } else {
        writer.with_ansi(terminal).boxed()
    };
    // A second server in one process keeps the log of the first.
    let log = tracing_subscriber::registry()
        .with(filter)
        .with(filter_fn(is_harmless))
        .with(writer);
    if log.try_init().is_ok() {
        let _ = FILTER.set(handle);
    }
    Ok(())
}

/// Libraries trace what they read and write: tokens and texts, whatever the filter asks for.
fn is_harmless(line: &tracing::Metadata<'_>) -> bool {
    let of = line.target().split("::").next().unwrap_or_default();
    *line.level() != tracing::Level::TRACE || OURS.contains(&of)
}

/// Reads what is to be logged.
pub(crate) fn read(filter: &str) -> Result<EnvFilter, ParseError> {
    EnvFilter::builder().parse(filter)
}

/// Logs this from here on.
pub(crate) fn replace(filter: EnvFilter) {
    if let Some(handle) = FILTER.get() {
        // It fails only when the log is gone.
        let _ = handle.reload(filter);
    }
}
