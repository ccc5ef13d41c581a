use std::time::Duration;

use proptest::{collection::vec, prelude::*};

use super::*;
use crate::{Sid, Transport};

/// Every packet that the wire can carry: whole milliseconds, and text without the separator of polling.
pub(crate) fn any_packet() -> impl Strategy<Value = Packet> {
    let text = "[^\u{1e}]{0,20}".prop_map(ByteString::from);
    prop_oneof![
        any_handshake().prop_map(Packet::Open),
        Just(Packet::Close),
        text.clone().prop_map(Packet::Ping),
        text.clone().prop_map(Packet::Pong),
        text.prop_map(|text| Packet::Message(Message::Text(text))),
        vec(any::<u8>(), 0..40).prop_map(|data| Packet::decode_binary(data.into())),
        Just(Packet::Upgrade),
        Just(Packet::Noop),
    ]
}

fn any_handshake() -> impl Strategy<Value = Handshake> {
    let transport = prop_oneof![Just(Transport::Polling), Just(Transport::WebSocket)];
    (any::<[u8; 15]>(), vec(transport, 0..3), any::<[u64; 3]>()).prop_map(
        |(random, upgrades, [interval, timeout, max])| Handshake {
            sid: Sid::from_random(random),
            upgrades,
            ping_interval: Duration::from_millis(interval),
            ping_timeout: Duration::from_millis(timeout),
            max_payload: max,
        },
    )
}

fn decode(message: Message) -> Result<Packet, DecodeError> {
    match message {
        Message::Text(text) => Packet::decode_text(text),
        Message::Binary(data) => Ok(Packet::decode_binary(data)),
    }
}

#[test]
fn every_type_has_its_character() {
    let text = |text: &'static str| ByteString::from_static(text);
    for (wire, packet) in [
        ("1", Packet::Close),
        ("2", Packet::Ping(text(""))),
        ("2probe", Packet::Ping(text("probe"))),
        ("3", Packet::Pong(text(""))),
        ("3probe", Packet::Pong(text("probe"))),
        ("4", Packet::Message(Message::Text(text("")))),
        (
            "4é\u{1e}€",
            Packet::Message(Message::Text(text("é\u{1e}€"))),
        ),
        ("44", Packet::Message(Message::Text(text("4")))),
        ("5", Packet::Upgrade),
        ("6", Packet::Noop),
    ] {
        assert_eq!(
            Packet::decode_text(wire.into()),
            Ok(packet.clone()),
            "{wire}"
        );
        assert_eq!(packet.encode(), Message::Text(wire.into()), "{wire}");
    }
}

#[test]
fn b_is_a_binary_message_in_base64() {
    let packet = Packet::decode_binary(Bytes::from_static(&[1, 2, 3, 4]));
    assert_eq!(Packet::decode_text("bAQIDBA==".into()), Ok(packet));
    assert_eq!(
        Packet::decode_text("b".into()),
        Ok(Packet::decode_binary(Bytes::new()))
    );
    assert_eq!(Packet::decode_text("b!".into()), Err(DecodeError::Base64));
}

#[test]
fn a_binary_frame_is_a_message_whatever_its_first_byte() {
    for data in [&b""[..], b"1", b"2probe", b"\x04", b"b"] {
        let packet = Packet::decode_binary(Bytes::from_static(data));
        assert_eq!(
            packet,
            Packet::Message(Message::Binary(Bytes::from_static(data)))
        );
        assert_eq!(packet.encode(), Message::Binary(Bytes::from_static(data)));
    }
}

#[test]
fn no_type_and_unknown_types_are_errors() {
    assert_eq!(Packet::decode_text("".into()), Err(DecodeError::Empty));
    for found in [
        '7', '9', 'a', 'B', ' ', '/', '\0', '\u{b4}', 'é', '４', '😀',
    ] {
        let error = Err(DecodeError::UnknownType { found });
        assert_eq!(Packet::decode_text(format!("{found}hello").into()), error);
    }
}

#[test]
fn data_behind_a_type_without_data_is_ignored() {
    assert_eq!(Packet::decode_text("1x".into()), Ok(Packet::Close));
    assert_eq!(Packet::decode_text("5x".into()), Ok(Packet::Upgrade));
    assert_eq!(Packet::decode_text("6x".into()), Ok(Packet::Noop));
}

#[test]
fn text_is_a_slice_of_what_was_read() {
    let wire = ByteString::from("4hello");
    let Ok(Packet::Message(Message::Text(text))) = Packet::decode_text(wire.clone()) else {
        panic!("a text message")
    };
    assert_eq!(text.as_ptr(), wire[1..].as_ptr());
}

proptest! {
    #[test]
    fn a_packet_reads_back(packet in any_packet()) {
        prop_assert_eq!(decode(packet.encode()), Ok(packet));
    }

    #[test]
    fn no_text_panics(text in ".*") {
        let _ = Packet::decode_text(text.into());
    }

    #[test]
    fn no_text_behind_a_type_panics(text in "[0-6b].*") {
        let _ = Packet::decode_text(text.into());
    }
}
