//! The names of things: opaque strings for users and rooms, UUIDs for messages.

use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};
use uuid::Uuid;

/// The longest id of a user or room that is accepted, in bytes. Socket.IO rooms are named after them, with a
/// prefix, and their names have at most 256.
pub const MAX_ID: usize = 250;

/// The largest integer that every JSON reader keeps exactly: 2^53 - 1.
const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

macro_rules! opaque_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Takes any text as it is.
            pub fn new(text: impl Into<Arc<str>>) -> Self {
                Self(text.into())
            }

            /// The text of the id.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The id as a number, when it is a canonical integer that every JSON reader keeps exactly.
            #[must_use]
            pub fn as_number(&self) -> Option<u64> {
                canonical_integer(&self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::new(text)
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self::new(text)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }
    };
}

opaque_id! {
    /// A user: an opaque text, a UUID when the id was made here.
    UserId
}
opaque_id! {
    /// A room: an opaque text, a UUID when the id was made here; `123` and `"123"` are the same room.
    RoomId
}
opaque_id! {
    /// One live socket of one client. It says nothing to the rules but "the same one as before".
    SocketId
}

impl UserId {
    /// A new id.
    #[must_use]
    pub fn random() -> Self {
        Self::new(Uuid::now_v7().to_string())
    }

    /// An id for somebody who gave no name. It says that it was made up, so that it is never taken for a user's.
    #[must_use]
    pub fn guest() -> Self {
        Self::new(format!("{GUEST_PREFIX}{}", Uuid::new_v4().simple()))
    }
}

/// What the ids of guests begin with.
pub(crate) const GUEST_PREFIX: &str = "guest-";

/// What the ids of direct rooms begin with. Everybody can compute them, so nobody else may make a room of that name.
const DIRECT_PREFIX: &str = "direct-";

impl RoomId {
    /// A new id.
    #[must_use]
    pub fn random() -> Self {
        Self::new(Uuid::now_v7().to_string())
    }

    /// The room of two people: a function of the two ids, whoever of them asks.
    ///
    /// The length in front keeps pairs apart whose ids contain the separator.
    #[must_use]
    pub fn direct(one: &UserId, other: &UserId) -> Self {
        let (first, second) = if one <= other {
            (one, other)
        } else {
            (other, one)
        };
        let name = format!("{}:{first}:{second}", first.as_str().len());
        Self::new(format!(
            "{DIRECT_PREFIX}{}",
            Uuid::new_v5(&DIRECT_NAMESPACE, name.as_bytes()).simple()
        ))
    }

    /// Whether only two people who write to each other may make it.
    #[must_use]
    pub fn is_direct(&self) -> bool {
        self.as_str().starts_with(DIRECT_PREFIX)
    }
}

/// The name space of direct rooms: any fixed value serves, as long as it never changes.
const DIRECT_NAMESPACE: Uuid = Uuid::from_u128(0x8f2d_5a41_0b7c_5e0e_9a37_1d0f_6c21_77b4);

/// The id of a message, increasing with time.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct MessageId(Uuid);

impl MessageId {
    /// A new id, later than every one made before it in this process.
    #[must_use]
    pub fn random() -> Self {
        Self(Uuid::now_v7())
    }

    /// Reads the text form; `None` when it is no UUID.
    #[must_use]
    pub fn decode(text: &str) -> Option<Self> {
        Uuid::try_parse(text).ok().map(Self)
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Uuid::from_slice(bytes).ok().map(Self)
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for MessageId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut buffer = Uuid::encode_buffer();
        serializer.serialize_str(self.0.hyphenated().encode_lower(&mut buffer))
    }
}

fn canonical_integer(text: &str) -> Option<u64> {
    let canonical =
        text == "0" || (!text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit()));
    let number: u64 = if canonical {
        text.parse().ok()?
    } else {
        return None;
    };
    (number <= MAX_SAFE_INTEGER).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_canonical_integers_are_numbers() {
        for (text, number) in [
            ("0", Some(0)),
            ("123", Some(123)),
            ("9007199254740991", Some(MAX_SAFE_INTEGER)),
            ("9007199254740992", None),
            ("99999999999999999999999", None),
            ("", None),
            ("007", None),
            ("+1", None),
            ("-1", None),
            ("1.0", None),
            ("1e3", None),
        ] {
            assert_eq!(UserId::from(text).as_number(), number, "{text}");
        }
    }

    #[test]
    fn the_direct_room_of_two_users_is_the_same_from_both_sides() {
        let (anna, ben) = (UserId::from("anna"), UserId::from("ben"));
        assert_eq!(RoomId::direct(&anna, &ben), RoomId::direct(&ben, &anna));
        assert_ne!(RoomId::direct(&anna, &ben), RoomId::direct(&anna, &anna));
        let (one, other) = (UserId::from("a:b"), UserId::from("c"));
        assert_ne!(
            RoomId::direct(&one, &other),
            RoomId::direct(&UserId::from("a"), &UserId::from("b:c"))
        );
    }
}
