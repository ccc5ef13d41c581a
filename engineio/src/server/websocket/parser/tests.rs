use proptest::prelude::*;

use super::Parser;
use crate::server::websocket::fuzzing::{Inbound, Pace};
use crate::{Message, Packet};

const LIMIT: usize = 200;

/// A masked frame.
fn frame(first: u8, mask: [u8; 4], payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![first];
    match u8::try_from(payload.len()) {
        Ok(length) if length < 126 => frame.push(0x80 | length),
        _ => {
            frame.push(0x80 | 126);
            frame.extend((payload.len() as u16).to_be_bytes());
        }
    }
    frame.extend(mask);
    let masked = payload.iter().zip(mask.iter().cycle());
    frame.extend(masked.map(|(byte, mask)| byte ^ mask));
    frame
}

/// What comes out of `bytes` when they arrive in pieces of these sizes.
fn outcome(bytes: &[u8], pieces: &[usize], pace: Pace) -> (Vec<Packet>, Result<(), String>) {
    outcome_within(LIMIT, bytes, pieces, pace)
}

fn outcome_within(
    limit: usize,
    bytes: &[u8],
    pieces: &[usize],
    pace: Pace,
) -> (Vec<Packet>, Result<(), String>) {
    let mut inbound = Inbound::new(limit);
    let mut packets = Vec::new();
    let mut rest = bytes;
    let mut pieces = pieces.iter().map(|&piece| piece.max(1)).cycle();
    while !rest.is_empty() {
        let size = pieces.next().unwrap_or(rest.len()).min(rest.len());
        let (piece, behind) = rest.split_at(size);
        rest = behind;
        if let Err(end) = inbound.feed(piece, pace, &mut packets) {
            return (packets, Err(end));
        }
    }
    (packets, Ok(()))
}

#[test]
fn frames_become_packets() {
    let mut bytes = frame(0x81, [1, 2, 3, 4], b"4hello");
    bytes.extend(frame(0x82, [0; 4], &[1, 2, 3]));
    bytes.extend(frame(0x01, [9; 4], b"4wo"));
    bytes.extend(frame(0x89, [9; 4], b"ping"));
    bytes.extend(frame(0x80, [9; 4], b"rld"));
    let packets = [
        Packet::Message(Message::Text("hello".into())),
        Packet::Message(Message::Binary(vec![1, 2, 3].into())),
        Packet::Message(Message::Text("world".into())),
    ];
    for pace in [Pace::All, Pace::One] {
        assert_eq!(outcome(&bytes, &[], pace), (packets.to_vec(), Ok(())));
    }
}

#[test]
fn broken_rules_have_their_close_codes() {
    let end = |bytes: &[u8]| outcome(bytes, &[], Pace::All).1.unwrap_err();
    assert_eq!(end(&[0x81, 0x01, b'2']), "violation Protocol");
    assert_eq!(end(&frame(0xc1, [0; 4], b"2")), "violation Protocol");
    assert_eq!(
        end(&frame(0x81, [0; 4], &[b'4', 0xff])),
        "violation InvalidPayload"
    );
    assert_eq!(
        end(&frame(0x81, [0; 4], &[b'4'; LIMIT + 1])),
        "violation TooBig"
    );
    assert_eq!(end(&frame(0x81, [0; 4], b"x")), "malformed");
    assert_eq!(end(&frame(0x88, [0; 4], b"")), "closed");
}

/// The head of a frame with a payload of a megabyte.
const MEGABYTE: [u8; 14] = [0x82, 0xff, 0, 0, 0, 0, 0, 0x0f, 0x42, 0x40, 0, 0, 0, 0];

#[test]
fn a_declared_length_reserves_nothing() {
    let mut inbound = Inbound::new(1_000_000);
    let mut packets = Vec::new();
    let mut held = |bytes: &[u8]| {
        let mut feed = || inbound.feed(bytes, Pace::All, &mut packets).unwrap();
        allocation_counter::measure(&mut feed).bytes_max
    };
    assert!(held(&MEGABYTE) < 1024);
    // What has come is kept, and room for as much again.
    assert!(held(&[0; 10_000]) < 25_000);
    held(&[0; 989_999]);
    assert!(packets.is_empty());
    inbound.feed(&[0], Pace::All, &mut packets).unwrap();
    let megabyte = Message::Binary(vec![0; 1_000_000].into());
    assert_eq!(packets, [Packet::Message(megabyte)]);
}

#[test]
fn a_length_above_the_limit_is_refused_for_its_head() {
    for limit in [999_999, 999_990, 100] {
        let mut inbound = Inbound::new(limit);
        let end = inbound.feed(&MEGABYTE, Pace::All, &mut Vec::new());
        assert_eq!(end.unwrap_err(), "violation TooBig");
    }
    let head = [&[0x82, 0xff][..], &[0x7f; 8], &[0; 4]].concat();
    let end = Inbound::new(usize::MAX - 20).feed(&head, Pace::All, &mut Vec::new());
    assert_eq!(end, Ok(()), "waits, and holds the head");
}

