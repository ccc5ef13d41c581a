//! Events and acks from Rust values to Engine.IO messages, in one pass over the values.
//!
//! ```
//! use socketio::encode;
//!
//! let unit = encode::event("/", None, "sum", &(1, 2.0, "three"))?;
//! assert_eq!(unit.frame(0).expect("never empty").message(), br#"2["sum",1,2,"three"]"#);
//!
//! let unit = encode::ack("/admin", 7, &vec![1, 2])?;
//! assert_eq!(unit.frame(0).expect("never empty").message(), b"3/admin,7[[1,2]]");
//! # Ok::<(), socketio::EncodeError>(())
//! ```

use std::cell::Cell;
use std::io;

use engineio::{Frame, Unit};
use serde::Serialize;
use serde_json::ser::Formatter;

use crate::arguments;
use crate::event::is_reserved;
use crate::packet::{Head, Kind, MAX_ATTACHMENTS};
use crate::{Args, EncodeError};

/// What can be the arguments of an event or of an ack.
///
/// Every `Serialize` value is: a tuple (or a fixed-size array, which is the same to serde) is one
/// argument per element, `()` is none, anything else is one argument. Bytes that serialize as bytes
/// ([`Binary`](crate::Binary), `bytes::Bytes`, at any depth) become attachments. [`Args`] leave as
/// they came in.
pub trait Arguments {
    /// Appends the arguments.
    ///
    /// # Errors
    /// A value refuses to be serialized.
    fn write(&self, to: &mut ArgumentWriter) -> Result<(), EncodeError>;
}

impl<T: Serialize + ?Sized> Arguments for T {
    fn write(&self, to: &mut ArgumentWriter) -> Result<(), EncodeError> {
        arguments::write(self, to)
    }
}

impl Arguments for Args {
    fn write(&self, to: &mut ArgumentWriter) -> Result<(), EncodeError> {
        if !self.is_empty() {
            to.separate();
            to.json.extend_from_slice(self.raw().as_bytes());
        }
        to.attachments
            .extend(self.attachments().iter().map(|bytes| Frame::binary(bytes)));
        Ok(())
    }
}

impl Arguments for &Args {
    fn write(&self, to: &mut ArgumentWriter) -> Result<(), EncodeError> {
        Args::write(self, to)
    }
}

/// The JSON array of an outgoing packet while it is written, and the attachments found on the way.
#[derive(Debug)]
pub struct ArgumentWriter {
    pub(crate) json: Vec<u8>,
    pub(crate) attachments: Vec<Frame>,
}

impl ArgumentWriter {
    /// Writes the comma that separates an argument from what precedes it.
    pub(crate) fn separate(&mut self) {
        if self.json.len() > 1 {
            self.json.push(b',');
        }
    }

    /// Appends one argument.
    pub(crate) fn push<T: Serialize + ?Sized>(&mut self, value: &T) -> serde_json::Result<()> {
        self.separate();
        self.write_value(value)
    }

    fn write_value<T: Serialize + ?Sized>(&mut self, value: &T) -> serde_json::Result<()> {
        let formatter = Wire {
            attachments: &mut self.attachments,
        };
        value.serialize(&mut serde_json::Serializer::with_formatter(
            &mut self.json,
            formatter,
        ))
    }
}

/// An event for `namespace`; `id` asks for an ack.
///
/// # Errors
/// A reserved name, too many attachments, or an argument that cannot be serialized.
pub fn event(
    namespace: &str,
    id: Option<u64>,
    name: &str,
    args: &(impl Arguments + ?Sized),
) -> Result<Unit, EncodeError> {
    if is_reserved(name) {
        return Err(EncodeError::ReservedEvent(name.to_owned()));
    }
    let head = Head {
        kind: Kind::Event,
        attachments: 0,
        namespace,
        id,
    };
    encode(head, |writer| {
        writer
            .write_value(name)
            .map_err(|error| EncodeError::Serialize(error.to_string()))?;
        args.write(writer)
    })
}

/// The answer to the event that asked for ack `id`.
///
/// # Errors
/// Too many attachments, or an argument that cannot be serialized.
pub fn ack(
    namespace: &str,
    id: u64,
    args: &(impl Arguments + ?Sized),
) -> Result<Unit, EncodeError> {
    let head = Head {
        kind: Kind::Ack,
        attachments: 0,
        namespace,
        id: Some(id),
    };
    encode(head, |writer| args.write(writer))
}

/// A scratch buffer larger than this is not kept: one large message must not occupy every thread.
const SCRATCH_KEPT: usize = 64 * 1024;

thread_local! {
    /// Where JSON is written before its length, and its attachment count, are known. Taken while in
    /// use, so a `Serialize` implementation that emits gets a fresh one.
    static SCRATCH: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// Writes the array into the scratch buffer and makes frames of exactly the right size from it.
fn encode(
    mut head: Head<'_>,
    write: impl FnOnce(&mut ArgumentWriter) -> Result<(), EncodeError>,
) -> Result<Unit, EncodeError> {
    let mut json = SCRATCH.take();
    json.clear();
    json.push(b'[');
    let mut writer = ArgumentWriter {
        json,
        attachments: Vec::new(),
    };
    let written = write(&mut writer);
    let ArgumentWriter {
        mut json,
        attachments,
    } = writer;
    json.push(b']');
    let unit = written.and_then(|()| {
        head.attachments = attachments.len();
        if head.attachments > MAX_ATTACHMENTS {
            return Err(EncodeError::TooManyAttachments {
                count: head.attachments,
            });
        }
        Ok(Unit::with_attachments(head.frame(&json), attachments))
    });
    if json.capacity() <= SCRATCH_KEPT {
        SCRATCH.set(json);
    }
    unit
}

/// How JavaScript writes JSON: bytes are attachments, and a float without a fraction is an integer.
struct Wire<'a> {
    attachments: &'a mut Vec<Frame>,
}

/// Up to here every integer is a float and every float's shortest form is the integer itself.
const EXACT_INTEGERS: f64 = 9_007_199_254_740_992.0;

impl Formatter for Wire<'_> {
    fn write_byte_array<W: io::Write + ?Sized>(
        &mut self,
        writer: &mut W,
        value: &[u8],
    ) -> io::Result<()> {
        let number = self.attachments.len();
        self.attachments.push(Frame::binary(value));
        write!(writer, r#"{{"_placeholder":true,"num":{number}}}"#)
    }

    fn write_f64<W: io::Write + ?Sized>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        if value.fract() == 0.0 && value.abs() <= EXACT_INTEGERS {
            // Integral and in range, so the cast is exact; it also makes -0 a 0, as JavaScript does.
            return self.write_i64(writer, value as i64);
        }
        serde_json::ser::CompactFormatter.write_f64(writer, value)
    }
}

#[cfg(test)]
mod tests;
