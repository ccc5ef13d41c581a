//! Standard output, which may be a pipe that somebody has closed.

use std::io::{self, ErrorKind, Write};

use serde::Serialize;

use super::CliError;

/// Prints text as it is. Whoever has stopped reading has seen enough, as in `roomcast openapi | head`.
pub(super) fn print(text: &str) -> Result<(), CliError> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(CliError::Output(error)),
        _ => Ok(()),
    }
}

/// Prints one JSON document over several lines, which people and `jq` both read.
pub(super) fn print_json(value: &impl Serialize) -> Result<(), CliError> {
    let text =
        serde_json::to_string_pretty(value).map_err(|error| CliError::Output(error.into()))?;
    print(&format!("{text}\n"))
}
