//! What one check found.

use serde::Serialize;

/// How it went.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Status {
    /// As it should be.
    Ok,
    /// It would keep clients from working.
    Fail,
    /// Nothing can be said.
    Skip,
}

/// What one check found.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(super) struct Check {
    /// Which.
    pub(super) name: &'static str,
    /// How it went.
    pub(super) status: Status,
    /// What was seen; of a failure, the cause.
    pub(super) detail: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) fix: Option<String>,
}

/// Why something fails, and what to do about it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Finding {
    pub(super) cause: String,
    pub(super) fix: String,
}

impl Finding {
    pub(super) fn new(cause: impl Into<String>, fix: impl Into<String>) -> Self {
        Self {
            cause: cause.into(),
            fix: fix.into(),
        }
    }
}

impl Check {
    pub(super) fn ok(name: &'static str, detail: impl Into<String>) -> Self {
        Self {
            name,
            status: Status::Ok,
            detail: detail.into(),
            fix: None,
        }
    }

    pub(super) fn fail(name: &'static str, finding: Finding) -> Self {
        Self {
            name,
            status: Status::Fail,
            detail: finding.cause,
            fix: Some(finding.fix),
        }
    }

    pub(super) fn skip(name: &'static str, why: impl Into<String>) -> Self {
        Self {
            name,
            status: Status::Skip,
            detail: why.into(),
            fix: None,
        }
    }

    /// From what a check came to.
    pub(super) fn of(name: &'static str, outcome: Result<String, Finding>) -> Self {
        match outcome {
            Ok(detail) => Self::ok(name, detail),
            Err(finding) => Self::fail(name, finding),
        }
    }

    /// Whether it would keep clients from working.
    pub(super) fn is_failure(&self) -> bool {
        self.status == Status::Fail
    }
}
