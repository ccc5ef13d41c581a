//! Who somebody is, as far as their token says.

use crate::ids::UserId;
use crate::model::User;
use crate::time::Timestamp;

/// How much is known about somebody.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// Nothing: the id is made up, they are never stored, and only public rooms are open to them.
    Guest,
    /// A valid token named them.
    Known,
}

/// Who somebody is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Identity {
    /// Their id.
    pub user: UserId,
    /// The name to show.
    pub name: String,
    /// The token's `username`, when it has one.
    pub username: Option<String>,
    /// How much is known about them.
    pub standing: Standing,
    /// When their token ends.
    pub expires_at: Option<Timestamp>,
}

impl Identity {
    /// Somebody without a token.
    #[must_use]
    pub fn guest() -> Self {
        let user = User::guest(UserId::guest());
        Self {
            user: user.id,
            name: user.name,
            username: None,
            standing: Standing::Guest,
            expires_at: None,
        }
    }

    /// Somebody known, by id and name.
    #[must_use]
    pub fn known(user: UserId, name: impl Into<String>) -> Self {
        Self {
            user,
            name: name.into(),
            username: None,
            standing: Standing::Known,
            expires_at: None,
        }
    }

    /// Whether nothing is known about them.
    #[must_use]
    pub const fn is_guest(&self) -> bool {
        matches!(self.standing, Standing::Guest)
    }

    /// The name that payloads call `username`.
    #[must_use]
    pub fn username(&self) -> &str {
        self.username.as_deref().unwrap_or(&self.name)
    }
}
