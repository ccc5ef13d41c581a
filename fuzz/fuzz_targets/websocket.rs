#![no_main]
//! WebSocket frames in: however the network cuts them, the packets of the model come out, and the same end,
//! whatever another connection hears in between.

use arbitrary::Arbitrary;
use engineio::{
    Message, Packet,
    server::fuzzing::{Inbound, Pace},
};
use fuzz::websocket::{self, End};

/// Small, so that a short input reaches it.
const MAX_PAYLOAD: usize = 300;

/// So often a neighbour is heard in between: enough to meet every state that a short input leads to.
const NEIGHBOURLY: usize = 32;

const FIN: u8 = 0x80;
const PING: u8 = FIN | 9;

#[derive(Arbitrary, Debug)]
enum Piece {
    /// A masked frame that is well-formed but for its first byte.
    Frame(u8, [u8; 4], Vec<u8>),
    /// A text message that is a packet.
    Text(String),
    /// A message in fragments, a ping behind each.
    Fragments(bool, Vec<Vec<u8>>),
    Raw(Vec<u8>),
}

impl Piece {
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Frame(first, mask, payload) => websocket::write(*first, *mask, payload, out),
            Self::Text(text) => {
                websocket::write(0x81, [0; 4], format!("4{text}").as_bytes(), out);
            }
            Self::Fragments(binary, parts) => {
                websocket::write(1 + u8::from(*binary), [7; 4], b"4", out);
                for part in parts {
                    websocket::write(PING, [1, 2, 3, 4], b"ping", out);
                    websocket::write(0, [4, 3, 2, 1], part, out);
                }
                websocket::write(FIN, [9; 4], b"", out);
            }
            Self::Raw(bytes) => out.extend(bytes),
        }
    }
}

/// One connection, cut in pieces.
fn outcome(bytes: &[u8], cuts: &[u8], pace: Pace) -> (Vec<Packet>, Result<(), String>) {
    let mut inbound = Inbound::new(MAX_PAYLOAD);
    let mut neighbour = Neighbour::new();
    let mut packets = Vec::new();
    let mut cuts = cuts.iter().map(|&cut| usize::from(cut).max(1)).cycle();
    let mut rest = bytes;
    while !rest.is_empty() {
        let (piece, behind) = rest.split_at(cuts.next().unwrap_or(rest.len()).min(rest.len()));
        rest = behind;
        let fed = inbound.feed(piece, pace, &mut packets);
        if neighbour.heard < NEIGHBOURLY {
            neighbour.hear();
        }
        if let Err(end) = fed {
            return (packets, Err(end));
        }
    }
    (packets, Ok(()))
}

/// A connection on the same thread, which may share the parser while neither holds a part of anything.
struct Neighbour {
    inbound: Inbound,
    packets: Vec<Packet>,
    heard: usize,
}

impl Neighbour {
    fn new() -> Self {
        Self {
            inbound: Inbound::new(MAX_PAYLOAD),
            packets: Vec::new(),
            heard: 0,
        }
    }

    fn hear(&mut self) {
        let mut frame = Vec::new();
        websocket::write(FIN | 1, [5, 6, 7, 8], b"4neighbour", &mut frame);
        let fed = self.inbound.feed(&frame, Pace::All, &mut self.packets);
        self.heard += 1;
        assert_eq!((fed, self.packets.len()), (Ok(()), self.heard));
        let expected = Packet::Message(Message::Text("neighbour".into()));
        assert_eq!(self.packets.last(), Some(&expected));
    }
}

libfuzzer_sys::fuzz_target!(|input: (Vec<u8>, Vec<Piece>)| {
    let (cuts, pieces) = input;
    let mut bytes = Vec::new();
    pieces.iter().for_each(|piece| piece.write(&mut bytes));
    let whole = outcome(&bytes, &[], Pace::All);
    let (packets, end) = websocket::packets(&bytes, MAX_PAYLOAD);
    assert_eq!(whole.0, packets);
    match end {
        End::Open => assert_eq!(whole.1, Ok(())),
        End::Over => assert!(whole.1.is_err()),
        End::OpenOrOver => {}
    }
    assert_eq!(outcome(&bytes, &cuts, Pace::All), whole);
    assert_eq!(outcome(&bytes, &cuts, Pace::One), whole);
});
