#![no_main]
//! A polling body: the decoder and the model agree on every packet and on where an error ends it, and the packets survive another round.

use engineio::{Packet, payload};

libfuzzer_sys::fuzz_target!(|body: Vec<u8>| {
    let model = fuzz::engine::payload(&body);
    let decoded: Vec<_> = payload::Decoder::new(body.into()).map(Result::ok).collect();
    assert_eq!(decoded, model);
    let packets: Vec<Packet> = decoded.into_iter().flatten().collect();
    if !packets.is_empty() {
        let again: Vec<_> = payload::Decoder::new(payload::encode(&packets).into())
            .flatten()
            .collect();
        assert_eq!(again, packets);
    }
});
