//! Names on the server's side: socket ids and rooms.

use std::fmt;
use std::str::FromStr;

use bytestring::ByteString;
use engineio::Sid;

/// The id of a socket: 20 characters, random, different in every namespace.
///
/// Unlike the Engine.IO session id, which is a secret, it may be shown to other clients. It is also
/// the name of a room which only that socket is in.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SocketId(Sid);

impl SocketId {
    /// A fresh id.
    pub(crate) fn random() -> Self {
        let mut random = [0; 15];
        // The first 15 of 16 bytes; the six bits which a version 4 UUID fixes leave 114 random ones.
        random.copy_from_slice(uuid::Uuid::new_v4().as_bytes().split_at(15).0);
        Self(Sid::from_random(random))
    }

    /// The id as it is on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The id which a text may be; there need not be such a socket.
    #[must_use]
    pub fn decode(text: &str) -> Option<Self> {
        Sid::from_str(text).ok().map(Self)
    }
}

impl fmt::Display for SocketId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl fmt::Debug for SocketId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl serde::Serialize for SocketId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// The name of a room: any text, cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RoomName(ByteString);

impl RoomName {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RoomName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::borrow::Borrow<str> for RoomName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for RoomName {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for RoomName {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl From<&str> for RoomName {
    fn from(name: &str) -> Self {
        Self(name.into())
    }
}

impl From<String> for RoomName {
    fn from(name: String) -> Self {
        Self(name.into())
    }
}

impl From<&String> for RoomName {
    fn from(name: &String) -> Self {
        Self(name.as_str().into())
    }
}

impl From<ByteString> for RoomName {
    fn from(name: ByteString) -> Self {
        Self(name)
    }
}

impl From<&Self> for RoomName {
    fn from(name: &Self) -> Self {
        name.clone()
    }
}

impl From<SocketId> for RoomName {
    fn from(id: SocketId) -> Self {
        id.as_str().into()
    }
}

impl From<&SocketId> for RoomName {
    fn from(id: &SocketId) -> Self {
        id.as_str().into()
    }
}

/// One room or several: what `to`, `except` and `join` take.
pub trait RoomNames {
    /// Appends the names.
    fn append_to(self, names: &mut Vec<RoomName>);
}

impl<T: Into<RoomName>> RoomNames for T {
    fn append_to(self, names: &mut Vec<RoomName>) {
        names.push(self.into());
    }
}

impl<T: Into<RoomName>> RoomNames for Vec<T> {
    fn append_to(self, names: &mut Vec<RoomName>) {
        names.extend(self.into_iter().map(Into::into));
    }
}

impl<T: Into<RoomName>, const N: usize> RoomNames for [T; N] {
    fn append_to(self, names: &mut Vec<RoomName>) {
        names.extend(self.into_iter().map(Into::into));
    }
}

impl<'a, T> RoomNames for &'a [T]
where
    &'a T: Into<RoomName>,
{
    fn append_to(self, names: &mut Vec<RoomName>) {
        names.extend(self.iter().map(Into::into));
    }
}

impl<'a, T> RoomNames for &'a Vec<T>
where
    &'a T: Into<RoomName>,
{
    fn append_to(self, names: &mut Vec<RoomName>) {
        self.as_slice().append_to(names);
    }
}
