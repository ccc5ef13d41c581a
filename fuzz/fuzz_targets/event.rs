#![no_main]
//! The payload of an event or an ack and its attachments, separated by zero bytes: no input panics, as whatever it is read.

use bytes::Bytes;
use socketio::{Args, Event};

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let mut parts = input.split(|byte| *byte == 0);
    let Some(Ok(data)) = parts.next().map(std::str::from_utf8) else {
        return;
    };
    let attachments: Vec<Bytes> = parts.map(Bytes::copy_from_slice).collect();
    if let Some(event) = Event::decode(data.into(), attachments.clone()) {
        let _ = event.args().parse::<serde_json::Value>();
    }
    if let Some(args) = Args::decode(Some(data.into()), attachments) {
        let _ = args.parse::<(String, Bytes)>();
        let _ = args.parse::<(serde_json::Value, serde_json::Value)>();
    }
});