fn any_frame() -> impl Strategy<Value = Vec<u8>> {
    let first = prop_oneof![
        Just(0x81u8),
        Just(0x82),
        Just(0x01),
        Just(0x80),
        Just(0x89),
        any::<u8>()
    ];
    let text = prop::collection::vec(b' '..b'~', 0..150);
    let payload = prop_oneof![
        text.prop_map(|text| [b"4", &*text].concat()),
        prop::collection::vec(any::<u8>(), 0..260),
    ];
    (first, any::<[u8; 4]>(), payload)
        .prop_map(|(first, mask, payload)| frame(first, mask, &payload))
}

fn large_frame() -> impl Strategy<Value = Vec<u8>> {
    let first = prop_oneof![Just(0x81u8), Just(0x01), Just(0x80)];
    let size = prop_oneof![4080usize..4120, 4000usize..7000];
    (first, any::<[u8; 4]>(), size).prop_map(|(first, mask, size)| {
        let text = [b"4".to_vec(), vec![b'x'; size]].concat();
        frame(first, mask, &text)
    })
}

proptest! {
    #[test]
    fn any_split_of_large_frames_gives_the_same(
        frames in prop::collection::vec(prop_oneof![large_frame(), any_frame()], 1..6),
        pieces in prop::collection::vec(1usize..6000, 1..5),
    ) {
        let bytes = frames.concat();
        let whole = outcome_within(9000, &bytes, &[], Pace::All);
        prop_assert_eq!(&outcome_within(9000, &bytes, &pieces, Pace::All), &whole);
        prop_assert_eq!(&outcome_within(9000, &bytes, &pieces, Pace::One), &whole);
    }

    #[test]
    fn any_split_gives_the_same_packets_and_the_same_end(
        frames in prop::collection::vec(any_frame(), 0..8),
        noise in prop::collection::vec(any::<u8>(), 0..20),
        pieces in prop::collection::vec(1usize..300, 1..5),
    ) {
        let bytes = [frames.concat(), noise].concat();
        let whole = outcome(&bytes, &[], Pace::All);
        prop_assert_eq!(&outcome(&bytes, &pieces, Pace::All), &whole);
        prop_assert_eq!(&outcome(&bytes, &pieces, Pace::One), &whole);
        prop_assert_eq!(&outcome(&bytes, &[1], Pace::All), &whole);
    }

    /// They use one context by turns, so nothing of one may stay in it for the other.
    #[test]
    fn two_connections_on_one_thread_do_not_see_each_other(
        frames in prop::array::uniform2(prop::collection::vec(any_frame(), 0..8)),
        pieces in prop::collection::vec(1usize..300, 1..5),
    ) {
        let bytes = frames.map(|frames| frames.concat());
        let alone = bytes.each_ref().map(|bytes| outcome(bytes, &pieces, Pace::All));
        prop_assert_eq!(by_turns(bytes.each_ref().map(|bytes| &bytes[..]), &pieces), alone);
    }
}

/// What comes out of two connections that are fed by turns.
fn by_turns(mut bytes: [&[u8]; 2], pieces: &[usize]) -> [(Vec<Packet>, Result<(), String>); 2] {
    let mut inbounds = [Inbound::new(LIMIT), Inbound::new(LIMIT)];
    let mut outcomes = [(Vec::new(), Ok(())), (Vec::new(), Ok(()))];
    for &piece in pieces.iter().cycle() {
        if bytes.iter().all(|rest| rest.is_empty()) {
            break;
        }
        for ((rest, inbound), (packets, end)) in
            bytes.iter_mut().zip(&mut inbounds).zip(&mut outcomes)
        {
            let (now, later) = rest.split_at(piece.min(rest.len()));
            *rest = later;
            if end.is_ok() && !now.is_empty() {
                *end = inbound.feed(now, Pace::All, packets);
            }
        }
    }
    outcomes
}

#[test]
fn a_context_is_shared_only_while_it_holds_nothing() {
    let whole = frame(0x81, [1, 2, 3, 4], b"4hello");
    let mut parser = Parser::new(LIMIT);
    for cut in 1..whole.len() {
        let (start, rest) = whole.split_at(cut);
        assert!(matches!(parser.parse(start, &mut |_| true), (Ok(true), 0)));
        // A head that is not whole is held in front of it.
        assert_eq!(parser.context.is_some(), cut >= 6, "cut at {cut}");
        assert!(matches!(parser.parse(rest, &mut |_| true), (Ok(true), 0)));
        assert!(parser.context.is_none(), "cut at {cut}");
    }
    let open = frame(0x01, [0; 4], b"4he");
    assert!(matches!(parser.parse(&open, &mut |_| true), (Ok(true), 0)));
    assert!(parser.context.is_some());
}
