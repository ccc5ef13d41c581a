//! Reads into the cache what the rules of a command need.

use std::collections::hash_map::Entry;
use std::sync::Arc;

use super::cache::{Cache, CachedRoom};
use super::footprint;
use crate::command::{Action, Command, Join, Place, Post};
use crate::ids::{MessageId, RoomId, UserId};
use crate::model::{Page, RoomKind};
use crate::store::{MemberPage, Store, StoreError};

impl Cache {
    /// Reads what a command needs. `by` is who speaks, when it is not the token's owner.
    pub(super) async fn load(
        &mut self,
        command: &Command,
        by: Option<&UserId>,
        store: &dyn Store,
    ) -> Result<(), StoreError> {
        let by = by.unwrap_or(&command.by.identity.user);
        match &command.action {
            Action::Appear => self.load_user(&command.by.identity.user, store).await,
            Action::CreateUser(user) => match &user.handle {
                Some(handle) => self.load_handle(handle, store).await,
                None => Ok(()),
            },
            Action::CreateRoom(room) => {
                self.load_user(by, store).await?;
                match &room.id {
                    Some(id) => self.load_room(id, store).await,
                    None => Ok(()),
                }
            }
            Action::OpenDirect(other) => {
                self.load_user(other, store).await?;
                self.load_member(&RoomId::direct(by, other), by, store)
                    .await
            }
            Action::Post(post) => self.load_post(by, post, store).await,
            Action::PostTo(post) => {
                self.load_user(&post.to, store).await?;
                let post = Post {
                    client_msg_id: post.client_msg_id.clone(),
                    ..Post::text(RoomId::direct(by, &post.to), "")
                };
                self.load_post(by, &post, store).await
            }
            Action::Edit(edit) => self.load_change(by, edit.message, store).await,
            Action::Delete(message) => self.load_change(by, *message, store).await,
            Action::Join(join) => self.load_join(by, join, store).await,
            Action::Leave(leave) => self.load_member(&leave.room, by, store).await,
            Action::AddMember(membership) | Action::RemoveMember(membership) => {
                self.load_member(&membership.room, by, store).await?;
                self.load_member(&membership.room, &membership.user, store)
                    .await
            }
            Action::ListPresent(room) => self.load_member(room, by, store).await,
            Action::Type(typing) => match &typing.place {
                Place::Room(room) => self.load_member(room, by, store).await,
                Place::Person(_) => self.load_user(by, store).await,
            },
            Action::Read(read) => {
                self.load_message(read.message, store).await?;
                self.load_member(&read.room, by, store).await
            }
            // Who comes or is about to count as gone, and what a socket is to be handed, is loaded by the state, which
            // knows them.
            Action::Approach
            | Action::Connect(_)
            | Action::Disconnect(_)
            | Action::Collect(_)
            | Action::OpenSession(_)
            | Action::EndSession(_)
            | Action::Elapse
            | Action::Pass
            | Action::Refuse(_) => Ok(()),
        }
    }

    async fn load_post(
        &mut self,
        by: &UserId,
        post: &Post,
        store: &dyn Store,
    ) -> Result<(), StoreError> {
        self.load_member(&post.room, by, store).await?;
        if let Some(parent) = post.parent {
            self.load_message(parent, store).await?;
        }
        let Some(client_msg_id) = &post.client_msg_id else {
            return Ok(());
        };
        let key = (post.room.clone(), by.clone(), client_msg_id.clone());
        if let Entry::Vacant(vacant) = self.sent.entry(key) {
            let (room, sender, id) = vacant.key();
            let found = store.sent(room, sender, id).await?;
            vacant.insert(found.map(Arc::new));
        }
        Ok(())
    }

    async fn load_change(
        &mut self,
        by: &UserId,
        id: MessageId,
        store: &dyn Store,
    ) -> Result<(), StoreError> {
        self.load_message(id, store).await?;
        let Some(message) = self.message(id) else {
            return Ok(());
        };
        self.load_user(&message.sender, store).await?;
        self.load_member(&message.room, by, store).await
    }

