//! WebSocket frames and Engine.IO packets of a client in `/`.

use crate::case::{Bytes, Case, LIMIT, text};
use crate::joined::{Watcher, assert_socket_alive};
use tests::frame::{FIN, encode, encode_unmasked, opcode};
use tests::{Client, End, Frame, Server};

mod rows;

/// What is written.
#[derive(Debug, Clone, Copy)]
enum Say {
    /// A masked frame: its first byte and payload.
    Frame(u8, Bytes),
    /// The same without a mask.
    Unmasked(u8, Bytes),
    /// Bytes that are no frame, or part of one.
    Raw(&'static [u8]),
    /// The end of the client's side of the stream.
    Finish,
}

/// What becomes of the client.
#[derive(Debug, Clone, Copy)]
enum Then {
    /// Nothing comes back and the socket works.
    Silence,
    /// A pong comes back and the socket works.
    Pong(&'static [u8]),
    /// A close with this status (1005: without one), and the socket's reason.
    Closes(u16, &'static str),
    /// The stream ends without a close, and the socket's reason.
    Ends(&'static str),
}

type Row = (&'static str, &'static [Say], Then);

/// All rows.
pub(crate) fn cases() -> Vec<Case> {
    let rows = rows::TABLES.iter().copied().flatten();
    let cases = rows.map(|&(name, says, then)| {
        Case::new("frame", name, move |server, watcher| {
            run(server, watcher, says, then);
        })
    });
    cases.chain(special_cases()).collect()
}

fn run(server: &Server, watcher: &mut Watcher<'_>, says: &[Say], then: Then) {
    let (mut client, id) = Client::join(server);
    for say in says {
        match *say {
            Say::Frame(first, payload) => client.socket.frame(first, &payload.to_vec()),
            Say::Unmasked(first, payload) => {
                client
                    .socket
                    .raw(&encode_unmasked(first, &payload.to_vec()));
            }
            Say::Raw(bytes) => client.socket.raw(bytes),
            Say::Finish => client.socket.finish(),
        }
    }
    match then {
        Then::Silence => assert_socket_alive(&mut client.socket),
        Then::Pong(payload) => {
            assert_eq!(client.socket.message(), Ok(Frame::Pong(payload.to_vec())));
            assert_socket_alive(&mut client.socket);
        }
        Then::Closes(code, reason) => {
            assert_eq!(client.socket.closed(), code);
            assert_eq!(watcher.reason(&id), reason);
        }
        Then::Ends(reason) => {
            let end = client.socket.message();
            assert!(matches!(end, Err(End::Closed | End::Reset)), "{end:?}");
            assert_eq!(watcher.reason(&id), reason);
        }
    }
}

/// A message cut off at each of its bytes ends the session like any lost connection.
fn cut_off(server: &Server, watcher: &mut Watcher<'_>) {
    let whole = encode(FIN | opcode::TEXT, br#"42["nothing",1]"#);
    for length in 0..whole.len() {
        let (mut client, id) = Client::join(server);
        client.socket.raw(&whole[..length]);
        drop(client);
        assert_eq!(watcher.reason(&id), "transport close", "{length} bytes");
    }
}

/// A message that comes byte by byte is a message.
fn byte_by_byte(server: &Server, _: &mut Watcher<'_>) {
    let (mut client, _) = Client::join(server);
    for byte in encode(FIN | opcode::TEXT, br#"427["message-with-ack",1]"#) {
        client.socket.raw(&[byte]);
    }
    client.expect(&["37[1]"]);
}

/// The limit itself is allowed, one byte more is not.
fn the_limit(server: &Server, watcher: &mut Watcher<'_>) {
    let (mut client, id) = Client::join(server);
    let (head, tail) = ("2[\"nothing\",\"", "\"]");
    let filling = LIMIT - 1 - head.len() - tail.len();
    client.say(&format!("{head}{}{tail}", "x".repeat(filling)));
    assert_socket_alive(&mut client.socket);
    client.say(&format!("{head}{}{tail}", "x".repeat(filling + 1)));
    assert_eq!(client.closed(), 1009);
    assert_eq!(watcher.reason(&id), "transport error");
}

/// The cases that are more than rows.
fn special_cases() -> Vec<Case> {
    vec![
        Case::new("frame", "cut off at each byte", cut_off),
        Case::new("frame", "byte by byte", byte_by_byte),
        Case::new("frame", "the limit and one byte more", the_limit),
    ]
}
