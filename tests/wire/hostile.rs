//! Bad input on the wire: the sender gets its answer, and two healthy clients
//! on the same server, one on each transport, notice nothing.

use crate::scene::{LIMIT, Scene};
use tests::frame::{FIN, encode, opcode};
use tests::{Client, Polling, Request, WebSocket, polling, websocket};

#[test]
fn an_oversized_post() {
    let scene = Scene::new();
    let session = Polling::open(&scene.server);
    let body = format!("4{}", "2".repeat(LIMIT));
    assert_eq!(session.post(&body).pair(), (413, ""));
    scene.assert_unnoticed();
}

#[test]
fn an_oversized_post_that_is_only_announced() {
    let scene = Scene::new();
    let session = Polling::open(&scene.server);
    let request = session.request("POST");
    let mut post = request
        .header("Content-Length", "99999999999")
        .start(&scene.server);
    post.write(b"4a");
    // whether it is refused at once or read on, nothing is kept for it
    drop(post);
    scene.assert_unnoticed();
}

#[test]
fn an_oversized_websocket_message() {
    let scene = Scene::new();
    let (mut client, _) = Client::join(&scene.server);
    client.say(&"2".repeat(LIMIT));
    assert_eq!(client.closed(), 1009);
    scene.assert_unnoticed();
}

