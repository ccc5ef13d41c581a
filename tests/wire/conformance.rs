//! The two `conformance` examples serve what the public suites ask of a server.

use serde_json::Value;
use std::net::TcpListener;
use std::process::{Command, Stdio};
use tests::client::socket_id;
use tests::{Client, Frame, Kind, Polling, Request, Server, WebSocket, polling};

/// Builds an example and starts it on a free port.
fn example(kind: Kind) -> Server {
    let built = Command::new(env!("CARGO"))
        .args([
            "build",
            "-q",
            "--example",
            "conformance",
            "-p",
            kind.as_str(),
        ])
        .args(["--message-format", "json"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    let executable = String::from_utf8_lossy(&built.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter_map(|message| message["executable"].as_str().map(str::to_owned))
        .next_back()
        .unwrap_or_else(|| panic!("not built: {}", String::from_utf8_lossy(&built.stderr)));
    let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = free.local_addr().expect("an address").port();
    drop(free);
    let child = Command::new(executable)
        .arg(port.to_string())
        .stderr(Stdio::null())
        .spawn()
        .expect("the example starts");
    Server::attach(child, kind, port)
}

/// The two examples have one file name, so they are built and started one after the other.
#[test]
fn the_examples_serve_what_the_suites_ask_for() {
    assert_engineio(&example(Kind::EngineIo));
    assert_socketio(&example(Kind::SocketIo));
}

/// The settings of both suites.
fn assert_settings(server: &Server, sid: &str, open: &str, upgrades: &str) {
    let expected = format!(
        r#"0{{"sid":"{sid}","upgrades":{upgrades},"pingInterval":300,"pingTimeout":200,"maxPayload":1000000}}"#
    );
    assert_eq!(open, expected);
    let request = Request::new(server, "GET", "?EIO=4").header("Origin", "http://a.b");
    let allowed = request.send(server);
    let allowed = allowed.header("access-control-allow-origin");
    assert!([Some("*"), Some("http://a.b")].contains(&allowed));
}

fn assert_engineio(server: &Server) {
    let response = Request::new(server, "GET", polling::NEW).send(server);
    let sid = polling::sid_of(response.text());
    assert_settings(server, &sid, response.text(), r#"["websocket"]"#);
    let session = Polling::open(server);
    session.say(&["4hello", "bAQIDBA=="]);
    assert_eq!(session.packets(2), ["4hello", "bAQIDBA=="]);
    let (mut socket, _) = WebSocket::session(server);
    socket.text("4hello");
    socket.binary(&[1, 2, 3, 4]);
    socket.expect(&["4hello"]);
    assert_eq!(socket.message(), Ok(Frame::Binary(vec![1, 2, 3, 4])));
}

fn assert_socketio(server: &Server) {
    let mut socket = WebSocket::open(server, tests::websocket::NEW);
    let open = socket.next_text();
    assert_settings(server, &polling::sid_of(&open), &open, "[]");
    let (mut client, _) = Client::join(server);
    client.say(r#"2["message",1,"2",{"3":[true]}]"#);
    client.expect(&[r#"2["message-back",1,"2",{"3":[true]}]"#]);
    client.say(r#"51-["message",{"_placeholder":true,"num":0}]"#);
    client.socket.binary(&[1, 2, 3]);
    client.expect(&[r#"51-["message-back",{"_placeholder":true,"num":0}]"#]);
    assert_eq!(client.next_binary(), [1, 2, 3]);
    client.say(r#"2456["message-with-ack",1,"2",{"3":[false]}]"#);
    client.expect(&[r#"3456[1,"2",{"3":[false]}]"#]);
    client.say(r#"0/custom,{"token":"abc"}"#);
    let _ = socket_id(&client.next_packet(), "0/custom,");
    client.expect(&[r#"2/custom,["auth",{"token":"abc"}]"#]);
    client.say("0/random,");
    client.expect(&[r#"4/random,{"message":"Invalid namespace"}"#]);
    // the connect timeout is a second
    let mut late = Client::open(server);
    while let Ok(frame) = late.socket.message() {
        assert_eq!(frame, Frame::Close(None));
    }
}
