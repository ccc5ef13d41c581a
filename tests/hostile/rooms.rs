//! Clients in rooms of their own, who leave in every way that there is: the rooms go with them.

use crate::case::Case;
use crate::joined::{self, Watcher, assert_socket_alive};
use tests::frame::{FIN, opcode};
use tests::{Client, Server, WebSocket};

/// How a client on WebSocket leaves: first bytes and payloads of frames, and the socket's reason.
type Row = (&'static str, &'static [(u8, &'static str)], &'static str);

/// How a polling client leaves: a body, and the socket's reason.
type PollingRow = (&'static str, &'static str, &'static str);

const TEXT: u8 = FIN | opcode::TEXT;

#[rustfmt::skip]
const ROWS: &[Row] = &[
    ("without a word", &[], "transport close"),
    ("with a close frame", &[(FIN | opcode::CLOSE, "")], "transport close"),
    ("with a close packet", &[(TEXT, "1")], "transport close"),
    ("with a goodbye", &[(TEXT, "41")], "client namespace disconnect"),
    ("by being kicked", &[(TEXT, r#"42["kick",false]"#)], "server namespace disconnect"),
    ("by being kicked out of the session", &[(TEXT, r#"42["kick",true]"#)], "server namespace disconnect"),
    ("with a packet that is none", &[(TEXT, "7")], "parse error"),
    ("with an event that is none", &[(TEXT, "4x")], "forced close"),
    ("with a second join", &[(TEXT, "40")], "forced server close"),
    ("with text instead of an attachment", &[(TEXT, r#"451-["message"]"#), (TEXT, "4x")], "forced close"),
    ("with a frame that is none", &[(0x83, "")], "transport error"),
];

#[rustfmt::skip]
const POLLING_ROWS: &[PollingRow] = &[
    ("with a close packet", "1", "transport close"),
    ("with a goodbye", "41", "client namespace disconnect"),
    ("by being kicked", r#"42["kick",false]"#, "server namespace disconnect"),
    ("with a packet that is none", "7", "parse error"),
    ("with an event that is none", "4x", "forced close"),
    ("with a second join", "40", "forced server close"),
    ("with a ping", "2", "transport error"),
];

/// All rows.
pub(crate) fn cases() -> Vec<Case> {
    let websocket = ROWS.iter().map(|&(name, frames, reason)| {
        Case::new("rooms over WebSocket", name, move |server, watcher| {
            over_websocket(server, watcher, frames, reason);
        })
    });
    let polling = POLLING_ROWS.iter().map(|&(name, body, reason)| {
        Case::new("rooms over polling", name, move |server, watcher| {
            over_polling(server, watcher, body, reason);
        })
    });
    let moving = Case::new("rooms", "without a word, after an upgrade", upgraded);
    websocket.chain(polling).chain([moving]).collect()
}

/// The rooms are named after the socket, so each is a room more.
fn rooms_of(id: &str) -> [String; 2] {
    ["a", "b"].map(|room| format!("{room} of {id}"))
}

fn over_websocket(server: &Server, watcher: &mut Watcher<'_>, frames: &[(u8, &str)], reason: &str) {
    let (mut client, id) = Client::join(server);
    for room in rooms_of(&id) {
        assert_eq!(client.ask("join", &[room.into()]), serde_json::json!([]));
    }
    for (first, payload) in frames {
        client.socket.frame(*first, payload.as_bytes());
    }
    if frames.is_empty() {
        drop(client);
    }
    assert_eq!(watcher.reason(&id), reason);
}

fn over_polling(server: &Server, watcher: &mut Watcher<'_>, body: &str, reason: &str) {
    let (session, id) = in_rooms(server);
    let _ = session.post_bytes(body.as_bytes());
    assert_eq!(watcher.reason(&id), reason);
    match reason {
        // it waits for the poll that takes its last packet
        "forced close" | "forced server close" => drop(joined::last_packets(&session)),
        // it is only out of its namespace
        _ => drop(session.post_bytes(b"1")),
    }
}

fn in_rooms(server: &Server) -> (tests::Polling<'_>, String) {
    let (session, id) = joined::polling(server);
    for room in rooms_of(&id) {
        session.say(&[&format!(r#"420["join","{room}"]"#)]);
        assert_eq!(session.packets(1), ["430[]"]);
    }
    (session, id)
}

fn upgraded(server: &Server, watcher: &mut Watcher<'_>) {
    let (session, id) = in_rooms(server);
    let mut socket = WebSocket::open(server, &session.upgrade());
    socket.text("2probe");
    socket.expect(&["3probe"]);
    socket.text("5");
    assert_socket_alive(&mut socket);
    drop(socket);
    assert_eq!(watcher.reason(&id), "transport close");
}
