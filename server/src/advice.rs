//! Where an error is explained: the headings of `docs/errors.md`, which a test holds against this file.

use std::error::Error;

use chat::store::StoreError;

use crate::config::{ConfigError, ConfigErrors};
use crate::{BindError, KeysError, RunError, TlsError};

/// What is wrong, line by line, and below it where it is explained.
#[must_use]
pub fn explained(errors: &[&(dyn Error + 'static)]) -> String {
    let mut headings = Vec::new();
    for heading in errors.iter().flat_map(|error| advice(*error)) {
        if !headings.contains(&heading) {
            headings.push(heading);
        }
    }
    let texts = errors.iter().map(ToString::to_string);
    let places = headings
        .into_iter()
        .map(|heading| format!("  see docs/errors.md#{heading}"));
    texts.chain(places).collect::<Vec<_>>().join("\n")
}

/// The headings that explain why the server did not start, or did not end as it should.
fn advice(error: &(dyn Error + 'static)) -> Vec<&'static str> {
    if let Some(ConfigErrors(errors)) = error.downcast_ref() {
        return errors.iter().map(of_settings).collect();
    }
    let heading = match error.downcast_ref() {
        Some(RunError::Store(error)) => Some(of_store(error)),
        Some(RunError::Bind(_)) => Some("address"),
        Some(RunError::Tls(_)) => Some("tls"),
        Some(RunError::Keys(_)) => Some("keys"),
        Some(RunError::Flush) => Some("not-flushed"),
        None => None,
    };
    heading
        .or_else(|| error.is::<BindError>().then_some("address"))
        .or_else(|| error.is::<TlsError>().then_some("tls"))
        .or_else(|| error.is::<KeysError>().then_some("keys"))
        .into_iter()
        .collect()
}

const fn of_settings(error: &ConfigError) -> &'static str {
    match error {
        ConfigError::Value { .. } => "setting-value",
        ConfigError::Unknown { .. } => "setting-unknown",
        ConfigError::File { .. } | ConfigError::Syntax { .. } => "setting-file",
        ConfigError::Twice { .. } => "setting-twice",
        ConfigError::Profile { .. } => "setting-profile",
        ConfigError::NoKey => "no-key",
        ConfigError::HalfTls => "tls",
        ConfigError::EmptySecret { .. } => "setting-empty-secret",
        ConfigError::ListenTwice { .. } => "listen-twice",
        ConfigError::OpenToTheWorld { .. } => "open-to-the-world",
        ConfigError::InternalWithoutSecret { .. } => "internal-without-secret",
    }
}

const fn of_store(error: &StoreError) -> &'static str {
    match error {
        StoreError::InUse(_) => "data-in-use",
        StoreError::Directory { .. } => "data-directory",
        StoreError::Newer { .. } => "data-newer",
        StoreError::Damaged(_) => "data-damaged",
        _ => "data-unavailable",
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use super::*;

    #[test]
    fn an_error_is_led_to_its_heading_and_each_heading_is_named_once() {
        let address = SocketAddr::from(([0, 0, 0, 0], 8000));
        let open = || ConfigError::OpenToTheWorld { address };
        let settings = ConfigErrors(vec![open(), ConfigError::NoKey, open()]);
        let said = explained(&[&settings]);
        let (texts, places) = said.split_at(said.find("\n  see").expect("a heading"));
        assert_eq!(texts, settings.to_string());
        assert_eq!(
            places,
            "\n  see docs/errors.md#open-to-the-world\n  see docs/errors.md#no-key"
        );
        let used = RunError::from(StoreError::InUse("/data".into()));
        assert_eq!(advice(&used), ["data-in-use"]);
        assert_eq!(explained(&[&std::fmt::Error]), std::fmt::Error.to_string());
    }
}
