//! Settings that are one of a few words.

use chat::AuthPolicy;

/// Whether somebody without a token may speak.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Auth {
    /// For development: no token means a guest, and any user may be named.
    Open,
    /// Everybody needs a token.
    Required,
}

impl Auth {
    /// What the word of the table means; it has no others.
    pub(super) fn of(word: &str) -> Self {
        match word {
            "required" => Self::Required,
            _ => Self::Open,
        }
    }
}

impl From<AuthPolicy> for Auth {
    fn from(policy: AuthPolicy) -> Self {
        match policy {
            AuthPolicy::Open => Self::Open,
            AuthPolicy::Required => Self::Required,
        }
    }
}

/// How the log is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum LogFormat {
    /// For people: pretty on a terminal, JSON anywhere else.
    #[default]
    Auto,
    /// One readable line per event.
    Pretty,
    /// One JSON object per line.
    Json,
}

impl LogFormat {
    /// What the word of the table means; it has no others.
    pub(super) fn of(word: &str) -> Self {
        match word {
            "pretty" => Self::Pretty,
            "json" => Self::Json,
            _ => Self::Auto,
        }
    }
}
