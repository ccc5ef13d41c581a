//! Rooms and broadcasts (protocol B.9).

use socketio::server::RoomError;
use socketio::{Config, Data, Namespace, Socket, SocketIo};

use crate::harness::{Raw, listen, server, until};

/// Sockets in `/`, in rooms by their number: `even` or `odd`, `low` for 0 and 1, and `all`.
async fn crowd(io: &SocketIo, size: usize) -> Vec<(Raw, Socket)> {
    let nsp = io.of("/");
    nsp.on("ping-pong", || ());
    let address = listen(io).await;
    let mut crowd = Vec::new();
    for number in 0..size {
        let (client, sid) = Raw::join(address).await;
        let sockets = nsp.sockets();
        let found = sockets
            .into_iter()
            .find(|socket| socket.id().as_str() == sid);
        let socket = found.expect("connected");
        let parity = if number % 2 == 0 { "even" } else { "odd" };
        socket.join(vec![parity, "all"]).expect("no limit near");
        if number < 2 {
            socket.join("low").expect("no limit near");
        }
        crowd.push((client, socket));
    }
    crowd
}

/// Checks who got an event and that nobody got anything else.
async fn expect_at(crowd: &mut [(Raw, Socket)], event: &str, recipients: &[usize]) {
    for (number, (client, _)) in crowd.iter_mut().enumerate() {
        if recipients.contains(&number) {
            client.expect(&format!(r#"42["{event}"]"#)).await;
        }
        client.expect_nothing().await;
    }
}

#[tokio::test]
async fn a_broadcast_reaches_the_union_of_its_rooms_once() {
    let io = server();
    let nsp = io.of("/");
    let mut crowd = crowd(&io, 4).await;
    let (zero, one) = (crowd[0].1.clone(), crowd[1].1.clone());
    let cases = [
        ("to all", nsp.to("all"), vec![0, 1, 2, 3]),
        ("to one", nsp.to("odd"), vec![1, 3]),
        ("to two", nsp.to("even").to("low"), vec![0, 1, 2]),
        ("to the same twice", nsp.to(["even", "even"]), vec![0, 2]),
        ("to nobody", nsp.to("nowhere"), vec![]),
        ("to nobody and one", nsp.to("nowhere").to("odd"), vec![1, 3]),
        ("except one", nsp.except("low"), vec![2, 3]),
        ("except several", nsp.except(vec!["low", "odd"]), vec![2]),
        ("to and except", nsp.to("even").except("low"), vec![2]),
        (
            "to and except the same",
            nsp.to("even").except("even"),
            vec![],
        ),
        ("to an id", nsp.to(one.id()), vec![1]),
        (
            "to an id and its room",
            nsp.to(one.id()).to("odd"),
            vec![1, 3],
        ),
        (
            "to two ids",
            nsp.to([zero.id(), one.id(), zero.id()]),
            vec![0, 1],
        ),
        ("except an id", nsp.except(one.id()), vec![0, 2, 3]),
        (
            "to a room except an id",
            nsp.to("odd").except(one.id()),
            vec![3],
        ),
        ("from one to all", one.broadcast(), vec![0, 2, 3]),
        ("from one to its room", one.to("odd"), vec![3]),
        ("from one to another room", one.to("even"), vec![0, 2]),
        ("from one to two rooms", one.to("odd").to("low"), vec![0, 3]),
        ("from one to itself", one.to(one.id()), vec![]),
        ("from one to another", one.to(zero.id()), vec![0]),
        ("from one except", one.except("even"), vec![3]),
    ];
    for (event, emitter, recipients) in cases {
        assert_eq!(emitter.emit(event, ()), Ok(recipients.len()), "{event}");
        expect_at(&mut crowd, event, &recipients).await;
    }
    assert_eq!(nsp.emit("everyone", ()), Ok(4));
    expect_at(&mut crowd, "everyone", &[0, 1, 2, 3]).await;
}

#[tokio::test]
async fn a_room_named_like_an_id_adds_to_the_ids_own() {
    let io = server();
    let mut crowd = crowd(&io, 3).await;
    let zero = crowd[0].1.id();
    crowd[1].1.join(zero).expect("no limit near");
    assert_eq!(io.of("/").to(zero).emit("both", ()), Ok(2));
    expect_at(&mut crowd, "both", &[0, 1]).await;
    assert_eq!(crowd[1].1.to(zero).emit("one", ()), Ok(1));
    expect_at(&mut crowd, "one", &[0]).await;
}

#[tokio::test]
async fn rooms_come_and_go_with_their_members() {
    let io = server();
    let nsp = io.of("/");
    let mut crowd = crowd(&io, 3).await;
    let (_, socket) = &crowd[0];
    let mut rooms: Vec<_> = socket.rooms().iter().map(ToString::to_string).collect();
    rooms.sort_unstable();
    let id = socket.id();
    let mut expected = vec!["all", "even", "low", id.as_str()];
    expected.sort_unstable();
    assert_eq!(rooms, expected);
    socket.leave(["even", "low", "nowhere"]);
    socket.leave(socket.id());
    assert_eq!(nsp.to("even").emit("left", ()), Ok(1));
    expect_at(&mut crowd, "left", &[2]).await;
    crowd[1].1.leave("low");
    assert!(!nsp.rooms_in_use().iter().any(|room| room == "low"));
    crowd[1].1.join(["low", "low"]).expect("no limit near");
    assert_eq!(nsp.to("low").emit("back", ()), Ok(1));
    expect_at(&mut crowd, "back", &[1]).await;
    drop(crowd);
    until(|| nsp.is_empty() && nsp.rooms_in_use().is_empty()).await;
}

#[tokio::test]
async fn rooms_are_limited_in_number_and_length() {
    let config = Config {
        rooms_per_socket: 2,
        room_name_length: 5,
        ..Config::default()
    };
    let io = SocketIo::new(config);
    let (_client, _) = Raw::join(listen(&io).await).await;
    let socket = io.of("/").sockets().pop().expect("connected");
    assert_eq!(
        socket.join("123456"),
        Err(RoomError::NameTooLong { max: 5 })
    );
    assert_eq!(socket.join(["a", "b", "a"]), Ok(()));
    assert_eq!(
        socket.join(["b", "c"]),
        Err(RoomError::TooManyRooms { max: 2 })
    );
    socket.leave("a");
    assert_eq!(socket.join("c"), Ok(()));
    assert_eq!(socket.rooms().len(), 3);
}

#[tokio::test]
async fn namespaces_do_not_hear_each_other() {
    let io = server();
    let mut crowd = crowd(&io, 1).await;
    io.of("other").on("ping-pong", || ());
    crowd[0].0.connect("/other,").await;
    assert_eq!(io.of("/other").emit("x", ()), Ok(1));
    crowd[0].0.expect(r#"42/other,["x"]"#).await;
    assert_eq!(io.of("/other").to("all").emit("x", ()), Ok(0));
    expect_at(&mut crowd, "-", &[]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn all_members_of_a_room_see_one_order() {
    const SENDERS: usize = 4;
    const EACH: usize = 200;
    let io = server();
    let nsp = io.of("/");
    let crowd = crowd(&io, 6).await;
    let send = |nsp: Namespace, sender: usize| async move {
        for number in 0..EACH {
            let emitter = if number % 3 == 0 {
                nsp.to(["all", "low"])
            } else {
                nsp.to("all")
            };
            emitter.emit("n", (sender, number)).expect("encodes");
            tokio::task::yield_now().await;
        }
    };
    let senders: Vec<_> = (0..SENDERS)
        .map(|sender| tokio::spawn(send(nsp.clone(), sender)))
        .collect();
    let mut orders = Vec::new();
    for (mut client, _) in crowd {
        let mut order = Vec::new();
        while order.len() < SENDERS * EACH {
            order.push(client.text().await.expect("an event"));
        }
        orders.push(order);
    }
    for sender in senders {
        sender.await.expect("sent all");
    }
    assert!(orders.windows(2).all(|pair| pair[0] == pair[1]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn joining_and_leaving_race_with_broadcasts() {
    let io = server();
    let nsp = io.of("/");
    nsp.on(
        "toggle",
        |socket: Socket, Data(times): Data<usize>| async move {
            for number in 0..times {
                socket.join(["x", "y"]).expect("no limit near");
                if number % 3 == 0 {
                    tokio::task::yield_now().await;
                }
                socket.leave(["x", "y"]);
            }
        },
    );
    let address = listen(&io).await;
    let mut clients = Vec::new();
    for _ in 0..4 {
        clients.push(Raw::join(address).await.0);
    }
    for client in &mut clients {
        client.send(r#"421["toggle",2000]"#).await;
    }
    for _ in 0..500 {
        nsp.to(["x", "y"])
            .except("z")
            .volatile()
            .emit("noise", ())
            .expect("encodes");
        tokio::task::yield_now().await;
    }
    for client in &mut clients {
        while client.text().await.as_deref() != Some("431[]") {}
    }
    assert!(nsp.rooms_in_use().is_empty());
}
