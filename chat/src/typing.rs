//! Who is writing to whom, right now. A mark ends by itself, and repeats are swallowed.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::command::Typing;
use crate::ids::{RoomId, SocketId, UserId};
use crate::ledger::{Due, Ledger};
use crate::model::User;

/// How long a mark lasts that nobody renews: longer than people pause between two words.
const LASTS: Duration = Duration::from_secs(8);

/// Clients tell every keystroke; this is half of what people notice.
const REPEAT: Duration = Duration::from_millis(300);

/// What becomes of what a client says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Hearing {
    /// Others hear it.
    New,
    /// Others have heard it, a while ago.
    Repeated,
    /// Others have only just heard it.
    Swallowed,
}

/// Whose mark it is: room and user.
type Key = (RoomId, UserId);

#[derive(Clone, Debug)]
struct Mark {
    typing: Typing,
    socket: SocketId,
    /// When others last heard of it.
    heard: Instant,
    ends: Instant,
}

impl Due for Mark {
    fn due(&self) -> Option<Instant> {
        Some(self.ends)
    }
}

/// Somebody who says that they write, or stopped.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Keystroke<'a> {
    pub(crate) room: &'a RoomId,
    pub(crate) user: &'a Arc<User>,
    /// In a direct room, the other person.
    pub(crate) to: Option<&'a UserId>,
    pub(crate) socket: &'a SocketId,
    pub(crate) is_typing: bool,
}

/// All marks. A mark that says "stopped" is only there to swallow its repeats.
#[derive(Debug, Default)]
pub(crate) struct Marks(Ledger<Key, Mark>);

impl Marks {
    /// Somebody writes, or stopped.
    pub(crate) fn press(&mut self, stroke: Keystroke<'_>, now: Instant) -> Hearing {
        let key = (stroke.room.clone(), stroke.user.id.clone());
        let before = self.0.get(&key);
        let before = before.filter(|mark| mark.typing.is_typing == stroke.is_typing);
        let (hearing, heard) = match before {
            None => (Hearing::New, now),
            Some(mark) if now.duration_since(mark.heard) < REPEAT => {
                (Hearing::Swallowed, mark.heard)
            }
            Some(_) => (Hearing::Repeated, now),
        };
        let mark = Mark {
            typing: Typing {
                room: stroke.room.clone(),
                user: Arc::clone(stroke.user),
                to: stroke.to.cloned(),
                is_typing: stroke.is_typing,
            },
            socket: stroke.socket.clone(),
            heard,
            ends: if stroke.is_typing {
                now + LASTS
            } else {
                heard + REPEAT
            },
        };
        self.0.set(key, Some(mark));
        hearing
    }

    /// Somebody sent what they wrote: what others have to hear, if they believe that they still write.
    pub(crate) fn sent(&mut self, room: &RoomId, user: &UserId) -> Option<Typing> {
        let key = (room.clone(), user.clone());
        self.0.get(&key)?;
        self.end(key)
    }

    /// A socket left a room, or is gone: the same, if it was the one they wrote with.
    pub(crate) fn left(
        &mut self,
        room: &RoomId,
        user: &UserId,
        socket: &SocketId,
    ) -> Option<Typing> {
        let key = (room.clone(), user.clone());
        self.0.get(&key).filter(|mark| mark.socket == *socket)?;
        self.end(key)
    }

    /// A socket is gone: what others have to hear.
    pub(crate) fn gone(&mut self, socket: &SocketId) -> Vec<Typing> {
        let theirs = self.0.rows().filter(|(_, mark)| mark.socket == *socket);
        let keys: Vec<Key> = theirs.map(|(key, _)| key.clone()).collect();
        keys.into_iter().filter_map(|key| self.end(key)).collect()
    }

    /// The marks that have ended by now.
    pub(crate) fn expire(&mut self, now: Instant) -> Vec<Typing> {
        let due = self.0.due(now, usize::MAX);
        due.into_iter().filter_map(|key| self.end(key)).collect()
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

    fn end(&mut self, key: Key) -> Option<Typing> {
        let typing = self.0.get(&key)?.typing.clone();
        self.0.set(key, None);
        typing.is_typing.then_some(Typing {
            is_typing: false,
            ..typing
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Desk {
        marks: Marks,
        start: Instant,
        room: RoomId,
        anna: Arc<User>,
    }

    impl Desk {
        fn new() -> Self {
            Self {
                marks: Marks::default(),
                start: Instant::now(),
                room: RoomId::from("r"),
                anna: Arc::new(User::guest(UserId::from("anna"))),
            }
        }

        fn press(&mut self, socket: &str, is_typing: bool, millis: u64) -> Hearing {
            let stroke = Keystroke {
                room: &self.room,
                user: &self.anna,
                to: None,
                socket: &SocketId::from(socket),
                is_typing,
            };
            self.marks
                .press(stroke, self.start + Duration::from_millis(millis))
        }

        fn expire(&mut self, millis: u64) -> usize {
            let ended = self
                .marks
                .expire(self.start + Duration::from_millis(millis));
            assert!(ended.iter().all(|typing| !typing.is_typing));
            ended.len()
        }
    }

    #[test]
    fn repeats_within_300_ms_are_swallowed() {
        let mut desk = Desk::new();
        assert_eq!(desk.press("a", true, 0), Hearing::New);
        assert_eq!(desk.press("a", true, 299), Hearing::Swallowed);
        assert_eq!(desk.press("a", true, 300), Hearing::Repeated);
        assert_eq!(desk.press("a", true, 500), Hearing::Swallowed);
        assert_eq!(
            desk.press("a", false, 510),
            Hearing::New,
            "the opposite is no repeat"
        );
        assert_eq!(desk.press("a", false, 520), Hearing::Swallowed);
        assert_eq!(desk.press("a", true, 530), Hearing::New);
    }

    #[test]
    fn a_mark_ends_by_itself_eight_seconds_after_its_last_renewal() {
        let mut desk = Desk::new();
        desk.press("a", true, 0);
        desk.press("a", true, 100);
        assert_eq!(desk.expire(8_099), 0);
        assert_eq!(desk.expire(8_100), 1);
        assert_eq!(desk.expire(100_000), 0, "once");
        assert_eq!(desk.marks.next_due(), None, "nothing is left behind");
    }

    #[test]
    fn what_was_stopped_does_not_end_again() {
        let mut desk = Desk::new();
        desk.press("a", true, 0);
        desk.press("a", false, 10);
        assert_eq!(desk.expire(100_000), 0);
        assert!(desk.marks.sent(&desk.room, &desk.anna.id).is_none());
    }

    #[test]
    fn sending_ends_it_and_so_does_the_going_of_the_socket_that_types() {
        let mut desk = Desk::new();
        desk.press("a", true, 0);
        assert!(desk.marks.sent(&desk.room, &desk.anna.id).is_some());
        assert!(desk.marks.sent(&desk.room, &desk.anna.id).is_none());
        desk.press("a", true, 1_000);
        desk.press("b", true, 2_000);
        assert_eq!(
            desk.marks.gone(&SocketId::from("a")).len(),
            0,
            "b types now"
        );
        let left = desk
            .marks
            .left(&desk.room, &desk.anna.id, &SocketId::from("b"));
        assert!(left.is_some());
    }

    #[test]
    fn what_was_not_stored_was_not_typed() {
        let mut desk = Desk::new();
        desk.press("a", true, 0);
        desk.marks.revert();
        assert_eq!(desk.press("a", true, 1), Hearing::New);
    }
}
