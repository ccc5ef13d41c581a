//! What one step came to.

use std::time::{Duration, Instant};

use serde::{Serialize, Serializer};
use serde_json::Value;

/// What one step came to.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Step {
    /// Which.
    pub(super) name: &'static str,
    /// Whether it worked.
    pub(super) ok: bool,
    /// How long it took, in milliseconds.
    #[serde(rename = "ms", serialize_with = "millis")]
    pub(super) took: Duration,
    /// What people get to see of the answer, or why there is none.
    pub(super) detail: String,
    /// The answer itself.
    #[serde(skip_serializing_if = "Value::is_null")]
    pub(super) answer: Value,
}

/// What a step answers when it works: for people, and whole.
pub(super) type Outcome = Result<(String, Value), String>;

impl Step {
    /// Waits for a step and measures it.
    pub(super) async fn measure(name: &'static str, work: impl Future<Output = Outcome>) -> Self {
        let begun = Instant::now();
        let outcome = work.await;
        Self::new(name, begun.elapsed(), outcome)
    }

    pub(super) fn new(name: &'static str, took: Duration, outcome: Outcome) -> Self {
        let ok = outcome.is_ok();
        let (detail, answer) = outcome.unwrap_or_else(|why| (why, Value::Null));
        Self {
            name,
            ok,
            took,
            detail,
            answer,
        }
    }
}

fn millis<S: Serializer>(took: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    // Microseconds are as fine as it gets.
    serializer.serialize_f64((took.as_secs_f64() * 1e6).round() / 1e3)
}
