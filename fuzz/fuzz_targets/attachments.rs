#![no_main]
//! A polling body as one session gets it: message by message the decoder and the model agree, and a complete packet reads back from its
//! own encoding.

use engineio::{Message, Packet, payload};
use fuzz::socket::Assembler;
use socketio::{Decoder, Limits};

/// Small, so that a short input reaches them.
const LIMITS: Limits = Limits {
    attachments: 3,
    attachment_bytes: 20,
    nesting: 6,
};

libfuzzer_sys::fuzz_target!(|body: Vec<u8>| {
    let mut decoder = Decoder::new(LIMITS);
    let mut model = Assembler::new(LIMITS);
    for message in messages(body) {
        let expected = model.take(&message);
        let decoded = decoder.decode(message).ok();
        if decoded.is_none() && expected.is_some() {
            assert!(unjudged(&expected), "refused: {expected:?}");
            return;
        }
        assert_eq!(decoded, expected);
        let Some(decoded) = decoded else { return };
        assert_eq!(decoded.is_none(), decoder.is_pending());
        let Some(packet) = decoded else { continue };
        let unit = packet.encode();
        let mut again = Decoder::new(LIMITS);
        let frames = messages(payload::join(unit.frames()));
        assert_eq!(
            frames.map(|message| again.decode(message)).last(),
            Some(Ok(Some(packet)))
        );
    }
});

/// Whether the model does not know if the placeholders of a packet fit.
fn unjudged(packet: &Option<Option<socketio::Packet>>) -> bool {
    let Some(Some(packet)) = packet else {
        return false;
    };
    let data = packet.data.as_deref().unwrap_or_default();
    fuzz::json::placeholders_fit(data, packet.attachments.len()).is_none()
}

fn messages(body: Vec<u8>) -> impl Iterator<Item = Message> {
    let packets: Vec<_> = payload::Decoder::new(body.into()).flatten().collect();
    packets.into_iter().filter_map(|packet| match packet {
        Packet::Message(message) => Some(message),
        _ => None,
    })
}
