//! Clients that declare more than they send.

use std::time::Duration;
use tests::frame::{FIN, encode, opcode};
use tests::{Client, Options, Server};

const CLIENTS: usize = 500;

/// What each may cost: less than a fiftieth of what it declares.
const EACH: u64 = 20 << 10;

/// A megabyte, which is the limit.
const DECLARED: [u8; 14] = [
    FIN | opcode::BINARY,
    0x80 | 127,
    0,
    0,
    0,
    0,
    0,
    0x0f,
    0x42,
    0x40,
    1,
    2,
    3,
    4,
];

/// What the process holds, and what it has asked for.
fn memory(server: &Server) -> Option<[u64; 2]> {
    Some([server.memory()?, server.address_space()?])
}

#[test]
fn a_frame_that_is_declared_and_not_sent_occupies_nothing() {
    let server = crate::server(&Options::default());
    let mut clients: Vec<_> = (0..CLIENTS).map(|_| Client::join(&server).0).collect();
    let before = memory(&server);
    for client in &mut clients {
        // One write, so that the answer says that the server has seen the head behind the question.
        let question = encode(FIN | opcode::TEXT, br#"421["message-with-ack",1]"#);
        client.socket.raw(&[&question[..], &DECLARED].concat());
    }
    for client in &mut clients {
        client.expect(&["31[1]"]);
    }
    let (Some(before), Some(now)) = (before, memory(&server)) else {
        return;
    };
    for (before, now) in before.into_iter().zip(now) {
        let each = now.saturating_sub(before) / CLIENTS as u64;
        println!("{before} became {now}: {each} bytes for each client");
        assert!(each < EACH, "{each} bytes for each client");
    }
    // They are no worse off for it: what was declared is taken once it comes.
    let client = clients.first_mut().expect("the first of many");
    client.socket.raw(&vec![7; 999_999]);
    assert!(client.socket.is_silent(Duration::from_millis(50)));
    client.socket.raw(&[7]);
    // Nobody announced an attachment.
    assert_eq!(client.closed(), 1005);
}