    async fn load_join(
        &mut self,
        by: &UserId,
        join: &Join,
        store: &dyn Store,
    ) -> Result<(), StoreError> {
        self.load_member(&join.room, by, store).await?;
        if join.online {
            self.load_everybody(&join.room, store).await?;
        }
        let history = self.history;
        let Some(Some(room)) = self.rooms.get_mut(&join.room) else {
            return Ok(());
        };
        if join.history > 0 && room.tail.is_none() {
            let newest = Page {
                before: None,
                after: None,
                limit: u32::try_from(history).unwrap_or(u32::MAX),
            };
            let tail = store.messages(&join.room, newest).await?;
            let bytes = tail.iter().map(|message| footprint::message(message));
            self.recent += bytes.sum::<usize>();
            room.tail = Some(tail.into());
        }
        let tail = room.tail.iter().flatten().filter(|_| join.history > 0);
        let mut authors: Vec<UserId> = tail.map(|message| message.sender.clone()).collect();
        authors.dedup();
        for author in authors {
            self.load_user(&author, store).await?;
        }
        Ok(())
    }

    pub(super) async fn load_user(
        &mut self,
        id: &UserId,
        store: &dyn Store,
    ) -> Result<(), StoreError> {
        if !self.users.contains_key(id) {
            let found = store.user(id).await?;
            self.rows += footprint::user(id, found.as_ref());
            self.users.insert(id.clone(), found.map(Arc::new));
        }
        Ok(())
    }

    async fn load_handle(&mut self, handle: &str, store: &dyn Store) -> Result<(), StoreError> {
        if !self.handles.contains_key(handle) {
            let found = store.user_by_handle(handle).await?;
            self.handles
                .insert(handle.to_owned(), found.map(|user| user.id));
        }
        Ok(())
    }

    pub(super) async fn load_room(
        &mut self,
        id: &RoomId,
        store: &dyn Store,
    ) -> Result<(), StoreError> {
        if !self.rooms.contains_key(id) {
            let mut found = store
                .room(id)
                .await?
                .map(|(room, last_seq)| CachedRoom::new(Arc::new(room), last_seq));
            if let Some(room) = &mut found
                && room.room.kind == RoomKind::Direct
            {
                room.pair = pair(id, store).await?;
            }
            self.rows += footprint::room(id, found.as_ref().map(|found| &*found.room));
            self.rooms.insert(id.clone(), found);
        }
        Ok(())
    }

    async fn load_member(
        &mut self,
        room: &RoomId,
        user: &UserId,
        store: &dyn Store,
    ) -> Result<(), StoreError> {
        self.load_user(user, store).await?;
        self.load_room(room, store).await?;
        let Some(Some(cached)) = self.rooms.get_mut(room) else {
            return Ok(());
        };
        if !cached.members.contains_key(user) {
            let found = store.member(room, user).await?;
            cached.members.insert(user.clone(), found);
            self.rows += footprint::membership(user.as_str());
        }
        Ok(())
    }

    async fn load_message(&mut self, id: MessageId, store: &dyn Store) -> Result<(), StoreError> {
        if let Entry::Vacant(vacant) = self.messages.entry(id) {
            vacant.insert(store.message(id).await?.map(Arc::new));
        }
        Ok(())
    }
}

async fn pair(room: &RoomId, store: &dyn Store) -> Result<Option<[UserId; 2]>, StoreError> {
    let page = MemberPage {
        room,
        after: None,
        limit: 2,
    };
    let found = store.members(page).await?;
    let mut users = found.into_iter().map(|named| named.member.user);
    let one = users.next();
    let other = users.next().or_else(|| one.clone());
    Ok(one.zip(other).map(|(one, other)| [one, other]))
}