#[test]
fn an_unknown_sid() {
    let scene = Scene::new();
    let query = format!("{}&sid=AAAAAAAAAAAAAAAAAAAA", polling::NEW);
    let unknown = (400, r#"{"code":1,"message":"Session ID unknown"}"#);
    let response = Request::new(&scene.server, "GET", &query).send(&scene.server);
    assert_eq!(response.pair(), unknown);
    let query = format!("{}&sid=AAAAAAAAAAAAAAAAAAAA", websocket::NEW);
    let request = websocket::upgrade(&scene.server, &query);
    let refusal = WebSocket::request(&scene.server, &request).expect_err("a refusal");
    assert_eq!(refusal.pair(), (400, "Session ID unknown"));
    scene.assert_unnoticed();
}

#[test]
fn a_wrong_transport() {
    let scene = Scene::new();
    let (client, _) = Client::join(&scene.server);
    let query = format!("{}&sid={}", polling::NEW, client.sid);
    let refused = (400, r#"{"code":3,"message":"Bad request"}"#);
    let response = Request::new(&scene.server, "GET", &query).send(&scene.server);
    assert_eq!(response.pair(), refused);
    scene.assert_unnoticed();
}

#[test]
fn a_second_concurrent_poll() {
    let scene = Scene::new();
    let session = Polling::open(&scene.server);
    let mut polls = [session.start_poll(), session.start_poll()];
    let mut answers = polls
        .each_mut()
        .map(|poll| poll.response().expect("an answer").status);
    answers.sort_unstable();
    assert_eq!(answers, [200, 400]);
    session.expect_gone();
    scene.assert_unnoticed();
}

#[test]
fn a_second_concurrent_post() {
    let scene = Scene::new();
    let session = Polling::open(&scene.server);
    let request = session.request("POST").header("Content-Length", "10");
    let mut first = request.start(&scene.server);
    first.write(b"4ab");
    // until the server has begun to read the first body, a second one is the only one
    let refused = (0..1000).any(|_| session.post("3").status == 400);
    assert!(refused);
    session.expect_gone();
    scene.assert_unnoticed();
}

#[test]
fn text_that_is_not_utf8_over_websocket() {
    let scene = Scene::new();
    let (mut client, _) = Client::join(&scene.server);
    client
        .socket
        .frame(FIN | opcode::TEXT, b"42[\"message\",\"\xff\"]");
    assert_eq!(client.closed(), 1007);
    scene.assert_unnoticed();
}

#[test]
fn text_that_is_not_utf8_over_polling() {
    let scene = Scene::new();
    let session = Polling::open(&scene.server);
    session.say(&["40"]);
    let _ = session.packets(2);
    let answer = session.post_bytes(b"42[\"message\",\"\xff\"]");
    if scene.server.is_reference() {
        // every bad byte becomes U+FFFD
        assert_eq!(answer.status, 200);
    } else {
        assert_eq!(answer.status, 400);
        session.expect_gone();
    }
    scene.assert_unnoticed();
}

#[test]
fn truncated_packets() {
    let scene = Scene::new();
    for packet in [
        "", "2", "2[", "2[\"", "51", "51-", "51-[", "0{", "2/", "2/a", "21",
    ] {
        let (mut client, _) = Client::join(&scene.server);
        client.say(packet);
        // some are packets of their own: they do nothing, the others end the session
        let _ = client.socket.read_for(20);
    }
    for body in ["4", "b", "bA", "bAQ=", "b===="] {
        let session = Polling::open(&scene.server);
        let _ = session
            .request("POST")
            .body(body.as_bytes())
            .start(&scene.server)
            .response();
    }
    scene.assert_unnoticed();
}

#[test]
fn truncated_frames() {
    let scene = Scene::new();
    let whole = encode(FIN | opcode::TEXT, br#"42["send",{},"news"]"#);
    for length in 0..whole.len() {
        let (mut client, _) = Client::join(&scene.server);
        client.socket.raw(&whole[..length]);
        drop(client);
    }
    scene.assert_unnoticed();
}

#[test]
fn malformed_json() {
    let scene = Scene::new();
    for packet in [
        "2[\"message\",}",
        "0{\"a\":}",
        "2[\"message\",\"\\ud800\",]",
        "30[1,]",
    ] {
        let (mut client, _) = Client::join(&scene.server);
        client.say(packet);
        assert_eq!(client.closed(), 1005, "{packet}");
    }
    scene.assert_unnoticed();
}

#[test]
fn a_client_that_vanishes_in_every_step_of_its_upgrade() {
    let scene = Scene::new();
    for step in 0..4 {
        let session = Polling::open(&scene.server);
        session.say(&["40"]);
        let _ = session.packets(2);
        let upgrade = websocket::upgrade(&scene.server, &session.upgrade());
        if step == 0 {
            drop(upgrade.start(&scene.server));
            continue;
        }
        let (mut socket, _) = WebSocket::request(&scene.server, &upgrade).expect("a WebSocket");
        if step > 1 {
            socket.text("2probe");
            socket.expect(&["3probe"]);
        }
        if step > 2 {
            socket.text("5");
        }
        drop(socket);
        drop(session);
    }
    scene.assert_unnoticed();
}

#[test]
fn a_client_that_vanishes_in_its_poll_and_in_its_post() {
    let scene = Scene::new();
    let session = Polling::open(&scene.server);
    drop(session.start_poll());
    let session = Polling::open(&scene.server);
    let request = session.request("POST").header("Content-Length", "100");
    let mut post = request.start(&scene.server);
    post.write(b"42[");
    drop(post);
    scene.assert_unnoticed();
}

#[test]
fn no_http_at_all() {
    let scene = Scene::new();
    let garbage: [&[u8]; 5] = [
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"GET\r\n\r\n",
        b"GET /socket.io/?EIO=4&transport=polling HTTP/9.9\r\n\r\n",
        b"\0\0\0\0\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ];
    for bytes in garbage {
        let mut connection = scene.server.connect();
        connection.write(bytes);
        connection.finish();
        connection.ended();
    }
    scene.assert_unnoticed();
}

#[test]
fn an_endless_head() {
    let scene = Scene::new();
    let mut connection = scene.server.connect();
    connection.write(b"GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\n");
    for i in 0..20_000 {
        connection.write(format!("x-{i}: {}\r\n", "y".repeat(50)).as_bytes());
    }
    connection.ended();
    scene.assert_unnoticed();
}

#[test]
fn lengths_that_contradict_each_other() {
    let scene = Scene::new();
    let session = Polling::open(&scene.server);
    let request = session.request("POST");
    let request = request
        .header("Transfer-Encoding", "chunked")
        .header("Content-Length", "3");
    let mut post = request.start(&scene.server);
    post.write(b"0\r\n\r\nGET /socket.io/ HTTP/1.1\r\n\r\n");
    post.finish();
    post.ended();
    scene.assert_unnoticed();
}

#[test]
fn a_flood_of_events_from_one_client() {
    let scene = Scene::new();
    let (mut client, _) = Client::join(&scene.server);
    let event = encode(FIN | opcode::TEXT, br#"42["nothing"]"#);
    client.socket.raw(&event.repeat(20_000));
    scene.assert_unnoticed();
    drop(client);
}

#[test]
fn a_client_that_never_reads() {
    let scene = Scene::new();
    let (mut client, _) = Client::join(&scene.server);
    let event = format!(r#"42["message","{}"]"#, "x".repeat(9_000));
    let event = encode(FIN | opcode::TEXT, event.as_bytes());
    // far above what the two kernels buffer, so the server must stop one way or the other
    let writer = std::thread::spawn(move || {
        for _ in 0..4_000 {
            client.socket.raw(&event);
        }
    });
    scene.assert_unnoticed();
    drop(writer);
}
