//! Who gives a command, and in which vocabulary somebody hears.

use std::sync::Arc;

use super::action::Action;
use crate::auth::Identity;
use crate::config::AuthPolicy;
use crate::ids::UserId;

/// A vocabulary, by its place in [`crate::vocabulary::VOCABULARIES`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct VocabularyId(pub u8);

/// The vocabularies that are present in a room: what a broadcast is encoded for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct VocabularySet(u32);

impl VocabularySet {
    /// With one more.
    #[must_use]
    pub const fn with(self, id: VocabularyId) -> Self {
        Self(self.0 | 1 << id.0)
    }

    /// With all of another set.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether it is in there.
    #[must_use]
    pub const fn contains(self, id: VocabularyId) -> bool {
        self.0 & 1 << id.0 != 0
    }
}

/// Who gives a command.
#[derive(Clone, Debug)]
pub struct Speaker {
    /// Who they are by their token, or a guest.
    pub identity: Arc<Identity>,
    /// The `user_id` of the payload. In open mode this is who speaks; in required mode it has to be themselves.
    pub named: Option<UserId>,
    /// What holds where they came in; `None` is what holds in the whole chat.
    pub policy: Option<AuthPolicy>,
}

impl Speaker {
    /// Somebody who speaks as themselves.
    #[must_use]
    pub const fn new(identity: Arc<Identity>) -> Self {
        Self {
            identity,
            named: None,
            policy: None,
        }
    }

    /// Somebody whose payload names a user.
    #[must_use]
    pub const fn naming(identity: Arc<Identity>, user: UserId) -> Self {
        Self {
            identity,
            named: Some(user),
            policy: None,
        }
    }

    /// The same, who came in where a policy of its own holds.
    #[must_use]
    pub const fn under(mut self, policy: AuthPolicy) -> Self {
        self.policy = Some(policy);
        self
    }
}

/// One request to the chat.
#[derive(Clone, Debug)]
pub struct Command {
    /// Who.
    pub by: Speaker,
    /// What.
    pub action: Action,
}
