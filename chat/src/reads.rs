//! Everything that can be read without an order: each read checks first that its speaker may.

use std::sync::Arc;

use crate::chat::Chat;
use crate::command::Speaker;
use crate::failure::Failure;
use crate::ids::{MessageId, RoomId, UserId};
use crate::model::{
    Checkin, Listing, Member, Message, NamedMember, Page, Room, RoomKind, RoomSummary, User,
};
use crate::room;
use crate::store::{CheckinPage, MemberPage, RoomPage, StoreError, SummaryPage, UserPage};

/// Which part of a list is wanted.
#[derive(Clone, Copy, Debug, Default)]
pub struct ReadPage<'a> {
    /// The `next` of the page before; `None` for the first.
    pub after: Option<&'a str>,
    /// At most this many; `None` or too many mean the configured page size.
    pub limit: Option<u32>,
}

fn unavailable(error: StoreError) -> Failure {
    tracing::error!(%error, "read failed");
    Failure::Unavailable
}

impl Chat {
    /// Who a request speaks as: the user its payload names, checked as commands are.
    ///
    /// In open mode a request without a token that names nobody speaks as a guest.
    pub async fn speaker(&self, by: &Speaker) -> Result<Arc<User>, Failure> {
        match room::speaking(self.config.auth, by)? {
            room::Speaking::Guest(id) => Ok(Arc::new(User::guest(id))),
            room::Speaking::User(id) => self.user(&id).await.map(Arc::new),
        }
    }

    /// A user by id.
    pub async fn user(&self, id: &UserId) -> Result<User, Failure> {
        self.store
            .user(id)
            .await
            .map_err(unavailable)?
            .ok_or(Failure::UserNotFound)
    }

    /// A user by handle.
    pub async fn user_by_handle(&self, handle: &str) -> Result<Option<User>, Failure> {
        self.store.user_by_handle(handle).await.map_err(unavailable)
    }

    /// All users.
    pub async fn users(&self, page: ReadPage<'_>) -> Result<Listing<User>, Failure> {
        let limit = self.limit(page);
        let items = self
            .store
            .users(UserPage {
                after: page.after,
                limit: limit + 1,
            })
            .await
            .map_err(unavailable)?;
        Ok(listing(items, limit, |user| user.id.to_string()))
    }

    /// A room the speaker can see.
    pub async fn room(&self, by: &Speaker, id: &RoomId) -> Result<Room, Failure> {
        self.readable(by, id).await.map(|(room, _)| room)
    }

    /// The public rooms and the speaker's own.
    pub async fn rooms(&self, by: &Speaker, page: ReadPage<'_>) -> Result<Listing<Room>, Failure> {
        let speaking = room::speaking(self.config.auth, by)?;
        let limit = self.limit(page);
        let wanted = RoomPage {
            visible_to: speaking.stored(),
            after: page.after,
            limit: limit + 1,
        };
        let items = self.store.rooms(wanted).await.map_err(unavailable)?;
        Ok(listing(items, limit, |room| room.id.to_string()))
    }

    /// A message of a room the speaker can see, and who wrote it.
    pub async fn message(
        &self,
        by: &Speaker,
        id: MessageId,
    ) -> Result<(Arc<Message>, User), Failure> {
        let message = self
            .store
            .message(id)
            .await
            .map_err(unavailable)?
            .ok_or(Failure::MessageNotFound)?;
        self.readable(by, &message.room).await?;
        let sender = self.author(&message.sender).await?;
        Ok((Arc::new(message), sender))
    }

    /// Messages of a room, oldest first; the newest page when the page names nothing.
    ///
    /// `next` is the `seq` to go on with in the direction of the page: `after` when the page had `after`, else `before`.
    pub async fn messages(
        &self,
        by: &Speaker,
        room: &RoomId,
        page: Page,
    ) -> Result<Listing<Arc<Message>>, Failure> {
        self.readable(by, room).await?;
        self.page_of(room, page).await
    }

    /// Messages of the direct room with somebody; none when the two never met.
    pub async fn direct_messages(
        &self,
        by: &Speaker,
        other: &UserId,
        page: Page,
    ) -> Result<Listing<Arc<Message>>, Failure> {
        let speaking = room::speaking(self.config.auth, by)?;
        let own = speaking.stored().ok_or(Failure::Unauthorized)?;
        self.user(own).await?;
        self.user(other).await?;
        self.page_of(&RoomId::direct(own, other), page).await
    }

