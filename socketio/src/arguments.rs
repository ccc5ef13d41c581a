//! Decides what is one argument and what is several.

use std::fmt;

use serde::Serialize;
use serde::ser::{Impossible, SerializeTuple, Serializer};

use crate::EncodeError;
use crate::encode::ArgumentWriter;

/// Writes a tuple as one argument per element, a unit as none, a `Result` as what it holds, and
/// anything else as one.
pub(crate) fn write<T: Serialize + ?Sized>(
    value: &T,
    to: &mut ArgumentWriter,
) -> Result<(), EncodeError> {
    spread(value, to).map_err(|error| EncodeError::Serialize(error.to_string()))
}

fn spread<T: Serialize + ?Sized>(value: &T, to: &mut ArgumentWriter) -> Result<(), SpreadError> {
    match value.serialize(Spread(to)) {
        Err(SpreadError::OneArgument) => to.push(value).map_err(SpreadError::Json),
        spread => spread,
    }
}

/// Takes tuples, units and results apart, and refuses anything else at the first call.
struct Spread<'a>(&'a mut ArgumentWriter);

#[derive(Debug)]
enum SpreadError {
    /// The value is neither a tuple nor a unit.
    OneArgument,
    Json(serde_json::Error),
}

impl fmt::Display for SpreadError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OneArgument => formatter.write_str("not a tuple"),
            Self::Json(error) => error.fmt(formatter),
        }
    }
}

impl std::error::Error for SpreadError {}

impl serde::ser::Error for SpreadError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::Json(serde_json::Error::custom(message))
    }
}

/// The elements of a tuple, each an argument.
struct Elements<'a>(&'a mut ArgumentWriter);

impl SerializeTuple for Elements<'_> {
    type Ok = ();
    type Error = SpreadError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), SpreadError> {
        self.0.push(value).map_err(SpreadError::Json)
    }

    fn end(self) -> Result<(), SpreadError> {
        Ok(())
    }
}

/// Methods that answer "one argument".
macro_rules! one_argument {
    ($($method:ident($($argument:ty),*) -> $output:ty;)*) => {$(
        fn $method(self, $(_: $argument),*) -> Result<$output, SpreadError> {
            Err(SpreadError::OneArgument)
        }
    )*};
}

type Never = Impossible<(), SpreadError>;

impl<'a> Serializer for Spread<'a> {
    type Ok = ();
    type Error = SpreadError;
    type SerializeSeq = Never;
    type SerializeTuple = Elements<'a>;
    type SerializeTupleStruct = Never;
    type SerializeTupleVariant = Never;
    type SerializeMap = Never;
    type SerializeStruct = Never;
    type SerializeStructVariant = Never;

    fn serialize_tuple(self, _: usize) -> Result<Elements<'a>, SpreadError> {
        Ok(Elements(self.0))
    }

    fn serialize_unit(self) -> Result<(), SpreadError> {
        Ok(())
    }

    one_argument! {
        serialize_bool(bool) -> ();
        serialize_i8(i8) -> ();
        serialize_i16(i16) -> ();
        serialize_i32(i32) -> ();
        serialize_i64(i64) -> ();
        serialize_i128(i128) -> ();
        serialize_u8(u8) -> ();
        serialize_u16(u16) -> ();
        serialize_u32(u32) -> ();
        serialize_u64(u64) -> ();
        serialize_u128(u128) -> ();
        serialize_f32(f32) -> ();
        serialize_f64(f64) -> ();
        serialize_char(char) -> ();
        serialize_str(&str) -> ();
        serialize_bytes(&[u8]) -> ();
        serialize_none() -> ();
        serialize_unit_struct(&'static str) -> ();
        serialize_unit_variant(&'static str, u32, &'static str) -> ();
        serialize_seq(Option<usize>) -> Never;
        serialize_tuple_struct(&'static str, usize) -> Never;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Never;
        serialize_map(Option<usize>) -> Never;
        serialize_struct(&'static str, usize) -> Never;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Never;
    }

    fn serialize_some<T: Serialize + ?Sized>(self, _: &T) -> Result<(), SpreadError> {
        Err(SpreadError::OneArgument)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: &T,
    ) -> Result<(), SpreadError> {
        Err(SpreadError::OneArgument)
    }

    /// A `Result` is what serde calls it: a variant `Ok` or `Err` of `Result`.
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), SpreadError> {
        match (name, variant) {
            ("Result", "Ok") => spread(value, self.0),
            ("Result", "Err") => {
                self.0.is_error = true;
                spread(value, self.0)
            }
            _ => Err(SpreadError::OneArgument),
        }
    }

    fn collect_str<T: fmt::Display + ?Sized>(self, _: &T) -> Result<(), SpreadError> {
        Err(SpreadError::OneArgument)
    }
}
