//! Presence against the simplest model: a set of subscriptions.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::{Strategy, any, prop_oneof, proptest};
use proptest::prop_assert_eq;

use super::*;
use crate::model::RoomKind;
use crate::time::Timestamp;

#[derive(Clone, Debug)]
enum Op {
    Enter(u8, u8, u8),
    Leave(u8, u8, u8),
    Disconnect(u8),
    Evict(u8, u8),
    Settle,
    Revert,
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        4 => (0..6_u8, 0..3_u8, 0..2_u8).prop_map(|(socket, room, tongue)| Op::Enter(socket, room, tongue)),
        2 => (0..6_u8, 0..3_u8, 0..2_u8).prop_map(|(socket, room, tongue)| Op::Leave(socket, room, tongue)),
        1 => (0..6_u8).prop_map(Op::Disconnect),
        1 => (0..3_u8, 0..3_u8).prop_map(|(room, user)| Op::Evict(room, user)),
        1 => any::<bool>().prop_map(|settle| if settle { Op::Settle } else { Op::Revert }),
    ]
}

/// Socket, room, vocabulary. Socket `n` belongs to user `n / 2`.
type Model = BTreeSet<(u8, u8, u8)>;

fn room(number: u8) -> Arc<Room> {
    let id = RoomId::from(number.to_string());
    Arc::new(Room {
        id,
        name: String::new(),
        kind: RoomKind::Public,
        created_at: Timestamp::default(),
    })
}

fn user(socket: u8) -> Arc<User> {
    Arc::new(User::guest(UserId::from((socket / 2).to_string())))
}

fn subscription(socket: u8, number: u8, tongue: u8) -> Subscription {
    Subscription {
        socket: SocketId::from(socket.to_string()),
        room: room(number).id.clone(),
        vocabulary: VocabularyId(tongue),
        user: user(socket).id.clone(),
        attendance: Attendance::Present,
    }
}

fn apply(presence: &mut Presence, model: &mut Model, settled: &mut Model, op: &Op) {
    match *op {
        Op::Enter(socket, number, tongue) => {
            let there = model.contains(&(socket, number, tongue));
            let first = !model
                .iter()
                .any(|(other, place, _)| *place == number && other / 2 == socket / 2);
            let arrival = presence.enter(
                &subscription(socket, number, tongue),
                &room(number),
                &user(socket),
            );
            let expected = if there {
                Arrival::Again
            } else if first {
                Arrival::First
            } else {
                Arrival::Another
            };
            assert_eq!(arrival, expected);
            model.insert((socket, number, tongue));
        }
        Op::Leave(socket, number, tongue) => {
            let (id, place) = (SocketId::from(socket.to_string()), room(number));
            let gone = presence.leave(&id, &place.id, VocabularyId(tongue));
            let removed = model.remove(&(socket, number, tongue));
            let last = !model
                .iter()
                .any(|(other, place, _)| *place == number && other / 2 == socket / 2);
            assert_eq!(gone.map(|gone| gone.last), removed.then_some(last));
        }
        Op::Disconnect(socket) => {
            let gone = presence.disconnect(&SocketId::from(socket.to_string()));
            assert_eq!(
                gone.len(),
                model
                    .iter()
                    .filter(|(other, _, _)| *other == socket)
                    .count()
            );
            model.retain(|(other, _, _)| *other != socket);
        }
        Op::Evict(number, person) => {
            presence.evict(&room(number).id, &UserId::from(person.to_string()), &[]);
            model.retain(|(socket, place, _)| *place != number || socket / 2 != person);
        }
        Op::Settle => {
            presence.settle();
            settled.clone_from(model);
        }
        Op::Revert => {
            presence.revert();
            model.clone_from(settled);
        }
    }
}

proptest! {
    #[test]
    fn presence_is_the_set_of_subscriptions_also_after_taking_back(ops in vec(op(), 0..60)) {
        let (mut presence, mut model, mut settled) = (Presence::default(), Model::new(), Model::new());
        for op in &ops {
            apply(&mut presence, &mut model, &mut settled, op);
            let here: Model = (0..6)
                .flat_map(|socket| (0..3).flat_map(move |place| (0..2).map(move |tongue| (socket, place, tongue))))
                .filter(|(socket, place, tongue)| {
                    let id = SocketId::from(socket.to_string());
                    presence.subscription(&id, &room(*place).id, VocabularyId(*tongue)).is_some()
                })
                .collect();
            prop_assert_eq!(&here, &model);
            for place in 0..3 {
                let present = presence.vocabularies(&room(place).id);
                for tongue in 0..2 {
                    let expected = model.iter().any(|(_, at, spoken)| (*at, *spoken) == (place, tongue));
                    prop_assert_eq!(present.contains(VocabularyId(tongue)), expected);
                }
            }
        }
        for socket in 0..6_u8 {
            presence.disconnect(&SocketId::from(socket.to_string()));
        }
        prop_assert_eq!((presence.sockets.len(), presence.rooms.len()), (0, 0), "nothing is left behind");
    }
}
