use proptest::{collection::vec, prelude::*};

use super::*;
use crate::{Message, packet::tests::any_packet};

fn decode(body: impl Into<Bytes>) -> Vec<Result<Packet, DecodeError>> {
    Decoder::new(body.into()).collect()
}

fn text(text: &'static str) -> Packet {
    Packet::Message(Message::Text(text.into()))
}

#[test]
fn a_body_is_packets_between_separators() {
    let packets = vec![
        text("€"),
        Packet::Ping("".into()),
        Packet::decode_binary(Bytes::from_static(&[1, 2, 3, 4])),
    ];
    let body = "4€\u{1e}2\u{1e}bAQIDBA==";
    assert_eq!(encode(&packets), body.as_bytes());
    assert_eq!(
        decode(body),
        packets.into_iter().map(Ok).collect::<Vec<_>>()
    );
}

#[test]
fn packets_before_an_error_are_delivered_and_none_after_it() {
    for (body, error) in [
        ("4a\u{1e}\u{1e}4b", DecodeError::Empty),
        ("4a\u{1e}", DecodeError::Empty),
        ("4a\u{1e}x\u{1e}4b", DecodeError::UnknownType { found: 'x' }),
        ("4a\u{1e}b?\u{1e}4b", DecodeError::Base64),
        ("4a\u{1e}0{}\u{1e}4b", DecodeError::Handshake),
    ] {
        assert_eq!(decode(body), [Ok(text("a")), Err(error)], "{body:?}");
    }
}

#[test]
fn an_empty_body_is_an_error() {
    assert_eq!(decode(""), [Err(DecodeError::Empty)]);
    assert_eq!(decode("\u{1e}"), [Err(DecodeError::Empty)]);
}

#[test]
fn invalid_utf8_spoils_only_its_own_packet_and_what_follows() {
    let body = Bytes::from_static(b"4a\x1e4\xff\x1e4b");
    assert_eq!(decode(body), [Ok(text("a")), Err(DecodeError::Utf8)]);
    let cut_in_a_character = Bytes::from_static(b"4\xe2\x82");
    assert_eq!(decode(cut_in_a_character), [Err(DecodeError::Utf8)]);
}

#[test]
fn a_decoder_that_ended_stays_ended() {
    let mut decoder = Decoder::new("x".into());
    assert!(decoder.next().is_some_and(|packet| packet.is_err()));
    assert!(decoder.next().is_none());
    assert!(decoder.next().is_none());
}

#[test]
fn joined_frames_are_the_encoded_packets_in_one_exact_buffer() {
    let packets = [
        text("hello"),
        Packet::Noop,
        Packet::decode_binary(vec![0; 5].into()),
    ];
    let frames: Vec<Frame> = packets.iter().map(Frame::from).collect();
    assert_eq!(join(frames.iter()), encode(&packets));
    assert_eq!(join([].iter()), b"");
}

proptest! {
    #[test]
    fn a_body_reads_back(packets in vec(any_packet(), 1..8)) {
        let decoded: Result<Vec<_>, _> = Decoder::new(encode(&packets).into()).collect();
        prop_assert_eq!(decoded, Ok(packets));
    }

    #[test]
    fn no_body_panics(body: Vec<u8>) {
        let _ = decode(body);
    }

    #[test]
    fn two_bodies_say_what_one_does(packets in vec(any_packet(), 2..8), at: prop::sample::Index) {
        let (first, second) = packets.split_at(1 + at.index(packets.len() - 1));
        let mut halves = decode(encode(first));
        halves.extend(decode(encode(second)));
        prop_assert_eq!(halves, decode(encode(&packets)));
    }

    #[test]
    fn frames_and_packets_make_the_same_body(packets in vec(any_packet(), 0..8)) {
        let frames: Vec<Frame> = packets.iter().map(Frame::from).collect();
        prop_assert_eq!(join(frames.iter()), encode(&packets));
    }

    #[test]
    fn an_error_hides_nothing_before_it(packets in vec(any_packet(), 1..8), junk in vec(any::<u8>(), 0..20)) {
        let mut body = encode(&packets);
        body.push(SEPARATOR);
        body.extend(junk);
        let decoded = decode(body);
        let expected: Vec<_> = packets.into_iter().map(Ok).collect();
        prop_assert!(decoded.starts_with(&expected));
        prop_assert!(decoded.iter().rev().skip(1).all(Result::is_ok));
    }
}
