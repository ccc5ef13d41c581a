//! Reads who is around somebody: their rooms, and who is in those with them. It can be much, so it is read in several
//! turns, and everybody else is answered in between.

use std::collections::BTreeSet;
use std::collections::hash_map::Entry;
use std::time::Instant;

use super::cache::{Cache, Crowd};
use super::footprint;
use super::state::State;
use crate::command::{Action, Command};
use crate::ids::{RoomId, UserId};
use crate::store::{MemberPage, Store, StoreError, SummaryPage};

/// Rows of one page, and of those who fade in one turn; the last room of them is read to its end. It is a few
/// milliseconds.
const PIECE: usize = 512;

/// Rows that are read in a turn for all who come. The first may use all of them: what is read only in part is forgotten
/// before the rest of it comes, when many come at once.
pub(super) const TURN: usize = 8 * PIECE;

/// Turns in which who was begun with goes on before others. What is not whole by then is more than can be kept.
const MOST_TURNS: usize = 64;

/// Who counts as gone in one turn, at most.
const MOST_FADING: usize = 256;

/// Pieces for one who fades, at most. They are more than can be kept, so what was read has been forgotten meanwhile, and
/// would be again.
pub(super) const MOST_PIECES: usize = 1000;

/// One turn of the committer.
#[derive(Debug)]
pub(super) struct Turn {
    pub(super) now: Instant,
    /// Rows that may still be read about who comes near.
    rows: usize,
    /// The same about who is there and had not come near, or was forgotten again.
    pub(super) late: usize,
}

impl Turn {
    pub(super) const fn new(now: Instant) -> Self {
        Self {
            now,
            rows: TURN,
            late: 4 * TURN,
        }
    }
}

/// Somebody who was read in part when a turn ended.
#[derive(Debug)]
pub(super) struct Begun {
    user: UserId,
    /// Turns that they may still have.
    turns: usize,
}

/// The rooms that somebody is a member of.
#[derive(Debug, Default)]
pub(super) struct Memberships {
    pub(super) rooms: BTreeSet<RoomId>,
    /// Up to which room they were read.
    read: Option<RoomId>,
    is_whole: bool,
}

impl State {
    /// Reads what the coming and going of people needs, as far as it is not for one command alone.
    pub(super) async fn load_surroundings(
        &mut self,
        command: &Command,
        turn: &mut Turn,
        store: &dyn Store,
    ) -> Result<(), StoreError> {
        let user = &command.by.identity.user;
        match &command.action {
            Action::Approach => {
                let before = turn.rows;
                let rows = &mut turn.rows;
                let is_near = self.cache.look_around(user, rows, store).await?;
                if !is_near && before > 0 && self.begun.is_none() {
                    self.begun = Some(Begun {
                        user: user.clone(),
                        turns: MOST_TURNS,
                    });
                }
                Ok(())
            }
            Action::Elapse => {
                let fading = self.roll.fading(turn.now, MOST_FADING);
                let known = self.load_fading(&fading, store).await;
                // Who cannot be read counts as gone all the same.
                let count = known.as_ref().map_or(fading.len(), |known| *known);
                let count = self.patient(count, fading.len());
                self.fading = fading.into_iter().take(count).collect();
                known.map(drop)
            }
            // What is still missing after the approach: the rooms that the socket is to hear, and of who is in them
            // what a turn may read. Those who are known are told.
            Action::Connect(connect) => {
                if connect.auto_join.is_some() {
                    let most = self.config.auto_join;
                    self.cache.load_first_rooms(user, most, store).await?;
                }
                let rows = &mut turn.late;
                self.cache.look_around(user, rows, store).await.map(drop)
            }
            _ => Ok(()),
        }
    }

    /// Who was begun with goes on first, so that they are whole before they are forgotten. A piece is left for others.
    pub(super) async fn go_on(
        &mut self,
        turn: &mut Turn,
        store: &dyn Store,
    ) -> Result<(), StoreError> {
        let Some(mut begun) = self.begun.take() else {
            return Ok(());
        };
        turn.rows = turn.rows.saturating_sub(PIECE);
        let rows = &mut turn.rows;
        let looked = self.cache.look_around(&begun.user, rows, store).await;
        turn.rows += PIECE;
        begun.turns = begun.turns.saturating_sub(1);
        if !looked? && begun.turns > 0 {
            self.begun = Some(begun);
        }
        Ok(())
    }

    /// Who is too much to be read does not keep the others for ever: those who are known of theirs are told.
    fn patient(&mut self, known: usize, fading: usize) -> usize {
        let waits = known == 0 && fading > 0;
        self.stalled = if waits { self.stalled + 1 } else { 0 };
        if self.stalled < MOST_PIECES {
            return known;
        }
        self.stalled = 0;
        1
    }

