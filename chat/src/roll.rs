//! Who is online: the sockets of every user, in whatever rooms. Going is only believed after a while.

use std::time::{Duration, Instant};

use crate::auth::TokenHash;
use crate::command::VocabularyId;
use crate::ids::{SocketId, UserId};
use crate::ledger::{Due, Ledger};

/// A socket that is there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Attendant {
    pub(crate) socket: SocketId,
    /// It hears the rooms of its user in this vocabulary.
    pub(crate) auto_join: Option<VocabularyId>,
    /// The session token it came with.
    pub(crate) session: Option<TokenHash>,
    /// It is being handed what was kept for its user.
    pub(crate) collecting: Option<Collecting>,
}

/// How far a socket is with what was kept for its user.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Collecting {
    /// The number up to which it has received all.
    pub(crate) received: u64,
    /// Not everything is on its way yet.
    pub(crate) more: bool,
}

impl Attendant {
    /// What is written to its user now has to wait until it has been handed what was kept.
    pub(crate) fn is_behind(&self) -> bool {
        self.collecting.is_some_and(|collecting| collecting.more)
    }
}

/// The sockets of one user.
#[derive(Clone, Debug, Default)]
struct Attendance {
    /// Newest last.
    sockets: Vec<Attendant>,
    /// The number up to which some socket has received what was kept.
    received: u64,
    /// When the user counts as gone, once no socket is left.
    fades: Option<Instant>,
}

impl Due for Attendance {
    fn due(&self) -> Option<Instant> {
        self.fades
    }
}

/// Everybody who is online, or was until a moment ago.
#[derive(Debug)]
pub(crate) struct Roll {
    users: Ledger<UserId, Attendance>,
    grace: Duration,
}

impl Roll {
    pub(crate) fn new(grace: Duration) -> Self {
        Self {
            users: Ledger::default(),
            grace,
        }
    }

    /// A socket came. Whether its user was away, as far as anybody knows.
    pub(crate) fn come(&mut self, user: &UserId, attendant: Attendant) -> bool {
        let before = self.users.get(user);
        let was_away = before.is_none();
        let mut now = before.cloned().unwrap_or_default();
        now.fades = None;
        now.sockets.retain(|other| other.socket != attendant.socket);
        now.sockets.push(attendant);
        self.users.set(user.clone(), Some(now));
        was_away
    }

    /// A socket went.
    pub(crate) fn go(&mut self, user: &UserId, socket: &SocketId, now: Instant) {
        let Some(before) = self.users.get(user) else {
            return;
        };
        let mut after = before.clone();
        after.sockets.retain(|other| other.socket != *socket);
        if after.sockets.is_empty() && after.fades.is_none() {
            after.fades = Some(now + self.grace);
        }
        self.users.set(user.clone(), Some(after));
    }

    /// A socket is so far with what was kept for its user, and some socket has received it up to a number.
    pub(crate) fn collect(
        &mut self,
        user: &UserId,
        socket: &SocketId,
        collecting: Option<Collecting>,
        received: u64,
    ) {
        let Some(mut after) = self.users.get(user).cloned() else {
            return;
        };
        after.received = after.received.max(received);
        let mut sockets = after.sockets.iter_mut();
        if let Some(attendant) = sockets.find(|attendant| attendant.socket == *socket) {
            attendant.collecting = collecting;
        }
        self.users.set(user.clone(), Some(after));
    }

    /// The number up to which some socket of a user has received what was kept.
    pub(crate) fn received(&self, user: &UserId) -> u64 {
        self.users.get(user).map_or(0, |row| row.received)
    }

    /// The number up to which no socket of a user waits any more for what was kept.
    pub(crate) fn done_with(&self, user: &UserId) -> u64 {
        let collecting = self.sockets(user).filter_map(|socket| socket.collecting);
        collecting.fold(self.received(user), |least, socket| {
            least.min(socket.received)
        })
    }

    /// Who will count as gone by now, the first so many of them.
    pub(crate) fn fading(&self, now: Instant, most: usize) -> Vec<UserId> {
        self.users.due(now, most)
    }

    /// They do.
    pub(crate) fn fade(&mut self, user: &UserId) {
        self.users.set(user.clone(), None);
    }

    /// Whether at least one socket is there.
    pub(crate) fn is_online(&self, user: &UserId) -> bool {
        self.sockets(user).next().is_some()
    }

    /// How many users have a socket.
    pub(crate) fn online(&self) -> usize {
        let rows = self.users.rows();
        rows.filter(|(_, row)| !row.sockets.is_empty()).count()
    }

    /// Whether others believe that they are online: also within the grace.
    pub(crate) fn seems_online(&self, user: &UserId) -> bool {
        self.users.get(user).is_some()
    }

    /// The sockets of a user, newest last.
    pub(crate) fn sockets(&self, user: &UserId) -> impl Iterator<Item = &Attendant> {
        let attendance = self.users.get(user).into_iter();
        attendance.flat_map(|attendance| &attendance.sockets)
    }

    /// A socket of a user, if it is there.
    pub(crate) fn socket(&self, user: &UserId, socket: &SocketId) -> Option<&Attendant> {
        let mut sockets = self.users.get(user)?.sockets.iter();
        sockets.find(|attendant| attendant.socket == *socket)
    }

    pub(crate) fn next_due(&self) -> Option<Instant> {
        self.users.next_due()
    }

    pub(crate) fn settle(&mut self) {
        self.users.settle();
    }

    pub(crate) fn revert(&mut self) {
        self.users.revert();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GRACE: Duration = Duration::from_secs(5);

    fn socket(id: &str) -> Attendant {
        Attendant {
            socket: SocketId::from(id),
            auto_join: None,
            session: None,
            collecting: None,
        }
    }

    #[test]
    fn the_first_socket_brings_a_user_and_the_last_takes_them_after_the_grace() {
        let (mut roll, start, anna) = (Roll::new(GRACE), Instant::now(), UserId::from("anna"));
        assert!(roll.come(&anna, socket("1")));
        assert!(!roll.come(&anna, socket("2")), "a second tab");
        roll.go(&anna, &SocketId::from("1"), start);
        assert_eq!(roll.next_due(), None);
        roll.go(&anna, &SocketId::from("2"), start);
        assert!(!roll.is_online(&anna) && roll.seems_online(&anna));
        assert!(
            roll.fading(start + GRACE - Duration::from_millis(1), 9)
                .is_empty()
        );
        assert_eq!(roll.fading(start + GRACE, 9), vec![anna.clone()]);
        roll.fade(&anna);
        assert!(roll.come(&anna, socket("3")), "they were away");
    }

    #[test]
    fn coming_back_within_the_grace_is_no_news() {
        let (mut roll, start, anna) = (Roll::new(GRACE), Instant::now(), UserId::from("anna"));
        roll.come(&anna, socket("1"));
        roll.go(&anna, &SocketId::from("1"), start);
        assert!(!roll.come(&anna, socket("2")));
        assert!(roll.fading(start + GRACE * 10, 9).is_empty());
        roll.settle();
        roll.go(&anna, &SocketId::from("2"), start);
        roll.revert();
        assert!(roll.is_online(&anna), "what was taken back did not happen");
    }

    #[test]
    fn who_never_came_cannot_go() {
        let (mut roll, anna) = (Roll::new(GRACE), UserId::from("anna"));
        roll.go(&anna, &SocketId::from("1"), Instant::now());
        assert_eq!(roll.next_due(), None);
    }
}
