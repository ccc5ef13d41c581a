#![no_main]
//! A message through the shared frame: both transports give it back.

use engineio::{Frame, Message, Packet, payload};

libfuzzer_sys::fuzz_target!(|data: Vec<u8>| {
    let packet = match String::from_utf8(data) {
        Ok(text) if !text.contains('\u{1e}') => Packet::Message(Message::Text(text.into())),
        Ok(text) => Packet::decode_binary(text.into()),
        Err(error) => Packet::decode_binary(error.into_bytes().into()),
    };
    let frame = Frame::from(&packet);
    assert!(frame.websocket().ends_with(packet.encode().as_bytes()));
    let body = frame.clone().polling().to_vec();
    assert_eq!(
        payload::Decoder::new(body.into()).collect::<Vec<_>>(),
        [Ok(packet)]
    );
});
