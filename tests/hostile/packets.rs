//! Socket.IO packets of a client in `/`, each row sent over both transports.

use crate::case::{Bytes, Case, text};
use crate::joined::{self, Watcher, assert_socket_alive};
use tests::polling::SEPARATOR;
use tests::{Client, Frame, Server};

mod rows;

/// One Engine.IO message.
#[derive(Debug, Clone, Copy)]
enum Say {
    Text(Bytes),
    Binary(&'static [u8]),
}

const fn say(packet: &'static str) -> Say {
    Say::Text(text(packet))
}

/// What becomes of the client.
#[derive(Debug, Clone, Copy)]
enum Then {
    /// Nothing comes back and the socket works.
    Silence,
    /// These packets come back and the socket works.
    Answers(&'static [&'static str]),
    /// These packets come back; the socket has left `/` for this reason, and may join it again.
    Leaves(&'static [&'static str], &'static str),
    /// The session is closed in good order; the socket's reason.
    Ends(&'static str),
}

/// A packet that cannot be decoded.
const UNDECODABLE: Then = Then::Ends("forced close");

/// A packet that does not fit the state of the connection.
const MISPLACED: Then = Then::Ends("forced server close");

type Row = (&'static str, &'static [Say], Then);

/// All rows, twice.
pub(crate) fn cases() -> Vec<Case> {
    let rows = rows::TABLES.iter().copied().flatten();
    let both = rows.flat_map(|&(name, says, then)| {
        let websocket = move |server: &Server, watcher: &mut Watcher<'_>| {
            over_websocket(server, watcher, says, then);
        };
        let polling = move |server: &Server, watcher: &mut Watcher<'_>| {
            over_polling(server, watcher, says, then);
        };
        [
            Case::new("packet over WebSocket", name, websocket),
            Case::new("packet over polling", name, polling),
        ]
    });
    both.collect()
}

fn over_websocket(server: &Server, watcher: &mut Watcher<'_>, says: &[Say], then: Then) {
    let (mut client, id) = Client::join(server);
    for say in says {
        match say {
            Say::Text(packet) => {
                let packet = String::from_utf8(packet.to_vec()).expect("rows are text");
                client.say(&packet);
            }
            Say::Binary(bytes) => client.socket.binary(bytes),
        }
    }
    match then {
        Then::Silence => assert_socket_alive(&mut client.socket),
        Then::Answers(packets) => {
            client.expect(packets);
            assert_socket_alive(&mut client.socket);
        }
        Then::Leaves(packets, reason) => {
            client.expect(packets);
            assert_eq!(watcher.reason(&id), reason);
            client.say("0");
            let _ = client.next_packet();
            client.expect(&[r#"2["auth",{}]"#]);
            assert_socket_alive(&mut client.socket);
        }
        Then::Ends(reason) => {
            assert_eq!(client.socket.message(), Ok(Frame::Close(None)));
            assert_eq!(watcher.reason(&id), reason);
        }
    }
}

fn over_polling(server: &Server, watcher: &mut Watcher<'_>, says: &[Say], then: Then) {
    let (session, id) = joined::polling(server);
    let mut body = Vec::new();
    for say in says {
        if !body.is_empty() {
            body.push(SEPARATOR as u8);
        }
        match say {
            Say::Text(packet) => {
                body.push(b'4');
                body.extend(packet.to_vec());
            }
            Say::Binary(bytes) => body.extend(joined::base64(bytes).into_bytes()),
        }
    }
    assert_eq!(session.post_bytes(&body).pair(), (200, "ok"));
    let expect = |packets: &[&str]| {
        let packets: Vec<_> = packets.iter().map(|packet| format!("4{packet}")).collect();
        assert_eq!(session.packets(packets.len()), packets);
    };
    match then {
        Then::Silence => joined::assert_alive(&session),
        Then::Answers(packets) => {
            expect(packets);
            joined::assert_alive(&session);
        }
        Then::Leaves(packets, reason) => {
            expect(packets);
            assert_eq!(watcher.reason(&id), reason);
            session.say(&["40"]);
            let _ = session.packets(2);
            joined::assert_alive(&session);
        }
        Then::Ends(reason) => {
            assert_eq!(joined::last_packets(&session), Vec::<String>::new());
            assert_eq!(watcher.reason(&id), reason);
        }
    }
}
