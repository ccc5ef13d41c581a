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
#[derive(Debug, Default)]
pub struct ArgumentWriter {
    pub(crate) json: Vec<u8>,
    pub(crate) attachments: Vec<Frame>,
    /// What was written is the error of a `Result`.
    pub(crate) is_error: bool,
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
    Ok(Written::event(name, args)?.unit(Kind::Event, namespace, id))
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
    Ok(Written::new(args)?.unit(Kind::Ack, namespace, Some(id)))
}

/// A scratch buffer larger than this is not kept: one large message must not occupy every thread.
const SCRATCH_KEPT: usize = 64 * 1024;

thread_local! {
    /// Where JSON is written before its length, and its attachment count, are known. Taken while in
    /// use, so a `Serialize` implementation that emits gets a fresh one.
    static SCRATCH: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// A payload in the scratch buffer, before it is known for which packet.
#[derive(Debug)]
pub(crate) struct Written(ArgumentWriter);

impl Written {
    /// An array of arguments.
    pub(crate) fn new(args: &(impl Arguments + ?Sized)) -> Result<Self, EncodeError> {
        Self::write(|writer| args.write(writer))
    }

    fn event(name: &str, args: &(impl Arguments + ?Sized)) -> Result<Self, EncodeError> {
        Self::write(|writer| {
            writer
                .push(name)
                .map_err(|error| EncodeError::Serialize(error.to_string()))?;
            args.write(writer)
        })
    }

    fn write(
        write: impl FnOnce(&mut ArgumentWriter) -> Result<(), EncodeError>,
    ) -> Result<Self, EncodeError> {
        let mut json = SCRATCH.take();
        json.clear();
        json.push(b'[');
        // From here on the buffer goes back to where it came from, whatever happens.
        let mut written = Self(ArgumentWriter {
            json,
            ..ArgumentWriter::default()
        });
        write(&mut written.0)?;
        written.0.json.push(b']');
        match written.0.attachments.len() {
            count if count > MAX_ATTACHMENTS => Err(EncodeError::TooManyAttachments { count }),
            _ => Ok(written),
        }
    }

    /// Whether this is the error of a `Result`.
    #[cfg(feature = "server")]
    pub(crate) fn is_error(&self) -> bool {
        self.0.is_error
    }

    /// The JSON array.
    #[cfg(feature = "server")]
    pub(crate) fn to_json(&self) -> String {
        String::from_utf8_lossy(&self.0.json).into_owned()
    }

    /// The packet, in frames of exactly the right size.
    pub(crate) fn unit(mut self, kind: Kind, namespace: &str, id: Option<u64>) -> Unit {
        let attachments = std::mem::take(&mut self.0.attachments);
        let head = Head {
            kind,
            attachments: attachments.len(),
            namespace,
            id,
        };
        Unit::with_attachments(head.frame(&self.0.json), attachments)
    }
}

impl Drop for Written {
    fn drop(&mut self) {
        let json = std::mem::take(&mut self.0.json);
        if json.capacity() <= SCRATCH_KEPT {
            SCRATCH.set(json);
        }
    }
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
