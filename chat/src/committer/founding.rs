//! Making users, rooms and memberships, and ending memberships.

use std::sync::Arc;
use std::time::Duration;

use super::announcer::Effect;
use super::state::{Moment, Outcome, State};
use super::telling::Origin;
use crate::auth::Identity;
use crate::command::{Membership, NewRoom, NewUser, Notice, Reply, Speaker};
use crate::config::AuthPolicy;
use crate::failure::Failure;
use crate::ids::{RoomId, UserId};
use crate::model::{Role, Room, RoomKind, User};
use crate::publisher::Letter;
use crate::room::{self, Admission, Speaking};
use crate::store::Change;

/// How exact `last_seen_at` is: a user whose client reconnects all day is not worth a write each time.
const SEEN: Duration = Duration::from_secs(600);

impl State {
    /// "First sight of a valid token creates the user"; later ones bring their new name, if they have one.
    pub(super) fn appear(
        &mut self,
        identity: &Identity,
        moment: Moment,
        out: &mut Outcome,
    ) -> Result<Reply, Failure> {
        if identity.is_guest() {
            return Ok(Reply::User(Arc::new(User::guest(identity.user.clone()))));
        }
        let known = self.cache.user(&identity.user);
        // Who is known may come in also when nothing can be written.
        out.spare |= known.is_some();
        let user = User {
            id: identity.user.clone(),
            handle: known.as_ref().and_then(|user| user.handle.clone()),
            name: identity.name.clone(),
            username: identity.username.clone(),
            created_at: known.as_ref().map_or(moment.now, |user| user.created_at),
            last_seen_at: Some(moment.now),
        };
        if let Some(known) = known
            && known.name == user.name
            && known.username == user.username
            && known
                .last_seen_at
                .is_some_and(|seen| moment.now.since(seen) < SEEN)
        {
            return Ok(Reply::User(known));
        }
        let user = Arc::new(user);
        self.cache.put_user(&user);
        out.changes.push(Change::User(Arc::clone(&user)));
        Ok(Reply::User(user))
    }

    /// The same of who comes with a socket.
    pub(super) fn approach(
        &mut self,
        by: &Speaker,
        moment: Moment,
        out: &mut Outcome,
    ) -> Result<Reply, Failure> {
        self.appear(&by.identity, moment, out)?;
        let is_near = self.cache.knows_around(&by.identity.user);
        Ok(Reply::Approached { is_near })
    }

    pub(super) fn create_user(
        &mut self,
        new: &NewUser,
        moment: Moment,
        out: &mut Outcome,
    ) -> Result<Reply, Failure> {
        room::name("name", &new.name)?;
        if let Some(handle) = &new.handle {
            room::name("handle", handle)?;
            if self.cache.has_handle(handle) {
                return Err(Failure::HandleTaken);
            }
        }
        let user = Arc::new(User {
            id: UserId::random(),
            handle: new.handle.clone(),
            name: new.name.clone(),
            username: None,
            created_at: moment.now,
            last_seen_at: None,
        });
        self.cache.put_user(&user);
        out.changes.push(Change::User(Arc::clone(&user)));
        Ok(Reply::User(user))
    }

    pub(super) fn create_room(
        &mut self,
        by: &Speaker,
        new: &NewRoom,
        moment: Moment,
        out: &mut Outcome,
    ) -> Result<Reply, Failure> {
        room::name("name", &new.name)?;
        let (speaking, _) = self.speaker(by)?;
        match (new.kind, &speaking) {
            (RoomKind::Direct, _) => {
                return Err(Failure::invalid(
                    "kind",
                    "direct rooms are made by writing to somebody",
                ));
            }
            (RoomKind::Private, Speaking::Guest(_)) if self.policy(by) == AuthPolicy::Required => {
                return Err(Failure::Guest);
            }
            (RoomKind::Private | RoomKind::Public, _) => {}
        }
        if let Some(id) = &new.id {
            room::name("id", id.as_str())?;
            if id.is_direct() {
                let message = "id must not begin as those of direct rooms do";
                return Err(Failure::invalid("id", message));
            }
            if let Some(other) = self.cache.room(id) {
                return Err(Failure::RoomExists {
                    kind: other.room.kind,
                });
            }
        }
        let id = new.id.clone().unwrap_or_else(RoomId::random);
        let room = self.found(
            Room {
                id,
                name: new.name.clone(),
                kind: new.kind,
                created_at: moment.now,
            },
            out,
        );
        self.become_member(&room, &speaking, Role::Owner, moment, out);
        Ok(Reply::Room(room))
    }

