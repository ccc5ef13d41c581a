use engineio::Message;
use proptest::prelude::*;

use super::{Decoder, Limits};
use crate::{DecodeError, Packet};

fn text(text: &str) -> Message {
    Message::Text(text.into())
}

fn binary(bytes: &'static [u8]) -> Message {
    Message::Binary(bytes.into())
}

fn decoder() -> Decoder {
    Decoder::new(Limits::default())
}

/// Decodes messages until one completes a packet.
fn decode_all(messages: impl IntoIterator<Item = Message>) -> Result<Option<Packet>, DecodeError> {
    let mut decoder = decoder();
    let mut last = None;
    for message in messages {
        last = decoder.decode(message)?;
    }
    Ok(last)
}

const TWO: &str = r#"52-["ev",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]"#;

#[test]
fn a_packet_completes_with_its_last_attachment() {
    let mut decoder = decoder();
    assert_eq!(decoder.decode(text(TWO)), Ok(None));
    assert_eq!(decoder.decode(binary(b"a")), Ok(None));
    assert!(decoder.is_pending());
    let packet = decoder
        .decode(binary(b""))
        .expect("valid")
        .expect("complete");
    assert_eq!(packet.attachments, ["a", ""]);
    assert!(!decoder.is_pending());
    assert!(
        decoder
            .decode(text(r#"2["next"]"#))
            .expect("valid")
            .is_some()
    );
}

#[test]
fn a_binary_packet_without_attachments_is_complete_at_once() {
    let mut decoder = decoder();
    assert!(
        decoder
            .decode(text(r#"50-["ev"]"#))
            .expect("valid")
            .is_some()
    );
    assert!(
        decoder
            .decode(text(r#"2["next"]"#))
            .expect("valid")
            .is_some()
    );
}

#[test]
fn text_and_binary_are_refused_where_the_other_belongs() {
    assert_eq!(
        decode_all([text(TWO), text(r#"2["ev"]"#)]),
        Err(DecodeError::UnexpectedText),
    );
    assert_eq!(
        decode_all([binary(b"a")]),
        Err(DecodeError::UnexpectedBinary)
    );
    assert_eq!(
        decode_all([text(r#"51-["ev"]"#), binary(b"a"), binary(b"b")]),
        Err(DecodeError::UnexpectedBinary),
    );
}

#[test]
fn a_placeholder_must_name_an_attachment() {
    let head = |num: &str| text(&format!(r#"51-["ev",{{"_placeholder":true,"num":{num}}}]"#));
    for legal in ["0", "0.0"] {
        assert!(decode_all([head(legal), binary(b"a")]).is_ok(), "{legal}");
    }
    for illegal in ["1", "-1", "0.5", r#""0""#, "null", "1e9", "[0]"] {
        let decoded = decode_all([head(illegal), binary(b"a")]);
        assert_eq!(decoded, Err(DecodeError::IllegalAttachments), "{illegal}");
    }
}

#[test]
fn more_attachments_than_placeholders_and_shared_ones_are_fine() {
    assert!(
        decode_all([text(r#"51-["ev"]"#), binary(b"a")])
            .expect("valid")
            .is_some()
    );
    let shared = r#"51-["ev",{"_placeholder":true,"num":0},{"_placeholder":true,"num":0}]"#;
    assert!(
        decode_all([text(shared), binary(b"a")])
            .expect("valid")
            .is_some()
    );
}

#[test]
fn a_placeholder_in_a_text_packet_is_a_plain_object() {
    let plain = r#"2["ev",{"_placeholder":true,"num":7}]"#;
    assert!(decode_all([text(plain)]).expect("valid").is_some());
}

#[test]
fn attachments_have_a_limit_in_bytes() {
    let mut decoder = Decoder::new(Limits {
        attachment_bytes: 3,
        ..Limits::default()
    });
    assert_eq!(decoder.decode(text(TWO)), Ok(None));
    assert_eq!(decoder.decode(binary(b"ab")), Ok(None));
    let error = DecodeError::AttachmentsTooLarge { max: 3 };
    assert_eq!(decoder.decode(binary(b"cd")), Err(error));
}

#[test]
fn an_announced_count_allocates_nothing() {
    let mut decoder = Decoder::new(Limits {
        attachments: usize::MAX,
        ..Limits::default()
    });
    assert_eq!(decoder.decode(text(r#"5999999999-["ev"]"#)), Ok(None));
    assert_eq!(decoder.decode(binary(b"a")), Ok(None));
}

proptest! {
    #[test]
    fn no_sequence_of_messages_panics(
        messages in prop::collection::vec(
            prop_oneof![
                r#"5[0-9]-\["e",\{"_placeholder":true,"num":[0-9]\}[\]\}]"#.prop_map(|t| Message::Text(t.into())),
                ".{0,20}".prop_map(|t| Message::Text(t.into())),
                prop::collection::vec(any::<u8>(), 0..10).prop_map(|b| Message::Binary(b.into())),
            ],
            0..12,
        )
    ) {
        let mut decoder = decoder();
        for message in messages {
            if let Ok(Some(packet)) = decoder.decode(message) {
                prop_assert!(packet.attachments.len() <= 10);
                prop_assert!(!decoder.is_pending());
            }
        }
    }
}
