//! Reading ids and texts out of payloads that anybody may have sent, and writing ids.

use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::failure::Failure;
use crate::ids::{RoomId, UserId};

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

/// The same, of a payload that has to be there.
pub(super) fn payload<'a, T: Deserialize<'a>>(payload: Option<&'a RawValue>) -> Result<T, Failure> {
    object(payload).ok_or(Failure::invalid("", "the payload must be an object"))
}

/// A field that has to be there and is not.
pub(super) fn required(field: &'static str) -> impl Fn() -> Failure {
    move || Failure::invalid(field, format!("{field} is required"))
}

/// Reads an id that has to be there.
pub(super) fn required_id<T: From<String>>(
    field: &'static str,
    raw: Option<&RawValue>,
) -> Result<T, Failure> {
    let id = id(field, raw)?;
    id.map(T::from).ok_or_else(required(field))
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
            let number = UserId::from(text).as_number();
            number
                .map(|number| Some(number.to_string()))
                .ok_or_else(wrong)
        }
    }
}

/// Reads a text. Missing and `null` are the same.
pub(super) fn text(field: &'static str, raw: Option<&RawValue>) -> Result<Option<String>, Failure> {
    let text = raw.map_or("null", RawValue::get);
    let wrong = || Failure::invalid(field, format!("{field} must be a string"));
    serde_json::from_str(text).map_err(|_| wrong())
}

/// Reads what somebody wrote. Missing, `null` and blank are the same.
pub(super) fn words(
    field: &'static str,
    raw: Option<&RawValue>,
) -> Result<Option<String>, Failure> {
    let words = text(field, raw)?;
    Ok(words.filter(|words| !words.trim().is_empty()))
}

/// Reads a yes or no. Missing and `null` are the same.
pub(super) fn flag(field: &'static str, raw: Option<&RawValue>) -> Result<Option<bool>, Failure> {
    let text = raw.map_or("null", RawValue::get);
    let wrong = || Failure::invalid(field, format!("{field} must be true or false"));
    serde_json::from_str(text).map_err(|_| wrong())
}

/// An id that is shown as a number when it is one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Numeric<'a>(&'a str, Option<u64>);

impl<'a> From<&'a UserId> for Numeric<'a> {
    fn from(id: &'a UserId) -> Self {
        Self(id.as_str(), id.as_number())
    }
}

impl<'a> From<&'a RoomId> for Numeric<'a> {
    fn from(id: &'a RoomId) -> Self {
        Self(id.as_str(), id.as_number())
    }
}

impl Serialize for Numeric<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.1 {
            Some(number) => serializer.serialize_u64(number),
            None => serializer.serialize_str(self.0),
        }
    }
}

impl From<Numeric<'_>> for Value {
    fn from(id: Numeric<'_>) -> Self {
        id.1.map_or_else(|| Self::from(id.0), Self::from)
    }
}
