//! The rules of rooms, as plain functions: no clock, no store, no channel.

use crate::command::{Entitlement, Speaker};
use crate::config::AuthPolicy;
use crate::failure::Failure;
use crate::ids::{MAX_ID, UserId};
use crate::model::{Member, Message, RoomKind};

/// Who speaks: the token's owner, a guest, or in open mode whoever the payload names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Speaking {
    /// Never stored, reaches public rooms only.
    Guest(UserId),
    /// Has to exist.
    User(UserId),
}

impl Speaking {
    /// The id, when it can be in the store.
    pub(crate) const fn stored(&self) -> Option<&UserId> {
        match self {
            Self::Guest(_) => None,
            Self::User(id) => Some(id),
        }
    }

    /// The id, whoever it is.
    pub(crate) const fn id(&self) -> &UserId {
        match self {
            Self::Guest(id) | Self::User(id) => id,
        }
    }
}

/// "In open mode `user_id` is who speaks through this joining; in required mode another user's id is `forbidden`."
///
/// `policy` is what holds in the whole chat.
pub(crate) fn speaking(policy: AuthPolicy, by: &Speaker) -> Result<Speaking, Failure> {
    let policy = by.policy.unwrap_or(policy);
    let own = &by.identity;
    match &by.named {
        Some(named) if *named != own.user && policy == AuthPolicy::Required => Err(Failure::NotYou),
        Some(named) if *named != own.user => Ok(Speaking::User(named.clone())),
        _ if own.is_guest() => Ok(Speaking::Guest(own.user.clone())),
        _ => Ok(Speaking::User(own.user.clone())),
    }
}

/// Public rooms are open to everybody, all others to their members.
pub(crate) const fn reach(kind: RoomKind, member: Option<&Member>) -> Result<(), Failure> {
    match (kind, member) {
        (RoomKind::Public, _) | (_, Some(_)) => Ok(()),
        (RoomKind::Private | RoomKind::Direct, None) => Err(Failure::NotMember),
    }
}

/// What is known about somebody who wants to write.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Writer<'a> {
    pub(crate) member: Option<&'a Member>,
    pub(crate) joined: bool,
    pub(crate) policy: AuthPolicy,
}

/// Whether somebody may write in a room they can reach.
pub(crate) const fn entitled(needs: Entitlement, writer: Writer<'_>) -> Result<(), Failure> {
    match needs {
        Entitlement::Joined if !writer.joined => Err(Failure::NotInRoom),
        Entitlement::Member if writer.member.is_none() => Err(Failure::NotMember),
        Entitlement::Policy
            if writer.member.is_none() && matches!(writer.policy, AuthPolicy::Required) =>
        {
            Err(Failure::NotMember)
        }
        Entitlement::Joined | Entitlement::Member | Entitlement::Policy => Ok(()),
    }
}

/// Somebody who wants to edit or delete a message.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Change<'a> {
    pub(crate) message: &'a Message,
    pub(crate) by: &'a Speaking,
    pub(crate) member: Option<&'a Member>,
    pub(crate) policy: AuthPolicy,
}

impl Change<'_> {
    /// "Author and moderators may edit and delete."
    pub(crate) fn may_happen(&self) -> Result<(), Failure> {
        let author = self.message.sender == *self.by.id();
        let moderator = self.member.is_some_and(|member| member.role.moderates());
        let allowed = author || moderator || is_anonymous(self.policy, self.by);
        if allowed {
            Ok(())
        } else {
            Err(Failure::NotAllowed)
        }
    }
}

/// In open mode somebody who says not who they are looks after everything that is open to them: there is nobody
/// else who could, and naming any user would do.
fn is_anonymous(policy: AuthPolicy, by: &Speaking) -> bool {
    policy == AuthPolicy::Open && matches!(by, Speaking::Guest(_))
}

/// Who adds or removes whom in a room.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Admission<'a> {
    pub(crate) kind: RoomKind,
    pub(crate) by: &'a Speaking,
    pub(crate) by_member: Option<&'a Member>,
    pub(crate) whom: &'a UserId,
    pub(crate) policy: AuthPolicy,
}

impl Admission<'_> {
    /// Everybody may come to a public room and bring others; into a private one members bring others.
    pub(crate) fn may_add(&self) -> Result<(), Failure> {
        match self.kind {
            RoomKind::Direct => Err(Failure::NotAllowed),
            _ if is_anonymous(self.policy, self.by) => Ok(()),
            RoomKind::Public => Ok(()),
            RoomKind::Private => reach(self.kind, self.by_member),
        }
    }

    /// Everybody may go; only who looks after the room may send others away.
    pub(crate) fn may_remove(&self) -> Result<(), Failure> {
        let moderator = self.by_member.is_some_and(|member| member.role.moderates());
        match self.kind {
            RoomKind::Direct => Err(Failure::NotAllowed),
            _ if is_anonymous(self.policy, self.by) || moderator || self.by.id() == self.whom => {
                Ok(())
            }
            RoomKind::Public | RoomKind::Private => Err(Failure::NotAllowed),
        }
    }
}

/// A text that people wrote: something in it, and not over the limit.
pub(crate) fn text(field: &'static str, text: &str, limit: usize) -> Result<(), Failure> {
    if text.trim().is_empty() {
        return Err(Failure::invalid(
            field,
            format!("{field} must not be empty"),
        ));
    }
    if text.len() > limit {
        Err(Failure::TooLarge { field, limit })
    } else {
        Ok(())
    }
}

/// An id or a name that a client chose: something in it, not too long, no control characters.
pub(crate) fn name(field: &'static str, name: &str) -> Result<(), Failure> {
    text(field, name, MAX_ID)?;
    if name.chars().any(char::is_control) {
        return Err(Failure::invalid(
            field,
            format!("{field} must not contain control characters"),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