    pub(super) fn open_direct(
        &mut self,
        by: &Speaker,
        other: &UserId,
        moment: Moment,
        out: &mut Outcome,
    ) -> Result<Reply, Failure> {
        let (speaking, own) = self.speaker(by)?;
        if speaking.stored().is_none() {
            return Err(Failure::Guest);
        }
        self.cache.user(other).ok_or(Failure::UserNotFound)?;
        Ok(Reply::Room(self.meet(&own, other, moment, out)))
    }

    pub(super) fn found(&mut self, room: Room, out: &mut Outcome) -> Arc<Room> {
        let room = Arc::new(room);
        self.cache.put_room(&room);
        out.changes.push(Change::Room(Arc::clone(&room)));
        room
    }

    pub(super) fn add_member(
        &mut self,
        by: &Speaker,
        new: &Membership,
        moment: Moment,
        out: &mut Outcome,
    ) -> Result<Reply, Failure> {
        let room = self.admission(by, new, |admission| admission.may_add())?;
        self.cache.user(&new.user).ok_or(Failure::UserNotFound)?;
        let member = self.become_member(
            &room,
            &Speaking::User(new.user.clone()),
            Role::Member,
            moment,
            out,
        );
        member.map(Reply::Member).ok_or(Failure::RoomNotFound)
    }

    pub(super) fn remove_member(
        &mut self,
        by: &Speaker,
        old: &Membership,
        moment: Moment,
        out: &mut Outcome,
    ) -> Result<Reply, Failure> {
        let room = self.admission(by, old, |admission| admission.may_remove())?;
        let cached = self.cache.room(&room.id).ok_or(Failure::RoomNotFound)?;
        if cached.member(&old.user).is_none() {
            return Ok(Reply::Done);
        }
        self.cache.put_member(&room.id, &old.user, None);
        out.changes
            .push(Change::MemberRemoved(room.id.clone(), old.user.clone()));
        let notice = Notice::MemberRemoved(Arc::clone(&room), old.user.clone());
        let publication = self.publication(
            &room.id,
            notice,
            Origin {
                user: &old.user,
                socket: None,
            },
        );
        out.effects.push(Effect::Publish(publication));
        let listening = self.sockets_of(&old.user);
        for gone in self.presence.evict(&room.id, &old.user, &listening) {
            let letter = Letter {
                sockets: vec![gone.subscription.socket.clone()],
                vocabulary: Some(gone.subscription.vocabulary),
                notice: Notice::Unsubscribed(Arc::clone(&room)),
            };
            self.depart(gone, moment, out);
            Self::letter(letter, out);
        }
        Ok(Reply::Done)
    }

    fn admission(
        &self,
        by: &Speaker,
        membership: &Membership,
        rule: fn(&Admission<'_>) -> Result<(), Failure>,
    ) -> Result<Arc<Room>, Failure> {
        let (speaking, _) = self.speaker(by)?;
        let cached = self
            .cache
            .room(&membership.room)
            .ok_or(Failure::RoomNotFound)?;
        let admission = Admission {
            kind: cached.room.kind,
            by: &speaking,
            by_member: speaking.stored().and_then(|user| cached.member(user)),
            whom: &membership.user,
            policy: self.policy(by),
        };
        rule(&admission)?;
        Ok(Arc::clone(&cached.room))
    }
}
