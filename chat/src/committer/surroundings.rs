//! Reads who is around somebody: their rooms, and who is in those with them. It can be much, so it is read in pieces,
//! and everybody else is answered in between.

use std::collections::BTreeSet;
use std::time::Instant;

use super::cache::{Cache, Crowd};
use super::footprint;
use super::state::State;
use crate::command::{Action, Command};
use crate::ids::{RoomId, UserId};
use crate::store::{MemberPage, Store, StoreError, SummaryPage};

/// Rows that are read for one command; the last room of them is read to its end. It is a few milliseconds.
const PIECE: usize = 512;

/// Rows that are read for all commands of a turn: as many as eight of the largest.
const TURN: usize = 8 * PIECE;

/// Pieces for one user, at most. They are more than can be kept, so what was read has been forgotten meanwhile, and would
/// be again.
pub(crate) const MOST_PIECES: usize = 1000;

/// One turn of the committer.
#[derive(Debug)]
pub(super) struct Turn {
    pub(super) now: Instant,
    /// Rows that may still be read about surroundings.
    rows: usize,
}

impl Turn {
    pub(super) const fn new(now: Instant) -> Self {
        Self { now, rows: TURN }
    }
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
        match command.action {
            Action::Approach => {
                let piece = PIECE.min(turn.rows);
                let mut rows = piece;
                let looked = self.cache.look_around(user, &mut rows, store).await;
                turn.rows = turn.rows.saturating_sub(piece.saturating_sub(rows));
                looked.map(drop)
            }
            Action::Elapse => {
                let fading = self.roll.fading(turn.now);
                let known = self.load_fading(&fading, store).await;
                // Who cannot be read counts as gone all the same.
                let count = known.as_ref().map_or(fading.len(), |known| *known);
                let count = self.patient(count, fading.len());
                self.fading = fading.into_iter().take(count).collect();
                known.map(drop)
            }
            // What is still missing after the approach.
            Action::Connect(_) => {
                let mut all = usize::MAX;
                let looked = self.cache.look_around(user, &mut all, store).await;
                looked.map(drop)
            }
            _ => Ok(()),
        }
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
            let limit = PIECE.min(*rows);
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
            let bytes = found
                .iter()
                .map(|room| footprint::membership(room.as_str()));
            self.rows += bytes.sum::<usize>();
            theirs.rooms.extend(found);
        }
        Ok(true)
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
            let user = named.member.user.clone();
            self.rows += footprint::membership(user.as_str());
            room.members.entry(user).or_insert(Some(named.member));
        }
        Ok(read)
    }
}
