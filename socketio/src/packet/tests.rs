use proptest::prelude::*;

use super::{Decoded, Kind, Packet, decode_text};
use crate::DecodeError::{
    Empty, IllegalAttachments, InvalidId, InvalidPayload, TooDeep, TooManyAttachments, UnknownType,
};
use crate::{DecodeError, Decoder, Limits};

fn decode(text: &str) -> Result<Decoded, DecodeError> {
    decode_text(text.into(), 10, 128)
}

/// Kind, namespace, ack id, attachments.
type Found = (Kind, &'static str, Option<u64>, usize);

/// Text, what is found in it, payload.
#[rustfmt::skip]
const EXAMPLES: [(&str, Found, Option<&str>); 20] = [
    ("0", (Kind::Connect, "/", None, 0), None),
    (r#"0{"token":"x"}"#, (Kind::Connect, "/", None, 0), Some(r#"{"token":"x"}"#)),
    (r#"0/admin,{"token":"x"}"#, (Kind::Connect, "/admin", None, 0), Some(r#"{"token":"x"}"#)),
    ("0/admin", (Kind::Connect, "/admin", None, 0), None),
    ("0/admin,", (Kind::Connect, "/admin", None, 0), None),
    ("1", (Kind::Disconnect, "/", None, 0), None),
    ("1/admin,", (Kind::Disconnect, "/admin", None, 0), None),
    (r#"2["ev",1]"#, (Kind::Event, "/", None, 0), Some(r#"["ev",1]"#)),
    (r#"2/admin,12["ev"]"#, (Kind::Event, "/admin", Some(12), 0), Some(r#"["ev"]"#)),
    ("3/admin,12[1]", (Kind::Ack, "/admin", Some(12), 0), Some("[1]")),
    ("3", (Kind::Ack, "/", None, 0), None),
    ("3[]", (Kind::Ack, "/", None, 0), Some("[]")),
    (r#"4"no""#, (Kind::ConnectError, "/", None, 0), Some(r#""no""#)),
    (r#"4{"message":"no"}"#, (Kind::ConnectError, "/", None, 0), Some(r#"{"message":"no"}"#)),
    (r#"51-["ev",0]"#, (Kind::Event, "/", None, 1), Some(r#"["ev",0]"#)),
    ("62-789[0]", (Kind::Ack, "/", Some(789), 2), Some("[0]")),
    (r#"50-["ev"]"#, (Kind::Event, "/", None, 0), Some(r#"["ev"]"#)),
    (r#"510-/a,1["ev"]"#, (Kind::Event, "/a", Some(1), 10), Some(r#"["ev"]"#)),
    // A namespace ends at the first comma, whatever it contains.
    (r#"2/1-[x?y=1,0["ev"]"#, (Kind::Event, "/1-[x?y=1", Some(0), 0), Some(r#"["ev"]"#)),
    ("218446744073709551615[0]", (Kind::Event, "/", Some(u64::MAX), 0), Some("[0]")),
];

#[test]
fn every_example_of_the_protocol_decodes() {
    for (text, expected, data) in EXAMPLES {
        let Decoded {
            packet,
            attachments,
        } = decode(text).expect(text);
        let found = (packet.kind, &*packet.namespace, packet.id, attachments);
        assert_eq!((found, packet.data.as_deref()), (expected, data), "{text}");
    }
}

#[test]
fn every_broken_rule_has_its_error() {
    let too_many = TooManyAttachments { max: 10 };
    let cases = [
        ("", Empty),
        ("7", UnknownType('7')),
        ("a", UnknownType('a')),
        (" 0", UnknownType(' ')),
        ("é", UnknownType('é')),
        (r#"5["ev"]"#, IllegalAttachments),
        (r#"5-["ev"]"#, IllegalAttachments),
        (r#"51["ev"]"#, IllegalAttachments),
        (r#"51.5-["ev"]"#, IllegalAttachments),
        (r#"5 1-["ev"]"#, IllegalAttachments),
        (r#"5-1-["ev"]"#, IllegalAttachments),
        ("5", IllegalAttachments),
        (r#"511-["ev"]"#, too_many.clone()),
        (r#"599999999999999999999999-["ev"]"#, too_many),
        (r#"218446744073709551616["ev"]"#, InvalidId),
        (r#"299999999999999999999999["ev"]"#, InvalidId),
        // Events: an array that starts with a legal name.
        ("2", InvalidPayload),
        ("21", InvalidPayload),
        ("2[]", InvalidPayload),
        ("2{}", InvalidPayload),
        (r#"2"ev""#, InvalidPayload),
        (r#"2 ["ev"]"#, InvalidPayload),
        (r#"2["ev""#, InvalidPayload),
        (r#"2["ev"]]"#, InvalidPayload),
        (r#"2["ev",]"#, InvalidPayload),
        (r#"2["ev",01]"#, InvalidPayload),
        (r#"2["ev",NaN]"#, InvalidPayload),
        ("2[\"e\nv\"]", InvalidPayload),
        ("2[null]", InvalidPayload),
        ("2[true]", InvalidPayload),
        ("2[{}]", InvalidPayload),
        ("2[[]]", InvalidPayload),
        (r#"2["connect"]"#, InvalidPayload),
        (r#"2["connect_error"]"#, InvalidPayload),
        (r#"2["disconnect"]"#, InvalidPayload),
        (r#"2["disconnecting"]"#, InvalidPayload),
        (r#"2["newListener"]"#, InvalidPayload),
        (r#"2["removeListener"]"#, InvalidPayload),
        (r#"2["\u0063onnect"]"#, InvalidPayload),
        // The other shapes.
        ("0[]", InvalidPayload),
        ("0null", InvalidPayload),
        (r#"0"x""#, InvalidPayload),
        ("0{", InvalidPayload),
        ("1{}", InvalidPayload),
        ("1[]", InvalidPayload),
        ("3{}", InvalidPayload),
        ("3[", InvalidPayload),
        ("4[]", InvalidPayload),
        ("41.5", InvalidPayload),
        (r#"2/admin["ev"]"#, InvalidPayload),
    ];
    for (text, error) in cases {
        assert_eq!(decode(text), Err(error), "{text}");
    }
}

#[test]
fn names_that_are_special_elsewhere_are_legal_events() {
    for name in [
        r#""__proto__""#,
        r#""constructor""#,
        "5",
        "-1.5e3",
        r#""""#,
        r#""error""#,
    ] {
        assert!(decode(&format!("2[{name}]")).is_ok(), "{name}");
    }
}

#[test]
fn nesting_is_bounded_and_brackets_in_strings_do_not_count() {
    let deep = |levels: usize| format!("3{}{}", "[".repeat(levels), "]".repeat(levels));
    assert!(decode(&deep(128)).is_ok());
    assert_eq!(decode(&deep(129)), Err(TooDeep { max: 128 }));
    assert_eq!(
        decode(&format!("3{}", "[".repeat(900_000))),
        Err(TooDeep { max: 128 })
    );
    assert!(decode(&format!(r#"2["ev","{}"]"#, r#"[{\""#.repeat(1000))).is_ok());
}

#[test]
fn numbers_order_and_lone_surrogates_pass_through_untouched() {
    let data = r#"["ev",1.0,1e400,-0,{"b":1,"a":2,"a":3},"\ud800", "\u00e9" ]"#;
    let decoded = decode(&format!("2{data}")).expect("valid");
    assert_eq!(decoded.packet.data.as_deref(), Some(data));
}

#[test]
fn a_payload_shares_the_memory_of_the_message() {
    let text = bytestring::ByteString::from(r#"2/admin,["a long enough event name"]"#.to_owned());
    let range = text.as_bytes().as_ptr_range();
    let packet = decode_text(text, 10, 128).expect("valid").packet;
    assert!(range.contains(&packet.namespace.as_ptr()));
    assert!(range.contains(&packet.data.expect("has data").as_ptr()));
}

fn packets() -> impl Strategy<Value = Packet> {
    let id = prop::option::of(any::<u64>());
    let namespace = prop_oneof![Just("/".to_owned()), "/[a-z0-9?=\\[-]{0,12}"];
    let attachments = prop::collection::vec(prop::collection::vec(any::<u8>(), 0..20), 0..4);
    (
        id,
        namespace,
        "[a-zñ\"\\\\]{1,8}",
        attachments,
        any::<bool>(),
    )
        .prop_map(|(id, namespace, name, attachments, ack)| {
            let kind = if ack { Kind::Ack } else { Kind::Event };
            let mut array = vec![serde_json::json!(format!("e{name}"))];
            array.extend(
                (0..attachments.len())
                    .map(|num| serde_json::json!({ "_placeholder": true, "num": num })),
            );
            Packet {
                kind,
                namespace: namespace.into(),
                id,
                data: Some(serde_json::Value::Array(array).to_string().into()),
                attachments: attachments.into_iter().map(Into::into).collect(),
            }
        })
}

proptest! {
    #[test]
    fn decoding_what_was_encoded_gives_the_packet_back(packet in packets()) {
        let mut decoder = Decoder::new(Limits::default());
        let mut decoded = None;
        for frame in packet.encode().frames() {
            prop_assert!(decoded.is_none(), "complete before the last frame");
            let message = match frame.is_binary() {
                true => engineio::Message::Binary(frame.message().to_vec().into()),
                false => engineio::Message::Text(
                    String::from_utf8(frame.message().to_vec()).expect("UTF-8").into(),
                ),
            };
            decoded = decoder.decode(message).expect("our own encoding");
        }
        prop_assert_eq!(decoded, Some(packet));
    }

    #[test]
    fn no_text_panics(text in ".*") {
        let _ = decode(&text);
    }

    #[test]
    fn no_text_that_looks_like_a_packet_panics(
        text in r#"[0-7][0-9]{0,3}-?(/[a-z,]{0,4},?)?[0-9]{0,22}[\[\{"\]\}:,a-z0-9\\ -]{0,40}"#
    ) {
        if let Ok(Decoded { packet, .. }) = decode(&text) {
            // What we let through, an ordinary JSON parser accepts.
            if let Some(data) = packet.data {
                prop_assert!(serde_json::from_str::<&serde_json::value::RawValue>(&data).is_ok());
            }
        }
    }
}
