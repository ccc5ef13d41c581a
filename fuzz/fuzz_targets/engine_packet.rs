#![no_main]
//! One text packet: the decoder and the model agree, and a decoded packet encodes to something that decodes to it.

use engineio::{Message, Packet};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let decoded = Packet::decode_text(text.into()).ok();
    assert_eq!(decoded, fuzz::engine::packet(text));
    let Some(packet) = decoded else { return };
    let again = match packet.encode() {
        Message::Text(text) => Packet::decode_text(text),
        Message::Binary(data) => Ok(Packet::decode_binary(data)),
    };
    assert_eq!(again, Ok(packet));
});
