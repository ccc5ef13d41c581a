//! How failures look, the same in all vocabularies: `error` events, and acks that say no.

use serde_json::{Map, Value, json};

use super::translate::Vocabulary;
use crate::failure::Failure;

/// Characters of an event's name that go back to who sent it; no event of ours has as many.
const LONGEST_NAME: usize = 256;

fn wording(failure: &Failure, vocabulary: Option<&dyn Vocabulary>) -> String {
    vocabulary.map_or_else(
        || failure.to_string(),
        |vocabulary| vocabulary.wording(failure).into_owned(),
    )
}

fn with_retry(mut fields: Map<String, Value>, failure: &Failure) -> Map<String, Value> {
    if let Some(wait) = failure.retry_after_ms() {
        fields.insert("retry_after_ms".to_owned(), wait.into());
    }
    fields
}

/// The argument of an `error` event: `{message, details, event, code}`.
#[must_use]
pub fn error_event(
    failure: &Failure,
    vocabulary: Option<&dyn Vocabulary>,
    event: Option<&str>,
) -> Value {
    let mut fields = Map::new();
    fields.insert("message".to_owned(), wording(failure, vocabulary).into());
    fields.insert("details".to_owned(), failure.details().into());
    let event = event.map(|name| name.chars().take(LONGEST_NAME).collect::<String>());
    fields.insert("event".to_owned(), event.into());
    fields.insert("code".to_owned(), failure.code().as_str().into());
    Value::Object(with_retry(fields, failure))
}

/// The argument of an ack that says no: `{ok: false, error: {code, message, details}}`.
#[must_use]
pub fn ack_failure(failure: &Failure, vocabulary: Option<&dyn Vocabulary>) -> Value {
    let mut fields = Map::new();
    fields.insert("code".to_owned(), failure.code().as_str().into());
    fields.insert("message".to_owned(), wording(failure, vocabulary).into());
    fields.insert("details".to_owned(), failure.details().into());
    json!({ "ok": false, "error": with_retry(fields, failure) })
}
