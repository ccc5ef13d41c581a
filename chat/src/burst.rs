//! Comings and goings that are announced together when a room sees too many of them: an announcement that carries the
//! list of who is there goes to everybody, so one for each of N joins would cost N cubed. Vocabularies without such a
//! list are told of each: nothing that follows would tell them what they have missed.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::ids::{RoomId, SocketId};
use crate::ledger::{Due, Ledger};
use crate::model::{Room, User};

/// This many a second are announced one by one.
const SINGLE: usize = 50;

/// The length of a second.
const WINDOW: Duration = Duration::from_secs(1);

/// How often merged announcements go out: ten times a second.
const FLUSH: Duration = Duration::from_millis(100);

/// Somebody came or went.
#[derive(Clone, Debug)]
pub(crate) struct News {
    pub(crate) room: Arc<Room>,
    pub(crate) user: Arc<User>,
    pub(crate) socket: SocketId,
    pub(crate) has_come: bool,
}

/// News that stand for all that were merged into them.
#[derive(Clone, Debug)]
pub(crate) struct Merged {
    pub(crate) news: News,
    /// More will follow, so whoever is slow may miss these.
    pub(crate) is_passing: bool,
}

#[derive(Clone, Debug)]
struct Burst {
    since: Instant,
    count: usize,
    /// The newest that was not announced yet.
    waiting: Option<News>,
    /// The newest that was announced to who was fast enough.
    said: Option<News>,
    flush: Option<Instant>,
}

impl Due for Burst {
    fn due(&self) -> Option<Instant> {
        Some(self.flush.unwrap_or(self.since + WINDOW))
    }
}

/// The bursts of all rooms.
#[derive(Debug, Default)]
pub(crate) struct Bursts(Ledger<RoomId, Burst>);

impl Bursts {
    /// Somebody came or went. Whether they are to be announced by themselves.
    pub(crate) fn note(&mut self, news: &News, now: Instant) -> bool {
        let room = news.room.id.clone();
        let mut burst = self.0.get(&room).cloned().unwrap_or(Burst {
            since: now,
            count: 0,
            waiting: None,
            said: None,
            flush: None,
        });
        if now.duration_since(burst.since) >= WINDOW {
            burst.since = now;
            burst.count = 0;
        }
        burst.count += 1;
        let alone = burst.flush.is_none() && burst.count <= SINGLE;
        if !alone {
            burst.waiting = Some(news.clone());
            burst.flush.get_or_insert(now + FLUSH);
        }
        self.0.set(room, Some(burst));
        alone
    }

    /// What is to be announced by now, in the place of what was merged.
    pub(crate) fn flush(&mut self, now: Instant) -> Vec<Merged> {
        let due = self.0.due(now, usize::MAX);
        due.into_iter()
            .filter_map(|room| self.flush_room(room, now))
            .collect()
    }

    fn flush_room(&mut self, room: RoomId, now: Instant) -> Option<Merged> {
        let mut burst = self.0.get(&room)?.clone();
        if let Some(news) = burst.waiting.take() {
            burst.said = Some(news.clone());
            burst.flush = Some(now + FLUSH);
            self.0.set(room, Some(burst));
            return Some(Merged {
                news,
                is_passing: true,
            });
        }
        // It is calm: the last word is said once more, so that everybody ends with the newest list.
        self.0.set(room, None);
        burst.said.map(|news| Merged {
            news,
            is_passing: false,
        })
    }

    pub(crate) fn next_due(&self) -> Option<Instant> {
        self.0.next_due()
    }

    pub(crate) fn settle(&mut self) {
        self.0.settle();
    }

    pub(crate) fn revert(&mut self) {
        self.0.revert();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::UserId;
    use crate::model::RoomKind;
    use crate::time::Timestamp;

    fn news(user: usize) -> News {
        News {
            room: Arc::new(Room {
                id: RoomId::from("r"),
                name: String::new(),
                kind: RoomKind::Public,
                created_at: Timestamp::default(),
            }),
            user: Arc::new(User::guest(UserId::from(user.to_string()))),
            socket: SocketId::from(user.to_string()),
            has_come: true,
        }
    }

    #[test]
    fn fifty_a_second_are_announced_one_by_one() {
        let (mut bursts, start) = (Bursts::default(), Instant::now());
        for user in 0..500 {
            let now = start + Duration::from_millis(user as u64 * 20);
            bursts.flush(now);
            assert!(bursts.note(&news(user), now), "{user}");
        }
        bursts.flush(start + Duration::from_secs(60));
        assert_eq!(bursts.next_due(), None, "nothing is left behind");
    }

    #[test]
    fn five_thousand_in_two_seconds_are_a_hundred_announcements() {
        let (mut bursts, start) = (Bursts::default(), Instant::now());
        let (mut alone, mut merged) = (0, Vec::new());
        for user in 0..5_000_u64 {
            let now = start + Duration::from_micros(user * 400);
            merged.extend(bursts.flush(now));
            alone += usize::from(bursts.note(&news(user as usize), now));
        }
        merged.extend(bursts.flush(start + Duration::from_millis(2_100)));
        merged.extend(bursts.flush(start + Duration::from_millis(2_300)));
        assert_eq!(alone, 50);
        assert!((19..=25).contains(&merged.len()), "{}", merged.len());
        let (last, before) = merged.split_last().expect("there were some");
        assert!(before.iter().all(|merged| merged.is_passing));
        assert!(!last.is_passing);
        assert_eq!(last.news.user.id, UserId::from("4999"));
        assert_eq!(bursts.next_due(), None);
    }
}
