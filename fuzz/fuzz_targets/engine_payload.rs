#![no_main]
//! A polling body: no input panics, an error ends it, and what came before the error survives another round.

use engineio::{Packet, payload};

libfuzzer_sys::fuzz_target!(|body: Vec<u8>| {
    let decoded: Vec<_> = payload::Decoder::new(body.into()).collect();
    let packets: Vec<Packet> = decoded.iter().flatten().cloned().collect();
    assert!(decoded.len() - packets.len() <= 1 && decoded.iter().rev().skip(1).all(Result::is_ok));
    if !packets.is_empty() {
        let again: Vec<_> = payload::Decoder::new(payload::encode(&packets).into())
            .flatten()
            .collect();
        assert_eq!(again, packets);
    }
});
