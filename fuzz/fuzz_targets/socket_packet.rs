#![no_main]
//! One text packet of Socket.IO: no input panics, and a decoded packet encodes to something that decodes to it.

use socketio::{Limits, packet};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let Limits {
        attachments,
        nesting,
        ..
    } = Limits::default();
    let Ok(decoded) = packet::decode_text(text.into(), attachments, nesting) else {
        return;
    };
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
