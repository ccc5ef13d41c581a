//! Reads typed values out of raw arguments, attachments included.
//!
//! Without attachments serde_json reads the text directly. With attachments an argument goes through
//! a `serde_json::Value` first (its depth was bounded when it was decoded), in which a placeholder
//! becomes bytes for whoever asks for bytes.

use bytes::Bytes;
use serde::de::value::{MapAccessDeserializer, MapDeserializer, SeqDeserializer};
use serde::de::{DeserializeSeed, Deserializer, Error as _, IntoDeserializer, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::value::RawValue;
use serde_json::{Error, Map, Value};

use crate::placeholder;

/// All arguments: a tuple reads several, anything else the first.
pub(crate) struct Arguments<'de> {
    pub(crate) values: &'de [&'de RawValue],
    pub(crate) attachments: &'de [Bytes],
}

impl<'de> Arguments<'de> {
    fn at(&self, index: usize) -> Argument<'de> {
        let value = self.values.get(index).copied();
        Argument {
            index,
            value,
            attachments: self.attachments,
        }
    }
}

/// Defines deserializer methods by one expression over `$me`, the deserializer, and `$call`, a macro
/// that calls the same method on another deserializer.
macro_rules! methods {
    ($apply:ident; $($method:ident($($argument:ident: $type:ty),*);)*) => {$(
        fn $method<V: Visitor<'de>>(self, $($argument: $type,)* visitor: V) -> Result<V::Value, Error> {
            $apply!(self, $method($($argument,)* visitor))
        }
    )*};
}

/// The methods that mean the same for "all arguments" as for the first one.
macro_rules! plain_methods {
    ($apply:ident) => {
        methods! { $apply;
            deserialize_any(); deserialize_bool(); deserialize_char();
            deserialize_i8(); deserialize_i16(); deserialize_i32(); deserialize_i64(); deserialize_i128();
            deserialize_u8(); deserialize_u16(); deserialize_u32(); deserialize_u64(); deserialize_u128();
            deserialize_f32(); deserialize_f64(); deserialize_str(); deserialize_string();
            deserialize_bytes(); deserialize_byte_buf(); deserialize_seq(); deserialize_map();
            deserialize_identifier(); deserialize_ignored_any();
            deserialize_newtype_struct(name: &'static str);
            deserialize_struct(name: &'static str, fields: &'static [&'static str]);
            deserialize_enum(name: &'static str, variants: &'static [&'static str]);
        }
    };
}

macro_rules! first_argument {
    ($all:expr, $method:ident($($argument:expr),*)) => { $all.at(0).$method($($argument),*) };
}

impl<'de> Deserializer<'de> for Arguments<'de> {
    type Error = Error;

    plain_methods! { first_argument }
    methods! { first_argument;
        deserialize_option();
        deserialize_tuple_struct(name: &'static str, len: usize);
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(Elements {
            arguments: self,
            next: 0,
            len,
        })
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }
}

/// The arguments as the elements of a tuple; those beyond the last are absent.
struct Elements<'de> {
    arguments: Arguments<'de>,
    next: usize,
    len: usize,
}

impl<'de> SeqAccess<'de> for Elements<'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        if self.next == self.len {
            return Ok(None);
        }
        let argument = self.arguments.at(self.next);
        self.next += 1;
        seed.deserialize(argument).map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.len - self.next)
    }
}

/// One argument, present or absent.
pub(crate) struct Argument<'de> {
    pub(crate) index: usize,
    pub(crate) value: Option<&'de RawValue>,
    pub(crate) attachments: &'de [Bytes],
}

impl<'de> Argument<'de> {
    fn present(&self) -> Result<&'de str, Error> {
        let missing = || Error::custom(format_args!("argument {} is missing", self.index + 1));
        self.value.map(RawValue::get).ok_or_else(missing)
    }
}

/// Reads the text itself, or the tree if there are attachments.
macro_rules! text_or_tree {
    ($argument:expr, $method:ident($($parameter:expr),*)) => {{
        let text = $argument.present()?;
        if $argument.attachments.is_empty() {
            serde_json::Deserializer::from_str(text).$method($($parameter),*)
        } else {
            let value: Value = serde_json::from_str(text)?;
            Tree { value, attachments: $argument.attachments }.$method($($parameter),*)
        }
    }};
}

impl<'de> Deserializer<'de> for Argument<'de> {
    type Error = Error;

    plain_methods! { text_or_tree }
    methods! { text_or_tree;
        deserialize_tuple(len: usize);
        deserialize_tuple_struct(name: &'static str, len: usize);
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.value {
            None => visitor.visit_none(),
            Some(_) => text_or_tree!(self, deserialize_option(visitor)),
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }
}

/// A JSON value whose placeholders are read as bytes.
#[derive(Clone)]
struct Tree<'de> {
    value: Value,
    attachments: &'de [Bytes],
}

impl<'de> Tree<'de> {
    fn with(&self, value: Value) -> Self {
        Self {
            value,
            attachments: self.attachments,
        }
    }

    /// The attachment for which this value stands, if it is a placeholder.
    fn attachment(&self) -> Option<&'de Bytes> {
        let object = self.value.as_object()?;
        if object.get(placeholder::KEY) != Some(&Value::Bool(true)) {
            return None;
        }
        let number = object.get(placeholder::NUMBER)?.as_number()?;
        self.attachments
            .get(placeholder::index(&number.to_string())?)
    }

    fn entries(
        &self,
        object: Map<String, Value>,
    ) -> MapDeserializer<'de, impl Iterator<Item = (String, Self)>, Error> {
        let parent = self.with(Value::Null);
        MapDeserializer::new(
            object
                .into_iter()
                .map(move |(key, value)| (key, parent.with(value))),
        )
    }
}

impl<'de> IntoDeserializer<'de, Error> for Tree<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Tree<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        match self.value.take() {
            Value::Array(elements) => {
                let elements = elements.into_iter().map(|value| self.with(value));
                visitor.visit_seq(SeqDeserializer::new(elements))
            }
            Value::Object(object) => visitor.visit_map(self.entries(object)),
            scalar => scalar.deserialize_any(visitor),
        }
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.attachment() {
            Some(bytes) => visitor.visit_byte_buf(bytes.to_vec()),
            None => self.deserialize_any(visitor),
        }
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.value {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        mut self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.value.take() {
            Value::Object(object) => {
                let entries = MapAccessDeserializer::new(self.entries(object));
                entries.deserialize_enum(name, variants, visitor)
            }
            unit_variant => unit_variant.deserialize_enum(name, variants, visitor),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string unit unit_struct seq
        tuple tuple_struct map struct identifier ignored_any
    }
}
