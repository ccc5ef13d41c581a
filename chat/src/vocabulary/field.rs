//! Reading ids and texts out of payloads that anybody may have sent.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::failure::Failure;

/// Reads the fields of an object.
///
/// An array is refused first: serde would take it for the fields in their order.
pub(super) fn object<'a, T: Deserialize<'a>>(payload: Option<&'a RawValue>) -> Option<T> {
    let text = payload?.get();
    text.trim_start()
        .starts_with('{')
        .then(|| serde_json::from_str(text).ok())
        .flatten()
}

/// Reads an id: a text, or a number that every JSON reader keeps exactly. Missing, `null` and `""` are the same.
pub(super) fn id(field: &'static str, raw: Option<&RawValue>) -> Result<Option<String>, Failure> {
    let text = raw.map_or("null", RawValue::get);
    let wrong = || Failure::invalid(field, format!("{field} must be a string"));
    match text.as_bytes().first() {
        Some(b'n') => Ok(None),
        Some(b'"') => {
            let id: String = serde_json::from_str(text).map_err(|_| wrong())?;
            Ok(Some(id).filter(|id| !id.is_empty()))
        }
        _ => {
            let number = crate::UserId::from(text).as_number();
            number
                .map(|number| Some(number.to_string()))
                .ok_or_else(wrong)
        }
    }
}
