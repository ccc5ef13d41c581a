#![no_main]
//! One text packet of Socket.IO: the decoder and the model agree, and a decoded packet encodes to something that decodes to it.

use socketio::{Limits, packet};

/// Small, so that a short input reaches them.
const LIMITS: Limits = Limits {
    attachments: 10,
    attachment_bytes: 1000,
    nesting: 6,
};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let Limits {
        attachments,
        nesting,
        ..
    } = LIMITS;
    let decoded = packet::decode_text(text.into(), attachments, nesting).ok();
    assert_eq!(decoded, fuzz::socket::packet(text, LIMITS));
    let Some(decoded) = decoded else { return };
    let unit = decoded.packet.encode();
    let head = unit
        .frames()
        .next()
        .map(|frame| String::from_utf8(frame.message().to_vec()));
    let Some(Ok(head)) = head else {
        panic!("a unit begins with text")
    };
    let again = packet::decode_text(head.into(), attachments, nesting);
    assert_eq!(again.map(|again| again.packet), Ok(decoded.packet));
});
