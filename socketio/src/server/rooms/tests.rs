use std::sync::Arc;

use engineio::Unit;

use crate::encode;
use crate::server::broadcast::{Audience, Broadcast, deliver};
use crate::server::crowd::crowd;

fn broadcast(rooms: &[&str]) -> Broadcast {
    Broadcast {
        namespace: "/".into(),
        audience: Audience {
            rooms: rooms.iter().map(|&room| room.into()).collect(),
            ..Audience::default()
        },
        unit: Arc::new(encode::event("/", None, "e", &()).expect("encodes")),
        answers: None,
    }
}

#[tokio::test]
async fn all_recipients_hold_the_same_pointer() {
    let (namespace, sockets) = crowd(20).await;
    for socket in &sockets {
        assert!(namespace.rooms().join(socket, "room".into(), 9));
    }
    let one = broadcast(&["room"]);
    assert_eq!(deliver(namespace.rooms(), &one).count, 20);
    assert_eq!(Arc::strong_count(&one.unit), 1 + 20);
    let several = broadcast(&["room", "other", "room"]);
    assert_eq!(deliver(namespace.rooms(), &several).count, 20);
    assert_eq!(Arc::strong_count(&several.unit), 1 + 20);
    let reader: &Unit = &one.unit;
    assert_eq!(
        reader.frame(0).expect("never empty").message(),
        br#"2["e"]"#
    );
}

#[tokio::test]
async fn slots_are_used_again_when_nobody_holds_the_socket() {
    let (namespace, mut sockets) = crowd(3).await;
    let slot = sockets[1].slot();
    let id = sockets[1].id();
    namespace.rooms().expel(&sockets[1]);
    assert_eq!(namespace.rooms().take_slot(id), 3);
    drop(sockets.remove(1));
    assert_eq!(namespace.rooms().take_slot(id), slot);
}

#[tokio::test]
async fn whoever_is_expelled_is_nowhere_and_stays_there() {
    let (namespace, sockets) = crowd(3).await;
    let rooms = namespace.rooms();
    for socket in &sockets {
        assert!(rooms.join(socket, "a".into(), 9) && rooms.join(socket, "b".into(), 9));
    }
    rooms.expel(&sockets[0]);
    rooms.expel(&sockets[0]);
    assert_eq!(sockets[0].membership().names(), ["a", "b"]);
    assert!(rooms.join(&sockets[0], "c".into(), 9));
    assert_eq!(deliver(rooms, &broadcast(&["a"])).count, 2);
    assert_eq!(deliver(rooms, &broadcast(&["a", "b"])).count, 2);
    assert_eq!(deliver(rooms, &broadcast(&[])).count, 2);
    assert_eq!(deliver(rooms, &broadcast(&["c"])).count, 0);
    assert_eq!(rooms.names().len(), 2);
    rooms.leave(&sockets[1], &"a".into());
    rooms.expel(&sockets[2]);
    assert_eq!(rooms.names(), ["b"]);
    rooms.expel(&sockets[1]);
    assert!(rooms.names().is_empty() && rooms.len() == 0);
}

#[tokio::test]
async fn leaving_moves_the_last_member_into_the_gap() {
    let (namespace, sockets) = crowd(8).await;
    let rooms = namespace.rooms();
    sockets
        .iter()
        .for_each(|socket| assert!(rooms.join(socket, "a".into(), 9)));
    for leaver in [0, 7, 3, 3, 5] {
        rooms.leave(&sockets[leaver], &"a".into());
        let room = rooms.find(&"a".into()).expect("not empty");
        let members = room.lock();
        for (position, member) in members.as_slice().iter().enumerate() {
            assert_eq!(members.position(member.slot), Some(position));
        }
        assert_eq!(members.position(sockets[leaver].slot()), None);
    }
    assert_eq!(deliver(rooms, &broadcast(&["a"])).count, 4);
}
