#![no_main]
//! WebSocket frames in: however the network cuts them, the same packets and the same end come out.

use arbitrary::Arbitrary;
use engineio::{
    Packet,
    server::fuzzing::{Inbound, Pace},
};

#[derive(Arbitrary, Debug)]
enum Piece {
    /// A masked frame that is well-formed but for its first byte.
    Frame(u8, [u8; 4], Vec<u8>),
    /// A text message that is a packet.
    Text(String),
    Raw(Vec<u8>),
}

impl Piece {
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Frame(first, mask, payload) => frame(*first, *mask, payload, out),
            Self::Text(text) => frame(0x81, [0; 4], format!("4{text}").as_bytes(), out),
            Self::Raw(bytes) => out.extend(bytes),
        }
    }
}

fn frame(first: u8, mask: [u8; 4], payload: &[u8], out: &mut Vec<u8>) {
    out.push(first);
    match payload.len() {
        length @ 0..126 => out.push(0x80 | length as u8),
        length => {
            out.push(0x80 | 126);
            out.extend((length as u16).to_be_bytes());
        }
    }
    out.extend(mask);
    let masked = payload.iter().zip(mask.iter().cycle());
    out.extend(masked.map(|(byte, mask)| byte ^ mask));
}

fn outcome(bytes: &[u8], cuts: &[u8], pace: Pace) -> (Vec<Packet>, Result<(), String>) {
    let mut inbound = Inbound::new(1000);
    let mut packets = Vec::new();
    let mut cuts = cuts.iter().map(|&cut| usize::from(cut).max(1)).cycle();
    let mut rest = bytes;
    while !rest.is_empty() {
        let (piece, behind) = rest.split_at(cuts.next().unwrap_or(rest.len()).min(rest.len()));
        rest = behind;
        if let Err(end) = inbound.feed(piece, pace, &mut packets) {
            return (packets, Err(end));
        }
    }
    (packets, Ok(()))
}

libfuzzer_sys::fuzz_target!(|input: (Vec<u8>, Vec<Piece>)| {
    let (cuts, pieces) = input;
    let mut bytes = Vec::new();
    pieces.iter().for_each(|piece| piece.write(&mut bytes));
    let whole = outcome(&bytes, &[], Pace::All);
    assert_eq!(outcome(&bytes, &cuts, Pace::All), whole);
    assert_eq!(outcome(&bytes, &cuts, Pace::One), whole);
});
