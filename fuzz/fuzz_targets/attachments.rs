#![no_main]
//! A polling body as one session gets it: no sequence of messages panics, and a complete packet reads back from its own encoding.

use engineio::{Message, Packet, payload};
use socketio::{Decoder, Limits};

libfuzzer_sys::fuzz_target!(|body: Vec<u8>| {
    let mut decoder = Decoder::new(Limits::default());
    for message in messages(body) {
        let Ok(decoded) = decoder.decode(message) else {
            return;
        };
        assert_eq!(decoded.is_none(), decoder.is_pending());
        let Some(packet) = decoded else { continue };
        let unit = packet.encode();
        let mut again = Decoder::new(Limits::default());
        let frames = messages(payload::join(unit.frames()));
        assert_eq!(
            frames.map(|message| again.decode(message)).last(),
            Some(Ok(Some(packet)))
        );
    }
});

fn messages(body: Vec<u8>) -> impl Iterator<Item = Message> {
    let packets: Vec<_> = payload::Decoder::new(body.into()).flatten().collect();
    packets.into_iter().filter_map(|packet| match packet {
        Packet::Message(message) => Some(message),
        _ => None,
    })
}