    /// How many of them can be told of: the others are next.
    async fn load_fading(
        &mut self,
        fading: &[UserId],
        store: &dyn Store,
    ) -> Result<usize, StoreError> {
        let mut rows = PIECE;
        for (place, user) in fading.iter().enumerate() {
            if !self.cache.look_around(user, &mut rows, store).await? {
                return Ok(place);
            }
        }
        Ok(fading.len())
    }
}

impl Cache {
    /// Reads what is missing around somebody, until so many rows are read. Whether all is there.
    pub(super) async fn look_around(
        &mut self,
        user: &UserId,
        rows: &mut usize,
        store: &dyn Store,
    ) -> Result<bool, StoreError> {
        self.load_user(user, store).await?;
        if !self.load_memberships(user, rows, store).await? {
            return Ok(false);
        }
        for room in self.unknown_around(user) {
            if *rows == 0 {
                return Ok(false);
            }
            self.load_room(&room, store).await?;
            let read = self.load_everybody(&room, store).await?;
            *rows = rows.saturating_sub(read + 1);
        }
        Ok(true)
    }

    /// Whether everything around somebody is there.
    pub(super) fn knows_around(&self, user: &UserId) -> bool {
        let theirs = self.rooms_of.get(user);
        theirs.is_some_and(|theirs| theirs.is_whole) && self.unknown_around(user).is_empty()
    }

    fn unknown_around(&self, user: &UserId) -> Vec<RoomId> {
        let theirs = self.rooms_of.get(user);
        let rooms = theirs.into_iter().flat_map(|theirs| &theirs.rooms);
        let unknown = rooms.filter(|room| match self.rooms.get(*room) {
            None => true,
            Some(found) => {
                let crowd = found.as_ref().map(|room| room.crowd);
                crowd == Some(Crowd::Unknown)
            }
        });
        unknown.cloned().collect()
    }

    async fn load_memberships(
        &mut self,
        user: &UserId,
        rows: &mut usize,
        store: &dyn Store,
    ) -> Result<bool, StoreError> {
        let theirs = self.rooms_of.entry(user.clone()).or_default();
        while !theirs.is_whole {
            // Who has no rooms learns it also at the end of a turn.
            let least = usize::from(theirs.read.is_none());
            let limit = PIECE.min(*rows).max(least);
            if limit == 0 {
                return Ok(false);
            }
            let page = SummaryPage {
                user,
                after: theirs.read.as_ref().map(RoomId::as_str),
                limit: u32::try_from(limit).unwrap_or(u32::MAX),
            };
            let found = store.memberships(page).await?;
            *rows = rows.saturating_sub(found.len());
            theirs.is_whole = found.len() < limit;
            theirs.read = found.last().cloned().or(theirs.read.take());
            for room in found {
                let bytes = footprint::membership(room.as_str());
                if theirs.rooms.insert(room) {
                    self.rows += bytes;
                }
            }
        }
        Ok(true)
    }

    /// The rooms that a socket of somebody is to hear, without who is in them.
    async fn load_first_rooms(
        &mut self,
        user: &UserId,
        most: usize,
        store: &dyn Store,
    ) -> Result<(), StoreError> {
        self.load_user(user, store).await?;
        let known = self
            .rooms_of
            .get(user)
            .map_or(0, |theirs| theirs.rooms.len());
        let mut rows = most.saturating_sub(known);
        self.load_memberships(user, &mut rows, store).await?;
        let theirs = self.rooms_of.get(user).into_iter();
        let rooms = theirs.flat_map(|theirs| &theirs.rooms).take(most);
        for room in rooms.cloned().collect::<Vec<_>>() {
            self.load_room(&room, store).await?;
        }
        Ok(())
    }

    /// All members of a room, unless they are too many to be told about each other. How many rows were read.
    pub(super) async fn load_everybody(
        &mut self,
        id: &RoomId,
        store: &dyn Store,
    ) -> Result<usize, StoreError> {
        let most = self.status_members;
        let Some(Some(room)) = self.rooms.get_mut(id) else {
            return Ok(0);
        };
        if room.crowd != Crowd::Unknown {
            return Ok(0);
        }
        let page = MemberPage {
            room: id,
            after: None,
            limit: u32::try_from(most).unwrap_or(u32::MAX).saturating_add(1),
        };
        let found = store.members(page).await?;
        let read = found.len();
        if read > most {
            room.crowd = Crowd::TooLarge;
            return Ok(read);
        }
        room.crowd = Crowd::Complete;
        for named in found {
            // What is there already is newer.
            if let Entry::Vacant(vacant) = room.members.entry(named.member.user.clone()) {
                self.rows += footprint::membership(vacant.key().as_str());
                vacant.insert(Some(named.member));
            }
        }
        Ok(read)
    }
}
