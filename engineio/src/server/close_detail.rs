//! What exactly ended a session.

use std::{borrow::Cow, fmt};

/// What exactly ended a session, beside its [`CloseReason`](crate::CloseReason): what the reference
/// hands to its handlers as the description of a disconnect.
///
/// ```
/// use engineio::server::CloseDetail;
///
/// let detail = CloseDetail::new("read_failed", "connection reset by peer");
/// assert_eq!(detail.code(), "read_failed");
/// assert_eq!(detail.to_string(), "read_failed: connection reset by peer");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloseDetail {
    code: &'static str,
    text: Cow<'static, str>,
}

impl CloseDetail {
    /// With a word for programs, and a text for people, which may be empty.
    pub fn new(code: &'static str, text: impl Into<Cow<'static, str>>) -> Self {
        let text = text.into();
        Self { code, text }
    }

    /// The word for programs: the `reason` of the log line that tells the same.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// What else there is to say: the system's error, the rule that was broken.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for CloseDetail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code)?;
        if !self.text.is_empty() {
            write!(f, ": {}", self.text)?;
        }
        Ok(())
    }
}
