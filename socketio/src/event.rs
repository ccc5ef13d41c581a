//! Events and arguments, read from raw JSON only when asked.

use std::borrow::Cow;

use bytes::Bytes;
use bytestring::ByteString;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::{json, placeholder, value};

/// Event names that mean something to the client library itself: no peer may send them, and
/// emitting one is an error (protocol B.3, B.9).
pub const RESERVED_EVENTS: [&str; 6] = [
    "connect",
    "connect_error",
    "disconnect",
    "disconnecting",
    "newListener",
    "removeListener",
];

/// The event that `send` emits, in the stock clients and here.
pub const MESSAGE: &str = "message";

/// Whether an event name is one of [`RESERVED_EVENTS`].
#[must_use]
pub fn is_reserved(name: &str) -> bool {
    RESERVED_EVENTS.contains(&name)
}

/// The name in a valid JSON array: its first element if that is a string or a number.
pub(crate) fn decode_name(array: &str) -> Option<Cow<'_, str>> {
    let first = json::first_element(array)?;
    match first.bytes().next()? {
        b'"' => json::string_lossy(first),
        b'-' | b'0'..=b'9' => Some(Cow::Borrowed(first)),
        _ => None,
    }
}

/// An event: a name and arguments that are still raw JSON.
///
/// Cloning copies reference counts, not text.
///
/// ```
/// use socketio::Event;
///
/// let event = Event::decode(r#"["move",{"x":1},true]"#.into(), Vec::new()).expect("an event");
/// assert_eq!(event.name(), "move");
/// assert_eq!(event.args().raw(), r#"{"x":1},true"#);
/// let (_, flag): (serde_json::Value, bool) = event.args().parse()?;
/// assert!(flag);
/// # Ok::<(), socketio::ArgsError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    name: ByteString,
    args: Args,
}

impl Event {
    /// Reads the payload of an event packet; `None` if it is not an array that starts with a name.
    ///
    /// A number as a name is kept as it is written; a lone surrogate in a name becomes U+FFFD.
    #[must_use]
    pub fn decode(data: ByteString, attachments: Vec<Bytes>) -> Option<Self> {
        let name = match decode_name(&data)? {
            // Usually the name is a part of the text, which can share its memory.
            Cow::Borrowed(name) => data.slice_ref(name),
            Cow::Owned(name) => name.into(),
        };
        let args = Args {
            inner: after_name(&data),
            array: data,
            skip: 1,
            attachments,
        };
        Some(Self { name, args })
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name, sharing its memory.
    #[cfg(feature = "server")]
    pub(crate) fn shared_name(&self) -> ByteString {
        self.name.clone()
    }

    /// The arguments after the name.
    #[must_use]
    pub fn args(&self) -> &Args {
        &self.args
    }

    /// The name and the arguments.
    #[must_use]
    pub fn into_parts(self) -> (ByteString, Args) {
        (self.name, self.args)
    }
}

/// The arguments of an event or of an ack, as raw JSON with their attachments.
///
/// They can be emitted again as they are: text, numbers and attachments leave exactly as they came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Args {
    /// The whole JSON array.
    array: ByteString,
    /// How many elements of it precede the arguments: the name of an event.
    skip: usize,
    /// The text of the arguments, without brackets.
    inner: ByteString,
    attachments: Vec<Bytes>,
}

impl Args {
    /// Reads the payload of an ack packet; no payload means no arguments. `None` if it is not an array.
    #[must_use]
    pub fn decode(data: Option<ByteString>, attachments: Vec<Bytes>) -> Option<Self> {
        let array = data.unwrap_or_else(|| ByteString::from_static("[]"));
        let inner = array
            .strip_prefix('[')?
            .trim_end()
            .strip_suffix(']')?
            .trim();
        let inner = array.slice_ref(inner);
        Some(Self {
            array,
            skip: 0,
            inner,
            attachments,
        })
    }

    /// The JSON of the arguments, separated by commas, without brackets; empty if there are none.
    #[must_use]
    pub fn raw(&self) -> &str {
        &self.inner
    }

    /// The binary values for which the placeholders stand.
    #[must_use]
    pub fn attachments(&self) -> &[Bytes] {
        &self.attachments
    }

    /// Whether there are no arguments.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.inner.is_empty()
    }

    /// The arguments one by one, unparsed.
    #[must_use]
    pub fn values(&self) -> Vec<&RawValue> {
        // Checked when it was decoded; should it fail nevertheless, there are no arguments.
        let mut values: Vec<&RawValue> = serde_json::from_str(&self.array).unwrap_or_default();
        values.drain(..self.skip.min(values.len()));
        values
    }

    /// Reads the arguments into a typed value.
    ///
    /// A tuple (or a fixed-size array, which is the same to serde) takes one argument per element;
    /// anything else takes the first argument. Arguments beyond are ignored and missing ones count as
    /// absent, as in a JavaScript function: `Option` reads them as `None`, `()` needs none.
    /// [`Binary`] and `bytes::Bytes` read attachments, at any depth.
    ///
    /// # Errors
    /// An argument is missing or has another type. A string with a lone surrogate is no Rust string.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, ArgsError> {
        let values = self.values();
        T::deserialize(value::Arguments {
            values: &values,
            attachments: &self.attachments,
        })
        .map_err(|error| ArgsError::new(&error))
    }

    /// Reads one argument into a typed value.
    ///
    /// # Errors
    /// As for [`Args::parse`].
    pub fn parse_at<T: DeserializeOwned>(&self, index: usize) -> Result<T, ArgsError> {
        let values = self.values();
        let value = values.get(index).copied();
        T::deserialize(value::Argument {
            index,
            value,
            attachments: &self.attachments,
        })
        .map_err(|error| ArgsError::new(&error))
    }
}

/// Arguments that are not what was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ArgsError {
    message: String,
}

impl ArgsError {
    pub(crate) fn new(error: &serde_json::Error) -> Self {
        Self {
            message: error.to_string(),
        }
    }
}

/// The text between the name and the closing bracket of an event's array.
fn after_name(array: &ByteString) -> ByteString {
    let inner = array.strip_prefix('[').unwrap_or_default().trim_start();
    let name_length = match inner.starts_with('"') {
        true => placeholder::string_length(inner),
        false => inner.find([',', ']']).unwrap_or(inner.len()),
    };
    let (_, rest) = inner.split_at(name_length);
    let rest = rest.trim().trim_start_matches(',');
    array.slice_ref(rest.strip_suffix(']').unwrap_or(rest).trim())
}

/// A binary value: leaves as an attachment, arrives from one.
///
/// `bytes::Bytes` does the same; this type is there for `Vec<u8>`-like values that would otherwise be
/// JSON arrays, and for those who do not want to depend on `bytes`.
///
/// ```
/// use socketio::{Binary, encode};
///
/// let unit = encode::event("/", None, "file", &("a.txt", Binary("abc".into())))?;
/// let head = unit.frame(0).expect("a unit is never empty");
/// assert_eq!(head.message(), br#"51-["file","a.txt",{"_placeholder":true,"num":0}]"#);
/// assert_eq!(unit.len(), 2);
/// # Ok::<(), socketio::EncodeError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, Deserialize)]
#[serde(transparent)]
pub struct Binary(pub Bytes);

#[cfg(test)]
mod tests;
