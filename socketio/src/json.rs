//! What is checked about a payload without parsing it into a tree.
//!
//! serde_json skips over a value with an explicit stack, so validity costs no recursion; what it
//! does not do is bound that stack, hence the separate look at the nesting, which comes first.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer as _, IgnoredAny, SeqAccess, Visitor};

use crate::packet::Kind;
use crate::{DecodeError, event};

/// Checks nesting, validity and shape of a payload (protocol B.3).
pub(crate) fn check(kind: Kind, data: Option<&str>, max_nesting: usize) -> Result<(), DecodeError> {
    let Some(data) = data else {
        return match kind {
            Kind::Connect | Kind::Disconnect | Kind::Ack | Kind::ConnectError => Ok(()),
            // The reference lets a nameless event through, where nobody can listen to it.
            Kind::Event => Err(DecodeError::InvalidPayload),
        };
    };
    // No leading white space: for the reference it would have been part of the ack id.
    let shape_fits = match kind {
        Kind::Connect => data.starts_with('{'),
        Kind::Disconnect => false,
        Kind::Event | Kind::Ack => data.starts_with('['),
        Kind::ConnectError => data.starts_with(['{', '"']),
    };
    if !shape_fits {
        return Err(DecodeError::InvalidPayload);
    }
    if nesting_exceeds(data, max_nesting) {
        return Err(DecodeError::TooDeep { max: max_nesting });
    }
    serde_json::from_str::<IgnoredAny>(data).map_err(|_| DecodeError::InvalidPayload)?;
    if kind == Kind::Event {
        let name = event::decode_name(data).ok_or(DecodeError::InvalidPayload)?;
        if event::is_reserved(&name) {
            return Err(DecodeError::InvalidPayload);
        }
    }
    Ok(())
}

/// Whether brackets nest deeper than `max`; meaningful for any text, exact for valid JSON.
fn nesting_exceeds(json: &str, max: usize) -> bool {
    let mut depth = 0_usize;
    let mut in_string = false;
    let mut escaped = false;
    for byte in json.bytes() {
        if in_string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'[' | b'{' => {
                depth += 1;
                if depth > max {
                    return true;
                }
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

/// The bytes of a JSON string, escapes resolved, lone surrogates replaced by U+FFFD.
pub(crate) fn string_lossy(json: &str) -> Option<Cow<'_, str>> {
    struct Text;
    impl<'de> Visitor<'de> for Text {
        type Value = Cow<'de, str>;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("a string")
        }
        fn visit_borrowed_bytes<E>(self, bytes: &'de [u8]) -> Result<Self::Value, E> {
            Ok(String::from_utf8_lossy(bytes))
        }
        fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Self::Value, E> {
            Ok(Cow::Owned(String::from_utf8_lossy(bytes).into_owned()))
        }
    }
    // As bytes, because as a string serde_json would refuse a lone surrogate, which JavaScript sends.
    serde_json::Deserializer::from_str(json)
        .deserialize_bytes(Text)
        .ok()
}

/// The first element of a valid JSON array, as text.
pub(crate) fn first_element(array: &str) -> Option<&str> {
    struct First;
    impl<'de> Visitor<'de> for First {
        type Value = Option<&'de serde_json::value::RawValue>;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("an array")
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
            let first = seq.next_element()?;
            while seq.next_element::<IgnoredAny>()?.is_some() {}
            Ok(first)
        }
    }
    let first = serde_json::Deserializer::from_str(array).deserialize_seq(First);
    first.ok().flatten().map(serde_json::value::RawValue::get)
}
