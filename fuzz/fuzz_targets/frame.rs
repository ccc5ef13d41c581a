#![no_main]
//! A message through the shared frame, short or long: both transports give it back, in one well-formed WebSocket frame.

use engineio::{Frame, Message, Packet, payload};
use fuzz::websocket;

const TEXT: u8 = 0x81;
const BINARY: u8 = 0x82;

libfuzzer_sys::fuzz_target!(|input: (u8, Vec<u8>)| {
    let (times, data) = input;
    // Long enough for a length of 64 bits.
    let data = data.repeat(1 + usize::from(times % 64));
    let packet = match String::from_utf8(data) {
        Ok(text) if !text.contains('\u{1e}') => Packet::Message(Message::Text(text.into())),
        Ok(text) => Packet::decode_binary(text.into()),
        Err(error) => Packet::decode_binary(error.into_bytes().into()),
    };
    let frame = Frame::from(&packet);
    let (first, payload) = match packet.encode() {
        Message::Text(text) => (TEXT, text.as_bytes().to_vec()),
        Message::Binary(data) => (BINARY, data.to_vec()),
    };
    assert_eq!(only_frame(frame.websocket()), (first, payload));
    let body = frame.clone().polling().to_vec();
    assert_eq!(only_frame(frame.websocket_text()), (TEXT, body.clone()));
    assert_eq!(
        payload::Decoder::new(body.into()).collect::<Vec<_>>(),
        [Ok(packet)]
    );
});

fn only_frame(mut bytes: &[u8]) -> (u8, Vec<u8>) {
    let frame = websocket::frame(&mut bytes).expect("a whole frame");
    assert!(bytes.is_empty() && !frame.masked);
    (frame.first, frame.payload)
}
