//! Where an error is explained: the headings of `docs/errors.md`.

use std::error::Error;

use chat::store::StoreError;

use crate::config::{ConfigError, ConfigErrors};
use crate::{BindError, KeysError, RunError, TlsError};

/// The headings that explain why the server did not start, or did not end as it should.
#[must_use]
pub fn advice(error: &(dyn Error + 'static)) -> Vec<&'static str> {
    if let Some(ConfigErrors(errors)) = error.downcast_ref() {
        let mut headings: Vec<_> = errors.iter().map(of_settings).collect();
        headings.dedup();
        return headings;
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
        ConfigError::Filter { .. } => "setting-log-filter",
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

    const PAGE: &str = include_str!("../../docs/errors.md");

    /// Every word in quotation marks of this file that stands for a heading.
    #[test]
    fn every_heading_that_is_named_is_in_the_document() {
        let source = include_str!("advice.rs");
        let code = source.split("mod tests").next().expect("the code");
        let words = code.split('"').skip(1).step_by(2);
        let mut count = 0;
        for word in words.filter(|word| !word.contains('/')) {
            assert!(PAGE.contains(&format!("\n### {word}\n")), "{word}");
            count += 1;
        }
        assert!(count >= 18, "{count}");
    }

    #[test]
    fn an_error_is_led_to_its_heading() {
        let address = SocketAddr::from(([0, 0, 0, 0], 8000));
        let errors = vec![ConfigError::OpenToTheWorld { address }, ConfigError::NoKey];
        let settings = advice(&ConfigErrors(errors));
        assert_eq!(settings, ["open-to-the-world", "no-key"]);
        let used = RunError::from(StoreError::InUse("/data".into()));
        assert_eq!(advice(&used), ["data-in-use"]);
        assert!(advice(&std::fmt::Error).is_empty());
    }

    #[test]
    fn every_code_that_clients_get_is_in_the_document() {
        use chat::Code;
        for code in [
            Code::Unauthorized,
            Code::Forbidden,
            Code::NotFound,
            Code::NotInRoom,
            Code::Invalid,
            Code::TooLarge,
            Code::Conflict,
            Code::RateLimited,
            Code::Unavailable,
            Code::TokenExpired,
        ] {
            let heading = format!("\n### {}\n", code.as_str());
            assert!(PAGE.contains(&heading), "{heading}");
        }
    }
}
