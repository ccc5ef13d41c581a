#![no_main]
//! One text packet: no input panics, and a decoded packet encodes to something that decodes to it.

use engineio::{Message, Packet};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let Ok(packet) = Packet::decode_text(text.into()) else {
        return;
    };
    let again = match packet.encode() {
        Message::Text(text) => Packet::decode_text(text),
        Message::Binary(data) => Ok(Packet::decode_binary(data)),
    };
    assert_eq!(again, Ok(packet));
});