    /// The members of a room.
    pub async fn members(
        &self,
        by: &Speaker,
        room: &RoomId,
        page: ReadPage<'_>,
    ) -> Result<Listing<NamedMember>, Failure> {
        self.readable(by, room).await?;
        let limit = self.limit(page);
        let wanted = MemberPage {
            room,
            after: page.after,
            limit: limit + 1,
        };
        let items = self.store.members(wanted).await.map_err(unavailable)?;
        Ok(listing(items, limit, |member| {
            member.member.user.to_string()
        }))
    }

    /// The check-ins of a room, newest first.
    pub async fn checkins(
        &self,
        by: &Speaker,
        room: &RoomId,
        page: ReadPage<'_>,
    ) -> Result<Listing<Checkin>, Failure> {
        self.readable(by, room).await?;
        let limit = self.limit(page);
        let before = match page.after {
            None => None,
            Some(key) => Some(
                key.parse()
                    .map_err(|_| Failure::invalid("after", "after is not a key of this list"))?,
            ),
        };
        let wanted = CheckinPage {
            room,
            before,
            limit: limit + 1,
        };
        let items = self.store.checkins(wanted).await.map_err(unavailable)?;
        let keyed = listing(items, limit, |(key, _)| key.to_string());
        Ok(Listing {
            items: keyed
                .items
                .into_iter()
                .map(|(_, checkin)| checkin)
                .collect(),
            next: keyed.next,
        })
    }

    /// The rooms the speaker is a member of, each with its last message and how many are unread.
    pub async fn my_rooms(
        &self,
        by: &Speaker,
        page: ReadPage<'_>,
    ) -> Result<Listing<RoomSummary>, Failure> {
        let speaking = room::speaking(self.config.auth, by)?;
        let user = speaking.stored().ok_or(Failure::Unauthorized)?;
        self.user(user).await?;
        let limit = self.limit(page);
        let wanted = SummaryPage {
            user,
            after: page.after,
            limit: limit + 1,
        };
        let items = self.store.rooms_of(wanted).await.map_err(unavailable)?;
        Ok(listing(items, limit, |summary| summary.room.id.to_string()))
    }

    /// Who wrote a message: a stored user, or the guest behind the id.
    pub async fn author(&self, id: &UserId) -> Result<User, Failure> {
        let stored = self.store.user(id).await.map_err(unavailable)?;
        Ok(stored.unwrap_or_else(|| User::guest(id.clone())))
    }

    async fn readable(&self, by: &Speaker, id: &RoomId) -> Result<(Room, Option<Member>), Failure> {
        let speaking = room::speaking(self.config.auth, by)?;
        let (room, _) = self
            .store
            .room(id)
            .await
            .map_err(unavailable)?
            .ok_or(Failure::RoomNotFound)?;
        let member = match speaking.stored() {
            Some(user) if room.kind != RoomKind::Public => {
                self.store.member(id, user).await.map_err(unavailable)?
            }
            _ => None,
        };
        room::reach(room.kind, member.as_ref())?;
        Ok((room, member))
    }

    async fn page_of(&self, room: &RoomId, page: Page) -> Result<Listing<Arc<Message>>, Failure> {
        let limit = page.limit.clamp(1, self.config.page);
        let wanted = Page {
            limit: limit + 1,
            ..page
        };
        let mut items = self
            .store
            .messages(room, wanted)
            .await
            .map_err(unavailable)?;
        let more = items.len() > limit as usize;
        let forward = page.after.is_some();
        if more && forward {
            items.truncate(limit as usize);
        } else if more {
            items.remove(0);
        }
        let key = if forward { items.last() } else { items.first() };
        let next = key.filter(|_| more).map(|message| message.seq.to_string());
        Ok(Listing { items, next })
    }

    fn limit(&self, page: ReadPage<'_>) -> u32 {
        page.limit
            .unwrap_or(self.config.page)
            .clamp(1, self.config.page)
    }
}

/// One more than the limit was asked for: if it came, there is a next page.
fn listing<T>(mut items: Vec<T>, limit: u32, key: impl Fn(&T) -> String) -> Listing<T> {
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let next = items.last().filter(|_| more).map(key);
    Listing { items, next }
}
